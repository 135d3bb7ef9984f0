"""Moving buildings to another grid or community: one verb takes along all that hangs on them.

Homes, households, residences and ties go with the building; what hangs on a person (marks, consents, objections,
bonds) goes when the person lives in the building and nowhere else in the area that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Building, Estate, Home, Past, Station
from linli.capabilities.registry.selectors import plans
from linli.capabilities.registry.services import rows
from linli.capabilities.registry.services.places import checked_home
from linli.capabilities.registry.services.undoing import REASON_MOST, one_deed, still_so
from linli.kernel.acts import Act, Refusal, action, crossing, note
from linli.kernel.acts.act import Span
from linli.kernel.acts.models import Fact
from linli.kernel.places import hanging
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

MOVE_HOME = "registry.places.move_home"
HOME_PLACE = ("area_id", "building_id", "unit_no", "room")
_HOMES = "SELECT h.id FROM registry_home h WHERE h.building_id = ANY(%(buildings)s) OR h.id = ANY(%(homes)s)"
_HOUSEHOLDS = f"SELECT y.id FROM registry_household y WHERE y.home_id IN ({_HOMES})"
# Everybody who lives in the buildings, unless another residence holds them in the same old area.
_PEOPLE = f"""
SELECT r.person_id FROM registry_residence r
WHERE r.until IS NULL AND (r.home_id IN ({_HOMES}) OR r.household_id IN ({_HOUSEHOLDS}))
AND NOT EXISTS (SELECT 1 FROM registry_residence o
    WHERE o.person_id = r.person_id AND o.until IS NULL AND o.area_id = ANY(%(old)s)
    AND coalesce(o.home_id IN ({_HOMES}), false) IS FALSE
    AND coalesce(o.household_id IN ({_HOUSEHOLDS}), false) IS FALSE)
"""
_OF_PEOPLE = f"person_id IN ({_PEOPLE}) AND area_id = ANY(%(old)s)"
# In this order: what hangs on people is found by where they lived until now.
MOVED: tuple[tuple[str, str], ...] = (
    ("registry_mark", _OF_PEOPLE),
    ("registry_consent", _OF_PEOPLE),
    ("registry_objection", _OF_PEOPLE),
    ("registry_bond", _OF_PEOPLE),
    (
        "registry_conflict",
        f"area_id = ANY(%(old)s) AND ((record_set = 'person' AND row IN ({_PEOPLE}))"
        f" OR (record_set = 'home' AND row IN ({_HOMES}))"
        " OR (record_set = 'building' AND row = ANY(%(buildings)s)))",
    ),
    ("registry_tie", f"home_id IN ({_HOMES})"),
    ("registry_residence", f"home_id IN ({_HOMES}) OR household_id IN ({_HOUSEHOLDS})"),
    ("registry_household", f"home_id IN ({_HOMES})"),
    (
        "registry_assessment",
        "station_id IN (SELECT s.id FROM registry_station s"
        " WHERE s.building_id = ANY(%(buildings)s))",
    ),
    ("registry_station", "building_id = ANY(%(buildings)s)"),
    ("registry_home", "building_id = ANY(%(buildings)s) OR id = ANY(%(homes)s)"),
    ("registry_building", "id = ANY(%(buildings)s)"),
)

# An estate follows when every present building of it has come along.
_ESTATES = """
UPDATE registry_estate e SET area_id = %(to)s WHERE e.area_id <> %(to)s AND e.id IN
(SELECT b.estate_id FROM registry_building b WHERE b.id = ANY(%(buildings)s))
AND NOT EXISTS (SELECT 1 FROM registry_building o WHERE o.estate_id = e.id
    AND o.until IS NULL AND o.area_id <> %(to)s)
