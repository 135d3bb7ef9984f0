"""The roll: who lives in an area, by filters, page by page (keyset), and how many on which ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from linli.capabilities.registry.models import Bond, Mark, Residence, Tie
from linli.capabilities.registry.rules.people import born_between
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.lines import Line as Line
from linli.capabilities.registry.selectors.lines import address_of as address_of
from linli.capabilities.registry.selectors.lines import in_force, made, stays_of
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

PAGE = 50
COUNT_MOST = 50_000
MOMENT = "250ms"
_PATIENCE = "SELECT set_config('statement_timeout', %s, true)"
KINDS = ("registered", "permanent", "floating", "lodging")
OTHERS = "others"  # whoever lives here and is registered elsewhere (R015)
SHOWS = ("all", *KINDS, OTHERS, "left")
GAPS = ("document", "phone", "reach", "reached", "guardian", "head", "education", "employment")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the roll is narrowed to; every field is one query parameter."""

    show: str = "all"  # all | registered | permanent | floating | lodging | others | left
    area: int | None = None
    estate: int | None = None
    building: int | None = None
    household: int | None = None
    sex: str = ""
    youngest: int | None = None
    oldest: int | None = None
    tag: str = ""
    political: str = ""
    gap: str = ""  # a value that nobody has collected
    apart: str = ""  # yes: registered here, lives elsewhere

    @property
    def by_mark(self) -> bool:
        """Whether the tag leads: nothing is asked that a home or household knows better."""
        asked = (self.estate, self.building, self.household, self.gap == "head")
        return bool(self.tag) and self.show != "left" and not any(asked)

    def query(self, **changes: Any) -> str:
        """The filter as a query string."""
        blank = Filters()
        values = {n: changes.get(n, getattr(self, n)) for n in self.__dataclass_fields__}
        return urlencode(
            {n: v for n, v in values.items() if v != getattr(blank, n) and v is not None}
        )


@dataclass(slots=True)
class Page:
    """Lines, and where to go on."""

    lines: list[Line]
    next_after: str = ""
    base: str = ""

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


