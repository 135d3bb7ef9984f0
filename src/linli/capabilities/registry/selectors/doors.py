"""From an address as somebody types it to the home that it means, among those in sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from linli.capabilities.registry.models import Building, Home, Household, Residence
from linli.capabilities.registry.rules import addresses
from linli.capabilities.registry.selectors.roll import address_of
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act


@dataclass(frozen=True, slots=True)
class Found:
    """What an address names: a home, or only its building, or nothing; `unit` and `room` in their one spelling."""

    home: int | None = None
    area: int | None = None
    building: int | None = None
    unit: str = ""
    room: str = ""
    many: bool = False


def home_at(act: Act, text: str) -> Found:
    """The home that an address names; several buildings of one spelling are told as `many`."""
    door = addresses.parse(text)
    if not door.building_key:
        return Found()
    rows = list(
        Building.objects.filter(
            within(act), address_key=door.building_key, until__isnull=True
        ).order_by("id")[:2]
    )
    if len(rows) != 1:
        return Found(many=len(rows) > 1)
    building = rows[0]
    homes = Home.objects.filter(building=building, room=door.room, until__isnull=True)
    if door.unit:
        homes = homes.filter(unit_no=door.unit)
    found = list(homes[:2]) if door.room else []
    home = found[0].pk if len(found) == 1 else None
    area = found[0].area_id if home else building.area_id
    return Found(home, area, building.pk, door.unit, door.room, len(found) > 1)


def area_of(lowest: int, beyond: int, text: str) -> int | None:
    """The area of the one building that an address names among the areas from `lowest` to below `beyond`, for anybody.

    None where there is no such building, or several in different areas: a guess would send somebody the wrong way.
    """
    door = addresses.building_in(text)
    if door is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_area_of(%s, %s, %s)", [lowest, beyond, door.building_key])
        row = cursor.fetchone()
    return row[0] if row else None


def point_of(act: Act, text: str) -> tuple[float, float] | None:
    """Where the one building in sight stands that an address names; None where it is not known."""
    door = addresses.building_in(text)
    if door is None or not act.may("registry.read"):
        return None
    rows = Building.objects.filter(
        within(act), address_key=door.building_key, until__isnull=True, lon__isnull=False
    )
    found = list(rows.values_list("lon", "lat")[:2])
    if len(found) != 1:
        return None
    lon, lat = found[0]
    return None if lon is None or lat is None else (lon, lat)


def households_at(act: Act, home: int) -> list[tuple[int, str]]:
    """The present households of a home: key, and the head's name."""
    rows = Household.objects.filter(home=home, until__isnull=True).select_related("head")
    return [(row.pk, row.head.name if row.head else row.number or str(row.pk)) for row in rows]


def households_of(people: Iterable[int]) -> dict[int, tuple[int | None, int]]:
    """Where people live now: the household and the area of each, among those in sight; one statement."""
    rows = Residence.objects.filter(person__in=list(people), until__isnull=True)
    found: dict[int, tuple[int | None, int]] = {}
    for person, household, area in rows.order_by("-lives", "pk").values_list(
        "person_id", "household_id", "area_id"
    ):
        found.setdefault(person, (household, area))
    return found


def people_in(residences: Iterable[int]) -> set[int]:
    """Whose residences some are, past ones too; no statement for none."""
    keys = list(residences)
    rows = Residence.objects.filter(pk__in=keys) if keys else Residence.objects.none()
    return set(rows.values_list("person_id", flat=True))


def addresses_of(households: Iterable[int]) -> dict[int, str]:
    """The doors of some households in sight; one statement."""
    rows = Household.objects.filter(pk__in=list(households), home__isnull=False)
    found = rows.select_related("home__building__estate")
    return {row.pk: address_of(row.home) for row in found}


def building(act: Act, key: int) -> Building | None:
    """A building in sight, by key."""
    return Building.objects.filter(within(act), pk=key).first()


def neighbours(act: Act, household: Household) -> list[tuple[int, str]]:
    """Other present households of the same building, to be merged: key, door and head."""
    if household.home is None:
        return []
    rows = (
        Household.objects.filter(home__building=household.home.building_id, until__isnull=True)
        .exclude(pk=household.pk)
        .select_related("head", "home")
        .order_by("home__unit_no", "home__room", "id")[:200]
    )
    return [(r.pk, f"{r.home or ''} {r.head.name if r.head else r.number}".strip()) for r in rows]
