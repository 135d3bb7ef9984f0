"""Where people live: residences begun and ended, with their households; part of the verbs that call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Home, Household, Person, Residence
from linli.capabilities.registry.rules.days import not_ahead
from linli.capabilities.registry.services.rows import not_born, today
from linli.kernel.acts import Act, Refusal, note
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, level_of

HEAD = "02"
CORRECTED = "corrected"
FINE = frozenset({Level.COMMUNITY, Level.GRID, Level.BUILDING})


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody lives, on what ground, since when; `home` wins over `area`."""

    kind: str
    area: int | None = None
    home: int | None = None
    household: int | None = None
    relation: str = ""
    lives: bool = True
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a stay, checked: its area lies in sight."""

    area: int
    home: Home | None = None


def placed(act: Act, stay: Stay) -> Place:
    """The place of a stay; refused when unknown, too wide or out of sight."""
    if stay.kind not in Residence.Kind.values:
        raise Refusal(_("请选择居住类型。"), field="residence_kind", code="no-kind")
    if stay.since:
        not_ahead(stay.since, today(act), "since")
    home = None
    if stay.home is not None:
        home = Home.objects.filter(pk=stay.home, until__isnull=True).first()
        if home is None:
            raise Refusal(_("找不到这套房屋，请重新选择。"), field="home", code="no-home")
    area = home.area_id if home else stay.area
    if area is None or area not in places.tree().by_id:
        raise Refusal(_("请选择住在哪里。"), field="home", code="no-place")
    if level_of(area) not in FINE:
        raise Refusal(_("住址须落到社区或网格。"), field="home", code="too-wide")
    if not act.sees(area):
        raise Refusal(_("这个地址不在您的范围内。"), field="home", code="out-of-sight")
    return Place(area, home)


def begin(act: Act, person: Person, stay: Stay, place: Place, batch: int) -> Residence:
    """Open a residence; a head without a household founds one."""
    since = stay.since or today(act)
    not_born(person, since)
    household = _household(person, stay, place, since, batch)
    residence = Residence(
        person=person,
        account_id=person.account_id,
        area_id=place.area,
        home=place.home,
        household=household,
        kind=stay.kind,
        lives=stay.lives,
        relation=stay.relation,
        since=since,
        sources={"*": batch},
    )
    try:
        with transaction.atomic():
            residence.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            _("此人的户籍还登记在别处，请先办理户籍迁出，或改选其他居住类型。"),
            field="residence_kind",
            code="registered-elsewhere",
        ) from None
    note(residence=residence.pk, area=place.area, home=place.home.pk if place.home else None)
    return residence


def head_of(household: Household, person: Person) -> None:
    """Make somebody the head of a household that has none."""
    if household.head_id is None:
        household.head = person
        household.save(update_fields=["head"])


def _household(
    person: Person, stay: Stay, place: Place, since: date, batch: int
) -> Household | None:
    if stay.household is not None:
        found = Household.objects.filter(pk=stay.household, until__isnull=True).first()
        if found is None:
            raise Refusal(_("找不到这一户，请重新选择。"), field="household", code="no-household")
        if found.home_id and place.home and found.home_id != place.home.pk:
            raise Refusal(
                _("这一户不住在所选的房屋里。"), field="household", code="household-elsewhere"
            )
    elif stay.relation == HEAD:
        found = Household.objects.create(
            area_id=place.area, home=place.home, since=since, sources={"*": batch}
        )
        # Seen by area at once; the head is written when the person is in sight.
    else:
        return None
    return found


def lead(residence: Residence, person: Person) -> None:
    """Write the head of a household once the residence shows the person."""
    if residence.relation == HEAD and residence.household is not None:
        head_of(residence.household, person)


def end(residences: Iterable[Residence], on: date, ending: str) -> list[int]:
    """Close open residences on a day (a stay never ends before it began); returns their ids.

    One that was entered by mistake ends on the day it began, so that it counts on no day.
    """
    closed = []
    for stay in residences:
        if ending == CORRECTED:
            stay.since = stay.since or on
            stay.until = stay.since
        else:
            stay.until = max(on, stay.since) if stay.since else on
        stay.ending = ending
        stay.save(update_fields=["since", "until", "ending"])
        closed.append(stay.pk)
        _close_empty(stay.household_id, stay.until, stay.person_id)
    return closed


def _close_empty(household: int | None, on: date, left: int) -> None:
    """A household that nobody is left in has ended; one whose head left waits for another."""
    if household is None:
        return
    row = Household.objects.select_for_update().filter(pk=household, until__isnull=True).first()
    if row is None:
        return
    changed = []
    if row.head_id == left:
        row.head = None
        changed.append("head")
    if not Residence.objects.filter(household=household, until__isnull=True).exists():
        row.until = max(on, row.since) if row.since else on
        changed.append("until")
    if changed:
        row.save(update_fields=changed)


def open_of(person: Person) -> list[Residence]:
    """The open residences of a person that are in sight, held until the transaction ends."""
    rows = Residence.objects.select_for_update(of=("self",)).filter(
        person=person, until__isnull=True
    )
    return list(rows.order_by("id"))
