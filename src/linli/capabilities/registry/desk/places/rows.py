"""The rows behind an area's numbers: its buildings, its homes, who is at work there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.desk.places.coverage import area_in
from linli.capabilities.registry.desk.places.estates import USES
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import organisations as bodies
from linli.capabilities.registry.selectors import places as reads
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.ui.keys import key_of, pager

KINDS = {
    "block": _("楼栋"),
    "courtyard": _("院落"),
    "house": _("独立房屋"),
    "office": _("商务楼宇"),
    "public": _("公共建筑"),
}


@require_safe
@needs(READ.code)
def buildings(request: HttpRequest, code: str) -> HttpResponse:
    """The buildings of a community or grid."""
    act = act_in(request)
    area, after = area_in(act, code), key_of(request.GET.get("after", ""))
    found, following = reads.buildings_in(act, area, after=after)
    context = {"a": area, "rows": found, "kinds": KINDS, "page": pager({}, after, following)}
    return render(request, "registry/places/buildings.html", context)


@require_safe
@needs(READ.code)
def homes(request: HttpRequest, code: str) -> HttpResponse:
    """The homes of a community or grid, with who many live there."""
    act = act_in(request)
    area, after = area_in(act, code), key_of(request.GET.get("after", ""))
    found = reads.homes_of(act, area, timezone.localdate(act.at), after=after)
    context = {"a": area, "found": found, "uses": USES, "page": pager({}, after, found.next)}
    return render(request, "registry/places/homes.html", context)


@require_safe
@needs(READ.code)
def stations(request: HttpRequest, code: str) -> HttpResponse:
    """Who is at work in a community or grid without being of it: stationed units, attached branches (R016, R030)."""
    act = act_in(request)
    area = area_in(act, code)
    context = {
        "a": area,
        "rows": bodies.stationed(act, area, timezone.localdate(act.at)),
        "kinds": kinds.section().station_by_code,
        "title_of": kinds.title,
    }
    return render(request, "registry/places/stations.html", context)
