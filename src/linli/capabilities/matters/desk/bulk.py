"""The same step on many matters: one by one through the service, with a report of what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from linli.capabilities.matters.desk.lists import back_to, panel
from linli.capabilities.matters.desk.steps import DEEDS, Deed
from linli.capabilities.matters.forms import desk as forms
from linli.capabilities.matters.selectors import desk
from linli.capabilities.matters.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal

VERBS = ("accept", "assign", "transfer", "urge")
MOST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one picked matter; `why` is empty when it was done."""

    number: str
    title: str
    why: str


@require_POST
@needs(READ.code)
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask for what the step needs, then do it on every picked row that allows it."""
    act, query = act_in(request), request.POST.get("query", "")[:600]
    verb = request.POST.get("verb", "")
    keys = forms.numbers(request.POST)
    if verb not in VERBS or not keys:
        return HttpResponseRedirect(back_to(query), status=303)
    deed = DEEDS[verb]
    if not act.may(deed.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": deed.title})
    rows = desk.many(act, keys[:MOST])
    form = _form(request, act, deed, rows)
    context = {"verb": verb, "deed": deed, "rows": rows, "query": query, "form": form}
    if not form.is_valid():
        return panel(request, "bulk", str(deed.title), context, 422 if form.is_bound else 200)
    outcomes = [_one(act, deed, row, form.cleaned_data) for row in rows]
    missing = len(keys) - len(rows)
    done = [o for o in outcomes if not o.why]
    refused = [o for o in outcomes if o.why]
    told = {
        "deed": deed,
        "done": done,
        "refused": refused,
        "missing": missing,
        "back": back_to(query),
    }
    return render(request, "matters/desk/bulk_report.html", told)


def _form(request: HttpRequest, act: Act, deed: Deed, rows: list[Any]) -> forms.StepForm:
    """The step's form; unbound when it has to be asked for first."""
    offered = deed.choices(act, rows[0]) if rows else {}
    if "to" in offered:  # any unit may be meant, also that of the first row
        offered = {**offered, "to": [*cast(list[Any], offered["to"]), *_own_unit(rows)]}
    sure = not deed.form.base_fields or request.POST.get("sure")
    return deed.form(request.POST if sure else None, **offered)


def _own_unit(rows: list[Any]) -> list[tuple[int, str]]:
    return [(rows[0].unit_id, rows[0].unit.name)] if rows and rows[0].unit_id else []


def _one(act: Act, deed: Deed, matter: Any, data: dict[str, Any]) -> Outcome:
    try:
        deed.run(act, matter, data)
    except Refusal as refusal:
        return Outcome(matter.number, matter.title, str(refusal))
    return Outcome(matter.number, matter.title, "")
