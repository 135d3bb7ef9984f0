"""The roll: who lives in an area, by filters, page by page (keyset), and how many on which ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from linli.capabilities.registry.models import Bond, Building, Estate, Mark, Residence, Tie
from linli.capabilities.registry.rules.people import ADULT, age_on, born_between
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.vault.sealed import Sealed

PAGE = 50
COUNT_MOST = 100_000
KINDS = ("registered", "permanent", "floating", "lodging")
SHOWS = ("all", *KINDS, "left")
GAPS = ("document", "phone", "guardian", "education", "employment")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the roll is narrowed to; every field is one query parameter."""

    show: str = "all"  # all | registered | permanent | floating | lodging | left
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

    def query(self, **changes: Any) -> str:
        """The filter as a query string."""
        blank = Filters()
        values = {n: changes.get(n, getattr(self, n)) for n in self.__dataclass_fields__}
        return urlencode(
            {n: v for n, v in values.items() if v != getattr(blank, n) and v is not None}
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One residence of one person, as a row of the roll."""

    id: int
    person: int
    name: str
    sex: str
    age: int | None
    born: date | None
    kind: str
    lives: bool
    relation: str
    household: int | None
    address: str
    home: int | None
    building: int | None
    area: str
    document: Sealed | None
    phone: Sealed | None
    education: str
    employment: str
    political: str
    since: date | None
    until: date | None
    died: date | None
    tags: tuple[str, ...] = ()


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


def address_of(home: Any) -> str:
    """A home as people write it: 春江花园1幢1单元101."""
    return f"{home.building.address}{home}" if home is not None else ""


def _line(row: Residence, day: date, tags: dict[int, tuple[str, ...]]) -> Line:
    p = row.person
    return Line(
        id=row.pk,
        person=p.pk,
        name=p.name,
        sex=p.sex,
        age=age_on(p.born, p.died or day) if p.born else None,
        born=p.born,
        kind=row.kind,
        lives=row.lives,
        relation=row.relation,
        household=row.household_id,
        address=address_of(row.home),
        home=row.home_id,
        building=row.home.building_id if row.home else None,
        area=places.near_name(row.area_id),
        document=p.document,
        phone=p.phone,
        education=p.education,
        employment=p.employment,
        political=p.political,
        since=row.since,
        until=row.until,
        died=p.died,
        tags=tags.get(p.pk, ()),
    )


def _narrowed(act: Act, f: Filters) -> QuerySet[Residence]:
    rows = Residence.objects.filter(within(act))
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    rows = rows.filter(until__isnull=f.show != "left")
    exact = {
        "kind": f.show if f.show in KINDS else "",
        "home__building": f.building,
        "home__building__estate": f.estate,
        "household": f.household,
        "person__sex": f.sex,
        "person__political": f.political,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if f.apart:
        rows = rows.filter(kind="registered", lives=False)
    return _tagged(
        _gap(_aged(rows, f, timezone.localdate(act.at)), f.gap, timezone.localdate(act.at)),
        f.tag,
        timezone.localdate(act.at),
    )


def _aged(rows: QuerySet[Residence], f: Filters, day: date) -> QuerySet[Residence]:
    if f.youngest is None and f.oldest is None:
        return rows
    first, last = born_between(f.youngest, f.oldest, day)
    return rows.filter(person__born__gte=first, person__born__lte=last)


def _gap(rows: QuerySet[Residence], gap: str, day: date) -> QuerySet[Residence]:
    if gap in ("document", "phone"):
        return rows.filter(**{f"person__{gap}__isnull": True})
    if gap in ("education", "employment"):
        return rows.filter(**{f"person__{gap}": ""})
    if gap == "guardian":
        _first, last = born_between(0, ADULT - 1, day)
        guards = Bond.objects.filter(person=OuterRef("person"), kind="guardian", until__isnull=True)
        return rows.filter(~Exists(guards), person__born__gte=_first, person__born__lte=last)
    return rows


def in_force(day: date) -> Q:
    """Marks that hold on a day; the last day still counts."""
    return Q(until__isnull=True) | Q(until__gte=day)


def _tagged(rows: QuerySet[Residence], tag: str, day: date) -> QuerySet[Residence]:
    if not tag:
        return rows
    marks = Mark.objects.filter(in_force(day), person=OuterRef("person"), code=tag)
    return rows.filter(Exists(marks))


def tags_of(people: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """The tags in force of some people, as far as the actor may see them."""
    found: dict[int, list[str]] = {}
    marks = Mark.objects.filter(in_force(day), person__in=list(people)).order_by("code")
    for person, code in marks.values_list("person_id", "code"):
        found.setdefault(person, []).append(code)
    return {person: tuple(dict.fromkeys(codes)) for person, codes in found.items()}


def _ready(rows: Iterable[Residence], day: date, *, tags: bool = True) -> list[Line]:
    held = list(rows)
    marks = tags_of({row.person_id for row in held}, day) if tags and held else {}
    return [_line(row, day, marks) for row in held]


def listed(act: Act, f: Filters, after: str = "", size: int = PAGE) -> Page:
    """One page of the roll, in order of place; two statements."""
    rows = _narrowed(act, f).select_related("person", "home__building")
    mark = _mark(after)
    if mark is not None:
        area, key = mark
        rows = rows.filter(Q(area__gt=area) | Q(area=area, id__gt=key), area__gte=area)
    found = list(rows.order_by("area_id", "id")[: size + 1])
    more = f"{found[size - 1].area_id}~{found[size - 1].pk}" if len(found) > size else ""
    return Page(_ready(found[:size], timezone.localdate(act.at)), more, f.query())


def _mark(after: str) -> tuple[int, int] | None:
    area, _stroke, key = after.partition("~")
    if area.isdecimal() and key.isdecimal() and len(after) < 40:
        return int(area), int(key)
    return None


def of_people(act: Act, people: Iterable[int]) -> list[Line]:
    """The present residences of some people, in the order given; one line a person where it can be."""
    order = {person: at for at, person in enumerate(people)}
    rows = (
        Residence.objects.filter(within(act), person__in=list(order))
        .select_related("person", "home__building")
        .order_by("person_id", "-until", "-lives", "-id")
    )
    one: dict[int, Residence] = {}
    for row in rows:
        one.setdefault(row.person_id, row)
    for row in _tied(act, set(order) - set(one)):
        one.setdefault(row.person_id, row)
    lines = _ready(one.values(), timezone.localdate(act.at))
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


def counts(act: Act, f: Filters) -> dict[str, int]:
    """How many present residences there are on each ground, and altogether; one statement."""
    plain = Filters(**{**{n: getattr(f, n) for n in f.__dataclass_fields__}, "show": "all"})
    rows = _narrowed(act, plain).values("kind").annotate(n=Count("*")).order_by()
    found: dict[str, int] = {row["kind"]: row["n"] for row in rows}
    return {"all": sum(found.values()), **found}


def total(act: Act, f: Filters, most: int) -> int:
    """How many lines a filter gives, counted up to `most`."""
    return _narrowed(act, f).order_by()[:most].count()


def exported(act: Act, f: Filters, most: int) -> list[Line]:
    """The lines of an export, in order of place."""
    rows = _narrowed(act, f).select_related("person", "home__building")
    return _ready(rows.order_by("area_id", "id")[:most], timezone.localdate(act.at))


def picked(act: Act, residences: Iterable[int]) -> list[Line]:
    """The lines of picked rows that lie in sight."""
    rows = Residence.objects.filter(within(act), pk__in=list(residences))
    return _ready(
        rows.select_related("person", "home__building").order_by("area_id", "id"),
        timezone.localdate(act.at),
    )


def estates(act: Act) -> list[tuple[int, str]]:
    """The estates in sight, by name; for choosing."""
    rows = Estate.objects.filter(within(act), until__isnull=True)
    return list(rows.order_by("name").values_list("id", "name")[:300])


def building_names(act: Act, most: int = 400) -> list[tuple[int, str]]:
    """The buildings in sight, by address; for choosing and typing ahead."""
    rows = Building.objects.filter(within(act), until__isnull=True)
    return list(rows.order_by("estate_id", "id").values_list("id", "address")[:most])


def lived_on(act: Act, day: date, f: Filters, after: str = "", size: int = PAGE) -> Page:
    """Who lived in an area on a day: residences begun by then and not ended before; the last day does not count."""
    rows = Residence.objects.filter(within(act), lives=True)
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    exact = {"home__building": f.building, "home__building__estate": f.estate}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    rows = rows.filter(Q(since__isnull=True) | Q(since__lte=day))
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=day))
    mark = _mark(after)
    if mark is not None:
        rows = rows.filter(Q(area__gt=mark[0]) | Q(area=mark[0], id__gt=mark[1]))
    found = list(
        rows.select_related("person", "home__building").order_by("area_id", "id")[: size + 1]
    )
    more = f"{found[size - 1].area_id}~{found[size - 1].pk}" if len(found) > size else ""
    return Page(_ready(found[:size], day, tags=False), more, f.query())


def counted_on(act: Act, day: date, f: Filters) -> int:
    """How many residences held in an area on a day."""
    rows = Residence.objects.filter(within(act), lives=True)
    if f.area:
        span = places.span(f.area)
        rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
    exact = {"home__building": f.building, "home__building__estate": f.estate}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    rows = rows.filter(Q(since__isnull=True) | Q(since__lte=day))
    return rows.filter(Q(until__isnull=True) | Q(until__gt=day)).order_by()[:COUNT_MOST].count()
