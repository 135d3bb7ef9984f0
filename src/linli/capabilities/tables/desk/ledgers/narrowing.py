"""A ledger's filter built by clicking, and the columns shown."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables.desk.ledgers.opening import Opened, live, panel
from linli.capabilities.tables.forms.ledgers import ConditionForm
from linli.capabilities.tables.selectors.ledgers import query_string
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.access.doors import needs
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import offers
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers import Condition, Offered
from linli.kernel.places import choosing


@needs(LEDGERS.code)
def narrow(request: HttpRequest, key: str) -> HttpResponse:
    """Choose an element, say what is asked of it; the ledger is shown again with one more condition."""
    sent = request.method == "POST"
    query = (request.POST if sent else request.GET).get("query", "")[:4000]
    found = live(request, key, QueryDict(query))
    known = {one.element.code: one for one in offers.readable(found.act, found.view.record_set)}
    one = known.get((request.POST if sent else request.GET).get("element", ""))
    context = {"v": found.view, "query": found.query, "sets": _by_set(known)}
    if one is None or not one.operators:
        return panel(request, "filter", _t("筛选"), context)
    areas = choosing.offered(found.act, choosing.ANY)
    form = ConditionForm(
        one, areas, request.POST if sent else None, joined=bool(found.asked.groups)
    )
    if sent and form.is_valid():
        try:
            return _shown(found, form.condition(), either=form.cleaned_data.get("either", False))
        except Refusal as refusal:
            form.add_error("value" if "value" in form.fields else None, str(refusal))
    context |= {"form": form, "one": one}
    return panel(request, "condition", one.element.label, context, 422 if form.errors else 200)


def _by_set(known: dict[str, Offered]) -> list[tuple[str, list[Offered]]]:
    titles = dictionary.record_sets()
    found: dict[str, list[Offered]] = {}
    for one in known.values():
        if one.operators:
            found.setdefault(titles[one.element.record_set].label, []).append(one)
    return list(found.items())


def _shown(found: Opened, condition: Condition, *, either: bool) -> HttpResponse:
    groups = found.asked.groups
    if either and groups:
        groups = (*groups[:-1], (*groups[-1], condition))
    else:
        groups = (*groups, (condition,))
    query = query_string(replace(found.asked, groups=groups))
    return HttpResponseRedirect(
        f"{reverse('tables:ledger', args=[found.view.key])}?{query}", status=303
    )


@require_safe
@needs(LEDGERS.code)
def columns(request: HttpRequest, key: str) -> HttpResponse:
    """Choose columns among everything that the record set answers; kept in the address."""
    query = QueryDict(request.GET.get("query", "")[:4000])
    found = live(request, key, query)
    if "columns" in request.GET:
        wanted = tuple(request.GET.getlist("columns"))
        query_said = query_string(replace(found.asked, columns=wanted))
        return HttpResponseRedirect(
            f"{reverse('tables:ledger', args=[found.view.key])}?{query_said}", status=303
        )
    titles = dictionary.record_sets()
    sets: dict[str, list[Offered]] = {}
    known = {each.element.code: each for each in offers.readable(found.act, found.view.record_set)}
    shown = [head.element for head in found.asked.heads(found.view) if head.element in known]
    for code, one in known.items():
        if code not in shown:
            sets.setdefault(titles[one.element.record_set].label, []).append(one)
    chosen = [known[code] for code in shown]
    context = {"v": found.view, "query": found.query, "sets": list(sets.items()), "chosen": chosen}
    return panel(request, "columns", _t("显示哪些列"), context)
