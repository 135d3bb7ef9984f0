"""Rows of headings: where they begin, how deep they go, and what each column is called from the outermost in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from linli.capabilities.tables.reading.grid import Grid, Slot, is_hint
from linli.kernel.dictionary.rows import KNOWN

Score = Callable[[str], float]
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Head:
    """A block of headings: its rows, its columns, and the path of headings of each column."""

    top: int
    bottom: int
    left: int
    right: int
    paths: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> range:
        """The numbers of its columns."""
        return range(self.left, self.right + 1)


def find_head(grid: Grid, row: int, score: Score) -> Head | None:
    """The block of headings that begins at a row; none where the row is something else."""
    slots = grid.row(row)
    run = _run(slots[1:] if _beside_rows(grid, row) else slots)
    if not run or _about(grid, row):
        return None
    left, right = run[0].box.left, run[-1].box.right
    bottom = _bottom(grid, row, left, right)
    columns = range(left, right + 1)
    paths = tuple(() if _on(grid, bottom, c) else _path(grid, row, bottom, c) for c in columns)
    while paths and not paths[-1]:
        paths, right = paths[:-1], right - 1
    head = Head(row, bottom, left, right, paths)
    return head if _holds(grid, head, score) else None


# The two headings of a table of figures, one on each line.
_ITEM = re.compile(r"^(统计)?(项目|指标|类别|内容|分类)(名称)?$")
_AMOUNT = re.compile(r"^(数量|数据|数值|数目|人数|户数|合计|总数|指标值)(\(.*\))?$")
_AMONG = "其中:"  # heads the columns that say more exactly what stands before it
_SAID = re.compile(r"^(?!其中)[^:]{1,14}:")


def _about(grid: Grid, row: int) -> bool:
    """Whether a row says who fills the form in and when (填报单位：, 填报时间：), above the headings proper."""
    told = grid.said(row)
    said = [slot for slot in told if _SAID.match(slot.text)]
    below = [slot for slot in grid.row(row + 1) if slot.label and slot.box.top == row + 1]
    return bool(said) and len(said) * 2 >= len(told) and len(below) > len(told)


def _beside_rows(grid: Grid, row: int) -> bool:
    """Whether the first cell of a row names the rows below it (家庭成员 down the side) and heads no column."""
    slots = grid.row(row)
    first, rest = slots[0], [slot for slot in slots[1:] if slot.text]
    if first.box.height < 2 or not first.label or len(rest) < 2:
        return False
    below = range(row + 1, first.box.bottom + 1)
    return all(slot.box.height == 1 for slot in rest) and not any(
        slot.text for each in below for slot in grid.row(each)[1:]
    )


def beside(grid: Grid, row: int, score: Score) -> list[Head]:
    """Blocks of the same headings side by side in one row, the left one first; empty where there is one block only."""
    run = [slot for slot in _run(grid.row(row)) if slot.text]
    if len(run) < 4 or any(slot.box.height > 1 or slot.box.width > 1 for slot in run):
        return []
    starts = [at for at, slot in enumerate(run) if slot.text == run[0].text]
    wide = len(run) // len(starts)
    blocks = [run[at : at + wide] for at in starts]
    texts = {tuple(slot.text for slot in block) for block in blocks}
    if len(starts) < 2 or wide < 2 or len(texts) > 1 or wide * len(starts) != len(run):
        return []
    heads = [
        Head(row, row, b[0].box.left, b[-1].box.right, tuple((slot.text,) for slot in b))
        for b in blocks
    ]
    fits = all(len(head.columns) == wide and known(head.paths, score) >= 2 for head in heads)
    return heads if fits else []


def _run(slots: list[Slot]) -> list[Slot]:
    """Headings side by side from the left, with single blanks between; what fills a whole row is a title."""
    begun = [slot for slot in slots if slot.text]
    if len(begun) < 2 or not begun[0].label or begun[0].box.height > DEEPEST:
        return []
    found: list[Slot] = []
    for slot in slots:
        if slot.label and (slot.text == _AMONG or not slot.text.endswith(":")):
            found.append(slot)
        elif found and slot.text:
            break
        elif found and not slot.text:
            if not found[-1].text:
                break
            found.append(slot)
    while found and not found[-1].text:
        found.pop()
    return found


def _bottom(grid: Grid, top: int, left: int, right: int) -> int:
    """The last row of the block: as deep as its merged cells go and its groups are divided."""
    bottom = top
    for row in range(top, top + DEEPEST):
        slots = [slot for slot in grid.row(row) if left <= slot.box.left <= right]
        bottom = max(bottom, *(slot.box.bottom for slot in slots if slot.text), row)
        bottom = min(bottom, top + DEEPEST)
        if row >= bottom and not _divided(grid, row, left, right):
            return row
        bottom = max(bottom, row + 1) if row >= bottom else bottom
    return bottom


def _divided(grid: Grid, row: int, left: int, right: int) -> bool:
    """Whether the row below says more exactly what some heading of this row says over several columns."""
    below = [slot for slot in grid.row(row + 1) if left <= slot.box.left <= right]
    told = [slot for slot in below if slot.text and slot.box.top == row + 1]
    if len(told) < 2 or any(not slot.label or is_hint(slot.text) for slot in told):
        return False
    wide = [slot.box for slot in grid.row(row) if slot.text and slot.box.width > 1]
    under = sum(any(box.left <= slot.box.left <= box.right for box in wide) for slot in told)
    alone = [slot for slot in told if not grid.slot(row, slot.box.left).text]
    return (
        under >= 2 and under + len(alone) >= len(told) or len(alone) >= 1 and _gaps(grid, row, told)
    )


def _gaps(grid: Grid, row: int, told: list[Slot]) -> bool:
    """Whether headings below stand only where the row above leaves gaps or begins a group before a gap."""
    for slot in told:
        above = grid.slot(row, slot.box.left)
        after = grid.slot(row, slot.box.right + 1)
        if above.text and after.text:
            return False
    return True


def _on(grid: Grid, bottom: int, column: int) -> bool:
    """Whether a column only goes on with the merged heading of the column to its left."""
    slot = grid.slot(bottom, column)
    return bool(slot.text) and slot.box.left < column


def _path(grid: Grid, top: int, bottom: int, column: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in range(top, bottom + 1):
        text = grid.slot(row, column).text
        if not text and row < bottom:
            text = _group(grid, row, column, bottom)
        if text and (not found or found[-1] != text):
            found.append(text)
    return tuple(found)


def _group(grid: Grid, row: int, column: int, bottom: int) -> str:
    """The heading of a group that was not merged: the nearest one to the left, where more is said below."""
    if not any(grid.slot(below, column).text for below in range(row + 1, bottom + 1)):
        return ""
    for before in range(column - 1, 0, -1):
        slot = grid.slot(row, before)
        if slot.text:
            divided = any(
                grid.slot(below, before).text != slot.text and grid.slot(below, before).text
                for below in range(row + 1, bottom + 1)
            )
            return slot.text if divided else ""
    return ""


def known(paths: list[tuple[str, ...]] | tuple[tuple[str, ...], ...], score: Score) -> int:
    """How many columns the dictionary knows, by their last heading or by all of them together."""
    return sum(bool(path) and max(score(path[-1]), score("".join(path))) >= KNOWN for path in paths)


def _holds(grid: Grid, head: Head, score: Score) -> bool:
    """Whether a block is one of headings: most columns named, differently, and below them room or data."""
    named = [path for path in head.paths if path]
    own = sum(not _on(grid, head.bottom, column) for column in head.columns)
    if len(named) < max(2, 0.75 * own, 0.5 * len(head.paths)):
        return False
    if (
        len(set(named)) < 0.7 * len(named)
        or sum(map(is_hint, (path[-1] for path in named))) > len(named) / 2
    ):
        return False
    if len(named) == 2 and _ITEM.match(named[0][-1]) and _AMOUNT.match(named[1][-1]):
        return True
    sure = known(named, score)
    if len(named) < 3 and sure < 2:
        return False
    below = [slot for slot in grid.row(head.bottom + 1) if head.left <= slot.box.left <= head.right]
    labels = [slot.text for slot in below if slot.label and score(slot.text) >= KNOWN]
    return len(labels) < 2 or len(labels) <= len(named) / 3 or sure > len(labels)
