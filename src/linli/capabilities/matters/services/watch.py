"""What the clock does by itself: warn, escalate, settle what needs nobody, count anew (R107, R132).

Every open matter carries the moment at which it has to be looked at next, so a turn reads an index and not the table.
Each matter is judged in its own transaction and then looks further ahead: a turn that was killed goes on where it was,
and a second turn at the same time finds nothing left to do.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.notices import _href
from linli.capabilities.matters.policy import EventClass
from linli.capabilities.matters.services import hands, life, tallies, time
from linli.kernel.access.models import Appointment
from linli.kernel.acts import Act, Refusal, under
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.recount import OpenDeadline, offers_deadlines
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.flow import StageClock, escalations, load
from linli.kernel.notices.kinds import Kind, declare
from linli.kernel.notices.services import tell

log = logging.getLogger(__name__)
COLOURS = ("yellow", "red", "overdue")
SOONEST, LATEST = timedelta(minutes=10), timedelta(days=7)
FINENESS = timedelta(minutes=5)
MOST = 5000
_BATCH = 200

KINDS = {
    "yellow": declare(
        Kind(
            "matters.yellow",
            _("时限过半"),
            _("“%(title)s”（%(number)s）的%(stage)s已到预警，%(due)s 前须完成。"),
            href=_href,
        )
    ),
    "red": declare(
        Kind(
            "matters.red",
            _("快到期了"),
            _("“%(title)s”（%(number)s）的%(stage)s快到了，%(due)s 前须完成。"),
            href=_href,
        )
    ),
    "overdue": declare(
        Kind(
            "matters.overdue",
            _("已超期"),
            _("“%(title)s”（%(number)s）的%(stage)s已过（%(due)s），请尽快办理并说明原因。"),
            urgent=True,
            href=_href,
        )
    ),
}


@dataclass(slots=True)
class Turn:
    """What one turn of the clock did."""

    looked: int = 0
    recounted: int = 0
    escalated: int = 0
    settled: int = 0
    warned: int = 0
    failed: int = 0


def waiting(now: datetime, most: int = _BATCH) -> list[int]:
    """Open matters that have to be looked at, those waiting longest first (by index)."""
    rows = Matter.objects.filter(closed__isnull=True, look__lte=now).order_by("look", "id")
    return list(rows.values_list("pk", flat=True)[:most])


def tick(act: Act, most: int = MOST) -> Turn:
    """One turn: judge every matter whose moment has come, at most so many."""
    turn = Turn()
    while turn.looked < most:
        with under(act):
            keys = waiting(act.at, min(_BATCH, most - turn.looked))
        if not keys:
            break
        for key in keys:
            _judge_one(act, key, turn)
    return turn


def _judge_one(act: Act, key: int, turn: Turn) -> None:
    turn.looked += 1
    try:
        with under(act):
            rows = Matter.objects.select_for_update(of=("self",), skip_locked=True)
            matter = rows.filter(pk=key, closed__isnull=True, look__lte=act.at).first()
            if matter is not None:
                judge(act, matter, turn)
    except Exception:
        log.exception("the clock could not judge matter %s", key)
        turn.failed += 1
        with under(act):
            Matter.objects.filter(pk=key).update(look=act.at + timedelta(hours=1))


def judge(act: Act, matter: Matter, turn: Turn) -> None:
    """Do what time has brought about for one matter that is locked; afterwards it looks ahead."""
    probe = copy(matter)
    clocks.set_clocks(probe, load(matter.position), act.at)
    if (probe.due, probe.next_due) != (matter.due, matter.next_due):
        matter = time.recount(act, matter)
        turn.recounted += 1
    matter = _settled(act, matter, turn)
    matter = _escalated(act, matter, turn)
    found = clocks.clocks(matter, act.at)
    told = _warned(act, matter, found, turn)
    if matter.due is not None and matter.due < act.at and matter.handled is None:
        tallies.stale([matter.pk])
    Matter.objects.filter(pk=matter.pk).update(look=_next_look(matter, found, act.at), told=told)


def _settled(act: Act, matter: Matter, turn: Turn) -> Matter:
    """Verify and close what its class says nobody has to look at."""
    entry = clocks.entry(matter)
    if not isinstance(entry, EventClass) or entry.verified:
        return matter
    if matter.state == "handled":
        matter = life.verify(act, matter, cause="unverified")
    if matter.state == "verified":
        matter = life.close(act, matter, cause="settled")
        turn.settled += 1
    return matter


def _escalated(act: Act, matter: Matter, turn: Turn) -> Matter:
    if matter.closed is not None or matter.offered_unit_id is not None:
        return matter
    due = escalations(
        clocks.flow(matter),
        load(matter.position),
        act.at,
        calendar(),
        office(),
        SHANGHAI,
        clocks.terms(clocks.policy_of(matter), clocks.entry(matter), matter.hotline),
    )
    for each in due:
        try:
            matter = hands.escalate(act, matter, cause="idle" if each.idle else "late")
        except Refusal:  # nobody stands above
            continue
        turn.escalated += 1
        break
    return matter


def _warned(act: Act, matter: Matter, found: list[StageClock], turn: Turn) -> list[str]:
    """Tell whoever has to act, once per stage, round and colour; returns what has been told so far."""
    told: list[str] = list(matter.told)
    for clock in found:
        if clock.met_at is not None or clock.state not in COLOURS or matter.closed:
            continue
        key = f"{clock.code}/{clock.round}/{clock.state}"
        if key in told:
            continue
        told += [
            f"{clock.code}/{clock.round}/{colour}"
            for colour in COLOURS[: COLOURS.index(clock.state) + 1]
        ]
        tell(act, _whom(matter), f"matters.{clock.state}", matter, _params(matter, clock))
        turn.warned += 1
    return list(dict.fromkeys(told))


def _params(matter: Matter, clock: StageClock) -> dict[str, str]:
    due = timezone.localtime(clock.due) if clock.due else None
    return {
        "number": matter.number,
        "title": matter.title,
        "stage": clock.title,
        "due": f"{due:%Y-%m-%dT%H:%M}" if due else "",
    }


def _whom(matter: Matter) -> list[int]:
    """Whoever has to act now: the offered unit's post, the assignee, else everybody of the holder's post."""
    unit, post = matter.unit_id, matter.post
    if matter.offered_unit_id is not None:
        unit, post = matter.offered_unit_id, matter.offered_post
    elif matter.state in ("handled", "verified"):
        post = ""
    elif matter.assignee_id is not None:
        return [matter.assignee_id]
    rows = Appointment.objects.filter(unit_id=unit or 0, until__isnull=True)
    rows = rows.filter(post=post) if post else rows.filter(~Q(account_id=matter.handler_id or 0))
    return list(rows.values_list("account_id", flat=True)[:50])


def _next_look(matter: Matter, found: list[StageClock], now: datetime) -> datetime:
    """The next moment at which time alone changes something, within ten minutes and seven days."""
    moments = [m for clock in found if clock.met_at is None for m in _turns(matter, clock, now)]
    position = load(matter.position)
    for each in clocks.flow(matter).escalations:
        if each.idle and position.since and matter.state in each.states and not position.halted:
            end = due_at(position.since, each.idle, calendar(), office(), SHANGHAI)
            moments += [end] if end else []
    ahead = [m for m in moments if m > now]
    return max(now + SOONEST, min([*ahead, now + LATEST]) + timedelta(seconds=1))


def _turns(matter: Matter, clock: StageClock, now: datetime) -> list[datetime]:
    stage = clocks.flow(matter).stages.get(clock.code)
    if clock.due is None or stage is None or clock.state in ("paused", "stopped"):
        return []
    shares = [s for s in (stage.warn.yellow, stage.warn.red) if s > clock.share]
    return [*(_reaching(clock, share, now) for share in shares), clock.due]


def _reaching(clock: StageClock, share: float, now: datetime) -> datetime:
    """When a running clock reaches a share of its term, to five minutes."""
    assert clock.due is not None
    if clock.clock is None:
        return clock.started + share * (clock.due - clock.started)
    low, high = now, clock.due
    while high - low > FINENESS:
        middle = low + (high - low) / 2
        if clock.clock.share(middle) >= share:
            high = middle
        else:
            low = middle
    return high


def look_again(act: Act) -> int:
    """Let the next turns look at every open matter (the calendar has changed); returns how many."""
    return Matter.objects.filter(closed__isnull=True, look__gt=act.at).update(look=act.at)


@offers_deadlines
def open_deadlines() -> Iterator[OpenDeadline]:
    """Deadlines of open matters, so that a new notice can be tried on them before it is loaded."""
    now = timezone.now()
    for matter in Matter.objects.filter(closed__isnull=True).order_by("id").iterator(500):
        for clock in clocks.clocks(matter, now):
            if clock.clock is not None and clock.met_at is None:
                yield OpenDeadline(f"{matter.number} {clock.title}", clock.clock)
