"""The burden index at the desk: months, what filling spared, who causes it, growth under another name (R090, R098)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.rules import Growth, Load, saved
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.verbs import BURDEN
from linli.capabilities.admission.words.showing import Cell, Do, Note, Page, Table, heads
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.measures import month_of, months
from linli.kernel.places import choosing as areas
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

MEASURES = {
    "tables": _("表"),
    "fields": _("要填的字段"),
    "by_hand": _("手工填的字段"),
    "hours": _("用时（小时）"),
    "duplicates": _("几个部门重复要的字段"),
    "meetings": _("会议"),
    "inspections": _("检查"),
    "contests": _("创建评比"),
    "systems": _("信息系统"),
    "declined": _("不予承接"),
}
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
    page = Page(
        _("负担指数"),
        lead=area.full_name if area else _("照下达、开会、检查的记录算出来，不用填报。"),
        back=_link(area=_above(act, area), month=last) if area else "",
        tabs=_tabs(months(today), last, area),
        notes=[_grown(each) for each in now.grew],
        facts=_saved(now.load),
        chart=_chart(counted),
        chart_title=_("半年走势"),
        tables=[_months(counted, area), _causes(act, now.first, area)],
    )
    if area is not None and area.level in NARROW:
        page.tables.append(_repeated(act, now.first, area))
    page.tables.append(_places(act, now.first, area))
    page.actions = [
        Do(_("减负工作"), reverse("admission:works"), "list-check"),
        Do(_("时间用在哪里"), reverse("admission:time"), "clock"),
    ]
    return render(request, "admission/list.html", {"p": page})


def _above(act: Act, area: Area) -> Area | None:
    held = places.tree().by_id.get(area.parent_id or 0)
    return held if held is not None and act.sees(held.pk) and held.parent_id else None


def _link(*, area: Area | None, month: date, at: str = "", **more: str) -> str:
    asked = {"area": str(area.pk) if area else "", "month": f"{month:%Y-%m}", **more}
    return f"{at}?{urlencode({k: v for k, v in asked.items() if v})}"


def _tabs(months: list[date], now: date, area: Area | None) -> list[dict[str, Any]]:
    return [
        {"label": f"{m:%Y-%m}", "href": _link(area=area, month=m), "active": m == now}
        for m in months
    ]


def _grown(found: Growth, who: Any = None) -> Note:
    words = _("%(stood)s没有增加，%(grew)s却多了 %(n)s%%，请看是不是换了名目。") % {
        "stood": MEASURES[found.stood],
        "grew": MEASURES[found.grew],
        "n": found.percent,
    }
    return Note(words, "warn", who or _("隐性增长"))


def _saved(load: Load) -> list[tuple[Any, Any]]:
    """What nobody had to type, where tables were filled from the registry."""
    norm = lists.section().typing
    found = saved(load, norm.seconds)
    if found is None:
        return []
    estimate = _("约 %(hours)s 小时（按每格 %(n)s 秒估算，%(source)s）") % {
        "hours": found.hours,
        "n": norm.seconds,
        "source": norm.source.document,
    }
    return [
        (_("一表通要填的数据"), _("%(n)s 格") % {"n": found.cells}),
        (
            _("从登记库预填"),
            _("%(n)s 格，占 %(rate)s%%") % {"n": found.known, "rate": found.percent},
        ),
        (_("要由人去补"), _("%(n)s 格") % {"n": found.cells - found.known}),
        (_("省下的用时"), estimate),
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
    return _link(area=area, month=month, at=reverse(f"admission:{page}"), kind=kind, show=show)


def _months(months: list[weights.Month], area: Area | None) -> Table:
    labels = [f"{m.first:%Y-%m}" for m in months]
    return Table(
        heads(_("指标"), *labels, nums=range(1, len(labels) + 1)),
        [
            [
                Cell(words),
                *(Cell(_value(m.load, n), _behind(n, m.load, m.first, area)) for m in months),
            ]
            for n, words in MEASURES.items()
        ],
        title=_("逐月"),
    )


def _growth(grew: list[Growth]) -> Cell:
    if not grew:
        return Cell("")
    most = max(grew, key=lambda each: each.percent)
    words = _("%(grew)s多了 %(n)s%%") % {"grew": MEASURES[most.grew], "n": most.percent}
    return Cell(words, tone="warn")


def _causes(act: Act, first: date, area: Area | None) -> Table:
    rows = []
    for each in weights.causes(act, first, area):
        unit = offices.unit(each.unit)
        href = _link(area=area, month=first, at=reverse("admission:demands"), unit=str(each.unit))
        rows.append(
            [
                Cell(unit.name if unit else each.unit, href),
                *(Cell(each.times), Cell(each.load.tables), Cell(each.load.fields)),
                *(Cell(each.load.by_hand), Cell(weights.hours(each.load)), _growth(each.grew)),
            ]
        )
    return Table(
        heads(
            *(_("谁提出的"), _("次数"), _("表"), _("要填的字段"), _("手工填的字段")),
            *(_("用时（小时）"), _("隐性增长")),
            nums=range(1, 6),
        ),
        rows,
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
                Cell(choosing.field_title(code)),
                Cell(_t("、").join(sorted(u.name for key in units if (u := offices.unit(key))))),
            ]
            for code, units in ordered
        ],
        title=_("几个部门重复要的字段"),
    )


def _places(act: Act, first: date, area: Area | None) -> Table:
    """The next level down beside each other, to go on by clicking."""
    tops = [area] if area else [places.tree().by_id.get(span.lo) for span in act.spans]
    below = [
        each
        for top in tops
        if top is not None
        for each in places.children(top)
        if act.sees(each.pk) and each.level != Level.GRID
    ]
    return Table(
        heads(
            *(_("辖区"), _("表"), _("要填的字段"), _("手工填的字段"), _("用时（小时）")),
            *(_("会议"), _("检查"), _("隐性增长")),
            nums=range(1, 7),
        ),
        [
            [
                Cell(each.name, _link(area=each, month=first)),
                *(Cell(load.tables), Cell(load.fields), Cell(load.by_hand)),
                *(Cell(weights.hours(load)), Cell(load.meetings), Cell(load.inspections)),
                _growth(grew),
            ]
            for each, load, grew in (weights.places(act, first, below) if below else [])
        ],
        title=_("辖区"),
    )
