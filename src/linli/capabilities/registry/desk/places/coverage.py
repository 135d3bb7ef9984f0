"""Whether every home lies in exactly one comprehensive grid, and drawing grids on the map."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.forms.records import DedicatedForm, OutlineForm
from linli.capabilities.registry.policy import Judged
from linli.capabilities.registry.selectors import grids as reads
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import places as elements_of
from linli.capabilities.registry.services import grids as services
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import outlines
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.keys import key_of, pager

DRAW = "registry.places.draw_grids"
WGS84, PAGE = "WGS-84", 50
WHY = {
    "no_grid": _("没有划进网格"),
    "dedicated": _("只在专属网格里"),
    "elsewhere": _("登记的网格和站的位置不一致"),
    "outside": _("站在所有网格外面"),
}


def _communities(act: Act) -> list[Area]:
    found: list[Area] = []
    for span in act.spans:
        top = places.tree().by_id.get(span.lo)
        if top is not None:
            found += [top] if top.level == Level.COMMUNITY else []
            found += list(places.descendants(top, Level.COMMUNITY))
    return list(dict.fromkeys(found))


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """The communities in sight, to be looked into one by one."""
    act = act_in(request)
    q = request.GET.get("q", "").strip()[:40]
    found = [each for each in _communities(act) if q in each.name]
    if len(found) == 1 and not q:
        return HttpResponseRedirect(reverse("registry:coverage_page", args=[found[0].code]))
    after = key_of(request.GET.get("after", "")) or 0
    found = sorted((each for each in found if each.pk > after), key=lambda each: each.pk)
    shown = found[:PAGE]
    following = shown[-1].pk if len(found) > PAGE else None
    rows = [(each, len(places.descendants(each, Level.GRID))) for each in shown]
    context = {"rows": rows, "q": q, "page": pager({"q": q}, after, following)}
    return render(request, "registry/places/coverage.html", context)


def area_in(act: Act, code: str, level: Level | None = None) -> Area:
    """A present area in sight by its code, of a level where one is named; else 404."""
    try:
        found = places.by_code(code)
    except Area.DoesNotExist:
        found = None
    if found is None or not act.sees(found.pk) or (level and found.level != level):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    return found


def _check_context(act: Act, community: Area, after: str = "") -> dict[str, Any]:
    check = reads.check(act, community)
    begun = reads.place(after)
    strays = [(at, each) for at, each in check.strays if begun is None or at > begun]
    shown = strays[:PAGE]
    following = "-".join(map(str, shown[-1][0])) if len(strays) > PAGE else None
    return {
        "c": community,
        "check": check,
        "strays": [(WHY[each.why], each) for _at, each in shown],
        "page": pager({}, begun, following),
        "grids": places.descendants(community, Level.GRID),
        "editions": reads.editions(act, community),
        "center": places.centre(community),
    }


@require_safe
@needs(READ.code)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One community: gaps, overlaps, and buildings that do not lie where they are filed (R123)."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)
    context = _check_context(act, community, request.GET.get("after", ""))
    return render(request, "registry/places/coverage_page.html", context)


@require_safe
@needs(READ.code)
def grids(request: HttpRequest, code: str) -> HttpResponse:
    """The community's outline and its grids' as GeoJSON."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)
    found = outlines.geojson([community, *places.descendants(community, Level.GRID)], datum=WGS84)
    body = json.dumps(found, ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")


@needs("registry.places.dedicated_grid")
def dedicated(request: HttpRequest, code: str) -> HttpResponse:
    """Set up a dedicated grid beside the comprehensive ones (R124)."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)

    def run(data: dict[str, Any]) -> str:
        made = services.add_dedicated(act, community.pk, **data)
        return f"{reverse('registry:coverage_draw', args=[code])}?grid={made.pk}"

    return asked(
        request,
        DedicatedForm(sent(request)),
        run,
        title=_t("%(name)s：%(what)s") % {"name": community.name, "what": _t("设立专属网格")},
        back=reverse("registry:coverage_page", args=[code]),
        hint=_("学校、市场、园区、机关等单设的网格，与综合网格并存；设立后在地图上画出范围。"),
    )


@needs(DRAW)
def draw(request: HttpRequest, code: str) -> HttpResponse:
    """Draw a grid's outline, by mouse or by pasting it; judged before it is kept."""
    act = act_in(request)
    community = area_in(act, code, Level.COMMUNITY)
    offered = [(each.pk, each.name) for each in places.descendants(community, Level.GRID)]
    first = request.GET.get("grid", "")
    form = OutlineForm(sent(request), grids=offered, initial={"grid": first})
    judged = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            drawn = {data["grid"]: _outline(data["outline"])}
            if request.POST.get("sure") == "yes":
                services.draw(
                    act,
                    community.pk,
                    outlines=drawn,
                    datum=WGS84,
                    source=data["source"],
                    on=data["on"],
                    refile=data["refile"],
                )
                back = reverse("registry:coverage_page", args=[community.code])
                return HttpResponseRedirect(back, status=303)
            judged = services.judge(act, community.pk, drawn, datum=WGS84)[0]
        except Refusal as refusal:
            form.add_error("outline" if refusal.field == "outlines" else None, str(refusal))
    context = {
        "c": community,
        "form": form,
        "judged": judged,
        "center": places.centre(community),
        "offered": offered,
    }
    status = 422 if form.errors else 200
    return render(request, "registry/places/draw.html", context, status=status)


def _outline(text: str) -> dict[str, Any]:
    """A geometry, a feature or a collection of one, as people paste it."""
    try:
        found = json.loads(text)
    except ValueError:
        raise Refusal(_("这不是 GeoJSON，请重新粘贴。"), field="outlines", code="json") from None
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        found = (found.get("features") or [{}])[0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict):
        raise Refusal(_("这不是 GeoJSON，请重新粘贴。"), field="outlines", code="json")
    return found


@require_safe
@needs(READ.code)
def elements(request: HttpRequest, code: str) -> HttpResponse:
    """People, homes, units and facilities of a grid or community in numbers (R127)."""
    act = act_in(request)
    area = area_in(act, code)
    lists = kinds.section().checklists_of(Judged.GRID, timezone.localdate(act.at))
    checklist = lists[0] if lists and area.level == Level.GRID else None
    context = {
        "a": area,
        "n": elements_of.elements(act, area),
        "checklist": checklist,
        "judged": elements_of.assessment(act, area, checklist.code) if checklist else None,
    }
    part = "registry/places/_elements.html"
    whole = "registry/places/elements.html"
    return render(request, part if getattr(request, "htmx", False) else whole, context)
