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

    `duplicates` are fields that several departments asked in the same month; `systems` are those in place.
    """

    tables: int = 0
    fields: int = 0
    by_hand: int = 0
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
    ("meetings", "hours"),
    ("tables", "duplicates"),
)
NOTABLE = 10


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


def duplicates(asked: Iterable[tuple[int, Sequence[str]]]) -> dict[str, frozenset[int]]:
    """Fields that more than one unit asked for, with the units; `asked` are (unit, fields)."""
    units: Mapping[str, set[int]] = defaultdict(set)
    for unit, fields in asked:
        for field in fields:
            units[field].add(unit)
    return {field: frozenset(who) for field, who in units.items() if len(who) > 1}


def near(days: Sequence[tuple[int, date]], within: int) -> list[tuple[int, int]]:
    """Pairs of keys whose days lie at most so many days apart, each with its next: what might be held together."""
    ordered = sorted(days, key=lambda each: (each[1], each[0]))
    return [
        (one[0], other[0])
        for one, other in zip(ordered, ordered[1:], strict=False)
        if (other[1] - one[1]).days <= within
    ]
