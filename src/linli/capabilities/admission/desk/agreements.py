"""Agreements at the desk: made, read by both parties, printed, accepted and paid (R070–R073)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, sent
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import AgreeForm, SettleForm
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.services import Bargain
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words import papers
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
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.ui.spoken import said


@require_safe
@needs(READ.code)
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements of the actor's unit or areas: what was bought, from which money, what was paid (R073)."""
    act = act_in(request)
    rows = reads.agreements(act)
    if after := key_of(request.GET.get("after", "")):
        rows = rows.filter(pk__lt=after)
    found, next_ = cut(list(rows[: reads.PAGE + 1]), reads.PAGE)
    table = Table(
        heads(
            _("协议"), _("社区"), _("单位"), _("金额"), _("已付"), _("期限"), _("情况"), nums=(3, 4)
        ),
        [
            [
                Cell(a.title, reverse("admission:agreement", kwargs={"pk": a.pk}), note=a.number),
                a.area.name,
                said(a.unit.name),
                a.fee,
                a.paid,
                f"{a.start} – {a.end}",
                Cell(a.get_state_display(), tone="good" if a.state == "settled" else "info"),
            ]
            for a in found
        ],
        empty=_("还没有服务协议"),
        hint=_("不签责任书，签协议：写明事项、经费、期限和验收。"),
        icon="file-text",
    )
    back = reverse("admission:gate")
    shown = Page(_("服务协议"), back=back, tables=[table], page=pager(request, next_))
    shown.actions += offered(act, "agreement")
    if act.may("admission.agree"):
        shown.actions.append(
            Do(_("签订协议"), reverse("admission:agreement_new"), "plus", "primary")
        )
    return render(request, "admission/list.html", {"p": shown})


def _found(act: Act, pk: int) -> Any:
    found = reads.agreements(act).filter(pk=pk).first()
    if found is None:
        raise Http404(_t("没有这份协议，或不在您的范围内。"))
    return found


def _terms(a: Any) -> list[tuple[Any, Any]]:
    """What the parties agreed."""
    return [
        (_("甲方（购买方）"), a.unit.name),
        (_("乙方（承接方）"), a.area.name),
        (_("准入事项"), a.item.code if a.item else ""),
        (_("金额（元）"), a.fee),
        (_("预算项目"), a.budget),
        (_("期限"), f"{a.start} – {a.end}"),
        (_("验收办法"), a.acceptance),
    ]


@require_safe
@needs(READ.code)
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement, for both parties: its terms, what came down under it, what was paid."""
    act = act_in(request)
    a, where = _found(act, pk), {"pk": pk}
    actions = [Do(_("协议文本"), reverse("admission:agreement_paper", kwargs=where), "printer")]
    if a.state == "open" and act.unit == a.unit_id and act.may("admission.settle"):
        settle_at = reverse("admission:agreement_settle", kwargs=where)
        actions.append(Do(_("验收并付款"), settle_at, "check", "primary"))
    page = Page(
        a.title,
        lead=f"{a.number} · {a.get_state_display()}",
        back=reverse("admission:agreements"),
        notes=[Note(a.finding, "good", _("验收意见"))] if a.finding else [],
        facts=[*_terms(a), (_("已付"), a.paid or ""), (_("未付"), a.fee - a.paid or "")],
        tables=[_under(a)],
        actions=actions,
    )
    return render(request, "admission/list.html", {"p": page})


def _under(a: Any) -> Table:
    return Table(
        heads(_("名称"), _("做什么"), _("日期")),
        [
            [
                Cell(t.title, reverse("admission:ticket", kwargs={"pk": t.pk})),
                choosing.KINDS.get(t.kind, t.kind),
                day_of(t.at),
            ]
            for t in reads.under(a)
        ],
        title=_("按这份协议提出的"),
    )


@require_safe
@needs(READ.code)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement as a paper for both to sign: parties, item, fee, term, acceptance (R071)."""
    a = _found(act_in(request), pk)
    sheet = papers.Sheet(
        title=_("社区服务协议"),
        number=a.number,
        back=reverse("admission:agreement", kwargs={"pk": pk}),
        body=[
            _("为落实社区工作事项准入和费随事转，双方就“%(title)s”约定如下。") % {"title": a.title},
            _("甲方按约定的经费和期限支付，乙方按约定完成，由甲方照验收办法验收。"),
            _("本协议不是目标责任书，不作为对社区单独考核的依据。"),
        ],
        facts=_terms(a),
        signed=[_("甲方（盖章）："), _("乙方（盖章）："), day_of(a.made)],
    )
    return papers.shown(request, sheet)


@needs("admission.agree")
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Make an agreement."""
    act = act_in(request)
    form = AgreeForm(
        sent(request),
        area=choosing.communities(act, everywhere=True),
        item=choosing.items(act, choosing.DEMANDED),
        initial={"title": request.GET.get("title", "").replace("\x00", "")[:120]},
    )

    def do(data: dict[str, Any]) -> str:
        made = services.agree(act, bargain=Bargain(**data))
        return reverse("admission:agreement", kwargs={"pk": made.pk})

    return asked(request, form, do, title=_("签订协议"), back=reverse("admission:agreements"))


@needs("admission.settle")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was delivered and say what was paid."""
    act = act_in(request)
    found = _found(act, pk)
    form = SettleForm(sent(request), initial={"paid": found.fee})

    def do(data: dict[str, Any]) -> None:
        services.settle(act, found, paid=data["paid"], finding=data["finding"])

    back = reverse("admission:agreement", kwargs={"pk": pk})
    return asked(request, form, do, title=_("验收并付款"), back=back, hint=found.title)
