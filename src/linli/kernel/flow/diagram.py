"""A flow as nodes and edges for drawing, with the current step lit. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.flow.position import Position
from linli.kernel.flow.shape import NEW, SAME, Flow


@dataclass(frozen=True, slots=True)
class Node:
    """A state: `level` counts steps from the beginning, `current` marks where the case stands."""

    code: str
    title: str
    public_title: str
    owner: str
    terminal: bool
    clock: str
    level: int
    current: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """An action between two states; `done` when this case has done it, `back` when it leads to an earlier level."""

    source: str
    target: str
    verb: str
    title: str
    kind: str
    done: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """The picture of a flow."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def diagram(flow: Flow, position: Position | None = None) -> Diagram:
    """Nodes by level and edges between different states; actions that stay where they are are not drawn."""
    levels = _levels(flow)
    here = position.state if position else ""
    done = set(position.done) if position else set()
    been = _reached(flow, done)
    nodes = tuple(
        Node(
            code,
            state.title,
            state.public_title or state.title,
            state.owner,
            state.terminal,
            state.halts or "runs",
            levels[code],
            code == here,
        )
        for code, state in flow.states.items()
    )
    edges = tuple(
        Edge(
            s,
            t,
            verb,
            action.title,
            action.kind,
            verb in done and s in been,
            levels[t] <= levels[s],
        )
        for verb, action in flow.actions.items()
        if action.to != SAME
        for s in flow.sources(action)
        for t in flow.targets(action, s)
        if s != t
    )
    return Diagram(nodes, edges)


def _reached(flow: Flow, done: set[str]) -> set[str]:
    """States that the actions done so far can have led to: an action open in several was done in one of these."""
    taken = [a for verb, a in flow.actions.items() if verb in done or flow.open_to(a, NEW)]
    been, row = {NEW}, [NEW]
    while row:
        ahead = {t for s in row for a in taken if flow.open_to(a, s) for t in flow.targets(a, s)}
        row = sorted(ahead - been)
        been |= ahead
    return been


def _levels(flow: Flow) -> dict[str, int]:
    """Fewest steps from the beginning; states out of reach stand last."""
    levels, row, level = {NEW: -1}, [NEW], 0
    while row:
        ahead = [
            target
            for state in row
            for action in flow.actions.values()
            if flow.open_to(action, state)
            for target in flow.targets(action, state)
        ]
        row = [state for state in dict.fromkeys(ahead) if state not in levels]
        levels.update(dict.fromkeys(row, level))
        level += 1
    return {code: levels.get(code, level) for code in flow.states}
