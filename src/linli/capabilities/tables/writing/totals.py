"""Totals that a form leaves to be added up by hand: which row they stand in, what they add (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from linli.capabilities.tables.mapping import Meaning
from linli.capabilities.tables.mapping.counting import PART, TOTALS
from linli.capabilities.tables.reading.shapes import Box, Region, Sheet
from linli.capabilities.tables.writing.rows import Value
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.shapes import Element, Kind

_BELOW = 3  # rows below a list in which its total may stand
# Numbers that mean nothing when they are added: ages, floors, years, marks, places on the map, shares.
_ALONE = re.compile(r"\.(age|floors?|lon|lat|built|term|rating|score|value)$|_rate$")


def total_row(sheet: Sheet, region: Region, columns: Sequence[int]) -> int | None:
    """The row of the total below a list; None where there is none."""
    below = max(region.body[1], region.head[1])
    right = max(columns, default=0)
    for row in range(below + 1, below + 1 + _BELOW):
        texts = (sheet.cells.get((row, column)) for column in range(1, right + 1))
        first = next((each.text for each in texts if each and each.text.strip()), "")
        if normal(first).rstrip(":") in TOTALS:
            return row
        if first:
            return None
    return None


def free(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell of a total row is its own: not covered by the words beside it."""
    return not any(_covers(box, row, column) for box in sheet.merges)


def _covers(box: Box, row: int, column: int) -> bool:
    inside = box.top <= row <= box.bottom and box.left <= column <= box.right
    return inside and (row, column) != (box.top, box.left)


def adds(element: Element | None, record_set: str) -> bool:
    """Whether the values of an element can be added over the rows of a list: each row tells its own."""
    if element is None or element.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return False
    own = element.record_set == record_set or (record_set, element.record_set) == ("person", "tag")
    return own and not _ALONE.search(element.code)


def numeric(value: Value) -> Decimal | None:
    """What a written value adds; nothing where it is no number."""
    try:
        return None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


def lines_of(lines: Sequence[Meaning], at: int) -> list[Meaning]:
    """The lines that the total in one place adds: of a 小计 those since the one before, of any other all of them."""
    whole = [each for each in lines if each.element != "total"]
    if normal(lines[at].field.path[-1]) != PART:
        return whole
    found: list[Meaning] = []
    for each in reversed(lines[:at]):
        if each.element == "total":
            break
        found.append(each)
    return found[::-1]
