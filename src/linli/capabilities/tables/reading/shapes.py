"""A form as it lies in a file: sheets of cells, and what was found on them (no Django tables)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.capabilities.tables.reading.faces import Face


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, both ends included, rows and columns from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return self.bottom - self.top + 1

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the text it shows, its formula, and the number of its style."""

    text: str = ""
    formula: str = ""
    style: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says of a cell that will be filled: a day, a text, locked when the sheet is."""

    form: str = "General"
    day: bool = False
    text: bool = False
    locked: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A data validation: where it holds, the choices of its list, what it tells whoever types."""

    boxes: tuple[Box, ...]
    choices: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(slots=True)
class Sheet:
    """One sheet: its cells by (row, column), merged boxes, how far styled rows go, what is hidden or locked."""

    name: str
    part: str = ""
    hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    styled: dict[int, tuple[int, int]] = field(default_factory=dict)  # row: first and last column
    styles: dict[tuple[int, int], int] = field(default_factory=dict)  # of the first styled rows
    last: int = 0  # the last row in which something stands
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    rules: list[Rule] = field(default_factory=list)
    protected: bool = False
    pictures: int = 0
    cut: bool = False  # more rows than are looked at
    width: float = 8.43  # of columns that say nothing, in characters
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)  # in points


@dataclass(slots=True)
class Book:
    """An opened file: its sheets and how styles look; `kind` is xlsx, old, csv or docx."""

    kind: str
    sheets: list[Sheet]
    looks: Mapping[int, Look] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    faces: Mapping[int, Face] = field(default_factory=dict)
    loose: bool = False  # a document without tables, its paragraphs read as rows


class Shape(StrEnum):
    """How a region asks: one row each, one form each, or counts of rows by columns."""

    LIST = "list"
    CARD = "card"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a region asks: its headings from the outermost in, and where its value goes.

    In a list `box` is the heading's column in the first row of data; in a card the cell of the value.
    `choices`: what a drop-down list or check boxes offer; `values`: what stands there already.
    """

    path: tuple[str, ...]
    box: Box
    unit: str = ""
    choices: tuple[str, ...] = ()
    ticks: bool = False  # the choices are boxes to tick in the cell
    inline: bool = False  # the value goes behind the label in the same cell
    values: tuple[str, ...] = ()
    hint: str = ""
    form: str = "General"
    day: bool = False
    formula: bool = False
    hidden: bool = False

    @property
    def label(self) -> str:
        """Its headings as one text."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of statistics: its headings, its row, and how far its name stands in."""

    path: tuple[str, ...]
    row: int
    deep: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a list that are for one place: its name and column, the first and last row, the row of its subtotal (0: none)."""

    name: str
    column: int
    first: int
    last: int
    total: int = 0

    def until(self, row: int) -> Group:
        """The same group down to a row."""
        return replace(self, last=row)

    def with_total(self, row: int) -> Group:
        """The same group with the row of its subtotal."""
        return replace(self, total=row)


@dataclass(frozen=True, slots=True)
class Region:
    """One list, card or table of statistics on a sheet.

    `head`: the rows of headings. `body`: first and last row that may be filled (`body[1] < body[0]`: none are
    drawn). `kept`: rows with data that stay. `groups`: the places for whose people those rows are drawn. `samples`: rows that only show how to fill. `open`: nothing lies below.
    """

    shape: Shape
    sheet: str
    box: Box
    fields: tuple[Field, ...]
    head: tuple[int, int] = (0, 0)
    body: tuple[int, int] = (0, -1)
    kept: int = 0
    samples: tuple[int, ...] = ()
    hints: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()
    title: str = ""
    section: str = ""
    notes: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What was recognised in a file."""

    kind: str
    regions: tuple[Region, ...]
    sheets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
