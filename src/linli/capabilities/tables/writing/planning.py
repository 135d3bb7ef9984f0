"""What of a form can be filled from what is held, cell by cell, and why the rest is left (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from linli.capabilities.tables.mapping import Mapped, Meaning, Words, grouping
from linli.capabilities.tables.mapping.adding import SUM, addends
from linli.capabilities.tables.reading.shapes import Book, Look, Region, Shape, Sheet
from linli.capabilities.tables.writing import given, paging, totals
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import Block, SheetFill
from linli.capabilities.tables.writing.source import Source
from linli.capabilities.tables.writing.told import Report, Told
from linli.capabilities.tables.writing.values import Writer
from linli.kernel.acts.act import Refusal
from linli.kernel.dictionary.offers.conditions import Group
from linli.ui.spoken import Spoken

NOTHING: tuple[object, ...] = (None, "", [], ())


@dataclass(slots=True)
class Plan:
    """How a form will be filled, sheet by sheet, and the report that is complete once the rows have run."""

    fills: dict[str, SheetFill] = field(default_factory=dict)
    cards: set[str] = field(default_factory=set)  # sheets that are about one person
    taken: dict[str, list[int]] = field(default_factory=dict)  # records found for rows given
    given: set[int] = field(default_factory=set)  # regions whose rows were written in already
    report: Report = field(default_factory=Report)

    def sheet(self, name: str) -> SheetFill:
        """What is filled on a sheet."""
        return self.fills.setdefault(name, SheetFill())


def plan(
    book: Book,
    mapped: Sequence[Mapped],
    words: Words,
    source: Source,
    scopes: Mapping[int, Sequence[Group] | None],
    records: given.Records | None = None,
    grouped: bool = True,
) -> Plan:
    """How a form is filled from what is held: only what is sure, only into cells that are free.

    `scopes`: for each region by its place the conditions on its rows; None where which rows are meant cannot be told.
    `records`: the rows of a record set with their keys; without it rows that a department wrote in are not looked up.
    `grouped`: a list drawn in groups of places is filled group by group, else below them.
    """
    cards = {each.region.sheet for each in mapped if each.region.shape is Shape.CARD}
    made = Plan(cards=cards)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    several = paging.pages(mapped)
    later = {at for begun, places in several.items() for at in places if at != begun}
    for at, each in enumerate(mapped):
        sheet = sheets[each.region.sheet]
        here = [mapped[place] for place in several.get(at, ())]
        if at not in later:
            one = _Region(
                book,
                sheet,
                each,
                words,
                source,
                made,
                scopes.get(at, ()),
                here,
                records,
                at,
                grouped,
            )
            one.plan()
    return made


@dataclass(frozen=True, slots=True)
class _Column:
    """A column being filled: its place among the fields, what is told of it, its writer, which value of a row it takes.

    -1: the row's number. `adds`: the sum of these columns being filled.
    """

    at: int
    told: Told
    writer: Writer
    index: int
    adds: tuple[int, ...] = ()


@dataclass(slots=True)
class _Region:
    """One region being planned."""

    book: Book
    sheet: Sheet
    mapped: Mapped
    words: Words
    source: Source
    made: Plan
    groups: Sequence[Group] | None = ()
    pages: Sequence[Mapped] = ()
    records: given.Records | None = None
    at: int = 0
    grouped: bool = True
    number: int = 0  # the last row's number

    def plan(self) -> None:
        """Plan a region by its shape."""
        region = self.mapped.region
        told = [Told(each.field.label, each.element) for each in self.mapped.meanings]
        rows = {Shape.LIST: self._list, Shape.STATISTICS: self._statistics, Shape.CARD: self._card}[
            region.shape
        ](told)
        self.made.report.regions.append((region.sheet, region.title, rows, told))

    def _list(self, told: list[Told]) -> int:
        if self.sheet.name in self.made.cards:
            return self._card(told)
        record_set = self.mapped.kind
        chosen, absent = self._chosen(record_set, told)
        rows_given = given.given(self.sheet, self.mapped) if self.records else {}
        if given.waiting(self.sheet, rows_given, (each for _at, each in chosen)):
            return self._given(record_set, chosen, told, rows_given)
        if self.groups is None:
            for each in told:
                each.left = "whom"
            return 0
        wanted = [each for _at, each in chosen if each.element not in ("#", SUM)]
        if not wanted:
            return 0
        region = self.mapped.region
        self._check_room(region)
        lacking = [told[at] for at in absent]
        if region.groups and self.grouped:
            return self._grouped(record_set, chosen, lacking, told)
        elements = list(dict.fromkeys(map(asked, wanted)))
        columns = [self._column(at, each, told[at], elements, chosen) for at, each in chosen]
        places = [each.field.box.left for _at, each in chosen]
        self.number = region.kept
        rows = self._rows(self.source.rows(record_set, elements, self.groups), columns, lacking)
        line = totals.total_row(self.sheet, region, places)
        sums = self._sums(record_set, columns, places, line)
        rows = sums.over(rows, told)
        first, last = region.body
        blocks = self.made.sheet(self.sheet.name).blocks
        if self.pages:
            blocks += paging.dealt(self.pages, places, rows)
        else:
            blocks.append(Block(first, last, places, rows))
        return -1

    def _given(
        self,
        record_set: str,
        chosen: Sequence[tuple[int, Meaning]],
        told: list[Told],
        rows: Mapping[int, given.Key],
    ) -> int:
        """Fill the other columns of the rows that were written in already; nobody is added to them."""
        keys = list(given.keys_of(self.mapped))
        wanted = [(at, each) for at, each in chosen if each.element not in ("#", SUM)]
        elements = list(dict.fromkeys([*keys, *(asked(each) for _at, each in wanted)]))
        self.made.given.add(self.at)
        found = given.found(rows, len(keys), self.records, record_set, elements)
        self.made.taken.setdefault(record_set, []).extend(key for key, _values in found.values())
        cells = self.made.sheet(self.sheet.name).cells
        for at, meaning in wanted:
            write, index = writer(meaning, self.words).write, elements.index(asked(meaning))
            for row in rows:
                place = (row, meaning.field.box.left)
                if self._taken(place):
                    continue
                held = found[row][1][index] if row in found else None
                value = write(held) if held not in NOTHING else None
                if value is None:
                    told[at].blanks["empty" if row in found else "stranger"] += 1
                else:
                    told[at].filled += 1
                    cells[place] = value
        return len(rows)

    def _chosen(
        self, record_set: str, told: list[Told]
    ) -> tuple[list[tuple[int, Meaning]], list[int]]:
        """The columns that are filled, by their place, and those whose values nobody keeps; a sum needs all it adds."""
        chosen: list[tuple[int, Meaning]] = []
        absent: list[int] = []
        for at, meaning in enumerate(self.mapped.meanings):
            told[at].left = left(self.book, self.sheet, meaning)
            if told[at].left:
                continue
            kept = meaning.element in ("#", SUM) or self.source.holds(record_set, asked(meaning))
            if not kept:
                told[at].left = "absent"
                absent.append(at)
            else:
                chosen.append((at, meaning))
        places = {at for at, each in chosen if each.element not in ("#", SUM)}
        for at, each in chosen:
            if each.element == SUM and not (each.adds and places.issuperset(each.adds)):
                told[at].left = "summand"
        return [one for one in chosen if not told[one[0]].left], absent

    def _column(
        self,
        at: int,
        meaning: Meaning,
        told: Told,
        elements: list[str],
        chosen: list[tuple[int, Meaning]],
    ) -> _Column:
        own = writer(meaning, self.words)
        if meaning.element == SUM:
            order = [place for place, _each in chosen]
            return _Column(at, told, own, -1, tuple(order.index(each) for each in meaning.adds))
        return _Column(
            at, told, own, elements.index(asked(meaning)) if meaning.element != "#" else -1
        )

    def _rows(
        self,
        found: Iterable[Sequence[object]],
        columns: Sequence[_Column],
        absent: Sequence[Told],
    ) -> Iterator[Sequence[Value]]:
        number = first = self.number
        counts, unfit = [0] * len(columns), [0] * len(columns)
        plans = [(at, each.writer.write, each.index) for at, each in enumerate(columns)]
        sums = [(at, each.adds) for at, each in enumerate(columns) if each.adds]
        for row in found:
            number += 1
            out: list[Value] = []
            for at, write, index in plans:
                value = number if index < 0 else write(row[index])
                out.append(value)
                if value is None and row[index] not in NOTHING:
                    unfit[at] += 1
            for at, adds in sums:
                held = [(row[columns[one].index], out[one]) for one in adds]
                out[at] = totals.added(held)
            for at, value in enumerate(out):
                counts[at] += value is not None
            yield out
        self.number = number
        for at, each in enumerate(columns):
            each.told.filled += counts[at]
            each.told.blanks["empty"] += number - first - counts[at] - unfit[at]
            each.told.blanks["unfit"] += unfit[at]
        for told in absent:
            told.blanks["absent"] += number - first

    def _grouped(
        self,
        record_set: str,
        chosen: Sequence[tuple[int, Meaning]],
        absent: Sequence[Told],
        told: list[Told],
    ) -> int:
        """Fill a list drawn in groups: each person beside the name of their place, whoever has none of these in no row."""
        region = self.mapped.region
        own = next(
            (one for one in chosen if one[1].field.box.left == region.groups[0].column), None
        )
        if own is None or own[1].element not in grouping.PLACES:
            for each in told:
                each.left = each.left or "group"
            return 0
        chosen = [one for one in chosen if one is not own]
        wanted = [each for _at, each in chosen if each.element not in ("#", SUM)]
        elements = list(dict.fromkeys([*map(asked, wanted), own[1].element]))
        columns = [self._column(at, each, told[at], elements, chosen) for at, each in chosen]
        places = [each.field.box.left for _at, each in chosen]
        found = self.source.rows(record_set, elements, self.groups or ())
        dealt, outside = grouping.dealt(region.groups, found, elements.index(own[1].element))
        told[own[0]].blanks["outside"] = outside
        line = totals.total_row(self.sheet, region, places)
        whole = self._sums(record_set, columns, places, line)
        blocks = self.made.sheet(self.sheet.name).blocks
        for group, here in zip(region.groups, dealt, strict=True):
            part = self._sums(record_set, columns, places, group.total)
            rows = whole.over(part.over(self._rows(here, columns, absent), told), told)
            blocks.append(Block(group.first, group.last, places, rows))
        return -1

    def _sums(
        self, record_set: str, columns: Sequence[_Column], places: Sequence[int], line: int | None
    ) -> totals.Sums:
        """What is added up in the free cells of a total's row."""
        elements = {each.code: each for each in self.words.index.elements}
        wanted = {
            at: (line, places[at])
            for at, each in enumerate(columns)
            if line
            and totals.adds(self.mapped.meanings, each.at, elements, record_set)
            and totals.free(self.sheet, line, places[at])
            and not self._taken((line, places[at]))
        }
        adds = {at: columns[at].adds for at in wanted}
        return totals.Sums(wanted, adds, self.made.sheet(self.sheet.name).cells)

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
            told[at].left = left(self.book, self.sheet, meaning)
            if told[at].left or meaning.element in ("area", "line", "#"):
                continue
            for at_line, row in enumerate(self.mapped.region.lines):
                place = (row.row, meaning.field.box.left)
                if self._taken(place):
                    continue
                value = self._counted(at_line, meaning)
                if value is None:
                    told[at].blanks["line"] += 1
                else:
                    told[at].filled += 1
                    cells[place] = value
        return len(self.mapped.lines)

    def _taken(self, place: tuple[int, int]) -> bool:
        cell = self.sheet.cells.get(place)
        style = self.sheet.styles.get(place, 0)
        locked = self.sheet.protected and self.book.looks.get(style, Look()).locked
        return locked or cell is not None and bool(cell.formula or cell.text.strip())

    def _counted(self, at: int, column: Meaning) -> int | float | None:
        line = self.mapped.lines[at]
        if self.mapped.kind == "area":
            if column.element == "total":
                return self._across(at, column)
            what = column.element
            names = tuple(each.field.path[-1] for each in totals.lines_of(self.mapped.lines, at))
            name = names if line.element == "total" else line.field.path[-1]
            return self.source.count(what, name) if what and name else None
        if line.element == "total":
            return self._summed(at, column)
        if not line.element:
            return None
        if column.element == "total":
            return self.source.count(line.element)
        return self.source.count(totals.joined(line.element, column.element))

    def _across(self, at: int, column: Meaning) -> int | float | None:
        """A total beside counts of places: the sum of those that it adds, where each is known."""
        found = self.mapped.meanings
        counts = [self._counted(at, found[n]) for n in addends(found, found.index(column))]
        known = [each for each in counts if each is not None]
        return sum(known) if counts and len(known) == len(counts) else None

    def _summed(self, at: int, column: Meaning) -> int | float | None:
        """A total of lines: their sum, where each is known and none is a share."""
        lines = totals.lines_of(self.mapped.lines, at)
        counts = [self._counted(self.mapped.lines.index(each), column) for each in lines]
        known = [each for each in counts if each is not None]
        shares = any("rate" in each.element for each in (*lines, column))
        return None if shares or not lines or len(known) < len(counts) else sum(known)

    def _card(self, told: list[Told]) -> int:
        for each in told:
            each.left = "card"
        return 0


def left(book: Book, sheet: Sheet, meaning: Meaning) -> str:
    """The cause for which a field is left as it is; empty where it is filled."""
    here = meaning.field
    if not meaning.element:
        return "unknown"
    if not meaning.sure:
        return "unsure"
    if here.hidden or here.formula:
        return "hidden" if here.hidden else "formula"
    style = sheet.styles.get((here.box.top, here.box.left), 0)
    return "locked" if sheet.protected and book.looks.get(style, Look()).locked else ""


def writer(meaning: Meaning, words: Words) -> Writer:
    """What writes the values of a field."""
    elements = words.index.elements
    element = next((one for one in elements if one.code == meaning.element), None)
    return Writer(meaning.field, element, words.table(element) if element else None)


def asked(meaning: Meaning) -> str:
    """What a source is asked for a field: an element, one part of it, or one tag."""
    return f"{meaning.element}#{meaning.part}" if meaning.part else meaning.element
