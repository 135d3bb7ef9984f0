"""A list drawn in groups: a community or a grid named once on the left, blank rows beside it for its people (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linli.capabilities.tables.reading.grid import Grid, Slot, tidy
from linli.capabilities.tables.reading.heads import Head
from linli.capabilities.tables.reading.shapes import Group
from linli.kernel.dictionary.rows import TOTAL

_END = re.compile(TOTAL)
_PLACE = re.compile(
    r"^(所属|所在)?(社区|村|村居|社区村|村社区|居委会|村居委会|网格)(名称)?$|^(行政村|村组|微网格)$"
)
_BEFORE = 2  # columns in which a group may be named
_AROUND = re.compile(r"[\s()（）/、*]")


def groups_of(grid: Grid, head: Head, rows: Sequence[int]) -> tuple[Group, ...]:
    """The groups into which the rows below some headings are drawn; none where anybody is written in already."""
    paths = head.paths[:_BEFORE]
    at = next((at for at, path in enumerate(paths) if path and _is_place(path[-1])), None)
    if at is None or len(head.paths) - at < 3:
        return ()
    column, found = head.columns[at], list[Group]()
    for row in rows:
        slots = [slot for slot in grid.row(row) if head.left <= slot.box.left <= head.right]
        first = next((slot for slot in slots if slot.text), None)
        if first is not None and _END.match(tidy(first.text).replace(" ", "")):
            if found and not found[-1].total and found[-1].last == row - 1:
                found[-1] = found[-1].with_total(row)
            continue
        own = next((slot for slot in slots if slot.box.left == column), None)
        if own is None or not _free(slots, own, head):
            return ()
        if own.text and own.box.top == row:
            found.append(Group(own.text, column, row, row))
        elif not found or found[-1].last != row - 1:
            return ()
        else:
            found[-1] = found[-1].until(row)
    return tuple(found) if any(each.last > each.first for each in found) else ()


def _is_place(heading: str) -> bool:
    return bool(_PLACE.match(_AROUND.sub("", heading)))


def _free(slots: Sequence[Slot], own: Slot, head: Head) -> bool:
    """Whether nothing but a name, numbers of rows and formulas stand in a row."""
    told = (slot for slot in slots if slot.text and not slot.formula and slot is not own)
    return all(tidy(slot.text).isdigit() and slot.box.left - head.left < _BEFORE for slot in told)
