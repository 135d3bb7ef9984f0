"""Contradictions of the dictionary: one thing under two names, tables that are missing, numbers used twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linli.kernel.dictionary.headings import too_near
from linli.kernel.dictionary.rules import variants
from linli.kernel.dictionary.shapes import CodeTable, DictionaryPolicy, Element, Kind
from linli.kernel.dictionary.tables import tables_of
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.yamlfile import Trail

Fault = tuple[Trail, str]


def contradictions(pack: Pack) -> Iterator[Fault]:
    """Every contradiction of a pack's dictionary: (trail to it, what is wrong)."""
    policy = pack.section(DictionaryPolicy)
    tables = tables_of(pack)
    yield from _elements(policy, tables)
    yield from _doubles(policy.elements)
    for table in policy.tables:
        for code, message in ambiguous(table):
            yield ("dictionary", "tables", table.code, "entries", code), message


def _trail(element: Element, *more: str) -> Trail:
    return ("dictionary", "elements", element.code, *more)


def _elements(policy: DictionaryPolicy, tables: Mapping[str, CodeTable]) -> Iterator[Fault]:
    numbers: dict[str, str] = {}
    columns: dict[tuple[str, str, str], str] = {}
    for element in policy.elements:
        yield from _one(element, tables, policy)
        if numbers.setdefault(element.number, element.code) != element.code:
            yield _trail(element, "number"), f"the number is that of `{numbers[element.number]}`"
        place = (element.record_set, element.column, element.of_kind)
        if element.column and columns.setdefault(place, element.code) != element.code:
            yield _trail(element, "column"), f"the column holds `{columns[place]}` already"


def _one(
    element: Element, tables: Mapping[str, CodeTable], policy: DictionaryPolicy
) -> Iterator[Fault]:
    if not element.code.startswith(f"{element.record_set}."):
        yield _trail(element, "code"), f"begins with its record set, `{element.record_set}.`"
    if (element.kind is Kind.CODE) != bool(element.table):
        yield _trail(element, "table"), "an element of kind code names its table, no other does"
    if element.table and element.table not in tables:
        yield _trail(element, "table"), f"there is no code table `{element.table}`"
    for code in element.apart_from:
        if code not in policy.by_code:
            yield _trail(element, "apart_from"), f"there is no element `{code}`"


def _doubles(elements: tuple[Element, ...]) -> Iterator[Fault]:
    for position, later in enumerate(elements):
        for earlier in elements[:position]:
            if name := too_near(later, earlier):
                yield (
                    _trail(later, "title"),
                    f"`{later.title}` exists as {earlier.code} ({earlier.title}) under the name “{name}”: "
                    "use that element, or name it in `apart_from` if it means something else",
                )


def ambiguous(table: CodeTable) -> Iterator[tuple[str, str]]:
    """Entries of a table whose spelling is that of another: (code, what is wrong)."""
    owners: dict[str, str] = {}
    for entry in table.entries:
        for spelling in variants(entry):
            if owners.setdefault(spelling, entry.code) != entry.code:
                yield entry.code, f"“{spelling}” is said of `{owners[spelling]}` too"
