"""One box: name, part of a name, ID number, phone, address or tag; under the actor's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.capabilities.registry.models import Building, Home, Mark, Person, Residence
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.rules.addresses import Door, parse
from linli.capabilities.registry.rules.search import Asked, asked, next_text
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.policy import current
from linli.kernel.vault.fields import matching

SIZE = 50
# So many are read at a time: with a room, a building is one door or a few.
BUILDINGS_BY_ROOM, BUILDINGS, HOMES = 200, 10, 100
_NAMES = "SELECT id, found FROM registry_find_names(%s, %s, %s, %s, %s, %s)"
BEGINS, ENDS = "1", "2"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of answers, as ids in order; `kind` is how the question was understood."""

    kind: str
    people: list[int]
    after: str = ""


def search(act: Act, text: str, after: str = "", size: int = SIZE) -> Found:
    """People by whatever was typed into the one box, by keyset; names first by their beginning, then by their end."""
    question = asked(text)
    tag = _tag(question.text) if question.kind == "name" else ""
    if tag:
        return Found("tag", *_tagged(act, tag, after, size))
    ways = {
        "number": _by_number,
        "phone": _by_phone,
        "address": _by_address,
        "name": _by_name,
    }
    way = ways.get(question.kind)
    if way is None:
        return Found("nothing", [])
    return Found(question.kind, *way(act, question, after, size))


Ids = tuple[list[int], str]


def _by_number(act: Act, question: Asked, after: str, size: int) -> Ids:
    rows = Person.objects.filter(matching(Person, "document", question.text))
    return list(rows.order_by("id").values_list("id", flat=True)[:size]), ""


def _by_phone(act: Act, question: Asked, after: str, size: int) -> Ids:
    rows = Person.objects.filter(matching(Person, "phone", question.text), id__gt=_key(after))
    return _paged(list(rows.order_by("id").values_list("id", flat=True)[: size + 1]), size)


def _key(after: str) -> int:
    return int(after) if after.isascii() and after.isdigit() else 0


def _paged(ids: list[int], size: int) -> Ids:
    return ids[:size], str(ids[size - 1]) if len(ids) > size else ""


def _by_name(act: Act, question: Asked, after: str, size: int) -> Ids:
    """By the beginning, and when that is exhausted by the end of the name."""
    part, _dot, rest = after.partition(":")
    name, _colon, last = rest.rpartition(":")
    found: list[tuple[str, int, str]] = []
    if part != ENDS:
        found = _names(BEGINS, question.text, name, _key(last), size + 1)
        name, last = "", ""
    if len(found) <= size:
        seen = {key for _part, key, _name in found}
        more = _names(ENDS, question.text, name, _key(last), size + 1 - len(found))
        # Somebody called 王王 begins and ends alike and is told once.
        found += [row for row in more if row[1] not in seen and not _began(row, question.text)]
    shown = found[:size]
    if len(found) <= size:
        return [key for _p, key, _n in shown], ""
    part, last_key, name = shown[-1]
    return [key for _p, key, _n in shown], f"{part}:{name}:{last_key}"


def _began(row: tuple[str, int, str], text: str) -> bool:
    return row[2][::-1].startswith(text)


def _names(part: str, text: str, after: str, key: int, most: int) -> list[tuple[str, int, str]]:
    prefix = text if part == BEGINS else text[::-1]
    values: list[Any] = [prefix, next_text(prefix), part == ENDS, after or prefix, key, most]
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, values)
        return [(part, row[0], row[1]) for row in cursor.fetchall()]


def _by_address(act: Act, question: Asked, after: str, size: int) -> Ids:
    """Who lives behind a door; of a building or an estate, door by door. A page ends with a home, so that a family
    stands on one page."""
    door = parse(question.text)
    if not door.building_key:
        return [], ""
    ids: dict[int, None] = {}
    for homes in _homes(act, door, _key(after)):
        living = _living(act, homes)
        for home in homes:
            ids.update(dict.fromkeys(living.get(home, ())))
            if len(ids) >= size:
                return list(ids), str(home)
    return list(ids), ""


