"""More time, reasons for delay, and clocks counted anew (R107)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Extension, Matter
from linli.capabilities.matters.services.move import advance, lock, save
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.calendar import Term, Unit
from linli.kernel.flow import Refused, load, may


@action("matters.ask_extension", title=_("申请延期"), codes=("amount",), keep=("reason",))
def ask_extension(act: Act, matter: Matter, *, amount: int, reason: str) -> Matter:
    """Ask for more time, with a reason, before it is due."""
    rule = clocks.policy_of(lock(matter)).clock.extension
    term = f"{amount}{rule.longest.unit.value}"
    held = advance(act, matter, "matters.ask_extension", reason=reason, term=term)
    if held.extensions.filter(granted=True).count() >= rule.times:
        raise Refusal(_("最多延期 %(n)s 次，已经用完。") % {"n": rule.times}, code="no-more")
    if held.extensions.filter(decided__isnull=True).exists():
        raise Refusal(_("已有一个延期申请待批。"), code="pending")
    if not 0 < amount <= rule.longest.amount:
        raise Refusal(_("延期最多 %(n)s 天。") % {"n": rule.longest.amount}, field="amount")
    if rule.before_due and held.due is not None and act.at > held.due:
        raise Refusal(_("已经超期，不能再申请延期，请填写超期原因。"), code="late")
    Extension.objects.create(
        matter=held,
        amount=amount,
        measure=rule.longest.unit.value,
        reason=reason,
        asked_by_id=act.actor,
        asked=act.at,
    )
    return save(act, held)


@action("matters.decide_extension", title=_("批复延期"), codes=("granted",), keep=("words",))
def decide_extension(act: Act, matter: Matter, *, granted: bool, words: str = "") -> Matter:
    """Grant the wish for more time, or decline it with a reason; never by whoever asked."""
    held = lock(matter)
    wish = held.extensions.filter(decided__isnull=True).select_for_update().first()
    if wish is None:
        raise Refusal(_("没有待批的延期申请。"), code="none")
    if wish.asked_by_id == act.actor:
        raise Refusal(_("不能批复自己的申请。"), code="own")
    if not granted and not words.strip():
        raise Refusal(_("不同意要写明理由，申请人会看到。"), field="words", code="reason")
    if granted:
        term = Term(wish.amount, Unit(wish.measure))
        held = advance(act, matter, "matters.decide_extension", term=str(term))
    else:
        answer = may(clocks.flow(held), load(held.position), "matters.decide_extension", act.roles)
        if isinstance(answer, Refused):
            raise Refusal(answer.words, code=f"flow-{answer.code}")
    wish.granted, wish.words = granted, words.strip()[:300]
    wish.decided, wish.decided_by_id = act.at, act.actor
    wish.save()
    note(extension=wish.pk)
    return save(act, held)


@action("matters.explain_delay", title=_("说明超期原因"), keep=("reason",))
def explain_delay(act: Act, matter: Matter, *, reason: str) -> Matter:
    """Say why a promise was broken; it stays on the overdue list, with the reason."""
    if not reason.strip():
        raise Refusal(_("请写明超期原因。"), field="reason")
    held = advance(act, matter, "matters.explain_delay", reason=reason)
    held.delay_reason = reason.strip()[:300]
    return save(act, held)


@action("matters.recount", title=_("重新计时"))
def recount(act: Act, matter: Matter) -> Matter:
    """Count the clocks anew after the calendar has changed."""
    held = lock(matter)
    before = held.due
    clocks.set_clocks(held, load(held.position), act.at)
    if before != held.due:
        note(
            was=before.isoformat() if before else None,
            due=held.due.isoformat() if held.due else None,
        )
    return save(act, held)
