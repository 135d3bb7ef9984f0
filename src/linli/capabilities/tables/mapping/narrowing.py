"""Whom a form is about, from its title: 80周岁以上高龄老人花名册 asks for people of 80 and more (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from linli.kernel.dictionary.headings import normal

_AGE = re.compile(r"(\d{2,3})周?岁(?:\(含\))?(?:及)?以上")
_STAYS = (
    (re.compile(r"流动人口|暂住人口|外来人口|租住人员"), "[residence=floating]"),
    (re.compile(r"户籍人口|户籍人员"), "[residence=registered]"),
)
# Tags that follow from the age are asked by the age, which is known of everybody.
_BY_AGE = {"elder_60": "[age>=60]", "elder_80": "[age>=80]", "minor": "[age<18]"}
_ENDING = re.compile(r"(对象|人员|家庭)$")
_GROUPS = (
    (re.compile(r"儿童|未成年|青少年"), "[age<18]"),
    (re.compile(r"妇女"), "[age>=18][sex=2]"),
)


def narrowed(title: str, tags: Mapping[str, str]) -> str:
    """The conditions that a title names, as `[age>=80]`, `[tag=low_income]`; empty where it names none."""
    text = normal(title)
    found: list[str] = []
    if age := _AGE.search(text):
        found.append(f"[age>={age[1]}]")
    found += [said for pattern, said in _STAYS if pattern.search(text)]
    stems = {_ENDING.sub("", word): code for word, code in tags.items()}
    known = {word: code for word, code in stems.items() if len(word) >= 4} | dict(tags)
    named = [(word, code) for word, code in known.items() if len(word) > 1 and word in text]
    named = [(w, c) for w, c in named if not any(w != other and w in other for other, _c in named)]
    codes = dict.fromkeys(code for _word, code in named)
    tagged = [code for code in codes if code not in _BY_AGE]
    if tagged:
        found.append(f"[tag={'|'.join(sorted(tagged))}]")
    elif not found:
        found += [_BY_AGE[code] for code in codes][:1] or [
            said for pattern, said in _GROUPS if pattern.search(text)
        ][:1]
    return "".join(found)
