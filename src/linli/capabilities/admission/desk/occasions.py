"""Meetings and inspections at the desk: a calendar, joint visits, scheduling through the gate (R080, R081)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing, dated
from linli.capabilities.admission.desk.asking import asked, files, granted, judged, sent
from linli.capabilities.admission.desk.dated import CALLED
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import HeldForm, ScheduleForm, StepForm
from linli.capabilities.admission.rules import half_of
from linli.capabilities.admission.selectors import occasions as reads
from linli.capabilities.admission.selectors.occasions import Called, Filters
from linli.capabilities.admission.services import Calling, Held, Turned
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import Cell, Do, Page, Table, heads, key_of, tabs
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.ui.spoken import said

SAID = {"meeting": _("会议"), "inspection": _("检查"), "contest": _("创建评比")}
STATES = {
    "waiting": (_("待街道下发"), "warn"),
    "planned": (_("已安排"), "info"),
    "held": (_("已进行"), "good"),
    "merged": (_("已合并"), "neutral"),
    "cancelled": (_("已取消"), "neutral"),
}
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


@require_safe
@needs(READ.code)
def file(request: HttpRequest) -> HttpResponse:
    """What one is called to in those days, for the calendar on one's phone or desk (RFC 5545)."""
    act = act_in(request)
    f = dated.filters(act, request)
    made = HttpResponse(
        services.ics(act, reads.listed(act, f), host=request.get_host()),
        content_type="text/calendar; charset=utf-8",
    )
    made["Content-Disposition"] = f'attachment; filename="linli-{f.first}-{f.last}.ics"'
    return made


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """The calendar of a month or a week, with what might be held together."""
    act = act_in(request)
    f = dated.filters(act, request)
    found = reads.called(act, f)
    page = Page(
        _("会议和检查"),
        lead=_lead(f),
        tabs=tabs(request, "kind", [("", _("全部")), *SAID.items()]),
        actions=[
            *dated.turning(request, act, f),
            Do(_("挂牌、机构和系统"), reverse("admission:placements"), "list-check"),
        ],
        tables=_proposals(act, f),
        weekdays=WEEKDAYS,
        calendar=dated.weeks_of(f, found, choosing.today(act)),
    )
    page.tables.append(_listed(found, f))
    page.actions += offered(act, "occasion")
    if act.may("admission.schedule"):
        page.actions.append(Do(_("安排"), reverse("admission:occasion_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _lead(f: Filters) -> str:
    """Which days, and of whom where not of everybody."""
    days = f"{f.first} — {f.last}" if dated.weekly(f) else f"{f.first:%Y-%m}"
    only = [choosing.unit_name(f.unit)] if f.unit else []
    return " · ".join([days, *([f.area.name] if f.area else []), *only])


def _listed(found: list[Called], f: Filters) -> Table:
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
                Cell(o.title, dated.href(o, f)),
                o.day,
                choosing.area_name(o.area)
                if o.communities == 1
                else _("%(n)s 个社区") % {"n": o.communities},
                choosing.unit_name(o.unit),
                SAID[o.kind],
                o.hours,
                o.people,
                Cell(STATES[o.state][0], tone=STATES[o.state][1]),
            ]
            for o in found
        ],
        title=_("这一周") if dated.weekly(f) else _("这个月"),
        empty=_("这些天没有会议和检查"),
        hint=_("只有准入的会议、检查和创建评比才能安排。"),
        icon="calendar",
    )


def _proposals(act: Act, f: Filters) -> list[Table]:
    """Joint visits of departments, and meetings near each other (R081)."""
    joints = reads.joints(act, f)
    rows = reads.some(act, [key for each in joints for key in each.pairs[0]])
    may = act.may("admission.merge")
    visits = [
        [
            Cell(
                f"{choosing.unit_name(each.first)} + {choosing.unit_name(each.second)}",
                _merge(*each.pairs[0]) if may else "",
                note=f"{rows[each.pairs[0][0]].title} + {rows[each.pairs[0][1]].title}",
            ),
            _("上半月") if each.half.day == 1 else _("下半月"),
            len(each.pairs),
        ]
        for each in joints
    ]
    near = reads.together(act, f) if may else []
    meetings = [
        [
            Cell(a.title, _merge(a.pk, b.pk), note=a.day),
            a.area.name,
            Cell(b.title, note=b.day),
        ]
        for a, b in near[:20]
    ]
    return [
        Table(
            heads(_("哪两个部门"), _("什么时候"), _("社区"), nums=(2,)),
            visits,
            title=_("半个月里几个部门检查同一个社区，建议一次联合检查"),
        ),
        Table(
            heads(_("可以合并的"), _("社区"), _("另一个")),
            meetings,
            title=_("相距不远的会议，建议合并"),
        ),
    ]


def _merge(first: int, second: int) -> str:
    return reverse("admission:occasion_merge", kwargs={"pk": first, "key": second})


