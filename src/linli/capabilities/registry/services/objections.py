"""A resident says that something about them is wrong; a person checks and answers (PIPL 44–46)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Objection, Person
from linli.capabilities.registry.selectors.wards import guarded_by
from linli.capabilities.registry.services import values
from linli.capabilities.registry.services.corrections import correct, home_area
from linli.capabilities.registry.services.rows import said
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note

WORDS_MOST = 500


@action("registry.object", title=_("提出异议"), codes=("field",))
def raise_objection(
    act: Act, *, person: Person, field: str, wish: str = "", words: str = ""
) -> Objection:
    """Say that one value is wrong and what it should be; one open objection for a value."""
    own = Person.objects.filter(pk=person.pk).first()
    if own is None:
        raise Refusal(_("找不到您的登记信息。"), code="gone")
    return _raised(act, own, own.account_id, field, wish, words)


@action("registry.object_for", title=_("为孩子提出异议"), codes=("field",))
def object_for(act: Act, *, child: int, field: str, wish: str = "", words: str = "") -> Objection:
    """A guardian says that something about the child is wrong (PIPL 31, 44–46); the answer goes to the guardian."""
    if child not in guarded_by(act):
        raise Refusal(_("您不是这个孩子登记的监护人。"), code="not-guardian")
    with crossing(EVERYWHERE):
        return _raised(act, Person.objects.get(pk=child), act.actor, field, wish, words)


def _raised(
    act: Act, own: Person, account: int | None, field: str, wish: str, words: str
) -> Objection:
    if not values.known_field(field) and field not in ("residence", "mark", "household"):
        raise Refusal(_("请选择哪一项有误。"), field="field", code="unknown-field")
    if not wish.strip() and not words.strip():
        raise Refusal(_("请写明正确的内容或说明情况。"), field="wish", code="required")
    if len(words) > WORDS_MOST:
        raise Refusal(_("说明最多 500 字。"), field="words", code="long")
    if Objection.objects.filter(person=own, field=field, state=Objection.State.OPEN).exists():
        raise Refusal(_("这一项的异议正在核实，请等待答复。"), field="field", code="open")
    note(person=own.pk)
    return Objection.objects.create(
        person=own,
        account_id=account,
        area_id=home_area(act, own),
        field=field,
        wish=wish.strip() or None,
        words=words.strip(),
        at=act.at,
    )


@action("registry.decide_objection", title=_("答复异议"), codes=("taken",))
def decide_objection(
    act: Act, objection: Objection, *, taken: bool, answer: str, value: Any = None
) -> Objection:
    """Decide an objection with an answer; `value` (as the column keeps it) is corrected in the resident's name."""
    row = Objection.objects.select_for_update(of=("self",)).filter(pk=objection.pk).first()
    if row is None:
        raise Refusal(_("找不到这条异议，或不在您的范围内。"), code="gone")
    if row.state != Objection.State.OPEN:
        raise Refusal(_("这条异议已经答复。"), code="decided")
    row.answer = said(answer, "answer", WORDS_MOST, _("答复"))
    row.state = Objection.State.TAKEN if taken else Objection.State.REFUSED
    row.decided = act.at
    row.save(update_fields=["state", "answer", "decided"])
    if taken and value not in (None, ""):
        correct(act, row.person, changes={row.field: value}, source="window")
    return row
