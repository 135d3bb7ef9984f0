"""What happens to a demand: the street hands it on or holds it, the community takes it on, says no, delivers (R069)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Demand, Occasion, Ticket
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.selectors.sight import within
from linli.capabilities.admission.services.gate import ANSWER, ISSUE, to_communities
from linli.capabilities.admission.services.occasions import follow, reopen
from linli.capabilities.admission.services.rows import locked, said, today
from linli.kernel.access import offices
from linli.kernel.access.models import Appointment
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.notices.services import tell
from linli.kernel.places.models import Area
from linli.kernel.tasks import services as tasks
from linli.kernel.tasks.models import Task

State = Demand.State
WATCH = "admission.watch"
# What who asked may still take back.
LIVE = (State.AT_STREET, State.RECEIVED, State.ACCEPTED)


@action("admission.issue", title=_("下发给社区"))
def issue(act: Act, ticket: Ticket) -> int:
    """The street hands a department's demand on to its communities; returns to how many."""
    rows = _at_street(act, ticket)
    for row in rows:
        row.state, row.issued = State.RECEIVED, act.at
    Demand.objects.bulk_update(rows, ["state", "issued"], batch_size=500)
    follow(ticket.pk, (row.area_id for row in rows), Occasion.State.PLANNED)
    to_communities(act, rows)
    _street_done(act, ticket)
    note(demands=[row.pk for row in rows])
    return len(rows)


@action("admission.hold", title=_("不下发"), keep=("reason",))
def hold(act: Act, ticket: Ticket, *, reason: str) -> int:
    """The street keeps a demand from its communities, with a reason that the department reads."""
    rows = _at_street(act, ticket)
    words = said(reason, "reason", 500, _("理由"))
    for row in rows:
        row.state, row.reason, row.answered = State.HELD, words, act.at
    Demand.objects.bulk_update(rows, ["state", "reason", "answered"], batch_size=500)
    follow(ticket.pk, (row.area_id for row in rows), Occasion.State.CANCELLED)
    _street_done(act, ticket)
    note(demands=[row.pk for row in rows])
    tell(act, [ticket.by], "admission.held", ticket, {"title": ticket.title})
    return len(rows)


def _at_street(act: Act, ticket: Ticket) -> list[Demand]:
    found = Demand.objects.select_for_update().filter(within(act), ticket=ticket)
    rows = list(found.filter(state=State.AT_STREET).order_by("pk"))
    if not rows:
        raise Refusal(_("没有待您下发的社区，可能已经办过。"), code="state")
    return rows


def _street_done(act: Act, ticket: Ticket) -> None:
    about = Q(subject_type="admission.ticket", subject_id=ticket.pk, kind=ISSUE)
    with crossing(EVERYWHERE):
        open_ = Task.objects.filter(about, unit=act.unit, done_at__isnull=True)
        open_.update(done_at=act.at, done_by=act.actor)


def _mine(act: Act, demand: Demand, states: Sequence[str]) -> Demand:
    row = locked(Demand, demand.pk)
    if not act.sees(row.area_id):
        raise Refusal(_("这件事不是交给您的社区的。"), code="not-yours")
    if row.state not in states:
        raise Refusal(
            _("这件事现在是“%(state)s”，不能这样办。") % {"state": State(row.state).label},
            code="state",
        )
    return row


@action("admission.accept", title=_("承接"))
def accept(act: Act, demand: Demand) -> Demand:
    """The community takes a demand on."""
    row = _mine(act, demand, [State.RECEIVED])
    row.state, row.answered = State.ACCEPTED, act.at
    row.save(update_fields=["state", "answered"])
    return row


@action("admission.decline", title=_("不予承接"), keep=("reason",))
def decline(act: Act, demand: Demand, *, reason: str) -> Demand:
    """The community says no, with a reason: the supervisor is told, and appraisal may not hold it against it (R069)."""
    row = _mine(act, demand, [State.RECEIVED, State.ACCEPTED])
    row.reason = said(reason, "reason", 500, _("理由"))
    row.state, row.answered, row.protected = State.DECLINED, act.at, True
    row.save(update_fields=["reason", "state", "answered", "protected"])
    note(ticket=row.ticket_id, unit=row.unit_id)
    tasks.finish(act, row)
    follow(row.ticket_id, [row.area_id], Occasion.State.CANCELLED)
    supervisor = offices.unit_coded(section().offices.supervise)
    if supervisor is not None:
        tasks.add(act, row, kind=WATCH, title=row.title, area=row.area_id, unit=supervisor.pk)
        watchers = _of_unit(supervisor.pk, today(act))
        told = {"title": row.title, "place": row.area.name}
        tell(act, [*watchers, row.ticket.by], "admission.declined", row, told)
    return row


