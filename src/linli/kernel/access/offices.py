"""Units from memory: they are few, change rarely, and every intake asks for one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from linli.kernel.access.models import Unit
from linli.kernel.places.rules import Level, enclosing, level_of, span_of

KEPT_SECONDS = 30.0


@dataclass(slots=True)
class _Memory:
    database: str = ""
    looked: float = 0.0
    stamp: tuple[object, ...] = ()
    read: float = 0.0
    by_id: dict[int, Unit] | None = None
    by_code: dict[str, Unit] | None = None
    by_area: dict[tuple[int, str], Unit] | None = None
    in_order: tuple[Unit, ...] = ()
    below: dict[int, tuple[Unit, ...]] = field(default_factory=dict)


_memory = _Memory()
COMMITTEE, STREET_OFFICE = "committee", "street_office"
COMMAND = "command"  # the command centre's code in every pack


# Whoever writes a row gives it another xmin, a removed one lowers the count: one walk over a few hundred rows.
_STAMP = "SELECT count(*), sum(xmin::text::bigint), max(id) FROM access_unit"


def _stamp() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return tuple(cursor.fetchone())


def forget() -> None:
    """Drop what this process remembers of units."""
    _memory.by_id = None


def generation() -> float:
    """Changes whenever units are read anew, so that what was drawn from them can be drawn anew too."""
    _fresh()
    return _memory.read


def _fresh() -> dict[int, Unit]:
    if _memory.by_id is None or _memory.database != str(connection.settings_dict["NAME"]):
        return _read()
    if time.monotonic() - _memory.looked > KEPT_SECONDS:
        _memory.looked = time.monotonic()
        if _stamp() != _memory.stamp:
            return _read()
    return _memory.by_id


def _read() -> dict[int, Unit]:
    _memory.stamp = _stamp()
    units = list(Unit.objects.select_related("area").order_by("-pk"))
    found = {u.pk: u for u in units}
    _memory.by_code = {u.code: u for u in units}
    # Where communities were joined two committees stand in one: the one that bears its name goes before.
    known = sorted(units, key=lambda u: u.name == u.area.name)
    _memory.by_area = {(u.area_id, u.kind): u for u in known}
    _memory.in_order = tuple(sorted(units, key=lambda u: (u.kind, u.name)))
    _memory.below = {}
    _memory.read = _memory.looked = time.monotonic()
    _memory.database, _memory.by_id = str(connection.settings_dict["NAME"]), found
    return found


def unit(unit_id: int | None) -> Unit | None:
    """A unit by its id."""
    if not unit_id:
        return None
    found = _fresh().get(unit_id)
    if found is None:  # founded by another process a moment ago
        _memory.looked = float("-inf")
        found = _fresh().get(unit_id)
    return found


class _Names:
    """Names of units by their number, for whoever tells what a fact keeps."""

    def get(self, number: Any, /) -> str | None:
        """The name of a unit; nothing for what is no unit's number."""
        found = unit(number) if isinstance(number, int) else None
        return found.name if found else None


NAMES = _Names()


def unit_coded(code: str) -> Unit | None:
    """A unit by its code in the pack."""
    _fresh()
    return (_memory.by_code or {}).get(code)


def unit_over(area: int | None, kind: str) -> Unit | None:
    """The unit of a kind that sits over an area: the committee of a community, the office of a street."""
    if area is None:
        return None
    _fresh()
    return (_memory.by_area or {}).get((area, kind))


def units() -> list[Unit]:
    """Every unit, in order of name."""
    _fresh()
    return list(_memory.in_order)


def near(area: int) -> list[Unit]:
    """Units that whoever works in an area mostly means, in order of name: the city's, those of the districts and streets
    around it, and of a street every one. However large the city, they are few."""
    street, district = enclosing(area, Level.STREET), enclosing(area, Level.DISTRICT)

    def meant(unit_area: int) -> bool:
        level = level_of(unit_area)
        if level not in (Level.DISTRICT, Level.STREET, Level.COMMUNITY):
            return True
        if street is not None and enclosing(unit_area, Level.STREET) == street:
            return True
        around = district is None or enclosing(unit_area, Level.DISTRICT) == district
        return around and (level is Level.DISTRICT or (level is Level.STREET and street is None))

    return [each for each in units() if meant(each.area_id)]


def called(text: str, most: int, among: Sequence[Unit]) -> list[Unit]:
    """Units whose name holds some words, the best first."""
    wanted = "".join(text.split())
    found = [each for each in among if wanted in each.name]
    found.sort(key=lambda each: (each.name != wanted, not each.name.startswith(wanted)))
    return found[:most]


def units_below(unit_id: int | None) -> list[Unit]:
    """Units under a unit, in order of name: smaller areas inside its own; the command centre has departments too."""
    own = unit(unit_id)
    if own is None:
        return []
    if own.pk not in _memory.below:
        _memory.below[own.pk] = tuple(_below(own))
    return list(_memory.below[own.pk])


def _below(own: Unit) -> list[Unit]:
    span = span_of(own.area_id)
    inside = [u for u in _memory.in_order if u.pk != own.pk and u.area_id in span]
    return [u for u in inside if u.area_id != own.area_id or own.code == COMMAND]
