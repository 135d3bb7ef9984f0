"""Cards: one form for one person, a label beside each cell for its value."""

from __future__ import annotations

import re
import unicodedata

from linli.capabilities.tables.reading.grid import TICK, Grid, Slot
from linli.capabilities.tables.reading.heads import Score
from linli.capabilities.tables.reading.lists import rules_of, without_unit
from linli.capabilities.tables.reading.shapes import Book, Box, Field, Look
from linli.kernel.dictionary.rows import KNOWN

# A label and its colon, at the beginning or behind a blank; two letters may stand apart: 姓 名：.
_LABEL = re.compile(
    r"(?<![^\s_,、;])([\u4e00-\u9fff]\s{1,6}[\u4e00-\u9fff]|[\u4e00-\u9fff()]{1,12})\s{0,4}:"
)
_SPLIT = re.compile(r"[□☐☑■▢○◯]\s*([^□☐☑■▢○◯\s_（(]+)")
# The side of a card that names what lies to its right.
_SIDE = 2


def card_fields(grid: Grid, book: Book, row: int, score: Score) -> list[Field]:
    """The fields of a row of a card; empty where the row is something else."""
    slots = [slot for slot in grid.row(row) if slot.box.top == row or slot.box.height > 1]
    said = [slot for slot in slots if slot.text]
    if not said:
        return []
    side = _side(slots, score)
    found = []
    for slot, after in zip(slots, [*slots[1:], None], strict=True):
        if slot.box.top != row or slot is side or not slot.label:
            continue
        made = _field(grid, book, slot, after, score)
        if made is not None:
            section = (side.text,) if side is not None and side.text else ()
            found.append(_within(made, section))
    return found


def _side(slots: list[Slot], score: Score) -> Slot | None:
    """The label on the left of several others (over several rows, 监护人信息 before one), which asks no value itself."""
    if len(slots) < 2 or not slots[0].label or not slots[1].label:
        return None
    first = slots[0]
    if first.box.height >= _SIDE:
        return first
    asks = len(slots) > 2 and (slots[2].blank or slots[2].ticks)
    return first if asks and score(slots[1].text) >= KNOWN else None


def _within(field: Field, section: tuple[str, ...]) -> Field:
    return Field(
        (*section, *field.path), field.box, field.unit, field.choices, field.ticks, field.inline,
        field.values, field.hint, field.form, field.day, field.formula, field.hidden,
    )  # fmt: skip


def _field(grid: Grid, book: Book, slot: Slot, after: Slot | None, score: Score) -> Field | None:
    if after is None or after.box.top > slot.box.top:
        return None
    is_room = after.blank or after.ticks
    is_known = score(slot.text.rstrip(":")) >= KNOWN
    is_value = bool(after.text) and is_known and score(after.text) < KNOWN
    if not (is_room or is_value):
        return None
    look = book.looks.get(after.style, Look())
    choices, prompt = rules_of(grid, after.box.top, after.box.left)
    if after.ticks:
        choices = tuple(found[1] for found in _SPLIT.finditer(after.text))
    path, unit = without_unit((slot.text.rstrip(":"),))
    return Field(
        path,
        after.box,
        unit,
        choices,
        ticks=after.ticks,
        values=() if is_room else (after.text,),
        hint=prompt,
        form=look.form,
        day=look.day,
        formula=bool(after.formula),
        hidden=after.box.left in grid.sheet.hidden_columns
        or after.box.top in grid.sheet.hidden_rows,
    )


def inline_fields(grid: Grid, row: int) -> list[Field]:
    """Fields whose value goes behind the label in the same cell, several side by side: 姓名：____  性别：____ ."""
    return [
        Field((label,), slot.box, inline=True)
        for slot in grid.row(row)
        if slot.box.top == row and not TICK.search(slot.text)
        for label in labels(slot.text)
    ]


def labels(text: str) -> list[str]:
    """The labels of a text behind each of which a blank is left, in their order."""
    plain = unicodedata.normalize("NFKC", text).strip()
    met = list(_LABEL.finditer(plain))
    ends = [*(each.start() for each in met[1:]), len(plain)] if met else []
    return [
        re.sub(r"\s", "", each[1])
        for each, end in zip(met, ends, strict=True)
        if not plain[each.end() : end].strip(" _")
    ]


def span(fields: list[Field], top: int, bottom: int) -> Box:
    """The box around the fields of a card."""
    left = min(each.box.left for each in fields)
    return Box(
        top, min(left, 1) if left > 1 else left, bottom, max(each.box.right for each in fields)
    )
