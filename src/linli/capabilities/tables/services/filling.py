"""Filling a form for one area from what the rooms hold; the fact says who took which elements of how many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.mapping.adding import SUM
from linli.capabilities.tables.mapping.names import subject_of
from linli.capabilities.tables.mapping.narrowing import rows_of
from linli.capabilities.tables.mapping.whom import UNTOLD
from linli.capabilities.tables.reading import Book, Region, Shape, open_book
from linli.capabilities.tables.rules import Column, Way
from linli.capabilities.tables.rules import Plan as Confirmed
from linli.capabilities.tables.selectors.held import OWN, Held, groups_of
from linli.capabilities.tables.writing import fill_book, fill_text
from linli.capabilities.tables.writing.planning import Plan, plan
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import SheetFill
from linli.capabilities.tables.writing.told import Report
from linli.capabilities.tables.writing.word import fill_word
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers, taking
from linli.kernel.dictionary.offers.conditions import Group
from linli.kernel.dictionary.offers.conditions import groups_of as conditions_of
from linli.kernel.places.models import Area
from linli.ui.spoken import Spoken


@action("tables.fill", title=_("填写表格"), keep=("reason",))
def fill(
    act: Act,
    area: Area,
    *,
    file: Path,
    out: Path | BinaryIO,
    mapped: list[Mapped],
    words: Words,
    reason: str,
    everybody: bool = False,
    name: str = "",
    settled: Confirmed | None = None,
) -> Report:
    """Fill a form's file into another: what is sure and held, nothing else; blanks stay blank and are told.

    Whom the title names narrows the rows (80周岁以上: people of 80 and more) unless `everybody` is asked for. `settled`:
    what a unit confirmed, in place of what is proposed. `name`: what the file is called, where it lies under another.
    """
    book = open_book(file, name)
    if settled is not None:
        mapped = confirmed(mapped, settled)
    source = Held(act, area, clear=True, own=texts_of(settled))
    about = {} if everybody else _about(mapped, words, source, settled)
    made = plan(book, mapped, words, source, about, source.records)
    write(book, file, out, made, mapped)
    made.report.scope = _scope(source, mapped, about)
    _told(act, source, mapped, about, made)
    elements = sorted({each.element for each in _filled(mapped)})
    note(elements=elements, cells=made.report.filled)
    return made.report


def _told(
    act: Act,
    source: Held,
    mapped: list[Mapped],
    about: Mapping[int, tuple[Group, ...] | None],
    made: Plan,
) -> None:
    """Everybody who stands in a filled list can be told who took it and why, as after an export."""
    people, lists = set(made.taken.get("person", ())), 0
    for at, each in enumerate(mapped):
        offered = offers.known().get(each.kind)
        groups = about.get(at, ())
        if each.region.shape is not Shape.LIST or groups is None or not offered or at in made.given:
            continue
        if offered.takes:
            clear = bool(offered.clear) and act.may(offered.clear)
            held = offers.offered(each.kind)
            elements = [one.element for one in _filled([each]) if one.element in held]
            query = source.query(each.kind, elements, groups)
            taking.allow(act, query, clear=clear)
            if offered.subject == "people" and len(mapped) > 1:
                people.update(offers.keys(act, query, taking.MOST))
                lists += 1
    if made.given or lists > 1:
        note(taken=sorted(people))


def _about(
    mapped: list[Mapped], words: Words, source: Held, settled: Confirmed | None
) -> dict[int, tuple[Group, ...] | None]:
    """Which rows each list is about: as its unit confirmed it, else as its title says."""
    if settled is None:
        return scopes(mapped, words, source)
    return {part.at: conditions_of(part.conditions) for part in settled.parts}


def confirmed(mapped: Sequence[Mapped], settled: Confirmed) -> list[Mapped]:
    """The regions of a form as its unit confirmed them: what each column means, in place of what was proposed."""
    parts = {part.at: part for part in settled.parts}
    found = []
    for at, each in enumerate(mapped):
        part = parts.get(at)
        waiting = list(part.columns) if part else []
        meanings = tuple(_meant(one, waiting) for one in each.meanings)
        kind = part.record_set if part and part.record_set else each.kind
        found.append(replace(each, kind=kind, meanings=meanings))
    return found


def _meant(meaning: Meaning, waiting: list[Column]) -> Meaning:
    """One heading as it was confirmed; each column is taken once."""
    column = next((each for each in waiting if each.path == meaning.field.path), None)
    if column is None:
        return replace(meaning, element="", part="", confidence=1.0)
    waiting.remove(column)
    element = {
        Way.NUMBER: "#",
        Way.ADDED: SUM,
        Way.BLANK: "",
        Way.KNOWN: column.element,
        Way.COUNTED: column.element or meaning.element,
    }.get(column.way, f"{OWN}{column.key}")
    part = column.part if column.way is Way.KNOWN else ""
    return replace(meaning, element=element, part=part, confidence=1.0, adds=column.adds)


class _Always(Mapping[int, str]):
    """One text for every record."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __getitem__(self, key: int) -> str:
        return self.text

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def texts_of(settled: Confirmed | None) -> dict[str, Mapping[int, str]]:
    """What is the same in every row of a form, by the key of its column."""
    columns = settled.columns if settled is not None else ()
    return {each.key: _Always(each.text) for each in columns if each.text}


