"""The clocks of a case: each stage's due time and state, and what idleness brings about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Literal

from linli.kernel.calendar import OFFICE, SHANGHAI, Clock, Days, Office, Term, due_at
from linli.kernel.calendar import Pause as Spell
from linli.kernel.flow.position import Position, StageRun
from linli.kernel.flow.shape import Escalation, Flow, Stage
from linli.kernel.flow.steps import may

StageState = Literal["ok", "yellow", "red", "overdue", "paused", "stopped", "met", "late"]
Terms = Mapping[str, Term | datetime]


@dataclass(frozen=True, slots=True)
class StageClock:
    """One run of a stage, judged at a moment.

    `due` is None while a pause is open. `clock` can be opened day by day (`clock.due()`); it is None where the due
    time was set from outside. `state`: ok, yellow, red, overdue, paused; met, late (met after its time); stopped
    (the case ended or rests before its time).
    """

    code: str
    title: str
    round: int
    started: datetime
    due: datetime | None
    met_at: datetime | None
    state: StageState
    share: float
    clock: Clock | None


def stages(
    flow: Flow,
    position: Position,
    now: datetime,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    terms: Terms | None = None,
) -> list[StageClock]:
    """Every run of every stage that has a term, in order of start.

    `terms` replaces a stage's own term, or gives a due time fixed from outside. KeyError never: runs whose stage the
    flow no longer declares are left out.
    """
    given = terms or {}
    found = []
    for run in position.stages:
        stage = flow.stages.get(run.code)
        limit = given.get(run.code, stage.term if stage else None)
        if stage is None or limit is None:
            continue
        if isinstance(limit, datetime):
            found.append(_fixed(stage, run, position, now, limit, days, office, tz))
        else:
            found.append(_termed(stage, run, position, now, limit, days, office, tz))
    return found


@dataclass(frozen=True, slots=True)
class StageDue:
    """One run of a stage: when it is due (None while a pause is open) and when it was met."""

    code: str
    due: datetime | None
    met_at: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was met after (超过) its time."""
        return self.met_at is not None and self.due is not None and self.met_at > self.due


def dues(
    flow: Flow,
    position: Position,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    terms: Terms | None = None,
    *,
    kept: str = "",
) -> list[StageDue]:
    """When the runs that are not yet met are due, and those of the stage `kept`: `stages` without its judgement."""
    given = terms or {}
    found = []
    for run in position.stages:
        stage = flow.stages.get(run.code)
        limit = given.get(run.code, stage.term if stage else None)
        if stage is None or limit is None or (run.met is not None and run.code != kept):
            continue
        if isinstance(limit, datetime):
            due: datetime | None = _prolonged(run, limit, days, office, tz)
        else:
            spells = _spells(stage, run, position)
            due = due_at(run.started, limit, days, office, tz, spells, run.extensions)
        found.append(StageDue(run.code, due, run.met))
    return found


def _prolonged(run: StageRun, due: datetime, days: Days, office: Office, tz: tzinfo) -> datetime:
    """A due time from outside with the extensions granted to it."""
    follows = replace(office, late_after=None) if run.extensions else office
    for term in run.extensions:
        due = due_at(due, term, days, follows, tz) or due
    return due


def _spells(stage: Stage, run: StageRun, position: Position) -> tuple[Spell, ...]:
    """The pauses that count for a run: none after it was met, nor the rest of a case that has stopped."""
    if not stage.pausable:
        return ()
    resting = position.paused_since if position.halted == "stopped" else None
    return tuple(
        (p.begins, p.ends)
        for p in position.pauses
        if (run.met is None or p.begins < run.met) and not (p.ends is None and p.begins == resting)
    )


def _judged_at(run: StageRun, position: Position, now: datetime) -> datetime:
    if run.met is not None:
        return run.met
    if position.halted == "stopped" and position.paused_since is not None:
        return position.paused_since
    return now


def _termed(
    stage: Stage,
    run: StageRun,
    position: Position,
    now: datetime,
    term: Term,
    days: Days,
    office: Office,
    tz: tzinfo,
) -> StageClock:
    spells = _spells(stage, run, position)
    clock = Clock(run.started, term, days, office, tz, spells, run.extensions)
    due, moment = clock.due_at(), _judged_at(run, position, now)
    state = _state(run, position, due, moment) or clock.state(moment, stage.warn.warn)
    return StageClock(
        run.code,
        stage.title,
        run.round,
        run.started,
        due,
        run.met,
        state,
        clock.share(moment),
        clock,
    )


def _fixed(
    stage: Stage,
    run: StageRun,
    position: Position,
    now: datetime,
    due: datetime,
    days: Days,
    office: Office,
    tz: tzinfo,
) -> StageClock:
    """A due time from outside: pauses do not move it, granted extensions do."""
    due = _prolonged(run, due, days, office, tz)
    moment = _judged_at(run, position, now)
    whole = (due - run.started).total_seconds()
    share = (moment - run.started).total_seconds() / whole if whole > 0 else 1.0
    state = _state(run, position, due, moment) or _shade(stage, share, late=moment > due)
    return StageClock(
        run.code, stage.title, run.round, run.started, due, run.met, state, share, None
    )


def _shade(stage: Stage, share: float, *, late: bool) -> StageState:
    if late:
        return "overdue"
    if share >= stage.warn.red:
        return "red"
    return "yellow" if share >= stage.warn.yellow else "ok"


def _state(
    run: StageRun, position: Position, due: datetime | None, moment: datetime
) -> StageState | None:
    """The states that are not a running clock's."""
    late = due is not None and moment > due
    if run.met is not None:
        return "late" if late else "met"
    if position.halted == "stopped" and not late:
        return "stopped"
    return None


def escalations(
    flow: Flow,
    position: Position,
    now: datetime,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    terms: Terms | None = None,
) -> list[Escalation]:
    """The escalations that are due at `now` and may be done, each once per run or hand. A halted case has none."""
    if position.halted:
        return []
    clocks = {c.code: c for c in stages(flow, position, now, days, office, tz, terms)}
    return [
        each
        for each in flow.escalations
        if (not each.states or position.state in each.states)
        and may(flow, position, each.action, (each.by,))
        and _is_due(each, position, now, clocks, days, office, tz)
    ]


def _is_due(
    each: Escalation,
    position: Position,
    now: datetime,
    clocks: Mapping[str, StageClock],
    days: Days,
    office: Office,
    tz: tzinfo,
) -> bool:
    if each.idle is not None:
        since = position.since
        end = due_at(since, each.idle, days, office, tz, _all(position)) if since else None
        reached = end is not None and now > end
    else:
        clock = clocks.get(each.stage)
        if clock is None or clock.met_at is not None or each.after_share is None:
            return False
        since = clock.started
        # Office time stands still overnight, so the whole term is over when it is overdue.
        over = clock.state == "overdue"
        reached = over if each.after_share == 1 else clock.share >= each.after_share
    past = position.done.get(each.action)
    return reached and not (past and since and past.at >= since)


def _all(position: Position) -> tuple[Spell, ...]:
    return tuple((pause.begins, pause.ends) for pause in position.pauses)
