"""When something is due, and why: terms, pauses 停表, extensions 延期, warnings 预警. Pure.

Rules (each held by a test):

- the day of the event is not counted; a term in days ends when the office closes on its last day;
- natural days whose last day is a day off roll to the next working day;
- working hours run only while the office is open, so what arrives after closing begins on the next working day;
- hours run around the clock;
- a day is lost to a pause when the clock is paused as the office closes; hours are lost exactly; a pause without an
  end stops the clock: it has no due time until it is resumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from linli.kernel.calendar.axes import Axis, WorkingHours, axis_of, size_of, term_of
from linli.kernel.calendar.days import Days, Unpublished
from linli.kernel.calendar.terms import HOUR, OFFICE, Office, Term, Unit, Warn

SHANGHAI = ZoneInfo("Asia/Shanghai")
Pause = tuple[datetime, datetime | None]
ClockState = Literal["ok", "yellow", "red", "overdue", "paused"]


class Why(StrEnum):
    """Why a day counts or not."""

    EVENT = "event"
    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    NATURAL = "natural"
    ROLLED = "rolled"
    CLOSED = "closed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of an opened clock; `hours` is what it gave to a term in hours, `name` the holiday's name."""

    date: date
    counts: bool
    why: Why
    name: str = ""
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An opened clock: when it ends (None while stopped), each day and why, years not yet published."""

    at: datetime | None
    counted: tuple[CountedDay, ...]
    warnings: tuple[Unpublished, ...]
    remaining: Term | None = None

    @property
    def stopped(self) -> bool:
        """Whether the clock stands still (停表中)."""
        return self.at is None


class _Leg(NamedTuple):
    """One run of one unit: a term and the extensions of the same unit."""

    axis: Axis
    unit: Unit
    start: datetime
    origin: int
    target: int
    at: datetime | None
    left: int


def _local(moment: datetime, tz: tzinfo) -> datetime:
    if moment.tzinfo is tz:
        return moment
    if moment.tzinfo is None:
        raise ValueError("时间须带时区。")
    return moment.astimezone(tz)


def _ordered(pauses: Sequence[Pause], tz: tzinfo) -> list[Pause]:
    local = [(_local(a, tz), None if b is None else _local(b, tz)) for a, b in pauses]
    if any(b is not None and b < a for a, b in local):
        raise ValueError("停表的结束时间早于开始时间。")
    return sorted(local, key=lambda pause: pause[0])


def _paused_at(moment: datetime, pauses: Sequence[Pause]) -> Pause | None:
    return next((p for p in pauses if p[0] <= moment and (p[1] is None or moment < p[1])), None)


def _reach(axis: Axis, origin: int, size: int, pauses: Sequence[Pause]) -> tuple[int, int | None]:
    """The position that completes the count, or what is left of it when an open pause comes first."""
    target, edge = origin + size, origin
    for begins, ends in pauses:
        lo = max(axis.at(begins), edge)
        if lo >= target:
            break
        if ends is None:
            return target, target - lo
        hi = axis.at(ends)
        if hi > lo:
            target, edge = target + hi - lo, hi
    return target, None


def _leg(axis: Axis, unit: Unit, start: datetime, size: int, pauses: Sequence[Pause]) -> _Leg:
    origin = axis.origin(start)
    if not size:  # at once 即时
        return _Leg(axis, unit, start, origin, origin, start, 0)
    target, left = _reach(axis, origin, size, pauses)
    if left is not None:
        return _Leg(axis, unit, start, origin, target, None, left)
    at = axis.when(target)
    # Only a rolled day can close inside a pause; it rolls on past it.
    while unit is Unit.DAY and (pause := _paused_at(at, pauses)):
        if pause[1] is None:
            return _Leg(axis, unit, start, origin, target, None, 0)
        at = axis.when(axis.at(pause[1]) + 1)
    return _Leg(axis, unit, start, origin, target, at, 0)


def _sizes(term: Term, extensions: Sequence[Term]) -> list[tuple[Unit, int]]:
    sizes: list[tuple[Unit, int]] = []
    for each in (term, *extensions):
        if sizes and sizes[-1][0] is each.unit:
            sizes[-1] = (each.unit, sizes[-1][1] + size_of(each))
        else:
            sizes.append((each.unit, size_of(each)))
    return sizes


def _legs(
    start: datetime,
    term: Term,
    days: Days,
    office: Office,
    tz: tzinfo,
    pauses: Sequence[Pause],
    extensions: Sequence[Term],
) -> Iterator[_Leg]:
    at: datetime | None = _local(start, tz)
    stops = _ordered(pauses, tz) if pauses else ()
    for unit, size in _sizes(term, extensions):
        if at is None:
            return
        leg = _leg(axis_of(unit, days, office, tz), unit, at, size, stops)
        yield leg
        at = leg.at
        if office.late_after is not None:  # an extension is not received, it follows
            office = replace(office, late_after=None)


def due_at(
    start: datetime,
    term: Term,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Term] = (),
) -> datetime | None:
    """When a term that began at `start` ends, in `tz`; None while an open pause stops the clock.

    `pauses` are (from, to) with to = None while open. Extensions of another unit count from where the term ends.
    ValueError for a time without zone or outside 1990–2069.
    """
    at = None
    for leg in _legs(start, term, days, office, tz, pauses, extensions):
        at = leg.at
    return at


def due(
    start: datetime,
    term: Term,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Term] = (),
) -> Due:
    """`due_at`, opened: which days were counted and why, and which years are not yet published."""
    stops = _ordered(pauses, tz)
    counted: list[CountedDay] = []
    leg = None
    for leg in _legs(start, term, days, office, tz, pauses, extensions):
        skip = 1 if counted else 0
        counted += list(_counted(leg, days, office, tz, stops))[skip:]
    assert leg is not None
    remaining = None if leg.at else term_of(leg.left, leg.unit)
    warnings = days.warnings(counted[0].date, counted[-1].date)
    return Due(leg.at, tuple(counted), warnings, remaining)


def _counted(
    leg: _Leg, days: Days, office: Office, tz: tzinfo, pauses: Sequence[Pause]
) -> Iterator[CountedDay]:
    last = leg.at or _stop(leg, pauses)
    explain = _day_of if leg.unit in (Unit.WORKING_DAY, Unit.DAY) else _hours_of
    for ordinal in range(leg.start.toordinal(), max(last, leg.start).toordinal() + 1):
        yield explain(date.fromordinal(ordinal), leg, days, office, tz, pauses)


def _stop(leg: _Leg, pauses: Sequence[Pause]) -> datetime:
    return next((begins for begins, ends in pauses if ends is None), leg.start)


def _plain(day: date, days: Days) -> tuple[Why, str]:
    """What a day is by itself, with the name of its holiday."""
    special = days.exceptions.get(day)
    weekend = day.weekday() >= 5
    if days.is_working(day):
        return (Why.MAKE_UP, special.name) if weekend and special else (Why.WORKING, "")
    return (Why.HOLIDAY, special.name) if special and special.is_off else (Why.WEEKEND, "")


def _day_of(
    day: date, leg: _Leg, days: Days, office: Office, tz: tzinfo, pauses: Sequence[Pause]
) -> CountedDay:
    """A day of a term in days."""
    why, name = _plain(day, days)
    close = datetime.combine(day, office.closes, tz)
    position = leg.axis.at(close) + 1
    if day == leg.start.date():
        return CountedDay(day, False, Why.EVENT, name)
    if leg.unit is Unit.WORKING_DAY and why in (Why.WEEKEND, Why.HOLIDAY):
        return CountedDay(day, False, why, name)
    if position <= leg.origin:
        return CountedDay(day, False, Why.LATE, name)
    if _paused_at(close, pauses):
        return CountedDay(day, False, Why.PAUSED, name)
    if leg.unit is Unit.WORKING_DAY:
        return CountedDay(day, True, why, name)
    if position > leg.target:
        return CountedDay(day, False, Why.ROLLED, name)
    return CountedDay(day, True, Why.NATURAL, name)


def _hours_of(
    day: date, leg: _Leg, days: Days, office: Office, tz: tzinfo, pauses: Sequence[Pause]
) -> CountedDay:
    """A day of a term in hours, and how many of them it gave."""
    why, name = _plain(day, days)
    lo = max(datetime.combine(day, time(), tz), leg.start)
    hi = datetime.combine(day + timedelta(1), time(), tz)
    end = leg.at or _stop(leg, pauses)
    hi = max(lo, min(hi, end))
    given = max(leg.axis.at(hi), leg.origin) - max(leg.axis.at(lo), leg.origin)
    kept = max(0, given - _lost(leg.axis, lo, hi, pauses))
    hours = round(kept / HOUR, 3)
    if kept > 0:
        shown = why if leg.unit is Unit.WORKING_HOUR else Why.NATURAL
        return CountedDay(day, True, shown, name, hours)
    if given > 0 or _paused_at(lo, pauses):
        return CountedDay(day, False, Why.PAUSED, name, hours)
    closed = Why.CLOSED if why in (Why.WORKING, Why.MAKE_UP) else why
    return CountedDay(day, False, closed, name, hours)


def _lost(axis: Axis, lo: datetime, hi: datetime, pauses: Sequence[Pause]) -> int:
    """Positions between two moments that lie in ordered pauses."""
    if not pauses:
        return 0
    edge, end, lost = axis.at(lo), axis.at(hi), 0
    for begins, ends in pauses:
        a = max(axis.at(begins), edge)
        b = end if ends is None else min(axis.at(ends), end)
        if b > a:
            lost, edge = lost + b - a, b
    return lost


def elapsed_working(
    start: datetime,
    end: datetime,
    days: Days,
    office: Office = OFFICE,
    tz: tzinfo = SHANGHAI,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Office time between two moments, less pauses (never negative)."""
    axis = WorkingHours(days, office, tz)
    return timedelta(microseconds=_between(axis, start, end, tz, pauses))


