"""Ties between persons: who guards a minor (Civil Code 27), who cares for somebody, whom to call; begun and ended."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Bond, Person
from linli.capabilities.registry.rules.days import not_before
from linli.capabilities.registry.rules.people import needs_guardian
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services.corrections import home_area
from linli.capabilities.registry.services.people import (
    GUARDIAN,
    Guardian,
    alive,
    bind,
    locked,
    ours,
)
from linli.capabilities.registry.services.rows import past_day, said, today
from linli.capabilities.registry.services.undoing import one_deed
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import selectors as dictionary

REASON_MOST = 200


@action("registry.guardian", title=_("登记监护人"))
def name_guardian(act: Act, person: Person, *, guardian: Guardian) -> Bond:
    """Bind a minor to a guardian: an adult of the registry, or a name with a phone."""
    row = locked(person)
    ours(row)
    alive(row)
    majority = kinds.section().ages.majority
    if not needs_guardian(row.born, today(act), majority):
        raise Refusal(
            _("已满 %(age)s 周岁，不需要登记监护人。") % {"age": majority},
            field="guardian",
            code="adult",
        )
    bond = _bound(act, row, guardian, GUARDIAN, None)
    note(bond=bond.pk)
    return bond


@action("registry.bond", title=_("登记人际关系"), codes=("kind",))
def tie(act: Act, person: Person, *, other: Guardian, kind: str, since: date | None = None) -> Bond:
    """Tie somebody to another person: spouse, child, carer, whom to call; the other may live elsewhere."""
    if kind == GUARDIAN or kind not in dict(dictionary.choices("bond_kind")):
        raise Refusal(_("请选择是什么关系。"), field="kind", code="kind")
    row = locked(person)
    ours(row)
    alive(row)
    bond = _bound(act, row, other, kind, past_day(act, since))
    note(bond=bond.pk)
    return bond


def _bound(act: Act, person: Person, other: Guardian, kind: str, since: date | None) -> Bond:
    bond = bind(act, person, other, home_area(act, person), kind, since)
    twice = Bond.objects.filter(person=person, kind=kind, until__isnull=True).exclude(pk=bond.pk)
    same = (
        twice.filter(other_id=bond.other_id)
        if bond.other_id
        else twice.filter(other__isnull=True, other_name=bond.other_name)
    )
    if same.exists():
        raise Refusal(_("此人已经登记过这个关系。"), field="person", code="twice")
    return bond


@action("registry.unbond", title=_("结束人际关系"), keep=("reason",))
def untie(act: Act, bond: Bond, *, reason: str, on: date | None = None) -> Bond:
    """End a tie on a day; a minor keeps at least one guardian."""
    row = Bond.objects.select_for_update(of=("self",)).filter(pk=bond.pk).first()
    if row is None:
        raise Refusal(_("找不到这个关系，或不在您的范围内。"), code="gone")
    if row.until is not None:
        raise Refusal(_("这个关系已经结束。"), code="ended")
    said(reason, "reason", REASON_MOST, _("结束原因"))
    day = past_day(act, on, "on")
    not_before(day, row.since)
    person = locked(row.person)
    if row.kind == GUARDIAN and needs_guardian(
        person.born, today(act), kinds.section().ages.majority
    ):
        others = Bond.objects.filter(person=person, kind=GUARDIAN, until__isnull=True)
        if not others.exclude(pk=row.pk).exists():
            raise Refusal(_("请先登记新的监护人，再结束这一位。"), code="no-guardian")
    with one_deed():
        row.until = day
        row.save(update_fields=["until"])
    note(person=person.pk)
    return row
