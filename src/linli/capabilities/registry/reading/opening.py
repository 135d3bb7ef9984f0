"""Any file of rows: CSV in any encoding, .xlsx, .xls, .et and .ods, headings wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from linli.capabilities.registry.reading import formulas, text, workbook
from linli.capabilities.registry.reading import heading as headings
from linli.capabilities.registry.reading.pieces import Long, long_sheet
from linli.capabilities.registry.reading.table import SAMPLE, Heading, Table
from linli.kernel.acts.act import Refusal
from linli.kernel.files import books
from linli.ui.spoken import Spoken

BOOKS = frozenset({".xlsx", ".xls", ".et", ".ods"})
TEXTS = frozenset({".csv", ".txt", ".tsv"})
Raw = Callable[[int], Iterator[pl.DataFrame]]


def open_table(file: Path, score: headings.Score, *, sheet: str = "") -> Table:
    """The table of a file; a refusal in the user's words when it cannot be read or has no headings."""
    suffix = file.suffix.lower()
    if suffix in (".xlsm", ".xltm"):
        raise books.with_macros()
    if suffix == ".xlsb":
        raise books.binary()
    if not file.exists() or not file.stat().st_size:
        raise Refusal(Spoken("这个文件是空的。"), field="file", code="empty")
    if suffix in BOOKS and books.is_book(books.beginning(file)):
        return _of_book(file, score, sheet)
    if suffix in TEXTS | BOOKS:  # many a system calls its text file .xls
        return _of_text(file, score)
    raise Refusal(
        Spoken("只能导入 .csv、.xlsx、.xls、.et、.ods 文件。"), field="file", code="suffix"
    )


def _of_book(file: Path, score: headings.Score, name: str) -> Table:
    books.examine(file)
    found = long_sheet(file, name)
    return _of_long(found, score) if found else _of_sheet(file, score, name)


def _of_sheet(file: Path, score: headings.Score, name: str) -> Table:
    chosen = workbook.sheet_of(workbook.open_book(file), name)
    head = workbook.head_of(chosen, headings.LOOKED + 10)
    lost = formulas.lost_in(file, chosen.name)
    found = _table(head, score, lambda width: workbook.frames([chosen], width), chosen.name, lost)
    return replace(found, about=max(0, chosen.total_height - found.heading.data))


def _of_long(sheet: Long, score: headings.Score) -> Table:
    head = workbook.head_of(next(workbook.pieces_of(sheet)), headings.LOOKED + 10)

    def raw(width: int) -> Iterator[pl.DataFrame]:
        return workbook.frames(workbook.pieces_of(sheet), width)

    lost = formulas.lost_in(sheet.file, sheet.name)
    return replace(_table(head, score, raw, sheet.name, lost), about=sheet.rows)


def _of_text(file: Path, score: headings.Score) -> Table:
    encoding = text.encoding_of(file)
    head, sign = text.head_of(file, encoding, headings.LOOKED + 10)
    found = _table(head, score, lambda width: text.frames(file, encoding, sign, width), "")
    return replace(found, about=max(0, text.lines_of(file) - found.heading.data))


def _table(
    head: list[list[str]],
    score: headings.Score,
    raw: Raw,
    sheet: str,
    lost: pl.DataFrame | None = None,
) -> Table:
    found = headings.find(head, score)
    if len([name for name in found.names if name]) < 2:
        raise Refusal(
            Spoken("没有找到表头。请确认表里有一行写着“姓名”“身份证号”这样的列名。"),
            field="file",
            code="no-heading",
        )

    def frames() -> Iterator[pl.DataFrame]:
        first = 1
        for frame in raw(len(found.names)):
            rows = headings.data_rows(frame, found, first)
            first += len(frame)
            if len(rows):
                yield rows if lost is None or not len(lost) else formulas.noted(rows, lost)

    notes = tuple(
        dict.fromkeys(cell.strip() for row in head[: found.data] for cell in row if len(cell) > 40)
    )
    gone = () if lost is None else formulas.by_column(lost, found.names, found.data)
    return Table(found, _sample(frames, found), frames, sheet, notes, gone)


def _sample(frames: Callable[[], Iterator[pl.DataFrame]], found: Heading) -> pl.DataFrame:
    for rows in frames():
        return rows.head(SAMPLE)
    empty = {f"c{at}": pl.String for at in range(len(found.names))}
    return pl.DataFrame(schema={**empty, "line": pl.Int64})
