"""Why a day counts, and how a clock stands, in words for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from linli.kernel.calendar.days import Days, Unpublished
from linli.kernel.calendar.deadline import SHANGHAI, CountedDay, Why
from linli.kernel.calendar.terms import Term, Unit

WHY: dict[Why, Promise] = {
    Why.EVENT: _("当日不计"),
    Why.WORKING: _("工作日"),
    Why.MAKE_UP: _("调休上班"),
    Why.WEEKEND: _("周末"),
    Why.HOLIDAY: _("节假日"),
    Why.PAUSED: _("停表中"),
    Why.NATURAL: _("计入"),
    Why.ROLLED: _("末日遇休息日，顺延"),
    Why.CLOSED: _("不在办公时间"),
    Why.LATE: _("下班后收到，视为本日收到"),
}

STATES: dict[str, Promise] = {
    "ok": _("正常"),
    "yellow": _("临期"),
    "red": _("即将超期"),
    "overdue": _("已超期"),
    "paused": _("停表中"),
    "met": _("按时完成"),
    "late": _("超期完成"),
    "stopped": _("已终止"),
}


def why(day: CountedDay) -> str:
    """Why a day counts or not, with the holiday's name."""
    return f"{WHY[day.why]}{_('（')}{day.name}{_('）')}" if day.name else str(WHY[day.why])


# Asked at once, not kept for later: a number's lazy words cost a class each time, a seventh of a matter's page.
_TERMS: dict[Unit, Callable[[int], str]] = {
    Unit.WORKING_DAY: lambda count: ngettext("%(n)s个工作日", "%(n)s个工作日", count),
    Unit.WORKING_HOUR: lambda count: ngettext("%(n)s个工作小时", "%(n)s个工作小时", count),
    Unit.HOUR: lambda count: ngettext("%(n)s小时", "%(n)s小时", count),
    Unit.DAY: lambda count: ngettext("%(n)s日", "%(n)s日", count),
}


def term_words(term: Term) -> str:
    """A term as people say it."""
    if not term.amount:
        return str(_("即时"))
    return _TERMS[term.unit](1 if term.amount == 1 else 2) % {"n": f"{term.amount:g}"}


def late_words(due: datetime, at: datetime, days: Days, unit: Unit = Unit.WORKING_DAY) -> str:
    """How far past its due time a clock is at a moment: in working days, or as the clock on the wall runs."""
    if unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR):
        first = due.astimezone(SHANGHAI).date() + timedelta(1)
        last = at.astimezone(SHANGHAI).date()
        count = days.working_in(first, last) if first <= last else 0
        if not count:
            return str(_("超期不到 1 个工作日"))
        return ngettext("超期 %(n)s 个工作日", "超期 %(n)s 个工作日", count) % {"n": count}
    hours = int((at - due).total_seconds() // 3600)
    if hours < 1:
        return str(_("刚刚超期"))
    if hours < 24:
        return ngettext("超期 %(n)s 小时", "超期 %(n)s 小时", hours) % {"n": hours}
    return ngettext("超期 %(n)s 天", "超期 %(n)s 天", hours // 24) % {"n": hours // 24}


def left_words(left: Term, due: datetime | None, at: datetime, days: Days) -> str:
    """What is left of a term at a moment; days are those after today. `due` is None while the clock stands still."""
    if not left.counts_days:
        if left.amount < 1:
            return str(_("还剩不到 1 小时"))
        left = Term(round(left.amount, 1), left.unit)
    elif due is not None:
        today, last = (moment.astimezone(SHANGHAI).date() for moment in (at, due))
        office = left.unit is Unit.WORKING_DAY and today < last
        count = days.working_in(today + timedelta(1), last) if office else (last - today).days
        if count < 1:
            return str(_("今天到期"))
        left = Term(count, left.unit)
    return str(_("还剩 %(term)s") % {"term": term_words(left)})


def unpublished_words(warning: Unpublished) -> str:
    """The warning that a year's notice is not loaded yet."""
    text = _("%(year)s年放假安排尚未载入，暂按周末休息推算，公布后可能变动。")
    return str(text % {"year": warning.year})
