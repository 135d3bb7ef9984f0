"""How far those who live here without being registered here are reached: every number opens its rows (R015)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from linli.capabilities.registry.selectors import coverage as reads
from linli.capabilities.registry.services import keeping
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.ui.keys import key_of

NOW = (Level.STREET, Level.COMMUNITY)


@needs(READ.code)
def page(request: HttpRequest) -> HttpResponse:
    """The figures of an area as last counted; a street or a community may be counted again at once."""
    act = act_in(request)
    asked = key_of(request.POST.get("area", request.GET.get("area", "")))
    top = asked or (act.spans[0].lo if act.spans else 0)
    area = places.tree().by_id.get(top)
    if area is None or not act.sees(area.pk):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    now = area.level in NOW
    if request.method == "POST" and now:
        keeping.count_coverage(act, area)
        return HttpResponseRedirect(
            f"{reverse('registry:people_coverage')}?area={area.pk}", status=303
        )
    whole, below = reads.coverage(act, area)
    context = {"area": area, "whole": whole, "below": below, "recount": now}
    return render(request, "registry/people/coverage.html", context)
