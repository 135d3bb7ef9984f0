"""A round: through the gate, counted, confirmed by each community, taken by the department, frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.services import Asking, Turned
from linli.capabilities.registry.selectors.dossier import names_of
from linli.capabilities.tables.models import Form, Gap, Round, Sheet
from linli.capabilities.tables.rules import Plan, needless
from linli.capabilities.tables.services.filling import OLD, old_format
from linli.capabilities.tables.services.rows import held, unit_of
from linli.kernel.access import offices
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.tasks import services as tasks

CONFIRM = "tables.confirm"
# What a street has handed on and its community has not declined; delivered once, a sheet may come back.
DELIVERED = "delivered"
OPEN = frozenset({"received", "accepted", DELIVERED})
PERIOD_MOST = 20


@dataclass(frozen=True, slots=True)
class Call:
    """Whom a form is sent to: communities through their streets, under which item or purchase, by when.

    `frequency` lets the next period follow by itself; `before` is the round of the period before, whose answers in
    columns of the form's own are taken over unless `keep_own` is false.
    """

    communities: tuple[int, ...]
    streets: tuple[int, ...] = ()
    item: str = ""
    agreement: str = ""
    period: str = ""
    due: datetime | None = None
    words: str = ""
    frequency: str = ""
    before: int | None = None
    keep_own: bool = True


@action("tables.issue", title=_("下发表格"), codes=("period",))
def issue(act: Act, form: Form, *, call: Call) -> Round | Turned:
    """Send a confirmed form to communities through the gate (R069, R076); the gate's no is returned and kept.

    Each community has a sheet at once; what is known is counted by the queue, nobody is asked before.
    """
    unit = unit_of(act)
    row = held(Form.objects.filter(pk=form.pk, unit=unit), _("找不到这张表，或它不是本单位的。"))
    if row.state != Form.State.CONFIRMED:
        raise Refusal(_("请先确认每一列的含义，再下发。"), code="draft")
    needs_reason(Plan.of(row.plan))
    if row.name.lower().endswith(
        OLD
    ):  # nothing could be given back in it once everybody has answered
        raise old_format()
    period = _period(row, call)
    ticket = admission.pass_(act, asking=_asking(row, call))
    if isinstance(ticket, Turned):
        note(passed=False, clause=ticket.code)
        return ticket
    made = _round(act, row, call, ticket, period)
    with crossing(EVERYWHERE):
        demands = ticket.demands.all()
        rows = [Sheet(round=made, demand=d, area_id=d.area_id, unit=unit) for d in demands]
        Sheet.objects.bulk_create(rows, batch_size=1000)
    if call.item and row.item != call.item:  # the next period begins under it
        row.item = call.item
        row.save(update_fields=["item"])
    note(passed=True, round=made.pk, communities=len(rows))
    return made


def _round(act: Act, form: Form, call: Call, ticket: Any, period: str) -> Round:
    return Round.objects.create(
        form=form,
        unit_id=form.unit_id,
        area_id=form.unit.area_id,
        ticket=ticket,
        title=form.title,
        period=period,
        plan=form.plan,
        file=form.file,
        due=call.due,
        frequency=call.frequency,
        before_id=call.before,
        keep_own=call.keep_own,
        by=act.actor,
        made=act.at,
    )


def _period(form: Form, call: Call) -> str:
    """What the period is called; refused when it was sent already."""
    period = call.period.strip()[:PERIOD_MOST]
    if not period:
        raise Refusal(_("请填写填报期，如 2026年11月。"), field="period", code="required")
    if Round.objects.filter(form=form, period=period).exclude(state="recalled").exists():
        raise Refusal(_("这一期已经下发过。"), field="period", code="twice")
    return period


def _asking(form: Form, call: Call) -> Asking:
    return Asking(
        kind="table",
        title=form.title,
        communities=call.communities,
        item=call.item or form.item,
        streets=call.streets,
        agreement=call.agreement,
        fields=Plan.of(form.plan).fields,
        due=call.due,
        words=call.words,
    )


@action("tables.sign", title=_("确认并上报表格"), codes=())
def sign(act: Act, sheet: Sheet, *, left: str = "") -> Sheet:
    """Confirm a community's sheet; blanks that stay need a reason, and stay blank (R080)."""
    row = sheet_in(sheet, Sheet.State.FILLING, Sheet.State.RETURNED)
    if row.demand.state not in OPEN:
        raise Refusal(_("请先承接这项任务，再确认表格。"), code="not-accepted")
    blank = Gap.objects.filter(sheet=row, state=Gap.State.OPEN).count()
    why = " ".join(left.split())
    if blank and not why:
        words = _("还有 %(n)s 处没有补上。请先补采；确实补不了的，写明原因，空着上报。")
        raise Refusal(words % {"n": blank}, field="left", code="gaps")
    typed = Gap.objects.filter(sheet=row, state=Gap.State.FILLED, carried=False).count()
    delivered(act, row, typed)
    row.left = why[:300]
    row.state, row.signed, row.signed_by, row.reason = Sheet.State.SIGNED, act.at, act.actor, ""
    row.save(update_fields=["left", "state", "signed", "signed_by", "reason"])
    tasks.finish(act, row, CONFIRM)
    note(blank=blank, round=row.round_id)
    return row


