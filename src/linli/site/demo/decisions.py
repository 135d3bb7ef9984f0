"""Applications on the day that is looked at: one to be decided today, one that begins today, each step within its term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Application
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services import Wish
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.calendar.terms import Term

if TYPE_CHECKING:
    from linli.site.demo.demands import Stage

# The notice of this one has run out and its time to be decided ends today (in the evening: on the next working day):
# whoever visits decides on it.
READY = ("civil", "services", "困难老人节前探访登记", "《中华人民共和国老年人权益保障法》", 3000)
# This one was decided in its time and begins today: its table can be sent at once.
BEGUN = ("civil", "services", "高龄老人冬季走访登记", "《中华人民共和国老年人权益保障法》", 4000)
LEFT, NOTICED = 4, 12
ASKED = (
    "person.name",
    "person.sex",
    "person.born",
    "person.age",
    "person.ethnic",
    "person.marital",
    "person.education",
    "person.phone",
    "residence.address",
)


def settle(stage: Stage) -> None:
    """One to be decided today, and one that was decided and begins today; every step within its term."""
    now, terms = stage.options.now, section().terms
    today, midnight = now.date(), now.replace(hour=0, minute=0, second=0, microsecond=0)
    _noticed(stage, READY, _before(stage, terms.decide.term, now))
    row = _noticed(stage, BEGUN, _before(stage, terms.ahead.term, midnight))
    days = (today - (row.due or stage.options.now).date()).days
    meeting = stage.act("government_office", "standing_office", max(days + 1, 0))
    minute = f"常务会议纪要〔{meeting.at.year}〕12号"
    yearly = Decimal(BEGUN[-1])
    services.admit(meeting, row, minute=minute, yearly=yearly, funding="主管部门年度预算")


def awaited(stage: Stage, given: tuple[str, str, str, str, int]) -> Application:
    """One that waits for its meeting, with some days left."""
    return _noticed(stage, given, waiting(stage))


def waiting(stage: Stage) -> int:
    """How many days ago something was handed in whose notice is over and whose time to be decided is not."""
    days = _before(stage, section().terms.decide.term, stage.options.now) - LEFT
    return max(days, NOTICED)


def _before(stage: Stage, term: Term, moment: datetime) -> int:
    """How many days ago something began whose term ends first after a moment: today, or the next working day."""
    for days in range(15, 120):
        if _ends(stage, term, days + 1) <= moment:
            return days
    return 120


def _ends(stage: Stage, term: Term, days: int) -> datetime:
    at = stage.at_day(days)
    return due_at(at, term, calendar(), office(), SHANGHAI) or at


def _noticed(stage: Stage, given: tuple[str, str, str, str, int], days: int) -> Application:
    """An application handed in so many days ago, found lawful the day after, its notice closed as soon as it ran out."""
    unit, catalogue, title, basis, yearly = given
    start = _ends(stage, section().terms.ahead.term, days).date()
    asked = wish(title, catalogue, basis, yearly, max(start, stage.options.now.date()))
    drafted = stage.act(unit, "department_worker", days + 4, 9)
    row = services.apply(drafted, wish=replace(asked, fields=ASKED))
    row = services.submit(stage.act(unit, "department_worker", days), row)
    opinion = "于法有据，所问各项登记库里都有，同意公示。"
    row = services.uphold(stage.act("justice", "legal_reviewer", days - 1), row, opinion=opinion)
    over = (stage.options.now.date() - (row.notice_until or stage.options.now).date()).days
    return services.close_notice(stage.act("justice", "legal_reviewer", max(over - 1, 0)), row)


def wish(title: str, catalogue: str, basis: str, yearly: int, start: date | None) -> Wish:
    """What is applied for, in the words of the demonstration."""
    return Wish(
        catalogue=catalogue,
        title=title,
        basis=basis,
        frequency="每年",
        yearly=Decimal(yearly),
        funding="主管部门年度预算" if yearly else "",
        hours=Decimal(4),
        start=start,
        why="涉及住户多，需要社区帮助通知到户。",
    )
