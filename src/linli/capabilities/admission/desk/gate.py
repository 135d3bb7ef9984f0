"""The gate at the desk: ask, read the answer, hand on; agreements with money behind them."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import judged, sent
from linli.capabilities.admission.desk.demands import STATES
from linli.capabilities.admission.desk.stepping import Step, known, stepped
from linli.capabilities.admission.forms import (
    DemandForm,
    ReasonForm,
)
from linli.capabilities.admission.selectors import demands as waiting
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.services import LIVE, Asking, Turned
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
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
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.calendar import SHANGHAI
from linli.ui.spoken import said

# The clauses after which one applies for the item, or buys the service.
APPLIED = ("unknown_item", "fields", "wrong_kind", "not_in_force", "elsewhere", "forbidden")
BOUGHT = ("unknown_item", "unfunded", "responsibility_letter")


def _answer(ticket: Any) -> Cell:
    if ticket.passed:
        return Cell(_("通过"), tone="good")
    clause = lists.section().clause_by_code.get(ticket.clause)
    return Cell(clause.title if clause else ticket.clause, tone="bad")


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """What came to the gate, passed or refused; first what waits for this street."""
    act = act_in(request)
    show = request.GET.get("show", "")
    rows = reads.tickets(act)
    if show in ("passed", "refused"):
        rows = rows.filter(passed=show == "passed")
    if after := key_of(request.GET.get("after", "")):
        rows = rows.filter(pk__lt=after)
    found, next_ = cut(list(rows[: reads.PAGE + 1]), reads.PAGE)
    page = Page(
        _("准入口"),
        lead=_("要社区做的每一件事都从这里过；没有通过的也留下记录。"),
        tabs=tabs(
            request, "show", [("", _("全部")), ("passed", _("通过")), ("refused", _("没有通过"))]
        ),
        page=pager(request, next_),
        actions=[
            Do(_("服务协议"), reverse("admission:agreements"), "file-text"),
            Do(_("权责清单"), reverse("admission:public_duties"), "list-check"),
            Do(_("费随事转"), reverse("admission:funds"), "scale"),
        ],
    )
    if act.may("admission.issue"):
        page.tables.append(_to_hand_on(act))
    page.tables.append(_arrived(found))
    if act.may("admission.demand"):
        page.actions.append(Do(_("提出要求"), reverse("admission:ticket_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _arrived(found: list[Any]) -> Table:
    return Table(
        heads(
            _("名称"),
            _("提出单位"),
            _("做什么"),
            _("事项"),
            _("社区"),
            _("结果"),
            _("日期"),
            nums=(4,),
        ),
        [
            [
                Cell(t.title, reverse("admission:ticket", kwargs={"pk": t.pk})),
                said(t.unit.name),
                choosing.KINDS.get(t.kind, t.kind),
                t.item.code if t.item else "",
                t.communities,
                _answer(t),
                day_of(t.at),
            ]
            for t in found
        ],
        title=_("经过准入口的"),
        empty=_("还没有记录"),
        hint=_("部门和街道要社区做事，从“提出要求”开始。"),
        icon="shield-check",
    )


def _to_hand_on(act: Act) -> Table:
    return Table(
        heads(_("名称"), _("提出单位"), _("社区"), _("什么时候要"), nums=(2,)),
        [
            [
                Cell(t.title, reverse("admission:ticket", kwargs={"pk": t.pk})),
                said(t.unit.name),
                t.here,
                day_of(t.due),
            ]
            for t in waiting.at_streets(act)
        ],
        title=_("等街道下发的"),
    )


@needs("admission.demand")
def new(request: HttpRequest) -> HttpResponse:
    """Ask communities for something; the gate answers at once."""
    act = act_in(request)
    unit = offices.unit(act.unit)
    lead = unit.code if unit and unit.kind == "department" else ""
    form = DemandForm(
        sent(request),
        initial=_again(act, request.GET.get("again", "")),
        kind=choosing.kinds(choosing.DEMANDED),
        item=choosing.items(act, choosing.DEMANDED, lead),
        streets=choosing.streets(act),
    )

    def ask(data: dict[str, Any]) -> Turned | str:
        answer = services.pass_(act, asking=_asking(act, data))
        if isinstance(answer, Turned):
            return answer
        return reverse("admission:ticket", kwargs={"pk": answer.pk})

    hint = _("目录里有的、字段不超出的、经街道的，马上通过；不能通过的会说明依据和办法。")
    back = reverse("admission:gate")
    return judged(request, form, ask, title=_("提出要求"), back=back, hint=hint, do=_("过准入口"))


def _again(act: Act, key: str) -> dict[str, Any]:
    """What one's unit asked for before, to be put right and asked again."""
    t = reads.ticket(pk) if (pk := key_of(key)) else None
    if t is None or t.unit_id != act.unit:
        return {}
    due = timezone.localdate(t.due) if t.due else None
    return {
        "kind": t.kind,
        "title": t.title,
        "item": t.item.code if t.item else "",
        "responsible": t.responsible,
        "fields_": choosing.field_names(t.fields),
        "hours": t.hours or None,
        "due": due if due and due >= choosing.today(act) else None,
    }


