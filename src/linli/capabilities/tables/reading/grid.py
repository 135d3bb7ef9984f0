"""A sheet seen as a person sees it: merged cells are one, rows are slots from left to right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from linli.capabilities.tables.reading.shapes import Box, Cell, Sheet
from linli.kernel.dictionary.rows import VALUE, like_heading

TICK = re.compile(r"[□☐☑■▢○◯]")
# Blanks drawn as text: lines to write on, a day to fill in, amounts to fill in.
_DRAWN = re.compile(
    r"^[\s_＿—\-]*$|^[\s_＿]*年[\s_＿]*月([\s_＿]*日)?$|^[\s_＿]+(元|人|户|平方米|㎡|岁)$"
)
_HINT = re.compile(
    r"必填|选填|可选|如[：:]|^如|例[：:如]|^例|格式|请填|请选|填写|分隔|YYYY|yyyy|自动关联|^\d+=|小区名称$|^[^/]{1,6}(/[^/]{1,12}){1,6}等?$"
)
_SAMPLE = re.compile(r"^\(?（?(示例|例|样例|举例|范例|示范)[：:）)]?")


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell or merged box of a row with the text in it."""

    box: Box
    text: str
    formula: str = ""
    style: int = 0

    @property
    def blank(self) -> bool:
        """Whether there is room for a value: nothing, or a line drawn to write on."""
        return not self.formula and bool(_DRAWN.match(self.text))

    @property
    def ticks(self) -> bool:
        """Whether it holds boxes to tick."""
        return bool(TICK.search(self.text))

    @property
    def label(self) -> bool:
        """Whether it may be a heading."""
        return not self.formula and not self.blank and not self.ticks and like_heading(self.text)

    @property
    def value(self) -> bool:
        """Whether it can only be a value."""
        return (
            bool(self.formula) or bool(self.text and VALUE.match(self.text)) or len(self.text) > 60
        )


def tidy(text: str) -> str:
    """A text of a cell on one line, half width, without blanks between Chinese characters."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", plain))


def is_hint(text: str) -> bool:
    """Whether a text tells how to fill a column."""
    return bool(_HINT.search(text))


def is_sample(text: str) -> bool:
    """Whether a text marks a row as an example."""
    return bool(_SAMPLE.match(tidy(text)))


class Grid:
    """A sheet to look at: slots by row, and what stands in a cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._owner: dict[tuple[int, int], Box] = {}
        self._edges: dict[int, int] = {}
        for box in sheet.merges:
            if box.height * box.width > 20_000:
                continue
            for row in range(box.top, box.bottom + 1):
                self._edges[row] = max(self._edges.get(row, 0), box.right)
                for column in range(box.left, box.right + 1):
                    self._owner[row, column] = box
        self.right = max((column for _row, column in sheet.cells), default=0)
        self._rows: dict[int, list[Slot]] = {}

    def owner(self, row: int, column: int) -> Box:
        """The merged box that a cell belongs to, or the cell itself."""
        return self._owner.get((row, column)) or Box(row, column, row, column)

    def slot(self, row: int, column: int) -> Slot:
        """What stands in a cell or in the merged box around it."""
        box = self.owner(row, column)
        cell = self.sheet.cells.get((box.top, box.left), Cell())
        style = cell.style or self.sheet.styles.get((box.top, box.left), 0)
        return Slot(box, tidy(cell.text), cell.formula, style)

    def row(self, row: int) -> list[Slot]:
        """The slots of a row, as far right as the sheet or its drawn cells go."""
        known = self._rows.get(row)
        if known is not None:
            return known
        drawn = self.sheet.styled.get(row, (0, 0))[1]
        edge = self._edges.get(row, 0)
        column, found = 1, []
        last = min(max(self.right, min(drawn, 200), min(edge, 200)), 400)
        while column <= last:
            slot = self.slot(row, column)
            found.append(slot)
            column = slot.box.right + 1
        self._rows[row] = found
        return found

    def said(self, row: int) -> list[Slot]:
        """The slots of a row in which something stands."""
        return [slot for slot in self.row(row) if slot.text or slot.formula]

    def drawn(self, row: int) -> bool:
        """Whether a row has cells at all, even empty ones with a style."""
        return row in self.sheet.styled
