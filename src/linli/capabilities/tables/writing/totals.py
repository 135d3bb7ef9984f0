"""Totals that a form leaves to be added up by hand: which row they stand in, what they add (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from linli.capabilities.tables.mapping import Meaning
from linli.capabilities.tables.mapping.adding import SUM, additive, measure
from linli.capabilities.tables.mapping.counting import PART, TOTALS
from linli.capabilities.tables.reading.shapes import Box, Region, Sheet
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.told import Told
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.shapes import Element
from linli.ui.spoken import Spoken

WHY_TOTAL = Spoken("合计（系统相加）")
MOST = Decimal(10) ** 15
_BELOW = 3  # rows below a list in which its total may stand


@dataclass(slots=True)
class Sums:
    """Columns being added up over passing rows: the cell of each total, what it adds, the totals so far."""

    wanted: Mapping[int, tuple[int, int]]
    adds: Mapping[int, Sequence[int]]
    cells: dict[tuple[int, int], Value]
    so_far: dict[int, Decimal | None] = field(default_factory=dict)
    said: Told = field(default_factory=lambda: Told(str(WHY_TOTAL), "total"))

    def over(self, rows: Iterator[Sequence[Value]], told: list[Told]) -> Iterator[Sequence[Value]]:
        """The same rows; once all have passed, their total stands in the cells that were left for it."""
        if self.wanted and not any(each is self.said for each in told):
            told.append(self.said)
        for row in rows:
            for at in self.wanted:
                self.so_far[at] = on(self.so_far.get(at), row, at, self.adds[at])
            yield row
        known = 0
        for at, place in self.wanted.items():
            total = self.so_far.get(at)
            if total is not None and total.is_finite():
                self.cells[place] = whole(total)
                known += 1
            else:
                self.cells.pop(place, None)
        self.said.filled = known
        self.said.blanks["empty"] = len(self.wanted) - known


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


def adds(
    found: Sequence[Meaning], at: int, elements: Mapping[str, Element], record_set: str
) -> bool:
    """Whether the values of a column can be added over the rows of a list: each row tells its own.

    A sum of columns where each of them can; what the form asks for itself where its heading is a measure.
    """
    here = found[at]
    if here.element == SUM:
        return all(adds(found, each, elements, record_set) for each in here.adds)
    element = elements.get(here.element)
    if element is None:
        return (
            here.element.startswith("count.") or ":" in here.element and bool(measure(here.field))
        )
    own = element.record_set == record_set or (record_set, element.record_set) == ("person", "tag")
    return own and additive(element)


def numeric(value: Value) -> Decimal | None:
    """What a written value adds; nothing where it is no number."""
    try:
        number = None if value is None or isinstance(value, bool) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    fits = number is not None and number.is_finite() and abs(number) < MOST
    return number if fits else None


def on(total: Decimal | None, row: Sequence[Value], at: int, adds: Sequence[int]) -> Decimal | None:
    """The total of a column after one more row; NaN once it cannot be told.

    That is so where a word stands among the numbers, and where a sum is blank although something that it adds is known.
    """
    number = numeric(row[at])
    if number is not None:
        return number if total is None else total + number
    doubted = row[at] is not None or any(row[each] is not None for each in adds)
    return Decimal("NaN") if doubted else total


def added(values: Sequence[tuple[object, Value]]) -> int | float | None:
    """The sum of what some cells of a row hold and were written as; nothing unless every one is known.

    What was said not to exist (an empty text) adds nothing.
    """
    numbers = [
        Decimal(0) if written is None and held == "" else numeric(written)
        for held, written in values
    ]
    known = [each for each in numbers if each is not None]
    if len(known) < len(numbers) or all(written is None for _held, written in values):
        return None
    return whole(sum(known, Decimal(0)))


def whole(number: Decimal) -> int | float:
    """A number as a cell holds it."""
    return int(number) if number == int(number) else float(number)


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


def joined(one: str, other: str) -> str:
    """A count narrowed by the conditions of another: count.person[tag=x] and count.person[sex=1].

    Empty where they count different things: households are of no sex.
    """
    begin, _sign, more = other.partition("[")
    base, _sign2, held = one.partition("[")
    if begin.partition(".")[2] != base.partition(".")[2]:
        return ""
    verb = "rate" if begin.startswith("rate") or base.startswith("rate") else "count"
    return (
        f"{verb}.{base.partition('.')[2]}{'[' + held if held else ''}{'[' + more if more else ''}"
    )
