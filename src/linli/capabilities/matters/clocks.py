"""The clocks of a matter: which terms apply to it, and what its stages say at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.policy import MattersPolicy
from linli.capabilities.matters.rules import RESOLVE, Entry, entry_of, flow_for, term_of
from linli.kernel.calendar import SHANGHAI, Days, Office, Term, Unit, labels
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.flow import Flow, Position, StageClock, StageDue, dues, load, stages
from linli.kernel.policy import version

HOTLINE_STAGES = {"sign_by": "sign", "contact_by": "contact", "resolve_by": "hotline"}


def policy_of(matter: Matter) -> MattersPolicy:
    """The pack section a matter began under."""
    return version(matter.policy).section(MattersPolicy)


def entry(matter: Matter) -> Entry | None:
    """The catalogue entry of a matter, in the version it began under."""
    return entry_of(policy_of(matter), matter.code)


def flow(matter: Matter) -> Flow:
    """The state machine a matter follows."""
    return flow_for(policy_of(matter), entry(matter), matter.policy)


def terms(
    policy: MattersPolicy, found: Entry | None, hotline: dict[str, Any]
) -> dict[str, Term | datetime]:
    """Terms of the flow's stages: the entry's promise, the pack's own, and due times the hotline set."""
    clock = policy.clock
    given: dict[str, Term | datetime] = {
        "accept": clock.accept.term,
        "transfer": clock.transfer.term,
        "verify": clock.verify.term,
        "close": clock.close.term,
    }
    if found is not None:
        given[RESOLVE] = term_of(found)
    for name, stage in HOTLINE_STAGES.items():
        if hotline.get(name):
            given[stage] = datetime.fromisoformat(str(hotline[name]))
    return given


def clocks(
    matter: Matter, now: datetime, days: Days | None = None, at: Position | None = None
) -> list[StageClock]:
    """Every stage of a matter, judged at a moment."""
    hours: Office = office()
    position = at or load(matter.position)
    return stages(
        flow(matter),
        position,
        now,
        days or calendar(),
        hours,
        SHANGHAI,
        terms(policy_of(matter), entry(matter), matter.hotline),
    )


def standing(stage: StageClock, now: datetime) -> str:
    """How a clock stands, as a clerk says it: what is left of it, or by how much it is over."""
    plain = str(labels.STATES.get(stage.state, stage.state))
    if stage.state in ("overdue", "late") and stage.due is not None:
        unit = stage.clock.term.unit if stage.clock else Unit.WORKING_DAY
        late = labels.late_words(stage.due, stage.met_at or now, calendar(), unit)
        return late if stage.state == "overdue" else _t("%(late)s，已完成") % {"late": late}
    if stage.clock is None or stage.state in ("met", "stopped"):
        return plain
    left = labels.left_words(stage.clock.remaining(now), stage.due, now, calendar())
    return _t("停表中，%(left)s") % {"left": left} if stage.state == "paused" else left


def _dues(matter: Matter, position: Position) -> list[StageDue]:
    policy, found = policy_of(matter), entry(matter)
    given = terms(policy, found, matter.hotline)
    machine = flow_for(policy, found, matter.policy)
    return dues(machine, position, calendar(), office(), SHANGHAI, given, kept=RESOLVE)


def promised(matter: Matter, position: Position) -> datetime | None:
    """When the promise of a matter ends, as its clock stands."""
    return next((d.due for d in reversed(_dues(matter, position)) if d.code == RESOLVE), None)


def set_clocks(matter: Matter, position: Position, now: datetime) -> None:
    """Repeat on the row what lists need of the clocks: due, next due, its stage, on time."""
    matter.look = now
    found = _dues(matter, position)
    promise = [c for c in found if c.code == RESOLVE]
    matter.due = promise[-1].due if promise else None
    running = [c for c in found if c.met_at is None and c.due is not None]
    nearest = min(running, key=lambda c: c.due or now, default=None)
    matter.next_due = nearest.due if nearest else None
    matter.next_stage = nearest.code if nearest else ""
    if promise and promise[-1].met_at is not None:
        matter.on_time = not promise[-1].late
    elif matter.closed is None:
        matter.on_time = None