def delivered(act: Act, row: Sheet, typed: int) -> None:
    """Deliver what was asked of a sheet, and what was asked of communities that were joined to this one."""
    joined = Sheet.objects.filter(into=row).select_related("demand")
    for demand, by_hand in ((row.demand, typed), *((each.demand, 0) for each in joined)):
        if demand.state in OPEN and demand.state != DELIVERED:
            admission.deliver(act, demand, by_hand=by_hand)


def sheet_in(sheet: Sheet, *states: str) -> Sheet:
    """A sheet in sight, held until the transaction ends; refused when it is in no such state any more."""
    row = held(
        Sheet.objects.filter(pk=sheet.pk).select_related("demand", "area"),
        _("找不到这张表，或它不在您的范围内。"),
    )
    if row.state not in states:
        changed_by(row)
        words = _("这张表现在是“%(state)s”，请刷新后再办。") % {"state": row.get_state_display()}
        raise Refusal(words, code="state")
    return row


def changed_by(row: Sheet) -> None:
    """Refuse with the name of whoever was first, where that is known; one that was given back says why."""
    if row.state == Sheet.State.RETURNED:
        given = {"place": row.area.name, "reason": row.reason}
        words = _("“%(place)s”的这张表已退回重核：%(reason)s。社区重新上报后再办。") % given
        raise Refusal(words, code="state")
    done = {
        Sheet.State.SIGNED: (_("上报"), row.signed_by, row.signed),
        Sheet.State.ACCEPTED: (_("确认收下"), row.accepted_by, row.accepted),
    }
    what, who, at = done.get(Sheet.State(row.state), ("", None, None))
    if not what or at is None:
        return
    words = _("“%(place)s”的这张表，%(who)s已在 %(at)s %(what)s，不用再办。请刷新页面。") % {
        "place": row.area.name,
        "who": names_of({who}).get(who or 0, ""),
        "at": timezone.localtime(at).strftime("%m-%d %H:%M"),
        "what": what,
    }
    raise Refusal(words, code="state")


def to_community(act: Act, rows: Sequence[Sheet]) -> None:
    """A to-do for each community whose sheet waits for its confirmation; its street, which cannot do it, has none."""
    found = Round.objects.in_bulk([row.round_id for row in rows])
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=CONFIRM,
                subject_type="tables.sheet",
                subject_id=row.pk,
                area=row.area_id,
                unit=u.pk if (u := offices.unit_over(row.area_id, offices.COMMITTEE)) else None,
                title=str(found[row.round_id]),
                due=found[row.round_id].due,
            )
            for row in rows
        ],
    )


def needs_reason(plan: Plan) -> None:
    """Refuse a form that asks for ID numbers without saying why."""
    found = needless(plan)
    if found:
        words = _("“%(column)s”要身份证号。确有必要的，请写明用途；没有必要的，请改成不填。")
        raise Refusal(words % {"column": found[0].label}, field=found[0].key, code="id-number")