"""

# Who governs or serves the estate as a whole goes where it went.
_OF_ESTATES = """
UPDATE registry_station s SET area_id = %(to)s WHERE s.until IS NULL AND s.area_id <> %(to)s
AND s.estate_id IN (SELECT b.estate_id FROM registry_building b WHERE b.id = ANY(%(buildings)s))
AND EXISTS (SELECT 1 FROM registry_estate e WHERE e.id = s.estate_id AND e.area_id = %(to)s)
"""


def _old(moved: Sequence[Building | Home], target: int | None = None) -> list[int]:
    """The areas that are left: those of what moves, and their communities when another one is meant."""
    own = {each.area_id for each in moved}
    around = {found for each in own if (found := places.community_of(each)) is not None}
    new = None if target is None else places.community_of(target)
    return sorted(own | (around - {new} if target is not None else set()))


def _found(act: Act, ids: Sequence[int]) -> list[Building]:
    found = list(Building.objects.filter(pk__in=ids).order_by("pk"))
    if len(found) != len(set(ids)) or not found:
        raise Refusal(_("有的楼栋不在您的管理范围，请重新选择。"), field="buildings", code="sight")
    return found


def preview(act: Act, ids: Sequence[int], *, to: int) -> dict[str, int]:
    """How many rows of each table a move of these buildings would take along; nothing is written."""
    buildings = _found(act, ids)
    return _counted(
        {"buildings": [b.pk for b in buildings], "homes": [], "old": _old(buildings, to)}
    )


@dataclass(frozen=True, slots=True)
class Door:
    """Where a home is to be: its building, the grid when that is not the building's, unit and room."""

    building: int
    area: int | None = None
    unit_no: str = ""
    room: str = ""


def preview_home(act: Act, home: Home, *, to: Door) -> dict[str, int]:
    """How many rows of each table a home would take along; nothing is written."""
    old = _old([home], _checked(act, home, to).pk)
    return _counted({"buildings": [], "homes": [home.pk], "old": old})


def _counted(given: dict[str, Any]) -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table, which in MOVED:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {which}", given)
            counts[table.removeprefix("registry_")] = int(cursor.fetchone()[0])
    return counts


@action("registry.places.move_building", title=_("调整楼栋所属网格"), codes=("to",))
def move_buildings(act: Act, buildings: Sequence[Building], *, to: int) -> dict[str, int]:
    """Move buildings to another grid or community with all that hangs on them; returns rows by table.

    One set-based statement a table. Both areas must lie in the actor's sight.
    """
    target = rows.below_street(act, to)
    found = _found(act, [each.pk for each in buildings])
    counts = shift(found, target)
    note(buildings=[each.pk for each in found], **{"from": _old(found)})
    return counts


def shift(buildings: Sequence[Building], target: Area) -> dict[str, int]:
    """Write the new area everywhere, restricted rows too; the caller holds the grant."""
    if target.level not in (Level.COMMUNITY, Level.GRID):
        raise Refusal(_("请选到社区或网格。"), field="to", code="level")
    given = {"buildings": [b.pk for b in buildings], "homes": []}
    old = _old(buildings, target.pk)
    counts = _shifted(given, old, target)
    with crossing(_reach(old, target)), connection.cursor() as cursor:
        cursor.execute(_ESTATES, {**given, "to": target.pk})
        counts["estate"] = cursor.rowcount
        cursor.execute(_OF_ESTATES, {**given, "to": target.pk})
        counts["station"] += cursor.rowcount
    return counts


def _reach(old: Sequence[int], target: Area) -> Span:
    return Span(min(*old, target.pk), max(*old, target.pk) + 1)


def _shifted(given: dict[str, list[int]], old: list[int], target: Area) -> dict[str, int]:
    counts: dict[str, int] = {}
    with crossing(_reach(old, target)), connection.cursor() as cursor:
        for table, which in MOVED:
            cursor.execute(
                f"UPDATE {table} SET area_id = %(to)s WHERE ({which}) AND area_id <> %(to)s",
                {**given, "old": old, "to": target.pk},
            )
            counts[table.removeprefix("registry_")] = cursor.rowcount
    return counts


@action("registry.places.move_home", title=_("调整房屋所属楼栋"), keep=("reason",))
def move_home(act: Act, home: Home, *, to: Door, reason: str) -> Home:
    """Put one home into another building or grid, for a reason, with everybody and everything behind its door.

    The area that is left stays in the fact, and the former door in the history: `move_home_back` undoes it.
    """
    rows.said(reason, "reason", REASON_MOST, _("原因"))
    given = checked_home({"unit_no": to.unit_no, "room": to.room})
    to = replace(to, **given)
    with one_deed():
        return _moved(home, _checked(act, home, to), to)


