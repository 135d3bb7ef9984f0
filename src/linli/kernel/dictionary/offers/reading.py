"""Reading the rows of an offer: in columns, in batches, under the reader's scope; with who said each value if asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _t

from linli.kernel.acts import Act, Denied, under
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.offers import statement as sql
from linli.kernel.dictionary.offers.conditions import Query
from linli.kernel.dictionary.offers.known import Offered, known
from linli.kernel.dictionary.offers.shapes import Said
from linli.kernel.dictionary.offers.statement import Statement
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.places import rules as levels
from linli.kernel.places.rules import Level
from linli.kernel.vault.sealed import Sealed
from linli.ui.spoken import Spoken

BATCH = 5000
PAGE, SCREEN = 50, 200


@dataclass(slots=True)
class Batch:
    """Some rows as columns: keys, values by element, and for every value who said it where that was asked.

    Codes stay codes (`shown` says them); an area is its key; protected values are masked where `masked` names them.
    """

    keys: list[int]
    values: dict[str, list[Any]]
    said: dict[str, list[Said | None]] = field(default_factory=dict)
    masked: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The values row by row, in the order of the elements asked for."""
        return zip(*self.values.values(), strict=True) if self.values else iter(())


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of rows; `more` is the key after which the next begins, 0 on the last."""

    batch: Batch
    more: int = 0


@dataclass(slots=True)
class _Plan:
    """A statement ready to run, and how its columns become values."""

    text: str
    params: dict[str, Any]
    elements: list[Offered]
    maps: list[str]
    clear: bool
    known: dict[int, Said | None] = field(default_factory=dict)


def read(
    act: Act, query: Query, *, size: int = BATCH, with_sources: bool = False, clear: bool = False
) -> Iterator[Batch]:
    """The rows of a query, streamed in batches inside the running transaction.

    `clear` gives protected values in clear to whoever may: only within a taking, which leaves the fact
    (`services.take`). An unknown element, a condition that cannot be asked: Refusal.
    """
    statement = sql.begun(act, query)
    plan = _plan(statement, with_sources=with_sources, clear=clear)
    with connection.cursor() as cursor:
        # All rows are wanted, not the first ones soon: the planner must not think of a tenth.
        cursor.execute("SELECT set_config('cursor_tuple_fraction', '1', true)")
    with connection.chunked_cursor() as cursor:
        cursor.execute(plan.text, plan.params)
        while rows := cursor.fetchmany(size):
            yield _batch(statement, plan, rows)


def batches(
    act: Act, query: Query, *, size: int = BATCH, with_sources: bool = False, clear: bool = False
) -> Iterator[Batch]:
    """The rows of a query, each batch in a transaction of its own, for work in the background."""
    after, left = 0, query.most
    while left is None or left > 0:
        with under(act):
            here = min(size, left) if left is not None else size
            found = page(act, query, after, here, with_sources=with_sources, clear=clear)
        if len(found.batch):
            yield found.batch
        after, left = found.more, None if left is None else left - len(found.batch)
        if not after:
            return


def page(
    act: Act,
    query: Query,
    after: int = 0,
    size: int = PAGE,
    *,
    with_sources: bool = False,
    clear: bool = False,
) -> Page:
    """One screen of a query's rows, from the row after a key on; two or three statements, one more for sources.

    Where elements need more tables than conditions and order do, the rows of the screen are chosen first and joined
    afterwards, so that a page costs the same however many rows meet the conditions.
    """
    statement = sql.begun(act, query.with_(most=size + 1))
    order = sql.terms(statement)
    if after:
        last = _standing(act, query, after)
        if last is not None:
            statement.where.append(sql.beyond(statement, order, last))
    if size <= SCREEN and _joins_more(statement):
        statement.where.append(f"{statement.offer.key} = ANY({_chosen(statement, order)})")
    plan = _plan(statement, with_sources=with_sources, clear=clear)
    with connection.cursor() as cursor:
        cursor.execute(plan.text, plan.params)
        rows = cursor.fetchall()
    batch = _batch(statement, plan, rows[:size])
    return Page(batch, batch.keys[-1] if len(rows) > size else 0)


def _joins_more(statement: Statement) -> bool:
    needed = {join for one in sql.wanted(statement) for join in one.column.joins}
    return bool(needed - statement.joins)


def _chosen(statement: Statement, order: list[sql.Term]) -> str:
    """The keys of a screen's rows, read without what only its elements need; gives the placeholder of the list."""
    text = (
        f"SELECT {statement.offer.key}\nFROM {statement.tables()}\nWHERE {statement.conditions()}\n"
        f"ORDER BY {sql.ordered(order)}\nLIMIT {int(statement.query.most or 0)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, statement.params)
        return statement.name([row[0] for row in cursor.fetchall()])


def one(act: Act, query: Query, key: int, *, with_sources: bool = False) -> Batch:
    """The row of one key, or no row."""
    statement = sql.begun(act, query)
    statement.where.append(f"{statement.offer.key} = {statement.name(key)}")
    plan = _plan(statement, with_sources=with_sources, clear=False)
    with connection.cursor() as cursor:
        cursor.execute(plan.text, plan.params)
        return _batch(statement, plan, cursor.fetchall())


def some(act: Act, query: Query, keys: Iterable[int], *, with_sources: bool = False) -> Batch:
    """The rows of some keys, in the order of the query; two statements, one more for sources."""
    statement = sql.begun(act, query)
    statement.where.append(f"{statement.offer.key} = ANY({statement.name(sorted(set(keys)))})")
    plan = _plan(statement, with_sources=with_sources)
    with connection.cursor() as cursor:
        cursor.execute(plan.text, plan.params)
        return _batch(statement, plan, cursor.fetchall())


def _standing(act: Act, query: Query, key: int) -> tuple[Any, ...] | None:
    """Where a row stands in the order of a query: its own values, so that no address has to carry them."""
    statement = sql.begun(act, query)
    order = sql.terms(statement)
    shown = ", ".join(term.sql for term in order)
    statement.where.append(f"{statement.offer.key} = {statement.name(key)}")
    text = f"SELECT {shown}\nFROM {statement.tables()}\nWHERE {statement.conditions()} LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(text, statement.params)
        found = cursor.fetchone()
    return tuple(found) if found else None


def count(act: Act, query: Query, most: int = 100_000) -> int:
    """How many rows a query has, counted up to one more than `most`; one statement."""
    statement = sql.begun(act, query)
    inner = f"SELECT 1 FROM {statement.tables()}\nWHERE {statement.conditions()}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({inner} LIMIT {int(most) + 1}) x",
            statement.params,
        )
        return int(cursor.fetchone()[0])


