"""Dates of residences: half-open intervals, what ends what (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

REGISTERED = "registered"
Ending = Literal["moved", "transferred", "died", "split", "merged", "corrected"]


def not_ahead(day: date, today: date, field: str = "on") -> None:
    """Refuse a day that has not come."""
    if day > today:
        raise Refusal(Spoken("日期还没有到，请核对。"), field=field, code="future")


def not_before(day: date, since: date | None, field: str = "on") -> None:
    """Refuse an end before the beginning."""
    if since is not None and day < since:
        raise Refusal(
            Spoken("日期早于开始的日期 %(day)s，请核对。") % {"day": since.isoformat()},
            field=field,
            code="before-start",
        )


def holds_on(since: date | None, until: date | None, day: date) -> bool:
    """Whether something dated holds on a day; the last day is not counted, an unknown first day always."""
    return (since is None or since <= day) and (until is None or day < until)


@dataclass(frozen=True, slots=True)
class Stay:
    """What an open residence becomes when its person begins another."""

    end: Ending | None = None
    leaves: bool = False


def on_arrival(former: str, *, lived: bool, now: str, lives: bool) -> Stay:
    """What becomes of an open residence when its person arrives elsewhere.

    The household register (户籍) is at one place only; whoever comes to live elsewhere leaves where they lived, and
    a registered one who lives elsewhere stays registered without living there (人户分离).
    """
    if now == REGISTERED and former == REGISTERED:
        return Stay(end="transferred")
    if lives and lived:
        return Stay(leaves=True) if former == REGISTERED else Stay(end="moved")
    return Stay()


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    nxt = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (nxt - first).days))
