"""Export of the roll or of a search: ask why and which columns, then give the file with its watermark."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.desk.people.lists import chips, columns_of, filters_of, panel
from linli.capabilities.registry.forms.people import ExportForm, refuse
from linli.capabilities.registry.selectors.telling import words
from linli.capabilities.registry.services import exports
from linli.capabilities.registry.verbs import CLEAR
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.files.views import taken


@needs("registry.export")
def export(request: HttpRequest) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    act = act_in(request)
    sent = request.method == "POST"
    query = request.POST.get("query", "") if sent else request.GET.urlencode()
    q = parse_qs(query[:600]).get("q", [""])[0].replace("\x00", "").strip()[:60]
    f = filters_of(query)
    may_clear = act.may(CLEAR.code)
    given: dict[str, Any] = {
        "columns": list(words()["columns"].items()),
        "initial": {"columns": columns_of(request), "format": "xlsx"},
    }
    form = ExportForm(request.POST if sent else None, clear=may_clear, **given)
    if sent and form.is_valid():
        try:
            made = exports.export(act, filters=f, q=q, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return taken(act, made, exports.DIRECT_MOST)
    people = len(exports.wanted(act, f, q))
    context = {
        "form": form,
        "query": query if q else f.query(),
        "q": q,
        "rows": people,
        "most": exports.MOST,
        "direct": exports.DIRECT_MOST,
        "chips": [] if q else chips(act, f),
        "show": words()["shows"].get(f.show, ""),
    }
    return panel(request, "export", str(_("导出")), context, 422 if form.errors else 200)
