"""Tables that count: columns and lines as counts, and whether the rows of a list are places that are counted (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from linli.capabilities.tables.mapping.counting import HOUSEHOLDS, TOTALS, count_of, told
from linli.capabilities.tables.mapping.meaning import WHY, Mapped, Meaning
from linli.capabilities.tables.mapping.names import neutral
from linli.capabilities.tables.reading.lists import number_column
from linli.capabilities.tables.reading.shapes import Field, Region
from linli.kernel.dictionary.headings import Index, Match, bare, normal
from linli.kernel.dictionary.shapes import Kind

STUB_AREA = frozenset(map(normal, ("社区", "社区名称", "街道", "乡镇", "村", "村居", "村（社区）", "网格", "网格名称", "地区", "区域", "辖区", "单位", "单位名称", "所属社区", "镇街")))  # fmt: skip
# Of these the rows of a list are, one each: communities or their grids.
_STUB_ROW = STUB_AREA - frozenset(
    map(normal, ("街道", "乡镇", "镇街", "地区", "区域", "单位", "单位名称"))
)
_NAMES_ROW = re.compile(r"^(?!area\.).*(name|document|number|room|code|uscc)$")
_FIGURES = (Kind.INTEGER, Kind.DECIMAL)
_PART_OF = re.compile(r"^[\s(（]*其中")
_NUMERAL = re.compile(
    r"^[(（]?[0-9一二三四五六七八九十]{1,3}[)）]?[、.．:：]\s*|^[(（][0-9一二三四五六七八九十]{1,3}[)）]"
)
_NUMBERS = frozenset(
    {"数量", "人数", "数", "总人数", "人口数", "总数", "数据", "数值", "数目", "指标值"}
)

# What stands now, as a report of a month calls it: of a flow it would be that month's alone.
_NOW = re.compile(r"^(本[月期季年]|期末|月末|年末|现有|实有|当前)(实有|末)?(数|人数|数量|情况)?$")


@dataclass(slots=True)
class Above:
    """What 其中 is said of: the last name before it that does not begin so, in the same group of headings."""

    base: tuple[str, ...] = ()
    deep: int = 0
    below: bool = False

    def path(self, path: tuple[str, ...], deep: int = 0) -> tuple[str, ...]:
        """A path with what it is a part of above it; lines that stand in as far as a 其中 before them are parts too."""
        groups, leaf = path[:-1], path[-1]
        part = bool(_PART_OF.match(leaf)) or self.below and deep > self.deep
        if part and self.base[:-1] == groups and self.base:
            self.below = True
            whole = bare(_NUMERAL.sub("", self.base[-1]))
            own = normal(whole) in TOTALS or bool(HOUSEHOLDS.match(normal(whole)))
            return path if own else (*groups, whole, leaf)
        self.base, self.deep, self.below = path, deep, False
        return path


def statistics(region: Region, index: Index, tags: Mapping[str, str]) -> Mapped:
    """Columns and lines of a table of statistics as counts."""
    fields = region.fields
    begun = next((at for at, each in enumerate(fields) if not number_column(each.path)), 0)
    stub = fields[begun]
    area = bool({normal(stub.path[-1]), bare(stub.path[-1])} & STUB_AREA)
    found = [Meaning(each, "#", 1.0, str(WHY["number"])) for each in fields[:begun]]
    found.append(Meaning(stub, "area" if area else "line", 0.95, str(WHY["count"])))
    above = Above()
    for each in fields[begun + 1 :]:
        path = above.path(each.path)
        count = count_of((*path, *_percent(each)), tags, unit=each.unit)
        if not area and bare(each.path[-1]) in _NUMBERS and len(each.path) == 1:
            count = "total"
        if not area and not count and _NOW.match(normal(each.path[-1])):
            found.append(Meaning(each, "total", 0.85, str(WHY["vague"])))
            continue
        named = {normal(each.path[-1]), bare(each.path[-1])} & STUB_AREA
        if area and named and not count:
            found.append(Meaning(each, "area", 0.95, str(WHY["count"])))
            continue
        found.append(_counted(each, (figure(path, index) if area else "") or count))
    above = Above()
    lines = [
        Meaning(
            Field(line.path, stub.box), *_line(above.path(line.path, line.deep), tags, area, index)
        )
        for line in region.lines
    ]
    return Mapped(region, "area" if area else "count", tuple(found), tuple(lines))


def figure(path: tuple[str, ...], index: Index) -> str:
    """The figure of a community that headings ask, where the dictionary has it."""
    if len(path) > 1 and (told(path[:-1]) or not neutral(path[0])):
        return ""
    matches = index.look_up(path[-1], ("area",))
    numbers = (m for m in matches if m.score >= 0.95 and m.element.kind in _FIGURES)
    return next((match.element.code for match in numbers), "")


def _counted(each: Field, count: str) -> Meaning:
    if number_column(each.path):
        return Meaning(each, "#", 1.0, str(WHY["number"]))
    if not count:
        return Meaning(each, why=str(WHY["none"]))
    return Meaning(each, count, 0.93, str(WHY["count"]))


def _line(
    path: tuple[str, ...], tags: Mapping[str, str], area: bool, index: Index
) -> tuple[str, float, str]:
    if bare(path[-1]) in ("合计", "总计", "小计"):
        return "total", 1.0, ""
    if area:
        return "area", 0.95, ""
    count = count_of(path, tags) or figure(path, index)
    return (count, 0.93, str(WHY["count"])) if count else ("", 0.0, str(WHY["none"]))


def _percent(each: Field) -> tuple[str, ...]:
    return ("%",) if each.unit in ("%", "％") else ()


def counts_places(region: Region, exact: Sequence[Sequence[Match]], tags: Mapping[str, str]) -> str:
    """`community` or `grid` where each row of a list is one, named in its first columns, and most others count there."""
    asked = [
        (each, [match.element for match in found if match.score >= 0.95])
        for each, found in zip(region.fields, exact, strict=True)
        if not number_column(each.path)
    ]
    stub = list(takewhile(lambda one: bare(one[0].path[-1]) in STUB_AREA, asked))
    rest = asked[len(stub) :]
    if not stub or bare(stub[-1][0].path[-1]) not in _STUB_ROW:
        return ""
    named = any(_NAMES_ROW.search(one.code) for _field, found in rest for one in found)
    counts = sum(bool(count_of(each.path, tags, unit=each.unit)) for each, _found in rest)
    if named or counts < max(2, 0.5 * len(rest)):
        return ""
    return "grid" if bare(stub[-1][0].path[-1]).startswith("网格") else "community"
