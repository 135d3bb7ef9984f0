"""Lists of matters: keyset pages, rows ready for a template."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.rules import number_of
from linli.capabilities.matters.selectors import planned
from linli.capabilities.matters.selectors.filters import Filters, narrowed, shown
from linli.capabilities.matters.selectors.names import area_name, names
from linli.capabilities.matters.selectors.sight import in_sight, own
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.policy import current

PAGE = 50
_COLUMNS = (
    "id",
    "kind",
    "code",
    "title",
    "state",
    "round",
    "channel",
    "opened",
    "due",
    "next_due",
    "next_stage",
    "closed",
    "on_time",
    "area_id",
    "community",
    "unit_id",
    "post",
    "offered_unit_id",
    "assignee_id",
    "emergency",
    "restricted",
    "urged",
    "rating",
    "delay_reason",
    "external",
    "address",
)

_ID, _STATE, _DUE, _OPENED = (_COLUMNS.index(n) for n in ("id", "state", "next_due", "opened"))
_HOURLY = frozenset({"overdue", "soon", "undone"})  # these ask for the present moment
STATEMENTS_MOST = 2000
# PostgreSQL's own mark of who wrote a row last: another with every change, however it was made.
_VERSION = RawSQL("matters_matter.xmin::text::bigint", [], output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    id: int
    number: str
    title: str
    kind: str
    code: str
    entry: str
    state: str
    state_title: str
    round: int
    channel: str
    opened: datetime
    due: datetime | None
    next_due: datetime | None
    next_stage: str
    closed: datetime | None
    on_time: bool | None
    tone: str
    area: str
    address: str
    unit: str
    offered: bool
    emergency: bool
    restricted: bool
    urged: int
    rating: int | None
    delay_reason: str
    external: str
    assignee: int | None


@dataclass(slots=True)
class Page:
    """Lines as read, and where to go on; no totals on big lists."""

    lines: list[tuple[Any, ...]]
    now: datetime
    next_after: str = ""
    base: str = ""

    @property
    def rows(self) -> list[Row]:
        """Every line as a row."""
        return [self.row(line) for line in self.lines]

    def opened(self, line: tuple[Any, ...]) -> datetime:
        """When the matter of a line was reported."""
        moment: datetime = line[_OPENED]
        return moment

    def row(self, line: tuple[Any, ...]) -> Row:
        """One line as a row."""
        return row_of(dict(zip((*_COLUMNS, "version"), line, strict=True)), self.now)

    @property
    def keyed(self) -> list[tuple[tuple[Any, ...], Hashable]]:
        """Every line with what its drawing depends on: the row's version, its light, and the names as last read."""
        place = str(connection.settings_dict["NAME"])
        read = (place, current().id, offices.generation(), places.tree().stamp)
        return [(line, (line[_ID], line[-1], self._light(line), read)) for line in self.lines]

    def _light(self, line: tuple[Any, ...]) -> str:
        return tone_of(line[_STATE], line[_DUE], line[_OPENED], self.now)

    @property
    def next_href(self) -> str:
        """The address of the next page, empty on the last."""
        if not self.next_after:
            return ""
        return f"?{self.base}{'&' if self.base else ''}after={self.next_after}"

    @property
    def first_href(self) -> str:
        """The address of the first page."""
        return f"?{self.base}"


def tone_of(state: str, next_due: datetime | None, opened: datetime, now: datetime) -> str:
    """A light for the row: bad when overdue, warn in the last fifth of the time, good or neutral else."""
    if state in ("closed", "refused", "withdrawn", "merged"):
        return "neutral"
    if next_due is None:
        return "info"
    if now > next_due:
        return "bad"
    whole = (next_due - opened).total_seconds()
    return "warn" if whole and (next_due - now).total_seconds() / whole < 0.2 else "good"


