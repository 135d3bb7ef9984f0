"""The picture of a form: the used part of every sheet as cells to draw, and where each field's heading stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linli.capabilities.tables.reading.faces import Face
from linli.capabilities.tables.reading.grid import Grid
from linli.capabilities.tables.reading.marks import letters
from linli.capabilities.tables.reading.shapes import Book, Box, Field, Line, Region, Shape, Sheet

ROWS, COLUMNS, WORDS = 120, 60, 200
_BEYOND = 6  # rows drawn below the last one that says something
_WIDTH, _POINT = 8.43, 7.0
_DRAWN = frozenset(
    {"old", "csv", "docx"}
)  # files whose lines are not known are drawn with thin ones

_NUMBERS = re.compile(
    r"[0-9]{9,17}[0-9Xx]"
)  # of documents and phones: nobody's stands in a picture

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading of a field stands: the sheet's name and the place of its first cell."""

    sheet: str
    place: Place


def heading_of(grid: Grid, region: Region, field: Field) -> Heading:
    """Where a field's heading stands: above its column, beside its cell, or in the cell itself."""
    sheet, box = region.sheet, field.box
    if region.shape is not Shape.CARD:
        for row in range(region.head[1], region.head[0] - 1, -1):
            slot = grid.slot(row, box.left)
            if slot.text:
                return Heading(sheet, (slot.box.top, slot.box.left))
    elif not field.inline and box.left > 1:
        slot = grid.slot(box.top, box.left - 1)
        return Heading(sheet, (slot.box.top, slot.box.left))
    return Heading(sheet, (box.top, box.left))


def heading_of_line(grid: Grid, region: Region, line: Line) -> Heading:
    """Where the heading of a line of statistics stands."""
    here = [slot for slot in grid.row(line.row) if slot.text == line.path[-1]]
    box = here[0].box if here else Box(line.row, region.box.left, line.row, region.box.left)
    return Heading(region.sheet, (box.top, box.left))


def headings(book: Book, regions: tuple[Region, ...]) -> Iterator[tuple[int, str, int, Heading]]:
    """Every heading of a form: which region, `c` for a field or `r` for a line, its number, where it stands."""
    grids = {sheet.name: Grid(sheet) for sheet in book.sheets}
    for at, region in enumerate(regions):
        grid = grids[region.sheet]
        for number, field in enumerate(region.fields):
            yield at, "c", number, heading_of(grid, region, field)
        for number, line in enumerate(region.lines):
            yield at, "r", number, heading_of_line(grid, region, line)


def draw(book: Book, marked: Mapping[str, Heading]) -> dict[str, Any]:
    """Every visible sheet to draw, as plain data; `marked` are headings by the key of their column."""
    sheets = [_sheet(book, each, marked) for each in book.sheets if not each.hidden]
    used = {cell[5] for sheet in sheets for cell in sheet["cells"]}
    faces = {str(at): book.faces.get(at, Face()).as_json() for at in sorted(used)}
    unread = [each.name for each in book.sheets if each.hidden and each.cells]
    return {"sheets": sheets, "faces": faces, "lined": book.kind in _DRAWN, "unread": unread}


def _sheet(book: Book, sheet: Sheet, marked: Mapping[str, Heading]) -> dict[str, Any]:
    at: dict[Place, list[str]] = {}
    for key, heading in marked.items():
        if heading.sheet == sheet.name:
            at.setdefault(heading.place, []).append(key)
    grid = Grid(sheet)
    drawn = max(sheet.styled, default=0)
    last = min(ROWS, max(sheet.last, min(drawn, sheet.last + _BEYOND)))
    edge = max((box.right for box in sheet.merges if box.top <= last), default=1)
    right = min(COLUMNS, max(grid.right, edge))
    shown = [column for column in range(1, right + 1) if column not in sheet.hidden_columns]
    return {
        "name": sheet.name,
        "columns": [[column, _pixels(sheet.widths.get(column, sheet.width))] for column in shown],
        "rows": [
            [row, round(sheet.heights.get(row, 0) * 4 / 3)]
            for row in range(1, last + 1)
            if row not in sheet.hidden_rows
        ],
        "cells": list(_cells(grid, at, last, shown)),
        "cut": sheet.last > last or sheet.cut or grid.right > right,
        "pictures": sheet.pictures,
        "protected": sheet.protected,
        "hidden": _hidden(sheet, last, right),
    }


def _hidden(sheet: Sheet, last: int, right: int) -> dict[str, list[str]]:
    """Columns and rows within what is drawn that the file hides, neighbours together: C, E-G; 3, 7-9."""
    columns = _runs(each for each in sheet.hidden_columns if each <= right)
    rows = _runs(each for each in sheet.hidden_rows if each <= last)
    return {
        "columns": [_joined(letters(a), letters(b)) for a, b in columns],
        "rows": [_joined(str(a), str(b)) for a, b in rows],
    }


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for each in sorted(numbers):
        if found and found[-1][1] == each - 1:
            found[-1] = found[-1][0], each
        else:
            found.append((each, each))
    return found


def _joined(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _pixels(width: float) -> int:
    return round(min(max(width, 2.0), 60.0) * _POINT + 5)


def _cells(
    grid: Grid, marked: Mapping[Place, list[str]], last: int, shown: list[int]
) -> Iterator[list[Any]]:
    """Cells as [row, column, rows down, columns across, text, style, keys], merged ones once."""
    visible = set(shown)
    for row in range(1, last + 1):
        if row in grid.sheet.hidden_rows:
            continue
        seen: set[Place] = set()
        for column in shown:
            box = grid.owner(row, column)
            if (box.top, box.left) in seen or _covered(grid, box, row, column, visible):
                continue
            seen.add((box.top, box.left))
            cell = grid.sheet.cells.get((box.top, box.left))
            style = grid.sheet.styles.get((box.top, box.left), 0)
            across = sum(each in visible for each in range(box.left, box.right + 1))
            down = sum(
                each not in grid.sheet.hidden_rows
                for each in range(box.top, min(box.bottom, last) + 1)
            )
            text = _NUMBERS.sub("***", cell.text.strip())[:WORDS] if cell else ""
            keys = marked.get((box.top, box.left), [])
            yield [row, column, max(down, 1), max(across, 1), text, style, keys]


def _covered(grid: Grid, box: Box, row: int, column: int, visible: set[int]) -> bool:
    """Whether a cell lies under the merged one that was drawn before it."""
    first = next((each for each in range(box.left, box.right + 1) if each in visible), box.left)
    top = next(
        (r for r in range(box.top, box.bottom + 1) if r not in grid.sheet.hidden_rows), box.top
    )
    return (row, column) != (top, first)
