"""Certificates and the seal at the desk (R079)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing, papers
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import CertifyForm, ReasonForm, StampForm
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors import registers as reads
from linli.capabilities.admission.services import Wanted
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Page,
    Table,
    cut,
    heads,
    key_of,
    pager,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import selectors as kept
from linli.ui import scanning


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
            _issued(rows),
            Table(
                heads(_("社区不出具的证明"), _("请找谁"), _("依据")),
                [
                    [Cell(c.title), Cell(c.instead), Cell(c.source.document, note=c.source.clause)]
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


def _issued(rows: list[Any]) -> Table:
    return Table(
        heads(_("编号"), _("证明"), _("姓名"), _("用途"), _("社区"), _("日期"), _("情况")),
        [
            [
                Cell(c.number, reverse("admission:certificate", kwargs={"number": c.number})),
                *(Cell(c.title), Cell(c.name), Cell(c.purpose), Cell(c.area.name)),
                Cell(c.at.date()),
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
    asked = urlencode({"number": c.number, "code": code})
    scan = scanning.address(request, f"{reverse('admission:verify')}?{asked}") if code else ""
    sheet = papers.Sheet(
        title=c.title,
        number=c.number,
        back=reverse("admission:certificates"),
        body=[version.form if version else "", c.body],
        facts=[(_("姓名"), c.name), (_("用途"), c.purpose), (_("核实方式"), c.checked)],
        signed=[c.unit.name, c.at.date()],
        check=_("验证码 %(code)s，可在“证明验证”页核对。") % {"code": code} if code else "",
        scan=scan,
        void=_("已作废：%(why)s") % {"why": c.why} if c.void else "",
        actions=[*actions, *_stamped(c)],
        formats=("pdf",),
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
                        Cell(s.reason),
                        Cell(
                            s.certificate.number
                            if s.certificate
                            else s.agreement.number
                            if s.agreement
                            else ""
                        ),
                        *(Cell(s.area.name), Cell(s.name), Cell(s.at.date())),
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
