"""One person's life in the registry: registered, born, moved in and out, deceased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Bond, Consent, Mark, Person, Residence, Tie
from linli.capabilities.registry.rules.days import not_before, on_arrival
from linli.capabilities.registry.rules.people import (
    ID_CARD,
    Identity,
    ends_at_death,
    guarded,
    may_register,
    needs_guardian,
    proper_name,
)
from linli.capabilities.registry.selectors import kinds, sight
from linli.capabilities.registry.services import known, staying, values
from linli.capabilities.registry.services.batches import by_hand
from linli.capabilities.registry.services.rows import not_born, past_day, today
from linli.capabilities.registry.services.staying import Place, Stay
from linli.capabilities.registry.services.undoing import one_deed
from linli.kernel.access.once import digest, once
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.vault.fields import lookups

GUARDIAN = "guardian"
MOVED, ENDINGS = "moved", frozenset({"moved", "transferred", "corrected"})


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who guards a minor, or is tied to somebody else: one of the registry, or a name with a phone.

    With a document number the person is found wherever they are registered.
    """

    person: int | None = None
    name: str = ""
    phone: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be registered; `values` are further columns by name, `sure` says that a namesake is another."""

    identity: Identity
    stay: Stay
    values: Mapping[str, Any] = field(default_factory=dict)
    guardians: tuple[Guardian, ...] = ()
    sure: bool = False


@action("registry.register", title=_("登记居民"), codes=("source",))
def register(
    act: Act, *, newcomer: Newcomer, source: str = "window", token: UUID | None = None
) -> Person:
    """Register somebody new with a first residence (R010); the same `token` never makes two people.

    A number that is known is refused: `known-here`, `known-elsewhere` (to be met by adopt) or `other-name`.
    """
    return _once(act, newcomer, source, token, "registered")


@action("registry.birth", title=_("登记出生"), codes=("source",))
def birth(
    act: Act, *, newcomer: Newcomer, source: str = "window", token: UUID | None = None
) -> Person:
    """Register a child with its guardians; it lives where it is said to since the day of birth."""
    if newcomer.identity.born is None and not newcomer.identity.number:
        raise Refusal(_("请填写出生日期。"), field="born", code="no-born")
    return _once(act, newcomer, source, token, "born")


def _once(act: Act, newcomer: Newcomer, source: str, token: UUID | None, how: str) -> Person:
    asked = newcomer.identity
    number = lookups("id_number", asked.number)[0].hex() if asked.number else ""
    made: list[Person] = []

    def work() -> tuple[int, dict[str, Any]]:
        made.append(_new(act, newcomer, source, how))
        return 201, {"person": made[0].pk}

    kept = digest("registry", how, asked.kind, number, newcomer.stay.home, newcomer.stay.area)
    _status, body = once(act, token, kept, work)
    if made:
        return made[0]
    note(again=True)
    return Person.objects.get(pk=body["person"])


def _new(act: Act, newcomer: Newcomer, source: str, how: str) -> Person:
    identity = may_register(newcomer.identity, today(act))
    stay = newcomer.stay
    if how == "born" and stay.since is None:
        stay = replace(stay, since=identity.born)
    place = staying.placed(act, stay)
    guarded(identity.born, today(act), len(newcomer.guardians), kinds.section().ages.majority)
    if identity.number:
        known.held(identity)
        known.not_known(identity)
    if identity.born:
        known.held_birth(identity)
    if not newcomer.sure:
        _no_namesake(identity)
    batch = by_hand(act, source).pk
    person = Person(
        name=identity.name,
        sex=identity.sex,
        born=identity.born,
        document_kind=identity.kind,
        document=identity.number or None,
        sources={"*": batch},
        changed=act.at,
    )
    values.put(person, newcomer.values)
    person.save()
    residence = staying.begin(act, person, stay, place, batch)
    staying.lead(residence, person)
    for guardian in newcomer.guardians:
        born = identity.born if how == "born" else None
        bind(act, person, guardian, place.area, GUARDIAN, born)
    return person


def _no_namesake(identity: Identity) -> None:
    """Somebody in sight of the same name and birth without a number is probably the same; without a number, anybody."""
    if not identity.born:
        return
    same = Person.objects.filter(name=identity.name, born=identity.born, died__isnull=True)
    if identity.number:
        same = same.filter(document_index__isnull=True)
    if same.exists():
        raise Refusal(
            _("已有同名同生日的人。请先查找核对；确是另一个人的，勾选“不是同一人”再登记。"),
            field="sure",
            code="namesake",
        )


def bind(
    act: Act, person: Person, other: Guardian, area: int, kind: str, since: date | None = None
) -> Bond:
    """Write a tie from one person to another; a guardian must be an adult if known."""
    found = _other(other, today(act))
    if found is not None and (found.pk == person.pk or _too_young(act, found, kind)):
        words = (
            _("监护人须是已登记的成年人，请重新选择。")
            if kind == GUARDIAN
            else _("请选择另一个人。")
        )
        raise Refusal(words, field="guardian", code="guardian")
    if found is None and not other.name.strip():
        words = _("请填写监护人姓名。") if kind == GUARDIAN else _("请填写姓名。")
        raise Refusal(words, field="guardian", code="no-guardian")
    if found is None:
        _a_name(other.name)
    begun = since or today(act)
    not_born(person, begun)
    return Bond.objects.create(
        area_id=area,
        person=person,
        other_id=found.pk if found else None,
        # Somebody registered elsewhere is out of sight: the name as it was said stands here.
        other_name="" if other.person else other.name.strip()[:60],
        other_phone=other.phone or None,
        kind=kind,
        since=begun,
    )


def _a_name(name: str) -> None:
    try:
        proper_name(name)
    except Refusal as refusal:
        raise Refusal(str(refusal), field="guardian", code=refusal.code) from refusal


def _too_young(act: Act, other: Person, kind: str) -> bool:
    majority = kinds.section().ages.majority
    return kind == GUARDIAN and needs_guardian(other.born, today(act), majority)


def _other(other: Guardian, day: date) -> Person | None:
    if other.person is not None:
        found = Person.objects.filter(pk=other.person).first()
        if found is None:
            raise Refusal(
                _("监护人须是已登记的成年人，请重新选择。"), field="guardian", code="guardian"
            )
        return found
    if not other.number.strip():
        return None
    asked = may_register(Identity(other.name, ID_CARD, other.number), day)
    held = known.known(asked)
    if held is not None and not held.same:
        raise known.other_name()
    if held is None or held.id is None:
        return None
    with crossing(EVERYWHERE):
        return Person.objects.get(pk=held.id)


def locked(person: Person) -> Person:
    """The person's row as it stands, held until the transaction ends; refused when out of sight."""
    row = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if row is None:
        raise Refusal(_("找不到这个人，或不在您的范围内。"), code="gone")
    return row


