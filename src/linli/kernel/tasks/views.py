"""The one to-do list at the desk, and on paper for a walk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.access.doors import act_in, needs
from linli.kernel.tasks import day
from linli.kernel.tasks.day import Asked
from linli.kernel.tasks.verbs import OWN

TIMES = (
    ("overdue", _("已超期"), "alert-circle", "bad"),
    ("today", _("今天到期"), "clock", "warn"),
    ("week", _("七天内到期"), "calendar", None),
    ("undated", _("没有期限"), "player-pause", None),
)


def _asked(request: HttpRequest) -> Asked:
    after = request.GET.get("after", "")
    when = request.GET.get("when", "")
    return Asked(
        group=request.GET.get("group", "").replace("\x00", "")[:40],
        when=when if when in day.WHEN else "",
        visits=request.GET.get("visits") == "yes",
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0,
    )


@require_safe
@needs(OWN.code)
def todo(request: HttpRequest) -> HttpResponse:
    """Everything that is to be done, one household one visit, overdue first."""
    act, asked = act_in(request), _asked(request)
    figures, found = day.figures(act), day.day(act, asked)
    tabs = [{"label": _("全部"), "href": f"?{asked.query(group='')}", "active": not asked.group}]
    tabs[0]["count"] = figures.open
    tabs += [
        {
            "label": title,
            "href": f"?{asked.query(group=title)}",
            "active": asked.group == title,
            "count": n,
        }
        for title, n in figures.groups.items()
    ]
    context = {
        "figures": figures,
        "times": [
            (code, label, icon, mark, getattr(figures, code), asked.query(when=code))
            for code, label, icon, mark in TIMES
        ],
        "tabs": tabs,
        "day": found,
        "asked": asked,
        "visits_href": f"?{asked.query(visits=not asked.visits)}",
        "next": f"?{asked.query(after=found.more)}" if found.more else "",
        "whole": asked == Asked(),
    }
    return render(request, "tasks/todo.html", context)


@require_safe
@needs(OWN.code)
def walk(request: HttpRequest) -> HttpResponse:
    """The same on paper, in the order of the places, with a box to tick and room for a note."""
    act, asked = act_in(request), _asked(request)
    found = day.day(act, asked, size=day.PAPER_MOST)
    context = {
        "stops": sorted(found.stops, key=lambda stop: (not stop.household, stop.place)),
        "more": found.more,
        "most": day.PAPER_MOST,
        "who": act.name,
        "at": timezone.localtime(act.at),
        "back": asked.query(),
    }
    return render(request, "tasks/walk.html", context)
