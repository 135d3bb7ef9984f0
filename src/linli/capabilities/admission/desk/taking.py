"""A register as a file: asked for with a reason, written with a watermark (R085)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.desk.asking import sent
from linli.capabilities.admission.forms import ExportForm
from linli.capabilities.admission.services import exports
from linli.capabilities.admission.words.showing import Do
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary.offers.known import known
from linli.kernel.files.views import taken

BACK = {
    "demand": "admission:demands",
    "occasion": "admission:occasions",
    "certificate": "admission:certificates",
    "seal": "admission:seals",
    "agreement": "admission:agreements",
    "placement": "admission:placements",
}


def offered(act: Act, record_set: str) -> list[Do]:
    """The button that leads to the export, for those who may take rows of areas or of a unit of their own."""
    if not act.may("admission.export") or not (act.spans or known()[record_set].unit):
        return []
    return [Do(_("导出"), reverse("admission:export", kwargs={"name": record_set}), "download")]


@needs("admission.export")
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    if name not in BACK:
        raise Http404(_t("没有这个登记册。"))
    act, form = act_in(request), ExportForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = exports.export(act, record_set=name, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
        else:
            return taken(act, made, exports.DIRECT_MOST)
    context = {
        "form": form,
        "title": _("导出登记册"),
        "back": reverse(BACK[name]),
        "hint": _("文件带水印：谁、什么时候、为什么导出；导出会留下记录。"),
        "do": _("导出"),
        "download": True,
        "refused": None,
        "danger": False,
        "token": "",
    }
    return render(request, "admission/form.html", context, status=422 if form.errors else 200)
