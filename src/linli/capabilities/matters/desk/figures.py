"""Figures whose numbers open their rows, and the promises held against what was measured (R106)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.selectors import Figure, Filters, desk
from linli.capabilities.matters.verbs import FIGURES
from linli.kernel.access.doors import act_in, needs

BY = {"class": _("按类别"), "unit": _("按单位"), "area": _("按社区"), "channel": _("按渠道")}
CHART_MOST = 12
DAYS = 30


def _period(asked: Filters, today: date) -> Filters:
    """The days and the group asked for, and nothing else; the last thirty days when none were."""
    f = Filters(show="all", since=asked.since, until=asked.until, group=asked.group)
    if f.since is None and f.until is None:
        return replace(f, since=today - timedelta(days=DAYS - 1), until=today)
    return f


@require_safe
@needs(FIGURES.code)
def page(request: HttpRequest) -> HttpResponse:
    """Received, closed, on time, satisfied, overdue, reopened over a period, by class, unit, area or channel."""
    act = act_in(request)
    by = request.GET.get("by", "class")
    by = by if by in BY else "class"
    f = _period(filters_from(request.GET, "all"), timezone.localdate(act.at))
    lines = selectors.figures(act, f, by)
    whole = selectors.total(act, lines, f)
    context = {
        "f": f,
        "by": by,
        "tabs": _tabs(f, by),
        "lines": lines,
        "whole": whole,
        "days": selectors.average_days(act, f),
        "queries": _queries(f),
        "open_row": _row_queries,
        "chart": _chart(lines),
        "formulas": _formulas(whole, f),
        "groups": sorted(selectors.names().policy.groups, key=lambda g: g.order),
    }
    return render(request, "matters/desk/figures.html", context)


def _tabs(f: Filters, by: str) -> list[dict[str, Any]]:
    address = reverse("matters:figures")
    return [
        {
            "label": title,
            "href": f"{address}?{f.query(show='open')}&by={code}",
            "active": code == by,
        }
        for code, title in BY.items()
    ]


def _queries(f: Filters) -> dict[str, str]:
    """The rows behind each total."""
    return {
        "received": f.query(show="all"),
        "closed": f.query(show="closed"),
        "in_time": f.query(show="all", on_time="yes"),
        "satisfied": f.query(show="all", satisfied="yes"),
        "overdue": f.query(show="undone"),
    }


def _row_queries(line: Figure) -> dict[str, str]:
    """The rows behind each number of one line."""
    plain = line.query.replace("show=all&", "").replace("&show=all", "")
    shows = {name: "all" for name in ("received", "in_time", "satisfied", "reopened")}
    more = {"in_time": "&on_time=yes", "satisfied": "&satisfied=yes", "reopened": "&again=yes"}
    shows |= {"closed": "closed", "overdue": "undone"}
    return {name: f"show={show}{more.get(name, '')}&{plain}" for name, show in shows.items()}


def _chart(lines: list[Figure]) -> dict[str, Any]:
    shown = [line for line in lines if line.received][:CHART_MOST]
    opens = [_row_queries(line) for line in shown]
    address = reverse("matters:list")

    def bars(title: str, name: str) -> dict[str, Any]:
        data = [
            {"value": getattr(line, name), "href": f"{address}?{queries[name]}"}
            for line, queries in zip(shown, opens, strict=True)
        ]
        return {"name": title, "type": "bar", "data": data}

    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [line.title for line in shown]},
        "yAxis": {"type": "value"},
        "series": [
            bars(_t("收到"), "received"),
            bars(_t("按时办理"), "in_time"),
            bars(_t("超期未办"), "overdue"),
        ],
    }


def _formulas(whole: Figure, f: Filters) -> list[dict[str, Any]]:
    """How each rate is computed, with its numbers and where the rule is written."""
    policy = selectors.names().policy
    ratings = policy.ratings.source
    return [
        {
            "title": _("按时办理率"),
            "share": whole.on_time_share,
            "formula": _("按时办理完成的件数 ÷ 已办理完成的件数"),
            "top": (whole.in_time, f.query(on_time="yes")),
            "bottom": (whole.judged, f.query(on_time="any")),
            "source": _(
                "承诺时限由各事项、类别自己的依据规定；工作日按国务院放假通知计算，等居民补充期间停表。"
            ),
        },
        {
            "title": _("满意率"),
            "share": whole.satisfied_share,
            "formula": _("评价为满意的件数 ÷ 已评价的件数"),
            "top": (whole.satisfied, f.query(satisfied="yes")),
            "bottom": (whole.rated, f.query(satisfied="any")),
            "source": f"{ratings.document} {ratings.clause}".strip(),
        },
    ]


@require_safe
@needs(FIGURES.code)
def promises(request: HttpRequest) -> HttpResponse:
    """Each item's promise beside what was measured, month by month, ready to be put up."""
    act = act_in(request)
    today = timezone.localdate(act.at)
    month = _month(request.GET.get("month", ""), today)
    after = (month + timedelta(days=32)).replace(day=1)
    f = Filters(show="all", since=month, until=after - timedelta(days=1))
    context = {
        "month": month,
        "rows": desk.promises(act, f),
        "before": (month - timedelta(days=1)).strftime("%Y-%m"),
        "after": after.strftime("%Y-%m") if after <= today else "",
    }
    return render(request, "matters/desk/promises.html", context)


def _month(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(asked, today.replace(day=1))
