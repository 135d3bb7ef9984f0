"""One door: everything that any table still asks there, on one page; without network it waits in the phone's queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.forms.gaps import GapsForm
from linli.capabilities.tables.selectors import sheets as reads
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Act, Refusal, under

ANSWER = "tables.answer"


@require_safe
@needs(ANSWER)
def doors(request: HttpRequest) -> HttpResponse:
    """The doors of one's area where something is missing, what is due first."""
    found = reads.doors(act_in(request))
    return render(request, "tables/field/doors.html", {"doors": found})


def asks_json(request: HttpRequest) -> bool:
    """Whether the phone's queue asks, and no browser."""
    return request.headers.get("Accept", "").startswith("application/json")


@needs(ANSWER)
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """One household: what is missing there, for however many tables; kept in one go, once."""
    act, sent = act_in(request), request.method == "POST"
    missing = reads.at_home(act, pk, request.POST if sent else ())
    if not missing and not sent:
        raise Http404(_t("这一户没有要补的，或不在您的网格。"))
    form = GapsForm(request.POST if sent else None, missing, reads.plans(missing), door=True)
    refused: Refusal | None = None
    if sent and form.is_valid():
        try:
            _kept(act, request, pk, form)
            return _done(request)
        except Refusal as refusal:
            refused = refusal
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if sent and asks_json(request):
        return _refused(form, refused)
    conflict = refused is not None and refused.code == "changed"
    context = {"form": form, "address": reads.address(pk), "household": pk, "conflict": conflict}
    return render(request, "tables/field/door.html", context, status=422 if sent else 200)


def _kept(act: Act, request: HttpRequest, pk: int, form: GapsForm) -> None:
    answers, without = form.answers(), form.without()
    if not answers and not without:
        raise Refusal(_t("还没有填任何一项。"), code="nothing")
    sure = request.POST.get("sure") == "on"

    def work() -> tuple[int, dict[str, Any]]:
        closed = services.answer(act, answers=answers, without=without, source="door", sure=sure)
        return 200, {"closed": closed}

    with under(act):
        once(act, _token(request.POST.get("token", "")), digest(ANSWER, pk, sure), work)


def _token(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _done(request: HttpRequest) -> HttpResponse:
    back = f"{reverse('tables:doors')}?done=yes"
    return (
        JsonResponse({"href": back})
        if asks_json(request)
        else HttpResponseRedirect(back, status=303)
    )


def _refused(form: GapsForm, refused: Refusal | None) -> HttpResponse:
    """What was wrong, for the phone's queue; a conflict waits until somebody has looked."""
    words = str(refused) if refused is not None else str(next(iter(form.errors.values()))[0])
    code = refused.code if refused is not None else "form"
    status = 409 if code == "changed" else 422
    return JsonResponse({"code": code, "message": words}, status=status)


routes = [
    path("field/gaps/", doors, name="doors"),
    path("field/gaps/<int:pk>/", door, name="door"),
]
