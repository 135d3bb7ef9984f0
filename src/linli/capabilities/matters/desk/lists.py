"""The list of matters: tabs, filters, saved filters, columns; rows by keyset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.forms.desk import SHOWS, SaveFilterForm, filters_from, refuse
from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.verbs import READ
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.selectors import saved_filters
from linli.kernel.access.services import drop_filter, save_filter
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places

PAGE_NAME = "matters:list"
SHOW_TITLES = {
    "todo": _("待办"),
    "offered": _("转来待接"),
    "overdue": _("已超期"),
    "soon": _("24 小时内到期"),
    "waiting": _("等居民补充"),
    "verify": _("待核实"),
    "open": _("全部在办"),
    "closed": _("已结"),
    "all": _("全部"),
    "mine": _("我经办的"),
    "late": _("超期办结"),
    "undone": _("超期未办"),
}
COLUMNS = {
    "state": _("状态"),
    "due": _("期限"),
    "entry": _("类别"),
    "area": _("地点"),
    "unit": _("承办单位"),
    "opened": _("提交时间"),
    "channel": _("渠道"),
    "address": _("地址"),
    "urged": _("催办"),
    "rating": _("评价"),
    "delay_reason": _("超期原因"),
    "external": _("热线编号"),
}
TIMED = (
    "todo",
    "offered",
    "overdue",
    "soon",
    "verify",
    "open",
    "mine",
)  # rows with a running clock
USUAL = ("state", "due", "entry", "area", "unit", "opened")
COOKIE = "matter_columns"
EMPTY = {
    "todo": (
        _("手上没有要办的诉求"),
        _("新的诉求派来时会出现在这里。可以看看待核实的，或在窗口受理新的。"),
    ),
    "offered": (
        _("没有转来等您接收的诉求"),
        _("别的单位转来的诉求会先到这里，接收前仍由对方负责。"),
    ),
    "overdue": (_("没有超期的诉求"), _("保持住。快到期的在“24 小时内到期”里。")),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in use, with the way to drop it."""

    words: str
    href: str


def columns_of(request: HttpRequest) -> tuple[str, ...]:
    """The columns a person chose, in the house's order."""
    chosen = request.COOKIES.get(COOKIE, "").split(".")
    found = tuple(name for name in COLUMNS if name in chosen)
    return found or USUAL


@lru_cache(maxsize=4)
def _titles(language: str | None, version: int) -> dict[str, dict[str, str]]:
    """Words drawn on every row, said once per language."""
    return {
        "channels": {code: _t(title) for code, title in selectors.CHANNELS.items()},
        "columns": {code: str(title) for code, title in COLUMNS.items()},
        "shows": {code: str(title) for code, title in SHOW_TITLES.items()},
        "on_time": {"yes": _t("按时"), "no": _t("超期"), "any": _t("已办理完成")},
        "satisfied": {"yes": _t("满意"), "no": _t("不满意"), "any": _t("已评价")},
        "loose": {
            "grid": _t("没有定到网格"),
            "community": _t("没有定到社区"),
            "unit": _t("没有派到单位"),
        },
    }


def titles() -> dict[str, dict[str, str]]:
    """Titles of channels, columns and tabs in the reader's language."""
    return _titles(get_language(), selectors.names().pack.id)


def stamps() -> Callable[[datetime], str]:
    """Date and time as `clock` writes them, with zone and language asked for once a page, not a hundred times."""
    zone, pattern = timezone.get_current_timezone(), _t("n月j日 H:i")
    plain = pattern == "n月j日 H:i"  # words: a format

    def written(moment: datetime) -> str:
        at = moment.astimezone(zone)
        if plain:
            return f"{at.month}月{at.day}日 {at.hour:02d}:{at.minute:02d}"  # words: a format
        return format_date(at, pattern)

    return written


def _tabs(f: Filters) -> list[tuple[str, str, str]]:
    shown = titles()["shows"]
    return [(code, shown[code], f.query(show=code)) for code in SHOWS]


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """One page of matters in sight."""
    act = act_in(request)
    f = _wanted(request)
    page = selectors.listed(act, f, request.GET.get("after", "")[:60])
    page.base = f.query(show=f.show) or "show=open"
    return render(
        request,
        "matters/desk/list.html",
        {
            "page": page,
            "f": f,
            "tabs": _tabs(f),
            "saved": saved_filters(act, PAGE_NAME),
            "chips": chips(f),
            "columns": columns_of(request),
            "titles": titles(),
            "query": page.base,
            "flipped": f.query(sort="due" if f.sort == "new" else "new") or "show=open",
            "empty": EMPTY.get(f.show),
            "later": "after" in request.GET,
            "timed": f.show in TIMED,
            "when": stamps(),
        },
    )


def _wanted(request: HttpRequest) -> Filters:
    """A search without a tab looks everywhere; a plain visit begins with what is to do."""
    f = filters_from(
        request.GET,
        "all" if request.GET.get("q", "").strip() else "open" if request.GET else "todo",
    )
    return f if f.show in TIMED else replace(f, sort="new")


