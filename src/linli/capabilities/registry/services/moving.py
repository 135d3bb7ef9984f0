"""Moving buildings to another grid or community: one verb takes along all that hangs on them.

Homes, households, residences and ties go with the building; what hangs on a person (marks, consents, objections,
bonds) goes when the person lives in the building and nowhere else in the area that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Building, Estate, Station
from linli.capabilities.registry.selectors import plans
from linli.capabilities.registry.services import rows
from linli.kernel.acts import Act, Refusal, action, crossing, note
from linli.kernel.acts.act import Span
from linli.kernel.places import hanging
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

_HOMES = "SELECT h.id FROM registry_home h WHERE h.building_id = ANY(%(buildings)s)"
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
    ("registry_home", "building_id = ANY(%(buildings)s)"),
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


def _old(buildings: Sequence[Building], target: int | None = None) -> list[int]:
    """The areas that are left: those of the buildings, and their communities when another one is meant."""
    own = {each.area_id for each in buildings}
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
    given: dict[str, Any] = {"buildings": [b.pk for b in buildings], "old": _old(buildings, to)}
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
    old = _old(buildings, target.pk)
    given: dict[str, Any] = {"buildings": [b.pk for b in buildings], "old": old, "to": target.pk}
    counts: dict[str, int] = {}
    reach = Span(min(*old, target.pk), max(*old, target.pk) + 1)
    with crossing(reach), connection.cursor() as cursor:
        for table, which in MOVED:
            cursor.execute(
                f"UPDATE {table} SET area_id = %(to)s WHERE ({which}) AND area_id <> %(to)s",
                given,
            )
            counts[table.removeprefix("registry_")] = cursor.rowcount
        cursor.execute(_ESTATES, given)
        counts["estate"] = cursor.rowcount
        cursor.execute(_OF_ESTATES, given)
        counts["station"] += cursor.rowcount
    return counts


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
