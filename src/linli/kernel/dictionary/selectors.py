"""Reading the dictionary in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.kernel.dictionary.headings import Index, Match
from linli.kernel.dictionary.shapes import CodeTable, DictionaryPolicy, Element, Owner, RecordSet
from linli.kernel.dictionary.tables import tables_of
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import current


@dataclass(frozen=True, slots=True)
class Book:
    """One pack's dictionary, ready to be asked."""

    elements: Mapping[str, Element]
    tables: Mapping[str, CodeTable]
    index: Index


_books: dict[str, Book] = {}


def book(pack: Pack | None = None) -> Book:
    """The dictionary of a pack, or of the one in force; kept in the process."""
    asked = pack or current()
    found = _books.get(asked.hash)
    if found is None:
        elements = asked.section(DictionaryPolicy).by_code
        found = Book(elements, tables_of(asked), Index(elements.values()))
        if len(_books) > 8:
            _books.clear()
        _books[asked.hash] = found
    return found


def elements(record_set: str | None = None) -> Mapping[str, Element]:
    """Elements by code, of one record set or of all."""
    known = book().elements
    if record_set is None:
        return known
    return {code: one for code, one in known.items() if one.record_set == record_set}


def element(code: str) -> Element:
    """The element of that code (LookupError: unknown)."""
    return book().elements[code]


def element_of(record_set: str, column: str) -> Element | None:
    """The element that a column of a record set holds; none where the dictionary does not know it."""
    return next((e for e in elements(record_set).values() if e.column == column), None)


def tables() -> Mapping[str, CodeTable]:
    """Code tables by code."""
    return book().tables


def table(code: str) -> CodeTable:
    """The code table of that code (LookupError: unknown)."""
    return book().tables[code]


def table_of(one: Element) -> CodeTable | None:
    """The code table of an element; none where it is not coded."""
    return book().tables[one.table] if one.table else None


def title_of(table: str, code: str) -> str:
    """A code's title in the reader's language; the code itself where the table does not know it."""
    entry = book().tables[table].by_code.get(code)
    return entry.label if entry else code


def owners() -> Mapping[str, Owner]:
    """The departments that answer for elements, by code."""
    return {owner.code: owner for owner in current().section(DictionaryPolicy).owners}


def record_sets() -> Mapping[str, RecordSet]:
    """The record sets of the dictionary, by code."""
    return {each.code: each for each in current().section(DictionaryPolicy).record_sets}


def choices(table: str) -> list[tuple[str, str]]:
    """(code, title in the reader's language) of a table, for a form."""
    return [(entry.code, entry.label) for entry in book().tables[table].entries]


def look_up(heading: str, record_sets: Iterable[str] | None = None) -> list[Match]:
    """The elements that a heading may mean, the likeliest first, each with its score 0..1 and why."""
    return book().index.look_up(heading, record_sets)


def similar(title: str, synonyms: Iterable[str] = ()) -> list[Match]:
    """Elements that a new field of that name would say again, the likeliest first."""
    best: dict[str, Match] = {}
    for name in (title, *synonyms):
        for match in look_up(name):
            known = best.get(match.element.code)
            if known is None or known.score < match.score:
                best[match.element.code] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.element.code))
