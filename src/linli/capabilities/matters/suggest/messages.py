"""Residents' messages as published: CSV, csv.gz or xlsx with Chinese column names."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

TITLE, BODY = ("留言主题", "标题", "主题"), ("留言详情", "内容", "详情", "正文")
LABEL = ("一级标签", "一级分类", "二级标签", "二级分类", "三级标签", "标签", "类别")
MOST_TITLE, MOST_BODY = 2_000, 100_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `row` is its line in the table, the header being 1; absent parts are empty."""

    title: str
    body: str
    label: str
    row: int
    raw: dict[str, str]

    @property
    def text(self) -> str:
        """Title and body as one text."""
        return f"{self.title}\n{self.body}" if self.title and self.body else self.title or self.body


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no message, and why, in the user's words; row 0 is the file itself."""

    row: int
    reason: str


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8-sig", "replace")


def _csv_rows(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    yield from csv.reader(io.StringIO(_decoded(data).replace("\0", ""), newline=""))


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in cells]
    finally:
        book.close()


def _first(cells: dict[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _message(cells: dict[str, str], row: int) -> Message | BadRow:
    title, body = _first(cells, TITLE), _first(cells, BODY)
    if not title and not body:
        return BadRow(row, "没有留言主题或留言详情")
    if len(title) > MOST_TITLE:
        return BadRow(row, f"留言主题超过 {MOST_TITLE} 字")
    if len(body) > MOST_BODY:
        return BadRow(row, f"留言详情超过 {MOST_BODY} 字")
    return Message(title, body, _first(cells, LABEL), row, cells)


def _header(names: list[str]) -> list[str] | None:
    cleaned = [name.strip().lstrip("\ufeff") for name in names]
    return cleaned if set(cleaned) & {*TITLE, *BODY} else None


def _messages(rows: Iterator[list[str]]) -> Iterator[Message | BadRow]:
    header = _header(next(rows, []))
    if header is None:
        yield BadRow(1, "第一行没有“留言主题”或“留言详情”这一列")
        return
    for row, values in enumerate(rows, start=2):
        cells = [value.strip() for value in values]
        if not any(cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield BadRow(row, f"有 {len(cells)} 列，表头只有 {len(header)} 列")
            continue
        yield _message(dict(zip(header, cells, strict=False)), row)


def read_messages(path: Path | str) -> Iterator[Message | BadRow]:
    """Every message of a file in order; a row or a file that cannot be read comes as a BadRow.

    Blank rows are passed over; a missing label is an empty one.
    """
    path = Path(path)
    rows = _xlsx_rows(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv_rows(path)
    try:
        yield from _messages(rows)
    except _BROKEN as trouble:
        yield BadRow(0, f"文件读不下去：{type(trouble).__name__}")
    except csv.Error:
        yield BadRow(0, "文件不是完整的表格")
