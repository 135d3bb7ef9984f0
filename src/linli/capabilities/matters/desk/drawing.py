"""A flow drawn: boxes in columns by level, the present one lit, what was done drawn strongly. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.flow import Diagram

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 96, 36, 44, 22, 8


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
    """An action's line in the drawing."""

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
    """Lay the states out by level; one line for each pair of states."""
    rows: dict[int, int] = {}
    at: dict[str, Box] = {}
    for node in diagram.nodes:
        row = rows.get(node.level, 0)
        rows[node.level] = row + 1
        x = EDGE + node.level * (WIDE + GAP_X)
        y = EDGE + row * (HIGH + GAP_Y)
        at[node.code] = Box(node.title, x, y, node.current, node.terminal)
    lines: dict[tuple[str, str], Line] = {}
    for edge in diagram.edges:
        key = (edge.source, edge.target)
        known = lines.get(key)
        title = f"{known.title}、{edge.title}" if known else edge.title
        done = edge.done or bool(known and known.done)
        lines[key] = Line(title, _path(at[edge.source], at[edge.target]), done, edge.back)
    width = EDGE * 2 + max(rows, default=0) * (WIDE + GAP_X) + WIDE
    height = EDGE * 2 + max(rows.values(), default=1) * (HIGH + GAP_Y)
    ordered = sorted(lines.values(), key=lambda line: line.done)
    return Drawing(width, height, tuple(at.values()), tuple(ordered))


def _path(a: Box, b: Box) -> str:
    """A gentle curve from box to box: right to left when forward, over the top when back."""
    if b.x > a.x:
        x1, y1, x2, y2 = a.x + WIDE, a.y + HIGH // 2, b.x, b.y + HIGH // 2
        middle = (x1 + x2) // 2
        return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
    if b.x == a.x:
        x, y1, y2 = (
            a.x + WIDE // 2,
            a.y + (HIGH if b.y > a.y else 0),
            b.y + (0 if b.y > a.y else HIGH),
        )
        return f"M{x} {y1}L{x} {y2}"
    x1, y1, x2, y2 = a.x + WIDE // 2, a.y + HIGH, b.x + WIDE // 2, b.y + HIGH
    low = max(y1, y2) + GAP_Y - 4
    return f"M{x1} {y1}C{x1} {low} {x2} {low} {x2} {y2}"
