"""Certificates and the seal at the desk (R079)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import AnswerForm, CertifyForm, ReasonForm, StampForm
from linli.capabilities.admission.selectors import lists, requests
from linli.capabilities.admission.selectors import registers as reads
from linli.capabilities.admission.services import Wanted
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words import papers
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
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
from linli.kernel.files import selectors as kept
from linli.ui.spoken import said


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Certificates that communities issued, and what they do not issue."""
    act = act_in(request)
    rows, next_ = cut(reads.certificates(act, key_of(request.GET.get("after", ""))), reads.PAGE)
    page = Page(
        _("社区证明"),
        lead=_("只开目录里有的；国家规定不开的，告诉居民该找谁。"),
        actions=[Do(_("用印记录"), reverse("admission:seals"), "file-text")],
        tables=[
            _asked(act),
            _issued(rows),
            Table(
                heads(_("社区不出具的证明"), _("请找谁"), _("依据")),
                [
                    [c.title, c.instead, Cell(c.source.document, note=c.source.clause)]
                    for c in lists.section().certificates
                ],
                title=_("国家规定社区不出具的"),
            ),
        ],
        page=pager(request, next_),
    )
    page.actions += offered(act, "certificate")
    if act.may("admission.certify"):
        page.actions.append(
            Do(_("出具证明"), reverse("admission:certificate_new"), "plus", "primary")
        )
    return render(request, "admission/list.html", {"p": page})


def _asked(act: Act) -> Table:
    """What residents asked for and nobody answered yet."""
    return Table(
        heads(_("证明"), _("为谁"), _("社区"), _("申请日期"), _("答复期限")),
        [
            [
                Cell(said(r.title), reverse("admission:certificate_answer", kwargs={"pk": r.pk})),
                Cell(r.name, note=r.get_relation_display()),
                r.area.name,
                timezone.localdate(r.made),
                Cell(timezone.localdate(r.due), tone="bad" if r.due < act.at else "info")
                if r.due
                else Cell(""),
            ]
            for r in requests.open_ones(act)
        ],
        title=_("居民申请，待办理"),
    )


def _issued(rows: list[Any]) -> Table:
    return Table(
        heads(_("编号"), _("证明"), _("姓名"), _("用途"), _("社区"), _("日期"), _("情况")),
        [
            [
                Cell(c.number, reverse("admission:certificate", kwargs={"number": c.number})),
                c.title,
                c.name,
                c.purpose,
                c.area.name,
                day_of(c.at),
                Cell(_("已作废"), tone="bad") if c.void else Cell(_("有效"), tone="good"),
            ]
            for c in rows
        ],
        empty=_("还没有出具过证明"),
        hint=_("居民要证明时，先看该不该由社区开。"),
        icon="file-text",
    )


@needs("admission.certify")
def new(request: HttpRequest) -> HttpResponse:
    """Issue a certificate, or read who proves it instead."""
    act = act_in(request)
    areas, items = choosing.communities(act), choosing.items(act, ("seal",))
    form = CertifyForm(sent(request), area=areas, item=items[1:])

    def do(data: dict[str, Any]) -> str:
        made = services.certify(act, wanted=Wanted(**data))
        return reverse("admission:certificate", kwargs={"number": made.number})

    return asked(request, form, do, title=_("出具证明"), back=reverse("admission:certificates"))


