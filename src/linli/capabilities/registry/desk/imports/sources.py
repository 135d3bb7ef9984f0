"""Where data comes from: every source with its last load, its counts, what it shares with others, when it was retired."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.registry.forms.imports import RetireForm, refuse
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import decisions
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary


@require_safe
@needs("registry.import")
def listing(request: HttpRequest) -> HttpResponse:
    """The sources, their loads, and how many people two of them both speak of (R013)."""
    act = act_in(request)
    told = reads.sources(act)
    names = {each.source.pk: each.source.title for each in told}
    shared = [(names[a], names[b], n) for a, b, n in reads.overlap() if a in names and b in names]
    known = {each.source.code for each in told}
    unused = [(code, title) for code, title in reads.source_choices(act) if code not in known]
    context = {
        "told": told,
        "shared": shared,
        "unused": unused,
        "owners": dictionary.owners(),
        "most": max((n for _a, _b, n in shared), default=0),
    }
    return render(request, "registry/imports/sources.html", context)


@needs("registry.import_retire")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """From which day a department's own system is no longer kept."""
    source = reads.source(pk)
    if source is None:
        raise Http404(_t("没有这个来源。"))
    form = RetireForm(request.POST or None, initial={"on": source.retired})
    if request.method == "POST" and form.is_valid():
        try:
            decisions.retire_source(act_in(request), source, on=form.cleaned_data["on"])
            return HttpResponseRedirect(reverse("registry:import_sources"), status=303)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"source": source, "form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/imports/retire.html", context, status=status)
