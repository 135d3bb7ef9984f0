"""A ledger on paper, and as a file: with a reason, a watermark and a fact."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables.desk.ledgers.opening import Opened, chips, live, panel, past_said
from linli.capabilities.tables.forms.ledgers import ExportForm
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.services import ledgers as services
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.access import offices
from linli.kernel.access.doors import needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import offers
from linli.kernel.files.models import Export
from linli.kernel.files.views import taken
from linli.kernel.places import selectors as places


def _place(act: Act, area: int | None) -> str:
    """Of which place a booklet is: the one asked for, else the actor's own."""
    if area:
        return places.path_name(area)
    known = places.tree().by_id
    return _t("、").join(places.path_name(span.lo) for span in act.spans[:3] if span.lo in known)


@require_safe
@needs(LEDGERS.code)
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The ledger as the paper booklet: cover, heads on every page, numbered rows, a line to sign."""
    found = live(request, key)
    sheet = ledgers.printed(found.act, found.view, found.asked)
    unit = offices.unit(found.act.unit)
    context = {
        "v": found.view,
        "sheet": sheet,
        "unseen": ledgers.unseen(found.act, found.view, found.asked),
        "query": found.query,
        "of_place": _place(found.act, found.asked.area),
        "unit": unit.name if unit else "",
        "who": found.act.name,
        "day": found.asked.on or timezone.localdate(found.act.at),
        "at": timezone.localtime(found.act.at),
        "chips": chips(found),
        "most": ledgers.PRINT_MOST,
        "attached": ledgers.attached(found.act, found.view, sheet),
        "past": past_said(found),
    }
    return render(request, "tables/ledgers/paper.html", context)


@needs("tables.export_ledger")
def export(request: HttpRequest, key: str) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    sent = request.method == "POST"
    raw = (request.POST.get("query", "") if sent else request.GET.urlencode())[:4000]
    found = live(request, key, QueryDict(raw))
    offer = offers.offer(found.act, found.view.record_set)
    may_clear = bool(offer.clear) and found.act.may(offer.clear)
    form = ExportForm(request.POST if sent else None, clear=may_clear)
    if sent and form.is_valid():
        try:
            made = _made(found, form)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return taken(found.act, made, services.DIRECT_MOST)
    context = {
        "v": found.view,
        "form": form,
        "query": found.query,
        "rows": ledgers.counted(found.act, found.view, found.asked),
        "direct": services.DIRECT_MOST,
        "chips": chips(found),
    }
    return panel(request, "export", _t("导出"), context, 422 if form.errors else 200)


def _made(found: Opened, form: ExportForm) -> Export:
    query, heads, _hidden = ledgers.narrowed(found.act, found.view, found.asked)
    return services.export(
        found.act,
        key=found.view.key,
        title=found.view.title,
        query=query,
        heads=[(head.element, head.title) for head in heads],
        **form.cleaned_data,
    )