def _checked(act: Act, home: Home, to: Door) -> Area:
    """The area that a home goes to: the building's, or a grid of the same community."""
    building = Building.objects.filter(pk=to.building, until__isnull=True).first()
    if building is None:
        raise Refusal(_("没有这栋楼，或不在您的范围内。"), field="building", code="building")
    if home.until is not None:
        raise Refusal(_("这处房屋已注销。"), code="ended")
    target = rows.below_street(act, to.area or building.area_id)
    if places.community_of(target.pk) != places.community_of(building.area_id):
        raise Refusal(_("网格要在这栋楼所在的社区里。"), field="area", code="area")
    if (target.pk, building.pk, to.unit_no, to.room) == _door(home):
        raise Refusal(_("房屋已经在这里，没有要改的。"), field="building", code="same")
    return target


def _door(home: Home) -> tuple[int, int, str, str]:
    return home.area_id, home.building_id, home.unit_no, home.room


def _moved(home: Home, target: Area, to: Door) -> Home:
    old = _old([home], target.pk)
    values = {"building_id": to.building, "unit_no": to.unit_no, "room": to.room}
    note(**{"from": [home.area_id, home.building_id], "to": [target.pk, to.building]})
    try:
        with transaction.atomic(), crossing(_reach(old, target)):
            rows.changed(home, values)
            _shifted({"buildings": [], "homes": [home.pk]}, old, target)
    except IntegrityError as error:
        raise Refusal(
            _("那栋楼里已有这个单元和房号，请核对。"), field="room", code="twice"
        ) from error
    home.refresh_from_db()
    return home


@action("registry.places.move_home_back", title=_("房屋移回原处"), keep=("reason",))
def move_home_back(act: Act, home: Home, *, fact: int, reason: str) -> Home:
    """Undo a move of a home, for a reason; refused once it was moved or renumbered again."""
    rows.said(reason, "reason", REASON_MOST, _("原因"))
    move = Fact.objects.filter(pk=fact, verb=MOVE_HOME, subject_id=home.pk).first()
    deed = move.data.get("deed") if move else None
    pasts = list(Past.objects.filter(deed=deed, table="registry_home", row=home.pk).order_by("id"))
    if not deed or not pasts:
        raise Refusal(_("这一步不能撤销，请刷新。"), code="not-undone")
    still_so(pasts)
    was: dict[str, Any] = {name: getattr(home, name) for name in HOME_PLACE}
    for past in reversed(pasts):
        was |= {name: value for name, value in past.before.items() if name in HOME_PLACE}
    to = Door(was["building_id"], was["area_id"], was["unit_no"], was["room"])
    note(undone=fact)
    return _moved(home, _checked(act, home, to), to)


@action("registry.places.move_estate", title=_("小区划到别的社区"), codes=("to",))
def move_estates(act: Act, estates: Sequence[int], *, to: int) -> int:
    """Move whole estates to another community or grid with all that hangs on them (R007); returns rows written."""
    target = rows.below_street(act, to)
    found = list(Estate.objects.filter(pk__in=estates, until__isnull=True).order_by("pk"))
    if not found or len(found) != len(set(estates)):
        raise Refusal(_("有的小区不在您的管理范围，请重新选择。"), field="estates", code="sight")
    for each in found:
        rows.below_street(act, each.area_id)
    note(estates=[each.pk for each in found])
    return _carry([each.pk for each in found], target)


def _named(area: Area, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """Present estates of a community (not of its grids) by name, and the names not found."""
    wanted = Estate.objects.filter(area=area, name__in=names, until__isnull=True)
    found = dict(wanted.values_list("pk", "name"))
    return sorted(found), [name for name in names if name not in found.values()]


def _carry(estates: Sequence[int], target: Area) -> int:
    """Take estates along with all buildings and what hangs on these."""
    buildings = list(Building.objects.filter(estate__in=estates))
    moved = sum(shift(buildings, target).values()) if buildings else 0
    moved += Station.objects.filter(estate__in=estates, until__isnull=True).update(area=target)
    return moved + Estate.objects.filter(pk__in=estates).exclude(area=target).update(area=target)


hanging.offer(hanging.Parcels(_named, _carry))
hanging.foretell(plans.told)
