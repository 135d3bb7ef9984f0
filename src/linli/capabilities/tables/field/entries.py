"""Entering something in a ledger from the phone, where it happens; without network it waits in the phone's queue."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables.field.gaps import asks_json
from linli.capabilities.tables.forms.entries import EntryForm
from linli.capabilities.tables.selectors import entries as reads
from linli.capabilities.tables.services import entries as services
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

ENTER = "tables.enter"


@require_safe
@needs(ENTER)
def kinds(request: HttpRequest) -> HttpResponse:
    """What can be entered, and what the actor entered last."""
    done = request.GET.get("done") == "yes"
    context = {
        "kinds": [(code, reads.title_of(code), reads.ledgers_of(code)) for code in reads.kinds()],
        "latest": reads.latest(act_in(request)),
        "messages": [{"text": _t("已登记，该有它的台账里都有了。"), "tone": "good"}]
        if done
        else [],
    }
    return render(request, "tables/field/kinds.html", context)


@needs(ENTER)
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    """One entry, written on the phone."""
    declared, act = reads.kinds().get(kind), act_in(request)
    if declared is None:
        raise Http404(_t("没有这一类台账记录。"))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EntryForm(act, declared, *sent, initial={"day": timezone.localdate(act.at)})
    if request.method == "POST" and form.is_valid():
        try:
            services.entered(act, **form.given())
            back = f"{reverse('tables:kinds')}?done=yes"
            return _for_queue({"href": back}) if asks_json(request) else _seen(back)
        except Refusal as refusal:
            form.refuse(refusal)
    if form.errors and asks_json(request):
        return _for_queue({"message": str(next(iter(form.errors.values()))[0])}, 422)
    context = {
        "form": form,
        "title": reads.title_of(kind),
        "ledgers": reads.ledgers_of(kind),
        "center": reads.centre(act),
    }
    return render(request, "tables/field/enter.html", context, status=422 if form.errors else 200)


def _seen(back: str) -> HttpResponse:
    return HttpResponseRedirect(back, status=303)


def _for_queue(body: dict[str, str], status: int = 200) -> HttpResponse:
    """What became of an entry, for the phone's queue."""
    return JsonResponse(body, status=status)
