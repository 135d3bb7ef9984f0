"""The directory of organisations, one of them, and the totals that are counted from them."""

from __future__ import annotations

from datetime import date
from typing import Any
from unicodedata import normalize

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.desk.organisations.stages import columns
from linli.capabilities.registry.policy import Checklist, Family, Judged
from linli.capabilities.registry.selectors import figures as counts
from linli.capabilities.registry.selectors import filings as filed
from linli.capabilities.registry.selectors import kinds, stages
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.selectors.organisations import Filters
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.ui.keys import key_of, pager

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
    if sent.get("party") in ("yes", "no") and not kind:
        chosen = tuple(kinds.covered())
    found = Filters(
        q=str(sent.get("q", "")).replace("\x00", "").strip()[:60],
        kinds=chosen,
        label=str(sent.get("label", ""))[:40],
        party=sent.get("party", "") if sent.get("party") in ("yes", "no") else "",
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
        "areas": choosing.steps(act, f.area),
        "title_of": kinds.title,
        "states": STATES,
        "entries": ENTRIES,
        "narrowed": bool(asked),
        "page": pager(asked, after, found.next),
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
    d = reads.page(act, found, day)
    posts = kinds.filed_posts()
    filings = filed.of([each.pk for each in (*d.holdings, *d.former) if each.post in posts])
    asked = {each.pk for each in d.holdings if kinds.filed(found, each.post, day)}
    context = {
        "o": found,
        "d": d,
        "filings": filings,
        "unfiled": asked - set(filings),
        "title_of": kinds.title,
        "states": STATES,
        "entries": ENTRIES,
        "followed": FOLLOWED,
        "posts": section.post_by_code,
        "lists": _checklists(day),
        "attributes": {each.code: each.title for each in section.attributes},
        "asks": bool((known := kinds.kind(found.kind)) and known.asks),
        "schooling": dict(dictionary.choices("education")),
        "covered": found.kind in kinds.covered(),
        "coverer": reads.find(act, found.more["party"]) if found.more.get("party") else None,
        "yearly": found.kind in kinds.of_family(Family.SOCIAL),
        "checked": sorted(found.more.get("checks", {}).items(), reverse=True),
        "has_posts": bool(section.posts_of(found.kind)),
        "station_kinds": section.station_by_code,
        "hosting": any(found.kind in each.hosts for each in section.station_kinds),
        "labels": {each.code: each.title for each in section.organisation_labels},
        "political": dict(dictionary.choices("political")),
        "expired": bool(found.valid_until and found.valid_until < day),
        "mine": act.sees(found.area_id),
        **_standard(found, day),
    }
    return render(request, "registry/organisations/page.html", context)


def _standard(found: Any, day: date) -> dict[str, Any]:
    """The list by which a body is judged year by year, with its years."""
    checklist = stages.checklist_of(found.kind, day)
    if checklist is None:
        return {"standard": None}
    years = stages.years(found, checklist)
    return {"standard": checklist, "years": years, "due": checklist.due(day.year)}


def _checklists(day: date) -> dict[str, Checklist]:
    """The list in force that judges a post or a way of being there, by its code."""
    section = kinds.section()
    found: dict[str, Checklist] = {}
    for of in (Judged.HOLDING, Judged.STATION):
        for each in section.checklists_of(of, day):
            found |= dict.fromkeys((*each.posts, *each.stations), each)
    return found


@require_safe
@needs(READ.code)
def reserve(request: HttpRequest) -> HttpResponse:
    """The reserve list, by age and education (R032, R033)."""
    act = act_in(request)
    typed = request.GET.get("oldest", "").strip()[:20]
    oldest = key_of(normalize("NFKC", typed))
    education = request.GET.get("education", "")[:2]
    after = key_of(request.GET.get("after", ""))
    rows, following = reads.reserve(
        act, timezone.localdate(act.at), oldest=oldest, education=education, after=after
    )
    schooling = dictionary.choices("education")
    context = {
        "rows": rows,
        "page": pager({"oldest": oldest, "education": education}, after, following),
        "oldest": oldest or typed,
        "wrong": bool(typed) and oldest is None,
        "education": education,
        "schooling": dict(schooling),
        "levels": [(code, title) for code, title in schooling if code.endswith("0")],
        "narrowed": bool(oldest or education),
    }
    return render(request, "registry/organisations/reserve.html", context)


@require_safe
@needs(READ.code)
def figures(request: HttpRequest) -> HttpResponse:
    """Committees, members, sizes against the norm, coverage: counted, never typed (R001–R008, R024, R030, R031, R214)."""
    act = act_in(request)
    day = timezone.localdate(act.at)
    chosen = choosing.named(act, request.GET.get("area", ""))
    area = chosen or next(iter(choosing.own(act)), None)
    part = request.GET.get("part", "committees")
    context: dict[str, Any] = {"area": area, "day": day, "types": TYPES, "part": part}
    if area is not None:
        context |= _counted(act, area, day, part)
    parts = (
        ("committees", _("居（村）委会")),
        ("party", _("党组织覆盖")),
        ("social", _("社会组织")),
        ("grids", _("网格和院落")),
    )
    area_part = f"&area={area.pk}" if chosen and area is not None else ""
    context["tabs"] = [
        {"label": title, "href": f"?part={code}{area_part}", "active": code == part}
        for code, title in parts
    ]
    context["areas"] = choosing.steps(act, area.pk if area else None)
    return render(request, "registry/organisations/figures.html", context)


def _counted(act: Act, area: Any, day: date, part: str) -> dict[str, Any]:
    """The figures of one part of the page."""
    if part == "party":
        return {
            "streets": _per_street(act, area, day, Family.PARTY),
            "judged": _judged(act, area, day, Judged.HOLDING),
            "climbs": _climbs(act, area, day),
            "grids": counts.branches_on_grids(act, area, day),
            "uncovered": counts.without_party(act, area, day),
        }
    if part == "social":
        return {
            "streets": _per_street(act, area, day, Family.SOCIAL),
            "judged": _judged(act, area, day, Judged.STATION),
            "social": counts.social(act, area, day),
            "incubation": counts.incubation(act, area, day),
            "title_of": kinds.title,
            "labels": {each.code: each.title for each in kinds.section().organisation_labels},
            "entries": ENTRIES,
        }
    if part == "grids":
        return {
            "judged": _judged(act, area, day, Judged.GRID),
            "grids": counts.branches_on_grids(act, area, day),
            "buildings": counts.branches_on_buildings(act, area, day),
            "governed": counts.governed(act, area, day),
        }
    counted = counts.ground(act, area, day)
    return {
        "committees": counts.committees(act, area, day),
        "averages": [counts.averages((type_,), counted) for type_ in TYPES],
        "sizes": counts.sizes(counted, day),
    }


def _per_street(
    act: Act, area: Any, day: date, family: Family
) -> list[tuple[str, str, counts.Coverage | None]]:
    """Code, title and coverage of the kinds that a street is to have; below a street nothing is counted."""
    found = counts.per_street(act, area, day)
    below = places.street_of(area.pk) not in (None, area.pk)
    codes = kinds.of_family(family)
    return [
        (code, kinds.title(code), None if below else each) for code, each in found if code in codes
    ]


def _climbs(act: Act, area: Any, day: date) -> list[dict[str, Any]]:
    """How far bodies have come on each list of stages, place by place."""
    return [
        {
            "list": each,
            "due": each.due(day.year),
            "columns": columns(each),
            "places": stages.by_place(act, area, each, day),
        }
        for each in kinds.section().checklists_of(Judged.ORGANISATION, day)
    ]


def _judged(act: Act, area: Any, day: date, of: Judged) -> list[counts.Judgement]:
    lists = kinds.section().checklists_of(of, day)
    return [counts.judgement(act, area, each, day) for each in lists]
