"""Export of a list: ask why, then give the file at once, or the page that shows how far it is."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.desk.lists import chips, panel, titles
from linli.capabilities.matters.forms.desk import ExportForm, filters_from, refuse
from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.services import exports
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.files.views import taken

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
            return taken(act, made, exports.DIRECT_MOST)
    context = {
        "form": form,
        "query": f.query(show=f.show) or "show=open",
        "rows": exports.count(act, f),
        "direct": exports.DIRECT_MOST,
        "chips": chips(f),
        "show": titles()["shows"].get(f.show, ""),
    }
    return panel(request, "export", str(_("导出")), context, 422 if form.errors else 200)
