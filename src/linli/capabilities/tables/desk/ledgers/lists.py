"""The list of ledgers with their counts, one ledger page by page, one row with its sources and former values."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables.desk.ledgers.opening import (
    Opened,
    chips,
    live,
    opened,
    past_said,
    place_form,
)
from linli.capabilities.tables.selectors import entries, ledgers
from linli.capabilities.tables.selectors.ledgers import Asked, View, query_string
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.places import choosing


@require_safe
@needs(LEDGERS.code)
def listing(request: HttpRequest) -> HttpResponse:
    """The catalogue and the community's own; how many rows each has is asked for after the page is drawn."""
    act = act_in(request)
    found = ledgers.ledgers(act)
    context = {
        "found": found,
        "groups": _groups(act, found.views),
        "sets": ledgers.free_sets(act),
        "ended": ledgers.ended(act) if act.may("tables.restore_ledger") else [],
        "done": request.GET.get("done", ""),
        "noted": [(code, entries.title_of(code)) for code in entries.kinds()]
        if act.may("tables.enter")
        else [],
    }
    return render(request, "tables/ledgers/list.html", context)


def _groups(act: Act, views: list[View]) -> list[tuple[str, list[View]]]:
    """What can be opened, what is for others, what nobody records yet."""
    open_ = [each for each in views if each.may_open(act)]
    closed = [each for each in views if each.live and not each.may_open(act)]
    bare = [each for each in views if not each.live]
    return [("open", open_), ("closed", closed), ("none", bare)]


@require_safe
@needs(LEDGERS.code)
def counts(request: HttpRequest) -> HttpResponse:
    """How many rows some ledgers have, each counted for a moment only."""
    act = act_in(request)
    keys = request.GET.getlist("key")[:12]
    views = [view for key in keys if (view := ledgers.view(act, key)) is not None]
    counted = {view.key: ledgers.counted(act, view) for view in views if view.may_open(act)}
    return render(request, "tables/ledgers/_counts.html", {"counted": counted})


@require_safe
@needs(LEDGERS.code)
def ledger(request: HttpRequest, key: str) -> HttpResponse:
    """One page of a ledger's rows under what was asked; one that was ended is told of in the list."""
    if ledgers.was_ended(act_in(request), key):
        return HttpResponseRedirect(f"{reverse('tables:ledgers')}?done=gone")
    found = opened(request, key)
    act, view, asked = found.act, found.view, found.asked
    context: dict[str, Any] = {"v": view, "asked": asked, "query": found.query}
    if not view.may_open(act):
        return render(request, "tables/ledgers/none.html", context)
    place = place_form(request)
    if place is not None and place.is_valid():
        narrowed = query_string(asked, area=place.cleaned_data["place"])
        return HttpResponseRedirect(f"{request.path}?{narrowed}")
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 19 else 0
    sheet = ledgers.sheet(act, view, asked, start)
    context |= {
        "sheet": sheet,
        "unseen": ledgers.unseen(act, view, asked),
        "share": request.build_absolute_uri(_shared(found)) if view.own else "",
        "enters": view.record_set in entries.kinds() and act.may("tables.enter"),
        "chips": chips(found),
        "areas": choosing.steps(act, asked.area),
        "area_form": place,
        "refused": found.refused,
        "past": past_said(found),
        "today": timezone.localdate(act.at).isoformat(),
        "later": bool(start),
        "next": f"?{found.query}{'&' if found.query else ''}after={sheet.more}"
        if sheet.more
        else "",
        "sorts": {head.element: _sort(found, head.element) for head in sheet.heads},
        "counted": None if start else ledgers.counted(act, view, asked),
    }
    return render(request, "tables/ledgers/ledger.html", context)


def _shared(found: Opened) -> str:
    """The address under which somebody of another community opens the same question over their own records."""
    view, asked = found.view, found.asked
    columns = tuple(head.element for head in asked.heads(view) if head.element)
    groups = (*view.conditions, *asked.groups)
    whole = Asked(groups=groups, columns=columns, sort=asked.sort or next(iter(view.sort), ""))
    ledger = reverse("tables:ledger", args=[f"set-{view.record_set}"])
    return f"{ledger}?{query_string(whole)}"


def _sort(found: Any, code: str) -> str:
    now = found.asked.sort
    return "?" + query_string(found.asked, sort=f"-{code}" if now == code else code)


@require_safe
@needs(LEDGERS.code)
def row(request: HttpRequest, key: str, row: int) -> HttpResponse:
    """One row: every value, who said it, what stood there before, its files, the way to its own page."""
    found = live(request, key)
    detail = ledgers.detail(found.act, found.view, row) if row < 2**62 else None
    if detail is None:
        raise Http404(_t("没有这一条，或不在您的辖区。"))
    context = {"v": found.view, "d": detail, "row": row, "query": found.query}
    return render(request, "tables/ledgers/row.html", context)
