"""Reads of what stands on the ground: estates and buildings, homes, facilities, and a door by its address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from linli.capabilities.registry.models import (
    Building,
    Estate,
    Facility,
    Home,
    Household,
    Organisation,
    Residence,
    Station,
)
from linli.capabilities.registry.rules import addresses
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as areas
from linli.kernel.places.models import Area

PAGE = 50
OLD_BEFORE = 2000  # 老旧小区: built before the end of 2000, unless its kind says so already


@dataclass(frozen=True, slots=True)
class Filters:
    """What estates are narrowed by: words of the name, kind, three-without, old, on the fringe (R017–R019)."""

    q: str = ""
    kind: str = ""
    three_without: bool = False
    old: bool = False
    fringe: bool = False
    area: int | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class EstateLine:
    """An estate with how many buildings and homes it has today."""

    estate: Estate
    buildings: int
    homes: int


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
    if filters.three_without:
        rows = rows.filter(
            property_company__isnull=True, owners_committee__isnull=True, authority__isnull=True
        )
    if filters.old:
        rows = rows.filter(Q(kind=Estate.Kind.OLD) | Q(built__lte=OLD_BEFORE))
    if filters.fringe:
        rows = rows.filter(fringe=True)
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
    lines = [EstateLine(each, buildings[each.pk], homes.get(each.pk, 0)) for each in shown]
    return EstatePage(lines, shown[-1].pk if len(found) > size else None)


def estate(act: Act, pk: int) -> Estate | None:
    """One estate in sight, with who looks after it."""
    rows = Estate.objects.filter(within(act), pk=pk)
    return rows.select_related("area", "property_company", "owners_committee", "authority").first()


def buildings(act: Act, *, estate: int | None = None, area: int | None = None) -> list[Building]:
    """The present buildings of an estate, or of an area, in order of number; `n_homes` each."""
    rows = Building.objects.filter(within(act), until__isnull=True).select_related("area", "estate")
    if estate is not None:
        rows = rows.filter(estate=estate)
    if area is not None:
        rows = rows.filter(inside(areas.area(area)))
    counted = rows.annotate(n_homes=Count("homes", filter=Q(homes__until__isnull=True)))
    return sorted(counted, key=lambda each: (len(each.name), each.name, each.pk))


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
    """The present homes of a building, unit by unit, with who many live there on a day (three statements)."""
    rows = Home.objects.filter(within(act), building=building, until__isnull=True)
    found = sorted(rows, key=lambda each: (each.unit_no, each.floor or 0, each.room))
    ids = [each.pk for each in found]
    then = Q(since__isnull=True) | Q(since__lte=day)
    then &= Q(until__isnull=True) | Q(until__gt=day)
    households = Counter(
        Household.objects.filter(within(act), then, home__in=ids).values_list("home", flat=True)
    )
    lived = Residence.objects.filter(within(act), then, home__in=ids, lives=True)
    people = dict(lived.values_list("home").annotate(n=Count("person", distinct=True)).order_by())
    return [HomeLine(each, households[each.pk], people.get(each.pk, 0)) for each in found]


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
    found = list(rows.order_by("pk")[: size + 1])
    shown = found[:size]
    return shown, shown[-1].pk if len(found) > size else None


def facility(act: Act, pk: int) -> Facility | None:
    """One facility in sight."""
    return Facility.objects.filter(within(act), pk=pk).select_related("area", "steward").first()


@dataclass(frozen=True, slots=True)
class Elements:
    """Everything of a grid or community in numbers (R127): people, homes, units, facilities."""

    estates: int
    buildings: int
    homes: int
    households: int
    residents: int
    organisations: int
    stationed: int
    facilities: int


def elements(act: Act, area: Area) -> Elements:
    """What there is in an area today (eight statements)."""
    here = within(act) & inside(area)
    now = here & Q(until__isnull=True)
    lived = Residence.objects.filter(now, lives=True)
    return Elements(
        estates=Estate.objects.filter(now).count(),
        buildings=Building.objects.filter(now).count(),
        homes=Home.objects.filter(now).count(),
        households=Household.objects.filter(now).count(),
        residents=lived.values("person").distinct().count(),
        organisations=Organisation.objects.filter(now).count(),
        stationed=Station.objects.filter(now).count(),
        facilities=Facility.objects.filter(now).count(),
    )
