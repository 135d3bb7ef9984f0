"""A person's page: who they are, where they live and lived, with whom, what is said of them and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from linli.capabilities.registry.models import (
    Bond,
    Conflict,
    Consent,
    Holding,
    Household,
    Mark,
    Objection,
    Past,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.rules.people import age_on, needs_guardian
from linli.capabilities.registry.rules.precedence import said_by
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.roll import address_of
from linli.kernel.access.models import Account
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places

_SAID = "SELECT id, source, title, as_of, at FROM registry_said(%s)"
PASTS = 40
LOOKED = ("vault.reveal", "registry.export")


@dataclass(frozen=True, slots=True)
class Said:
    """Who says a value, and as of which day."""

    batch: int
    source: str
    title: str
    as_of: date | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A residence, present or past."""

    row: Residence
    address: str
    area: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the same household."""

    person: int
    name: str
    sex: str
    age: int | None
    relation: str
    kind: str
    head: bool


@dataclass(frozen=True, slots=True)
class Guard:
    """A bond to somebody: `toward` is whether the page's person is the one who is guarded or cared for."""

    row: Bond
    name: str
    person: int | None
    toward: bool
    lapsed: bool = False  # a guardian of somebody who has come of age


@dataclass(slots=True)
class Dossier:
    """What stands on a person's page at once."""

    person: Person
    day: date
    stays: list[Stay]
    members: list[Member]
    marks: list[Mark]
    guards: list[Guard]
    said: dict[int, Said] = field(default_factory=dict)

    @property
    def age(self) -> int | None:
        """Full years today, or at death."""
        born = self.person.born
        return age_on(born, self.person.died or self.day) if born else None

    @property
    def open_stays(self) -> list[Stay]:
        """Where the person belongs now."""
        return [stay for stay in self.stays if stay.row.until is None]

    @property
    def is_minor(self) -> bool:
        """Whether somebody has to guard them."""
        return needs_guardian(self.person.born, self.day, kinds.section().ages.majority)

    @property
    def lacks_guardian(self) -> bool:
        """Whether a minor has nobody."""
        guarded = any(g.toward and g.row.kind == "guardian" for g in self.guards)
        return self.is_minor and not guarded

    def source(self, name: str) -> Said | None:
        """Who says one value of the person."""
        batch = said_by(self.person.sources, name)
        return self.said.get(batch or 0)

    def source_of(self, row: Any) -> Said | None:
        """Who says a whole row."""
        return _of_row(self.said, row)


def _of_row(told: dict[int, Said], row: Any) -> Said | None:
    return told.get(said_by(row.sources or {}, "*") or 0)


def person(act: Act, key: int) -> Person | None:
    """A person in sight, by key."""
    return Person.objects.filter(pk=key).first() if 0 < key < 2**62 else None


def opened(act: Act, key: int) -> Dossier | None:
    """What a person's page shows at once; None when nobody in sight has this key. Six statements."""
    found = person(act, key)
    return _dossier(act, found) if found is not None else None


def own(act: Act) -> Dossier | None:
    """What is held about whoever is signed in; None while the account is tied to nobody."""
    found = Person.objects.filter(account=act.actor).first()
    return _dossier(act, found) if found is not None else None


def _dossier(act: Act, found: Person) -> Dossier:
    day = timezone.localdate(act.at)
    rows = list(
        Residence.objects.filter(person=found)
        .select_related("home__building")
        .order_by("-until", "-lives", "-since", "-id")
    )
    made = Dossier(
        person=found,
        day=day,
        stays=[Stay(r, address_of(r.home), places.near_name(r.area_id)) for r in rows],
        members=_members(found, rows, day),
        marks=list(Mark.objects.filter(person=found).order_by("-until", "-since", "-id")),
        guards=_guards(found, day),
    )
    made.said = _told_by([found, *rows, *made.marks, *(guard.row for guard in made.guards)])
    return made


def _told_by(rows: Iterable[Any]) -> dict[int, Said]:
    """Who says any value of some rows."""
    return said(batch for row in rows for batch in (row.sources or {}).values())


def said(batches: Iterable[int | None]) -> dict[int, Said]:
    """What some batches are called, wherever they lie; one statement."""
    wanted = sorted({batch for batch in batches if batch})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [wanted])
        return {row[0]: Said(*row) for row in cursor.fetchall()}


def _members(found: Person, rows: list[Residence], day: date) -> list[Member]:
    households = {r.household_id for r in rows if r.until is None and r.household_id}
    return members(households, day) if households else []


def members(households: Iterable[int], day: date) -> list[Member]:
    """Who belongs to some households now, the head first."""
    rows = (
        Residence.objects.filter(household__in=list(households), until__isnull=True)
        .select_related("person", "household")
        .order_by("relation", "person__born", "id")
    )
    made = [_member(row, day) for row in rows]
    return sorted(made, key=lambda member: not member.head)