def _homes(act: Act, door: Door, after: int) -> Iterator[list[int]]:
    """The homes that an address means, after one of them, some at a time. Both steps follow an index in its order, so
    that only doors of these buildings are read, however many the city has."""
    address, *seen = _seen(act, after) if after else ("", 0, "", "")
    many = BUILDINGS_BY_ROOM if door.room else BUILDINGS
    building: Any = seen[0]
    more = True
    while more:
        wanted = list(_buildings(act, door, address, building)[:many])
        rows = sorted(_doors(act, door, [pk for _address, pk in wanted]), key=_order(wanted))
        homes = [pk for pk, *at in rows if at[0] != seen[0] or at > seen]
        for start in range(0, len(homes), HOMES):
            yield homes[start : start + HOMES]
        more = len(wanted) == many
        address, building = (wanted[-1][0], wanted[-1][1] + 1) if more else ("", 0)


def _seen(act: Act, home: int) -> tuple[str, int, str, str]:
    """Where the page before ended: the building's address, the building, the unit, the room."""
    names = ("building__address_key", "building_id", "unit_no", "room")
    row = Home.objects.filter(within(act), pk=home).values_list(*names).first()
    return row or ("", 0, "", "")


def _buildings(act: Act, door: Door, address: str, building: int) -> QuerySet[Any, tuple[str, int]]:
    """Present buildings of an address, or whose address begins so, from one on."""
    key = door.building_key
    rows = Building.objects.filter(
        within(act), until__isnull=True, address_key__gte=max(key, address)
    )
    rows = (
        rows.filter(address_key__lte=key)
        if door.building
        else rows.filter(address_key__lt=next_text(key))
    )
    on = Q(address_key__gt=address) | Q(id__gte=building)
    return rows.filter(on).order_by("address_key", "id").values_list("address_key", "id")


Door_ = tuple[int, int, str, str]


def _doors(act: Act, door: Door, buildings: Sequence[int]) -> list[Door_]:
    homes = Home.objects.filter(within(act), building__in=buildings, until__isnull=True)
    if door.unit:
        homes = homes.filter(unit_no=door.unit)
    if door.room:
        homes = homes.filter(room=door.room)
    rows = homes.order_by("building_id", "unit_no", "room")
    return list(rows.values_list("id", "building_id", "unit_no", "room"))


def _order(wanted: Sequence[tuple[str, int]]) -> Callable[[Door_], tuple[Any, ...]]:
    at = {pk: place for place, (_address, pk) in enumerate(wanted)}
    return lambda row: (at[row[1]], row[2], row[3])


def _living(act: Act, homes: Sequence[int]) -> dict[int, list[int]]:
    """Who lives now behind each of some doors."""
    stays = Residence.objects.filter(within(act), home__in=homes, until__isnull=True)
    found: dict[int, list[int]] = {}
    for home, person in stays.order_by("home_id", "person_id").values_list("home_id", "person_id"):
        found.setdefault(home or 0, []).append(person)
    return found


def _tag(text: str) -> str:
    for tag in current().section(RegistryPolicy).tags:
        if text in (str.__str__(tag.title), str(tag.title), *tag.synonyms):
            return tag.code
    return ""


def _tagged(act: Act, code: str, after: str, size: int) -> Ids:
    """Who bears a tag in force; pages by area and person, as the index stands."""
    marks = Mark.objects.filter(within(act), code=code)
    marks = marks.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate(act.at)))
    area, _dot, last = after.partition(".")
    if area.isdigit() and last.isdigit():
        marks = marks.filter(
            Q(area_id__gt=int(area)) | Q(area_id=int(area), person_id__gt=int(last))
        )
    rows = list(
        marks.order_by("area_id", "person_id").values_list("person_id", "area_id")[: size + 1]
    )
    shown = rows[:size]
    end = f"{shown[-1][1]}.{shown[-1][0]}" if len(rows) > size else ""
    return [person for person, _area in shown], end