def chips(f: Filters) -> list[Chip]:
    """The conditions in use besides the tab."""
    said = {
        "q": f.q and f"“{f.q}”",
        "state": selectors.names().states.get(f.state, f.state),
        "group": _group_title(f.group),
        "code": selectors.names().entries.get(f.code, f.code),
        "channel": titles()["channels"].get(f.channel, f.channel),
        "unit": _unit_title(f.unit),
        "area": _area_title(f.area),
        "since": f.since and _t("%(day)s 起") % {"day": f.since},
        "until": f.until and _t("到 %(day)s") % {"day": f.until},
        "on_time": titles()["on_time"].get(f.on_time, ""),
        "satisfied": titles()["satisfied"].get(f.satisfied, ""),
        "loose": titles()["loose"].get(f.loose, ""),
        "again": f.again and _t("重办过"),
    }
    blank = Filters()
    return [
        Chip(str(words), f.query(**{name: getattr(blank, name)}) or "show=open")
        for name, words in said.items()
        if words
    ]


def _group_title(code: str) -> str:
    return next((g.title for g in selectors.names().policy.groups if g.code == code), code)


def _unit_title(key: int | None) -> str:
    unit = offices.unit(key)
    return unit.name if unit else ""


def _area_title(key: int | None) -> str:
    area = places.tree().by_id.get(key) if key else None
    return area.name if area else ""


def choices(act: Act, f: Filters) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in the filter panel."""
    known = selectors.names()
    return {
        "state": list(known.states.items()),
        "group": [(g.code, g.title) for g in sorted(known.policy.groups, key=lambda g: g.order)],
        "code": sorted(known.entries.items()),
        "channel": list(titles()["channels"].items()),
        "unit": _units(act, f.unit),
        "area": [(str(key), name) for key, name in choosing.steps(act, f.area)],
    }


def _units(act: Act, chosen: int | None) -> list[tuple[str, str]]:
    """The units around one's own areas; of others the one chosen already. A community's matters are found by its area."""
    found = {each.pk: each for span in act.spans for each in offices.near(span.lo)}
    if (held := offices.unit(chosen)) is not None:
        found[held.pk] = held
    return [(str(key), each.name) for key, each in found.items()]


@require_safe
@needs(READ.code)
def narrow(request: HttpRequest) -> HttpResponse:
    """The filter panel: a page of its own, or a sheet over the list."""
    f = _wanted(request)
    context = {"f": f, "choices": choices(act_in(request), f), "query": f.query()}
    return panel(request, "filters", str(_("筛选")), context)


def panel(
    request: HttpRequest, part: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A small page, drawn bare when a sheet asks for it."""
    page = "ui/sheet.html" if getattr(request, "htmx", False) else "matters/desk/panel.html"
    whole = {**context, "panel_title": title, "part": f"matters/desk/_{part}.html"}
    return render(request, page, whole, status=status)


@needs(READ.code)
def columns(request: HttpRequest) -> HttpResponse:
    """Choose columns; kept in a cookie of this browser."""
    query = request.POST.get("query", request.GET.get("query", ""))[:600]
    if request.method != "POST":
        context = {"chosen": columns_of(request), "all": titles()["columns"], "query": query}
        return panel(request, "columns", str(_("显示哪些列")), context)
    chosen = [name for name in COLUMNS if name in request.POST.getlist("columns")]
    response = HttpResponseRedirect(back_to(query), status=303)
    response.set_cookie(
        COOKIE, ".".join(chosen), max_age=365 * 86400, samesite="Lax", httponly=True
    )
    return response


def back_to(query: str) -> str:
    """The list under a filter (rebuilt from what is known, so that no address can be smuggled in)."""
    plain = {name: values[0] for name, values in parse_qs(query[:600]).items()}
    found = filters_from(plain, "open").query()
    return f"{reverse('matters:list')}?{found or 'show=open'}"


@require_safe
@needs(READ.code)
def counts(request: HttpRequest) -> HttpResponse:
    """The numbers on the tabs, asked for after the page is drawn."""
    query = QueryDict(request.GET.get("for", "")[:600])
    f = filters_from(query, "open")
    counted = {**selectors.day_counts(act_in(request))}
    context = {"tabs": _tabs(f), "f": f, "counted": counted}
    return render(request, "matters/desk/_tabs.html", context)


@require_POST
@needs(READ.code)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter in use under a name."""
    form = SaveFilterForm(request.POST)
    query = form.data.get("query", "")
    if form.is_valid():
        try:
            plain = back_to(query).partition("?")[2]
            save_filter(
                act_in(request), page=PAGE_NAME, name=form.cleaned_data["name"], query=plain
            )
            return HttpResponseRedirect(back_to(query), status=303)
        except Refusal as refusal:
            refuse(form, refusal)
    return panel(request, "save", str(_("存为常用筛选")), {"form": form, "query": query}, 422)


@require_POST
@needs(READ.code)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved filter."""
    drop_filter(act_in(request), filter_id=pk)
    return HttpResponseRedirect(back_to(request.POST.get("query", "")), status=303)