def ours(person: Person) -> None:
    """Refuse what is for those where somebody belongs now; a community that was left only reads, as long as it may."""
    if person.died is None and not sight.belongs(person.pk):
        raise Refusal(_("此人已不在您的范围内居住，资料由现住地社区维护。"), code="left")


def alive(person: Person) -> None:
    """Refuse what only the living do."""
    if person.died is not None:
        raise Refusal(_("此人已登记死亡，不能再办理。"), code="died")


@action("registry.move_in", title=_("登记迁入"), codes=("source",))
def move_in(act: Act, person: Person, *, stay: Stay, source: str = "window") -> Residence:
    """Begin another residence of somebody in sight; what it ends, here or elsewhere, follows from the rules of arrival."""
    row = locked(person)
    place = staying.placed(act, stay)
    with one_deed():
        leave(act, row.pk, stay, place)
    residence = staying.begin(act, row, stay, place, by_hand(act, source).pk)
    staying.lead(residence, row)
    return residence


def leave(act: Act, key: int, stay: Stay, place: Place) -> Person:
    """End or loosen somebody's stays wherever they are; the fact names the communities out of sight that were left.

    The one crossing of the wall around people, after the grant and for this one person.
    """
    with crossing(EVERYWHERE):
        person = Person.objects.select_for_update(of=("self",)).get(pk=key)
        alive(person)
        not_born(person, stay.since or today(act))
        former = staying.open_of(person)
        settle(act, former, stay, place)
        if stay.lives:
            _follow(
                person, [each.area_id for each in former if not each.lives or each.until], place
            )
    if elsewhere := out_of_sight(act, former):
        note(former=elsewhere)
    return person


