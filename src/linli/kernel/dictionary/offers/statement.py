"""A query as one SQL statement over an offer's rows: only the joins that its elements and conditions need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from linli.kernel.acts import Act, Denied, Refusal, Span
from linli.kernel.dictionary.offers.asking import asked, typed
from linli.kernel.dictionary.offers.conditions import Condition, Group, Op, Query, checked
from linli.kernel.dictionary.offers.known import Offered, may_read, offer, offered
from linli.kernel.dictionary.offers.shapes import Column, Offer, Row
from linli.kernel.dictionary.shapes import Kind
from linli.ui.spoken import Spoken

PICKED, OTHER = "r", "x"
_PAST = """LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(e.key, e.value ORDER BY o.id DESC) AS before
    FROM {memory} o, jsonb_each(o.before) e
    WHERE o."table" = '{table}' AND o."row" = {alias}.id AND o.at >= %(end)s
) past_{alias} ON true"""


class Arms:
    """`{scope[x.area_id]}` in an expression: that a column lies in the areas asked for."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = tuple(spans)

    def __getitem__(self, column: str) -> str:
        arms = (f"({column} >= {span.lo} AND {column} < {span.hi})" for span in self.spans)
        return f"({' OR '.join(arms)})" if self.spans else "false"


def narrowed(own: Iterable[Span], wanted: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of the actor's areas that are asked for; all of them where nothing is asked."""
    own, wanted = tuple(own), tuple(wanted)
    if not wanted:
        return own
    cut = (Span(max(a.lo, b.lo), min(a.hi, b.hi)) for a in own for b in wanted)
    return tuple(span for span in cut if span.lo < span.hi)


@dataclass(slots=True)
class Statement:
    """What is put together for one query: the offer, its columns, parameters, joins in use."""

    act: Act
    query: Query
    offer: Offer
    known: dict[str, Offered]
    day: date
    params: dict[str, Any]
    arms: Arms
    joins: set[str] = field(default_factory=set)
    picks: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    past: dict[str, Row] = field(default_factory=dict)

    def name(self, value: Any) -> str:
        """The placeholder of one more parameter."""
        key = f"v{len(self.params)}"
        self.params[key] = value
        return f"%({key})s"

    def filled(self, sql: str, alias: str = PICKED) -> str:
        """An expression with the row's alias and the areas filled in."""
        arms = {"scope": self.arms, "sight": Arms(self.act.spans)}
        return sql.format_map({"r": alias, "picks": self._picked(), **arms})

    def _picked(self) -> str:
        return "".join(f" AND {each}" for each in self.picks)

    def expression(self, one: Offered, alias: str = PICKED) -> str:
        """The value of an element, as it stands or, for a past day, as it stood."""
        sql, row = one.column.sql, self._remembered(one)
        if row is not None:
            sql = _as_it_stood(one, row, sql)
            self.past[row.alias] = row
        self.joins.update(one.column.joins)
        return self.filled(sql, alias)

    def _remembered(self, one: Offered) -> Row | None:
        row = self.offer.rows.get(one.element.record_set)
        today = timezone.localdate(self.act.at)
        if row is None or not row.past or self.day >= today or not one.column.field:
            return None
        return row if not one.column.sealed and one.column.sql.startswith(f"{row.alias}.") else None

    def tables(self) -> str:
        """The base with the joins in use, in the order in which the offer names them."""
        wanted = set(self.joins)
        for name in reversed(list(self.offer.joins)):
            if name in wanted:
                wanted.update(self.offer.joins[name].after)
        parts = [self.offer.base]
        parts += [join.sql for name, join in self.offer.joins.items() if name in wanted]
        parts += [
            _PAST.format(memory=self.offer.memory, table=row.past, alias=alias)
            for alias, row in self.past.items()
        ]
        return self.filled("\n".join(parts))

    def conditions(self) -> str:
        """Everything that a row must meet."""
        parts = [self._in_sight(), self.filled(self.offer.where), *self.where]
        if self.offer.pick:
            parts.append(self.filled(self.offer.pick))
        return "\n  AND ".join(parts)

    def _in_sight(self) -> str:
        """Rows of the areas asked for; for an actor without areas those of the own unit, where the offer names it."""
        act = self.act
        if act.spans or act.unit is None or not self.offer.unit:
            return self.arms[self.offer.area]
        own, asked_for = f"{self.offer.unit} = {self.name(act.unit)}", self.query.spans
        return f"{own} AND {Arms(asked_for)[self.offer.area]}" if asked_for else own


def _as_it_stood(one: Offered, row: Row, sql: str) -> str:
    before, name = f"past_{row.alias}.before", one.column.field
    cast = "date" if one.element.kind is Kind.DATE else "text"
    return f"CASE WHEN {before} ? '{name}' THEN ({before} ->> '{name}')::{cast} ELSE {sql} END"


def begun(act: Act, query: Query) -> Statement:
    """The statement of a query with its conditions; Denied or a Refusal where it may not or cannot be asked."""
    found = offer(act, query.record_set)
    checked(query.conditions)
    day = query.on or timezone.localdate(act.at)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    params = {"day": day, "end": end, **(found.params(act) if found.params else {})}
    statement = Statement(
        act=act,
        query=query,
        offer=found,
        known=dict(offered(query.record_set)),
        day=day,
        params=params,
        arms=Arms(narrowed(act.spans, query.spans)),
    )
    _focus(statement)
    for group in query.conditions:
        _ask(statement, group)
    if query.text and found.name:
        statement.where.append(f"position({statement.name(query.text)} in {found.name}) > 0")
    return statement


def _focus(statement: Statement) -> None:
    """Tell the offer which values of a column of several are asked for, so that what hangs on them is theirs."""
    for code, one in statement.known.items():
        if one.column.many:
            asked_for = [
                typed(one.element, value, statement.day)
                for group in statement.query.conditions
                for each in group
                if each.element == code and each.op is Op.IS
                for value in each.values
            ]
            statement.params[f"focus_{code.replace('.', '_')}"] = asked_for or None


def known_element(statement: Statement, code: str) -> Offered:
    """An element that the offer answers; a Refusal for any other."""
    found = statement.known.get(code)
    if found is None:
        message = Spoken("“%(set)s”里没有“%(code)s”这一项。") % {
            "set": statement.offer.title,
            "code": code,
        }
        raise Refusal(message, field=code, code="element")
    if not may_read(statement.act, statement.offer, found):
        message = Spoken("您没有查看“%(title)s”的权限。") % {"title": found.element.label}
        raise Denied(message)
    return found


def _ask(statement: Statement, group: Group) -> None:
    picking = all(known_element(statement, each.element).column.picks for each in group)
    here = " OR ".join(_one(statement, each, PICKED) for each in group)
    statement.where.append(f"({here})")
    if picking and statement.offer.pick:
        statement.picks.append(f"({' OR '.join(_one(statement, e, OTHER) for e in group)})")


def _one(statement: Statement, condition: Condition, alias: str) -> str:
    one = known_element(statement, condition.element)
    if not one.column.holds:
        sql = statement.expression(one, alias)
        return asked(one, condition, statement.name, statement.day, sql)
    return _held(statement, one, condition)


def _held(statement: Statement, one: Offered, condition: Condition) -> str:
    """A value of which there may be several: whether one of them, or none, is such."""
    positive = condition
    if condition.op in (Op.NOT, Op.EMPTY):
        turned = Op.IS if condition.op is Op.NOT else Op.FILLED
        positive = Condition(condition.element, turned, condition.values)
    value = statement.filled(one.column.value)
    test = asked(one, positive, statement.name, statement.day, value)
    column: Column = one.column
    holds = statement.filled(column.holds.replace("{test}", test))
    return f"NOT {holds}" if positive is not condition else holds


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the order: an expression, whether it falls, whether it may be empty."""

    sql: str
    falls: bool = False
    empty: bool = False


def terms(statement: Statement) -> list[Term]:
    """The order of the rows: what is asked, then the offer's own, which ends with the key."""
    found = [_term(statement, code) for code in statement.query.sort]
    own = statement.offer.order or (statement.offer.key,)
    plain = (each.removeprefix("-") for each in own)
    falls = (each.startswith("-") for each in own)
    return found + [Term(sql, down) for sql, down in zip(plain, falls, strict=True)]


def _term(statement: Statement, code: str) -> Term:
    one = known_element(statement, code.removeprefix("-"))
    if not one.sortable:
        message = Spoken("不能按“%(title)s”排序。") % {"title": one.element.label}
        raise Refusal(message, field=one.element.code, code="sort")
    sql = statement.expression(one)
    return Term(one.column.sort or sql, code.startswith("-"), empty=True)


def ordered(order: Iterable[Term]) -> str:
    """ORDER BY; empty values last, whichever way the order goes."""
    return ", ".join(
        f"{term.sql}{' DESC' if term.falls else ''}{' NULLS LAST' if term.empty else ''}"
        for term in order
    )


def beyond(statement: Statement, order: list[Term], last: tuple[Any, ...]) -> str:
    """The rows that stand after one whose order values are `last`."""
    if not any(term.empty for term in order) and len({term.falls for term in order}) == 1:
        left = ", ".join(term.sql for term in order)
        right = ", ".join(statement.name(value) for value in last)
        sign = "<" if order[0].falls else ">"
        first = f"{order[0].sql} {sign}= {statement.name(last[0])} AND " if len(order) > 1 else ""
        return f"({first}({left}) {sign} ({right}))"
    arms, same = [], ""
    for term, value in zip(order, last, strict=True):
        arms.append(f"({same}{_after(statement, term, value)})")
        same += f"{_equal(statement, term, value)} AND "
    return f"({' OR '.join(arms)})"


def _after(statement: Statement, term: Term, value: Any) -> str:
    if value is None:
        return "false"
    further = f"{term.sql} {'<' if term.falls else '>'} {statement.name(value)}"
    return f"({further} OR {term.sql} IS NULL)" if term.empty else further


def _equal(statement: Statement, term: Term, value: Any) -> str:
    return f"{term.sql} IS NULL" if value is None else f"{term.sql} = {statement.name(value)}"


def wanted(statement: Statement) -> Iterator[Offered]:
    """The elements asked for, in their order."""
    for code in statement.query.elements:
        yield known_element(statement, code)