def _found(request: HttpRequest, number: str) -> Any:
    found = reads.certificate(act_in(request), number)
    if found is None:
        raise Http404(_t("没有这份证明，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """A certificate, to be printed with its number and code."""
    act, c = act_in(request), _found(request, number)
    version = lists.version_on(c.item, choosing.today(act))
    actions = []
    if act.may("admission.stamp") and not c.void:
        href = reverse("admission:stamp", kwargs={"pk": c.pk})
        actions.append(Do(_("用印"), href, "file-text"))
    if act.may("admission.void") and not c.void:
        where = reverse("admission:certificate_void", kwargs={"number": number})
        actions.append(Do(_("作废"), where, "ban"))
    code = c.code.open() if c.code and act.may("admission.certify") else ""
    sheet = papers.certificate(
        request,
        c,
        version,
        back=reverse("admission:certificates"),
        code=code,
        actions=[*actions, *_stamped(c)],
    )
    return papers.shown(request, sheet)


def _stamped(c: Any) -> list[Do]:
    """The pictures of the paper with its seal."""
    return [
        Do(_("看盖章影像"), kept.shown(f.pk, f.name, f.media_type)["href"], "photo")
        for f in kept.of("admission.sealuse", reads.stamps(c))
    ]


@needs("admission.void")
def void(request: HttpRequest, number: str) -> HttpResponse:
    """Declare a certificate void."""
    act, c = act_in(request), _found(request, number)

    def do(data: dict[str, Any]) -> None:
        services.void(act, c, why=data["reason"])

    back = reverse("admission:certificate", kwargs={"number": number})
    form = ReasonForm(sent(request))
    return asked(request, form, do, title=_("作废证明"), back=back, danger=True)


@require_safe
@needs(READ.code)
def seals(request: HttpRequest) -> HttpResponse:
    """The log of the seal, with pictures."""
    act = act_in(request)
    rows, next_ = cut(reads.seals(act, key_of(request.GET.get("after", ""))), reads.PAGE)
    pictures = {f.owner_id: f for f in kept.of("admission.sealuse", [s.pk for s in rows])}
    page = Page(
        _("用印记录"),
        back=reverse("admission:certificates"),
        tables=[
            Table(
                heads(_("事由"), _("依据"), _("社区"), _("用印人"), _("日期"), _("影像")),
                [
                    [
                        s.reason,
                        s.certificate.number
                        if s.certificate
                        else s.agreement.number
                        if s.agreement
                        else "",
                        s.area.name,
                        s.name,
                        day_of(s.at),
                        Cell(_("看影像"), kept.shown(f.pk, f.name, f.media_type)["href"])
                        if (f := pictures.get(s.pk))
                        else Cell(""),
                    ]
                    for s in rows
                ],
                empty=_("还没有用印记录"),
                hint=_("每次盖章都要有依据、事由和影像。"),
                icon="file-text",
            )
        ],
        page=pager(request, next_),
    )
    page.actions += offered(act, "seal")
    if act.may("admission.stamp"):
        page.actions.append(Do(_("用印"), reverse("admission:seal_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _initial(act: Act, pk: int) -> dict[str, Any]:
    found = reads.certificate_of(act, pk)
    if found is None:
        raise Http404(_t("没有这份证明，或不在您的范围内。"))
    return {"certificate": found.number, "area": found.area_id, "reason": found.title}


@needs("admission.stamp")
def seal_new(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Log one use of the seal; on a certificate that was issued where one is named."""
    act = act_in(request)
    initial = _initial(act, pk) if pk else {}
    form = StampForm(sent(request), files(request), area=choosing.communities(act), initial=initial)

    def do(data: dict[str, Any]) -> None:
        services.stamp(act, **data)

    return asked(request, form, do, title=_("用印"), back=reverse("admission:seals"))


def _requested(request: HttpRequest, pk: int) -> Any:
    found = requests.one(act_in(request), pk)
    if found is None:
        raise Http404(_t("没有这份申请，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a resident asked for; the way to issue it, to refuse it, and to whom it is about."""
    act, found = act_in(request), _requested(request, pk)
    at, open_ = {"pk": pk}, found.state == "asked"
    paper = found.certificate
    page = Page(
        said(found.title),
        lead=_("居民申请 · %(state)s") % {"state": found.get_state_display()},
        back=reverse("admission:certificates"),
        facts=[
            (_("为谁"), _person(act, found)),
            (_("和申请人的关系"), found.get_relation_display()),
            (_("社区"), found.area.name),
            (_("要证明的事"), found.words),
            (_("用途"), found.purpose),
            (_("申请日期"), timezone.localdate(found.made)),
            (_("答复期限"), timezone.localdate(found.due) if open_ else ""),
            (_("不出具的理由"), found.reason),
            (_("证明"), paper and _paper_of(paper)),
        ],
    )
    if open_ and act.may("admission.answer_request"):
        where = reverse("admission:certificate_issue", kwargs=at)
        page.actions.append(Do(_("出具证明"), where, "check", "primary"))
    if open_ and act.may("admission.refuse_request"):
        where = reverse("admission:certificate_refuse", kwargs=at)
        page.actions.append(Do(_("不予出具"), where, "ban"))
    return render(request, "admission/list.html", {"p": page})


def _paper_of(c: Any) -> Cell:
    return Cell(c.number, reverse("admission:certificate", kwargs={"number": c.number}))


def _person(act: Act, found: Any) -> Cell:
    """Whom it is about; their file for whoever may open it."""
    href = reverse("registry:person", kwargs={"pk": found.person})
    return Cell(found.name, href if act.may("registry.read") else "")


@needs("admission.answer_request")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue what a resident asked for."""
    act, found = act_in(request), _requested(request, pk)
    form = AnswerForm(sent(request), initial={"body": found.words})

    def do(data: dict[str, Any]) -> str:
        made = services.answer_request(act, found, **data)
        return reverse("admission:certificate", kwargs={"number": made.number})

    hint = f"{said(found.title)} · {found.name} · {found.purpose}"
    back = reverse("admission:certificate_answer", kwargs={"pk": pk})
    return asked(request, form, do, title=_("出具证明"), back=back, hint=hint)


@needs("admission.refuse_request")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why it is not issued."""
    act, found = act_in(request), _requested(request, pk)

    def do(data: dict[str, Any]) -> None:
        services.refuse_request(act, found, reason=data["reason"])

    back = reverse("admission:certificate_answer", kwargs={"pk": pk})
    hint = _("理由会给申请人看：写明为什么不出具，该找哪个单位。")
    form = ReasonForm(sent(request))
    return asked(request, form, do, title=_("不予出具"), back=back, hint=hint, danger=True)
