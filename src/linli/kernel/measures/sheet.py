"""The sheet of indicators: six months of an area, this month against the target and the month before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string

from linli.kernel import policy
from linli.kernel.acts import Act
from linli.kernel.measures.shapes import Counted, Measure, Measured, MeasuresPolicy, Target
from linli.kernel.places.models import Area
from linli.ui.manifest import Room, Words

TALL = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator over the months; `numbers` are what is shown, none where nothing was counted."""

    measure: Measure
    counted: list[Counted | None]
    numbers: list[float | None]
    target: Target | None
    links: list[str]

    @property
    def now(self) -> float | None:
        """This month's number."""
        return self.numbers[-1]

    @property
    def before(self) -> float | None:
        """The number of the month before."""
        return self.numbers[-2]

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; none where there is no target or nothing to hold against it."""
        if self.target is None or self.now is None or not self.measure.better:
            return None
        aim = float(self.target.value)
        return self.now >= aim if self.measure.better == "more" else self.now <= aim

    @property
    def turn(self) -> str:
        """Whether the month was better or worse than the one before, where that can be said."""
        if self.now is None or self.before is None or not self.measure.better:
            return ""
        if self.now == self.before:
            return "same"
        return "better" if (self.now > self.before) == (self.measure.better == "more") else "worse"

    @property
    def bars(self) -> list[float]:
        """The months as heights of bars."""
        top = max((n for n in self.numbers if n), default=0)
        return [round(TALL * n / top, 1) if n and top else 0 for n in self.numbers]


def sheet(act: Act, area: Area | None, firsts: Sequence[date]) -> list[tuple[Words, list[Line]]]:
    """The indicators of every room that the actor may read, by room."""
    aims = {each.code: each for each in policy.current().section(MeasuresPolicy).targets}
    found: list[tuple[Words, list[Line]]] = []
    for room in every():
        if act.may(room.verb):
            series = room.read(act, area, firsts)
            lines = []
            for each in room.measures:
                counted = [series.get(each.code, {}).get(first) for first in firsts]
                links = [each.opens(area, first) if each.opens else "" for first in firsts]
                aim = aims.get(each.code)
                lines.append(Line(each, counted, [_number(each, c) for c in counted], aim, links))
            found.append((room.title, lines))
    return found


def _number(measure: Measure, counted: Counted | None) -> float | None:
    if counted is None:
        return None
    if measure.kind == "share":
        return round(100 * counted.n / counted.of, 1) if counted.of else None
    return round(counted.n, 1) if measure.kind == "hours" else counted.n


@cache
def every() -> tuple[Measured, ...]:
    """What the house counts, in the order of its rooms."""
    names = [
        name for one in apps.get_app_configs() if isinstance(one, Room) for name in one.measures
    ]
    return tuple(import_string(name) for name in names)
