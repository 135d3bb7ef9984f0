"""Registers at the desk: what stands in communities, what they are called to, and what weighs on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, files, granted, sent
from linli.capabilities.admission.forms import (
    HeldForm,
    PlaceForm,
    ScheduleForm,
    StepForm,
    UnplaceForm,
)
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.selectors import registers as reads
from linli.capabilities.admission.services import Calling, Standing
from linli.capabilities.admission.verbs import BURDEN, READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Note,
    Page,
    Table,
    cut,
    heads,
    key_of,
    pager,
    tabs,
)
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

PLACED = ("signboard", "body", "post", "system")
CALLED = ("meeting", "inspection", "contest")
PLACED_SAID = {
    "signboard": _("标牌"),
    "body": _("工作机构"),
    "post": _("派驻人员"),
    "system": _("信息系统"),
}
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


@require_safe
@needs(READ.code)
def placements(request: HttpRequest) -> HttpResponse:
    """Signboards, bodies, posts and systems; those without an item are flagged (R077, R078)."""
    act = act_in(request)
    show = request.GET.get("show", "")
    kind = show if show in PLACED else ""
    after = key_of(request.GET.get("after", ""))
    rows, next_ = cut(reads.placements(act, kind, show == "flagged", after), reads.PAGE)
    counts = reads.counters(act)
    table = Table(
        heads(_("名称"), _("社区"), _("是什么"), _("内外"), _("准入"), _("依据"), _("设立日期")),
        [
            [
                Cell(p.title, _off_href(act, p)),
                Cell(p.area.name),
                Cell(PLACED_SAID[p.kind]),
                Cell("" if p.inside is None else _("内部") if p.inside else _("外部")),
                Cell(p.item.code, tone="good") if p.item else Cell(_("没有准入"), tone="bad"),
                Cell(p.basis),
                Cell(p.since),
            ]
            for p in rows
        ],
        empty=_("还没有登记"),
        hint=_("把挂着的牌子、设着的机构和用着的系统登记下来，没有准入的一清二楚。"),
        icon="list-check",
    )
    offered = [("", _("全部")), *PLACED_SAID.items(), ("flagged", _("没有准入的"))]
    back = reverse("admission:occasions")
    title = _("挂牌、机构和系统")
    page = Page(title, back=back, tabs=tabs(request, "show", offered), tables=[table])
    for each in page.tabs[1:]:
        each["count"] = counts.get(each["href"].removeprefix("?show="), 0)
    page.page = pager(request, next_)
    if act.may("admission.place"):
        page.actions.append(Do(_("登记"), reverse("admission:placement_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _off_href(act: Act, p: Any) -> str:
    mine = act.sees(p.area_id) and act.may("admission.unplace")
    return reverse("admission:placement_end", kwargs={"pk": p.pk}) if mine else ""


@needs("admission.place")
def placement_new(request: HttpRequest) -> HttpResponse:
    """Register what is set up, or what was found standing."""
    act = act_in(request)
    form = PlaceForm(
        sent(request),
        files(request),
        area=choosing.communities(act),
        kind=list(PLACED_SAID.items()),
        item=choosing.items(act, PLACED),
    )

    def do(data: dict[str, Any]) -> None:
        photo = data.pop("photo", None)
        services.place(act, standing=Standing(**data), photo=photo)

    return asked(request, form, do, title=_("登记"), back=reverse("admission:placements"))


@needs("admission.unplace")
def placement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken down or left."""
    act = act_in(request)
    found = reads.placement(act, pk)
    if found is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))

    def do(data: dict[str, Any]) -> None:
        services.unplace(act, found, on=data["on"], why=data["why"])

    back = reverse("admission:placements")
    form = UnplaceForm(sent(request))
    return asked(request, form, do, title=_("摘除或撤出"), back=back, hint=found.title)


def _month(request: HttpRequest, act: Act) -> date:
    text = request.GET.get("month", "")
    try:
        return date.fromisoformat(f"{text}-01") if text else choosing.today(act).replace(day=1)
    except ValueError:
        return choosing.today(act).replace(day=1)


