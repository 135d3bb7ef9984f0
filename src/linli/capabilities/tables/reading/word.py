"""Word forms (.docx): every table as a sheet of cells, and where in the bytes each row, cell and text of it lies."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from linli.capabilities.tables.reading.shapes import Book, Box, Cell, Sheet
from linli.kernel.acts.act import Refusal
from linli.kernel.files import books
from linli.ui.spoken import Spoken

DOCUMENT = "word/document.xml"
_ROOM = 300  # cells of one row at most
NO_TABLE = Spoken(
    "这个文件里只有文字，没有表格，也没有“姓名：____”这样的填空，读不出要填的格子。请把栏目放进表格，再上传。"
)
NOTES = 4  # paragraphs above a table that are read with it


@dataclass(slots=True)
class Piece:
    """A text of a cell and where it stands in the bytes; -1 for the blank between two paragraphs."""

    text: str
    begin: int = -1
    end: int = -1


@dataclass(slots=True)
class Hole:
    """A cell of a Word table: its texts, how wide it is, its first paragraph from its start tag to its end tag."""

    pieces: list[Piece] = field(default_factory=list)
    wide: int = 1
    down: str = ""  # restart, continue or nothing
    begins: int = -1
    ends: int = -1
    numbered: bool = False  # Word counts it by itself
    boxes: list[tuple[int, int]] = field(default_factory=list)  # w14:checked elements

    @property
    def text(self) -> str:
        """What stands in it."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class Row:
    """A row of a Word table: its cells, and its bytes."""

    begin: int
    end: int = -1
    holes: list[Hole] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[Row] = field(default_factory=list)
    depth: int = 0


