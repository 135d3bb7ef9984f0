"""Rows as a workbook or as text, with a watermark, and with nothing a spreadsheet could run. No database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
Cell = str | int | None
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_NAME_MOST = 31


def plain(value: object) -> Cell:
    """A value as a cell: dates in words, texts that a spreadsheet would compute made harmless."""
    if value is None or isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    text = _UNSEEN.sub("", str(value))
    return f"'{text}" if text.startswith(_RUNS) else text


def sheet_name(title: str) -> str:
    """A title as Excel lets a sheet be called: 31 characters, none that it refuses, no apostrophe at either end."""
    return " ".join(_NOT_IN_NAMES.sub(" ", title).split())[:_NAME_MOST].strip("' ")


def workbook(
    watermark: str, heads: Sequence[str], rows: Iterable[Sequence[object]], title: str = ""
) -> bytes:
    """An Excel workbook, written row by row; the watermark stands on top and on every printed page."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(title) or gettext("明细"))
    sheet.oddHeader.center.text = sheet.evenHeader.center.text = watermark[:200]
    sheet.freeze_panes = "A3"
    for at, _head in enumerate(heads):
        sheet.column_dimensions[get_column_letter(at + 1)].width = 28 if at == 1 else 16
    sheet.append([plain(watermark)])
    bold = []
    for head in heads:
        cell = WriteOnlyCell(sheet, value=plain(str(head)))
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([plain(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(
    watermark: str, heads: Sequence[str], rows: Iterable[Sequence[object]], title: str = ""
) -> bytes:
    """Comma-separated text with a mark that Excel reads as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([plain(watermark)])
    writer.writerow([plain(str(head)) for head in heads])
    for row in rows:
        writer.writerow([plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def written(
    kind: str, watermark: str, heads: Sequence[str], rows: Iterable[Sequence[object]], title: str
) -> bytes:
    """The rows in the wanted format (xlsx or csv); `title` names the sheet."""
    return (workbook if kind == "xlsx" else text)(watermark, heads, rows, title)
