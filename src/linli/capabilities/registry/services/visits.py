"""A visit at the door: values said there, a photo, a signature; nothing that changed meanwhile is overwritten in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Household, Person, Residence
from linli.capabilities.registry.services import consent as consents
from linli.capabilities.registry.services import corrections, values
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import Holder, keep

PURPOSE = "visit"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one person: new values by column, and what the visitor's page had shown."""

    person: int
    values: Mapping[str, Any]
    was: Mapping[str, str] = field(default_factory=dict)


def shown(value: Any) -> str:
    """A value as a visitor's page carries it: protected ones masked."""
    return "" if value is None else str(value)


@action("registry.visit", title=_("入户走访"))
def visit(
    act: Act,
    household: Household,
    *,
    answers: Sequence[Answer],
    photos: Sequence[Clean] = (),
    signature: Clean | None = None,
    signer: int | None = None,
    sure: bool = False,
) -> Household:
    """Take what was said at the door (R010); a value that somebody changed meanwhile refuses the whole visit (`changed`),
    unless the visitor has seen that and says so (`sure`).

    The fact names people and columns, no value.
    """
    members = _members(household, [each.person for each in answers])
    if not sure:
        _unchanged(members, answers)
    told: dict[int, list[str]] = {}
    for each in answers:
        changes = _changes(members[each.person], each.values)
        if changes:
            corrections.correct(act, members[each.person], changes=changes, source="door")
            told[each.person] = sorted(changes)
    holder = Holder("registry.household", household.pk, household.area_id)
    for photo in photos:
        keep(act, photo, owner=holder, purpose="visit", field="photos")
    if signature is not None:
        _signed(act, members.get(signer or household.head_id or 0), signature)
    note(people=sorted(told), fields=sorted({n for names in told.values() for n in names}))
    return household


def _members(household: Household, wanted: Sequence[int]) -> dict[int, Person]:
    rows = Residence.objects.filter(household=household, until__isnull=True)
    found = {row.person_id: row.person for row in rows.select_related("person")}
    if any(key not in found for key in wanted):
        raise Refusal(_("这一户的人有变动，请打开最新的一页再填。"), field="sure", code="changed")
    return found


def _unchanged(members: Mapping[int, Person], answers: Sequence[Answer]) -> None:
    clashes = []
    for each in answers:
        person = members[each.person]
        for name, value in each.values.items():
            now, was = shown(values.get(person, name)), each.was.get(name)
            if was is not None and now != was and not values.same(person, name, value):
                clashes.append(_clash(person, name, now, was))
    if clashes:
        words = _t("有人先改过了，没有提交。") + "".join(clashes)
        raise Refusal(words, field="sure", code="changed")


def _clash(person: Person, name: str, now: str, was: str) -> str:
    element = dictionary.element_of("person", name)
    told = [_title(element, value) or _t("空") for value in (was, now)]
    return _t("%(who)s的%(what)s：您打开时是“%(was)s”，现在是“%(now)s”。") % {
        "who": person.name,
        "what": element.label if element else name,
        "was": told[0],
        "now": told[1],
    }


def _title(element: Any, value: str) -> str:
    if value and element is not None and element.table:
        return dictionary.title_of(element.table, value)
    return value


def _changes(person: Person, given: Mapping[str, Any]) -> dict[str, Any]:
    """What differs; an empty answer says nothing."""
    return {
        name: value
        for name, value in given.items()
        if value not in (None, "") and not values.same(person, name, value)
    }


def _signed(act: Act, signer: Person | None, signature: Clean) -> None:
    if signer is None:
        raise Refusal(_("请选择是谁签的名。"), field="signer", code="signer")
    consents.consent(act, person=signer, purpose=PURPOSE, signature=signature)
