"""The burden index at the desk: months, what filling spared, who causes it, growth under another name (R090, R098)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission.desk import choosing, comparing
from linli.capabilities.admission.desk.comparing import MEASURES, grown_cell, link
from linli.capabilities.admission.rules import Growth, Load, saved
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.verbs import BURDEN
from linli.capabilities.admission.words.showing import Cell, Do, Note, Page, Stat, Table, heads
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import sheets
from linli.kernel.measures import month_of, months
from linli.kernel.places import choosing as areas
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.spoken import said

SHOWN = ("fields", "by_hand", "hours")
# Where the rows behind a figure are read: page and the kind of demand or occasion.
BEHIND = {
    "tables": ("demands", "table"),
    "fields": ("demands", "table"),
    "by_hand": ("demands", "table"),
    "declined": ("demands", ""),
    "meetings": ("occasions", "meeting"),
    "inspections": ("occasions", "inspection"),
    "contests": ("occasions", "contest"),
}
NARROW = (Level.STREET, Level.COMMUNITY)


@require_safe
@needs(BURDEN.code)
def burden(request: HttpRequest) -> HttpResponse:
    """The burden index of an area and a month; every figure leads to the rows behind it."""
    act = act_in(request)
    area = areas.named(act, request.GET.get("area", ""))
    today = choosing.today(act)
    last = month_of(request.GET.get("month", "")) or today.replace(day=1)
    counted = weights.index(act, min(last, today), area)
    now = counted[-1]
    if request.GET.get("format") in sheets.MEDIA:
        among = comparing.below(act, area) or ([area] if area else [])
        return comparing.taken(act, now.first, among, request.GET["format"])
    page = Page(
        _("负担指数"),
        lead=area.full_name if area else _("照下达、开会、检查的记录算出来，不用填报。"),
        back=link(area=_above(act, area), month=last) if area else "",
        tabs=_tabs(months(today), last, area),
        notes=[_grown(each) for each in now.grew],
        stats=_stats(counted, area),
        chart=_chart(counted),
        chart_title=_("半年走势"),
        tables=[_months(counted, area), _causes(act, now.first, area)],
    )
    if area is not None and area.level in NARROW:
        page.tables.append(_repeated(act, now.first, area))
    if among := comparing.below(act, area):
        compared = comparing.compared(act, now.first, among)
        page.tables.append(comparing.table(compared, now.first))
        page.map = comparing.map_of(area, among, now.first)
    page.actions = [
        Do(_("导出"), link(area=area, month=now.first, format="xlsx"), "download"),
        Do(_("减负工作"), reverse("admission:works"), "list-check"),
        Do(_("时间用在哪里"), reverse("admission:time"), "clock"),
    ]
    return render(request, "admission/list.html", {"p": page})


def _above(act: Act, area: Area) -> Area | None:
    held = places.tree().by_id.get(area.parent_id or 0)
    return held if held is not None and act.sees(held.pk) and held.parent_id else None


def _tabs(months: list[date], now: date, area: Area | None) -> list[dict[str, Any]]:
    return [
        {"label": f"{m:%Y-%m}", "href": link(area=area, month=m), "active": m == now}
        for m in months
    ]


def _grown(found: Growth, who: Any = None) -> Note:
    words = _("%(stood)s没有增加，%(grew)s却多了 %(n)s%%，请看是不是换了名目。") % {
        "stood": MEASURES[found.stood],
        "grew": MEASURES[found.grew],
        "n": found.percent,
    }
    return Note(words, "warn", who or _("隐性增长"))


def _stats(counted: list[weights.Month], area: Area | None) -> list[Stat]:
    """What stands big: hours and fields by hand against the month before, and what nobody had to type in these months."""
    now, before = counted[-1], counted[-2]
    shown = []
    for name, unit in (("hours", ""), ("by_hand", _("个")), ("fields", _("个"))):
        was, is_ = _value(before.load, name), _value(now.load, name)
        hint = _("上月 %(n)s") % {"n": was}
        href = _behind(name, now.load, now.first, area)
        shown.append(Stat(is_, MEASURES[name], unit, hint, href))
    return [*_saved(counted), *shown]


def _saved(counted: list[weights.Month]) -> list[Stat]:
    """What nobody had to type, where tables were filled from the registry, over the months that are shown."""
    norm = lists.section().typing
    cells = sum(each.load.cells for each in counted)
    found = saved(Load(cells=cells, known=sum(m.load.known for m in counted)), norm.seconds)
    if found is None:
        return []
    filled = _("半年要填 %(cells)s 格，登记库里有的占 %(rate)s%%，要人填的 %(left)s 格") % {
        "cells": found.cells,
        "rate": found.percent,
        "left": found.cells - found.known,
    }
    by = _("按每格 %(n)s 秒估算，%(source)s") % {
        "n": norm.seconds,
        "source": norm.source.document,
    }
    return [
        Stat(found.known, _("替社区填好的"), _("格"), filled, tone="good", icon="checks"),
        Stat(found.hours, _("省下的用时"), _("小时"), by, tone="good", icon="clock"),
    ]


def _chart(months: list[weights.Month]) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{m.first:%Y-%m}" for m in months]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": str(MEASURES[name]),
                "type": "line",
                "data": [float(getattr(m.load, name)) for m in months],
            }
            for name in SHOWN
        ],
    }


def _value(load: Load, name: str) -> str:
    return str(weights.hours(load) if name == "hours" else getattr(load, name))


def _behind(name: str, load: Load, month: date, area: Area | None) -> str:
    if name not in BEHIND or not getattr(load, name):
        return ""
    page, kind = BEHIND[name]
    show = "declined" if name == "declined" else ""
    return link(area=area, month=month, at=reverse(f"admission:{page}"), kind=kind, show=show)


def _months(months: list[weights.Month], area: Area | None) -> Table:
    labels = [f"{m.first:%Y-%m}" for m in months]
    return Table(
        heads(_("指标"), *labels, nums=range(1, len(labels) + 1)),
        [
            [
                words,
                *(Cell(_value(m.load, n), _behind(n, m.load, m.first, area)) for m in months),
            ]
            for n, words in MEASURES.items()
        ],
        title=_("逐月"),
    )


def _causes(act: Act, first: date, area: Area | None) -> Table:
    rows = []
    for each in weights.causes(act, first, area):
        unit = offices.unit(each.unit)
        href = link(area=area, month=first, at=reverse("admission:demands"), unit=str(each.unit))
        rows.append(
            [
                Cell(said(unit.name) if unit else each.unit, href),
                each.times,
                each.load.tables,
                each.load.fields,
                each.load.by_hand,
                weights.hours(each.load),
                grown_cell(each.grew),
            ]
        )
    return Table(
        heads(
            _("谁提出的"),
            _("次数"),
            _("表"),
            _("要填的字段"),
            _("手工填的字段"),
            _("用时（小时）"),
            _("隐性增长"),
            nums=range(1, 6),
        ),
        rows,
        fold=True,
        title=_("%(month)s 是谁提出的") % {"month": f"{first:%Y-%m}"},
        empty=_("这个月没有下达的事"),
        icon="scale",
    )


def _repeated(act: Act, first: date, area: Area) -> Table:
    found = weights.repeated(act, first, area)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return Table(
        heads(_("字段"), _("哪些部门要的")),
        [
            [
                choosing.field_title(code),
                _t("、").join(sorted(u.name for key in units if (u := offices.unit(key)))),
            ]
            for code, units in ordered
        ],
        title=_("几个部门重复要的字段"),
    )
