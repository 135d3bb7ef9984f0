"""What the registry gives to the box on top of the desk: people, homes, organisations."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Building, Estate, Home
from linli.capabilities.registry.rules.addresses import building_key, parse
from linli.capabilities.registry.rules.search import asked, next_text
from linli.capabilities.registry.selectors import doors
from linli.capabilities.registry.selectors import organisations as directory_
from linli.capabilities.registry.selectors.kinds import title
from linli.capabilities.registry.selectors.roll import address_of, of_people
from linli.capabilities.registry.selectors.search import search
from linli.capabilities.registry.selectors.sight import within
from linli.capabilities.registry.selectors.telling import words
from linli.kernel.acts import Act
from linli.ui.choosing import Choosing
from linli.ui.manifest import Hit


def people(act: Act, text: str, most: int) -> list[Hit]:
    """People by name, number, phone, address or tag; what tells namesakes apart beside them."""
    return _told(act, search(act, text, size=most).people[:most])


def choosing_people(act: Act) -> Choosing:
    """Choosing one person of the registry, by name, number or phone."""

    def one(key: int) -> Hit | None:
        return next(iter(_told(act, [key])), None)

    return Choosing(partial(people, act), one, _("姓名、身份证号或手机号"))


def _told(act: Act, people: list[int]) -> list[Hit]:
    hits = []
    for line in of_people(act, people):
        age = _t("%(n)s 岁") % {"n": line.age} if line.age is not None else ""
        told = (words()["sex"].get(line.sex, ""), age, line.address or line.area)
        hits.append(Hit(line.person, line.name, " · ".join(part for part in told if part)))
    return hits


def homes(act: Act, text: str, most: int) -> list[Hit]:
    """The building that an address names, with the door and who heads the households behind it."""
    if asked(text).kind not in ("address", "name"):
        return []
    if not building_key(text):
        return []
    found = doors.home_at(act, text) if parse(text).room else None
    if found is not None and found.home is not None and found.building is not None:
        building = doors.building(act, found.building)
        heads = _t("、").join(name for _key, name in doors.households_at(act, found.home))
        if building is not None:
            return [Hit(building.pk, f"{building.address}{found.unit}-{found.room}", heads)]
    return buildings(act, text, most)


def buildings(act: Act, text: str, most: int) -> list[Hit]:
    """Present buildings whose address begins so."""
    key = building_key(text)
    if not key:
        return []
    rows = Building.objects.filter(
        within(act), address_key__gte=key, address_key__lt=next_text(key), until__isnull=True
    )
    listed = rows.order_by("address_key", "id").select_related("area")[:most]
    return [Hit(row.pk, row.address, row.area.name) for row in listed]


def addresses(act: Act, text: str, most: int) -> list[str]:
    """Addresses that begin as is written: buildings, and the doors of a building that is written out."""
    named = [hit.title for hit in buildings(act, text, most)]
    found = doors.home_at(act, text)
    if found.building is None:
        return [str(each) for each in named]
    homes = Home.objects.filter(building=found.building, room__startswith=found.room, until=None)
    if found.unit:
        homes = homes.filter(unit_no=found.unit)
    rows = homes.select_related("building").order_by("unit_no", "room", "id")[:most]
    return [*(str(each) for each in named), *(address_of(row) for row in rows)][:most]


def choosing_buildings(act: Act) -> Choosing:
    """Choosing one building by its address."""

    def one(key: int) -> Hit | None:
        found = Building.objects.filter(within(act), pk=key, until__isnull=True)
        row = found.select_related("area").first()
        return Hit(row.pk, row.address, row.area.name) if row else None

    return Choosing(partial(buildings, act), one, _("小区和楼栋，例如：太湖花园12幢"), sure=True)


def estates(act: Act, text: str, most: int) -> list[Hit]:
    """Estates by the beginning of their name."""
    rows = Estate.objects.filter(within(act), name__startswith=text, until__isnull=True)
    listed = rows.select_related("area").order_by("name", "id")[:most]
    return [Hit(row.pk, row.name, row.area.name) for row in listed]


def choosing_estates(act: Act) -> Choosing:
    """Choosing one estate or village by the beginning of its name."""

    def one(key: int) -> Hit | None:
        found = Estate.objects.filter(within(act), pk=key, until__isnull=True)
        row = found.select_related("area").first()
        return Hit(row.pk, row.name, row.area.name) if row else None

    return Choosing(partial(estates, act), one, _("小区或村庄名称的开头几个字"), sure=True)


def organisations(act: Act, text: str, most: int) -> list[Hit]:
    """Organisations by any part of today's or a former name."""
    found = directory_.directory(act, directory_.Filters(q=text), size=most)
    return [
        Hit(line.organisation.pk, line.organisation.name, f"{title(line.organisation.kind)}")
        for line in found.rows
    ]
