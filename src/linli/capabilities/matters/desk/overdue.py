"""The overdue register: what is late, whose it is, and why (R107)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.verbs import READ
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.calendar.labels import late_words
from linli.kernel.calendar.selectors import calendar

SHOWS = ("overdue", "late")


@require_safe
@needs(READ.code)
def page(request: HttpRequest) -> HttpResponse:
    """Open matters past a deadline, or those finished late, with the reason or the box to write it."""
    act = act_in(request)
    f = filters_from(request.GET, "overdue")
    if f.show not in SHOWS:
        f = replace(f, show="overdue")
    if f.show == "overdue" and "sort" not in request.GET:
        f = replace(f, sort="due")
    if f.show == "late":
        f = replace(f, sort="new")
    found = selectors.listed(act, f, request.GET.get("after", "")[:60])
    found.base = f.query(show=f.show)
    own = offices.unit(act.unit)
    context = {
        "page": found,
        "f": f,
        "own_unit": own.name if own else "",
        "later": "after" in request.GET,
        "stages": _stages(),
        "late": partial(late_words, at=act.at, days=calendar()),
    }
    return render(request, "matters/desk/overdue.html", context)


def _stages() -> dict[str, Any]:
    """The names of all deadlines: those of the flow, and those that single classes add."""
    policy = selectors.names().policy
    own = {stage.code: stage.title for each in policy.classes for stage in each.stages}
    return {**own, **{code: stage.title for code, stage in policy.flow.stages.items()}}
