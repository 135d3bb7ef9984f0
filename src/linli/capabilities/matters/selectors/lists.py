"""Lists of matters: filters, keyset pages, rows ready for a template."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.policy import MattersPolicy
from linli.capabilities.matters.rules import entry_of, key_of, number_of
from linli.capabilities.matters.selectors import planned
from linli.capabilities.matters.selectors.sight import in_sight, of_post, own
from linli.capabilities.matters.suggest import query_tokens
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, level_of
from linli.kernel.policy import current

PAGE = 50
SEARCH_MOST = 2000
_WIDE = frozenset({Level.PROVINCE, Level.CITY, Level.DISTRICT})
_NUMBER = re.compile(r"(?=\D*\d)[A-Za-z0-9-]{5,40}")
OPEN_STATES = ("reported", "handling", "waiting", "handled", "verified")
_COLUMNS = (
    *("id", "kind", "code", "title", "state", "round", "channel", "opened", "due", "next_due"),
    *("next_stage", "closed", "on_time", "area_id", "community", "unit_id", "post"),
    *("offered_unit_id", "assignee_id", "emergency", "restricted", "urged", "rating"),
    *("delay_reason", "external", "address"),
)

_ID, _STATE, _DUE, _OPENED = (_COLUMNS.index(n) for n in ("id", "state", "next_due", "opened"))
_HOURLY = frozenset({"overdue", "soon", "undone"})  # these ask for the present moment
STATEMENTS_MOST = 2000
# PostgreSQL's own mark of who wrote a row last: another with every change, however it was made.
_VERSION = RawSQL("matters_matter.xmin::text::bigint", [], output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; every field is one query parameter."""

    show: str = "open"  # open | todo | offered | overdue | soon | waiting | mine | closed | all
    state: str = ""
    group: str = ""
    code: str = ""
    channel: str = ""
    unit: int | None = None
    area: int | None = None
    q: str = ""
    since: date | None = None
    until: date | None = None
    on_time: str = ""  # yes | no
    satisfied: str = ""  # yes | no
    again: str = ""  # yes: done in more than one round
    sort: str = "new"  # new | due

    def query(self, **changes: Any) -> str:
        """The filter as a query string."""
        names = [f for f in self.__dataclass_fields__]
        values = {n: changes.get(n, getattr(self, n)) for n in names}
        blank = Filters()
        return urlencode(
            {n: v for n, v in values.items() if v != getattr(blank, n) and v is not None}
        )


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


class Names:
    """Titles of a pack's entries and states, by code, for rows of any version."""

    def __init__(self) -> None:
        self.pack = current()

    @cached_property
    def policy(self) -> MattersPolicy:
        """The section in force."""
        return self.pack.section(MattersPolicy)

    @cached_property
    def entries(self) -> dict[str, str]:
        """Titles by code."""
        both: Iterable[Any] = (*self.policy.items, *self.policy.classes)
        return {e.code: e.title for e in both}

    @cached_property
    def states(self) -> dict[str, str]:
        """State titles by code."""
        return {code: state.title for code, state in self.policy.flow.states.items()}


_names: dict[int, Names] = {}


def names() -> Names:
    """Titles of the pack in force, kept in memory."""
    version = current().id
    if version not in _names:
        _names.clear()
        _names[version] = Names()
    return _names[version]


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


def area_name(area_id: int) -> str:
    """The name of an area as people nearby say it; a grid's with its community's."""
    return places.near_name(area_id)


def _shown(act: Act, rows: QuerySet[Matter], f: Filters, now: datetime) -> QuerySet[Matter]:
    is_open = Q(closed__isnull=True)
    shown: dict[str, Q] = {
        "open": is_open,
        "todo": is_open & Q(unit=act.unit) & of_post(act) & ~Q(state="waiting"),
        "mine": is_open & Q(assignee=act.actor),
        "waiting": Q(state="waiting"),
        "verify": Q(state="handled"),
        "overdue": is_open & Q(next_due__lt=now),
        "soon": is_open & Q(next_due__gte=now, next_due__lt=now + timedelta(days=1)),
        "closed": Q(closed__isnull=False),
        "late": Q(on_time=False),
        "undone": is_open & Q(handled__isnull=True, due__lt=now),
    }
    return rows.filter(shown[f.show]) if f.show in shown else rows


def _narrowed(act: Act, rows: QuerySet[Matter], f: Filters) -> QuerySet[Matter]:
    exact = {"state": f.state, "code": f.code, "channel": f.channel, "unit": f.unit}
    rows = rows.filter(**{k: v for k, v in exact.items() if v})
    if f.group:
        rows = rows.filter(code__in=codes_in(f.group))
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    if f.since:
        rows = rows.filter(opened__gte=_midnight(f.since))
    if f.until:
        rows = rows.filter(opened__lt=_midnight(f.until + timedelta(days=1)))
    if f.on_time:
        rows = rows.filter(on_time=f.on_time == "yes")
    if f.again:
        rows = rows.filter(round__gt=1)
    if f.satisfied:
        good = [g.value for g in names().policy.ratings.grades if g.satisfied]
        rows = rows.filter(rating__isnull=False)
        rows = (
            rows.filter(rating__in=good) if f.satisfied == "yes" else rows.exclude(rating__in=good)
        )
    return _searched(act, rows, f.q.strip())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def codes_in(group: str) -> list[str]:
    """The codes of a group's entries."""
    policy = names().policy
    both: Iterable[Any] = (*policy.items, *policy.classes)
    return [e.code for e in both if e.group == group]


def _searched(act: Act, rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    """By our number, by the hotline's number, or by words.

    Up to a street the words are a filter on the list's own index; for a district or a city the word index is asked
    through one function that applies the scope itself, for the newest two thousand that hold them all.
    """
    if not words:
        return rows
    key = key_of(words)
    if key is not None:
        return rows.filter(pk=key)
    if _NUMBER.fullmatch(words):
        return rows.filter(external=words)
    wanted = query_tokens(words)
    if not wanted:
        return rows.none()
    if not any(level_of(span.lo) in _WIDE for span in act.spans):
        return rows.filter(tokens__contains=wanted)
    return rows.filter(pk__in=RawSQL("SELECT matters_search(%s, %s)", [wanted, SEARCH_MOST]))


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
    rows = _narrowed(act, _shown(act, base, f, act.at), f)
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
    return _narrowed(act, _shown(act, _base(act, f), f, act.at), f).order_by("-id")[:most]


def entry_title(code: str) -> str:
    """The title of a catalogue entry in force."""
    found = entry_of(names().policy, code)
    return found.title if found else code
