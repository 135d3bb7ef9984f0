"""Reads of what stands on the ground: estates and buildings, homes, facilities, and a door by its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Length

from linli.capabilities.registry.models import (
    Assessment,
    Building,
    Estate,
    Facility,
    Home,
    Household,
    Residence,
    Station,
)
from linli.capabilities.registry.rules import addresses
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as areas
from linli.kernel.places.models import Area

PAGE = 50
SELF_GOVERNED = ("courtyard", "village", "group")
OLD_BEFORE = 2000  # 老旧小区: built before the end of 2000, unless its kind says so already
FLAGS = {
    "three_without": Q(
        property_company__isnull=True, owners_committee__isnull=True, authority__isnull=True
    ),
    "old": Q(kind=Estate.Kind.OLD) | Q(built__lte=OLD_BEFORE),
    "fringe": Q(fringe=True),
    "below": Q(kind__in=SELF_GOVERNED),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What estates are narrowed by: words of the name, kind, three-without, old, on the fringe (R017–R019).

    `below`: courtyards, villages and villagers' groups, which govern themselves (R020).
    """

    q: str = ""
    kind: str = ""
    three_without: bool = False
    old: bool = False
    fringe: bool = False
    below: bool = False
    area: int | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class EstateLine:
    """An estate with how many buildings and homes it has today."""

    estate: Estate
    buildings: int
    homes: int
    body: Station | None = None


@dataclass(frozen=True, slots=True)
class EstatePage:
    """One page of estates; `next` is the key after which the next page begins."""

    rows: list[EstateLine]
    next: int | None


def _estates(act: Act, filters: Filters) -> QuerySet[Estate]:
    rows = Estate.objects.filter(within(act)).select_related("area")
    if not filters.ended:
        rows = rows.filter(until__isnull=True)
    if asked := "".join(filters.q.split()):
        rows = rows.filter(name__contains=asked)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    for name, which in FLAGS.items():
        if getattr(filters, name):
            rows = rows.filter(which)
    if filters.area is not None:
        rows = rows.filter(inside(areas.area(filters.area)))
    return rows


def estates(
    act: Act, filters: Filters, *, after: int | None = None, size: int = PAGE
) -> EstatePage:
    """Estates in sight by number, with their buildings and homes (three statements)."""
    rows = _estates(act, filters)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: size + 1])
    shown = found[:size]
    ids = [each.pk for each in shown]
    standing = Building.objects.filter(within(act), estate__in=ids, until__isnull=True)
    buildings = Counter(standing.values_list("estate", flat=True))
    homes = dict(
        Home.objects.filter(within(act), building__estate__in=ids, until__isnull=True)
        .values_list("building__estate")
        .annotate(n=Count("pk"))
        .order_by()
    )
    bodies = governing(act, ids) if filters.below else {}
    lines = [
        EstateLine(each, buildings[each.pk], homes.get(each.pk, 0), bodies.get(each.pk))
        for each in shown
    ]
    return EstatePage(lines, shown[-1].pk if len(found) > size else None)


def estate(act: Act, pk: int) -> Estate | None:
    """One estate in sight, with who looks after it."""
    rows = Estate.objects.filter(within(act), pk=pk)
    return rows.select_related("area", "property_company", "owners_committee", "authority").first()


def buildings(act: Act, *, estate: int) -> list[Building]:
    """The present buildings of an estate in order of number; `n_homes` each (one statement)."""
    rows = _with_homes(Building.objects.filter(within(act), until__isnull=True, estate=estate))
    return sorted(rows, key=lambda each: (len(each.name), each.name, each.pk))


def _with_homes(rows: QuerySet[Building]) -> QuerySet[Building]:
    counted = rows.annotate(n_homes=Count("homes", filter=Q(homes__until__isnull=True)))
    return counted.select_related("area", "estate")


def buildings_in(
    act: Act, area: Area, *, after: int | None = None, size: int = PAGE
) -> tuple[list[Building], int | None]:
    """One page of an area's present buildings in order of number, `n_homes` each; and the key of the next page."""
    rows = Building.objects.filter(within(act) & inside(area), until__isnull=True)
    rows = rows.annotate(long=Length("name")).order_by("long", "name", "pk")
    last = Building.objects.filter(within(act), pk=after or 0).values_list("name", "pk").first()
    if last is not None:
        long = Length(Value(last[0]))
        same = Q(long=long, name__gt=last[0]) | Q(long=long, name=last[0], pk__gt=last[1])
        rows = rows.filter(Q(long__gt=long) | same)
    keys = list(rows.values_list("pk", flat=True)[: size + 1])
    known = _with_homes(Building.objects.filter(pk__in=keys[:size])).in_bulk()
    return [known[key] for key in keys[:size]], keys[size - 1] if len(keys) > size else None


def building(act: Act, pk: int) -> Building | None:
    """One building in sight."""
    rows = Building.objects.filter(within(act), pk=pk)
    return rows.select_related("area", "estate").first()


@dataclass(frozen=True, slots=True)
class HomeLine:
    """A home with how many households and residents it has on a day."""

    home: Home
    households: int
    residents: int


def homes(act: Act, building: Building, day: date) -> list[HomeLine]:
    """The present homes of a building, unit by unit, with who many live there on a day (two statements)."""
    rows = Home.objects.filter(within(act), building=building, until__isnull=True)
    found = sorted(rows, key=lambda each: (each.unit_no, each.floor or 0, each.room))
    return _lived_in(act, found, day)


def home(act: Act, pk: int) -> Home | None:
    """One home in sight."""
    rows = Home.objects.filter(within(act), pk=pk)
    return rows.select_related("building", "building__estate", "area").first()


