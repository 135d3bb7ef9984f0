"""Forms for tests, drawn from grids of text: cells apart by |, < and ^ merged with the left and the upper one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent / "forms"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
Cells = dict[tuple[int, int], str]


@dataclass
class Drawn:
    """A form that was drawn and its truth: (row, column) of each heading -> the elements that are right ("-": none)."""

    name: str
    file: Path
    truth: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


def load(name: str) -> dict[str, str]:
    """The grids of a file, by name."""
    return dict(yaml.safe_load((HERE / name).read_text("utf-8")))


def draw(name: str, grid: str, folder: Path) -> Drawn:
    """Draw a grid into a folder."""
    book = Workbook()
    page = book.worksheets[0]
    made = Drawn(name, folder / f"{name}.xlsx")
    cells: Cells = {}
    for row, line in enumerate(_lines(grid), start=1):
        for column, text in enumerate(line, start=1):
            label, sign, codes = text.rpartition(" = ")
            if sign:
                made.truth[row, column] = tuple(codes.split(","))
            cells[row, column] = (label if sign else text).replace("\\n", "\n")
            _put(page, row, column, cells[row, column], len(line) > 1)
    for place in cells:
        _merge(page, cells, *place)
    book.save(made.file)
    return made


def _lines(grid: str) -> Iterator[list[str]]:
    """The rows of a grid; *3 stands for three blank ones as wide as the widest so far."""
    wide = 1
    for line in grid.strip("\n").split("\n"):
        if line[:1] == "*" and line[1:].isdigit():
            yield from ([""] * wide for _ in range(int(line[1:])))
            continue
        found = [each.strip() for each in line.split("|")]
        wide = max(wide, len(found))
        yield found


def _put(page: Worksheet, row: int, column: int, text: str, framed: bool) -> None:
    cell = page.cell(row, column)
    cell.alignment = Alignment(horizontal="center", wrap_text=True)
    if framed:
        cell.border = BOX
    if text not in ("", "<", "^"):
        cell.value = text


def _merge(page: Worksheet, cells: Cells, row: int, column: int) -> None:
    if cells[row, column] in ("<", "^"):
        return
    right, bottom = column, row
    while cells.get((row, right + 1)) == "<":
        right += 1
    while all(cells.get((bottom + 1, each)) == "^" for each in range(column, right + 1)):
        bottom += 1
    if right > column or bottom > row:
        page.merge_cells(start_row=row, start_column=column, end_row=bottom, end_column=right)
