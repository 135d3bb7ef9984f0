"""One person as a line of a list, whatever list: by one residence, with the others said beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from linli.capabilities.registry.models import Mark, Residence
from linli.capabilities.registry.rules.people import age_on
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.vault.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Also:
    """Another open residence of the same person."""

    kind: str
    lives: bool
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person as a row of the roll: by one residence, with the others beside it."""

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
    also: tuple[Also, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every ground on which the person belongs here, the line's own first."""
        return tuple(dict.fromkeys((self.kind, *(other.kind for other in self.also))))


def address_of(home: Any) -> str:
    """A home as people write it: 春江花园1幢1单元101."""
    return f"{home.building.address}{home}" if home is not None else ""


def _line(row: Residence, day: date, tags: Sequence[str], stays: Sequence[Residence]) -> Line:
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
        tags=tuple(tags),
        also=tuple(_also(each) for each in stays if each.pk != row.pk and each.until is None),
    )


def _also(row: Residence) -> Also:
    return Also(row.kind, row.lives, address_of(row.home) or places.near_name(row.area_id))


def in_force(day: date) -> Q:
    """Marks that hold on a day; the last day still counts."""
    return Q(until__isnull=True) | Q(until__gte=day)


def tags_of(people: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """The tags in force of some people, as far as the actor may see them."""
    found: dict[int, list[str]] = {}
    marks = Mark.objects.filter(in_force(day), person__in=list(people)).order_by("code")
    for person, code in marks.values_list("person_id", "code"):
        found.setdefault(person, []).append(code)
    return {person: tuple(dict.fromkeys(codes)) for person, codes in found.items()}


def made(
    rows: Iterable[Residence],
    day: date,
    stays: Mapping[int, Sequence[Residence]],
    *,
    tags: bool = True,
) -> list[Line]:
    """Lines of residences with their people and homes; `stays` are the people's residences in sight."""
    held = list(rows)
    marks = tags_of({row.person_id for row in held}, day) if tags and held else {}
    return [
        _line(row, day, marks.get(row.person_id, ()), stays.get(row.person_id, ())) for row in held
    ]


def stays_of(
    act: Act, people: Iterable[int], *, past: bool = False, persons: bool = False
) -> dict[int, list[Residence]]:
    """The residences in sight of some people, open ones only unless `past`, with the people if asked; one statement."""
    wanted = sorted(set(people))
    if not wanted:
        return {}
    rows = Residence.objects.filter(within(act), person__in=wanted)
    if not past:
        rows = rows.filter(until__isnull=True)
    rows = rows.select_related("home__building", *(("person",) if persons else ()))
    found: dict[int, list[Residence]] = {}
    for row in rows.order_by("area_id", "id"):
        found.setdefault(row.person_id, []).append(row)
    return found
