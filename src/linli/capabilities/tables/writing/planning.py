"""What of a form can be filled from what is held, cell by cell, and why the rest is left (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.mapping.narrowing import narrowed
from linli.capabilities.tables.reading.shapes import Book, Field, Look, Region, Shape, Sheet
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import Block, SheetFill
from linli.capabilities.tables.writing.values import Writer, ticked
from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

WHY = {
    "unknown": Spoken("字典里没有"),
    "unsure": Spoken("没有把握，请先确认"),
    "hidden": Spoken("隐藏的列"),
    "formula": Spoken("表里有公式"),
    "locked": Spoken("受保护的单元格"),
    "absent": Spoken("登记库里没有这一项"),
    "card": Spoken("一人一表，请选定一个人"),
    "whom": Spoken("标题说的是一部分户，登记里分不出是哪些户"),
}
SETS = {
    "person": "person", "household": "household", "holding": "holding", "organisation": "organisation", "home": "home",
    "building": "building", "estate": "estate", "facility": "facility", "area": "area", "visit": "visit", "matter": "matter",
}  # fmt: skip


class Source(Protocol):
    """What is held, to be asked by element; the rows are those in the reader's sight."""

    def holds(self, record_set: str, element: str) -> bool:
        """Whether the rows of a record set tell an element."""
        ...

    def rows(self, record_set: str, elements: Sequence[str]) -> Iterator[Sequence[object]]:
        """The rows, each with the values of the elements in their order."""
        ...

    def count(self, what: str, area: str = "") -> int | float | None:
        """A count such as count.person[sex=1], in a part of the area that is named; None where it cannot be told."""
        ...


@dataclass(slots=True)
class Told:
    """What became of one field: the cells filled and left blank, or why it was left as it is."""

    label: str
    element: str
    filled: int = 0
    blank: int = 0
    why: str = ""


@dataclass(slots=True)
class Report:
    """What became of a form: for each region its rows and fields."""

    regions: list[tuple[str, str, int, list[Told]]] = field(default_factory=list)
    scope: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def filled(self) -> int:
        """All cells that were filled."""
        return sum(told.filled for _sheet, _title, _rows, each in self.regions for told in each)

    @property
    def blank(self) -> int:
        """All cells of mapped fields that stay blank because nothing is held."""
        return sum(told.blank for _sheet, _title, _rows, each in self.regions for told in each)


@dataclass(slots=True)
class Plan:
    """How a form will be filled, sheet by sheet, and the report that is complete once the rows have run."""

    fills: dict[str, SheetFill] = field(default_factory=dict)
    cards: set[str] = field(default_factory=set)  # sheets that are about one person
    everybody: bool = False  # whatever the titles say
    report: Report = field(default_factory=Report)

    def sheet(self, name: str) -> SheetFill:
        """What is filled on a sheet."""
        return self.fills.setdefault(name, SheetFill())


def plan(
    book: Book,
    mapped: Sequence[Mapped],
    words: Words,
    source: Source,
    *,
    everybody: bool = False,
) -> Plan:
    """How a form is filled from what is held: only what is sure, only into cells that are free."""
    cards = {each.region.sheet for each in mapped if each.region.shape is Shape.CARD}
    made = Plan(cards=cards, everybody=everybody)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for each in mapped:
        _Region(book, sheets[each.region.sheet], each, words, source, made).plan()
    return made


