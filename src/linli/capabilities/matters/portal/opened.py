"""What anybody may see: reported and handled lately, by place; never a person, never a word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.placing import rungs
from linli.capabilities.matters.portal.hallway import draw
from linli.capabilities.matters.selectors import resident
from linli.kernel.access.doors import act_in, public
from linli.kernel.places import outlines as shapes
from linli.kernel.places import selectors as places
from linli.kernel.places.datum import WGS84
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

COARSE_M, FINE_M = 120.0, 15.0


def _picked(request: HttpRequest) -> str:
    given = (request.GET.get(n, "") for n in ("community", "street", "district"))
    return next((code[:20] for code in given if code), "")


def _area(code: str) -> int | None:
    found = places.tree().by_code.get(code) if code else None
    return found.id if found else None


@public
@require_safe
def public_page(request: HttpRequest) -> HttpResponse:
    """Figures, map and list of the last thirty days."""
    act = act_in(request)
    picked = _picked(request)
    if not picked and "district" not in request.GET and (home := resident.home_of(act)):
        picked = places.area(home).code
    area = _area(picked)
    rows, after = resident.public_list(act.at, area, request.GET.get("after", ""))
    context = {
        "rows": rows,
        "next": {
            "first_href": f"?district={picked}" if request.GET.get("after") else None,
            "next_href": f"?district={picked}&after={after}" if after else None,
        },
        "figures": selectors.public_figures(act.at, area),
        "area": places.area(area) if area is not None else None,
        "picked": picked,
        "rungs": rungs(picked if area is not None else ""),
    }
    return draw(request, "public", context)


@public
@require_safe
@cache_control(private=True, max_age=60)
def points(request: HttpRequest) -> JsonResponse:
    """Public positions as GeoJSON."""
    return JsonResponse(resident.public_points(act_in(request).at, _area(_picked(request))))


@public
@require_safe
@cache_control(public=True, max_age=3600)
def outlines(request: HttpRequest) -> JsonResponse:
    """Outlines for the ground of a map: districts, what lies below a chosen area, or a community's grids (`around`)."""
    around = _area(request.GET.get("around", "")[:20])
    area = around or _area(_picked(request))
    chosen = places.at_level(Level.DISTRICT)
    if around is not None:
        chosen = _around(places.area(around))
    elif area is not None:
        here = places.area(area)
        chosen = [here] if here.level == Level.COMMUNITY else places.children(here)
    metres = COARSE_M if area is None else FINE_M
    return JsonResponse(shapes.geojson(chosen, metres, WGS84))


def _around(here: Area) -> list[Area]:
    """A community's grids, it and its neighbours; the grids first, so that their names are drawn before the others."""
    above = here.parent_id
    beside = places.children(places.area(above)) if above is not None else [here]
    return [*places.children(here), *beside]
