"""Demands at the desk of a community: taken on, declined, delivered; refusals at the supervisor's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import answering, choosing
from linli.capabilities.admission.desk.stepping import Step, known, stepped
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import (
    DeliverForm,
    FindingForm,
    ReasonForm,
    SpentForm,
    StepForm,
)
from linli.capabilities.admission.selectors import demands as reads
from linli.capabilities.admission.selectors.demands import Filters
from linli.capabilities.admission.selectors.elsewhere import page_of
from linli.capabilities.admission.verbs import READ, REFUSALS
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Filter,
    Note,
    Page,
    Table,
    cut,
    day_of,
    heads,
    key_of,
    pager,
    tabs,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.measures import month_of, months
from linli.kernel.places import selectors as places
from linli.ui.spoken import said

STATES = {
    "at_street": (_("待街道下发"), "warn"),
    "held": (_("街道未下发"), "neutral"),
    "received": (_("待承接"), "warn"),
    "accepted": (_("办理中"), "info"),
    "declined": (_("不予承接"), "bad"),
    "delivered": (_("已完成"), "good"),
    "recalled": (_("已收回"), "neutral"),
}


FILLED = ("table", "ledger")
# What a community may still answer, or take its answer back of.
ANSWERED = ("received", "accepted", "declined")


def _upstream(act: Act) -> bool:
    """Whether the actor reads what a street has not handed on: everybody but a community."""
    return not act.holds({"clerk", "community_head"})


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """What communities in sight were asked."""
    act = act_in(request)
    after, f = key_of(request.GET.get("after", "")), _filters(act, request)
    found = reads.listed(act, f, after, upstream=_upstream(act))
    rows, next_ = cut(found, reads.PAGE)
    page = Page(
        _("下达的事"),
        tabs=tabs(
            request,
            "show",
            [
                ("", _("全部")),
                *(
                    (code, STATES[code][0])
                    for code in ("received", "accepted", "delivered", "declined")
                ),
            ],
        ),
        filters=_asked_for(act, f),
        tables=[_listed(act, rows)],
        page=pager(request, next_),
        bulk=answering.offered(act, {row.state for row in rows if act.sees(row.area_id)}),
    )
    page.actions += offered(act, "demand")
    if act.may(REFUSALS.code):
        page.actions.append(Do(_("不予承接的"), reverse("admission:refusals"), "hand-stop"))
    return render(request, "admission/list.html", {"p": page})


def _filters(act: Act, request: HttpRequest) -> Filters:
    asked = {name: request.GET.get(name, "") for name in ("show", "kind", "unit", "month", "area")}
    area = places.tree().by_id.get(key_of(asked["area"]) or 0)
    return Filters(
        show=asked["show"] if asked["show"] in STATES else "",
        kind=asked["kind"] if asked["kind"] in choosing.KINDS else "",
        unit=key_of(asked["unit"]),
        month=month_of(asked["month"]),
        area=area,
    )


def _listed(act: Act, rows: list[Any]) -> Table:
    return Table(
        heads(
            _("名称"),
            _("社区"),
            _("提出单位"),
            _("做什么"),
            _("字段"),
            _("什么时候要"),
            _("情况"),
            nums=(4,),
        ),
        [
            [
                Cell(d.title, reverse("admission:demand", kwargs={"pk": d.pk})),
                d.area.name,
                said(d.unit.name),
                choosing.KINDS.get(d.kind, d.kind),
                len(d.fields) or "",
                day_of(d.due),
                Cell(*STATES[d.state][:1], tone=STATES[d.state][1]),
            ]
            for d in rows
        ],
        empty=_("没有下达的事"),
        hint=_("经准入口、由街道下发的事会列在这里；别的可以不接。"),
        icon="inbox",
        keys=[d.pk if d.state in ANSWERED and act.sees(d.area_id) else "" for d in rows],
    )


def _asked_for(act: Act, f: Filters) -> list[Filter]:
    """By kind, by whom, in which month; a place that was come with stays."""
    now = choosing.today(act)
    named = [(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in reversed(months(now))]
    month = f"{f.month:%Y-%m}" if f.month else ""
    if month and all(month != code for code, _label in named):
        named.append((month, month))
    units = [(unit.pk, said(unit.name)) for unit in reads.askers(act)]
    return [
        Filter("kind", _("做什么"), f.kind, choosing.kinds(choosing.DEMANDED)),
        Filter("unit", _("提出单位"), f.unit or "", units),
        Filter("month", _("哪个月下达的"), month, named),
        *([Filter("area", _("地方"), f.area.pk, [(f.area.pk, f.area.name)])] if f.area else []),
    ]


def _found(act: Act, pk: int) -> Any:
    found = reads.one(act, pk, upstream=_upstream(act))
    if found is None:
        raise Http404(_t("没有这件事，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One demand: under what it came, and the three answers."""
    act = act_in(request)
    d = _found(act, pk)
    notes = []
    if d.state == "declined":
        kept = _("受保护：不予承接不影响对社区的考核。") if d.protected else ""
        notes.append(Note(f"{d.reason} {kept}", "info", _("不予承接")))
    if d.finding:
        found = _("督查意见：社区有理") if d.upheld else _("督查意见：应当承接")
        notes.append(Note(d.finding, "good" if d.upheld else "warn", found))
    shown = Page(
        d.title,
        lead=f"{said(d.unit.name)} → {d.area.name}",
        back=reverse("admission:demands"),
        notes=notes,
        facts=[
            (_("情况"), STATES[d.state][0]),
            (_("做什么"), choosing.KINDS.get(d.kind, d.kind)),
            (_("准入依据"), _basis(d)),
            (_("要填的字段"), choosing.field_titles(d.fields)),
            (_("用时（小时）"), d.hours or ""),
            (_("手工填的字段"), "" if d.by_hand is None else d.by_hand),
            (_("什么时候要"), day_of(d.due)),
            (_("说明"), d.words),
        ],
        actions=_steps(act, d),
    )
    return render(request, "admission/list.html", {"p": shown})


