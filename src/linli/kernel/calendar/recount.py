"""What a new calendar changes about deadlines that are still open. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from linli.kernel.calendar.days import Days
from linli.kernel.calendar.deadline import Clock


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline that still runs: what it is called (a number, never a person) and its clock."""

    label: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that another calendar moves; None while its clock stands still."""

    label: str
    before: datetime | None
    after: datetime | None


Source = Callable[[], Iterable[OpenDeadline]]
_sources: list[Source] = []


def offers_deadlines(source: Source) -> Source:
    """Let a room name its open deadlines, so that a new notice can be tried on them."""
    _sources.append(source)
    return source


def open_deadlines() -> Iterator[OpenDeadline]:
    """The open deadlines of every room."""
    for source in _sources:
        yield from source()


def moved(deadlines: Iterable[OpenDeadline], new: Days) -> Iterator[Moved]:
    """The deadlines that a new calendar moves, against the one their clocks carry."""
    for each in deadlines:
        before = each.clock.due_at()
        after = replace(each.clock, days=new).due_at()
        if before != after:
            yield Moved(each.label, before, after)