def row_of(raw: dict[str, Any], now: datetime) -> Row:
    """A line from the columns read."""
    known = names()
    unit = offices.unit(raw["unit_id"])
    return Row(
        id=raw["id"],
        number=number_of(raw["id"], raw["opened"]),
        title=raw["title"],
        kind=raw["kind"],
        code=raw["code"],
        entry=known.entries.get(raw["code"], raw["code"]),
        state=raw["state"],
        state_title=known.states.get(raw["state"], raw["state"]),
        round=raw["round"],
        channel=raw["channel"],
        opened=raw["opened"],
        due=raw["due"],
        next_due=raw["next_due"],
        next_stage=raw["next_stage"],
        closed=raw["closed"],
        on_time=raw["on_time"],
        tone=tone_of(raw["state"], raw["next_due"], raw["opened"], now),
        area=area_name(raw["area_id"]),
        address=raw["address"],
        unit=unit.name if unit else "",
        offered=raw["offered_unit_id"] is not None,
        emergency=raw["emergency"],
        restricted=raw["restricted"],
        urged=raw["urged"],
        rating=raw["rating"],
        delay_reason=raw["delay_reason"],
        external=raw["external"] or "",
        assignee=raw["assignee_id"],
    )


def listed(act: Act, f: Filters, after: str = "", size: int = PAGE, *, mine: bool = False) -> Page:
    """One page of a list, by keyset; one statement. `mine`: only what the actor reported as a resident."""
    try:
        statement, given = _statement(act, f, after, size + 1, mine)
    except EmptyResultSet:  # what is asked for can hold nothing: words without a single token
        return Page([], act.at, "", f.query())
    raws = (
        planned.read(statement, given, after) if _is_plain(f) else _searched_rows(statement, given)
    )
    lines = raws[:size]
    more = _mark(lines[-1], f.sort) if len(raws) > size else ""
    return Page(lines, act.at, more, f.query())


def _is_plain(f: Filters) -> bool:
    """A tab as it is: its statement is one of few. What is narrowed is planned for what it is narrowed to."""
    return f.show not in _HOURLY and f == Filters(show=f.show)


def _searched_rows(statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


_statements: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def _statement(
    act: Act, f: Filters, after: str, most: int, mine: bool
) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a page; building it costs more than running it, so it is kept while nothing in it is of the hour."""
    plain = _is_plain(f)
    after = str(planned.AFTER) if plain and planned.is_key(after) else after
    key = (act.spans, act.unit, act.actor, act.key, act.post, act.policy, f, after, most, mine)
    if (found := _statements.get(key)) is not None:
        return found
    base = own(act) if mine else _base(act, f)
    rows = narrowed(act, shown(act, base, f, act.at), f)
    going_on = planned.after_due if f.sort == "due" else planned.after_new
    ordered = going_on(rows, after)
    versioned = ordered.values(*_COLUMNS, version=_VERSION)[:most]
    made: tuple[str, tuple[Any, ...]] = versioned.query.sql_with_params()
    if plain:
        made = planned.written_out(*made)
    if f.show not in _HOURLY:
        if len(_statements) > STATEMENTS_MOST:
            _statements.clear()
        _statements[key] = made
    return made


def listed_rows(rows: QuerySet[Matter], now: datetime, most: int) -> list[Row]:
    """The first rows of an ordered query."""
    return [row_of(raw, now) for raw in rows.values(*_COLUMNS)[:most]]


def _base(act: Act, f: Filters) -> QuerySet[Matter]:
    if f.show == "offered":
        return Matter.objects.filter(offered_unit=act.unit or 0)
    return in_sight(act)


def _mark(line: tuple[Any, ...], sort: str) -> str:
    if sort == "due":
        due = line[_DUE]
        return f"{due.isoformat() if due else ''}~{line[_ID]}"
    return str(line[_ID])


def exported(act: Act, f: Filters, most: int) -> QuerySet[Matter]:
    """The rows of an export: the same filters, in order, at most so many."""
    return narrowed(act, shown(act, _base(act, f), f, act.at), f).order_by("-id")[:most]
