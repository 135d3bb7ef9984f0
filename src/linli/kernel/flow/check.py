"""What is wrong with a declared flow, before a city runs on it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from linli.kernel.flow.shape import ANY, NEW, SAME, SENDER, Action, Flow


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a flow: a code, where it is, and the words."""

    code: str
    where: str
    words: str


def check(flow: Flow, roles: Collection[str] | None = None) -> list[Problem]:
    """Every fault of a flow: unknown names first (the rest is looked at only when names are right).

    `roles`: the role codes that exist (left out: not looked at).
    """
    names = [*_unknown(flow), *_unknown_roles(flow, roles)]
    if names:
        return names
    rules: list[Callable[[Flow], Iterator[Problem]]] = [
        _reach,
        _ends,
        _pauses,
        _senders,
        _actions,
        _escalations,
    ]
    return [problem for rule in rules for problem in rule(flow)]


def _unknown(flow: Flow) -> Iterator[Problem]:
    for verb, action in flow.actions.items():
        where = f"actions.{verb}"
        yield from _missing(where, "状态", action.from_, {*flow.states, NEW, ANY})
        yield from _missing(where, "状态", (action.to,), {*flow.states, SAME, SENDER})
        yield from _missing(where, "动作", action.distinct_from, flow.actions)
        yield from _missing(where, "时限阶段", action.extends, flow.stages)
    for code, stage in flow.stages.items():
        verbs = (*stage.starts_on, *stage.met_by, *stage.undone_by)
        yield from _missing(f"stages.{code}", "动作", verbs, flow.actions)
    for number, each in enumerate(flow.escalations):
        where = f"escalations.{number}"
        yield from _missing(where, "动作", (each.action,), flow.actions)
        yield from _missing(where, "状态", each.states, flow.states)
        yield from _missing(where, "时限阶段", filter(None, (each.stage,)), flow.stages)


def _unknown_roles(flow: Flow, roles: Collection[str] | None) -> Iterator[Problem]:
    if roles is None:
        return
    known = {*roles, "@holder", "system"}
    for verb, action in flow.actions.items():
        yield from _missing(f"actions.{verb}", "岗位", action.roles, known)
    for code, state in flow.states.items():
        yield from _missing(f"states.{code}", "岗位", filter(None, (state.owner,)), known)


def _missing(
    where: str, kind: str, names: Iterable[str], known: Collection[str]
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem("unknown", where, f"没有名为“{name}”的{kind}。")


def _edges(flow: Flow) -> dict[str, set[str]]:
    """Where each state leads to."""
    edges: dict[str, set[str]] = {code: set() for code in (NEW, *flow.states)}
    for action in flow.actions.values():
        for state in edges:
            if flow.open_to(action, state):
                edges[state].update(flow.targets(action, state))
    return edges


def _from(starts: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for state in edges[waiting.pop()] - found:
            found.add(state)
            waiting.append(state)
    return found


def _reach(flow: Flow) -> Iterator[Problem]:
    edges = _edges(flow)
    if not edges[NEW] - {NEW}:
        yield Problem("start", "actions", "没有从“@new”开始的动作，事项无从登记。")
        return
    reached = _from([NEW], edges)
    for code, state in flow.states.items():
        if code not in reached:
            yield Problem("unreachable", f"states.{code}", f"“{state.title}”永远到不了。")


def _ends(flow: Flow) -> Iterator[Problem]:
    edges = _edges(flow)
    ends = {code for code, state in flow.states.items() if state.terminal}
    if not ends:
        yield Problem("endless", "states", "没有办结状态。")
        return
    for code, state in flow.states.items():
        if not _from([code], edges) & ends:
            yield Problem("dead_end", f"states.{code}", f"“{state.title}”走不到任何办结状态。")


def _pauses(flow: Flow) -> Iterator[Problem]:
    for code in flow.states:
        if _can_pause(flow, code) and not _can_run_again(flow, code):
            title = flow.states[code].title
            yield Problem("stuck_pause", f"states.{code}", f"“{title}”停表后没有动作能恢复计时。")


def _can_pause(flow: Flow, code: str) -> bool:
    if flow.states[code].halts == "paused":
        return True
    pausing = [action for action in flow.actions.values() if action.pauses]
    into = {target for a in pausing for s in flow.sources(a) for target in flow.targets(a, s)}
    return code in into


def _can_run_again(flow: Flow, code: str) -> bool:
    """Whether some action of the state lets the clock run, or ends the case."""
    for action in flow.actions.values():
        if not flow.open_to(action, code) or not action.roles or action.pauses:
            continue
        for target in flow.targets(action, code):
            leaves = target != code or action.resumes
            if leaves and flow.states[target].halts != "paused":
                return True
    return False


def _senders(flow: Flow) -> Iterator[Problem]:
    handed = {
        target
        for action in flow.actions.values()
        if action.hands_over
        for source in flow.sources(action)
        for target in flow.targets(action, source)
    }
    after = _from(handed, _edges(flow))
    for verb, action in flow.actions.items():
        if action.hands_over and NEW in action.from_:
            words = "登记时还没有可退回的状态，不能作为交办。"
            yield Problem("sender", f"actions.{verb}", words)
        if action.to == SENDER and not set(flow.sources(action)) & after:
            words = f"“{action.title}”之前没有交办，无处可退。"
            yield Problem("sender", f"actions.{verb}", words)


def _actions(flow: Flow) -> Iterator[Problem]:
    for verb, action in flow.actions.items():
        where = f"actions.{verb}"
        if not action.roles:
            yield Problem("nobody", where, f"没有岗位可以“{action.title}”。")
        for fault in _contradictions(flow, verb, action):
            yield Problem("contradiction", where, fault)
    for code, stage in flow.stages.items():
        if not stage.met_by or not stage.starts_on:
            yield Problem("unmet", f"stages.{code}", f"“{stage.title}”没有开始或完成它的动作。")


def _contradictions(flow: Flow, verb: str, action: Action) -> Iterator[str]:
    goal = flow.states.get(action.to)
    if action.pauses and action.resumes:
        yield "同一动作不能既停表又恢复计时。"
    if action.resumes and goal and goal.halts == "paused":
        yield "恢复计时的动作进入了停表状态。"
    if (action.kind == "extend") != bool(action.extends):
        yield "延期动作（extend）须写明延长哪个时限阶段（extends），其他动作不可写。"
    if action.to == SAME and NEW in action.from_:
        yield "登记动作须写明进入哪个状态。"
    if verb in action.distinct_from:
        yield "动作不能要求与自己不同人。"
    if action.kind == "return" and action.to == SAME:
        yield "退回动作须离开当前状态或退给交办人。"


def _escalations(flow: Flow) -> Iterator[Problem]:
    for number, each in enumerate(flow.escalations):
        action, where = flow.actions[each.action], f"escalations.{number}"
        if each.by not in action.roles:
            words = f"“{each.by}”不在“{action.title}”的岗位里，升级不会发生。"
            yield Problem("escalation", where, words)
        states = each.states or flow.sources(action)
        if not any(flow.open_to(action, state) for state in states):
            yield Problem("escalation", where, f"所列状态都不能“{action.title}”。")
