"""The list of a unit's forms, and a new one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.tables import jobs
from linli.capabilities.tables.forms.bringing import BringForm
from linli.capabilities.tables.selectors import forms as reads
from linli.capabilities.tables.services import forms as services
from linli.capabilities.tables.verbs import FORMS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

TABS = (("open", _("在用")), ("done", _("已收起")))
TONES = {
    "reading": "info",
    "broken": "bad",
    "draft": "warn",
    "confirmed": "good",
    "shared": "info",
}


@require_safe
@needs(FORMS.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Every form of one's unit."""
    act, asked = act_in(request), request.GET.get("show", "open")
    show = asked if asked in reads.SHOWS else "open"
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    context = {
        "page": reads.forms(act, show, start),
        "tabs": [{"label": t, "href": f"?show={c}", "active": c == show} for c, t in TABS],
        "show": show,
        "tones": TONES,
    }
    return render(request, "tables/forms/list.html", context)


@needs("tables.bring")
def new(request: HttpRequest) -> HttpResponse:
    """Upload a form; a small one is read at once, a large one while one waits on its page."""
    act, sent = act_in(request), request.method == "POST"
    form = BringForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            made = services.bring(act, form.cleaned_data["file"], title=form.cleaned_data["title"])
        except Refusal as refusal:
            form.add_error("file" if refusal.field == "file" else None, str(refusal))
        else:
            if made.state == "reading":
                jobs.read_form.defer(
                    form_id=made.pk, account=act.actor, hat=act.hat, language=get_language() or ""
                )
            return HttpResponseRedirect(reverse("tables:form", args=[made.pk]), status=303)
    status = 422 if form.errors else 200
    return render(request, "tables/forms/new.html", {"form": form}, status=status)
