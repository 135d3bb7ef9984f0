"""The next period of a round: the same plan to the same communities, through the gate again, from what is known."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.services import Turned
from linli.capabilities.tables.models import Round
from linli.capabilities.tables.notices import STOPPED
from linli.capabilities.tables.rules import Period
from linli.capabilities.tables.rules.periods import later
from linli.capabilities.tables.services import rounds
from linli.capabilities.tables.services.receiving import own_round
from linli.capabilities.tables.services.rounds import Call
from linli.capabilities.tables.services.rows import unit_of
from linli.kernel.access.hats import act_for
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note, under
from linli.kernel.notices.services import tell
from linli.kernel.places import selectors as places


@action("tables.repeat", title=_("设置填报周期"), codes=("frequency", "keep_own"))
def repeat(act: Act, round: Round, *, frequency: str, keep_own: bool = True) -> Round:
    """Say how often a round is asked again; nothing said ends it."""
    row = own_round(act, round, writing=False)
    if frequency not in Round.Frequency.values:
        raise Refusal(_("请选择周期。"), field="frequency", code="choice")
    if frequency and Period.of(row.period) is None:
        words = _(
            "“%(period)s”不是可以顺延的期。请用 2026年11月、2026年第四季度、2026年下半年、2026年 这样的写法。"
        )
        raise Refusal(words % {"period": row.period}, field="frequency", code="period")
    row.frequency, row.keep_own = frequency, keep_own
    row.save(update_fields=["frequency", "keep_own"])
    return row


def following(round: Round) -> Period | None:
    """The period after a round's, where its own can be told."""
    here = Period.of(round.period)
    if here is None:
        return None
    if round.frequency and round.frequency != here.kind:
        return None
    return here.next


def next_(act: Act, round: Round) -> Round | Turned:
    """Send the next period as the last was sent, through the gate again; its no is returned and kept.

    Communities that were joined or divided since are asked as they are today.
    """
    with under(act):
        known = Round.objects.select_related("form", "ticket__item", "ticket__agreement")
        row = known.filter(pk=round.pk, unit=unit_of(act)).first()
        if row is None:
            raise Refusal(_("这张表不是本单位下发的，下一期由下发的单位发。"), code="not-yours")
        period = following(row)
        if period is None:
            raise Refusal(_("这一期之后是哪一期说不准，请从表格页面重新下发。"), code="period")
        call = _call(row, period)
    return rounds.issue(act, row.form, call=call)


def _call(row: Round, period: Period) -> Call:
    with crossing(EVERYWHERE):
        sheets = row.sheets.exclude(state="merged").order_by("area_id")
        areas = tuple(sheets.values_list("area_id", flat=True))
    ticket = row.ticket
    here = Period.of(row.period)
    streets = tuple({places.street_of(area) or 0 for area in areas})
    return Call(
        communities=areas,
        streets=streets,
        item=ticket.item.code if ticket.item else "",
        agreement=ticket.agreement.number if ticket.agreement else "",
        period=period.words,
        due=later(row.due, here.kind) if row.due and here else None,
        frequency=row.frequency,
        before=row.pk,
        keep_own=row.keep_own,
    )


def due(act: Act) -> int:
    """Send every round whose next period has begun, in the name of whoever set it up; returns how many were sent.

    Whom the gate refuses, or who holds the post no more, is told, and the round waits for a person.
    """
    with under(act):
        waiting = Round.objects.exclude(frequency="").filter(state__in=("open", "frozen"))
        latest = {row.form_id: row for row in waiting.order_by("pk")}  # of each form the last
        rows = [row for row in latest.values() if _begun(act, row)]
    return sum(_sent(act, row) for row in rows)


def _begun(act: Act, row: Round) -> bool:
    period = following(row)
    day = timezone.localdate(act.at)
    later_ = Round.objects.filter(form=row.form_id, before=row).exclude(state="recalled")
    return period is not None and period.first <= day and not later_.exists()


def _sent(act: Act, row: Round) -> bool:
    """One round's next period; what stops it is told once and ends its frequency."""
    who = act_for(row.by, at=act.at, channel="job")
    try:
        made = next_(who, row)
    except Refusal as refusal:
        made = refusal  # type: ignore[assignment]
    if isinstance(made, Round):
        return True
    _stop(act, row, str(made))
    return False


@action("tables.stop_repeat", title=_("停止自动下发"), guard=False)
def _stop(act: Act, row: Round, why: str) -> None:
    Round.objects.filter(pk=row.pk).update(frequency="")
    tell(act, [row.by], STOPPED.code, row, {"title": row.title, "why": why[:200]})
    note(form=row.form_id)