def keys(act: Act, query: Query, most: int) -> list[int]:
    """The keys of a query's rows in their order, at most so many and one more."""
    plan = _plan(sql.begun(act, query.with_(elements=(), most=most + 1)))
    with connection.cursor() as cursor:
        cursor.execute(plan.text, plan.params)
        return [row[0] for row in cursor.fetchall()]


def _plan(statement: Statement, *, with_sources: bool = False, clear: bool = False) -> _Plan:
    elements = list(sql.wanted(statement))
    if clear and not (statement.offer.clear and statement.act.may(statement.offer.clear)):
        raise Denied(Spoken("您没有导出完整证件号码和电话的权限。"))
    shown = [statement.offer.key, *(statement.expression(one) for one in elements)]
    maps = list(dict.fromkeys(each for one in elements if (each := one.column.said)))
    if with_sources:
        shown += [statement.filled(each) for each in maps]
    order = sql.ordered(sql.terms(statement))
    limit = f"\nLIMIT {int(statement.query.most)}" if statement.query.most is not None else ""
    text = (
        f"SELECT {', '.join(shown)}\nFROM {statement.tables()}\n"
        f"WHERE {statement.conditions()}\nORDER BY {order}{limit}"
    )
    return _Plan(text, statement.params, elements, maps if with_sources else [], clear)


