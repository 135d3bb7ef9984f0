"""The rows of a ledger as they are shown, counted and printed; one row with who said what and what stood before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import OperationalError, connection, transaction
from django.urls import reverse

from linli.capabilities.tables.selectors.ledgers.asked import Asked
from linli.capabilities.tables.selectors.ledgers.catalogue import Head, View
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Offered, Query, Said
from linli.kernel.dictionary.offers.shapes import Change
from linli.kernel.dictionary.offers.statement import narrowed as cut
from linli.kernel.files import selectors as files
from linli.kernel.places.rules import WIDTH, Level

PAGE = 50
PRINT_MOST = 2000
COUNT_MOST = 20_000
MOMENT, PATIENCE = "200ms", "3s"
WIDE = WIDTH[Level.STREET]
_PATIENCE = "SELECT set_config('statement_timeout', %s, true)"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key, and the cells in the order of the heads, in words."""

    key: int
    cells: tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """One screen of a ledger.

    Of more than a street (`wide`) rows stand in the order in which they lie, so that the first fifty cost the same
    however many there are; `tired` says that they were not found within `PATIENCE`.
    """

    heads: tuple[Head, ...]
    lines: list[Line]
    more: int = 0
    hidden: int = 0
    sortable: frozenset[str] = frozenset()
    wide: bool = False
    tired: bool = False


def _readable(act: Act, view: View, asked: Asked) -> tuple[tuple[Head, ...], int]:
    """The columns that the actor may read, and how many they may not."""
    known = {one.element.code for one in offers.readable(act, view.record_set)}
    heads = asked.heads(view)
    shown = tuple(head for head in heads if not head.element or head.element in known)
    return shown, len(heads) - len(shown)


def narrowed(act: Act, view: View, asked: Asked) -> tuple[Query, tuple[Head, ...], int]:
    """The question that the actor may ask of a ledger, with the columns shown and how many are hidden."""
    heads, hidden = _readable(act, view, asked)
    elements = tuple(dict.fromkeys(head.element for head in heads if head.element))
    return replace(asked.query(view), elements=elements), heads, hidden


def _screen(view: View, size: int) -> int:
    """How many rows a screen shows; what is printed or taken out is told whole."""
    few = offers.known()[view.record_set].screen
    return min(size, few) if few and size <= PAGE else size


def unseen(act: Act, view: View, asked: Asked) -> list[str]:
    """Values that a ledger asks about and the actor's post is not shown, by title: whoever has no other is missing."""
    hides = offers.known()[view.record_set].hides
    if hides is None:
        return []
    groups = [*view.conditions, *asked.groups]
    found = [title for g in groups for c in g for title in hides(act, c.element, c.values)]
    return list(dict.fromkeys(found))


def sheet(act: Act, view: View, asked: Asked, after: int = 0, size: int = PAGE) -> Sheet:
    """One screen of a ledger, from the row after a key on; two statements, one more when going on."""
    query, heads, hidden = narrowed(act, view, asked)
    wide = sum(span.hi - span.lo for span in cut(act.spans, query.spans)) > WIDE
    if wide:
        query = replace(query, sort=())
    try:
        with patient(PATIENCE) if wide and size <= PAGE else nullcontext():
            page = offers.page(act, query, after, _screen(view, size))
    except OperationalError:
        if not wide:
            raise
        return Sheet(heads, [], hidden=hidden, wide=True, tired=True)
    known = offers.offered(view.record_set)
    return Sheet(
        heads=heads,
        lines=list(_lines(page.batch, heads, known)),
        more=page.more,
        hidden=hidden,
        sortable=frozenset(c for c in query.elements if known[c].sortable and not wide),
        wide=wide,
    )


@contextmanager
def patient(moment: str) -> Iterator[None]:
    """Inside, a statement may take so long and no longer; an OperationalError ends what takes longer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(_PATIENCE, [moment])
        yield
        cursor.execute(_PATIENCE, [usual])


def _lines(batch: offers.Batch, heads: tuple[Head, ...], known: Any) -> Iterator[Line]:
    columns = [
        [offers.shown(known[head.element].element, value) for value in batch.values[head.element]]
        if head.element
        else [""] * len(batch)
        for head in heads
    ]
    for at, key in enumerate(batch.keys):
        yield Line(key, tuple(column[at] for column in columns))


def counted(act: Act, view: View, asked: Asked | None = None) -> int | None:
    """How many rows a ledger has, up to a limit and for a moment only; None where that took too long."""
    query = replace((asked or Asked()).query(view), elements=(), sort=())
    try:
        with patient(MOMENT):
            return offers.count(act, query, COUNT_MOST)
    except OperationalError:
        return None


def printed(act: Act, view: View, asked: Asked) -> Sheet:
    """The whole ledger for paper, at most `PRINT_MOST` rows; `more` says that there are others."""
    return sheet(act, view, asked, 0, PRINT_MOST)


@dataclass(slots=True)
class Detail:
    """One row of a ledger: every value that the actor may read, who said it, what stood there before, its files."""

    title: str
    values: list[tuple[Offered, str, Said | None]]
    history: list[Change] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    opens: str = ""


def detail(act: Act, view: View, key: int) -> Detail | None:
    """One row by its key; None where it is not in sight. Few statements, however many values."""
    offer = offers.offer(act, view.record_set)
    known = offers.readable(act, view.record_set)
    query = Query(view.record_set, tuple(one.element.code for one in known), view.conditions)
    batch = offers.one(act, query, key, with_sources=True)
    if not batch.keys:
        return None
    values = [
        (
            one,
            offers.shown(one.element, batch.values[one.element.code][0]),
            batch.said.get(one.element.code, [None])[0],
        )
        for one in known
    ]
    return Detail(
        title=values[0][1] if values else "",
        values=values,
        history=offer.history(act, key) if offer.history else [],
        files=_files(offer.files, key),
        opens=reverse(offer.opens, args=[key]) if offer.opens else "",
    )


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of one row of a booklet, under its running number there."""

    number: int
    row: str
    names: list[str]


def attached(act: Act, view: View, sheet: Sheet) -> list[Attached]:
    """The files of the rows of a sheet, in its order; one statement for each kind of owner."""
    held: dict[int, list[str]] = {}
    keys = [line.key for line in sheet.lines]
    for owner in offers.offer(act, view.record_set).files if keys else ():
        for each in files.of(owner, keys):
            held.setdefault(each.owner_id, []).append(each.name)
    return [
        Attached(number, line.cells[0] if line.cells else "", held[line.key])
        for number, line in enumerate(sheet.lines, 1)
        if line.key in held
    ]


def _files(owners: tuple[str, ...], key: int) -> list[dict[str, str]]:
    """The files of a row that was read."""
    found = (each for owner in owners for each in files.of(owner, [key]))
    return [files.shown(each.pk, each.name, each.media_type) for each in found]
