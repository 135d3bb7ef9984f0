"""Whom a list of a form is about: conditions built by clicking, as a ledger's filter is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from linli.capabilities.tables.desk.forms.showing import found
from linli.capabilities.tables.forms.ledgers import ConditionForm
from linli.capabilities.tables.rules import Part, Plan
from linli.capabilities.tables.services import forms as services
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import offers
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers import Offered
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.dictionary.shapes import Kind, Sensitivity

GROUPS_MOST = 12


def _known(part: Part) -> dict[str, Offered]:
    """What may be asked of the rows of a part: nobody's number, no area (places are chosen in the tree), nothing sensitive but tags."""
    return {
        code: one
        for code, one in offers.offered(part.record_set).items()
        if one.operators
        and not one.column.sealed
        and one.element.kind is not Kind.AREA
        and (one.element.sensitivity is not Sensitivity.SENSITIVE or code == "tag.code")
    }


def _part(form: Any, at: int) -> Part:
    part = next((each for each in Plan.of(form.plan).parts if each.at == at), None)
    if part is None or part.shape != "list" or form.state not in ("draft", "confirmed"):
        raise Http404(_t("没有这份名册。"))
    return part


@needs("tables.narrow")
def whom(request: HttpRequest, pk: int, at: int) -> HttpResponse:
    """Add a condition, or take one away."""
    act, form = act_in(request), found(act_in(request), pk)
    part, known = _part(form, at), _known(_part(form, at))
    sent = request.method == "POST"
    if sent and "drop" in request.POST:
        return _dropped(act, form, part, request.POST["drop"])
    one = known.get((request.POST if sent else request.GET).get("element", ""))
    asked = None
    if one is not None:
        data = request.POST if sent else None
        asked = ConditionForm(one, [], data, joined=bool(part.conditions))
        if sent and asked.is_valid():
            try:
                return _added(act, form, part, asked)
            except Refusal as refusal:
                asked.add_error("value" if "value" in asked.fields else None, str(refusal))
    context = {
        "form": form,
        "part": part,
        "asked": asked,
        "one": one,
        "sets": _by_set(known),
        "chips": [offers.conditions_said([group]) for group in groups_of(part.conditions)],
    }
    status = 422 if asked is not None and asked.errors else 200
    return render(request, "tables/forms/whom.html", context, status=status)


def _by_set(known: dict[str, Offered]) -> list[tuple[str, list[Offered]]]:
    titles = dictionary.record_sets()
    sets: dict[str, list[Offered]] = {}
    for one in known.values():
        sets.setdefault(titles[one.element.record_set].label, []).append(one)
    return list(sets.items())


def _added(act: Act, form: Any, part: Part, asked: ConditionForm) -> HttpResponse:
    groups: list[Any] = [list(group) for group in part.conditions][:GROUPS_MOST]
    made = asked.condition().as_json()
    if asked.cleaned_data.get("either") and groups:
        groups[-1] = [*groups[-1], made]
    else:
        groups.append([made])
    return _kept(act, form, part, groups)


def _dropped(act: Act, form: Any, part: Part, raw: str) -> HttpResponse:
    groups = list(part.conditions)
    if raw.isascii() and raw.isdigit() and int(raw) < len(groups):
        del groups[int(raw)]
    return _kept(act, form, part, groups)


def _kept(act: Act, form: Any, part: Part, groups: list[Any]) -> HttpResponse:
    services.narrow(act, form, at=part.at, conditions=groups)
    where = reverse("tables:form_whom", args=[form.pk, part.at])
    return HttpResponseRedirect(where, status=303)
