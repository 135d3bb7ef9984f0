"""A round: through the gate, counted, confirmed by each community, taken by the department, frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.services import Asking, Turned
from linli.capabilities.tables.models import Form, Gap, Round, Sheet
from linli.capabilities.tables.rules import Plan, needless
from linli.capabilities.tables.services.rows import held, unit_of
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.tasks import services as tasks

CONFIRM = "tables.confirm"
# What a street has handed on and its community has not declined; delivered once, a sheet may come back.
DELIVERED = "delivered"
OPEN = frozenset({"received", "accepted", DELIVERED})
PERIOD_MOST = 20


@dataclass(frozen=True, slots=True)
class Call:
    """Whom a form is sent to: communities through their streets, under which item or purchase, by when."""

    communities: tuple[int, ...]
    streets: tuple[int, ...] = ()
    item: str = ""
    agreement: str = ""
    period: str = ""
    due: datetime | None = None
    words: str = ""


@action("tables.issue", title=_("下发表格"), codes=("period",))
def issue(act: Act, form: Form, *, call: Call) -> Round | Turned:
    """Send a confirmed form to communities through the gate (R069, R076); the gate's no is returned and kept.

    Each community has a sheet at once; what is known is counted by the queue, nobody is asked before.
    """
    unit = unit_of(act)
    row = held(Form.objects.filter(pk=form.pk, unit=unit), _("找不到这张表，或它不是本单位的。"))
    if row.state != Form.State.CONFIRMED:
        raise Refusal(_("请先确认每一列的含义，再下发。"), code="draft")
    period = call.period.strip()[:PERIOD_MOST]
    if not period:
        raise Refusal(_("请填写填报期，如 2026年11月。"), field="period", code="required")
    if Round.objects.filter(form=row, period=period).exclude(state="recalled").exists():
        raise Refusal(_("这一期已经下发过。"), field="period", code="twice")
    ticket = admission.pass_(act, asking=_asking(row, call))
    if isinstance(ticket, Turned):
        note(passed=False, clause=ticket.code)
        return ticket
    made = Round.objects.create(
        form=row,
        unit=unit,
        area_id=unit.area_id,
        ticket=ticket,
        title=row.title,
        period=period,
        plan=row.plan,
        file=row.file,
        due=call.due,
        by=act.actor,
        made=act.at,
    )
    with crossing(EVERYWHERE):
        demands = ticket.demands.all()
        rows = [Sheet(round=made, demand=d, area_id=d.area_id, unit=unit) for d in demands]
        Sheet.objects.bulk_create(rows, batch_size=1000)
    note(passed=True, round=made.pk, communities=len(rows))
    return made


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
    row = _sheet(sheet, Sheet.State.FILLING, Sheet.State.RETURNED)
    if row.demand.state not in OPEN:
        raise Refusal(_("请先承接这项任务，再确认表格。"), code="not-accepted")
    blank = Gap.objects.filter(sheet=row, state=Gap.State.OPEN).count()
    why = " ".join(left.split())
    if blank and not why:
        words = _("还有 %(n)s 处没有补上。请先补采；确实补不了的，写明原因，空着上报。")
        raise Refusal(words % {"n": blank}, field="left", code="gaps")
    filled = Gap.objects.filter(sheet=row, state=Gap.State.FILLED).count()
    if row.demand.state != DELIVERED:
        admission.deliver(act, row.demand, by_hand=filled)
    row.left = why[:300]
    row.state, row.signed, row.signed_by, row.reason = Sheet.State.SIGNED, act.at, act.actor, ""
    row.save(update_fields=["left", "state", "signed", "signed_by", "reason"])
    tasks.finish(act, row, CONFIRM)
    note(blank=blank, round=row.round_id)
    return row


@action("tables.hand_back", title=_("退回表格"), keep=("reason",))
def hand_back(act: Act, sheet: Sheet, *, reason: str) -> Sheet:
    """Give a signed sheet back to its community, with what is wrong."""
    row = _sheet(sheet, Sheet.State.SIGNED)
    why = " ".join(reason.split())
    if len(why) < 2:
        raise Refusal(_("请写明哪里要重核。"), field="reason", code="reason")
    row.state, row.reason = Sheet.State.RETURNED, why[:300]
    row.save(update_fields=["state", "reason"])
    _to_community(act, [row])
    note(round=row.round_id)
    return row


@action("tables.accept", title=_("确认收表"), codes=())
def accept(act: Act, round: Round, *, sheets: Sequence[int]) -> int:
    """Take signed sheets as they are (the second of the two confirmations); returns how many."""
    rows = list(
        Sheet.objects.select_for_update(of=("self",))
        .filter(pk__in=sheets, round=round, state=Sheet.State.SIGNED)
        .order_by("pk")
    )
    if not rows:
        raise Refusal(_("没有等待确认的社区。"), code="none")
    for row in rows:
        row.state, row.accepted, row.accepted_by = Sheet.State.ACCEPTED, act.at, act.actor
    Sheet.objects.bulk_update(rows, ["state", "accepted", "accepted_by"])
    note(sheets=[row.pk for row in rows], round=round.pk)
    return len(rows)


def _sheet(sheet: Sheet, *states: str) -> Sheet:
    row = held(
        Sheet.objects.filter(pk=sheet.pk).select_related("demand"),
        _("找不到这张表，或它不在您的范围内。"),
    )
    if row.state not in states:
        words = _("这张表现在是“%(state)s”，请刷新后再办。") % {"state": row.get_state_display()}
        raise Refusal(words, code="state")
    return row


def _to_community(act: Act, rows: Sequence[Sheet]) -> None:
    found = Round.objects.in_bulk([row.round_id for row in rows])
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=CONFIRM,
                subject_type="tables.sheet",
                subject_id=row.pk,
                area=row.area_id,
                title=str(_("核对：%(title)s") % {"title": found[row.round_id]}),
                due=found[row.round_id].due,
            )
            for row in rows
        ],
    )


def ready(act: Act, rows: Sequence[Sheet]) -> None:
    """Sheets whose known values are counted wait for their communities."""
    _to_community(act, rows)


def needs_reason(plan: Plan) -> None:
    """Refuse a form that asks for ID numbers without saying why."""
    found = needless(plan)
    if found:
        words = _("“%(column)s”要身份证号。确有必要的，请写明用途；没有必要的，请改成不填。")
        raise Refusal(words % {"column": found[0].label}, field=found[0].key, code="id-number")
