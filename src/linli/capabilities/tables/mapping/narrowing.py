"""Whom a form is about, from its title: 80周岁以上高龄老人花名册 asks for people of 80 and more (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from linli.capabilities.tables.mapping.counting import BY_AGE
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.rules import spellings
from linli.kernel.dictionary.shapes import CodeTable

_AGE = re.compile(r"(\d{2,3})周?岁(?:\(含\))?(?:及)?以上")
_STAYS = (
    (re.compile(r"流动人口|暂住人口|外来人口|租住人员"), "[residence=floating]"),
    (re.compile(r"户籍人口|户籍人员"), "[residence=registered]"),
)
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
    tagged = [code for code in codes if code not in BY_AGE]
    if tagged:
        found.append(f"[tag={'|'.join(sorted(tagged))}]")
    elif not found:
        found += [BY_AGE[code] for code in codes][:1] or [
            said for pattern, said in _GROUPS if pattern.search(text)
        ][:1]
    return "".join(found)


_COMMITTEES = "residents_committee|villagers_committee"
_PARTY = "party_committee|party_general_branch|party_branch|party_joint_branch|party_group"
_TRADE = "company|individual_business|cooperative|property_company|state_company|branch_office"
_SOCIAL = (
    "social_association|social_service|foundation|community_organisation|social_work_agency|"
    "volunteer_team|federation"
)
_PUBLIC = "school|kindergarten|hospital|clinic|care_home|agency|institution|barracks"
# Words of titles that name several kinds of organisations at once.
_KINDS = (
    (re.compile(r"沿街|商户|商铺|门店|店铺|九小场所"), "individual_business|company|branch_office"),
    (re.compile(r"社区社会组织"), "community_organisation|volunteer_team"),
    (re.compile(r"社会组织"), _SOCIAL),
    (re.compile(r"党组织"), _PARTY),
    (re.compile(r"企业|公司|法人单位"), _TRADE),
    (
        re.compile(r"(驻区|辖区|驻地|共建)单位"),
        f"{_TRADE}|{_SOCIAL}|{_PUBLIC}|place_of_worship|other",
    ),
)
_SEATS = (
    (re.compile(r"业委会|业主委员会"), "owners_committee"),
    (re.compile(r"两委|班子|社区工作者|社工|专职"), f"{_COMMITTEES}|{_PARTY}"),
    (re.compile(r"居委会|居民委员会|村委会|村民委员会"), _COMMITTEES),
    (re.compile(r"党组织|党支部|支委|支部"), _PARTY),
)
_ANY = ("公共", "基础", "市政", "便民", "配套", "社区", "辖区")
_BUILT = re.compile(r"([\u4e00-\u9fff]{2})(?:设施|设备|器材)")


def rows_of(
    kind: str, title: str, section: str, tables: Mapping[str, CodeTable], tags: Mapping[str, str]
) -> str:
    """The conditions on the rows of a list: by its title, or by what stands right above it where the title says nothing."""
    for text in (title, section):
        found = _rows_of(kind, text, tables, tags) if text else ""
        if found:
            return found
    return ""


def _rows_of(kind: str, text: str, tables: Mapping[str, CodeTable], tags: Mapping[str, str]) -> str:
    if kind in ("person", "household"):
        found = narrowed(text, tags)
        return found if kind == "person" or "[tag=" in found else ""
    plain = normal(text)
    if kind == "organisation":
        return _said("kind", _of_kinds(plain, tables))
    if kind == "holding":
        return _said("kind", _first(_SEATS, plain))
    if kind == "home":
        return _said("use", _spelt(plain, tables.get("home_use")))
    if kind == "facility":
        return _said("class", _facilities(plain, tables.get("facility")))
    return ""


def _said(name: str, codes: str) -> str:
    return f"[{name}={codes}]" if codes else ""


def _first(known: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    return next((codes for pattern, codes in known if pattern.search(text)), "")


def _of_kinds(text: str, tables: Mapping[str, CodeTable]) -> str:
    """Kinds of organisations by the longest of their names in a title, or by a word for several kinds."""
    return (
        _first(_KINDS[:2], text)
        or _spelt(text, tables.get("organisation_kind"), 3)
        or _first(_KINDS, text)
    )


def _spelt(text: str, table: CodeTable | None, least: int = 2) -> str:
    """The code whose longest spelling stands in a text."""
    known = spellings(table) if table else {}
    found = [word for word in known if len(word) >= least and not word.isdigit() and word in text]
    return known[max(found, key=len)] if found else ""


def _facilities(text: str, table: CodeTable | None) -> str:
    if table is None:
        return ""
    built = _BUILT.search(text)
    if built and built[1] not in _ANY:
        named = [entry.code for entry in table.entries if built[1] in str.__str__(entry.title)]
        return "|".join(named)
    return _spelt(text, table)