def doors(act: Act, text: str, *, most: int = 20) -> list[Home]:
    """The homes in sight that an address names, in whatever spelling; without a room all of the building."""
    door = addresses.parse(text)
    if not door.building_key:
        return []
    rows = Home.objects.filter(
        within(act), building__address_key=door.building_key, until__isnull=True
    )
    if door.unit:
        rows = rows.filter(unit_no=door.unit)
    if door.room:
        rows = rows.filter(room=door.room)
    return list(rows.select_related("building").order_by("unit_no", "floor", "room")[:most])


def facilities(
    act: Act, *, area: int | None = None, code: str = "", after: int | None = None, size: int = PAGE
) -> tuple[list[Facility], int | None]:
    """One page of present facilities in sight, of a class or of all, and the key of the next page."""
    rows = Facility.objects.filter(within(act), until__isnull=True).select_related("area")
    if area is not None:
        rows = rows.filter(inside(areas.area(area)))
    if code:
        rows = rows.filter(code__startswith=code)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.select_related("steward").order_by("pk")[: size + 1])
    shown = found[:size]
    return shown, shown[-1].pk if len(found) > size else None


def facility(act: Act, pk: int) -> Facility | None:
    """One facility in sight."""
    return Facility.objects.filter(within(act), pk=pk).select_related("area", "steward").first()


def facility_points(act: Act, area: Area, most: int = 2000) -> list[Facility]:
    """The present facilities of an area that say where they stand (one statement)."""
    here = within(act) & inside(area)
    return list(Facility.objects.filter(here, until__isnull=True, lon__isnull=False)[:most])


ELEMENTS = {
    "residents": "SELECT count(DISTINCT person_id) FROM registry_residence WHERE lives AND {here}",
    "households": "SELECT count(*) FROM registry_household WHERE {here}",
    "homes": "SELECT count(*) FROM registry_home WHERE {here}",
    "buildings": "SELECT count(*) FROM registry_building WHERE {here}",
    "estates": "SELECT count(*) FROM registry_estate WHERE {here}",
    "organisations": "SELECT count(*) FROM registry_organisation WHERE {here}",
    "stationed": "SELECT count(*) FROM registry_station WHERE {here}",
    "facilities": "SELECT count(*) FROM registry_facility WHERE {here}",
}
_HERE = (
    "until IS NULL AND area_id >= %(lo)s AND area_id < %(hi)s AND EXISTS (SELECT FROM"
    " unnest(%(los)s::bigint[], %(his)s::bigint[]) AS s(lo, hi)"
    " WHERE area_id >= s.lo AND area_id < s.hi)"
)
_COUNTED = "SELECT " + ", ".join(f"({each.format(here=_HERE)})" for each in ELEMENTS.values())


def elements(act: Act, area: Area) -> dict[str, int]:
    """Everything of a grid or community in numbers (R127): people, homes, units, facilities (one statement)."""
    own = {"los": [span.lo for span in act.spans], "his": [span.hi for span in act.spans]}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"lo": area.pk, "hi": area.hi, **own})
        return dict(zip(ELEMENTS, map(int, cursor.fetchone()), strict=True))


@dataclass(frozen=True, slots=True)
class HomePage:
    """One page of homes; `next` is the key after which the next page begins."""

    rows: list[HomeLine]
    next: int | None


def homes_of(
    act: Act, area: Area, day: date, *, after: int | None = None, size: int = PAGE
) -> HomePage:
    """The present homes of an area by number, with who many live there on a day (two statements)."""
    rows = Home.objects.filter(within(act) & inside(area), until__isnull=True)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.select_related("building", "area").order_by("pk")[: size + 1])
    shown = found[:size]
    return HomePage(_lived_in(act, shown, day), shown[-1].pk if len(found) > size else None)


def _lived_in(act: Act, found: list[Home], day: date) -> list[HomeLine]:
    """Homes with how many households and residents they have on a day (one statement)."""
    ids = [each.pk for each in found]
    then = Q(since__isnull=True) | Q(since__lte=day)
    then &= Q(until__isnull=True) | Q(until__gt=day)
    here = within(act) & then & Q(home__in=ids)
    households = Household.objects.filter(here).values_list("home", Value("households")).order_by()
    lived = Residence.objects.filter(here, lives=True)
    residents = lived.values_list("home", Value("residents")).order_by()
    counted = households.annotate(n=Count("pk")).union(
        residents.annotate(n=Count("person", distinct=True)), all=True
    )
    told = {(home, what): n for home, what, n in counted}
    return [
        HomeLine(each, told.get((each.pk, "households"), 0), told.get((each.pk, "residents"), 0))
        for each in found
    ]


def bodies_at(
    act: Act, *, building: Building | None = None, estate: Estate | None = None
) -> list[Station]:
    """Who is at work in a building or an estate as a whole: Party groups, self-governing groups (one statement)."""
    rows = Station.objects.filter(within(act), until__isnull=True)
    rows = rows.filter(building=building) if building else rows.filter(estate=estate)
    return list(rows.select_related("organisation").order_by("pk"))


def assessment(act: Act, grid: Area, checklist: str) -> Assessment | None:
    """The latest assessment of a grid by a checklist (one statement)."""
    rows = Assessment.objects.filter(
        within(act), area=grid, checklist=checklist, holding__isnull=True, station__isnull=True
    )
    return rows.order_by("-year", "-pk").first()


def governing(act: Act, estates: Collection[int]) -> dict[int, Station]:
    """Which body governs some estates themselves (R020; one statement)."""
    rows = Station.objects.filter(
        within(act), estate__in=estates, kind="governs", until__isnull=True
    ).select_related("organisation")
    return {each.estate_id or 0: each for each in rows}
