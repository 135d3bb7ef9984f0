"""Calendar 日历: working days 工作日, office hours 工作时, deadlines 时限, and why each day was counted.

The core (`days`, `terms`, `axes`, `deadline`, `policy`) is pure: no Django, no clock. `selectors.calendar()` gives the
calendar in force here, `services.load` takes a new notice 放假通知. Notices are kept whole with the day they were
announced, so "as known on that day" can always be asked: a notice for a year may touch the December before it, and
may be replaced in the middle of the year (2019-03-22, 2020-01-27).
"""

from linli.kernel.calendar.days import (
    ChangedDay,
    Days,
    Notice,
    NoticeError,
    Special,
    Unpublished,
    difference,
    shipped_notices,
)
from linli.kernel.calendar.deadline import (
    SHANGHAI,
    Clock,
    CountedDay,
    Due,
    Pause,
    Why,
    due,
    due_at,
    elapsed_working,
)
from linli.kernel.calendar.terms import OFFICE, Office, Term, TermText, Unit, Warn

__all__ = [
    "OFFICE",
    "SHANGHAI",
    "ChangedDay",
    "Clock",
    "CountedDay",
    "Days",
    "Due",
    "Notice",
    "NoticeError",
    "Office",
    "Pause",
    "Special",
    "Term",
    "TermText",
    "Unit",
    "Unpublished",
    "Warn",
    "Why",
    "difference",
    "due",
    "due_at",
    "elapsed_working",
    "shipped_notices",
]