def _batch(statement: Statement, plan: _Plan, rows: Sequence[Sequence[Any]]) -> Batch:
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    if not columns:
        columns = [[] for _ in range(1 + len(plan.elements) + len(plan.maps))]
    values = {
        one.element.code: _turned(one, raw, clear=plan.clear)
        for one, raw in zip(plan.elements, columns[1:], strict=False)
    }
    sealed = frozenset(one.element.code for one in plan.elements if one.column.sealed)
    for one in plan.elements:
        if one.column.refers:
            values[one.element.code] = _referred(statement.act, one, values[one.element.code])
    made = Batch(columns[0], values, masked=frozenset() if plan.clear else sealed)
    if plan.maps:
        maps = dict(zip(plan.maps, columns[1 + len(plan.elements) :], strict=True))
        made.said = _said(statement, plan, maps, len(rows))
    return made


def _turned(one: Offered, raw: list[Any], *, clear: bool) -> list[Any]:
    """A column as values of its element's kind."""
    column, kind = one.column, one.element.kind
    if column.sealed:
        return [_opened(column.sealed, column.place, value, clear=clear) for value in raw]
    if column.turn is not None:
        return [None if value is None else column.turn(value) for value in raw]
    if column.level:
        level = Level(column.level)
        return [None if value is None else levels.enclosing(value, level) for value in raw]
    if column.text and kind is Kind.DATE:
        return [_day(value) for value in raw]
    if column.text and kind is Kind.BOOLEAN:
        return [None if not value else value == "true" for value in raw]
    if kind is Kind.INTEGER:
        return [int(value) if isinstance(value, Decimal) else value for value in raw]
    return [None if value == "" else value for value in raw]


def _referred(act: Act, one: Offered, raw: list[Any]) -> list[Any]:
    """Keys of another record set as its rows are called, for those whom the reader may see; one statement."""
    code = one.column.refers
    held = {int(each) for row in raw for each in row or () if each.isdecimal()}
    told: dict[str, str] = {}
    record_set = selectors.element(code).record_set
    if held and record_set in known() and act.may(known()[record_set].needs):
        found = some(act, Query(record_set, (code,)), held)
        pairs = zip(found.keys, found.values[code], strict=True)
        told = {str(key): str(value or "") for key, value in pairs}
    # Of somebody who is not in sight only that there is one is said.
    hidden, plain = _t("（不在您的辖区）"), one.element.kind is Kind.NAME
    return [
        [
            word
            for each in row or ()
            if (word := told.get(each, hidden) if each.isdecimal() else each if plain else "")
        ]
        or None
        for row in raw
    ]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _opened(kind: str, place: str, value: Any, *, clear: bool) -> str | None:
    if isinstance(value, list):  # one of several places, the first that holds something
        pairs = zip(place.split("|"), value, strict=True)
        place, value = next(((where, each) for where, each in pairs if each), ("", None))
    if value is None:
        return None
    sealed = Sealed(kind, place, sealed=bytes(value))
    return sealed.open() if clear else sealed.masked


def _said(
    statement: Statement, plan: _Plan, maps: dict[str, list[str | None]], rows: int
) -> dict[str, list[Said | None]]:
    """For every value the batch that answers for it: its own, else that of the whole row."""
    found: dict[str, list[int | None]] = {}
    for one in plan.elements:
        held = maps.get(one.column.said, [None] * rows)
        name = one.column.field or "*"
        # Few rows differ in who said what, so each map is read once.
        answers = {each: _answers(each, name) for each in set(held)}
        found[one.element.code] = [answers[each] for each in held]
    _learn(statement, plan, (batch for column in found.values() for batch in column))
    return {
        code: [plan.known.get(batch) if batch else None for batch in column]
        for code, column in found.items()
    }


def _answers(sources: str | None, name: str) -> int | None:
    held: dict[str, int] = json.loads(sources) if sources else {}
    return held.get(name, held.get("*"))


def _learn(statement: Statement, plan: _Plan, batches: Iterable[int | None]) -> None:
    new = {int(batch) for batch in batches if batch} - plan.known.keys()
    if new and statement.offer.says is not None:
        told = statement.offer.says(new)
        plan.known.update({batch: told.get(batch) for batch in new})
