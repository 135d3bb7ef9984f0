"""The grids at the desk: who stands on each, what is open there, and whether they cover the community."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.selectors import grids as reads
from linli.capabilities.matters.verbs import MAP
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.hats import post_of
from linli.kernel.acts import Act
from linli.kernel.places import outlines
from linli.kernel.places import selectors as places
from linli.kernel.places.geometry import Coverage
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, level_of

UNITS = {
    "general": _("居民小区（楼栋）"),
    "dedicated": _("机关事业单位、工商企业集聚地等"),
}
GAPS_MOST = 8


@require_safe
@needs(MAP.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Grids in sight by community: staffing, vacancies, open and overdue matters; the cover on demand."""
    act = act_in(request)
    vacant, q = request.GET.get("vacant") == "1", request.GET.get("q", "").strip()[:40]
    after = request.GET.get("after", "")
    usable = after.isdecimal() and len(after) < 20
    found = reads.overview(act, vacant=vacant, q=q, after=int(after) if usable else 0)
    asked = {name: value for name, value in (("q", q), ("vacant", "1" if vacant else "")) if value}
    address = reverse("matters:grids")
    checked = reads.check_coverage(act, request.GET.get("check", ""))
    context = {
        "found": found,
        "q": q,
        "vacant": vacant,
        "page": _pager(address, asked, found.next, moved=usable),
        "checked": _said(checked) if checked else None,
        "asked_query": {**asked, **({"after": after} if usable else {})},
        "path_name": _place_name(act),
        "post_title": _post_title,
        "unsited": not act.spans,
        "query": _query,
    }
    return render(request, "matters/desk/grids.html", context)


def _pager(
    address: str, asked: dict[str, str], after: int | None, *, moved: bool
) -> dict[str, str]:
    onward = f"{address}?{_query(**asked, after=after)}" if after else ""
    return {"next_href": onward, "first_href": f"{address}?{urlencode(asked)}" if moved else ""}


def _query(**given: Any) -> str:
    return urlencode(given)


def _post_title(code: str) -> str:
    post = post_of(code)
    return str(post.title) if post else code


def _place_name(act: Act) -> Any:
    """Names as far as the reader needs to tell places apart."""
    below = level_of(act.spans[0].lo) if act.spans else Level.CITY

    def named(area: Area) -> str:
        return places.path_name(area, below) if below in _ABOVE else area.name

    return named


_ABOVE = (Level.PROVINCE, Level.CITY, Level.DISTRICT)


def _said(checked: reads.Checked) -> dict[str, Any]:
    """A check in words: whole, or each gap and each overlap."""
    lines = [_t("%(grid)s还没有边界，无法核对。") % {"grid": each} for each in checked.unbounded]
    if checked.found is not None:
        lines += _faults(checked, checked.found)
    tone = "warn" if checked.found is None else "good" if checked.whole else "bad"
    return {"tone": tone, "title": _title(checked), "lines": lines, "code": checked.area.code}


def _title(checked: reads.Checked) -> str:
    name, found = checked.area.short_name, checked.found
    if found is None and not checked.grids:
        return _t("%(name)s还没有划分综合网格。") % {"name": name}
    if found is None:
        return _t("%(name)s缺少边界，无法检查覆盖。") % {"name": name}
    if checked.whole:
        words = _t("%(name)s的 %(n)s 个综合网格覆盖完整，没有空白，也没有重叠。")
        return words % {"name": name, "n": checked.grids}
    words = _t("%(name)s：空白 %(gaps)s 平方米（%(n)s 处），重叠 %(overlaps)s 平方米（%(m)s 处）。")
    return words % {
        "name": name,
        "gaps": f"{found.gaps_m2:.0f}",
        "n": len(found.gaps),
        "overlaps": f"{found.overlaps_m2:.0f}",
        "m": len(checked.overlapping),
    }


def _faults(checked: reads.Checked, found: Coverage) -> list[str]:
    lines = [
        _t("%(one)s与%(other)s重叠。") % {"one": one, "other": other}
        for one, other in checked.overlapping
    ]
    lines += [
        _t("东经 %(lon)s、北纬 %(lat)s 附近没有网格。") % {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}
        for lon, lat in found.gaps[:GAPS_MOST]
    ]
    if len(found.gaps) > GAPS_MOST:
        lines.append(_t("另有 %(n)s 处空白。") % {"n": len(found.gaps) - GAPS_MOST})
    return lines


def _grid(act: Act, code: str) -> Area:
    found = reads.find_grid(act, code)
    if found is None:
        raise Http404(_t("没有这个网格，或不在您的范围内。"))
    return found


@require_safe
@needs(MAP.code)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One grid: outline, kind, staff, open matters, thirty days, the eight duties."""
    act = act_in(request)
    grid = _grid(act, code)
    found = reads.grid_page(act, grid)
    since = Filters(show="all", area=grid.pk, since=found.since)
    context = {
        "g": found,
        "center": places.centre(grid),
        "kind": grid.get_kind_display() if grid.kind in UNITS else "",
        "basis": UNITS.get(grid.kind, ""),
        "post_title": _post_title,
        "around": places.path_name(found.community),
        "queries": {
            "open": Filters(area=grid.pk).query(show="open"),
            "late": since.query(show="overdue", since=None),
            "received": since.query(),
            "in_time": since.query(on_time="yes"),
            "satisfied": since.query(satisfied="yes"),
        },
        "duty_source": next((line.duty.source for line in found.duties), None),
    }
    return render(request, "matters/desk/grid.html", context)


@require_safe
@needs(MAP.code)
def outline(request: HttpRequest, code: str) -> HttpResponse:
    """The outline of one grid as GeoJSON."""
    found = outlines.geojson([_grid(act_in(request), code)], datum="WGS-84")
    body = json.dumps(found, ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")
