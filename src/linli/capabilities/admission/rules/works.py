"""What a piece of work needs before it can end, whom a supervision looks at, when a duty comes again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

EVERY = {"week": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Mark:
    """A step as the rules see it: its kind, whether it is done, its number."""

    kind: str
    done: bool
    value: Decimal | None = None


def lacking(kind: str, steps: Sequence[Mark]) -> str:
    """What keeps a work from ending, as a code; empty when nothing does.

    Streets and communities are joined (政社互动) once both lists are published and every agreement is made (R061); an
    appraisal is one scheme whose merged indicators weigh a hundred (R083); a supervision ends with nothing left to put
    right (R085).
    """
    if kind == "interaction":
        return _joined(steps)
    if kind == "appraisal":
        return "" if weight(steps) == WHOLE else "weights"
    if kind == "supervision":
        return "" if steps and all(step.done for step in steps) else "findings"
    return ""


def weight(steps: Sequence[Mark]) -> Decimal:
    """What the merged indicators of an appraisal weigh together (R083)."""
    found = [each.value for each in steps if each.kind == "indicator" and each.done]
    return sum((value or Decimal(0) for value in found), Decimal(0))


def _joined(steps: Sequence[Mark]) -> str:
    if not all(step.done for step in steps if step.kind == "list"):
        return "lists"
    return "" if all(step.done for step in steps if step.kind == "agreement") else "agreements"


def evaluated(steps: Sequence[Mark]) -> tuple[Decimal | None, Decimal | None]:
    """The mean marks of both sides: of the street for its communities, of the communities for their street (R061)."""
    return _mean(steps, "street_rates"), _mean(steps, "community_rates")


def _mean(steps: Sequence[Mark], kind: str) -> Decimal | None:
    found = [s.value for s in steps if s.kind == kind and s.done and s.value is not None]
    return (sum(found, Decimal(0)) / len(found)).quantize(Decimal("0.1")) if found else None


def draw(keys: Sequence[int], count: int, seed: str) -> list[int]:
    """Which communities are looked at: so many of them, drawn so that the draw can be repeated."""
    return sorted(Random(seed).sample(sorted(keys), min(count, len(keys))))


def again(due: date, every: str, today: date) -> date:
    """When a duty comes next, after it was done: never in the past, at most at the month's last day."""
    found = due
    while found <= max(due, today):
        found = _later(found, due.day, every)
    return found


def _later(day: date, of_month: int, every: str) -> date:
    months = EVERY[every]
    if not months:
        return day + timedelta(days=7)
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(of_month, last.day))


def fallen(baseline: Decimal, now: Decimal) -> Decimal | None:
    """By how many hundredths a burden fell since its baseline; None where there was none (R089)."""
    if baseline <= 0:
        return None
    return ((baseline - now) * 100 / baseline).quantize(Decimal("0.1"))


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in hundredths; None of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else None
