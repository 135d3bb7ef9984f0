"""The map of open matters by grid, with the table beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.selectors.counts import TABLE_MOST
from linli.capabilities.matters.verbs import MAP
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.places import outlines
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, level_of

SIMPLIFY_M = 30.0
LAYERS = {"": _("诉求"), "facilities": _("设施"), "marked": _("重点人员")}
POINTS = {"facilities": "registry:facility_points", "marked": "registry:marked_points"}
LABELS = {
    "": _("在办诉求地图"),
    "facilities": _("设施在哪里"),
    "marked": _("有敏感标签的人住在哪些楼，只显示人数"),
}
# Of a whole district nobody needs a map of people with marks.
NEAR = (Level.STREET, Level.COMMUNITY, Level.GRID)
STANDING = (
    {"label": _("完好"), "tone": "good"},
    {"label": _("损坏"), "tone": "warn"},
    {"label": _("缺失"), "tone": "bad"},
)
LEGEND = (
    {"label": _("在期限内"), "tone": "good"},
    {"label": _("快到期"), "tone": "warn"},
    {"label": _("已超期"), "tone": "bad"},
    {"label": _("停表"), "tone": "info"},
)

LEGENDS = {
    "": LEGEND,
    "facilities": STANDING,
    "marked": ({"label": _("重点人员"), "tone": "info"},),
}


@require_safe
@needs(MAP.code)
def page(request: HttpRequest) -> HttpResponse:
    """Map and table of open matters in sight; another layer shows what stands there (R095)."""
    act = act_in(request)
    f = _asked(request)
    groups = sorted(selectors.names().policy.groups, key=lambda g: g.order)
    query = f.query(show=f.show)
    rows = selectors.by_grid(act, f)
    layers = {code: title for code, title in LAYERS.items() if _may(act, code)}
    layer = request.GET.get("layer", "")
    layer = layer if layer in layers else ""
    context = {
        "f": f,
        "groups": groups,
        "layer": layer,
        "layers": [
            {"label": title, "href": f"?layer={code}" if code else "?", "active": code == layer}
            for code, title in layers.items()
        ],
        "points": reverse(POINTS[layer]) if layer else f"{reverse('matters:map_points')}?{query}",
        "center": _centre(act),
        "legend": LEGENDS[layer],
        "label": LABELS[layer],
        "rows": [_row(act, f, row) for row in rows],
        "most": TABLE_MOST if len(rows) == TABLE_MOST else 0,
    }
    return render(request, "matters/desk/map.html", context)


def _may(act: Act, layer: str) -> bool:
    """Whether a layer is for the actor: people with marks for whoever may see the marks, of a street at most."""
    if not layer:
        return True
    if layer == "facilities":
        return act.may("registry.read") and bool(act.spans)
    near = bool(act.spans) and all(level_of(span.lo) in NEAR for span in act.spans)
    return near and act.sensitive and act.may("registry.sensitive_marks")


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
