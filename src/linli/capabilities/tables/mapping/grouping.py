"""Rows of a list dealt to the groups it is drawn in: each to the one place whose name stands beside them (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from linli.capabilities.tables.reading.shapes import Group

Row = Sequence[object]
_ENDING = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|社区|村)(\((盖章|公章)\))?$"
)
_GRID = re.compile("网格$")
_NUMERAL = re.compile(r"[0-9一二三四五六七八九十百]$")
PLACES = frozenset({"residence.community", "residence.grid"})


def dealt(groups: Sequence[Group], rows: Iterable[Row], at: int) -> tuple[list[list[Row]], int]:
    """The rows of each group by the place that a row names, and how many belong to none of them.

    A name that several places bear gets nobody.
    """
    held = list(rows)
    names = {str(row[at] or "") for row in held}
    meant: dict[str, int] = {}
    for number, group in enumerate(groups):
        known = [name for name in names if name == group.name] or [
            name for name in names if called(group.name, name)
        ]
        if len(known) == 1:
            meant[known[0]] = -1 if known[0] in meant else number
    found: list[list[Row]] = [[] for _group in groups]
    outside = 0
    for row in held:
        number = meant.get(str(row[at] or ""), -1)
        if number < 0:
            outside += 1
        else:
            found[number].append(row)
    return found, outside


def called(said: str, name: str) -> bool:
    """Whether what a form says may be the name of a place: 胜利门 or 第一网格 of 胜利门社区第一网格."""
    said = re.sub(r"\s", "", said)
    if _ENDING.sub("", said) == _ENDING.sub("", name):
        return True
    before = name[: -len(said)] if _GRID.search(said) and name.endswith(said) else ""
    return bool(before) and not (_NUMERAL.search(before) and _NUMERAL.match(said[0]))
