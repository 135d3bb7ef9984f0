"""Who is to be visited: households of the grid with what is still missing, and one household as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.utils import timezone

from linli.capabilities.registry.models import Consent, Household, Person, Residence
from linli.capabilities.registry.rules.people import age_on
from linli.capabilities.registry.selectors.roll import address_of
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places

# What a visit asks for, the most useful first; of a child only what a child has.
FIELDS = ("phone", "employment", "workplace", "education", "political", "marital", "ethnic")
OF_A_CHILD = ("ethnic", "education")
NEEDED = ("education", "political", "employment", "marital")
GROWN = 16
SIZE = 60


@dataclass(frozen=True, slots=True)
class Stop:
    """One household of the round: where, who heads it, how many people, how much is missing, whether it was visited today."""

    household: int
    address: str
    head: str
    people: int
    missing: int
    visited: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who lives there: what is asked for, what is missing first."""

    person: Person
    relation: str
    age: int | None
    missing: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One household at the door."""

    household: Household
    address: str
    area: str
    guests: list[Guest]
    consented: bool

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return sum(len(guest.missing) for guest in self.guests)


def _gaps() -> Any:
    empty = [
        Case(When(**{f"person__{name}": ""}, then=Value(1)), default=Value(0)) for name in NEEDED
    ]
    phone = Case(When(person__phone__isnull=True, then=Value(1)), default=Value(0))
    total: Any = phone
    for each in empty:
        total = total + each
    return Sum(total, output_field=IntegerField())


def _grown(day: date) -> date:
    return day.replace(year=day.year - GROWN, day=min(day.day, 28))


def stops(act: Act, q: str = "") -> list[Stop]:
    """The households of the actor's areas, most gaps first; those visited today last (three statements)."""
    day = timezone.localdate(act.at)
    grown = Q(person__born__isnull=True) | Q(person__born__lte=_grown(day))
    rows = (
        Residence.objects.filter(within(act), until__isnull=True, lives=True)
        .filter(household__isnull=False, person__died__isnull=True)
        .values("household")
        .annotate(people=Count("person"), gaps=_gaps())
    )
    grown_rows = {
        row["household"]: int(row["gaps"] or 0)
        for row in rows.filter(grown).order_by("-gaps", "household")[: 4 * SIZE]
    }
    found = Household.objects.filter(within(act), until__isnull=True)
    found = found.filter(pk__in=list(grown_rows)) if not q else found.filter(_called(q))
    known = {h.pk: h for h in found.select_related("head", "home__building")[: 4 * SIZE]}
    seen = _visited(act, list(known))
    counted = dict(
        rows.filter(household__in=list(known)).values_list("household", "people").order_by()
    )
    listed = [
        Stop(
            pk,
            address_of(house.home),
            house.head.name if house.head else "",
            counted.get(pk, 0),
            grown_rows.get(pk, 0),
            pk in seen,
        )
        for pk, house in known.items()
    ]
    return sorted(listed, key=lambda s: (s.visited, -s.missing, s.address))[:SIZE]


def _called(q: str) -> Q:
    return Q(head__name=q) | Q(home__building__address__contains=q) | Q(home__room=q)


def _visited(act: Act, households: list[int]) -> set[int]:
    """Those that the actor visited since midnight."""
    midnight = timezone.localtime(act.at).replace(hour=0, minute=0, second=0, microsecond=0)
    facts = Fact.objects.filter(
        actor=act.actor,
        verb="registry.visit",
        subject_type="registry.household",
        subject_id__in=households,
        at__gte=midnight,
    )
    return set(facts.values_list("subject_id", flat=True))


def household(act: Act, pk: int) -> Visit | None:
    """One household in sight, with everybody who lives there (three statements)."""
    found = Household.objects.filter(within(act), pk=pk, until__isnull=True)
    house = found.select_related("head", "home__building").first()
    if house is None:
        return None
    day = timezone.localdate(act.at)
    rows = Residence.objects.filter(
        household=house, until__isnull=True, lives=True, person__died__isnull=True
    )
    stays = sorted(
        rows.select_related("person").distinct(),
        key=lambda r: (r.person_id != house.head_id, r.relation, r.pk),
    )
    guests = {stay.person_id: _guest(stay, day) for stay in stays}
    agreed = Consent.objects.filter(person__in=list(guests), withdrawn__isnull=True).exists()
    return Visit(
        house,
        address_of(house.home),
        places.near_name(house.area_id),
        list(guests.values()),
        agreed,
    )


def _guest(stay: Residence, day: date) -> Guest:
    person = stay.person
    age = age_on(person.born, day) if person.born else None
    asked = OF_A_CHILD if age is not None and age < GROWN else FIELDS
    missing = tuple(name for name in asked if getattr(person, name) in (None, ""))
    return Guest(
        person, stay.relation, age, missing, tuple(name for name in asked if name not in missing)
    )
