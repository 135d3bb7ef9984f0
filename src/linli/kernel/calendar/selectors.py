"""The calendar and the office hours in force here."""

from __future__ import annotations

import time as clock
from datetime import date, time
from functools import lru_cache
from itertools import groupby
from threading import Lock

from django.db.models import Count, Max

from linli.kernel import policy
from linli.kernel.calendar.days import Days, Notice, Special, shipped_notices
from linli.kernel.calendar.models import Holiday
from linli.kernel.calendar.terms import Office
from linli.kernel.policy.shapes import CalendarPolicy

RECHECK_SECONDS = 5.0
_Revision = tuple[int | None, int]


class _Kept:
    """What this process keeps, and of which revision of the table."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.looked = float("-inf")
        self.revision: _Revision | None = None
        self.days: dict[date | None, Days] = {}


_kept = _Kept()


def forget() -> None:
    """Look at the table again (after a notice was loaded, or a test rolled back)."""
    with _kept.lock:
        _kept.looked, _kept.revision = float("-inf"), None
        _kept.days = {}


def _revision() -> _Revision:
    found = Holiday.objects.aggregate(last=Max("id"), rows=Count("id"))
    return found["last"], found["rows"]


def calendar(as_known_on: date | None = None) -> Days:
    """The calendar in force, or as it was known on a day.

    Kept in the process; another process's load is seen within five seconds (one statement then, none otherwise).
    """
    with _kept.lock:
        if clock.monotonic() - _kept.looked > RECHECK_SECONDS:
            now = _revision()
            if now != _kept.revision:
                _kept.revision, _kept.days = now, {}
            _kept.looked = clock.monotonic()
        if as_known_on not in _kept.days:
            _kept.days[as_known_on] = Days.of(notices(), as_known_on)
        return _kept.days[as_known_on]


def notices() -> tuple[Notice, ...]:
    """The notices that come with Linli and those loaded here; a loaded one replaces its like."""
    found = {(n.year, n.announced): n for n in (*shipped_notices(), *loaded())}
    return tuple(sorted(found.values(), key=lambda n: (n.announced, n.year)))


def loaded() -> list[Notice]:
    """The notices loaded here."""
    rows = Holiday.objects.order_by("notice_year", "announced", "date")
    found = []
    for (year, announced), each in groupby(rows, lambda row: (row.notice_year, row.announced)):
        group = list(each)
        days = {row.date: Special(row.is_off, row.name, year) for row in group}
        found.append(Notice(year, announced, days, group[0].source))
    return found


def office(pack: policy.Pack | None = None) -> Office:
    """The office hours of a pack (the one in force when left out)."""
    return _hours((pack or policy.current()).section(CalendarPolicy))


@lru_cache(maxsize=64)
def _hours(section: CalendarPolicy) -> Office:
    spans = tuple(
        (time.fromisoformat(each.opens), time.fromisoformat(each.closes))
        for each in section.office_hours
    )
    return Office(spans, time.fromisoformat(section.cut_off), str(section.status))