def _between(
    axis: Axis, start: datetime, end: datetime, tz: tzinfo, pauses: Sequence[Pause]
) -> int:
    lo, hi = _local(start, tz), _local(end, tz)
    if hi <= lo:
        return 0
    return axis.at(hi) - axis.at(lo) - _lost(axis, lo, hi, _ordered(pauses, tz))


@dataclass(frozen=True)
class Clock:
    """A running term: start, term, calendar, pauses, extensions. It reads no time: every question names its `now`."""

    start: datetime
    term: Term
    days: Days
    office: Office = OFFICE
    tz: tzinfo = SHANGHAI
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Term, ...] = ()

    def due_at(self) -> datetime | None:
        """When it ends; None while stopped."""
        return self._last.at

    def due(self) -> Due:
        """The clock opened: each day and why."""
        return due(
            self.start, self.term, self.days, self.office, self.tz, self.pauses, self.extensions
        )

    def remaining(self, now: datetime) -> Term:
        """What is left of the term, in its unit; zero once it is over. A stopped clock keeps what it had."""
        leg = self._last
        if leg.at is None:
            return term_of(leg.left, leg.unit)
        local = max(_local(now, self.tz), leg.start)
        done = max(leg.axis.at(local), leg.origin)
        stops = _ordered(self.pauses, self.tz)
        left = leg.target - done - (_lost(leg.axis, local, leg.at, stops) if leg.at > local else 0)
        return term_of(max(0, left), leg.unit)

    def share(self, now: datetime) -> float:
        """The share of the time from start to due that is gone: office time for WD and WH, else all time.

        Paused time is left out; more than 1 after the due time. A stopped clock answers 0: it has no due time.
        """
        at = self.due_at()
        if at is None:
            return 0.0
        office_time = self.term.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)
        unit = Unit.WORKING_HOUR if office_time else Unit.HOUR
        axis = axis_of(unit, self.days, self.office, self.tz)
        whole = _between(axis, self.start, at, self.tz, self.pauses)
        gone = _between(axis, self.start, now, self.tz, self.pauses)
        return gone / whole if whole else float(now >= at)

    def state(self, now: datetime, warn: Warn = Warn()) -> ClockState:  # noqa: B008 (frozen)
        """How the clock stands at `now`: ok, yellow, red, overdue, or paused."""
        at = self.due_at()
        if at is not None and now > at:
            return "overdue"
        if at is None or _paused_at(now, self.pauses):
            return "paused"
        share = self.share(now)
        if share >= warn.red:
            return "red"
        return "yellow" if share >= warn.yellow else "ok"

    @cached_property
    def _last(self) -> _Leg:
        *_, leg = _legs(
            self.start, self.term, self.days, self.office, self.tz, self.pauses, self.extensions
        )
        return leg
