"""Workbooks: which sheet holds the table, and its cells as texts; formulas are read as the values they showed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from linli.capabilities.registry.reading.table import SLICE, as_text
from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST, NOTICED, SHRUNK = 6 * 2**30, 256 * 2**20, 300
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _refused(code: str, words: str) -> Refusal:
    return Refusal(Spoken(words), field="file", code=code)


def locked() -> Refusal:
    """The workbook has a password."""
    return _refused("encrypted", "这个表格设了密码，打不开。请在 Excel 里去掉密码、另存后再导入。")


def broken() -> Refusal:
    """The workbook cannot be read."""
    return _refused("broken", "这个表格已损坏或没有传完整，打不开。请重新导出一份再试。")


def with_macros() -> Refusal:
    """The workbook carries programs."""
    return _refused(
        "macros", "这个表格带有宏。为了安全请在 Excel 里另存为“.xlsx（不带宏）”再导入。"
    )


def swollen() -> Refusal:
    """The workbook unpacks into far more than a table has."""
    return _refused(
        "bomb", "这个表格解开后大得不正常，没有读取。请在 Excel 里只留要导入的表，另存后再试。"
    )


def _swells(archive: zipfile.ZipFile) -> bool:
    """Real tables shrink to a tenth or a fiftieth; what shrinks to a five-hundredth was made to fill the memory."""
    packed = sum(each.compress_size for each in archive.infolist())
    unpacked = sum(each.file_size for each in archive.infolist())
    return unpacked > MOST or (unpacked > NOTICED and unpacked > SHRUNK * packed)


def examine(file: Path) -> None:
    """Refuse what carries a password or macros, or is no workbook at all."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(OLE):
        if file.suffix.lower() != ".xls" or _ENCRYPTED in file.read_bytes():
            raise locked()
        return
    try:
        with zipfile.ZipFile(file) as archive:
            names, swells = archive.namelist(), _swells(archive)
    except (zipfile.BadZipFile, OSError):
        raise broken() from None
    if swells:
        raise swollen()
    if any(name.endswith("vbaProject.bin") for name in names):
        raise with_macros()


def open_book(file: Path) -> Any:
    """The workbook, or a refusal in the user's words."""
    examine(file)
    try:
        return CalamineWorkbook.from_path(str(file))
    except PasswordError:
        raise locked() from None
    except (CalamineError, OSError, ValueError):
        raise broken() from None


def sheet_of(book: Any, name: str = "") -> CalamineSheet:
    """The named sheet, else the visible one with the most rows."""
    visible = [
        each.name for each in book.sheets_metadata if "Visible" in str(each.visible)
    ] or list(book.sheet_names)
    try:
        if name:
            return book.get_sheet_by_name(name)  # type: ignore[no-any-return]
        chosen = None
        for each in visible:  # one after the other: a large one fills the memory by itself
            sheet = book.get_sheet_by_name(each)
            if chosen is None or sheet.total_height > chosen.total_height:
                chosen = sheet
    except (CalamineError, ValueError):
        raise broken() from None
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


def frames(sheet: CalamineSheet, width: int) -> Iterator[pl.DataFrame]:
    """All rows from the first line of the sheet, so many at a time, as text columns c0, c1, …"""
    schema = {f"c{at}": pl.String for at in range(width)}
    top, left = sheet.start or (0, 0)
    rows: list[list[str | None]] = [[None] * width for _ in range(top)]
    for row in sheet.iter_rows():
        texts = [None] * left + [as_text(cell) for cell in row[: width - left]]
        rows.append(texts + [None] * (width - len(texts)))
        if len(rows) >= SLICE:
            yield pl.DataFrame(rows, schema=schema, orient="row")
            rows = []
    if rows:
        yield pl.DataFrame(rows, schema=schema, orient="row")
