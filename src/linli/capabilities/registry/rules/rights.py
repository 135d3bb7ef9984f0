"""What a ground of residence opens: which services and votes somebody may ask for, and why not (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.capabilities.registry.policy import Right
from linli.capabilities.registry.rules.days import months_after
from linli.capabilities.registry.rules.people import age_on
from linli.ui.spoken import Spoken


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground somebody belongs to a place, whether they live there, since when."""

    kind: str
    lives: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One right: whether it is open now; if not, what is missing."""

    right: Right
    open: bool
    why: str = ""


def answers(
    rights: Sequence[Right], grounds: Sequence[Ground], born: date | None, day: date
) -> list[Answer]:
    """The rights that somebody's grounds of residence could open, each with its answer; others are not told."""
    found = []
    for right in rights:
        own = [g for g in grounds if g.kind in right.kinds and (g.lives or not right.lives)]
        if own:
            why = _missing(right, own, born, day)
            found.append(Answer(right, not why, why))
    return found


def _missing(right: Right, grounds: Sequence[Ground], born: date | None, day: date) -> str:
    if right.youngest and (born is None or age_on(born, day) < right.youngest):
        return Spoken("年满 %(age)s 周岁后可以办") % {"age": right.youngest}
    if not right.months:
        return ""
    begun = [g.since for g in grounds if g.since is not None]
    if not begun:
        return Spoken("入住日期还没有登记")
    ready = months_after(min(begun), right.months)
    return "" if ready <= day else Spoken("住满后可以办：%(day)s") % {"day": ready.isoformat()}
