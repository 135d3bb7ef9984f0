"""A flow drawn: states in columns by level, the present one lit, what was done drawn strongly. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.flow import Diagram, Edge, Node
from linli.ui.spoken import Spoken

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 96, 36, 44, 22, 8
ROOF = 34  # room above the first row for the ways back


@dataclass(frozen=True, slots=True)
class Box:
    """A state's place in the drawing."""

    title: str
    x: int
    y: int
    current: bool
    terminal: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The way between two states, named by the actions that take it."""

    title: str
    path: str
    done: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a template needs to draw it as SVG."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawn(diagram: Diagram) -> Drawing:
    """Lay the states out by level; one line for each pair of states, the first way into each ending."""
    at = _boxes(diagram.nodes)
    lines = [_line(at, pair, edges) for pair, edges in _pairs(diagram).items()]
    right = max((box.x for box in at.values()), default=0) + WIDE + EDGE
    low = max((box.y for box in at.values()), default=0) + HIGH + EDGE
    return Drawing(right, low, tuple(at.values()), tuple(sorted(lines, key=lambda x: x.done)))


def _boxes(nodes: tuple[Node, ...]) -> dict[str, Box]:
    rows: dict[int, int] = {}
    at: dict[str, Box] = {}
    # an ending stands below the states of its level, so that the main way runs straight along the top
    for node in sorted(nodes, key=lambda n: (n.level, n.terminal)):
        row = rows.get(node.level, 0)
        rows[node.level] = row + 1
        x, y = EDGE + node.level * (WIDE + GAP_X), ROOF + row * (HIGH + GAP_Y)
        at[node.code] = Box(node.title, x, y, node.current, node.terminal)
    return at


def _pairs(diagram: Diagram) -> dict[tuple[str, str], list[Edge]]:
    """The lines worth drawing: there and back is one line; an ending is entered from its nearest state."""
    levels = {n.code: n.level for n in diagram.nodes}
    ends = {n.code for n in diagram.nodes if n.terminal}
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in sorted(diagram.edges, key=lambda e: levels[e.source]):
        known = pairs.get((edge.target, edge.source))
        if known is not None and edge.source not in ends:
            known.append(edge)
        elif edge.target not in ends or edge.done or not _entered(pairs, edge):
            pairs.setdefault((edge.source, edge.target), []).append(edge)
    return pairs


def _entered(pairs: dict[tuple[str, str], list[Edge]], edge: Edge) -> bool:
    return any(target == edge.target and source != edge.source for source, target in pairs)


def _line(at: dict[str, Box], pair: tuple[str, str], edges: list[Edge]) -> Line:
    a, b = at[pair[0]], at[pair[1]]
    title = str(Spoken("、")).join(dict.fromkeys(str(edge.title) for edge in edges))
    return Line(title, _path(a, b), any(edge.done for edge in edges), b.x <= a.x)


def _path(a: Box, b: Box) -> str:
    """A curve from side to side when it goes on, over the roof when it goes back."""
    if b.x > a.x:
        x1, y1, x2, y2 = a.x + WIDE, a.y + HIGH // 2, b.x, b.y + HIGH // 2
        middle = (x1 + x2) // 2
        return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
    x1, x2 = a.x + WIDE // 2, b.x + WIDE // 2
    if x1 == x2:
        high, low = sorted((a.y, b.y))
        return f"M{x1} {high + HIGH}L{x1} {low}"
    return f"M{x1} {a.y}C{x1} {a.y - ROOF} {x2} {b.y - ROOF} {x2} {b.y}"
