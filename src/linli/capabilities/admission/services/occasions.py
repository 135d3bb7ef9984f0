"""Meetings, inspections and contests: through the gate, into the communities' calendar, held together where they can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Demand, Occasion, Ticket
from linli.capabilities.admission.notices import JOINED
from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import STREETS, Asking, Turned, pass_
from linli.capabilities.admission.services.registers import item_for
from linli.capabilities.admission.services.rows import community, locked, said, today, unit_of
from linli.kernel.access.offices import COMMITTEE
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.calendar import SHANGHAI
from linli.kernel.files.services import check, keep
from linli.kernel.notices.services import tell
from linli.kernel.tasks import services as tasks

State = Occasion.State
OPEN = (State.WAITING, State.PLANNED)


@dataclass(frozen=True, slots=True)
class Calling:
    """A meeting, an inspection or a contest: of which communities, when, how long, how many people each.

    `streets` are those that a department goes through; a street's own need none.
    """

    kind: str
    title: str
    item: str
    communities: tuple[int, ...]
    day: date
    hours: Decimal
    people: int = 1
    streets: tuple[int, ...] = ()
    place: str = ""


@action("admission.schedule", title=_("安排会议和检查"), codes=())
def schedule(act: Act, *, calling: Calling) -> list[Occasion] | Turned:
    """Put it into the communities' calendar; what comes from above goes through the gate first (R081).

    What did not pass is returned as the gate's no and never stands in a calendar. A department's waits at the streets;
    a committee's own meetings need an item in force and no gate.
    """
    unit = unit_of(act)
    title = _sane(act, calling)
    ticket: Ticket | None = None
    if unit.kind == COMMITTEE:
        item = _own(act, calling)
    else:
        answer = pass_(act, asking=_asking(act, calling, unit.kind in STREETS))
        if isinstance(answer, Turned):
            note(passed=False, clause=answer.code)
            return answer
        ticket, item = answer, answer.item
    state = State.PLANNED if unit.kind in (COMMITTEE, *STREETS) else State.WAITING
    rows = [
        Occasion(
            area_id=key,
            unit=unit,
            item=item,
            ticket=ticket,
            kind=calling.kind,
            title=title,
            day=calling.day,
            place=calling.place.strip()[:80],
            hours=calling.hours,
            people=calling.people,
            state=state,
        )
        for key in dict.fromkeys(calling.communities)
    ]
    with crossing(EVERYWHERE):
        made = Occasion.objects.bulk_create(rows, batch_size=1000)
    note(passed=True, occasions=[row.pk for row in made], kind=calling.kind)
    return made


def _sane(act: Act, calling: Calling) -> str:
    if calling.day < today(act):
        raise Refusal(_("日期已经过了。"), field="day", code="past")
    if not 0 < calling.hours <= 100 or not 0 < calling.people <= 500:
        raise Refusal(_("请填合理的时长和人数。"), field="hours", code="number")
    return said(calling.title, "title", 120, _("名称"))


def _own(act: Act, calling: Calling) -> Any:
    """The item of a committee's own meeting, in its own communities."""
    for key in calling.communities:
        community(act, key, "communities")
    item = item_for(act, calling.item, calling.kind, calling.communities[0])
    if item is None:
        raise Turned(section(), Stopped("unknown_item"))
    return item


def _asking(act: Act, calling: Calling, own: bool) -> Asking:
    if not calling.communities:
        raise Refusal(_("请选社区。"), field="communities", code="required")
    if own and not all(act.sees(key) for key in calling.communities):
        raise Refusal(_("所选的有的不在您的范围内。"), field="communities", code="area")
    found = reads.held(calling.item, today(act), calling.communities[0])
    lead = found[0].lead if found and own else ""
    return Asking(
        kind=calling.kind,
        title=calling.title,
        communities=calling.communities,
        item=calling.item,
        streets=calling.streets,
        leads=(lead,) if lead else (),
        due=datetime.combine(calling.day, time(17, 30), SHANGHAI),
        hours=calling.hours * calling.people,
    )


