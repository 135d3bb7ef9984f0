"""What everybody may read: the lists, notices with comments, whether a certificate is genuine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.forms import VerifyForm, WordsForm
from linli.capabilities.admission.portal import catalogue, requests
from linli.capabilities.admission.portal.catalogue import strip
from linli.capabilities.admission.selectors import applications as noticed
from linli.capabilities.admission.selectors import registers as papers
from linli.capabilities.admission.selectors.naming import shown
from linli.capabilities.admission.words import NAMES
from linli.capabilities.admission.words.showing import Cell, Note, Page, Table, day_of, heads
from linli.kernel.access.doors import act_in, public
from linli.kernel.access.hats import guest_act
from linli.kernel.access.presence import address_of
from linli.kernel.access.services import throttle
from linli.kernel.acts import Refusal, holding
from linli.ui.spoken import said

OUTCOMES = {
    "admitted": (_("已准入"), "good"),
    "refused": (_("不予准入"), "bad"),
    "withdrawn": (_("已撤回"), "neutral"),
}
TRIES, COMMENTS, HOUR = 20, 10, timedelta(hours=1)


@public
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Applications under notice, and those that were decided."""
    page = Page(
        _("准入公示"),
        lead=_("部门申请让社区做的事，先公示听意见。"),
        tabs=strip("public_notices"),
        tables=[
            Table(
                heads(_("事项"), _("申请单位"), _("公示到"), _("情况")),
                [
                    [
                        Cell(n.title, reverse("admission:public_notice", kwargs={"pk": n.pk})),
                        said(n.unit),
                        day_of(n.until),
                        Cell(_("公示中"), tone="info")
                        if n.open
                        else Cell(
                            *OUTCOMES.get(n.outcome, (_("待会议研究"), "warn"))[:1],
                            tone=OUTCOMES.get(n.outcome, ("", "warn"))[1],
                        ),
                    ]
                    for n in noticed.notices()
                ],
                empty=_("现在没有公示"),
                hint=_("有新的准入申请公示时，会列在这里。"),
                icon="speakerphone",
            )
        ],
    )
    return render(request, "admission/portal/page.html", {"p": page})


@public
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; while it is open anybody may say something to it, and reads the answers."""
    act = act_in(request)
    found = noticed.notice(pk)
    if found is None:
        raise Http404(_t("没有这条公示。"))
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if not act.signed_in:
                throttle(f"comment:{address_of(request)}", most=COMMENTS, window=HOUR, now=act.at)
            services.comment(act, application=pk, words=form.cleaned_data["words"])
            return HttpResponseRedirect(f"{request.path}?said=1", status=303)
        except Refusal as refusal:
            form.add_error("words" if refusal.field == "words" else None, str(refusal))
    page = _notice_page(found)
    if request.GET.get("said"):
        page.notes.append(Note(_("意见已收到，答复后会公布在这里，不公布姓名。"), "good"))
    open_ = found.open and act.at <= found.until and act.may("admission.comment")
    context = {
        "p": page,
        "form": form if open_ else None,
        "form_title": _("我要提意见"),
        "do": _("提交意见"),
    }
    return render(
        request, "admission/portal/page.html", context, status=422 if form.errors else 200
    )


def _notice_page(found: Any) -> Page:
    content = found.content
    return Page(
        found.title,
        lead=found.unit,
        back=reverse("admission:public_notices"),
        notes=[Note(found.opinion, "info", _("合法性审查意见"))],
        facts=[
            *(
                (NAMES[n], shown(n, content[n]))
                for n in (
                    "basis",
                    "owner",
                    "frequency",
                    "affair",
                    "yearly",
                    "funding",
                    "start",
                    "end",
                )
                if content.get(n)
            ),
            (_("要填的字段"), len(content.get("fields") or [])),
            (_("公示到"), day_of(found.until)),
            (_("准入通知单"), found.number),
        ],
        tables=[
            Table(
                heads(_("意见"), _("答复"), _("日期")),
                [[r["words"], r["reply"], r["at"]] for r in found.replies],
                title=_("意见和答复"),
            )
        ],
    )


@public
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is genuine, by number and code: typed, or scanned off the paper."""
    given = (
        request.POST if request.method == "POST" else request.GET if "code" in request.GET else None
    )
    form = VerifyForm(given)
    page = Page(_("证明验证"), lead=_("输入证明上的编号和验证码，核对真假。"), tabs=strip("verify"))
    if given is not None and form.is_valid():
        try:
            page.notes, page.facts = _checked(request, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"p": page, "form": form, "form_title": "", "do": _("核对")}
    return render(
        request, "admission/portal/page.html", context, status=422 if form.errors else 200
    )


def _checked(request: HttpRequest, given: dict[str, str]) -> tuple[list[Note], list[Any]]:
    act = act_in(request)
    throttle(f"verify:{address_of(request)}", most=TRIES, window=HOUR, now=act.at)
    key = services.certificate_key(given["number"], given["code"])
    with holding(guest_act(channel=act.channel, at=act.at).on(key=key)):
        found = papers.checked(given["number"], key)
        if found is None:
            raise Refusal(_("没有查到。请照证明再核对一遍编号和验证码。"), code="wrong")
        facts = [
            (_("证明"), found.title),
            (_("姓名"), f"{found.name[:1]}**"),
            (_("用途"), found.purpose),
            (_("出具单位"), found.unit.name),
            (_("日期"), timezone.localdate(found.at)),
        ]
    if found.void:
        facts.append((_("作废日期"), timezone.localdate(found.void)))
        return [Note(_("这份证明已经作废。"), "bad")], facts
    return [Note(_("这份证明是真的，现在有效。"), "good")], facts


routes: list[URLPattern] = [
    path("admission/", catalogue.items, name="public_items"),
    path("admission/items/<int:pk>/", catalogue.item, name="public_item"),
    path("admission/duties/", catalogue.powers, name="public_duties"),
    path("admission/notices/", notices, name="public_notices"),
    path("admission/notices/<int:pk>/", notice, name="public_notice"),
    path("certificates/", requests.listing, name="certificate_requests"),
    path("certificates/new/<str:code>/", requests.ask, name="certificate_ask"),
    path("certificates/<int:pk>/", requests.request_page, name="certificate_request"),
    path("certificates/<int:pk>/paper/", requests.paper, name="certificate_own"),
    path("certificates/<int:pk>/withdraw/", requests.withdraw, name="certificate_withdraw"),
    path("admission/verify/", verify, name="verify"),
]
