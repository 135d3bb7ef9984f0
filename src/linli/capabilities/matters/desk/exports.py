"""Export of a list: ask why, then give the file at once, or a page that shows how far it is."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters.desk.lists import chips, panel, titles
from linli.capabilities.matters.forms.desk import ExportForm, filters_from, refuse
from linli.capabilities.matters.jobs import export_rows
from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.services import exports
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.files import sheets

GRANT = "matters.export"


def _filters(query: str) -> Filters:
    plain = {name: values[0] for name, values in parse_qs(query[:600]).items()}
    return filters_from(plain, "open")


@needs(GRANT)
def export(request: HttpRequest) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    act = act_in(request)
    sent = request.method == "POST"
    query = request.POST.get("query", "") if sent else request.GET.urlencode()
    f = _filters(query)
    form = ExportForm(request.POST) if sent else ExportForm()
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            made = exports.export(
                act, filters=f, query=f.query(), reason=data["reason"], format=data["format"]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            if made.total > exports.DIRECT_MOST:
                export_rows.defer(
                    export=made.pk, account=act.actor, hat=act.hat, language=get_language()
                )
                return HttpResponseRedirect(
                    reverse("matters:export_job", args=[made.pk]), status=303
                )
            return _file(exports.at_once(act, made, f), made.format, exports.name_of(made))
    context = {
        "form": form,
        "query": f.query(show=f.show) or "show=open",
        "rows": exports.count(act, f),
        "direct": exports.DIRECT_MOST,
        "chips": chips(f),
        "show": titles()["shows"].get(f.show, ""),
    }
    return panel(request, "export", str(_("导出")), context, 422 if form.errors else 200)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.MEDIA[kind])
    disposition = content_disposition_header(True, name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@needs(GRANT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a big export is; may be left and come back to."""
    made = exports.one(act_in(request), pk)
    if made is None:
        raise Http404(_t("没有这次导出，或不是您导出的。"))
    page = "_export_state" if getattr(request, "htmx", False) else "export_job"
    return render(request, f"matters/desk/{page}.html", {"made": made})
