"""Time as each unit counts it: an axis turns an instant into a whole number and back. Pure.

Positions are numbers of closings (WD, D) or microseconds (WH, H). A pause takes out the positions it covers, so one
sum serves all units: a day is lost to a pause when the clock is paused as the office closes, hours exactly.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from linli.kernel.calendar.days import Days
from linli.kernel.calendar.terms import HOUR, Office, Term, Unit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Axis(Protocol):
    """One unit's way of counting, on a calendar, an office and a time zone."""

    def origin(self, start: datetime) -> int:
        """Where counting begins for something received at `start`."""

    def at(self, moment: datetime) -> int:
        """The position reached just before that moment."""

    def when(self, position: int) -> datetime:
        """The earliest moment at which the position is reached."""


class _DayAxis:
    __slots__ = ("closes", "days", "late", "tz")

    def __init__(self, days: Days, office: Office, tz: tzinfo) -> None:
        self.days, self.closes, self.late, self.tz = (
            days,
            office.spans[-1][1],
            office.late_after,
            tz,
        )

    def received(self, start: datetime) -> int:
        """The ordinal of the day on which something counts as received."""
        day = start.toordinal()
        if self.late is None:
            return day
        days = self.days
        first = days.nth(days.before(day))
        closed = first == day and start.time() > self.late
        return days.nth(days.before(day + 1)) if closed else first

    def close(self, ordinal: int) -> datetime:
        return datetime.combine(date.fromordinal(ordinal), self.closes, self.tz)


class WorkingDays(_DayAxis):
    """Closings of working days."""

    __slots__ = ()

    def origin(self, start: datetime) -> int:
        """The day of the event is not counted (民法典第二百零一条)."""
        return self.days.before(self.received(start) + 1)

    def at(self, moment: datetime) -> int:
        """Working days that closed before the moment."""
        day = moment.toordinal()
        return self.days.before(day + (moment.time() > self.closes))

    def when(self, position: int) -> datetime:
        """The closing of the working day that completes the count."""
        return self.close(self.days.nth(position - 1))


class NaturalDays(_DayAxis):
    """Closings of natural days; the last one rolls to a working day (民法典第二百零三条)."""

    __slots__ = ()

    def origin(self, start: datetime) -> int:
        """The day of the event is not counted."""
        return self.received(start) + 1

    def at(self, moment: datetime) -> int:
        """Days that closed before the moment."""
        return moment.toordinal() + (moment.time() > self.closes)

    def when(self, position: int) -> datetime:
        """The closing of the last day, or of the next working day when that is a day off."""
        return self.close(self.days.nth(self.days.before(position - 1)))


class WorkingHours:
    """Office time in microseconds."""

    __slots__ = ("days", "office", "total", "tz")

    def __init__(self, days: Days, office: Office, tz: tzinfo) -> None:
        self.days, self.office, self.total, self.tz = days, office, office.total, tz

    def at(self, moment: datetime) -> int:
        """Office time gone by before the moment."""
        day = moment.toordinal()
        before = self.days.before(day)
        whole = before * self.total
        if self.days.before(day + 1) == before:
            return whole
        return whole + self.office.within(moment.time())

    def origin(self, start: datetime) -> int:
        """Counting begins at once, or as the next office day opens for a late receipt."""
        late = self.office.late_after
        if late is not None and start.time() > late:
            return self.days.before(start.toordinal() + 1) * self.total
        return self.at(start)

    def when(self, position: int) -> datetime:
        """The earliest moment at which that much office time has gone by."""
        index = (position - 1) // self.total
        day = date.fromordinal(self.days.nth(index))
        of_day = self.office.when(position - index * self.total)
        minute, micro = divmod(of_day, 60_000_000)
        hour, minute = divmod(minute, 60)
        second, micro = divmod(micro, 1_000_000)
        return datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=self.tz)


class Hours:
    """Time around the clock in microseconds; a change of summer time does not bend it."""

    __slots__ = ("tz",)

    def __init__(self, days: Days, office: Office, tz: tzinfo) -> None:
        self.tz = tz

    def at(self, moment: datetime) -> int:
        """Microseconds since 1970."""
        return (moment - _EPOCH) // _TICK

    origin = at

    def when(self, position: int) -> datetime:
        """The moment of that microsecond."""
        return (_EPOCH + timedelta(microseconds=position)).astimezone(self.tz)


_AXES: dict[Unit, type[WorkingDays] | type[NaturalDays] | type[WorkingHours] | type[Hours]] = {
    Unit.WORKING_DAY: WorkingDays,
    Unit.DAY: NaturalDays,
    Unit.WORKING_HOUR: WorkingHours,
    Unit.HOUR: Hours,
}


def axis_of(unit: Unit, days: Days, office: Office, tz: tzinfo) -> Axis:
    """The axis of a unit."""
    return _AXES[unit](days, office, tz)


def size_of(term: Term) -> int:
    """A term in positions of its axis."""
    return int(term.amount) if term.counts_days else round(term.amount * HOUR)


def term_of(size: int, unit: Unit) -> Term:
    """Positions of an axis as a term (hours to a thousandth)."""
    whole = unit in (Unit.WORKING_DAY, Unit.DAY)
    return Term(size if whole else round(size / HOUR, 3), unit)
