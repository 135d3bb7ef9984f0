"""Formulas that nobody computed: a program wrote them, and no spreadsheet has stored yet what they show."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

import polars as pl

from linli.capabilities.registry.reading.besides import MARKED, TAG
from linli.capabilities.registry.reading.pieces import BLOCK, cut, parts_of
from linli.ui.spoken import Spoken

LOST = "lost"  # the column of the frames that names the cells concerned
SHOWN = 5  # lines that are named for each column
REASON = "formula"
WHY = Spoken("单元格里的公式没有结果，按空白处理。")
WORDS = {
    "all": Spoken(
        "%(n)s 个单元格是没有结果的公式，按空白处理：%(where)s。请在 Excel 或 WPS 里打开并保存一次，再导入。"
    ),
    "column": Spoken("%(name)s %(n)s 个（第 %(lines)s 行）"),
    "more": Spoken("%(name)s %(n)s 个（第 %(lines)s 等行）"),
    "unnamed": Spoken("第 %(n)s 列"),
    "comma": Spoken("、"),
}
_EMPTY = rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
# A formula behind which its cell ends without a value.
_BARE = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)" + _EMPTY)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_CELL = re.compile(
    rb"<(?:\w+:)?c(?:\s(?P<said>[^>]*?))?(?:/>|>(?P<rest>.*?</(?:\w+:)?c>))", re.DOTALL
)
_LINE, _PLACE = re.compile(rb'\sr="(\d+)"'), re.compile(rb'(?:^|\s)r="([A-Z]{1,3})\d+"')
_TEXT = re.compile(rb'(?:^|\s)t="str"')
_STORED = re.compile(rb"<(?:\w+:)?v\b")


class Taken(Protocol):
    """A column of a file and the element that it is taken for."""

    @property
    def at(self) -> int:
        """Its number, from 0."""

    @property
    def element(self) -> str:
        """The element; empty when it is not taken."""


@dataclass(frozen=True, slots=True)
class Lost:
    """One column of a table with cells of which only the formula is known: how many, and the first lines."""

    at: int
    heading: str
    cells: int
    lines: tuple[int, ...]


def lost_in(file: Path, sheet: str) -> pl.DataFrame:
    """Line and number of column (from 0) of every formula without a result; told of .xlsx only so far."""
    found: list[tuple[int, int]] = []
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            sizes = {each.filename: each.file_size for each in archive.infolist()}
            part = dict(parts_of(archive, sizes)).get(sheet, "")
            if part in sizes:
                with archive.open(part) as stream:
                    pieces = (b"".join(blocks) for _opening, blocks, _end in cut(stream, BLOCK))
                    found = list(chain.from_iterable(_of_pieces(pieces)))
    return pl.DataFrame(found, schema={"line": pl.Int64, "at": pl.Int64}, orient="row")


def _of_pieces(pieces: Iterable[bytes]) -> Iterator[Iterator[tuple[int, int]]]:
    line = 0
    for piece in pieces:
        if _BARE.search(piece):
            yield iter(list(_of_rows(piece, line)))
        tags = _ROW.findall(piece)
        line = _numbered(tags[-1], line + len(tags) - 1) if tags else line


def _numbered(tag: bytes, before: int) -> int:
    """The number of a row: as it says itself, else the one behind the row before it."""
    said = _LINE.search(tag)
    return int(said[1]) if said else before + 1


def _of_rows(piece: bytes, line: int) -> Iterator[tuple[int, int]]:
    rows = list(_ROW.finditer(piece))
    ends = [*(each.start() for each in rows[1:]), len(piece)]
    for row, end in zip(rows, ends, strict=True):
        line, at = _numbered(row[0], line), -1
        if not _BARE.search(piece, row.end(), end):
            continue
        for cell in _CELL.finditer(piece, row.end(), end):
            said, rest = cell["said"] or b"", cell["rest"] or b""
            at = _column(said, at)
            # A text that is empty is a result, too.
            if _BARE.search(rest) and not (_TEXT.search(said) and _STORED.search(rest)):
                yield line, at


def _column(said: bytes, before: int) -> int:
    place = _PLACE.search(said)
    if place is None:
        return before + 1
    number = 0
    for letter in place[1]:
        number = number * 26 + letter - 64
    return number - 1


def by_column(lost: pl.DataFrame, names: Sequence[str], first: int) -> tuple[Lost, ...]:
    """What is lost below the headings, column by column; `first` is the last line of the headings."""
    lines: dict[int, list[int]] = defaultdict(list)
    for line, at in lost.iter_rows():
        if line > first and at < len(names):
            lines[at].append(line)
    return tuple(
        Lost(at, names[at], len(here), tuple(here[:SHOWN])) for at, here in sorted(lines.items())
    )


def noted(rows: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Rows of data with the numbers of the columns that lost a value, as `,2,5,`."""
    cells = lost.group_by("line", maintain_order=True).agg(pl.col("at").cast(pl.String))
    named = cells.select("line", (pl.lit(",") + pl.col("at").list.join(",") + ",").alias(LOST))
    return rows.join(named, on="line", how="left", maintain_order="left")


def reasons(rows: pl.DataFrame, columns: Iterable[Taken]) -> list[pl.Series]:
    """For each column that is taken, which rows lost its value and why."""
    if LOST not in rows.columns:
        return []
    return [
        rows.select(
            pl.when(pl.col(LOST).str.contains(f",{each.at},", literal=True))
            .then(pl.lit(f"{TAG if each.element.startswith(MARKED) else each.element}:{REASON}"))
            .alias(f"{LOST}{each.at}")
        ).to_series()
        for each in columns
        if each.element
    ]


def told(lost: Sequence[Lost]) -> str:
    """All that is lost, for the person who brings the file; empty when nothing is."""
    if not lost:
        return ""
    comma = str(WORDS["comma"])
    where = comma.join(
        str(
            WORDS["column" if each.cells == len(each.lines) else "more"]
            % {
                "name": each.heading or WORDS["unnamed"] % {"n": each.at + 1},
                "n": each.cells,
                "lines": comma.join(map(str, each.lines)),
            }
        )
        for each in lost
    )
    return str(WORDS["all"] % {"n": sum(each.cells for each in lost), "where": where})
