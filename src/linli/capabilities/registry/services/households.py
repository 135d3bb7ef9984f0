"""Households founded, split and merged, on a day: every member's stay is dated, so a past day can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Home, Household, Person, Residence
from linli.capabilities.registry.rules.days import not_before
from linli.capabilities.registry.services import staying
from linli.capabilities.registry.services.batches import by_hand
from linli.capabilities.registry.services.rows import past_day
from linli.kernel.acts import Act, Refusal, action, note


def _held(*households: Household) -> list[Household]:
    """The rows as they stand, locked in one order so that two people never wait for each other."""
    keys = [each.pk for each in households]
    rows = Household.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(set(keys)):
        raise Refusal(_("找不到这一户，或不在您的范围内。"), code="gone")
    for row in found.values():
        if row.until is not None:
            raise Refusal(_("这一户已经撤销，请刷新。"), code="ended")
    return [found[key] for key in keys]


def _members(household: Household) -> list[Residence]:
    rows = Residence.objects.select_for_update(of=("self",)).filter(
        household=household, until__isnull=True
    )
    return list(rows.order_by("id"))


@action("registry.split_household", title=_("分户"), codes=("source",))
def split_household(
    act: Act,
    household: Household,
    *,
    members: Sequence[int],
    head: int,
    on: date | None = None,
    home: int | None = None,
    number: str = "",
    source: str = "window",
) -> Household:
    """Some members (ids of persons) become a household of their own from a day; one of them is its head."""
    (row,) = _held(household)
    day = past_day(act, on, "on")
    not_before(day, row.since)
    stays = _members(row)
    leaving = [stay for stay in stays if stay.person_id in set(members)]
    if not leaving or len(leaving) == len(stays):
        raise Refusal(_("请选择分出去的人，原户至少留一人。"), field="members", code="members")
    if head not in {stay.person_id for stay in leaving}:
        raise Refusal(_("新户主须是分出去的人之一。"), field="head", code="head")
    place = _place(act, row, home)
    batch = by_hand(act, source).pk
    made = Household.objects.create(
        area_id=place.area_id,
        home=place.home,
        kind=row.kind,
        number=number.strip()[:32],
        head_id=head,
        since=day,
        sources={"*": batch},
    )
    for stay in leaving:
        relation = staying.HEAD if stay.person_id == head else ""
        _moved(stay, made, day, "split", batch, relation)
    if row.head_id in {stay.person_id for stay in leaving}:
        row.head = None
        row.save(update_fields=["head"])
    note(household=made.pk, members=sorted(stay.person_id for stay in leaving))
    return made


def _place(act: Act, household: Household, home: int | None) -> Household:
    """Where the new household lives: where the old one does, or in a home in sight."""
    if home is None:
        return household
    found = Home.objects.filter(pk=home, until__isnull=True).first()
    if found is None or not act.sees(found.area_id):
        raise Refusal(_("找不到这套房屋，请重新选择。"), field="home", code="no-home")
    return Household(area_id=found.area_id, home=found)


@action("registry.merge_households", title=_("并户"), codes=("source",))
def merge_households(
    act: Act,
    household: Household,
    *,
    other: Household,
    on: date | None = None,
    source: str = "window",
) -> Household:
    """The members of the other household join this one from a day, and the other one ends."""
    if household.pk == other.pk:
        raise Refusal(_("请选择另一户。"), field="other", code="same-household")
    row, gone = _held(household, other)
    day = past_day(act, on, "on")
    for each in (row, gone):
        not_before(day, each.since)
    batch = by_hand(act, source).pk
    joining = _members(gone)
    here = {stay.person_id for stay in _members(row)}
    for stay in joining:
        if stay.person_id in here:
            staying.end([stay], day, "merged")
        else:
            _moved(stay, row, day, "merged", batch, "")
    gone.until, gone.head = day, None
    gone.save(update_fields=["until", "head"])
    note(other=gone.pk, members=sorted(stay.person_id for stay in joining))
    return row


def _moved(
    stay: Residence, household: Household, day: date, ending: str, batch: int, relation: str
) -> None:
    """Close a member's stay and open the same in another household; one begun that day is moved as it is."""
    values = {
        "area_id": household.area_id,
        "home_id": household.home_id,
        "household_id": household.pk,
        "relation": relation,
    }
    if stay.since is not None and stay.since >= day:
        for name, value in values.items():
            setattr(stay, name, value)
        stay.save(update_fields=["area", "home", "household", "relation"])
        return
    stay.until, stay.ending = day, ending
    stay.save(update_fields=["until", "ending"])
    Residence.objects.create(
        person_id=stay.person_id,
        account_id=stay.account_id,
        kind=stay.kind,
        lives=stay.lives,
        since=day,
        sources={"*": batch},
        **values,
    )


@action("registry.change_head", title=_("变更户主"), codes=("source",))
def change_head(
    act: Act, household: Household, *, person: Person, source: str = "window"
) -> Household:
    """Another member becomes the head; the relations of the others are to be asked anew."""
    (row,) = _held(household)
    stays = _members(row)
    if person.pk not in {stay.person_id for stay in stays}:
        raise Refusal(_("户主须是本户的人。"), field="person", code="head")
    batch = by_hand(act, source).pk
    for stay in stays:
        relation = staying.HEAD if stay.person_id == person.pk else ""
        if stay.relation != relation:
            stay.relation = relation
            stay.sources = {**stay.sources, "relation": batch}
            stay.save(update_fields=["relation", "sources"])
    row.head = person
    row.save(update_fields=["head"])
    note(person=person.pk)
    return row
