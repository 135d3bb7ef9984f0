"""Entrance of matters: the 12345 hotline's work orders come in by file, answers go back by file."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.matters import services, workbook
from linli.capabilities.matters.selectors import hotline as reads
from linli.capabilities.matters.services import hotline as orders
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

VERB = "matters.hotline"
SHOWN = 200
BYTES_MOST = 20 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABS = (("open", _("在办")), ("unsent", _("办完待回复")), ("sent", _("已回复")), ("all", _("全部")))


class UploadForm(forms.Form):
    """The hotline's workbook."""

    file = forms.FileField(
        label=_("工单表"),
        help_text=_("12345 平台导出的 xlsx 或 csv；表头在前十行内即可。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> object:
        """At most twenty megabytes."""
        given = self.cleaned_data["file"]
        if given.size > BYTES_MOST:
            raise forms.ValidationError(_("文件太大，最多 20 MB。"), code="too-big")
        return given


def _listing(request: HttpRequest, form: UploadForm) -> HttpResponse:
    act = act_in(request)
    show = request.GET.get("show", "open")
    show = show if show in dict(TABS) else "open"
    context = {
        "page": reads.hotline_orders(act, show, request.GET.get("after", "")),
        "show": show,
        "tabs": [{"label": t, "href": f"?show={c}", "active": c == show} for c, t in TABS],
        "files": reads.hotline_files(act),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "matters/hotline/orders.html", context, status=status)


@needs(VERB)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Work orders with the lights of their three deadlines."""
    return _listing(request, UploadForm())


@needs(VERB)
def upload(request: HttpRequest) -> HttpResponse:
    """Read a workbook; nothing is imported yet."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("matters:hotline"))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            kept = orders.hotline_upload(act_in(request), name=given.name, content=given.read())
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return HttpResponseRedirect(reverse("matters:hotline_file", kwargs={"pk": kept.pk}))
    return _listing(request, form)


@needs(VERB)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read of a workbook; POST imports it."""
    act = act_in(request)
    found = reads.hotline_file(act, pk)
    if found is None:
        raise Http404
    if request.method == "POST":
        orders.hotline_import(act, found)
        return HttpResponseRedirect(reverse("matters:hotline_file", kwargs={"pk": pk}))
    waiting = orders.orders_in(found)
    context = {
        "file": found,
        "orders": waiting[:SHOWN],
        "hidden": max(0, len(waiting) - SHOWN),
        "refused": orders.refused_in(found)[1][:SHOWN],
        "unused": orders.unused_in(found),
    }
    return render(request, "matters/hotline/file.html", context)


@needs(VERB)
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows with their reasons, as a workbook to be mended and sent again."""
    found = reads.hotline_file(act_in(request), pk)
    if found is None:
        raise Http404
    header, rows = orders.refused_in(found)
    lines = [
        [*r["cells"], *[""] * (len(header) - len(r["cells"])), r["line"], r["why"]] for r in rows
    ]
    book = workbook.write([*header, _t("原表行号"), _t("未采用原因")], lines, _t("未采用"))
    return _book(book, f"refused-{pk}.xlsx")


def _book(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@needs(VERB)
@require_POST
def contacted(request: HttpRequest, key: int) -> HttpResponse:
    """Note that the caller was spoken to."""
    act = act_in(request)
    matter = reads.hotline_matter(act, key)
    if matter is None:
        raise Http404
    services.contact(act, matter, words=request.POST.get("words", "")[:300])
    return HttpResponseRedirect(f"{reverse('matters:hotline')}?show=open")


@needs(VERB)
@require_POST
def replies(request: HttpRequest) -> HttpResponse:
    """The answers as the hotline's file; each is noted as sent, none goes twice unless asked."""
    act, again = act_in(request), request.POST.get("again") == "yes"
    picked = [int(k) for k in request.POST.getlist("pick") if k.isdecimal() and len(k) < 19]
    found = reads.to_reply(act, picked, again=again)
    if not found:
        raise Refusal(_("没有可以回复的工单：都还没办完，或已经回复过。"), code="none")
    with translation.override(settings.LANGUAGE_CODE):  # the hotline's file, whoever takes it
        book = workbook.write(*reads.replies(found), _t("回复"))
    for matter in found:
        orders.hotline_reply(act, matter, again=again)
    stamp = timezone.localtime(act.at)
    return _book(book, f"12345-{stamp:%Y%m%d-%H%M}.xlsx")


routes: list[URLPattern] = [
    path("desk/hotline/", listing, name="hotline"),
    path("desk/hotline/upload/", upload, name="hotline_upload"),
    path("desk/hotline/files/<int:pk>/", file, name="hotline_file"),
    path("desk/hotline/files/<int:pk>/refused.xlsx", refused, name="hotline_refused"),
    path("desk/hotline/<int:key>/contacted/", contacted, name="hotline_contacted"),
    path("desk/hotline/replies/", replies, name="hotline_replies"),
]