def told_rows(mapped: Mapped, words: Words) -> str:
    """The conditions on a region's rows that its title, or the group whose names it asks, says."""
    region = mapped.region
    named = (each.field.path[-1] for each in mapped.meanings if each.taken == "person.name")
    subject = subject_of(next(named, ""))
    return rows_of(mapped.kind, region.title, region.section, words.tables, words.tags, subject)


def scopes(mapped: list[Mapped], words: Words, source: Held) -> dict[int, tuple[Group, ...] | None]:
    """Which rows the title of each list names; None where what is held cannot tell them apart."""
    found: dict[int, tuple[Group, ...] | None] = {}
    for at, each in enumerate(mapped):
        region = each.region
        said = told_rows(each, words)
        if region.shape is Shape.LIST and said == UNTOLD:
            found[at] = None
        elif region.shape is Shape.LIST and said:
            groups = groups_of(said)
            asked = (one.element for group in groups for one in group)
            held = all(source.holds(each.kind, element) for element in asked)
            found[at] = groups if held else None
    return found


def _scope(
    source: Held, mapped: list[Mapped], about: Mapping[int, tuple[Group, ...] | None]
) -> str:
    """Whom the first list of people is about, in words."""
    for at, each in enumerate(mapped):
        if each.kind == "person" and each.region.shape is Shape.LIST:
            return offers.words(source.query("person", groups=about.get(at) or ()))
    return ""


def _filled(mapped: list[Mapped]) -> list[Meaning]:
    return [one for each in mapped for one in each.meanings if one.sure and "." in one.element]


WRITERS: Mapping[str, Callable[[Path, Path | BinaryIO, Mapping[str, SheetFill]], object]] = {
    "xlsx": fill_book,
    "docx": fill_word,
}


OLD = (".xls", ".et")


def old_format() -> Refusal:
    """The answer for files of a format that can only be read."""
    return Refusal(
        Spoken(
            "旧格式（.xls、.et）不能原样填写。请用 Excel 或 WPS 另存为 .xlsx 重新上传；确认过的列会自动带出。"
        ),
        field="file",
        code="old",
    )


def write(
    book: Book, file: Path, out: Path | BinaryIO, made: Plan, mapped: Sequence[Mapped]
) -> None:
    """Write what was planned into a form's own file; a Refusal where its format can only be read."""
    if book.kind in WRITERS:
        WRITERS[book.kind](file, out, made.fills)
    elif book.kind == "csv":
        _text(file, out, made, mapped[0].region)
    else:
        raise old_format()


def _text(file: Path, out: Path | BinaryIO, made: Plan, region: Region) -> None:
    for fill_ in made.fills.values():
        for block in fill_.blocks:
            wide = region.box.right
            rows = (_spread(dict(zip(block.columns, row, strict=True)), wide) for row in block.rows)
            fill_text(file, out, max(region.head[1], block.first - 1), rows)
            return


def _spread(row: dict[int, Value], wide: int) -> list[Value]:
    return [row.get(column) for column in range(1, wide + 1)]