def _basis(d: Any) -> Any:
    if d.ticket.item is None:
        return _("购买服务协议")
    words = _("%(code)s 第 %(n)s 版") % {"code": d.ticket.item.code, "n": d.ticket.version}
    return Cell(words, reverse("admission:item", kwargs={"code": d.ticket.item.code}))


def _steps(act: Act, d: Any) -> list[Do]:
    """The answers that are open; what has a page of its own is delivered there."""
    if not act.sees(d.area_id):
        return []
    there = page_of(act, d.pk)

    def at(verb: str) -> str:
        return reverse("admission:demand_step", kwargs={"pk": d.pk, "verb": verb})

    open_ = {
        "received": ("accept", "deliver", "decline"),
        "accepted": ("deliver", "decline", "reconsider"),
        "declined": ("finding", "reconsider") if d.upheld is None else (),
    }
    ways = [Do(_("打开表格"), there, "table", "primary")] if there else []
    return ways + [
        Do(which.title, at(verb), which.icon, "primary" if verb == "accept" else "quiet")
        for verb in open_.get(d.state, ())
        if act.may((which := _STEPS[verb]).verb) and not (there and verb in ("accept", "deliver"))
    ]


_STEPS = {
    "accept": Step("admission.accept", services.accept, title=_("承接"), icon="check"),
    "deliver": Step(
        "admission.deliver",
        services.deliver,
        DeliverForm,
        _("完成"),
        "checks",
        hint=_("填上实际情况，负担指数照这个算。"),
    ),
    "decline": Step(
        "admission.decline",
        services.decline,
        ReasonForm,
        _("不予承接"),
        "hand-stop",
        hint=_("写明理由就可以不接。督查单位会收到通知，不影响对社区的考核。"),
    ),
    "reconsider": Step(
        "admission.reconsider",
        services.reconsider,
        StepForm,
        _("撤回答复"),
        "arrow-back-up",
        hint=_("回到待承接，重新答复。督查单位有了意见以后不能撤回。"),
    ),
    "finding": Step(
        "admission.uphold_refusal", services.uphold_refusal, FindingForm, _("督查意见"), "eye"
    ),
}


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take on, deliver, decline; the supervisor's finding."""
    which, d = known(_STEPS, verb), _found(act_in(request), pk)
    if verb == "deliver" and (there := page_of(act_in(request), pk)):
        return HttpResponseRedirect(there)
    if verb == "deliver" and d.kind not in FILLED:
        which = replace(which, form=SpentForm)
    back = reverse("admission:demand", kwargs={"pk": pk})
    return stepped(request, which, d, back=back, hint=d.title)


@require_safe
@needs(REFUSALS.code)
def refusals(request: HttpRequest) -> HttpResponse:
    """What communities declined, for whoever watches over it (R069, R085)."""
    act = act_in(request)
    rows, next_ = cut(reads.refusals(act, key_of(request.GET.get("after", ""))), reads.PAGE)
    table = Table(
        heads(_("名称"), _("社区"), _("提出单位"), _("理由"), _("督查"), _("日期")),
        [
            [
                Cell(d.title, reverse("admission:demand", kwargs={"pk": d.pk})),
                d.area.name,
                said(d.unit.name),
                d.reason,
                Cell(_("待督查"), tone="warn")
                if d.upheld is None
                else Cell(
                    _("社区有理") if d.upheld else _("应当承接"), tone="good" if d.upheld else "bad"
                ),
                day_of(d.answered),
            ]
            for d in rows
        ],
        empty=_("没有不予承接的记录"),
        hint=_("社区不接的事会列在这里，由督查单位看看是谁在加码。"),
        icon="hand-stop",
    )
    shown = Page(_("不予承接的"), back=reverse("admission:demands"), tables=[table])
    shown.page = pager(request, next_)
    return render(request, "admission/list.html", {"p": shown})
