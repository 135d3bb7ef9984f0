"""Building a community's grids from its estates and buildings: proposed, looked at on the map, accepted (R125)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.places.coverage import area_in
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.rules.grids import Proposal
from linli.capabilities.registry.selectors import grids as reads
from linli.capabilities.registry.selectors import kinds
from linli.kernel.access.asking import sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level

BUILD = "registry.places.build_grids"
TONES = ("info", "good", "warn", "bad")


def _chosen(request: HttpRequest, proposed: list[Proposal]) -> list[list[int]]:
    """The groups as they were sent: each building's own number, an empty number leaves its proposal."""
    groups: dict[int, list[int]] = {}
    for each in proposed:
        for block in each.blocks:
            typed = request.POST.get(f"b{block.id}", "")
            number = int(typed) if typed.isdecimal() and len(typed) < 4 else each.number
            groups.setdefault(number, []).append(block.id)
    return [groups[number] for number in sorted(groups)]


@needs(BUILD)
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The proposal by the pack's size, each building's grid open to change; accepted, the grids are made."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)
    proposed = reads.proposals(act, community)
    form = forms.DivideForm(sent(request))
    if request.method == "POST" and form.is_valid():
        groups = _chosen(request, proposed)
        try:
            services.grids.build(act, community.pk, groups=groups, **form.cleaned_data)
            back = reverse("registry:coverage_page", args=[code])
            return HttpResponseRedirect(back, status=303)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context: dict[str, Any] = {
        "c": community,
        "proposed": proposed,
        "size": kinds.section().grid_size,
        "form": form,
        "has_grids": bool(reads.comprehensive(community)),
        "center": places.centre(community),
    }
    status = 422 if form.errors else 200
    return render(request, "registry/places/divide.html", context, status=status)


@require_safe
@needs(BUILD)
def points(request: HttpRequest, code: str) -> HttpResponse:
    """The buildings of the proposal as points, those of one grid in one mark."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)
    where = {each.pk: each for each in reads.buildings(act, community)}
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [stands.lon, stands.lat]},
            "properties": {
                "href": reverse("registry:building", args=[block.id]),
                "title": stands.address,
                "text": str(each.number),
                "state": str(each.number),
                "tone": TONES[each.number % len(TONES)],
            },
        }
        for each in reads.proposals(act, community)
        for block in each.blocks
        if (stands := where[block.id]).lon is not None
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")