@dataclass(slots=True)
class _Region:
    """One region being planned."""

    book: Book
    sheet: Sheet
    mapped: Mapped
    words: Words
    source: Source
    made: Plan

    def plan(self) -> None:
        """Plan a region by its shape."""
        region = self.mapped.region
        told = [Told(each.field.label, each.element) for each in self.mapped.meanings]
        rows = {Shape.LIST: self._list, Shape.STATISTICS: self._statistics, Shape.CARD: self._card}[
            region.shape
        ](told)
        self.made.report.regions.append((region.sheet, region.title, rows, told))

    def _left(self, meaning: Meaning) -> str:
        """Why a field is left as it is; empty where it is filled."""
        here = meaning.field
        if not meaning.element:
            return str(WHY["unknown"])
        if not meaning.sure:
            return str(WHY["unsure"])
        if here.hidden or here.formula:
            return str(WHY["hidden" if here.hidden else "formula"])
        if self.sheet.protected and self._locked(here):
            return str(WHY["locked"])
        return ""

    def _locked(self, here: Field) -> bool:
        style = self.sheet.styles.get((here.box.top, here.box.left), 0)
        return self.book.looks.get(style, Look()).locked

    def _list(self, told: list[Told]) -> int:
        if self.sheet.name in self.made.cards:
            return self._card(told)
        if self._unknown_part():
            for each in told:
                each.why = str(WHY["whom"])
            return 0
        record_set = SETS.get(self.mapped.kind, "")
        chosen: list[tuple[int, Meaning]] = []
        for at, meaning in enumerate(self.mapped.meanings):
            told[at].why = self._left(meaning)
            if (
                not told[at].why
                and meaning.element != "#"
                and not self.source.holds(record_set, asked(meaning))
            ):
                told[at].why = str(WHY["absent"])
            if not told[at].why:
                chosen.append((at, meaning))
        wanted = [(at, each) for at, each in chosen if each.element != "#"]
        if not wanted:
            return 0
        self._check_room(self.mapped.region)
        elements = list(dict.fromkeys(asked(each) for _at, each in wanted))
        writers = [
            (at, self._writer(each), elements.index(asked(each)) if each.element != "#" else -1)
            for at, each in chosen
        ]
        rows = self._rows(record_set, elements, writers, told)
        columns = [each.field.box.left for _at, each in chosen]
        first, last = self.mapped.region.body
        self.made.sheet(self.sheet.name).blocks.append(Block(first, last, columns, rows))
        return -1

    def _unknown_part(self) -> bool:
        """Whether the title names some households only, which what is held of households cannot tell apart."""
        title = self.mapped.region.title + self.mapped.region.section
        tagged = "[tag=" in narrowed(title, self.words.tags)
        return self.mapped.kind == "household" and tagged and not self.made.everybody

    def _rows(
        self,
        record_set: str,
        elements: list[str],
        writers: list[tuple[int, Writer, int]],
        told: list[Told],
    ) -> Iterator[Sequence[Value]]:
        number = self.mapped.region.kept
        counts = [0] * len(writers)
        plans = [(at, writer.write, index) for at, (_told, writer, index) in enumerate(writers)]
        for row in self.source.rows(record_set, elements):
            number += 1
            out: list[Value] = []
            for at, write, index in plans:
                value = number if index < 0 else write(row[index])
                out.append(value)
                counts[at] += value is not None
            yield out
        for at, (place, _writer, _index) in enumerate(writers):
            told[place].filled, told[place].blank = (
                counts[at],
                number - self.mapped.region.kept - counts[at],
            )

    def _writer(self, meaning: Meaning) -> Writer:
        element = next(
            (one for one in self.words.index.elements if one.code == meaning.element), None
        )
        return Writer(meaning.field, element, self.words.table(element) if element else None)

    def _check_room(self, region: Region) -> None:
        if self.sheet.protected and region.body[1] < region.body[0]:
            raise Refusal(
                Spoken(
                    "工作表“%(sheet)s”受保护，不能加行。请在 Excel 的“审阅”里撤销工作表保护再填。"
                )
                % {"sheet": self.sheet.name},
                field="file",
                code="protected",
            )

    def _statistics(self, told: list[Told]) -> int:
        cells = self.made.sheet(self.sheet.name).cells
        for at, meaning in enumerate(self.mapped.meanings):
            told[at].why = self._left(meaning)
            if told[at].why or meaning.element in ("area", "line", "#"):
                continue
            for line, row in zip(self.mapped.lines, self.mapped.region.lines, strict=True):
                place = (row.row, meaning.field.box.left)
                if self._taken(place):
                    continue
                value = self._counted(line, meaning)
                told[at].filled, told[at].blank = (
                    told[at].filled + (value is not None),
                    told[at].blank + (value is None),
                )
                if value is not None:
                    cells[place] = value
        return len(self.mapped.lines)

    def _taken(self, place: tuple[int, int]) -> bool:
        cell = self.sheet.cells.get(place)
        style = self.sheet.styles.get(place, 0)
        locked = self.sheet.protected and self.book.looks.get(style, Look()).locked
        return locked or cell is not None and bool(cell.formula or cell.text.strip())

    def _counted(self, line: Meaning, column: Meaning) -> int | float | None:
        by_area = self.mapped.kind == "area"
        if by_area:
            what = "" if column.element == "total" else column.element
            name = "" if line.element == "total" else line.field.path[-1]
            return self.source.count(what, name) if what else None
        if not line.element or line.element == "total":
            return None
        if column.element == "total":
            return self.source.count(line.element)
        return self.source.count(joined(line.element, column.element))

    def _card(self, told: list[Told]) -> int:
        for each in told:
            each.why = str(WHY["card"])
        return 0


def asked(meaning: Meaning) -> str:
    """What a source is asked for a field: an element, one part of it, or one tag."""
    return f"{meaning.element}#{meaning.part}" if meaning.part else meaning.element


def joined(one: str, other: str) -> str:
    """A count narrowed by the conditions of another: count.person[tag=x] and count.person[sex=1]."""
    begin, _sign, more = other.partition("[")
    base, _sign2, held = one.partition("[")
    verb = "rate" if begin.startswith("rate") or base.startswith("rate") else "count"
    return (
        f"{verb}.{base.partition('.')[2]}{'[' + held if held else ''}{'[' + more if more else ''}"
    )


def fill_card(
    book: Book, mapped: Mapped, values: Mapping[str, object], words: Words
) -> dict[tuple[int, int], Value]:
    """The cells of a card for one person: values by element, boxes ticked, labels kept where the value goes behind them."""
    cells: dict[tuple[int, int], Value] = {}
    sheet = next(each for each in book.sheets if each.name == mapped.region.sheet)
    for meaning in mapped.meanings:
        here, value = meaning.field, values.get(meaning.element)
        if not meaning.sure or value is None or here.hidden or here.formula:
            continue
        element = next((one for one in words.index.elements if one.code == meaning.element), None)
        told = Writer(here, element, words.table(element) if element else None).write(value)
        place = (here.box.top, here.box.left)
        standing = sheet.cells[place].text if place in sheet.cells else ""
        if here.ticks and told is not None:
            told = ticked(standing, str(told))
        elif here.inline and told is not None:
            told = f"{standing.rstrip('_＿ ')}{told}"
        if told is not None:
            cells[place] = told
    return cells
