"""Headings that ask for a count, said as conditions: 60岁以上女性 is count.person[age>=60][sex=2] (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from linli.kernel.dictionary.headings import bare, normal

# Tags that follow from the age are asked by the age, which is known of everybody.
BY_AGE = {"elder_60": "[age>=60]", "elder_80": "[age>=80]", "minor": "[age<18]"}
_SPACES = re.compile(r"\s+")
PART = "小计"  # a total of the lines since the one before
TOTALS = frozenset({"合计", "总计", "小计", "总数", "共计"})
_AGES = (
    (
        re.compile(r"(\d{1,3})(?:周?岁)?[-—–~～至到](\d{1,3})周?岁?(?:之间)?"),
        "[age>={0}][age<={1}]",
    ),
    (re.compile(r"(\d{1,3})周?岁(?:\(含\))?(?:及以上|及其以上|以上|\+)"), "[age>={0}]"),
    (re.compile(r"(\d{1,3})周?岁及以下"), "[age<={0}]"),
    (re.compile(r"(?:未满)?(\d{1,3})周?岁以下|未满(\d{1,3})周?岁"), "[age<{0}]"),
)
_SEX = ((re.compile(r"男性?"), "[sex=1]"), (re.compile(r"女性?|妇女"), "[sex=2]"))
_STAYS = (
    (re.compile(r"户籍(总)?人[口数员]*"), "[residence=registered]"),
    (re.compile(r"(常住|实有)(总)?人[口数员]*"), "[residence.lives=true]"),
    (re.compile(r"(流动|外来|暂住)(总)?人[口数员]*"), "[residence=floating]"),
)
_STAY_WORDS = {
    "户籍": "[residence=registered]",
    "常住": "[residence.lives=true]",
    "流动": "[residence=floating]",
}
# What people of an age are called, once the age itself is said.
_OF_AN_AGE = re.compile(r"婴幼儿|幼儿|儿童|青少年|未成年人?")
_OFHOUSEHOLDS = re.compile(r"户数?$|家庭数量?$")
# Groups of columns that say no more than that people are told apart below.
_GROUPS = re.compile(
    r"(重点|特殊)(人群|群体|人员)(情况)?|(人员|人口)类[别型]"
    r"|(民政|老龄|养老|社会救助|救助|残联|党建|卫健|计生|综治|人社|优抚|双拥|人口|基本)(工作|类|情况|服务)?"
)
_HERE = re.compile(r"^(本|全)?(辖区|社区|小区|街道|村|网格)(?=.{2,}数|总|户|人)")
_FILLER = re.compile(
    r"(?:本|上)?[年季月期]末|其中|合计|总计|小计|总|共|实有|现有|人口|人数|人员|数量|数|人|名|居民|老年|老人|年龄|构成|结构|分|按|性别|情况|占|比例|比|率|百分|%|\(.*?\)|的|/|、|:|,"
)
_RATE = re.compile(r"占比|比例|比重|率$|%")
_HOMES = re.compile(r"^(总户数|房屋(总)?套?数|住宅套数|户数|总套数|套数|房屋总数)$")
HOUSEHOLDS = re.compile(r"^(?:本?[年季月期]末)?(总|家庭|常住|居民|实有)?户(籍?总?户?数|籍户)?$")


def count_of(
    path: tuple[str, ...], tags: Mapping[str, str], homes: bool = False, unit: str = ""
) -> str:
    """The count that a path of headings asks for, as `count.person[…]`; empty where it asks for none.

    `tags`: tag by every spelling of its name. `homes`: 户数 counts homes here (rows are buildings). `unit`: 户 counts
    households of which somebody has the tag.
    """
    groups = (each for each in path[:-1] if not _GROUPS.fullmatch(bare(each)))
    path = (*groups, _HERE.sub("", path[-1]))
    text = _SPACES.sub("", unicodedata.normalize("NFKC", "".join(path))).replace("百岁", "100岁")
    leaf = normal(path[-1])
    if leaf in TOTALS and len(path) == 1:
        return "total"
    if homes and _HOMES.match(leaf):
        return "count.home"
    if HOUSEHOLDS.match(leaf):
        return "" if told(path[:-1]) else "count.household"
    rate = bool(_RATE.search(text))
    conditions, rest = _conditions(text, tags, nested=len(path) > 1 and not rate)
    if _FILLER.sub("", rest):
        return ""
    if not conditions and not re.search(r"人口|人数|总人", text):
        return ""
    if conditions and (unit == "户" or _OFHOUSEHOLDS.search(leaf)):
        only_tags = not rate and all(each.startswith("[tag=") for each in conditions)
        return f"count.household{''.join(conditions)}" if only_tags else ""
    return f"{'rate' if rate else 'count'}.person{''.join(sorted(conditions, key=_order))}"


def told(groups: tuple[str, ...]) -> bool:
    """Whether groups above a count say of what: under 户籍人口 households are not all there are."""
    return bool(_FILLER.sub("", _SPACES.sub("", unicodedata.normalize("NFKC", "".join(groups)))))


def _order(condition: str) -> tuple[str, bool, str]:
    return condition[1:4], "age<" in condition, condition


def _conditions(text: str, tags: Mapping[str, str], nested: bool) -> tuple[list[str], str]:
    found, text = _ages(text, 2 if nested else 1)
    text = _OF_AN_AGE.sub("", text) if found else text
    for pattern, said in (*_STAYS, *_SEX):
        match = pattern.search(text)
        if match is not None:
            found.append(said)
            text = text[: match.start()] + text[match.end() :]
    bare = _FILLER.sub("", text)
    if bare in _STAY_WORDS:
        return [*found, _STAY_WORDS[bare]], ""
    for word in sorted({bare, text, _ended(text)}, key=len, reverse=True):
        if normal(word) in tags:
            return _tagged(found, tags[normal(word)]), ""
    return found, text


def _ages(text: str, most: int) -> tuple[list[str], str]:
    """The ages that a text names, and what else it says; under a group of an age, both hold: 80岁以上 among 60岁以上."""
    found: list[str] = []
    rest = text
    while len(found) < most:
        each = next(((m, said) for sign, said in _AGES if (m := sign.search(rest))), None)
        if each is None:
            break
        match, said = each
        found.append(said.format(*[number for number in match.groups() if number]))
        rest = rest[: match.start()] + rest[match.end() :]
    if len(found) < 2:
        return re.findall(r"\[[^\]]*\]", "".join(found)), rest
    bounds = [(sign, int(n)) for sign, n in re.findall(r"age(>=|<=|<)(\d+)", "".join(found))]
    low = max((n for sign, n in bounds if sign == ">="), default=0)
    high = min(((n, sign) for sign, n in bounds if sign != ">="), default=(999, ""))
    if low >= high[0]:
        return [], text
    ends = [f"[age>={low}]"] * bool(low) + [f"[age{high[1]}{high[0]}]"] * bool(high[1])
    return ends, rest


def _tagged(found: list[str], tag: str) -> list[str]:
    """Conditions with a tag; one that follows from the age adds nothing where an age is named."""
    if tag not in BY_AGE:
        return [*found, f"[tag={tag}]"]
    return found if any("age" in each for each in found) else [*found, BY_AGE[tag]]


def _ended(text: str) -> str:
    """A text without what only says that people are counted."""
    return re.sub(r"(总)?(人数|户数|数量|数|人员|人口)$", "", text)