@require_safe
@needs(READ.code)
def of(request: HttpRequest) -> HttpResponse:
    """One occasion of many communities, community by community."""
    act = act_in(request)
    f = dated.filters(act, request)
    day = key_of(request.GET.get("day", "")) or 0
    if 0 < day <= f.last.day:
        on = f.first.replace(day=day)
        f = replace(f, first=on, last=on)
    title = request.GET.get("title", "").replace("\x00", "")[:120]
    rows = reads.listed(act, f, title)
    page = Page(
        title or _("会议和检查"),
        back=f"{reverse('admission:occasions')}?month={f.first:%Y-%m}",
        tables=[
            Table(
                heads(_("社区"), _("日期"), _("单位"), _("小时"), _("情况"), nums=(3,)),
                [
                    [
                        Cell(o.area.name, reverse("admission:occasion", kwargs={"pk": o.pk})),
                        o.day,
                        said(o.unit.name),
                        o.hours,
                        Cell(STATES[o.state][0], tone=STATES[o.state][1]),
                    ]
                    for o in rows
                ],
                empty=_("这个月没有会议和检查"),
                icon="calendar",
            )
        ],
    )
    return render(request, "admission/list.html", {"p": page})


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One occasion of one community: under what it came, what it became."""
    act, o = act_in(request), _found(request, pk)
    shown = Page(
        o.title,
        lead=f"{SAID[o.kind]} · {said(o.unit.name)} → {o.area.name}",
        back=f"{reverse('admission:occasions')}?month={o.day:%Y-%m}",
        facts=[
            (_("情况"), STATES[o.state][0]),
            (_("日期"), o.day),
            (_("地点"), o.place),
            (_("准入事项"), _under(o)),
            (_("小时"), o.hours),
            (_("应到人数"), o.people),
            (_("实到人数"), o.attended),
            (_("主持人"), o.host),
            (_("结果"), o.outcome),
            (_("并入"), o.into.title if o.into else ""),
        ],
    )
    if o.ticket_id:
        at = reverse("admission:ticket", kwargs={"pk": o.ticket_id})
        shown.actions.append(Do(_("准入口记录"), at, "shield-check"))
    if o.state == "planned" and act.may("admission.held") and act.sees(o.area_id):
        at = reverse("admission:occasion_held", kwargs={"pk": o.pk})
        shown.actions.append(Do(_("登记已进行"), at, "check", "primary"))
    return render(request, "admission/list.html", {"p": shown})


def _under(o: Any) -> Any:
    if o.item is None:
        return ""
    return Cell(o.item.code, reverse("admission:item", kwargs={"code": o.item.code}))


def _found(request: HttpRequest, pk: int) -> Any:
    found = reads.one(act_in(request), pk)
    if found is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))
    return found


@needs("admission.schedule")
def new(request: HttpRequest) -> HttpResponse:
    """Put a meeting, an inspection or a contest into the calendar, through the gate."""
    act = act_in(request)
    unit = offices.unit(act.unit)
    lead = unit.code if unit and unit.kind == "department" else ""
    form = ScheduleForm(
        sent(request),
        kind=choosing.kinds(CALLED),
        item=choosing.items(act, CALLED, lead),
        streets=choosing.streets(act),
    )
    own = choosing.communities(act)
    if len(own) == 1:
        form.alone()

    back = reverse("admission:occasions")

    def ask(data: dict[str, Any]) -> Turned | str:
        streets, only = data.pop("streets", ()), data.pop("only", ())
        every = tuple(key for key, _name in own)
        communities = every if every and not streets and not only else None
        communities = communities or choosing.chosen(streets, only)
        through = () if act.spans else choosing.streets_of(communities)
        made = services.schedule(
            act, calling=Calling(communities=communities, streets=through, **data)
        )
        return made if isinstance(made, Turned) else f"{back}?month={data['day']:%Y-%m}"

    hint = _("先过准入口：没有准入的会议、检查和评比，排不进日历。")
    return judged(request, form, ask, title=_("安排"), back=back, hint=hint)


@needs("admission.merge")
def merge(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Hold two together: joint visits in every community where the same two departments meet that fortnight."""
    act = act_in(request)
    first, second = _found(request, pk), _found(request, key)
    pairs = _pairs(act, first, second)

    def do(_data: dict[str, Any]) -> None:
        services.merge(act, pairs=pairs)

    hint = _("%(first)s（%(one)s）+ %(second)s（%(other)s），%(n)s 个社区。") % {
        "first": first.title,
        "one": first.day,
        "second": second.title,
        "other": second.day,
        "n": len(pairs),
    }
    back = f"{reverse('admission:occasions')}?month={first.day:%Y-%m}"
    return asked(request, StepForm(sent(request)), do, title=_("合并"), back=back, hint=hint)


def _pairs(act: Act, first: Any, second: Any) -> tuple[tuple[int, int], ...]:
    if first.kind == "inspection" and first.unit_id != second.unit_id:
        half = half_of(first.day)
        last = (half + timedelta(days=16)).replace(day=1) if half.day > 1 else half.replace(day=16)
        f = Filters(half, last - timedelta(days=1))
        for each in reads.joints(act, f):
            if (each.first, each.second) == (first.unit_id, second.unit_id):
                rows = reads.some(act, [first for first, _second in each.pairs])
                return tuple(pair for pair in each.pairs if act.sees(rows[pair[0]].area_id))
    return ((first.pk, second.pk),)


@needs("admission.held")
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place."""
    act, found = act_in(request), _found(request, pk)
    granted(act, "admission.held")
    form = HeldForm(sent(request), files(request), initial={"hours": found.hours})

    def do(data: dict[str, Any]) -> None:
        minutes = data.pop("minutes")
        services.held_(act, found, told=Held(**data), minutes=minutes)

    back = reverse("admission:occasion", kwargs={"pk": pk})
    return asked(request, form, do, title=_("登记已进行"), back=back, hint=found.title)
