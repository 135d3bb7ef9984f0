"""Word forms (.docx): every table as a sheet of cells, and where in the bytes each cell's first paragraph lies."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from linli.capabilities.tables.reading.shapes import Book, Box, Cell, Sheet
from linli.kernel.files import books

DOCUMENT = "word/document.xml"
_ROOM = 300  # cells of one row at most


@dataclass(slots=True)
class Hole:
    """A cell of a Word table: what stands in it, how wide it is, where its first paragraph ends in the bytes."""

    text: str = ""
    wide: int = 1
    down: str = ""  # restart, continue or nothing
    ends: int = -1
    style: bytes = b""


@dataclass(slots=True)
class _Table:
    rows: list[list[Hole]] = field(default_factory=list)
    depth: int = 0


class _Walker:
    """Walks a document once; nested tables belong to the cell that they lie in."""

    def __init__(self, xml: bytes) -> None:
        self.xml, self.outside = xml, [""]
        self.tables: list[_Table] = []
        self.stack: list[_Table] = []
        self.hole: Hole | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.text = False

    def start(self, name: str, said: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "tbl":
            self.stack.append(_Table(depth=len(self.stack)))
        elif self.stack and len(self.stack) == 1:
            self._cell(tag, said)
        self.text = self.text or tag == "t"

    def _cell(self, tag: str, said: dict[str, str]) -> None:
        value = next((text for key, text in said.items() if key.endswith("val")), "")
        if tag == "tr":
            self.stack[0].rows.append([])
        elif tag == "tc" and self.stack[0].rows and len(self.stack[0].rows[-1]) < _ROOM:
            self.hole = Hole()
            self.stack[0].rows[-1].append(self.hole)
        elif tag == "gridSpan" and self.hole is not None:
            self.hole.wide = max(1, min(int(value or 1), 60))
        elif tag == "vMerge" and self.hole is not None:
            self.hole.down = value or "continue"

    def words(self, text: str) -> None:
        if not self.text:
            return
        if self.stack and self.hole is not None:
            self.hole.text += text
        elif not self.stack:
            self.outside[-1] += text

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "t":
            self.text = False
        elif tag == "p":
            self._paragraph()
        elif tag == "tc" and len(self.stack) == 1:
            self.hole = None
        elif tag == "tbl" and self.stack:
            done = self.stack.pop()
            if not self.stack:
                self.tables.append(done)
                self.outside.append("")

    def _paragraph(self) -> None:
        if len(self.stack) == 1 and self.hole is not None:
            if self.hole.ends < 0:
                self.hole.ends = self.parser.CurrentByteIndex
            elif self.hole.text:
                self.hole.text += " "
        elif not self.stack:
            self.outside[-1] += "\n"


def holes_of(file: Path) -> tuple[bytes, list[list[list[Hole]]], list[str]]:
    """The document's bytes, its tables as rows of cells, and the paragraphs before each table."""
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
    return xml, [table.rows for table in walker.tables], walker.outside


def read_word(file: Path) -> Book:
    """Every table of a Word document as a sheet; the paragraphs above a table stand in its first rows."""
    _xml, tables, outside = holes_of(file)
    sheets = []
    for at, rows in enumerate(tables):
        notes = [line.strip() for line in outside[at].split("\n") if line.strip()][-4:]
        sheets.append(_sheet(f"表{at + 1}", rows, notes))
    return Book("docx", sheets)


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
