"""The map of open matters by grid, with the table beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.selectors.counts import TABLE_MOST
from linli.capabilities.matters.verbs import MAP
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.places import layers, outlines
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, level_of
from linli.ui.manifest import Layer
from linli.ui.maps import geojson

SIMPLIFY_M = 30.0
MOST, LISTED = 2000, 50
LEGEND = (
    {"label": _("在期限内"), "tone": "good"},
    {"label": _("快到期"), "tone": "warn"},
    {"label": _("已超期"), "tone": "bad"},
    {"label": _("停表"), "tone": "info"},
)


@require_safe
@needs(MAP.code)
def page(request: HttpRequest) -> HttpResponse:
    """Map and table of open matters in sight; another layer shows what else there is (R095)."""
    act = act_in(request)
    offered = layers.offered(act)
    chosen = next((each for each in offered if each.code == request.GET.get("layer")), None)
    more = _layer(chosen) if chosen else _matters(act, _asked(request))
    context = {
        "layer": chosen,
        "tabs": _tabs(act, offered, chosen),
        "center": _centre(act),
        "listed": LISTED,
        **more,
    }
    return render(request, "matters/desk/map.html", context)


def _tabs(act: Act, offered: list[Layer], chosen: Layer | None) -> list[dict[str, Any]]:
    """The layers, each with how many there are on the map."""
    own = {"label": _("诉求"), "href": "?", "active": chosen is None}
    tabs = [{**own, "count": _said(selectors.map_count(act, Filters(show="open"), MOST + 1))}]
    for each in offered:
        n = _said(each.count(MOST + 1))
        href, active = f"?layer={each.code}", each is chosen
        tabs.append({"label": each.title, "href": href, "active": active, "count": n})
    return tabs


def _said(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def _matters(act: Act, f: Filters) -> dict[str, Any]:
    groups = sorted(selectors.names().policy.groups, key=lambda g: g.order)
    rows = selectors.by_grid(act, f)
    return {
        "f": f,
        "groups": groups,
        "points": f"{reverse('matters:map_points')}?{f.query(show=f.show)}",
        "legend": LEGEND,
        "label": _("在办诉求地图"),
        "rows": [_row(act, f, row) for row in rows],
        "table_most": TABLE_MOST if len(rows) == TABLE_MOST else 0,
    }


def _layer(layer: Layer) -> dict[str, Any]:
    """A layer of another room: its points, the first of them in words, how many say no place."""
    return {
        "points": reverse("matters:map_layer", args=[layer.code]),
        "legend": [{"label": words, "tone": tone} for words, tone in layer.legend],
        "label": layer.label,
        "spots": layer.spots(LISTED),
        "lost": _said(layer.lost(MOST + 1)) if layer.lost else "0",
    }


def _asked(request: HttpRequest) -> Filters:
    """All that is open or only the overdue, of every group or of one."""
    f = filters_from(request.GET, "open")
    return Filters(show="overdue" if f.show == "overdue" else "open", group=f.group)


def _row(act: Act, f: Filters, row: dict[str, Any]) -> dict[str, Any]:
    """A line of the table, named as far as the reader needs to tell it apart."""
    key = row["area_id"]
    below = level_of(act.spans[0].lo) if act.spans else Level.CITY
    area = places.tree().by_id.get(key)
    name = places.path_name(key, below) if area else "—"
    here = f if level_of(key) in (Level.GRID, Level.BUILDING) else replace(f, loose="grid")
    return {
        **row,
        "name": name,
        "loose": here.loose,
        "grid": area.code if area and level_of(key) is Level.GRID and act.sees(key) else "",
        "query": here.query(area=key) or "show=open",
        "late_query": here.query(show="overdue", area=key),
    }


def _centre(act: Act) -> tuple[float, float] | None:
    for span in act.spans:
        if (found := places.centre(places.tree().by_id.get(span.lo))) is not None:
            return found
    return None


@require_safe
@needs(MAP.code)
def points(request: HttpRequest) -> HttpResponse:
    """Open matters as points; each opens its matter."""
    found = selectors.map_points(act_in(request), _asked(request))
    for feature in found["features"]:
        told = feature["properties"]
        told["href"] = reverse("matters:desk_matter", args=[told["number"]])
        told["text"] = f"{told['kind']} · {told['address']}".strip(" ·")
        told["state"] = told["label"]
    return _json(request, json.dumps(found, ensure_ascii=False))


@require_safe
@needs(MAP.code)
def layer(request: HttpRequest, code: str) -> HttpResponse:
    """What a layer of another room shows, as points."""
    chosen = next((each for each in layers.offered(act_in(request)) if each.code == code), None)
    if chosen is None:
        raise Http404(_t("地图上没有这一层，或不在您的权限内。"))
    return _json(request, geojson(chosen.spots(MOST)))


@require_safe
@needs(MAP.code)
def areas(request: HttpRequest) -> HttpResponse:
    """Outlines of the actor's areas and what lies below them."""
    act = act_in(request)
    spans = tuple(sorted((s.lo, s.hi) for s in act.spans))
    return _json(request, _outlines(places.tree().stamp, spans))


@lru_cache(maxsize=256)
def _outlines(stamp: int, spans: tuple[tuple[int, int], ...]) -> str:
    """Kept per process and state of the area tree."""
    chosen: list[Area] = []
    for lo, _hi in spans:
        if lo in places.tree().by_id:
            chosen += [places.area(lo), *places.children(lo)]
    found = outlines.geojson(
        chosen, simplify=SIMPLIFY_M if len(chosen) > 20 else None, datum="WGS-84"
    )
    return json.dumps(found, ensure_ascii=False)


def _json(request: HttpRequest, body: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/geo+json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