def _asking(act: Act, data: dict[str, Any]) -> Asking:
    communities = choosing.chosen(data["streets"], data["only"])
    own = act.spans and not data["direct"]
    due = data["due"]
    return Asking(
        kind=data["kind"],
        title=data["title"],
        communities=communities,
        item=data["item"],
        streets=() if own or data["direct"] else choosing.streets_of(communities),
        leads=choosing.unit_codes(data["leads"]) or _leads(act, data["item"]),
        fields=choosing.fields(data["fields_"]),
        responsible=data["responsible"],
        agreement=data["agreement"].strip(),
        due=datetime.combine(due, time(17, 30), SHANGHAI) if due else None,
        hours=data["hours"] or Decimal(0),
        words=data["words"],
    )


def _leads(act: Act, item: str) -> tuple[str, ...]:
    """A street hands on for the department that the item belongs to."""
    if not act.spans or not item:
        return ()
    held = reads.held(item, choosing.today(act), lists.here(act))
    return (held[0].lead,) if held and held[0].lead else ()


def _ticket(pk: int) -> Any:
    found = reads.ticket(pk)
    if found is None:
        raise Http404(_t("没有这条记录，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One arrival at the gate: the answer, and what became of it community by community."""
    act, t = act_in(request), _ticket(pk)
    notes = []
    if not t.passed and (clause := lists.section().clause_by_code.get(t.clause)):
        turned = services.instead_of(lists.section(), services.Stopped(t.clause, t.what))
        source = _("依据：%(source)s") % {"source": clause.source.document}
        notes.append(Note(f"{clause.words} {turned} {source}", "bad", clause.title))
    rows = reads.demands_of(t)
    shown = Page(
        t.title,
        lead=f"{said(t.unit.name)} · {choosing.KINDS.get(t.kind, t.kind)}",
        back=reverse("admission:gate"),
        notes=notes,
        facts=[
            (_("结果"), _("通过") if t.passed else _("没有通过")),
            (_("事项"), _item(t)),
            (_("购买服务协议"), t.agreement.number if t.agreement else ""),
            (_("牵头单位"), choosing.unit_names(t.leads)),
            (_("要填的字段"), choosing.field_titles(t.fields)),
            (_("每个社区大约用时（小时）"), t.hours or ""),
            (_("社区"), t.communities),
            (_("什么时候要"), day_of(t.due)),
        ],
        tables=[_answers(rows)],
        actions=[*_ways(act, t), *_steps(act, t, rows)],
    )
    return render(request, "admission/list.html", {"p": shown})


def _ways(act: Act, t: Any) -> list[Do]:
    """What whoever was refused can do next: apply, buy, or put it right and ask again."""
    if t.passed or act.unit != t.unit_id:
        return []
    code = t.item.code if t.item else ""
    found = []
    if t.clause in APPLIED and act.may("admission.apply"):
        href = choosing.application(code, t.title, t.fields)
        found.append(Do(_("申请准入"), href, "clipboard-list"))
    if t.clause in BOUGHT and act.may("admission.agree"):
        href = f"{reverse('admission:agreement_new')}?{urlencode({'title': t.title})}"
        found.append(Do(_("签订协议"), href, "file-text"))
    if act.may("admission.demand"):
        href = f"{reverse('admission:ticket_new')}?again={t.pk}"
        found.append(Do(_("改好再提"), href, "pencil", "primary"))
    return found


def _item(t: Any) -> Any:
    if t.item is None:
        return ""
    return Cell(t.item.code, reverse("admission:item", kwargs={"code": t.item.code}))


def _answers(rows: list[Any]) -> Table:
    return Table(
        heads(_("社区"), _("情况"), _("理由"), _("答复日期")),
        [
            [
                Cell(d.area.name, reverse("admission:demand", kwargs={"pk": d.pk})),
                Cell(*STATES[d.state][:1], tone=STATES[d.state][1]),
                d.reason,
                day_of(d.answered),
            ]
            for d in rows
        ],
        title=_("各社区"),
    )


def _steps(act: Act, t: Any, rows: list[Any]) -> list[Do]:
    def at(verb: str) -> str:
        return reverse("admission:ticket_step", kwargs={"pk": t.pk, "verb": verb})

    every = []
    if any(d.state == "at_street" and act.sees(d.area_id) for d in rows) and act.may(
        "admission.issue"
    ):
        every.append(Do(_("下发给社区"), at("issue"), "send", "primary"))
        every.append(Do(_("不下发"), at("hold"), "hand-stop"))
    live = any(d.state in LIVE for d in rows)
    if live and act.unit == t.unit_id and act.may("admission.recall"):
        every.append(Do(_("收回"), at("recall"), "arrow-back-up"))
    return every


_STEPS = {
    "issue": Step("admission.issue", services.issue, title=_("下发给社区")),
    "hold": Step("admission.hold", services.hold, ReasonForm, _("不下发")),
    "recall": Step("admission.recall", services.recall, ReasonForm, _("收回")),
}


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The street hands on or holds back; the asker recalls."""
    which, t = known(_STEPS, verb), _ticket(pk)
    back = reverse("admission:ticket", kwargs={"pk": pk})
    return stepped(request, which, t, back=back, hint=t.title)