def _member(row: Residence, day: date) -> Member:
    p, household = row.person, row.household
    head = household is not None and household.head_id == p.pk
    age = age_on(p.born, day) if p.born else None
    return Member(p.pk, p.name, p.sex, age, row.relation, row.kind, head)


def _guards(found: Person, day: date) -> list[Guard]:
    rows = (
        Bond.objects.filter(Q(person=found) | Q(other=found), until__isnull=True)
        .select_related("person", "other")
        .order_by("kind", "id")
    )
    majority, made = kinds.section().ages.majority, []
    for row in rows:
        toward = row.person_id == found.pk
        other = row.other if toward else row.person
        name = other.name if other else row.other_name
        ward = found.born if toward else other.born if other else None
        lapsed = row.kind == "guardian" and not needs_guardian(ward, day, majority)
        made.append(Guard(row, name, other.pk if other else None, toward, lapsed))
    return made


@dataclass(slots=True)
class Around:
    """What stands further down the page."""

    ties: list[tuple[Tie, str]]
    posts: list[Holding]
    consents: list[Consent]
    objections: list[Objection]
    doubts: list[Conflict]
    said: dict[int, Said]

    def source_of(self, row: Any) -> Said | None:
        """Who says a tie or a post."""
        return _of_row(self.said, row)


def around(act: Act, found: Person) -> Around:
    """Ties, posts, consents, objections and values in dispute; six statements."""
    ties = list(
        Tie.objects.filter(person=found).select_related("home__building").order_by("-until", "-id")
    )
    posts = list(
        Holding.objects.filter(person=found)
        .select_related("organisation")
        .order_by("-until", "-id")
    )
    return Around(
        [(tie, address_of(tie.home) or places.near_name(tie.area_id)) for tie in ties],
        posts,
        list(Consent.objects.filter(person=found).order_by("-withdrawn", "-given")),
        list(Objection.objects.filter(person=found).order_by("-id")),
        list(Conflict.objects.filter(record_set="person", row=found.pk, state="open")),
        _told_by([*ties, *posts]),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Former values of a row, or something that was done."""

    at: datetime
    table: str
    operation: str
    before: dict[str, Any]
    verb: str
    who: str


def history(act: Act, found: Person) -> list[Change]:
    """What was done and which values stood there before, newest first; four statements at most."""
    pasts = list(Past.objects.filter(person=found.pk).order_by("-id")[:PASTS])
    facts = list(
        Fact.objects.filter(subject_type="registry.person", subject_id=found.pk)
        .exclude(verb__in=LOOKED)
        .order_by("-id")[:PASTS]
    )
    names = names_of({p.actor for p in pasts} | {f.actor for f in facts})
    changes = [
        Change(p.at, p.table, p.operation, p.before, "", names.get(p.actor or 0, "")) for p in pasts
    ]
    changes += [Change(f.at, "", "", f.data, f.verb, names.get(f.actor, "")) for f in facts]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def names_of(accounts: set[int | None]) -> dict[int, str]:
    """The names of accounts by their keys; the system and guests have none."""
    wanted = [key for key in accounts if key and key > 1]
    if not wanted:
        return {}
    return dict(Account.objects.filter(pk__in=wanted).values_list("id", "name"))


def adult_at(act: Act, home: int | None, name: str) -> int | None:
    """The one adult of a name who lives behind a door; none when there is none or more than one."""
    if home is None or not name:
        return None
    rows = Residence.objects.filter(home=home, until__isnull=True, person__name=name.strip())
    day, majority = timezone.localdate(act.at), kinds.section().ages.majority
    found = {
        r.person_id
        for r in rows.select_related("person")
        if not needs_guardian(r.person.born, day, majority)
    }
    return found.pop() if len(found) == 1 else None


@dataclass(slots=True)
class House:
    """A household's page."""

    household: Household
    address: str
    area: str
    members: list[Member]
    former: list[Residence]
    said: Said | None


def household(act: Act, key: int) -> House | None:
    """A household in sight, with its members and who left it."""
    row = Household.objects.filter(pk=key).select_related("home__building").first()
    if row is None:
        return None
    former = Residence.objects.filter(household=row, until__isnull=False).select_related("person")
    batch = said_by(row.sources, "*")
    return House(
        row,
        address_of(row.home),
        places.near_name(row.area_id),
        members([row.pk], timezone.localdate(act.at)),
        list(former.order_by("-until", "-id")[:40]),
        said([batch]).get(batch or 0) if batch else None,
    )


def consent_of(act: Act, key: int) -> Consent | None:
    """A consent in sight."""
    return Consent.objects.filter(pk=key).first()


def objection_of(act: Act, key: int) -> Objection | None:
    """An objection in sight."""
    return Objection.objects.filter(pk=key).select_related("person").first()


def bond_of(act: Act, key: int) -> Bond | None:
    """A tie between persons in sight, with the person it is of."""
    return Bond.objects.filter(pk=key).select_related("person").first()


def mark_of(act: Act, key: int) -> Mark | None:
    """A mark in sight, with its person."""
    return Mark.objects.filter(pk=key).select_related("person").first()