def _narrowed(act: Act, f: Filters) -> QuerySet[Residence]:
    rows = Residence.objects.filter(within(act))
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    rows = rows.filter(until__isnull=f.show != "left")
    exact = {
        "kind": f.show if f.show in KINDS else "",
        "lives": f.show == OTHERS,
        "home__building": f.building,
        "home__building__estate": f.estate,
        "household": f.household,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if f.show == OTHERS:
        rows = rows.exclude(kind="registered")
    if f.apart:
        rows = rows.filter(kind="registered", lives=False)
    day = timezone.localdate(act.at)
    rows = rows.filter(_of_person(f, day))
    if f.tag:
        marks = Mark.objects.filter(in_force(day), person=OuterRef("person"), code=f.tag)
        rows = rows.filter(Exists(marks))
    return rows


def _of_person(f: Filters, day: date) -> Q:
    """What a filter asks of the person, for any row that has one."""
    asked = {"person__sex": f.sex, "person__political": f.political}
    found = Q(**{name: value for name, value in asked.items() if value})
    if f.youngest is not None or f.oldest is not None:
        first, last = born_between(f.youngest, f.oldest, day)
        found &= Q(person__born__gte=first, person__born__lte=last)
    return found & _gap(f.gap, day)


def _gap(gap: str, day: date) -> Q:
    if gap in ("document", "phone"):
        return Q(**{f"person__{gap}__isnull": True})
    if gap == "reach":
        return Q(person__document__isnull=True) | Q(person__phone__isnull=True)
    if gap == "reached":
        return Q(person__document__isnull=False, person__phone__isnull=False)
    if gap in ("education", "employment"):
        return Q(**{f"person__{gap}": ""})
    if gap == "head":
        return Q(household__isnull=False, household__head__isnull=True)
    if gap == "guardian":
        first, last = born_between(0, kinds.section().ages.majority - 1, day)
        guards = Bond.objects.filter(person=OuterRef("person"), kind="guardian", until__isnull=True)
        return Q(~Exists(guards), person__born__gte=first, person__born__lte=last)
    return Q()


def listed(act: Act, f: Filters, after: str = "", size: int = PAGE) -> Page:
    """One page of the roll, in order of place, each person once; three statements."""
    day = timezone.localdate(act.at)
    if f.by_mark:
        return _marked(act, f, after, size, day)
    rows = _narrowed(act, f).select_related("person", "home__building")
    return _page(act, f, rows, after, size, day)


def _marked(act: Act, f: Filters, after: str, size: int, day: date) -> Page:
    """Who bears a tag, in the order of the marks' own index, so that a page of a city costs what one of a grid does."""
    keys, more = _bearers(act, f, after, size, day)
    stays = stays_of(act, keys, persons=True)
    firsts = (next((s for s in stays.get(key, ()) if _meets(s, f)), None) for key in keys)
    return Page(made((s for s in firsts if s is not None), day, stays), more, f.query())


def _bearers(act: Act, f: Filters, after: str, size: int, day: date) -> tuple[list[int], str]:
    marks = Mark.objects.filter(within(act), in_force(day), _of_person(f, day), code=f.tag)
    if f.area:
        span = places.span(f.area)
        marks = marks.filter(area__gte=span.lo, area__lt=span.hi)
    mark = _mark(after)
    if mark is not None:
        area, key = mark
        marks = marks.filter(Q(area__gt=area) | Q(area=area, person__gt=key), area__gte=area)
    rows = list(marks.order_by("area_id", "person_id").values_list("area", "person")[: size + 1])
    more = f"{rows[size - 1][0]}~{rows[size - 1][1]}" if len(rows) > size else ""
    return list(dict.fromkeys(person for _area, person in rows[:size])), more


def _page(
    act: Act, f: Filters, rows: QuerySet[Residence], after: str, size: int, day: date
) -> Page:
    """The order is that of the index by area and person; somebody who stands in several areas is told at the first."""
    mark = _mark(after)
    if mark is not None:
        area, key = mark
        rows = rows.filter(Q(area__gt=area) | Q(area=area, person__gt=key), area__gte=area)
    found = list(rows.order_by("area_id", "person_id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    more = f"{last.area_id}~{last.person_id}" if last is not None else ""
    shown = found[:size]
    stays = stays_of(act, (row.person_id for row in shown), past=f.show == "left")
    firsts: dict[int, Residence] = {}
    for row in shown:
        if _is_first(row, stays.get(row.person_id, ()), f, day):
            firsts.setdefault(row.person_id, row)
    return Page(made(firsts.values(), day, stays), more, f.query())


def _is_first(row: Residence, stays: Iterable[Residence], f: Filters, day: date) -> bool:
    """Whether no other residence of the person stands earlier in the same list."""
    if f.show == "left" and any(s.until is None and _meets(s, f) for s in stays):
        return False  # moved within the area: not gone
    return not any(
        s.area_id < row.area_id and (s.until is None) == (row.until is None) and _meets(s, f)
        for s in stays
    )


def _meets(stay: Residence, f: Filters) -> bool:
    """Whether a residence itself meets a filter; what is asked of the person holds for all of theirs."""
    home = stay.home
    span = places.span(f.area) if f.area else None
    return (
        (span is None or span.lo <= stay.area_id < span.hi)
        and (f.show not in (*KINDS, OTHERS) or stay.kind in _kinds(f.show))
        and (not f.building or (home is not None and home.building_id == f.building))
        and (not f.estate or (home is not None and home.building.estate_id == f.estate))
        and (not f.household or stay.household_id == f.household)
        and (not f.apart or (stay.kind == "registered" and not stay.lives))
        and (f.show != OTHERS or stay.lives)
    )


def _kinds(show: str) -> tuple[str, ...]:
    return KINDS[1:] if show == OTHERS else (show,)


def _mark(after: str) -> tuple[int, int] | None:
    area, _stroke, key = after.partition("~")
    if area.isdecimal() and key.isdecimal() and len(after) < 40:
        return int(area), int(key)
    return None


def of_people(act: Act, people: Iterable[int]) -> list[Line]:
    """Some people in the order given, one line each: by where they live, else by any residence or tie in sight."""
    order = {person: at for at, person in enumerate(people)}
    rows = (
        Residence.objects.filter(within(act), person__in=list(order))
        .select_related("person", "home__building")
        .order_by("person_id", "-until", "-lives", "-id")
    )
    one: dict[int, Residence] = {}
    stays: dict[int, list[Residence]] = {}
    for row in rows:
        one.setdefault(row.person_id, row)
        stays.setdefault(row.person_id, []).append(row)
    for row in _tied(act, set(order) - set(one)):
        one.setdefault(row.person_id, row)
    lines = made(one.values(), timezone.localdate(act.at), stays)
    return sorted(lines, key=lambda line: order[line.person])


def _tied(act: Act, people: set[int]) -> list[Residence]:
    """Who is in sight by a tie alone (an owner who lives elsewhere), as if it were a stay."""
    if not people:
        return []
    ties = (
        Tie.objects.filter(within(act), person__in=people)
        .select_related("person", "home__building")
        .order_by("person_id", "-until", "-id")
    )
    return [
        Residence(
            id=0,
            person=tie.person,
            area_id=tie.area_id,
            home=tie.home,
            lives=False,
            since=tie.since,
            until=tie.until,
        )
        for tie in ties
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people there are on each ground and altogether; `more`: counting stopped, there are more than said."""

    by: dict[str, int]
    more: bool = False


_PEOPLE = """
SELECT count(*), sum(n), {kinds}
FROM (SELECT count(*) AS n, {flags} FROM ({rows}) stay GROUP BY stay.person_id) person
"""


def counts(act: Act, f: Filters) -> Counts:
    """How many people there are on each ground, each once, and altogether; one statement.

    Counted up to a limit and for a moment only: what takes longer is not told rather than waited for.
    """
    plain = replace(f, show="all")
    rows = _narrowed(act, plain).order_by().values("person_id", "kind", "lives")
    inner, values = rows[: COUNT_MOST + 1].query.sql_with_params()
    away = "bool_or(stay.kind <> 'registered' AND stay.lives)"
    flags = [f"bool_or(stay.kind = '{kind}') AS {kind}" for kind in KINDS]
    shown = (*KINDS, OTHERS)
    statement = _PEOPLE.format(
        rows=inner,
        flags=", ".join([*flags, f"{away} AS {OTHERS}"]),
        kinds=", ".join(f"count(*) FILTER (WHERE {name})" for name in shown),
    )
    found = _in_a_moment(statement, values)
    if found is None:
        return Counts({}, True)
    people, stays, *each = found
    return Counts({"all": people, **dict(zip(shown, each, strict=True))}, (stays or 0) > COUNT_MOST)


def _in_a_moment(statement: str, values: Any) -> Any:
    """One row, or nothing when it is not there within `MOMENT`."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            (usual,) = cursor.fetchone()
            cursor.execute(_PATIENCE, [MOMENT])
            cursor.execute(statement, values)
            found = cursor.fetchone()
            cursor.execute(_PATIENCE, [usual])
            return found
    except OperationalError:
        return None


def everybody(act: Act, f: Filters, most: int) -> list[int]:
    """The people of a filter in order of place, each once, at most so many and one more."""
    if f.by_mark:
        day = timezone.localdate(act.at)
        keys, _more = _bearers(act, f, "", most + 1, day)
        stays = stays_of(act, keys)
        return [key for key in keys if any(_meets(s, f) for s in stays.get(key, ()))]
    rows = _narrowed(act, f).order_by("area_id", "person_id").values_list("person_id", flat=True)
    gone = f.show == "left"
    found = list(dict.fromkeys(rows[: 2 * (most + 1)].iterator()))
    if gone:
        back = {pk for pk, stays in stays_of(act, found[: most + 1]).items() if stays}
        found = [pk for pk in found if pk not in back]
    return found[: most + 1]


def picked(act: Act, residences: Iterable[int]) -> list[Line]:
    """The lines of picked rows that lie in sight."""
    rows = Residence.objects.filter(within(act), pk__in=list(residences))
    return made(
        rows.select_related("person", "home__building").order_by("area_id", "id"),
        timezone.localdate(act.at),
        {},
    )


def _on(act: Act, day: date, f: Filters) -> QuerySet[Residence]:
    rows = Residence.objects.filter(within(act), lives=True)
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    exact = {"home__building": f.building, "home__building__estate": f.estate}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    rows = rows.filter(Q(since__isnull=True) | Q(since__lte=day))
    return rows.filter(Q(until__isnull=True) | Q(until__gt=day))


def lived_on(act: Act, day: date, f: Filters, after: str = "", size: int = PAGE) -> Page:
    """Who lived in an area on a day: residences begun by then and not ended before; the last day does not count."""
    rows = _on(act, day, f).select_related("person", "home__building")
    mark = _mark(after)
    if mark is not None:
        area, key = mark
        rows = rows.filter(Q(area__gt=area) | Q(area=area, person__gt=key), area__gte=area)
    found = list(rows.order_by("area_id", "person_id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    more = f"{last.area_id}~{last.person_id}" if last is not None else ""
    once = {row.person_id: row for row in reversed(found[:size])}
    return Page(made(reversed(once.values()), day, {}, tags=False), more, f.query())


def counted_on(act: Act, day: date, f: Filters) -> int:
    """How many people lived in an area on a day, counted up to `COUNT_MOST`."""
    rows = _on(act, day, f).order_by().values("person_id")[:COUNT_MOST]
    found = rows.aggregate(n=Count("person_id", distinct=True))
    return int(found["n"] or 0)