def _follow(person: Person, left: Sequence[int], place: Place) -> None:
    """What hangs on a person is kept where the person lives: the community that is left has no need of it."""
    for model in (Mark, Consent, Bond):
        rows = model._default_manager.filter(person=person, area__in=left)
        rows.update(area_id=place.area)


def settle(act: Act, former: Sequence[Residence], stay: Stay, place: Place) -> None:
    """End or loosen the open residences that a new one replaces."""
    since = stay.since or today(act)
    for each in former:
        if each.kind == stay.kind and each.area_id == place.area and each.home == place.home:
            raise Refusal(_("此人已经这样登记在这里。"), field="home", code="same-stay")
        then = on_arrival(each.kind, lived=each.lives, now=stay.kind, lives=stay.lives)
        if then.end:
            not_before(since, each.since, "since")
            staying.end([each], since, then.end)
        elif then.leaves:
            each.lives = False
            each.save(update_fields=["lives"])


@action("registry.move_out", title=_("登记迁出"), codes=("ending",), keep=("remark",))
def move_out(
    act: Act,
    person: Person,
    *,
    residence: int,
    on: date | None = None,
    ending: str = MOVED,
    remark: str = "",
) -> Residence:
    """End one residence on a day; the person stays known where they lived."""
    row = locked(person)
    day = past_day(act, on, "on")
    if ending not in ENDINGS:
        raise Refusal(_("请选择迁出原因。"), field="ending", code="no-ending")
    stay = next((each for each in staying.open_of(row) if each.pk == residence), None)
    if stay is None:
        raise Refusal(_("这条居住信息已经结束，请刷新。"), field="residence", code="ended")
    not_before(day, stay.since)
    with one_deed():
        staying.end([stay], day, ending)
    note(residence=stay.pk, area=stay.area_id)
    return stay


@action("registry.death", title=_("登记死亡"), codes=("source",))
def death(
    act: Act, person: Person, *, on: date, source: str = "window", sure: bool = False
) -> Person:
    """Record a death: residences, marks, bonds and ties end that day (ownership stays), consents are withdrawn.

    What stands elsewhere ends too; the fact names the communities out of sight. Nobody moves in after death: `sure`
    says that the day is right and the residence was entered late.
    """
    row = locked(person)
    alive(row)
    day = past_day(act, on, "on")
    not_before(day, row.born)
    batch = by_hand(act, source).pk
    with one_deed(), crossing(EVERYWHERE):
        stays = staying.open_of(row)
        _not_after_death(stays, day, sure)
        row.died = day
        row.sources = {**row.sources, "died": batch}
        row.changed = act.at
        row.save(update_fields=["died", "sources", "changed"])
        ended = staying.end(stays, day, "died")
        _lapse(act, row, day)
    note(residences=ended)
    if elsewhere := out_of_sight(act, stays):
        note(former=elsewhere)
    return row


def _not_after_death(stays: Sequence[Residence], day: date, sure: bool) -> None:
    begun = max((each.since for each in stays if each.since), default=None)
    if begun is not None and begun > day and not sure:
        raise Refusal(
            _(
                "此人登记的入住日期是 %(day)s，在死亡日期之后。请核对死亡日期；确实没有错的，勾选后再登记。"
            )
            % {"day": begun.isoformat()},
            field="sure",
            code="before-stay",
        )


def _lapse(act: Act, person: Person, day: date) -> None:
    """End what only the living have."""
    ties = Tie.objects.filter(person=person, until__isnull=True)
    gone = [tie.pk for tie in ties if ends_at_death(tie.kind)]
    Tie.objects.filter(pk__in=gone).update(until=day)
    in_force = Q(until__isnull=True) | Q(until__gt=day)
    for mark in Mark.objects.filter(in_force, person=person):
        mark.until = max(day, mark.since)
        mark.save(update_fields=["until"])
    bonds = Bond.objects.filter(Q(person=person) | Q(other=person), until__isnull=True)
    for bond in bonds:
        bond.until = max(day, bond.since) if bond.since else day
        bond.save(update_fields=["until"])
    Consent.objects.filter(person=person, withdrawn__isnull=True).update(withdrawn=act.at)


def out_of_sight(act: Act, stays: Sequence[Residence]) -> list[int]:
    """The communities of some stays that the actor does not answer for."""
    told = {enclosing(each.area_id, Level.COMMUNITY) or each.area_id for each in stays}
    return sorted(area for area in told if not act.sees(area))
