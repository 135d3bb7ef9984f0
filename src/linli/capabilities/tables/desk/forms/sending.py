"""Sending a confirmed form: through the gate, to chosen communities, shown before how much is known already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.admission.selectors import lists as admission
from linli.capabilities.admission.services import Turned
from linli.capabilities.tables import services as rounds
from linli.capabilities.tables.desk.forms.showing import found
from linli.capabilities.tables.forms.sending import SendForm
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.selectors import sending
from linli.capabilities.tables.selectors.sending import Branch
from linli.capabilities.tables.services import Call
from linli.capabilities.tables.services import forms as services
from linli.capabilities.tables.verbs import FORMS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.calendar import SHANGHAI
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers.conditions import groups_of

ISSUE = "tables.issue"
OFFICE_ENDS = time(17, 30)
TONES = {
    "counting": "info",
    "filling": "warn",
    "returned": "bad",
    "signed": "info",
    "accepted": "good",
}


def _items(act: Act, form: Any) -> list[tuple[str, str]]:
    """Items under which the unit may ask for tables, first that of the form."""
    lead = form.unit.code if form.unit.kind == "department" else ""
    rows = admission.of_kinds(services.today(act), ("table", "ledger"), lead)
    return [("", "—"), *((v.item.code, f"{v.item.code} {v.title}") for v in rows)]


def _confirmed(request: HttpRequest, pk: int) -> Any:
    form = found(act_in(request), pk)
    if form.state != "confirmed":
        raise Http404(_t("请先确认这张表的每一列。"))
    return form


def _asked(act: Act, form: Any, data: Any, typed: Mapping[str, Any]) -> SendForm:
    """The form to fill; what was typed before a place was looked for stands in it."""
    first = sending.earliest(services.today(act))
    given = {"item": form.item, "due": first}
    given |= {name: typed[name] for name in SendForm.base_fields if name in typed}
    return SendForm(data, items=_items(act, form), earliest=first, initial=given)


@needs(ISSUE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose item, places and day; the gate answers at once, and its no leads to what can be done instead."""
    act, form = act_in(request), _confirmed(request, pk)
    sent = request.method == "POST" and not {"open", "find"} & request.POST.keys()
    asked = _asked(act, form, request.POST if sent else None, request.POST)
    chosen = _chosen(request, form)
    turned: Turned | None = None
    if sent and asked.is_valid():
        try:
            made = rounds.issue(act, form, call=_call(asked, form, chosen))
            if not isinstance(made, Turned):
                where = reverse("tables:form_sent", args=[form.pk, made.pk])
                return HttpResponseRedirect(where, status=303)
            turned = made
        except Refusal as refusal:
            name = refusal.field if refusal.field in asked.fields else None
            asked.add_error(name, str(refusal))
    return _send_page(request, form, asked, chosen, turned)


def _chosen(request: HttpRequest, form: Any) -> tuple[int, ...]:
    """The communities that were ticked."""
    given = request.POST if request.method == "POST" else request.GET
    return sending.communities(_keys(given.getlist("area")), sending.tree_of(form.unit))


def _keys(raw: list[str]) -> list[int]:
    return [int(one) for one in raw[:5000] if one.isascii() and one.isdigit() and len(one) < 20]


def _looked_for(branches: tuple[Branch, ...], text: str) -> dict[str, Any]:
    """The places that somebody looked for by name."""
    q = text.replace("\x00", "").strip()[:40]
    found = sending.named(branches, q) if q else []
    most = sending.FOUND_MOST
    return {"q": q, "found": found[:most], "more_found": len(found) > most, "most": most}


@require_safe
@needs(ISSUE)
def place(request: HttpRequest, pk: int, area: int) -> HttpResponse:
    """The communities of one street, to tick."""
    form = _confirmed(request, pk)
    branch = sending.branch_of(sending.tree_of(form.unit), area)
    if branch is None:
        raise Http404(_t("没有这个街道，或它不在本单位的范围里。"))
    (twig,) = sending.drawn((branch,), (), (area,))
    return render(request, "tables/forms/_place.html", {"form": form, "twig": twig})


@require_safe
@needs(ISSUE)
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Districts, streets and communities by name, to tick."""
    form = _confirmed(request, pk)
    context = _looked_for(sending.tree_of(form.unit), request.GET.get("q", ""))
    context |= {"form": form, "looked": bool(context["q"]), "chosen": frozenset()}
    return render(request, "tables/forms/_places.html", context)


def _call(asked: SendForm, form: Any, chosen: tuple[int, ...]) -> Call:
    said = asked.cleaned_data
    return Call(
        communities=chosen,
        streets=sending.streets_of(chosen),
        item=said["item"],
        agreement=said["agreement"].strip(),
        period=said["period"],
        due=datetime.combine(said["due"], OFFICE_ENDS, SHANGHAI),
        words=said["words"],
    )


def _send_page(
    request: HttpRequest,
    form: Any,
    asked: SendForm,
    chosen: tuple[int, ...],
    turned: Turned | None,
) -> HttpResponse:
    act, plan, branches = act_in(request), Plan.of(form.plan), sending.tree_of(form.unit)
    context = {
        "form": form,
        "asked": asked,
        "tree": sending.drawn(branches, chosen, _keys(request.POST.getlist("open"))),
        "communities": len(chosen),
        "chosen": frozenset(chosen),
        "looked": "find" in request.POST,
        "told": False,
        **_looked_for(branches, request.POST.get("q", "")),
        "turned": turned,
        "parts": [(part, _said(part)) for part in plan.parts if part.shape == "list"],
        "notice": sending.section().notice,
        "may_apply": act.may("admission.apply"),
        "apply": _applied(form, plan, asked),
        "preview": sending.preview(act, plan, chosen) if chosen else None,
    }
    status = 422 if turned or asked.errors else 200
    return render(request, "tables/forms/send.html", context, status=status)


def _applied(form: Any, plan: Plan, asked: SendForm) -> str:
    """What the form would ask, as the page of an application takes it over."""
    code = asked.cleaned_data.get("item", "") if asked.is_bound and asked.is_valid() else ""
    given = {"title": form.title, "fields": ",".join(plan.fields)}
    return urlencode({"item": code, **given} if code else given)


def _said(part: Any) -> str:
    return offers.conditions_said(groups_of(part.conditions)) if part.conditions else ""


@require_POST
@needs(ISSUE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """How many rows that would be and how much is known, for what is ticked so far."""
    act, form = act_in(request), _confirmed(request, pk)
    chosen = _chosen(request, form)
    shown = sending.preview(act, Plan.of(form.plan), chosen) if chosen else []
    context = {"preview": shown, "communities": len(chosen), "form": form, "told": True}
    if getattr(request, "htmx", False):
        return render(request, "tables/forms/_preview.html", context)
    return HttpResponseRedirect(reverse("tables:form_send", args=[pk]), status=303)


@require_safe
@needs(FORMS.code)
def sent(request: HttpRequest, pk: int, sent: int) -> HttpResponse:
    """How far a round is that was sent: counted, with its streets, with its communities."""
    act = act_in(request)
    form = found(act, pk)
    made = sending.sent(form, sent)
    if made is None:
        raise Http404(_t("没有这一期。"))
    context = {"form": form, "s": made, "round": made.round, "tones": TONES}
    return render(request, "tables/forms/sent.html", context)
