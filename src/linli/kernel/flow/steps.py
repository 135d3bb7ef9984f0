"""Who may do what, and what follows. Pure: values in, a value or a refusal out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.calendar import Term, Unit
from linli.kernel.flow.position import Done, Pause, Position, Sender, StageRun
from linli.kernel.flow.shape import NEW, SAME, SENDER, Action, Flow
from linli.ui.spoken import Spoken

HOLDER = "@holder"
_NEED_WORDS = {
    "reason": Spoken("理由"),
    "evidence": Spoken("办理凭证"),
    "outcome": Spoken("办理结果"),
    "term": Spoken("期限"),
}
_LONGEST = {
    Unit.WORKING_DAY: Spoken("延期最多%(n)s个工作日。"),
    Unit.WORKING_HOUR: Spoken("延期最多%(n)s个工作小时。"),
    Unit.HOUR: Spoken("延期最多%(n)s小时。"),
    Unit.DAY: Spoken("延期最多%(n)s日。"),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The action may be done."""

    verb: str
    action: Action

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The action may not be done: a code for translations and `field` for forms, the reason in words."""

    verb: str
    code: str
    words: str
    field: str = ""
    action: Action | None = None

    def __bool__(self) -> bool:
        return False


class NotAllowed(ValueError):
    """A step that is refused; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.words)
        self.refused = refused


def may(
    flow: Flow,
    position: Position | str,
    verb: str,
    roles: Collection[str],
    actor: int = 0,
) -> Allowed | Refused:
    """Whether an actor in these roles may do the verb here (a state's code serves where no position is at hand)."""
    here = position if isinstance(position, Position) else Position(state=position)
    action = flow.actions.get(verb)
    if action is None:
        return Refused(verb, "unknown", Spoken("没有这个办理动作。"))
    why = _misplaced(flow, here, action) or _not_theirs(here, action, roles, actor)
    why = why or _twice(flow, here, verb, action, actor)
    return Refused(verb, why[0], why[1], action=action) if why else Allowed(verb, action)


def _misplaced(flow: Flow, here: Position, action: Action) -> tuple[str, str] | None:
    if here.state != NEW and here.state not in flow.states:
        return "state", Spoken("当前状态不在流程中。")
    if not flow.open_to(action, here.state):
        title = flow.states[here.state].title if here.state in flow.states else Spoken("未登记")
        return "state", Spoken("当前是“%(state)s”，不能“%(what)s”。") % {
            "state": title,
            "what": action.title,
        }
    if action.to == SENDER and not here.senders:
        return "sender", Spoken("没有交办人，无处可退。")
    if action.pauses and here.halted:
        return "paused", Spoken("已经停表。")
    if action.resumes and not here.halted:
        return "running", Spoken("没有停表，无需恢复。")
    return None


def _not_theirs(
    here: Position, action: Action, roles: Collection[str], actor: int
) -> tuple[str, str] | None:
    held = set(roles)
    if actor and actor == here.holder:
        held.add(HOLDER)
    if held.isdisjoint(action.roles):
        return "role", Spoken("您的岗位不能“%(what)s”。") % {"what": action.title}
    return None


def _twice(
    flow: Flow, here: Position, verb: str, action: Action, actor: int
) -> tuple[str, str] | None:
    past = here.done.get(verb)
    if action.limit and past and past.times >= action.limit:
        return "limit", Spoken("“%(what)s”最多%(n)s次，已经用完。") % {
            "what": action.title,
            "n": action.limit,
        }
    for other in action.distinct_from:
        before = here.done.get(other)
        if before and actor and before.actor == actor and before.round == here.round:
            done = flow.actions[other].title if other in flow.actions else other
            return "distinct", Spoken("“%(other)s”和“%(what)s”不能是同一个人。") % {
                "other": done,
                "what": action.title,
            }
    return None


def actions_from(
    flow: Flow, position: Position | str, roles: Collection[str], actor: int = 0
) -> list[Allowed | Refused]:
    """Every action of the state, in declared order: those allowed, and those refused with the reason."""
    state = position.state if isinstance(position, Position) else position
    return [
        may(flow, position, verb, roles, actor)
        for verb, action in flow.actions.items()
        if flow.open_to(action, state)
    ]


def begin(
    flow: Flow,
    verb: str,
    at: datetime,
    actor: int,
    inputs: Mapping[str, Any] | None = None,
    roles: Collection[str] | None = None,
) -> Position:
    """The first step of a case, from `@new` (NotAllowed as in `step`)."""
    return step(flow, Position(state=NEW), verb, at, actor, inputs, roles)


