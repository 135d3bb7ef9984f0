"""One door: everything that any table still asks there, on one page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.forms.gaps import GapsForm
from linli.capabilities.tables.selectors import sheets as reads
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

ANSWER = "tables.answer"


@require_safe
@needs(ANSWER)
def doors(request: HttpRequest) -> HttpResponse:
    """The doors of one's area where something is missing, most first."""
    return render(request, "tables/field/doors.html", {"doors": reads.doors(act_in(request))})


@needs(ANSWER)
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """One household: what is missing there, for however many tables; kept in one go."""
    act, sent = act_in(request), request.method == "POST"
    missing = reads.at_home(act, pk)
    if not missing and not sent:
        raise Http404(_t("这一户没有要补的，或不在您的网格。"))
    form = GapsForm(request.POST if sent else None, missing, reads.plans(missing))
    if sent and form.is_valid():
        try:
            if not form.answers():
                raise Refusal(_t("还没有填任何一项。"), code="nothing")
            services.answer(act, answers=form.answers())
            return HttpResponseRedirect(f"{reverse('tables:doors')}?done=yes", status=303)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "address": reads.address(pk), "household": pk}
    status = 422 if sent else 200
    return render(request, "tables/field/door.html", context, status=status)
