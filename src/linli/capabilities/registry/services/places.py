"""Verbs of what stands on the ground: estates, buildings, homes, facilities; moving has a module of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Building,
    Estate,
    Facility,
    Home,
    Household,
    Residence,
)
from linli.capabilities.registry.rules import addresses
from linli.capabilities.registry.rules.days import not_before
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services import rows
from linli.kernel.acts import Act, Refusal, action
from linli.kernel.places import selectors as tree

FIRST_YEAR = 1800
ESTATE = frozenset(
    ("name", "kind", "address", "built", "fringe", "property_company_id", "owners_committee_id")
    + ("authority_id", "more")
)
BUILDING = frozenset(("name", "kind", "address", "lon", "lat", "floors", "units", "estate_id"))
HOME = frozenset(("unit_no", "floor", "room", "use", "size"))
FACILITY = frozenset(("name", "number", "address", "lon", "lat", "state", "steward_id"))


@action("registry.places.add_estate", title=_("登记小区"), codes=("kind",))
def add_estate(
    act: Act,
    /,
    *,
    area: int,
    name: str,
    kind: str = Estate.Kind.OTHER,
    since: date | None = None,
    batch: int | None = None,
    **values: Any,
) -> Estate:
    """Register an estate, village or courtyard compound in a community or grid (R017–R020)."""
    here = rows.below_street(act, area)
    name = rows.said(name, "name", 80, _("小区名称"))
    rows.allowed(values, ESTATE)
    _checked_estate({"kind": kind, **values})
    _no_twin_estate(here.pk, name)
    return Estate.objects.create(
        area_id=here.pk,
        name=name,
        kind=kind,
        since=since,
        sources=rows.source_map(batch),
        **values,
    )


def _no_twin_estate(area: int, name: str, but: int = 0) -> None:
    if _stands(Estate, area, but, name=name):
        raise Refusal(_("本社区已有同名小区，请核对。"), field="name", code="twice")


def _stands(what: type[Estate | Building], area: int, but: int, **same: str) -> bool:
    """Whether another of the kind stands in the community around an area."""
    community = tree.community_of(area) or area
    inside = {"area_id__gte": community, "area_id__lt": tree.area(community).hi}
    found = what._default_manager.filter(**same, **inside, until__isnull=True)
    return bool(found.exclude(pk=but).exists())


def _checked_estate(values: Mapping[str, Any]) -> None:
    if "kind" in values and values["kind"] not in Estate.Kind.values:
        raise Refusal(_("没有这一类小区。"), field="kind", code="kind")
    built = values.get("built")
    if built is not None and not FIRST_YEAR <= built <= timezone.localdate().year:
        raise Refusal(_("建成年份不对，请核对。"), field="built", code="year")


def _last_day(act: Act, row: Estate | Building | Home | Facility, on: date | None) -> date:
    """The day from which something stands no more: not to come, not before it stood."""
    day = rows.past_day(act, on, "on")
    not_before(day, row.since)
    return day


@action("registry.places.change_estate", title=_("更改小区资料"))
def change_estate(
    act: Act, estate: Estate, *, changes: Mapping[str, Any], batch: int | None = None
) -> Estate:
    """Change what is known of an estate."""
    rows.allowed(changes, ESTATE)
    _checked_estate(changes)
    if "name" in changes:
        changes = {**changes, "name": rows.said(changes["name"], "name", 80, _("小区名称"))}
        if changes["name"] != estate.name:  # one that has a twin already is not locked by it
            _no_twin_estate(estate.area_id, changes["name"], estate.pk)
    return rows.changed(estate, changes, batch)


@action("registry.places.end_estate", title=_("注销小区"))
def end_estate(act: Act, estate: Estate, *, on: date | None = None) -> Estate:
    """End an estate that no present building belongs to."""
    day = _last_day(act, estate, on)
    if estate.buildings.filter(until__isnull=True).exists():
        raise Refusal(_("小区里还有楼栋，请先注销或移走楼栋。"), code="used")
    return rows.changed(estate, {"until": day})


@action("registry.places.add_building", title=_("登记楼栋"), codes=("kind",))
def add_building(
    act: Act,
    /,
    *,
    area: int,
    name: str,
    estate: int | None = None,
    address: str = "",
    kind: str = Building.Kind.BLOCK,
    since: date | None = None,
    batch: int | None = None,
    **values: Any,
) -> Building:
    """Register a building, courtyard or house; its address has one spelling by which files are matched."""
    here = rows.below_street(act, area)
    rows.allowed(values, BUILDING)
    belongs = _estate(estate)
    values = _checked_building({"name": name, "kind": kind, **values})
    address = " ".join(address.split()) or f"{belongs.name if belongs else ''}{values['name']}"
    key = addresses.building_key(address)
    _no_twin(here.pk, key)
    return Building.objects.create(
        area_id=here.pk,
        estate=belongs,
        address=address[:200],
        address_key=key,
        since=since,
        sources=rows.source_map(batch),
        **values,
    )


def _estate(estate: int | None) -> Estate | None:
    if estate is None:
        return None
    found = Estate.objects.filter(pk=estate, until__isnull=True).first()
    if found is None:
        raise Refusal(_("没有这个小区。"), field="estate", code="estate")
    return found


def _no_twin(area: int, key: str, but: int = 0) -> None:
    if _stands(Building, area, but, address_key=key):
        raise Refusal(_("本社区已有这个地址的楼栋，请核对。"), field="address", code="twice")


def _checked_building(values: dict[str, Any]) -> dict[str, Any]:
    if "name" in values:
        name = rows.said(values["name"], "name", 60, _("楼栋名称"))
        values["name"] = addresses.building_name(name)
    if "kind" in values and values["kind"] not in Building.Kind.values:
        raise Refusal(_("没有这一类楼栋。"), field="kind", code="kind")
    _checked_point(values)
    return values


def _checked_point(values: Mapping[str, Any]) -> None:
    for name, most in (("lon", 180), ("lat", 90)):
        value = values.get(name)
        if value is not None and not -most <= value <= most:
            raise Refusal(_("坐标不对，请在地图上重新点选。"), field=name, code="point")


@action("registry.places.change_building", title=_("更改楼栋资料"))
def change_building(
    act: Act, building: Building, *, changes: Mapping[str, Any], batch: int | None = None
) -> Building:
    """Change what is known of a building; its area is changed by moving it."""
    rows.allowed(changes, BUILDING)
    given = _checked_building(dict(changes))
    if given.get("estate_id") is not None:
        _estate(given["estate_id"])
    if "address" in given:
        given["address"] = rows.said(given["address"], "address", 200, _("地址"))
        given["address_key"] = addresses.building_key(given["address"])
        _no_twin(building.area_id, given["address_key"], building.pk)
    return rows.changed(building, given, batch)


@action("registry.places.end_building", title=_("注销楼栋"))
def end_building(act: Act, building: Building, *, on: date | None = None) -> Building:
    """End a building, and its homes with it; refused while people live there (征收、拆除)."""
    day = _last_day(act, building, on)
    homes = Home.objects.filter(building=building, until__isnull=True)
    if Residence.objects.filter(home__building=building, until__isnull=True, lives=True).exists():
        raise Refusal(_("楼里还有人居住，请先办理迁出。"), code="used")
    for home in homes:
        rows.changed(home, {"until": day})
    return rows.changed(building, {"until": day})


@action("registry.places.add_home", title=_("登记房屋"))
def add_home(
    act: Act,
    /,
    building: Building,
    *,
    room: str,
    unit_no: str = "",
    since: date | None = None,
    batch: int | None = None,
    **values: Any,
) -> Home:
    """Register a home of a building: unit and room in one spelling; it lies where the building lies."""
    rows.allowed(values, HOME)
    if building.until is not None:
        raise Refusal(_("这栋楼已注销。"), code="ended")
    given = checked_home({"unit_no": unit_no, "room": room, **values})
    given.setdefault("floor", addresses.Door(room=given["room"]).floor)
    try:
        with transaction.atomic():
            return Home.objects.create(
                area_id=building.area_id,
                building=building,
                since=since,
                sources=rows.source_map(batch),
                **given,
            )
    except IntegrityError as error:
        raise Refusal(_("这一户已经登记。"), field="room", code="twice") from error


def checked_home(values: dict[str, Any]) -> dict[str, Any]:
    """Unit and room of a home in their one spelling, its use one that there is."""
    if "room" in values:
        room = rows.said(addresses.room_name(values["room"]), "room", 20, _("房号"))
        values["room"] = room
    if "unit_no" in values:
        values["unit_no"] = addresses.unit_name(values["unit_no"])
        if len(values["unit_no"]) > 12:
            raise Refusal(_("单元号过长。"), field="unit_no", code="long")
    if "use" in values and values["use"] not in Home.Use.values:
        raise Refusal(_("没有这一种用途。"), field="use", code="use")
    return values


@action("registry.places.change_home", title=_("更改房屋资料"))
def change_home(
    act: Act, home: Home, *, changes: Mapping[str, Any], batch: int | None = None
) -> Home:
    """Change what is known of a home."""
    rows.allowed(changes, HOME)
    given = checked_home(dict(changes))
    try:
        with transaction.atomic():
            return rows.changed(home, given, batch)
    except IntegrityError as error:
        raise Refusal(_("这一户已经登记。"), field="room", code="twice") from error


@action("registry.places.end_home", title=_("注销房屋"))
def end_home(act: Act, home: Home, *, on: date | None = None) -> Home:
    """End a home that nobody lives in and no present household belongs to."""
    day = _last_day(act, home, on)
    lived = Residence.objects.filter(home=home, until__isnull=True).exists()
    if lived or Household.objects.filter(home=home, until__isnull=True).exists():
        raise Refusal(_("房屋里还登记着人或户，请先办理迁出。"), code="used")
    return rows.changed(home, {"until": day})


@action("registry.places.add_facility", title=_("登记设施"), codes=("code",))
def add_facility(
    act: Act,
    /,
    *,
    area: int,
    code: str,
    name: str,
    since: date | None = None,
    batch: int | None = None,
    **values: Any,
) -> Facility:
    """Register a facility; `code` is a class of the pack."""
    here = rows.below_street(act, area)
    rows.allowed(values, FACILITY)
    _checked_facility({"code": code, **values})
    return Facility.objects.create(
        area_id=here.pk,
        code=code,
        name=rows.said(name, "name", 80, _("设施名称")),
        since=since,
        sources=rows.source_map(batch),
        **values,
    )


def _checked_facility(values: Mapping[str, Any]) -> None:
    if "code" in values and values["code"] not in kinds.section().facility_titles:
        raise Refusal(_("目录里没有这一类设施。"), field="code", code="facility")
    for name, most in (("number", 40), ("address", 200), ("state", 16)):
        if len(values.get(name) or "") > most:
            raise Refusal(_("写得太长，请缩短。"), field=name, code="long")
    _checked_point(values)


@action("registry.places.change_facility", title=_("更改设施资料"))
def change_facility(
    act: Act, facility: Facility, *, changes: Mapping[str, Any], batch: int | None = None
) -> Facility:
    """Change what is known of a facility."""
    rows.allowed(changes, FACILITY | {"code"})
    _checked_facility(changes)
    if "name" in changes:
        changes = {**changes, "name": rows.said(changes["name"], "name", 80, _("设施名称"))}
    return rows.changed(facility, changes, batch)


@action("registry.places.end_facility", title=_("注销设施"))
def end_facility(act: Act, facility: Facility, *, on: date | None = None) -> Facility:
    """End a facility that is no longer there."""
    return rows.changed(facility, {"until": _last_day(act, facility, on)})
