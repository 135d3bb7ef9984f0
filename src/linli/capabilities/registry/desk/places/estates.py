"""Estates with their buildings, a building with its homes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import places as reads
from linli.capabilities.registry.selectors.places import Filters
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.places import choosing
from linli.kernel.places import selectors as areas
from linli.ui.keys import key_of, pager

KINDS = {
    "commodity": _("商品房小区"),
    "old": _("老旧小区"),
    "resettlement": _("农民集中安置区"),
    "unit": _("单位宿舍"),
    "village": _("自然村"),
    "group": _("村民小组"),
    "courtyard": _("院落"),
    "other": _("其他"),
}
USES = {
    "own": _("自住"),
    "let": _("出租"),
    "lent": _("借住"),
    "empty": _("空置"),
    "business": _("经营"),
    "": _("未采集"),
}
FLAGS = (
    ("below", _("院落和村组")),
    ("three_without", _("三无小区")),
    ("old", _("老旧小区")),
    ("fringe", _("城乡结合部")),
)


def filters_from(sent: Any) -> Filters:
    """The filter that a query string says."""
    kind = str(sent.get("kind", ""))
    flags = {name: sent.get(name) == "yes" for name, _title in FLAGS}
    return Filters(
        q=str(sent.get("q", "")).replace("\x00", "").strip()[:60],
        kind=kind if kind in KINDS else "",
        area=key_of(str(sent.get("area", ""))),
        ended=sent.get("ended") == "yes",
        **flags,
    )


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Estates and villages in sight; three-without and old ones by one click (R017–R019)."""
    act, f = act_in(request), filters_from(request.GET)
    if f.area is not None and not act.sees(f.area):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    after = key_of(request.GET.get("after", ""))
    found = reads.estates(act, f, after=after)
    asked = {k: v for k, v in request.GET.items() if k != "after" and v}
    none = not any(getattr(f, name) for name, _title in FLAGS)
    tabs = [{"label": _("全部"), "href": "?", "active": none}]
    tabs += [
        {"label": title, "href": f"?{name}=yes", "active": getattr(f, name)}
        for name, title in FLAGS
    ]
    context = {
        "found": found,
        "f": f,
        "tabs": tabs,
        "kinds": KINDS,
        "areas": choosing.steps(act, f.area),
        "narrowed": bool(asked),
        "flag": next((name for name, _title in FLAGS if getattr(f, name)), ""),
        "page": pager(asked, after, found.next),
    }
    return render(request, "registry/places/estates.html", context)


def one_estate(act: Act, pk: int) -> Any:
    """An estate in sight, or 404."""
    found = reads.estate(act, pk)
    if found is None:
        raise Http404(_t("没有这个小区，或不在您的范围内。"))
    return found


def one_building(act: Act, pk: int) -> Any:
    """A building in sight, or 404."""
    found = reads.building(act, pk)
    if found is None:
        raise Http404(_t("没有这栋楼，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def estate(request: HttpRequest, pk: int) -> HttpResponse:
    """One estate: who looks after it, its buildings."""
    act = act_in(request)
    found = one_estate(act, pk)
    buildings = reads.buildings(act, estate=found.pk)
    context = {
        "e": found,
        "buildings": buildings,
        "homes": sum(each.n_homes for each in buildings),  # type: ignore[attr-defined]
        "bodies": reads.bodies_at(act, estate=found),
        "station_kinds": kinds.section().station_by_code,
        "kinds": KINDS,
        "around": areas.near_name(found.area_id),
    }
    return render(request, "registry/places/estate.html", context)


@require_safe
@needs(READ.code)
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """One building: its homes unit by unit, with who many live behind each door."""
    act = act_in(request)
    found = one_building(act, pk)
    lines = reads.homes(act, found, timezone.localdate(act.at))
    context = {
        "b": found,
        "lines": lines,
        "bodies": reads.bodies_at(act, building=found),
        "station_kinds": kinds.section().station_by_code,
        "residents": sum(each.residents for each in lines),
        "empty": sum(not each.residents for each in lines),
        "uses": USES,
        "around": areas.near_name(found.area_id),
    }
    return render(request, "registry/places/building.html", context)
