"""What weighs on a community in a month, and whether it grew under another name (R080, R081, R090, R098). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Load:
    """Counted from what was sent and held: tables, fields asked, fields filled by hand, hours, and the rest.

    `duplicates` are fields that several departments asked in the same month; `systems` are those in place. Of tables
    that are filled from the registry, `cells` are the values asked for and `known` those that nobody had to type.
    """

    tables: int = 0
    fields: int = 0
    by_hand: int = 0
    cells: int = 0
    known: int = 0
    hours: Decimal = Decimal(0)
    duplicates: int = 0
    meetings: int = 0
    inspections: int = 0
    contests: int = 0
    systems: int = 0
    declined: int = 0


@dataclass(frozen=True, slots=True)
class Growth:
    """A burden that grew while its count did not: which count stood still, what grew, by how many hundredths."""

    stood: str
    grew: str
    percent: int


# Fewer or as many of the first, more of the second: the same work under another name.
PAIRS = (
    ("tables", "fields"),
    ("tables", "by_hand"),
    ("tables", "hours"),
    ("meetings", "hours"),
    ("tables", "duplicates"),
)
NOTABLE = 10


@dataclass(frozen=True, slots=True)
class Saved:
    """What filling from the registry spared: values, their share in hundredths, hours at so many seconds each."""

    cells: int
    known: int
    percent: Decimal
    hours: Decimal


def saved(load: Load, seconds: int) -> Saved | None:
    """What nobody had to type; None where no table was filled from what is known."""
    if not load.cells:
        return None
    percent = (Decimal(load.known) * 100 / load.cells).quantize(Decimal("0.1"))
    hours = (Decimal(load.known) * seconds / 3600).quantize(Decimal("0.1"))
    return Saved(load.cells, load.known, percent, hours)


def growth(before: Load, now: Load) -> list[Growth]:
    """Where the count did not rise and the work did, by a tenth or more."""
    found = []
    for stood, grew in PAIRS:
        was, is_ = Decimal(getattr(before, grew)), Decimal(getattr(now, grew))
        if getattr(now, stood) > getattr(before, stood) or not was or is_ <= was:
            continue
        percent = int((is_ - was) * 100 / was)
        if percent >= NOTABLE:
            found.append(Growth(stood, grew, percent))
    return found


APART = 25  # from so many hundredths off the mean on an area stands out


def against_mean(each: Sequence[Decimal]) -> list[int]:
    """How far each value lies off their mean, in hundredths; zeros where there is nothing at all."""
    mean = sum(each, Decimal(0)) / len(each) if each else Decimal(0)
    return [int(((value - mean) * 100 / mean).to_integral_value()) if mean else 0 for value in each]


def tone_of(percent: int) -> str:
    """Above the mean, around it, or below."""
    return "bad" if percent >= APART else "good" if percent <= -APART else "warn"


def duplicates(asked: Iterable[tuple[int, Sequence[str]]]) -> dict[str, frozenset[int]]:
    """Fields that more than one unit asked for, with the units; `asked` are (unit, fields)."""
    units: Mapping[str, set[int]] = defaultdict(set)
    for unit, fields in asked:
        for field in fields:
            units[field].add(unit)
    return {field: frozenset(who) for field, who in units.items() if len(who) > 1}


@dataclass(frozen=True, slots=True)
class Joint:
    """One visit instead of two: the earlier unit's and the later one's, in which half of which month, pairs of keys."""

    first: int
    second: int
    half: date
    pairs: tuple[tuple[int, int], ...]


def half_of(day: date) -> date:
    """The fortnight a day lies in, by its first day: the first or the sixteenth of the month."""
    return day.replace(day=1 if day.day < 16 else 16)


def joint(visits: Iterable[tuple[int, int, int, date]]) -> list[Joint]:
    """Inspections of one community by several units in one fortnight, as joint visits (R081).

    `visits` are (key, community, unit, day); the earliest of a community takes the others in. Most communities first.
    """
    groups: dict[tuple[int, date], list[tuple[date, int, int]]] = defaultdict(list)
    for key, area, unit, day in visits:
        groups[area, half_of(day)].append((day, key, unit))
    found: dict[tuple[int, int, date], list[tuple[int, int]]] = defaultdict(list)
    for (_area, half), rows in groups.items():
        (_day, into, unit), *others = sorted(rows)
        for _later, key, other in others:
            if other != unit:
                found[unit, other, half].append((into, key))
    every = [Joint(*who, tuple(sorted(pairs))) for who, pairs in found.items()]
    return sorted(every, key=lambda each: (-len(each.pairs), each.half, each.first, each.second))


def near(days: Sequence[tuple[int, date]], within: int) -> list[tuple[int, int]]:
    """Pairs of keys whose days lie at most so many days apart, each with its next: what might be held together."""
    ordered = sorted(days, key=lambda each: (each[1], each[0]))
    return [
        (one[0], other[0])
        for one, other in zip(ordered, ordered[1:], strict=False)
        if (other[1] - one[1]).days <= within
    ]
