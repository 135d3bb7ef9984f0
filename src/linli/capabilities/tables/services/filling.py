"""Filling a form for one area from what the rooms hold; the fact says who took which elements of how many rows."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.mapping.narrowing import narrowed
from linli.capabilities.tables.reading import Book, Region, Shape, open_book
from linli.capabilities.tables.selectors.held import Held, groups_of
from linli.capabilities.tables.writing import fill_book, fill_text
from linli.capabilities.tables.writing.planning import Plan, Report, plan
from linli.capabilities.tables.writing.rows import Value
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers.conditions import Group
from linli.kernel.places.models import Area
from linli.ui.spoken import Spoken


@action("tables.fill", title=_("填写表格"), keep=("reason",))
def fill(
    act: Act,
    area: Area,
    *,
    file: Path,
    out: Path,
    mapped: list[Mapped],
    words: Words,
    reason: str,
    everybody: bool = False,
) -> Report:
    """Fill a form's file into another: what is sure and held, nothing else; blanks stay blank and are told.

    Whom the title names narrows the rows (80周岁以上: people of 80 and more) unless `everybody` is asked for.
    """
    book = open_book(file)
    told = [each for each in mapped if each.region.shape is not Shape.CARD] or mapped
    conditions = {} if everybody else _conditions(told, words)
    source = Held(act, area, conditions, clear=True)
    made = plan(book, mapped, words, source, everybody=everybody)
    _write(book, file, out, made, mapped)
    made.report.scope = offers.words(source.query("person")) if _of_people(mapped) else ""
    elements = sorted({each.element for each in _filled(mapped)})
    note(elements=elements, cells=made.report.filled)
    return made.report


def _conditions(mapped: list[Mapped], words: Words) -> dict[str, tuple[Group, ...]]:
    """Whom the titles of lists of people name."""
    for each in mapped:
        found = narrowed(each.region.title + each.region.section, words.tags)
        if each.kind == "person" and found:
            return {"person": groups_of(found)}
    return {}


def _of_people(mapped: list[Mapped]) -> bool:
    return any(each.kind == "person" and each.region.shape is Shape.LIST for each in mapped)


def _filled(mapped: list[Mapped]) -> list[Meaning]:
    return [one for each in mapped for one in each.meanings if one.sure and "." in one.element]


def _write(book: Book, file: Path, out: Path, made: Plan, mapped: list[Mapped]) -> None:
    if book.kind == "xlsx":
        fill_book(file, out, made.fills)
    elif book.kind == "csv":
        _text(file, out, made, mapped[0].region)
    elif book.kind == "old":
        raise Refusal(
            Spoken("旧格式（.xls、.et）不能原样填写。请用 Excel 或 WPS 打开，另存为 .xlsx 再填。"),
            field="file",
            code="old",
        )
    else:
        raise Refusal(
            Spoken("Word 表已经读懂，还不能自动填写。请把表格复制到 .xlsx 里再填。"),
            field="file",
            code="docx",
        )


def _text(file: Path, out: Path, made: Plan, region: Region) -> None:
    for fill_ in made.fills.values():
        for block in fill_.blocks:
            wide = region.box.right
            rows = (_spread(dict(zip(block.columns, row, strict=True)), wide) for row in block.rows)
            fill_text(file, out, max(region.head[1], block.first - 1), rows)
            return


def _spread(row: dict[int, Value], wide: int) -> list[Value]:
    return [row.get(column) for column in range(1, wide + 1)]
