"""The calendar of occasions: which days are asked for, back and on, the month or the week as rows of days (R081)."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.selectors.occasions import Called, Filters
from linli.capabilities.admission.words.showing import Do, key_of
from linli.kernel.acts import Act
from linli.kernel.measures import month_of
from linli.kernel.places import selectors as places

CALLED = ("meeting", "inspection", "contest")
SHOWN_A_DAY, MOST_A_DAY, WEEK = 3, 30, 6
YEARS = range(2000, 2200)


def filters(act: Act, request: HttpRequest) -> Filters:
    """The days asked for: the month, or the seven days of a week that begins on its Monday."""
    first = month_of(request.GET.get("month", ""))
    if first is None or first.year not in YEARS:
        first = choosing.today(act).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    monday = _monday(request.GET.get("week", ""))
    if monday is not None:
        first, last = monday, monday + timedelta(days=6)
    kind = request.GET.get("kind", "")
    return Filters(
        first,
        last,
        kind if kind in CALLED else "",
        key_of(request.GET.get("unit", "")),
        places.tree().by_id.get(key_of(request.GET.get("area", "")) or 0),
    )


def _monday(text: str) -> date | None:
    """The Monday of the week that a day lies in, as an address says it."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day - timedelta(days=day.weekday()) if day.year in YEARS else None


def turning(request: HttpRequest, act: Act, f: Filters) -> list[Do]:
    """Back and on by a month or a week, the other of the two, and all of it as a file for one's own calendar."""
    before, after = f.first - timedelta(days=1), f.last + timedelta(days=1)
    file = f"{reverse('admission:occasions_file')}?{request.GET.urlencode()}"
    if weekly(f):
        return [
            Do(_("上一周"), at_days(f, week=f"{before}"), "chevron-left"),
            Do(_("下一周"), at_days(f, week=f"{after}"), "chevron-right"),
            Do(_("看整月"), at_days(f, month=f"{f.first:%Y-%m}"), "calendar"),
            Do(_("日历文件"), file, "download"),
        ]
    today = choosing.today(act)
    week = today if f.first <= today <= f.last else f.first
    return [
        Do(_("上个月"), at_days(f, month=f"{before:%Y-%m}"), "chevron-left"),
        Do(_("下个月"), at_days(f, month=f"{after:%Y-%m}"), "chevron-right"),
        Do(_("看一周"), at_days(f, week=f"{week}"), "calendar"),
        Do(_("日历文件"), file, "download"),
    ]


def at_days(f: Filters, **days: str) -> str:
    """The same kind, unit and area on other days."""
    kept = {"kind": f.kind, "unit": f.unit, "area": f.area.pk if f.area else ""}
    return f"?{urlencode({name: value for name, value in (kept | days).items() if value})}"


def weekly(f: Filters) -> bool:
    """Whether the days are one week."""
    return (f.last - f.first).days == WEEK


def weeks_of(f: Filters, found: list[Called], today: date) -> list[list[dict[str, Any]]]:
    """The month as weeks of days, each with the first few of what happens on it."""
    by_day: dict[date, list[Called]] = {}
    for each in found:
        if each.state not in ("merged", "cancelled"):
            by_day.setdefault(each.day, []).append(each)
    short = weekly(f)
    most = MOST_A_DAY if short else SHOWN_A_DAY
    weeks = [[f.first + timedelta(days=at) for at in range(WEEK + 1)]]
    if not short:
        weeks = Calendar().monthdatescalendar(f.first.year, f.first.month)
    return [
        [
            {
                "day": day,
                "out": not short and day.month != f.first.month,
                "today": day == today,
                "entries": [
                    {"text": each.title, "href": href(each, f), "kind": each.kind}
                    for each in by_day.get(day, ())[:most]
                ],
                "more": max(0, len(by_day.get(day, ())) - most),
                "href": "" if short else at_days(f, week=f"{day}"),
            }
            for day in week
        ]
        for week in weeks
    ]


def href(each: Called, f: Filters) -> str:
    """Where one leads: to itself, or to its communities."""
    if each.communities == 1:
        return reverse("admission:occasion", kwargs={"pk": each.key})
    only = replace(f, kind=each.kind, unit=each.unit)
    days = {"month": f"{each.day:%Y-%m}", "day": str(each.day.day), "title": each.title}
    return f"{reverse('admission:occasions_of')}{at_days(only, **days)}"
