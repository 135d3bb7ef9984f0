"""The roll of people: one box, tabs by ground, filters, saved filters, columns; rows by keyset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.registry.forms.people import (
    NarrowForm,
    SaveFilterForm,
    filters_from,
    refuse,
)
from linli.capabilities.registry.selectors import doors, finding, roll
from linli.capabilities.registry.selectors import places as ground
from linli.capabilities.registry.selectors.roll import SHOWS, Filters, Page
from linli.capabilities.registry.selectors.search import search
from linli.capabilities.registry.selectors.telling import (
    COLUMNS,
    GAPS,
    USUAL,
    policy,
    tag_choices,
    words,
)
from linli.capabilities.registry.verbs import READ, SENSITIVE
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.selectors import saved_filters
from linli.kernel.access.services import drop_filter, save_filter
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places

PAGE_NAME = "registry:people"
COOKIE = "people_columns"
UNDERSTOOD = {
    "number": _("按证件号码查找"),
    "phone": _("按电话查找"),
    "address": _("按住址查找"),
    "name": _("按姓名查找"),
    "tag": _("按标签查找"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in use, with the way to drop it."""

    words: str
    href: str


def columns_of(request: HttpRequest) -> tuple[str, ...]:
    """The columns a person chose, in the house's order."""
    chosen = request.COOKIES.get(COOKIE, "").split(".")
    return tuple(name for name in COLUMNS if name in chosen) or USUAL


def panel(
    request: HttpRequest, part: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A small page, drawn bare when a sheet asks for it."""
    page = "ui/sheet.html" if getattr(request, "htmx", False) else "registry/people/panel.html"
    whole = {**context, "panel_title": title, "part": f"registry/people/_{part}.html"}
    return render(request, page, whole, status=status)


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """One page of the people in sight, or the answers to what was typed into the box."""
    act, f = act_in(request), filters_from(request.GET)
    q, after = (
        request.GET.get("q", "").replace("\x00", "").strip()[:60],
        request.GET.get("after", "")[:200],
    )
    kind, page = _answers(act, q, after) if q else ("", roll.listed(act, f, after))
    page.base = urlencode({"q": q}) if q else f.query()
    context = {
        "page": page,
        "f": f,
        "q": q,
        "understood": UNDERSTOOD.get(kind, ""),
        "kind": kind,
        "tabs": [(code, words()["shows"][code], f.query(show=code)) for code in SHOWS],
        "saved": saved_filters(act, PAGE_NAME),
        "chips": [] if q else chips(act, f),
        "columns": columns_of(request),
        "words": words(),
        "query": page.base,
        "later": bool(after),
        "keeping": policy().retention_by_code.get("residence") if f.show == "left" else None,
    }
    return render(request, "registry/people/list.html", context)


def _answers(act: Act, q: str, after: str) -> tuple[str, Page]:
    found = search(act, q, after)
    lines = roll.of_people(act, found.people)
    return found.kind, Page(lines, urlencode({"": found.after})[1:] if found.after else "")


def chips(act: Act, f: Filters) -> list[Chip]:
    """The conditions in use besides the tab."""
    area = places.tree().by_id.get(f.area) if f.area else None
    building = doors.building(act, f.building) if f.building else None
    estate = ground.estate(act, f.estate) if f.estate else None
    said = {
        "area": area.name if area else "",
        "estate": estate.name if estate else "",
        "building": building.address if building else "",
        "household": f.household and _t("同一户"),
        "sex": words()["sex"].get(f.sex, ""),
        "youngest": f.youngest is not None and _t("%(n)s 岁起") % {"n": f.youngest},
        "oldest": f.oldest is not None and _t("到 %(n)s 岁") % {"n": f.oldest},
        "tag": words()["tags"].get(f.tag, f.tag),
        "political": words()["political"].get(f.political, ""),
        "gap": GAPS.get(f.gap, ""),
        "apart": f.apart and _t("人户分离"),
    }
    blank = Filters()
    return [
        Chip(str(text), f.query(**{name: getattr(blank, name)}))
        for name, text in said.items()
        if text
    ]


@require_safe
@needs(READ.code)
def narrow(request: HttpRequest) -> HttpResponse:
    """The filter panel: a page of its own, or a sheet over the list."""
    act, f = act_in(request), filters_from(request.GET)
    form = NarrowForm(
        request.GET if "in_estate" in request.GET else None,
        initial={"in_estate": f.estate, "in_building": f.building},
        in_estate=finding.choosing_estates(act),
        in_building=finding.choosing_buildings(act),
    )
    if form.is_valid():
        chosen = {name: form.cleaned_data[f"in_{name}"] for name in ("estate", "building")}
        return HttpResponseRedirect(back_to(replace(f, **chosen).query()), status=303)
    choices: dict[str, list[tuple[Any, Any]]] = {
        "area": choosing.steps(act, f.area),
        "sex": [(code, words()["sex"][code]) for code in ("1", "2")],
        "tag": tag_choices(act.roles, sensitive=act.sensitive and act.may(SENSITIVE.code)),
        "political": list(words()["political"].items()),
        "gap": list(GAPS.items()),
    }
    context = {"f": f, "choices": choices, "form": form}
    return panel(request, "filters", _t("筛选"), context, 422 if form.errors else 200)


@needs(READ.code)
def columns(request: HttpRequest) -> HttpResponse:
    """Choose columns; kept in a cookie of this browser."""
    query = request.POST.get("query", request.GET.get("query", ""))[:600]
    if request.method != "POST":
        context = {"chosen": columns_of(request), "all": words()["columns"], "query": query}
        return panel(request, "columns", _t("显示哪些列"), context)
    chosen = [name for name in COLUMNS if name in request.POST.getlist("columns")]
    response = HttpResponseRedirect(back_to(query), status=303)
    response.set_cookie(
        COOKIE, ".".join(chosen), max_age=365 * 86400, samesite="Lax", httponly=True
    )
    return response


def filters_of(query: str) -> Filters:
    """The filter of a query string."""
    return filters_from({name: values[0] for name, values in parse_qs(query[:600]).items()})


def back_to(query: str) -> str:
    """The roll under a filter, rebuilt from what is known."""
    typed = parse_qs(query[:600]).get("q")
    found = urlencode({"q": typed[0][:60]}) if typed else filters_of(query).query()
    return f"{reverse(PAGE_NAME)}{'?' if found else ''}{found}"


@require_safe
@needs(READ.code)
def counts(request: HttpRequest) -> HttpResponse:
    """The numbers on the tabs, asked for after the page is drawn."""
    f = filters_of(request.GET.get("for", ""))
    tabs = [(code, words()["shows"][code], f.query(show=code)) for code in SHOWS]
    context = {"tabs": tabs, "f": f, "counted": roll.counts(act_in(request), f)}
    return render(request, "registry/people/_tabs.html", context)


@require_POST
@needs(READ.code)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter in use under a name."""
    form = SaveFilterForm(request.POST)
    query = form.data.get("query", "")
    if form.is_valid():
        try:
            save_filter(
                act_in(request),
                page=PAGE_NAME,
                name=form.cleaned_data["name"],
                query=filters_of(query).query(),
            )
            return HttpResponseRedirect(back_to(query), status=303)
        except Refusal as refusal:
            refuse(form, refusal)
    return panel(request, "save", _t("存为常用筛选"), {"form": form, "query": query}, 422)


@require_POST
@needs(READ.code)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved filter."""
    drop_filter(act_in(request), filter_id=pk)
    return HttpResponseRedirect(back_to(request.POST.get("query", "")), status=303)