@require_safe
@needs(READ.code)
def occasions(request: HttpRequest) -> HttpResponse:
    """Meetings, inspections and contests of a month, with those that might be held together (R080, R081)."""
    act = act_in(request)
    first = _month(request, act)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = reads.occasions(act, first, last)
    near = reads.together(rows) if act.may("admission.merge") else []
    words = {"planned": "warn", "held": "good", "merged": "neutral", "cancelled": "neutral"}
    page = Page(
        _("会议和检查"),
        lead=f"{first:%Y-%m}",
        actions=[
            Do(_("挂牌、机构和系统"), reverse("admission:placements"), "list-check"),
            Do(_("上个月"), f"?month={first - timedelta(days=1):%Y-%m}", "chevron-left"),
            Do(_("下个月"), f"?month={last + timedelta(days=1):%Y-%m}", "chevron-right"),
        ],
        tables=[
            Table(
                heads(_("可以合并的"), _("社区"), _("另一个")),
                [
                    [
                        Cell(a.title, _merge_href(a, b), note=a.day),
                        Cell(a.area.name),
                        Cell(b.title, note=b.day),
                    ]
                    for a, b in near
                ],
                title=_("相距不远，建议合并"),
            ),
            _calendar(act, rows, words),
        ],
    )
    if act.may("admission.schedule"):
        page.actions.append(Do(_("安排"), reverse("admission:occasion_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _calendar(act: Act, rows: list[Any], tones: dict[str, str]) -> Table:
    may_tell = act.may("admission.held")
    return Table(
        heads(
            _("名称"),
            _("日期"),
            _("社区"),
            _("单位"),
            _("是什么"),
            _("小时"),
            _("人数"),
            _("情况"),
            nums=(5, 6),
        ),
        [
            [
                Cell(
                    o.title,
                    reverse("admission:occasion_held", kwargs={"pk": o.pk})
                    if may_tell and o.state == "planned"
                    else "",
                ),
                *(Cell(o.day), Cell(o.area.name), Cell(o.unit.name), Cell(o.get_kind_display())),
                *(Cell(o.hours), Cell(o.people)),
                Cell(o.get_state_display(), tone=tones[o.state]),
            ]
            for o in rows
        ],
        title=_("这个月"),
        empty=_("这个月没有会议和检查"),
        hint=_("只有准入的会议、检查和创建评比才能安排。"),
        icon="calendar",
    )


def _merge_href(a: Any, b: Any) -> str:
    return reverse("admission:occasion_merge", kwargs={"pk": a.pk, "key": b.pk})


@needs("admission.schedule")
def occasion_new(request: HttpRequest) -> HttpResponse:
    """Put a meeting, an inspection or a contest into the calendar."""
    act = act_in(request)
    unit = offices.unit(act.unit)
    lead = unit.code if unit and unit.kind == "department" else ""
    form = ScheduleForm(
        sent(request),
        kind=choosing.kinds(CALLED),
        item=choosing.items(act, CALLED, lead),
        streets=choosing.streets(act),
    )

    def do(data: dict[str, Any]) -> None:
        streets, only = data.pop("streets"), data.pop("only")
        own = choosing.communities(act)
        communities = choosing.chosen(streets, only) or tuple(key for key, _n in own)
        services.schedule(act, calling=Calling(communities=communities, **data))

    return asked(request, form, do, title=_("安排"), back=reverse("admission:occasions"))


@needs("admission.merge")
def occasion_merge(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Hold two together."""
    act = act_in(request)
    first, second = reads.occasion(act, pk), reads.occasion(act, key)
    if first is None or second is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))

    def do(_data: dict[str, Any]) -> None:
        services.merge(act, first=pk, second=key)

    hint = f"{first.title} {first.day} + {second.title} {second.day}"
    back = reverse("admission:occasions")
    return asked(request, StepForm(sent(request)), do, title=_("合并"), back=back, hint=hint)


@needs("admission.held")
def occasion_held(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place."""
    act = act_in(request)
    found = reads.occasion(act, pk)
    if found is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))
    granted(act, "admission.held")
    form = HeldForm(sent(request), initial={"hours": found.hours})

    def do(data: dict[str, Any]) -> None:
        services.held_(act, found, outcome=data["outcome"], hours=data["hours"])

    back = reverse("admission:occasions")
    return asked(request, form, do, title=_("登记已进行"), back=back, hint=found.title)


@require_safe
@needs(BURDEN.code)
def burden(request: HttpRequest) -> HttpResponse:
    """The burden index of an area: months, trend, who causes it, growth under another name (R090, R098)."""
    act = act_in(request)
    chosen = key_of(request.GET.get("area", ""))
    if chosen is not None and (not act.sees(chosen) or chosen not in places.tree().by_id):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    area = places.tree().by_id[chosen] if chosen else None
    months = weights.index(act, choosing.today(act), area)
    now = months[-1]
    labels = [f"{m.first:%Y-%m}" for m in months]
    page = Page(
        _("负担指数"),
        lead=area.full_name if area else _("照下达、开会、检查的记录算出来，不用填报。"),
        notes=[
            Note(
                _("%(stood)s没有增加，%(grew)s却多了 %(n)s%%，请看是不是换了名目。")
                % {"stood": _measure(g.stood), "grew": _measure(g.grew), "n": g.percent},
                "warn",
                _("隐性增长"),
            )
            for g in now.grew
        ],
        chart=_chart(labels, months),
        chart_title=_("半年走势"),
        tables=[_months(labels, months), _causes(act, now.first, area), _places(act, area)],
    )
    return render(request, "admission/list.html", {"p": page})


def _measure(name: str) -> Any:
    return MEASURES[name]


def _chart(labels: list[str], months: list[weights.Month]) -> dict[str, Any]:
    shown = ("fields", "by_hand", "hours")
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": labels},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": str(_measure(name)),
                "type": "line",
                "data": [float(getattr(m.load, name)) for m in months],
            }
            for name in shown
        ],
    }


def _months(labels: list[str], months: list[weights.Month]) -> Table:
    return Table(
        heads(_("指标"), *labels, nums=range(1, len(labels) + 1)),
        [
            [Cell(words), *(Cell(str(getattr(m.load, name))) for m in months)]
            for name, words in MEASURES.items()
        ],
        title=_("逐月"),
    )


def _causes(act: Act, first: date, area: Any) -> Table:
    return Table(
        heads(_("谁提出的"), _("次数"), _("用时（小时）"), nums=(1, 2)),
        [
            [Cell(unit.name if (unit := offices.unit(key)) else key), Cell(times), Cell(hours)]
            for key, times, hours in weights.causes(act, first, area)
        ],
        title=_("这个月是谁提出的"),
    )


def _places(act: Act, area: Any) -> Table:
    """The next level down, to go on by clicking."""
    tops = [places.tree().by_id.get(span.lo) for span in act.spans]
    below = [c for top in ([area] if area else tops) if top for c in places.children(top)]
    rows = [
        [Cell(each.name, f"?area={each.pk}")]
        for each in below
        if act.sees(each.pk) and each.level != "grid"
    ]
    return Table(heads(_("再往下看")), rows, title=_("辖区"))