def follow(ticket: int, areas: Iterable[int], state: str) -> int:
    """Move the open occasions of a ticket as its demands moved, part of their verbs; returns how many."""
    found = Occasion.objects.filter(ticket=ticket, area_id__in=list(areas), state__in=OPEN)
    with crossing(EVERYWHERE):
        return found.update(state=state)


def reopen(ticket: int, area: int) -> int:
    """Put what a community had declined in its calendar again; returns how many."""
    found = Occasion.objects.filter(ticket=ticket, area_id=area, state=Occasion.State.CANCELLED)
    return found.update(state=Occasion.State.PLANNED)


@action("admission.merge", title=_("合并会议和检查"), codes=())
def merge(act: Act, *, pairs: Sequence[tuple[int, int]]) -> int:
    """Hold occasions of one community together: each second goes into its first and takes no more hours (R081)."""
    keys = sorted({key for pair in pairs for key in pair})
    held = Occasion.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    rows = {row.pk: row for row in held}
    if not keys or len(rows) < len(keys):
        raise Refusal(_("没有这一条，或者不在您的范围内。"), code="gone")
    for first, second in pairs:
        _into(act, rows[first], rows[second])
    Occasion.objects.bulk_update(rows.values(), ["state", "into", "hours"])
    note(into=pairs[0][0], occasions=keys)
    return len(pairs)


def _into(act: Act, into: Occasion, gone: Occasion) -> None:
    if into.area_id != gone.area_id or not act.sees(into.area_id):
        raise Refusal(_("只能合并同一个社区的会议和检查。"), code="area")
    if into.state not in OPEN or gone.state not in OPEN:
        raise Refusal(_("只能合并还没有进行的。"), code="state")
    gone.state, gone.into = State.MERGED, into
    into.hours = max(into.hours, gone.hours)
    if gone.ticket_id:
        _answered(act, gone)
    _joined(act, into, gone)


def _joined(act: Act, into: Occasion, gone: Occasion) -> None:
    """Whoever called either of them learns that the community receives them once."""
    with crossing(EVERYWHERE):
        rows = Ticket.objects.filter(pk__in=[row.ticket_id for row in (into, gone)])
        people = sorted(set(rows.values_list("by", flat=True)))
    words = {"gone": gone.title, "into": into.title, "day": into.day.isoformat()}
    tell(act, people, JOINED.code, into, {**words, "place": str(into.area.name)})


def _answered(act: Act, row: Occasion) -> None:
    """The demand behind an occasion needs no more answer."""
    states = (Demand.State.RECEIVED, Demand.State.ACCEPTED)
    found = Demand.objects.filter(ticket=row.ticket_id, area=row.area_id, state__in=states)
    keys = list(found.values_list("pk", flat=True))
    found.update(state=Demand.State.DELIVERED, delivered=act.at)
    tasks.finish_many(act, "admission.demand", keys)


@dataclass(frozen=True, slots=True)
class Held:
    """How it went: hours it really took, who chaired, how many came, what was decided."""

    outcome: str = ""
    hours: Decimal | None = None
    host: str = ""
    attended: int | None = None


@action("admission.held", title=_("登记已进行"), codes=())
def held_(
    act: Act, occasion: Occasion, *, told: Held, minutes: UploadedFile[Any] | None = None
) -> Occasion:
    """Say that it took place, how long it really took, and keep its minutes."""
    row = locked(Occasion, occasion.pk)
    if row.state != State.PLANNED:
        raise Refusal(_("这一条已经登记过，或者还不能登记。"), code="state")
    if row.day > today(act):
        raise Refusal(_("日期还没有到。"), code="future")
    if told.hours is not None and not 0 < told.hours <= 100:
        raise Refusal(_("请填合理的时长和人数。"), field="hours", code="number")
    row.state, row.outcome = State.HELD, told.outcome.strip()[:300]
    row.host, row.attended = told.host.strip()[:60], told.attended
    row.hours = row.hours if told.hours is None else told.hours
    row.save(update_fields=["state", "outcome", "hours", "host", "attended"])
    if minutes is not None:
        keep(act, check(minutes, "minutes"), owner=row, purpose="minutes")
    if row.ticket_id:
        _answered(act, row)
    return row
