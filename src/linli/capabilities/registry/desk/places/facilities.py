"""Facilities: listed by class and on the map, registered, changed, ended."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry import services
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.selectors import kinds, layers
from linli.capabilities.registry.selectors import organisations as bodies
from linli.capabilities.registry.selectors import places as reads
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import choosing, outlines
from linli.kernel.places import selectors as places
from linli.ui.keys import key_of, pager
from linli.ui.maps import geojson


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Facilities in sight by class of the catalogue, with those that stand on the map."""
    act = act_in(request)
    area, code = choosing.named(act, request.GET.get("area", "")), request.GET.get("code", "")[:16]
    after = key_of(request.GET.get("after", ""))
    rows, onward = reads.facilities(
        act, area=area.pk if area else None, code=code if code.isalnum() else "", after=after
    )
    section = kinds.section()
    narrowed = {k: v for k, v in request.GET.items() if k != "after" and v}
    centre = next(filter(None, map(places.centre, (area, *choosing.own(act)))), None)
    context = {
        "rows": rows,
        "code": code,
        "area": area,
        "areas": choosing.steps(act, area.pk if area else None),
        "classes": [(each.code, each.title) for each in section.facilities.groups]
        + [(each.code, f"　{each.title}") for each in section.facilities.classes],
        "titles": section.facility_titles,
        "states": layers.STATES,
        "tones": layers.TONES,
        "narrowed": bool(narrowed),
        "query": urlencode({"area": area.pk} if area else {}),
        "center": centre,
        "page": pager(narrowed, after, onward),
    }
    return render(request, "registry/places/facilities.html", context)


@require_safe
@needs(READ.code)
def points(request: HttpRequest) -> HttpResponse:
    """Facilities as points; each opens its page."""
    act = act_in(request)
    area = choosing.named(act, request.GET.get("area", ""))
    titles = kinds.section().facility_titles
    tops = [area] if area else choosing.own(act)
    found = [layers.spot_of(row, titles) for top in tops for row in reads.facility_points(act, top)]
    return HttpResponse(geojson(found), content_type="application/geo+json")


@require_safe
@needs(READ.code)
def areas(request: HttpRequest) -> HttpResponse:
    """The outlines of one's own areas and of those below, as the ground of the map."""
    own = choosing.own(act_in(request))
    found = [*own, *(each for top in own for each in places.children(top))]
    body = json.dumps(outlines.geojson(found, datum="WGS-84"), ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")


def _given(act: Act) -> dict[str, Any]:
    """What may be chosen for a facility: classes, places, who looks after it."""
    kept = kinds.of_family(Family.PUBLIC, Family.ECONOMIC, Family.SELF_GOVERNING)
    return {
        "code": [(each.code, each.title) for each in kinds.section().facilities.classes],
        "area": choosing.offered(act),
        "steward_id": bodies.choices(act, kept, blank="—"),
    }


def _kept(act: Act, found: Any = None) -> dict[str, Any]:
    """Where the form leads back to, and its map: around the facility, else around one's own area."""
    at = next(filter(None, map(places.centre, choosing.own(act))), None)
    if found is not None and found.lon is not None:
        at = (found.lon, found.lat)
    return {
        "back": reverse("registry:facilities"),
        "template": "registry/places/facility.html",
        "more": {"center": at, "found": found},
    }


@needs("registry.places.add_facility")
def add(request: HttpRequest) -> HttpResponse:
    """Register a facility."""
    act = act_in(request)
    initial = {"area": key_of(request.GET.get("area", "")), "state": "good"}
    form = forms.FacilityForm(sent(request), initial=initial, **_given(act))

    def run(data: dict[str, Any]) -> None:
        services.places.add_facility(act, **data)

    return asked(request, form, run, title=_("登记设施"), **_kept(act))


def _one(act: Act, pk: int) -> Any:
    found = reads.facility(act, pk)
    if found is None:
        raise Http404(_t("没有这个设施，或不在您的范围内。"))
    return found


@needs("registry.places.change_facility")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a facility; one that goes to another grid is registered there."""
    act = act_in(request)
    found = _one(act, pk)
    initial = {
        name: getattr(found, name) for name in forms.FacilityForm.base_fields if name != "area"
    }
    form = forms.FacilityForm(
        sent(request), initial={**initial, "area": found.area_id}, **_given(act)
    )

    def run(data: dict[str, Any]) -> None:
        if data.pop("area") != found.area_id:
            raise Refusal(_("换网格请注销后在新网格登记。"), field="area", code="area")
        services.places.change_facility(act, found, changes=data)

    return asked(request, form, run, title=found.name, **_kept(act, found))


@needs("registry.places.end_facility")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a facility that is no longer there."""
    act = act_in(request)
    found = _one(act, pk)

    def run(data: dict[str, Any]) -> None:
        services.places.end_facility(act, found, **data)

    title = _t("%(name)s：%(what)s") % {"name": found.name, "what": _t("注销设施")}
    back = reverse("registry:facilities")
    return asked(request, forms.EndForm(sent(request)), run, title=title, back=back, danger=True)
