"""The directory of organisations, one of them, and the totals that are counted from them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.desk.asking import key_of
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.selectors import doors, kinds
from linli.capabilities.registry.selectors import figures as counts
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.selectors.organisations import Filters
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import selectors as places

FAMILIES = (
    (Family.SELF_GOVERNING, _("自治组织")),
    (Family.PARTY, _("党组织")),
    (Family.SOCIAL, _("社会组织")),
    (Family.ECONOMIC, _("企业")),
    (Family.PUBLIC, _("机关事业单位")),
    (Family.OWNERS, _("业主组织")),
)
STATES = {"active": _("存续"), "abnormal": _("异常"), "ended": _("已终止")}
ENTRIES = {"registered": _("已登记"), "filed": _("已备案")}
FOLLOWED = {
    "rename": _("更名"),
    "merge": _("合并"),
    "split": _("分立"),
    "replace": _("职能划转"),
}
TYPES = {"urban": _("城市社区"), "rural": _("农村社区")}


def filters_from(sent: Any) -> tuple[Filters, str]:
    """The filter that a query string says, and the family that is open."""
    family = sent.get("family", "")
    family = family if family in {str(code) for code, _title in FAMILIES} else ""
    kind = str(sent.get("kind", ""))[:40]
    chosen = (kind,) if kind else tuple(kinds.of_family(Family(family))) if family else ()
    found = Filters(
        q=str(sent.get("q", "")).replace("\x00", "").strip()[:60],
        kinds=chosen,
        label=str(sent.get("label", ""))[:40],
        state="abnormal" if sent.get("state") == "abnormal" else "",
        area=key_of(str(sent.get("area", ""))),
        ended=sent.get("ended") == "yes",
    )
    return found, family


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Organisations in sight; an old name leads to what it is called today."""
    act = act_in(request)
    f, family = filters_from(request.GET)
    after = key_of(request.GET.get("after", ""))
    if f.area is not None and not act.sees(f.area):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    found = reads.directory(act, f, after=after)
    asked = {k: v for k, v in request.GET.items() if k != "after" and v}
    tabs = [{"label": _("全部"), "href": "?", "active": not family}]
    tabs += [
        {"label": title, "href": f"?family={code}", "active": family == code}
        for code, title in FAMILIES
    ]
    section = kinds.section()
    kept = [k for k in section.organisation_kinds if not family or k.family == family]
    context = {
        "found": found,
        "f": f,
        "family": family,
        "kind": request.GET.get("kind", ""),
        "tabs": tabs,
        "kinds": [(k.code, k.called) for k in kept],
        "labels": [(each.code, each.title) for each in section.organisation_labels],
        "areas": doors.areas_to_filter(act),
        "title_of": kinds.title,
        "states": STATES,
        "entries": ENTRIES,
        "narrowed": bool(asked),
        "page": {
            "next_href": f"?{urlencode({**asked, 'after': found.next})}" if found.next else None,
            "first_href": f"?{urlencode(asked)}" if after else None,
        },
    }
    return render(request, "registry/organisations/list.html", context)


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: who holds its posts, where it is at work, what it was and what became of it."""
    act = act_in(request)
    found = reads.find(act, pk)
    if found is None:
        raise Http404(_t("没有这个组织，或不在您的范围内。"))
    day = timezone.localdate(act.at)
    section = kinds.section()
    context = {
        "o": found,
        "d": reads.page(act, found, day),
        "title_of": kinds.title,
        "states": STATES,
        "entries": ENTRIES,
        "followed": FOLLOWED,
        "posts": {each.code: each.title for each in section.organisation_posts},
        "has_posts": bool(section.posts_of(found.kind)),
        "station_kinds": {each.code: each.title for each in section.station_kinds},
        "labels": {each.code: each.title for each in section.organisation_labels},
        "political": dict(dictionary.choices("political")),
        "expired": bool(found.valid_until and found.valid_until < day),
        "mine": act.sees(found.area_id),
    }
    return render(request, "registry/organisations/page.html", context)


@require_safe
@needs(READ.code)
def figures(request: HttpRequest) -> HttpResponse:
    """Committees, members, sizes against the norm, coverage: counted, never typed (R001–R008, R024, R030, R031, R214)."""
    act = act_in(request)
    day = timezone.localdate(act.at)
    tops = [t for span in act.spans if (t := places.tree().by_id.get(span.lo)) is not None]
    chosen = key_of(request.GET.get("area", ""))
    if chosen is not None and not act.sees(chosen):
        raise Http404(_t("没有这个区域，或不在您的范围内。"))
    area = places.tree().by_id.get(chosen) if chosen else (tops[0] if tops else None)
    part = request.GET.get("part", "committees")
    context: dict[str, Any] = {"area": area, "day": day, "types": TYPES, "part": part}
    if area is not None:
        context |= _counted(act, area, day, part)
    parts = (
        ("committees", _("居（村）委会")),
        ("party", _("党组织覆盖")),
        ("social", _("社会组织")),
    )
    area_part = f"&area={area.pk}" if chosen and area is not None else ""
    context["tabs"] = [
        {"label": title, "href": f"?part={code}{area_part}", "active": code == part}
        for code, title in parts
    ]
    context["areas"] = doors.areas_to_filter(act)
    return render(request, "registry/organisations/figures.html", context)


def _counted(act: Act, area: Any, day: date, part: str) -> dict[str, Any]:
    """The figures of one part of the page."""
    if part == "party":
        return {
            "stations": counts.guidance_stations(act, area, day),
            "grids": counts.branches_on_grids(act, area, day),
            "uncovered": counts.without_party(act, area, day),
        }
    if part == "social":
        return {
            "social": counts.social(act, area, day),
            "title_of": kinds.title,
            "labels": {each.code: each.title for each in kinds.section().organisation_labels},
            "entries": ENTRIES,
        }
    return {
        "committees": counts.committees(act, area, day),
        "averages": [counts.averages(act, area, (type_,), day) for type_ in TYPES],
        "sizes": counts.sizes(act, area, day),
    }
