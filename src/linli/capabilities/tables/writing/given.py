"""Rows that a department wrote in already: the form asks the other columns of exactly these (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from linli.capabilities.tables.mapping import Mapped, Meaning
from linli.capabilities.tables.reading.shapes import Sheet

# What tells one record from others, the surest first; more than one must agree where more are given.
KEYS: Mapping[str, tuple[str, ...]] = {
    "person": ("person.document", "person.name"),
    "household": ("household.head_document", "household.head_name"),
    "organisation": ("organisation.uscc", "organisation.name"),
    "holding": ("holding.name",),
    "home": ("home.address",),
    "building": ("building.name",),
    "estate": ("estate.name",),
}
Key = tuple[str, ...]
Records = Callable[[str, Sequence[str]], Iterator[tuple[int, Sequence[object]]]]


def plain(value: object) -> str:
    """A key as it is compared: without blanks, letters large."""
    return "".join(str(value or "").split()).upper().lstrip("'")


def keys_of(mapped: Mapped) -> dict[str, int]:
    """The columns of a list that tell its records apart, as element and column."""
    wanted = KEYS.get(mapped.kind, ())
    known = {each.element: each.field.box.left for each in mapped.meanings if each.sure}
    return {element: known[element] for element in wanted if element in known}


def given(sheet: Sheet, mapped: Mapped) -> dict[int, Key]:
    """The rows that name a record already, each with its keys in their order; empty where none does."""
    region, columns = mapped.region, list(keys_of(mapped).values())
    found: dict[int, Key] = {}
    for row in range(region.head[1] + 1, region.box.bottom + 1) if columns and region.kept else ():
        if row in region.hints or row in region.samples:
            continue
        cells = (sheet.cells.get((row, column)) for column in columns)
        texts = tuple(plain(cell.text) if cell else "" for cell in cells)
        if any(texts):
            found[row] = texts
    return found


def waiting(sheet: Sheet, rows: Mapping[int, Key], chosen: Iterable[Meaning]) -> bool:
    """Whether the rows given still lack what is asked of them; rows that are complete are a list begun by hand."""
    columns = [each.field.box.left for each in chosen if each.element != "#"]
    lacking = sum(
        any(
            not (cell := sheet.cells.get((row, column))) or not cell.text.strip()
            for column in columns
        )
        for row in rows
    )
    return bool(rows) and lacking * 2 >= len(rows)


def found(
    rows: Mapping[int, Key],
    keys: int,
    records: Records | None,
    record_set: str,
    elements: Sequence[str],
) -> dict[int, tuple[int, Sequence[object]]]:
    """The record of each row given, with its values (the keys first); a row that fits none or several has none."""
    met: dict[int, tuple[int, Sequence[object]]] = {}
    several: set[int] = set()
    by: dict[tuple[int, str], list[int]] = {}
    for row, texts in rows.items():
        first = next(at for at, text in enumerate(texts) if text)
        by.setdefault((first, texts[first]), []).append(row)
    for key, values in records(record_set, elements) if records else ():
        told = [plain(value) for value in values[:keys]]
        for row in (one for at, text in enumerate(told) for one in by.get((at, text), ())):
            if matched(rows[row], told):
                several |= {row} & met.keys()
                met[row] = (key, values)
    return {row: one for row, one in met.items() if row not in several}


def matched(keys: Key, told: Sequence[str]) -> bool:
    """Whether a record agrees with everything that is given of it."""
    return all(not key or key == text for key, text in zip(keys, told, strict=True))
