"""One form for one person: the cells of a card and of the lists within it, person by person (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.reading.shapes import Book, Shape, Sheet
from linli.capabilities.tables.writing.planning import NOTHING, asked, left, writer
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import Block, SheetFill
from linli.capabilities.tables.writing.told import Report, Told
from linli.capabilities.tables.writing.values import Writer, day_as_drawn, ticked

Values = Mapping[str, object]


@dataclass(slots=True)
class _Part:
    """A card, or a list within it: what is told of each field, and how the fields that are filled are written."""

    mapped: Mapped
    sheet: Sheet
    told: list[Told]
    writers: list[tuple[int, Meaning, Writer]] = field(default_factory=list)


class Cards:
    """How cards of a book are filled: which elements are wanted, and for each person the cells."""

    def __init__(
        self, book: Book, mapped: Sequence[Mapped], words: Words, holds: Callable[[str], bool]
    ) -> None:
        sheets = {sheet.name: sheet for sheet in book.sheets}
        on = {each.region.sheet for each in mapped if each.region.shape is Shape.CARD}
        self.parts = [
            self._part(book, sheets[each.region.sheet], each, words, holds)
            for each in mapped
            if each.region.sheet in on
        ]
        self.report = Report([(p.sheet.name, p.mapped.region.title, 0, p.told) for p in self.parts])

    def _part(
        self, book: Book, sheet: Sheet, mapped: Mapped, words: Words, holds: Callable[[str], bool]
    ) -> _Part:
        made = _Part(mapped, sheet, [Told(m.field.label, m.element) for m in mapped.meanings])
        for at, meaning in enumerate(mapped.meanings):
            why = left(book, sheet, meaning)
            if not why and meaning.element != "#" and not holds(asked(meaning)):
                why = "absent"
            made.told[at].left = why
            if not why:
                made.writers.append((at, meaning, writer(meaning, words)))
        return made

    @property
    def elements(self) -> list[str]:
        """What is asked of each person."""
        found = (asked(m) for part in self.parts for _at, m, _w in part.writers if m.element != "#")
        return list(dict.fromkeys(found))

    def fills(self, person: Values, family: Sequence[Values]) -> dict[str, SheetFill]:
        """What is filled for one person; `family` are the others of the household, for the lists within."""
        made: dict[str, SheetFill] = {}
        for part in self.parts:
            fill = made.setdefault(part.sheet.name, SheetFill())
            if part.mapped.region.shape is Shape.CARD:
                fill.cells.update(self._cells(part, person))
            elif part.mapped.region.shape is Shape.LIST and part.writers:
                first, last = part.mapped.region.body
                columns = [meaning.field.box.left for _at, meaning, _w in part.writers]
                rows = list(self._rows(part, family))
                fill.blocks.append(Block(first, last, columns, rows))
        return made

    def _cells(self, part: _Part, person: Values) -> Iterator[tuple[tuple[int, int], Value]]:
        lines: dict[tuple[int, int], str] = {}
        for at, meaning, write in part.writers:
            value = person.get(asked(meaning))
            place = (meaning.field.box.top, meaning.field.box.left)
            if meaning.field.inline:
                told = write.write(value)
                line = lines.get(place) or part.sheet.cells[place].text
                lines[place] = behind(line, meaning.field.path[-1], told)
            else:
                told = _in_place(part.sheet, meaning, write, value)
            _count(part.told[at], value, told)
            if told is not None:
                yield place, lines.get(place, told)

    def _rows(self, part: _Part, family: Sequence[Values]) -> Iterator[list[Value]]:
        for number, one in enumerate(family, start=1):
            row: list[Value] = []
            for at, meaning, write in part.writers:
                value = number if meaning.element == "#" else one.get(asked(meaning))
                told = number if meaning.element == "#" else write.write(value)
                _count(part.told[at], value, told)
                row.append(told)
            yield row


def _count(told: Told, value: object, written: Value) -> None:
    if written is not None:
        told.filled += 1
    else:
        told.blanks.update(Counter(["empty" if value in NOTHING else "unfit"]))


def _in_place(sheet: Sheet, meaning: Meaning, write: Writer, value: object) -> Value:
    """What a cell says once it is filled: a box ticked, the text behind a label, or the value alone."""
    here = meaning.field
    place = (here.box.top, here.box.left)
    standing = sheet.cells[place].text if place in sheet.cells else ""
    drawn = "" if here.ticks else day_as_drawn(standing, value)
    told = drawn or write.write(value)
    if told is None:
        return None
    if here.ticks:
        return ticked(standing, str(told))
    return told


def behind(line: str, label: str, told: Value) -> str:
    """A line with a value in the blank behind one of its labels; what was drawn for writing gives way letter by letter."""
    if told is None:
        return line
    spaced = r"\s*".join(map(re.escape, label))
    found = re.search(rf"(?<![\u4e00-\u9fff]){spaced}\s*[:\uff1a]([\s_\uff3f]*)", line)
    if found is None:
        return line
    text, blank = str(told), found[1]
    room = len(blank) - sum(2 if ord(each) > 255 else 1 for each in text)
    rest = (blank[-room:] if room > 0 else "") or ("  " if line[found.end() :] else "")
    return f"{line[: found.start(1)]}{text}{rest}{line[found.end() :]}"
