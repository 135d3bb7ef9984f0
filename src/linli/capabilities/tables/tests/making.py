"""Forms for tests, drawn from a few lines of YAML: headings with what each means beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent / "forms"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HINTS = {
    "person.document": "必填，18位身份证号",
    "tie.name": "必填",
    "home.use": "如：自住/出租/空置",
}


@dataclass
class Made:
    """A form that was drawn and its truth: (sheet, label) -> the elements that are right ("-": none)."""

    name: str
    file: Path
    truth: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def load(name: str) -> list[dict[str, Any]]:
    """The forms of a file of truth."""
    return list(yaml.safe_load((HERE / name).read_text("utf-8")))


def make(spec: dict[str, Any], folder: Path) -> Made:
    """Draw a form into a folder."""
    book = Workbook()
    book.remove(book.worksheets[0])
    made = Made(spec["name"], folder / f"{spec['name'].replace('/', '')}.xlsx")
    for at, sheet in enumerate(spec["sheets"]):
        page = book.create_sheet(sheet.get("sheet", f"Sheet{at + 1}"))
        Drawing(page, sheet, made).draw()
    book.save(made.file)
    return made


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """A heading and the elements that are right for it."""
    label, _, codes = text.rpartition(" = ")
    return label, tuple(codes.strip().split("|"))


def leaves(
    heads: list[Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every column: the path of its headings and what it means."""
    for each in heads:
        if isinstance(each, str):
            label, codes = split(each)
            yield (*above, label), codes
            continue
        for group, inner in each.items():
            yield from leaves(inner, (*above, group))


def depth(heads: list[Any]) -> int:
    """How many rows of headings there are."""
    return 1 + max(
        (depth(inner) for each in heads if isinstance(each, dict) for inner in each.values()),
        default=0,
    )


class Drawing:
    """One sheet being drawn from the top."""

    def __init__(self, page: Worksheet, spec: dict[str, Any], made: Made) -> None:
        self.page, self.spec, self.made, self.row = page, spec, made, 1

    def draw(self) -> None:
        """Title, notes, the form itself, footers."""
        wide = self._width()
        if self.spec.get("title"):
            self._across(self.spec["title"], wide, bold=True)
        for note in self.spec.get("above", ()):
            self._across(note, wide)
        {"list": self._list, "statistics": self._statistics, "card": self._card}[
            self.spec.get("kind", "list")
        ]()
        for note in self.spec.get("below", ()):
            self._across(note, wide) if len(note) > 5 else self._total(note)

    def _width(self) -> int:
        if self.spec.get("kind") == "card":
            return 6
        return len(list(leaves(self.spec["heads"]))) + (1 if self.spec.get("stub") else 0)

    def _across(self, text: str, wide: int, bold: bool = False) -> None:
        self.page.cell(self.row, 1, text).font = Font(bold=bold, size=16 if bold else 11)
        if wide > 1:
            self.page.merge_cells(
                start_row=self.row, start_column=1, end_row=self.row, end_column=wide
            )
        self.row += 1

    def _total(self, text: str) -> None:
        self.page.cell(self.row, 1, text)
        self.row += 1

    def _know(self, path: tuple[str, ...], codes: tuple[str, ...]) -> None:
        self.made.truth[self.page.title, flat("/".join(path))] = codes

    def _heads(self, heads: list[Any], column: int) -> int:
        deep = depth(heads)
        right = self._level(heads, self.row, column, self.row + deep - 1)
        self.row += deep
        return right

    def _level(self, heads: list[Any], row: int, column: int, bottom: int) -> int:
        for each in heads:
            if isinstance(each, str):
                self._cell(row, column, split(each)[0], bottom, column)
                column += 1
                continue
            for group, inner in each.items():
                right = self._level(inner, row + 1, column, bottom)
                self._cell(row, column, group, row, right - 1)
                column = right
        return column

    def _cell(self, row: int, column: int, text: str, bottom: int = 0, right: int = 0) -> None:
        cell = self.page.cell(row, column, text or None)
        cell.border, cell.alignment = BOX, Alignment(horizontal="center", wrap_text=True)
        if bottom > row or right > column:
            self.page.merge_cells(
                start_row=row,
                start_column=column,
                end_row=max(row, bottom),
                end_column=max(column, right),
            )

    def _list(self) -> None:
        heads = self.spec["heads"]
        columns = list(leaves(heads))
        for path, codes in columns:
            self._know(path, codes)
        self._heads(heads, 1)
        if self.spec.get("hints"):
            for at, (_path, codes) in enumerate(columns, start=1):
                self._cell(self.row, at, HINTS.get(codes[0], "选填"))
            self.row += 1
        first = self.row
        for count in range(self.spec.get("rows", 5)):
            for at, (_path, codes) in enumerate(columns, start=1):
                self._cell(self.row, at, str(count + 1) if codes == ("#",) else "")
            self.row += 1
        self._rules(columns, first)

    def _rules(self, columns: list[tuple[tuple[str, ...], tuple[str, ...]]], first: int) -> None:
        for at, (_path, codes) in enumerate(columns, start=1):
            if codes[0].endswith(".sex"):
                rule = DataValidation(type="list", formula1='"男,女"')
                self.page.add_data_validation(rule)
                letter = get_column_letter(at)
                rule.add(f"{letter}{first}:{letter}{first + 50}")

    def _statistics(self) -> None:
        stub, codes = split(self.spec["stub"])
        self._know((stub,), codes)
        heads = self.spec["heads"]
        for path, each in leaves(heads):
            self._know(path, each)
        self._cell(self.row, 1, stub, self.row + depth(heads) - 1, 1)
        self._heads(heads, 2)
        for line in self.spec["lines"]:
            label, each = split(line) if " = " in line else (line, ("",))
            self._cell(self.row, 1, label)
            if each != ("",):
                self._know(("line", label), each)
            for column in range(2, 2 + len(list(leaves(heads)))):
                self._cell(self.row, column, "")
            self.row += 1

    def _card(self) -> None:
        for line in self.spec["card"]:
            self._card_row(line)
            self.row += 1
        members = self.spec.get("members")
        if members:
            self._across(members["title"], 6)
            self.spec = {**self.spec, **members}
            self._list()

    def _card_row(self, line: list[str]) -> None:
        share = 6 // len(line)
        for at, each in enumerate(line):
            text, _, ticks = each.partition(" :: ")
            label, codes = split(text)
            self._know((label,), codes)
            column = at * share + 1
            self._cell(self.row, column, label)
            self._cell(self.row, column + 1, ticks, self.row, column + share - 1)


def flat(text: str) -> str:
    """A label without blanks and line ends."""
    return "".join(text.split())
