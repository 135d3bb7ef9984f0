"""Columns of a list that add up columns beside them: which ones, and how surely (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from linli.capabilities.tables.mapping.counting import PART, TOTALS
from linli.capabilities.tables.mapping.meaning import WHY, Meaning
from linli.capabilities.tables.reading.shapes import Field
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.shapes import Element, Kind

SUM = "+"
# Numbers that mean nothing when they are added: ages, floors, years, marks, places on the map, shares.
_ALONE = re.compile(r"\.(age|floors?|lon|lat|built|term|rating|score|value)$|_rate$")
# What a heading counts in: only things of one measure are added.
_MEASURES = (
    ("元", re.compile(r"元|金额|补贴|津贴|补助|工资|收入|支出|费用?$|租金|奖金|慰问金|养老金")),
    ("户", re.compile(r"户数?$")),
    ("人", re.compile(r"人数?$|人口数?$|[男女]性?$")),
    ("面积", re.compile(r"面积|平方米|平米|㎡|m2|m²|亩")),
    ("次", re.compile(r"次数?$")),
    ("套", re.compile(r"套数?$")),
    ("件", re.compile(r"件数?$")),
    ("数", re.compile(r"数量?$|个$")),
)
_RANGE = re.compile(r"\[(age|sex)(>=|<=|<|=)(\d+)\]")
SURE, LIKELY = 0.93, 0.75


def measure(field: Field) -> str:
    """What a column's numbers are numbers of, by its unit and headings; empty where they do not say."""
    for text in (field.unit, field.path[-1], *field.path[-2::-1]):
        found = next((code for code, words in _MEASURES if words.search(normal(text))), "")
        if text and found:
            return found
    return ""


def additive(element: Element | None) -> bool:
    """Whether the values of an element may be added at all."""
    number = element is not None and element.kind in (Kind.INTEGER, Kind.DECIMAL)
    return bool(number and element and not _ALONE.search(element.code))


def summed(found: Sequence[Meaning], elements: Mapping[str, Element]) -> list[Meaning]:
    """The columns of a list with those that add up others known as such; one that the dictionary knows stays."""
    made = list(found)
    for at, each in enumerate(found):
        is_total = normal(each.field.path[-1]) in TOTALS and not each.field.formula
        if is_total and not each.sure and (adds := addends(found, at, elements)):
            known = all(_known(found[one], elements) for one in adds)
            names = " + ".join(found[one].field.path[-1] for one in adds)
            made[at] = Meaning(
                each.field, SUM, SURE if known else LIKELY, str(WHY["sum"] % {"names": names}), adds=adds
            )  # fmt: skip
    return made


def addends(
    found: Sequence[Meaning], at: int, elements: Mapping[str, Element] | None = None
) -> tuple[int, ...]:
    """The columns that a total adds: those under its group, else those right before it; none where that is doubtful."""
    group = found[at].field.path[:-1]
    if group:
        wanted = [
            n for n, each in enumerate(found) if n != at and each.field.path[: len(group)] == group
        ]
    else:
        wanted = _before(found, at, elements or {})
    return tuple(wanted) if _together([found[n] for n in wanted], elements or {}) else ()


def _before(found: Sequence[Meaning], at: int, elements: Mapping[str, Element]) -> list[int]:
    wanted: list[int] = []
    for n in range(at - 1, -1, -1):
        counts = found[n].element.startswith("count.")
        if not _may(found[n], elements) or not (counts or measure(found[n].field)):
            break
        wanted.insert(0, n)
    return wanted


def _together(wanted: Sequence[Meaning], elements: Mapping[str, Element]) -> bool:
    """Whether columns are at least two, no totals themselves, all numbers of one measure, nobody counted in two."""
    if len(wanted) < 2 or any(normal(each.field.path[-1]) in (*TOTALS, PART) for each in wanted):
        return False
    if not all(_may(each, elements) for each in wanted):
        return False
    counts = [each.element for each in wanted if each.element.startswith("count.")]
    if counts and len(counts) == len(wanted):
        return _apart(counts)
    return len({measure(each.field) for each in wanted}) == 1 and bool(measure(wanted[0].field))


def _may(each: Meaning, elements: Mapping[str, Element]) -> bool:
    """Whether a column can hold numbers to add: what the dictionary says, or nothing known of it yet."""
    if each.element.startswith("count."):
        return True
    if "." in each.element and each.taken:
        return additive(elements.get(each.element))
    return each.element not in ("#", "area", "line", "total", SUM) and not each.part


def _known(each: Meaning, elements: Mapping[str, Element]) -> bool:
    return each.sure and (each.element.startswith("count.") or each.element in elements)


def _apart(counts: Sequence[str]) -> bool:
    """Whether counts of people never count one person twice: by sex, or by ages that do not meet."""
    if len({each.partition("[")[0] for each in counts}) > 1:
        return False
    return all(_differ(one, other) for at, one in enumerate(counts) for other in counts[at + 1 :])


def _differ(one: str, other: str) -> bool:
    mine, theirs = _bounds(one), _bounds(other)
    return any(
        mine[key][1] < theirs[key][0] or theirs[key][1] < mine[key][0]
        for key in mine.keys() & theirs.keys()
    )


def _bounds(count: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for key, sign, text in _RANGE.findall(count):
        low, high = found.get(key, (0, 999))
        value = int(text)
        low = value if sign in (">=", "=") else low
        high = {"<=": value, "=": value, "<": value - 1}.get(sign, high)
        found[key] = low, high
    return found
