"""Workbooks: which sheet holds the table, and its cells as texts; formulas are read as the values they showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from linli.capabilities.registry.reading.pieces import Long
from linli.capabilities.registry.reading.table import SLICE, as_text
from linli.kernel.files.books import OLE, beginning, broken, locked

OPEN = b"application/vnd.oasis.opendocument.spreadsheet"


def open_book(file: Path) -> Any:
    """An examined workbook, or a refusal in the user's words; what it is says its content, not its name."""
    head = beginning(file)
    true = ".xls" if head.startswith(OLE) else ".ods" if OPEN in head else ".xlsx"
    with _readable():
        if file.suffix.lower() == true:
            return CalamineWorkbook.from_path(str(file))
        with file.open("rb") as stream:
            return CalamineWorkbook.from_filelike(stream)


def pieces_of(sheet: Long) -> Iterator[CalamineSheet]:
    """A long sheet, some rows at a time; each tells where in the whole it begins."""
    for book in sheet.books():
        with _readable():
            piece = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0)
        yield piece


@contextmanager
def _readable() -> Iterator[None]:
    """Say in the user's words why a workbook cannot be read."""
    try:
        yield
    except PasswordError:
        raise locked() from None
    except (CalamineError, OSError, ValueError):
        raise broken() from None
    except BaseException as error:
        # A file that ends in the middle makes the reader fall over, with an exception that is none of Python's own.
        if type(error).__name__ == "PanicException":
            raise broken() from None
        raise


def sheet_of(book: Any, name: str = "") -> CalamineSheet:
    """The named sheet, else the visible one with the most rows."""
    visible = [
        each.name for each in book.sheets_metadata if "Visible" in str(each.visible)
    ] or list(book.sheet_names)
    chosen = None
    with _readable():
        if name:
            return book.get_sheet_by_name(name)  # type: ignore[no-any-return]
        for each in visible:  # one after the other: a large one fills the memory by itself
            sheet = book.get_sheet_by_name(each)
            if chosen is None or sheet.total_height > chosen.total_height:
                chosen = sheet
    if chosen is None:
        raise broken()
    return chosen  # type: ignore[no-any-return]


def head_of(sheet: CalamineSheet, rows: int) -> list[list[str]]:
    """The first rows as texts, merged cells filled with what stands in them."""
    cells = [
        [as_text(cell) or "" for cell in row]
        for row in sheet.to_python(nrows=rows, skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if bottom >= len(cells) or right - left > 40 and bottom == top:
            continue
        value = cells[top][left] if left < len(cells[top]) else ""
        for line in range(top, bottom + 1):
            for at in range(left, min(right + 1, len(cells[line]))):
                cells[line][at] = value
    return cells


def frames(pieces: Iterable[CalamineSheet], width: int) -> Iterator[pl.DataFrame]:
    """All rows from the first line of the sheet, so many at a time, as text columns c0, c1, …"""
    schema = {f"c{at}": pl.String for at in range(width)}
    rows: list[list[str | None]] = []
    for texts in _lines(pieces, width):
        rows.append(texts)
        if len(rows) >= SLICE:
            yield pl.DataFrame(rows, schema=schema, orient="row")
            rows = []
    if rows:
        yield pl.DataFrame(rows, schema=schema, orient="row")


def _lines(pieces: Iterable[CalamineSheet], width: int) -> Iterator[list[str | None]]:
    """Line after line of the whole sheet, blank ones included."""
    line = 0
    for piece in pieces:
        top, left = piece.start or (0, 0)
        # Rows that do not say which they are begin anew in every piece.
        for _blank in range(top - line if top >= line else top):
            yield [None] * width
            line += 1
        for row in piece.to_python(skip_empty_area=True):
            texts = [None] * left + [as_text(cell) for cell in row[: width - left]]
            yield texts + [None] * (width - len(texts))
            line += 1
