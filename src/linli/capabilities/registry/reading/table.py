"""A table as it lies in a file: what all readers give, whatever the file was (no Django tables)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from linli.capabilities.registry.reading.formulas import Lost

SLICE = 50_000
SAMPLE = 400
Frames = Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings stand: the line of the first row of data and one name per column."""

    names: tuple[str, ...]
    data: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: headings, some rows to look at, and all rows as frames of texts.

    Frames have the columns `c0`, `c1`, … and `line`, the number of the row as a spreadsheet shows it; blanks are
    null; notes above, repeated headings, totals and blank rows are left out. `lost` names the cells of a row whose
    formula has no result, where the file has such.
    """

    heading: Heading
    sample: pl.DataFrame
    frames: Frames
    sheet: str = ""
    notes: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()  # formulas without a result
    about: int = 0  # rows, as far as can be told before reading them all

    @property
    def columns(self) -> list[str]:
        """The names of the frames' columns."""
        return [f"c{at}" for at in range(len(self.heading.names))]


def as_text(value: object) -> str | None:
    """A cell as the text that a person sees; whole numbers without a point, days as ISO dates."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # From sixteen digits on a spreadsheet has lost the last ones: said as it is, so that a check can tell.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