@action("admission.reconsider", title=_("撤回答复"))
def reconsider(act: Act, demand: Demand) -> Demand:
    """The community takes its answer back while nobody has looked at it: what was asked waits for an answer again."""
    row = _mine(act, demand, [State.ACCEPTED, State.DECLINED])
    if row.upheld is not None:
        raise Refusal(_("督查单位已经有了意见，不能撤回。"), code="found")
    declined = row.state == State.DECLINED
    note(declined=declined)
    row.state, row.answered, row.reason, row.protected = State.RECEIVED, None, "", False
    row.save(update_fields=["state", "answered", "reason", "protected"])
    if declined:
        tasks.finish(act, row, WATCH)
        to_communities(act, [row])
        reopen(row.ticket_id, row.area_id)
        told = {"title": row.title, "place": row.area.name}
        tell(act, [row.ticket.by], "admission.reconsidered", row, told)
    return row


def _of_unit(unit: int, day: date) -> list[int]:
    in_force = Q(until__isnull=True) | Q(until__gte=day)
    rows = Appointment.objects.filter(in_force, unit=unit, since__lte=day, account__active=True)
    return list(rows.order_by("account_id").values_list("account_id", flat=True)[:50])


@action("admission.uphold_refusal", title=_("督查不予承接"), keep=("finding",), codes=("upheld",))
def uphold_refusal(act: Act, demand: Demand, *, upheld: bool, finding: str) -> Demand:
    """The supervisor finds on a refusal; only one that was plainly against an admitted item loses its protection."""
    row = locked(Demand, demand.pk)
    if row.state != State.DECLINED or row.upheld is not None:
        raise Refusal(_("这件事没有待督查的不予承接。"), code="state")
    row.finding = said(finding, "finding", 500, _("督查意见"))
    row.upheld = row.protected = upheld
    row.save(update_fields=["finding", "upheld", "protected"])
    tasks.finish(act, row)
    return row


@action("admission.deliver", title=_("完成"), codes=("by_hand",))
def deliver(
    act: Act, demand: Demand, *, by_hand: int | None = None, hours: float | None = None
) -> Demand:
    """Deliver what was asked; `by_hand` fields were typed by people, `hours` is what it really took."""
    row = _mine(act, demand, [State.RECEIVED, State.ACCEPTED])
    row.state, row.delivered = State.DELIVERED, act.at
    row.answered = row.answered or act.at
    if by_hand is not None:
        if by_hand < 0:
            raise Refusal(_("请填 0 或以上的数字。"), field="by_hand", code="number")
        row.by_hand = by_hand
    if hours is not None:
        if not 0 <= hours <= 2000:
            raise Refusal(_("用时请填 0 到 2000 小时。"), field="hours", code="number")
        row.hours = round(hours, 1)
    row.save(update_fields=["state", "delivered", "answered", "by_hand", "hours"])
    tasks.finish(act, row, ANSWER)
    return row


@action("admission.divide", title=_("随区划分出"), codes=())
def divide(act: Act, demand: Demand, area: Area) -> Demand:
    """What was asked of a community is asked of one that came out of it, as far as it was: the same ticket and state."""
    made = Demand.objects.get(pk=demand.pk)
    made.pk, made._state.adding = None, True
    made.area, made.by_hand = area, None
    made.save()
    note(demand=demand.pk, ticket=made.ticket_id)
    return made


@action("admission.join", title=_("随区划并入"), codes=())
def join(act: Act, demand: Demand, area: Area) -> None:
    """Of one demand that two communities had which are one now, the other is gone on with; this one is done."""
    row = locked(Demand, demand.pk)
    if row.state in (State.RECEIVED, State.ACCEPTED):
        words = _("区划调整，并入“%(place)s”的同一件事") % {"place": area.name}
        row.state, row.reason, row.answered = State.DELIVERED, words, act.at
        row.save(update_fields=["state", "reason", "answered"])
    tasks.finish(act, row)
    note(demand=row.pk)


@action("admission.recall", title=_("收回"), keep=("reason",))
def recall(act: Act, ticket: Ticket, *, reason: str) -> int:
    """Who asked takes it back from everybody that has not delivered; returns from how many."""
    held = locked(Ticket, ticket.pk)
    if act.unit != held.unit_id:
        raise Refusal(_("由提出要求的单位收回。"), code="not-yours")
    words = said(reason, "reason", 500, _("理由"))
    with crossing(EVERYWHERE):
        found = Demand.objects.select_for_update().filter(ticket=held, state__in=LIVE)
        rows = list(found.order_by("pk"))
        if not rows:
            raise Refusal(
                _("没有可以收回的：各社区都办完了，或者不承接、已经收回了。"), code="state"
            )
        for row in rows:
            row.state, row.reason, row.answered = State.RECALLED, words, act.at
        Demand.objects.bulk_update(rows, ["state", "reason", "answered"], batch_size=500)
    follow(held.pk, (row.area_id for row in rows), Occasion.State.CANCELLED)
    tasks.finish(act, held)
    tasks.finish_many(act, "admission.demand", [row.pk for row in rows])
    note(demands=len(rows))
    return len(rows)
