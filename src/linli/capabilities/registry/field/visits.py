"""Households to visit, and one household at the door. The form works without a script; with one it goes through the queue."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.registry.forms.visits import GuestForm, VisitForm
from linli.capabilities.registry.selectors import visits as reads
from linli.capabilities.registry.selectors.telling import words
from linli.capabilities.registry.services import visits as services
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Act, Refusal
from linli.kernel.files import services as files

VERB = "registry.visit"


@require_safe
@needs(VERB)
def today(request: HttpRequest) -> HttpResponse:
    """The households of the grid, those with most gaps first."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    stops = reads.stops(act_in(request), q)
    done = request.GET.get("done") == "yes"
    context = {
        "stops": stops,
        "q": q,
        "visited": sum(stop.visited for stop in stops),
        "gaps": sum(bool(stop.missing) for stop in stops),
        "messages": [{"text": _t("已登记这次走访。"), "tone": "good"}] if done else [],
    }
    return render(request, "registry/field/today.html", context)


@needs(VERB)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One household: everything known filled in, what is missing first."""
    act = act_in(request)
    found = reads.household(act, pk)
    if found is None:
        raise Http404(_t("没有这一户，或不在您的网格。"))
    sent = request.method == "POST"
    people = [(each.person.pk, each.person.name) for each in found.guests]
    given = (request.POST, request.FILES) if sent else ()
    form = VisitForm(*given, people=people)
    guests = [GuestForm(each, request.POST if sent else None) for each in found.guests]
    if sent and form.is_valid() and all([each.is_valid() for each in guests]):
        refusal = _taken(act, found, form, guests)
        if refusal is None:
            return _done(request)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if wants_json(request):
            status = 409 if refusal.code == "changed" else 422
            return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=status)
    if sent and wants_json(request):
        return JsonResponse({"code": "form", "message": _first(form, guests)}, status=422)
    context = {"v": found, "form": form, "guests": guests, "words": words()}
    status = 422 if sent else 200
    return render(request, "registry/field/visit.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the phone's queue asks."""
    return request.headers.get("Accept", "").startswith("application/json")


def _taken(act: Act, found: Any, form: VisitForm, guests: list[GuestForm]) -> Refusal | None:
    data = form.cleaned_data

    def work() -> tuple[int, dict[str, Any]]:
        signature = data["signature"]
        services.visit(
            act,
            found.household,
            answers=[each.answer() for each in guests],
            photos=[files.check(each, "photos") for each in data["photos"]],
            signature=files.check(signature, "signature") if signature else None,
            signer=data["signer"],
            sure=data["sure"],
        )
        return 200, {"household": found.household.pk}

    asked = digest(VERB, found.household.pk, bool(data["sure"]))
    try:
        once(act, data["token"], asked, work)
    except Refusal as refusal:
        return refusal
    return None


def _done(request: HttpRequest) -> HttpResponse:
    back = f"{reverse('registry:visits')}?done=yes"
    if wants_json(request):
        return JsonResponse({"href": back})
    return HttpResponseRedirect(back, status=303)


def _first(form: VisitForm, guests: list[GuestForm]) -> str:
    for each in (form, *guests):
        for name, errors in each.errors.items():
            label = each.fields[name].label if name in each.fields else ""
            told = {"name": label, "what": errors[0]}
            return _t("%(name)s：%(what)s") % told if label else str(errors[0])
    return ""