def step(
    flow: Flow,
    position: Position,
    verb: str,
    at: datetime,
    actor: int,
    inputs: Mapping[str, Any] | None = None,
    roles: Collection[str] | None = None,
) -> Position:
    """The position after a verb. NotAllowed when it is refused, or when an input it needs is missing or wrong.

    `roles` left out: the caller has asked `may` for the roles already; all else is checked again.
    """
    given = inputs or {}
    action = flow.actions.get(verb)
    own = set(action.roles) - {HOLDER} if action else set()
    asked = roles if roles is not None else own
    answer = may(flow, position, verb, asked, actor)
    if not isinstance(answer, Allowed):
        raise NotAllowed(answer)
    for bad in (_bad_input(answer, given), _bad_time(answer, position, at)):
        if bad is not None:
            raise NotAllowed(bad)
    return _moved(flow, position, answer, at, actor, given)


def _bad_input(answer: Allowed, given: Mapping[str, Any]) -> Refused | None:
    action, verb = answer.action, answer.verb
    for need in action.needs:
        if given.get(need) in (None, "", [], ()):
            words = Spoken("“%(what)s”须填写%(need)s。") % {
                "what": action.title,
                "need": _NEED_WORDS.get(need, need),
            }
            return Refused(verb, "needs", words, need, action)
    if not action.extends:
        return None
    try:
        term = Term.parse(given.get("term"))
    except ValueError as error:
        return Refused(verb, "term", str(error), "term", action)
    most = action.up_to
    if most and (term.unit is not most.unit or term.amount > most.amount):
        return Refused(
            verb, "term", _LONGEST[most.unit] % {"n": f"{most.amount:g}"}, "term", action
        )
    return None


def _bad_time(answer: Allowed, position: Position, at: datetime) -> Refused | None:
    if at.tzinfo is None:
        return Refused(answer.verb, "time", Spoken("时间须带时区。"), action=answer.action)
    last = max((done.at for done in position.done.values()), default=at)
    if at < last:
        return Refused(
            answer.verb, "time", Spoken("时间早于上一步，请核对。"), action=answer.action
        )
    return None


def _moved(
    flow: Flow,
    old: Position,
    answer: Allowed,
    at: datetime,
    actor: int,
    given: Mapping[str, Any],
) -> Position:
    verb, action = answer.verb, answer.action
    state, holder, senders = _place(old, action, actor)
    halted = _halted(flow, old, action, state)
    round_ = old.round + (1 if action.new_round else 0)
    past = old.done.get(verb)
    mark = Done(actor=actor, at=at, round=round_, times=past.times + 1 if past else 1)
    moved = state != old.state or holder != old.holder or action.hands_over
    return Position(
        state=state,
        since=at if moved else old.since,
        round=round_,
        holder=holder,
        senders=senders,
        halted=halted,
        pauses=_pauses(old, halted, at),
        stages=_runs(flow, old, verb, at, round_, given),
        done={**old.done, verb: mark},
    )


def _place(old: Position, action: Action, actor: int) -> tuple[str, int, tuple[Sender, ...]]:
    """State, holder and senders after an action."""
    if action.to == SENDER:
        *rest, last = old.senders
        return last.state, last.actor, tuple(rest)
    state = old.state if action.to == SAME else action.to
    senders = old.senders
    if action.hands_over:
        senders = (*senders, Sender(actor=actor, state=old.state))
    return state, actor if action.takes else old.holder, senders


def _halted(flow: Flow, old: Position, action: Action, state: str) -> Any:
    own = flow.states[state].halts
    if own or action.pauses:
        return own or "paused"
    return old.halted if state == old.state and not action.resumes else ""


def _pauses(old: Position, halted: str, at: datetime) -> tuple[Pause, ...]:
    """Pauses after a step; each kind of standing still is a record of its own."""
    if halted == old.halted:
        return old.pauses
    pauses = old.pauses
    if old.paused_since is not None:
        pauses = (*pauses[:-1], pauses[-1].model_copy(update={"ends": at}))
    return (*pauses, Pause(begins=at)) if halted else pauses


def _runs(
    flow: Flow, old: Position, verb: str, at: datetime, round_: int, given: Mapping[str, Any]
) -> tuple[StageRun, ...]:
    extended = flow.actions[verb].extends
    runs = [_after(flow, run, old, verb, at, given, extended) for run in old.stages]
    still = {run.code for run in runs if run.met is None}
    for code, stage in flow.stages.items():
        if verb in stage.starts_on and code not in still:
            met = at if verb in stage.met_by else None
            runs.append(StageRun(code=code, round=round_, started=at, met=met))
    return tuple(runs)


def _after(
    flow: Flow,
    run: StageRun,
    old: Position,
    verb: str,
    at: datetime,
    given: Mapping[str, Any],
    extended: tuple[str, ...],
) -> StageRun:
    """A run after a verb: met, taken back, or prolonged."""
    stage = flow.stages.get(run.code)
    latest = [each for each in old.stages if each.code == run.code][-1] is run
    if stage is None or not latest:
        return run
    if run.met is None and verb in stage.met_by:
        return run.model_copy(update={"met": at})
    if run.met is not None and verb in stage.undone_by:
        return run.model_copy(update={"met": None})
    if run.met is None and run.code in extended:
        term = Term.parse(given["term"])
        return run.model_copy(update={"extensions": (*run.extensions, term)})
    return run