class _Walker:
    """Walks a document once; nested tables and text boxes belong to the cell that they lie in, unread."""

    def __init__(self, xml: bytes) -> None:
        self.xml, self.outside = xml, [""]
        self.lines: list[Row] = []  # paragraphs outside of tables, each as a row of one cell
        self.tables: list[_Table] = []
        self.stack: list[_Table] = []
        self.hole: Hole | None = None
        self.floating = 0  # how deep in text boxes
        self.text: Piece | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words

    @property
    def here(self) -> bool:
        """Whether one stands in a cell of an outer table, in none of what floats over it."""
        return len(self.stack) == 1 and self.hole is not None and not self.floating

    def start(self, name: str, said: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "tbl":
            self.stack.append(_Table(depth=len(self.stack)))
        elif tag == "txbxContent":
            self.floating += 1
        elif tag == "t":
            at = self.xml.index(b">", self.parser.CurrentByteIndex) + 1
            self.text = Piece("", at)
        elif len(self.stack) == 1 and not self.floating:
            self._cell(tag, said)
        elif tag == "p" and not self.stack and not self.floating:
            at = self.parser.CurrentByteIndex
            self.lines.append(Row(at, at, [Hole(begins=at)]))

    def _cell(self, tag: str, said: dict[str, str]) -> None:
        value = next((text for key, text in said.items() if key.endswith("val")), "")
        at, rows = self.parser.CurrentByteIndex, self.stack[0].rows
        if tag == "tr":
            rows.append(Row(at))
        elif tag == "tc" and rows and len(rows[-1].holes) < _ROOM:
            self.hole = Hole()
            rows[-1].holes.append(self.hole)
        elif self.hole is not None:
            self._inside(self.hole, tag, value, at)

    def _inside(self, hole: Hole, tag: str, value: str, at: int) -> None:
        if tag == "gridSpan":
            hole.wide = max(1, min(int(value or 1), 60))
        elif tag == "vMerge":
            hole.down = value or "continue"
        elif tag == "p" and hole.begins < 0:
            hole.begins = at
        elif tag == "numPr":
            hole.numbered = True
        elif tag == "checked":
            hole.boxes.append((at, self.xml.index(b">", at) + 1))

    def words(self, text: str) -> None:
        if self.text is not None:
            self.text.text += text

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "t":
            self._said()
        elif tag == "p":
            self._paragraph()
        elif tag == "txbxContent":
            self.floating -= 1
        elif tag == "tc" and len(self.stack) == 1:
            self.hole = None
        elif tag == "tr" and len(self.stack) == 1 and not self.floating:
            self.stack[0].rows[-1].end = self.xml.index(b">", self.parser.CurrentByteIndex) + 1
        elif tag == "tbl" and self.stack:
            self._table()

    def _said(self) -> None:
        piece, self.text = self.text, None
        if piece is None or self.floating:
            return
        piece.end = max(piece.begin, self.parser.CurrentByteIndex)
        if self.here and self.hole is not None:
            self.hole.pieces.append(piece)
        elif not self.stack:
            self.outside[-1] += piece.text
            if self.lines:
                self.lines[-1].holes[0].pieces.append(piece)

    def _paragraph(self) -> None:
        if self.here and self.hole is not None:
            if self.hole.ends < 0:
                self.hole.ends = self.parser.CurrentByteIndex
            if self.hole.pieces and self.hole.pieces[-1].begin >= 0:
                self.hole.pieces.append(Piece(" "))
        elif not self.stack and not self.floating:
            self.outside[-1] += "\n"

    def _table(self) -> None:
        done = self.stack.pop()
        if not self.stack and not self.floating:
            for hole in (hole for row in done.rows for hole in row.holes):
                if hole.pieces and hole.pieces[-1].begin < 0:
                    hole.pieces.pop()
            self.tables.append(done)
            self.outside.append("")


@dataclass(frozen=True, slots=True)
class Document:
    """A Word document: its bytes, its tables as rows of cells, what stands above each table."""

    xml: bytes
    tables: list[list[Row]]
    notes: list[list[str]]
    loose: bool = False  # it has no table: its paragraphs are the rows of one


def opened(file: Path) -> Document:
    """A Word document with its tables; a Refusal where it cannot be read."""
    books.examine(file)
    try:
        with zipfile.ZipFile(file) as archive:
            xml = archive.read(DOCUMENT)
        if b"<!DOCTYPE" in xml[:2000] or b"<!ENTITY" in xml[:2000]:
            raise books.broken()
        walker = _Walker(xml)
        walker.parser.Parse(xml, True)
    except (zipfile.BadZipFile, KeyError, OSError, expat.ExpatError, ValueError):
        raise books.broken() from None
    notes = [
        [line.strip() for line in outside.split("\n") if line.strip()][-NOTES:]
        for outside in walker.outside
    ]
    if not walker.tables and any(row.holes[0].text.strip() for row in walker.lines):
        return Document(xml, [walker.lines], [[]], loose=True)
    return Document(xml, [table.rows for table in walker.tables], notes)


def name_of(at: int) -> str:
    """What the table with a number from zero is called as a sheet."""
    return f"表{at + 1}"


def read_word(file: Path) -> Book:
    """Every table of a Word document as a sheet; the paragraphs above a table stand in its first rows."""
    found = opened(file)
    tables = enumerate(zip(found.tables, found.notes, strict=False))
    sheets = [_sheet(name_of(at), [r.holes for r in rows], notes) for at, (rows, notes) in tables]
    return Book("docx", sheets, loose=found.loose)


def no_table() -> Refusal:
    """A document of words only, in which nothing is asked."""
    return Refusal(NO_TABLE, field="file", code="no-table")


def columns_of(row: list[Hole]) -> list[tuple[int, Hole]]:
    """The cells of a row with the number of the column where each begins."""
    found, column = [], 1
    for hole in row:
        found.append((column, hole))
        column += hole.wide
    return found


def _sheet(name: str, rows: list[list[Hole]], notes: list[str]) -> Sheet:
    sheet = Sheet(name)
    width = max((sum(hole.wide for hole in row) for row in rows), default=1)
    for at, note in enumerate(notes, start=1):
        sheet.cells[at, 1] = Cell(note)
        sheet.merges.append(Box(at, 1, at, width))
    begun: dict[int, tuple[int, int]] = {}
    for at, row in enumerate(rows, start=len(notes) + 1):
        for column, hole in columns_of(row):
            _place(sheet, at, column, hole, begun)
        sheet.styled[at] = (1, width)
    for column, (top, right) in begun.items():
        _merge(sheet, top, column, len(notes) + len(rows), right)
    sheet.last = len(notes) + len(rows)
    return sheet


def _place(
    sheet: Sheet, row: int, column: int, hole: Hole, begun: dict[int, tuple[int, int]]
) -> None:
    if hole.down == "continue" and column in begun:
        return
    if column in begun:
        top, right = begun.pop(column)
        _merge(sheet, top, column, row - 1, right)
    if hole.down == "restart":
        begun[column] = row, column + hole.wide - 1
    elif hole.wide > 1:
        sheet.merges.append(Box(row, column, row, column + hole.wide - 1))
    if hole.text.strip():
        sheet.cells[row, column] = Cell(hole.text)


def _merge(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
    if bottom > top or right > left:
        sheet.merges.append(Box(top, left, bottom, right))
