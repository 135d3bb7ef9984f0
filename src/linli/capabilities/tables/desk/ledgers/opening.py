"""Opening a ledger from an address: which one, what is asked of it, what the page needs to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.capabilities.tables.forms.ledgers import PlaceForm
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.selectors.ledgers import Asked, View, query_string
from linli.kernel.access.doors import act_in
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import offers
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level

WIDE = (Level.CITY, Level.DISTRICT)


@dataclass(slots=True)
class Opened:
    """A ledger with what was asked of it; `refused` says which condition could not be read."""

    act: Act
    view: View
    asked: Asked
    refused: str = ""

    @property
    def query(self) -> str:
        """What was asked, as a query string."""
        return query_string(self.asked)


def opened(request: HttpRequest, key: str, given: QueryDict | None = None) -> Opened:
    """The ledger of a key under what an address asks; 404 where there is none in sight."""
    act = act_in(request)
    view = ledgers.view(act, key)
    if view is None:
        raise Http404(_t("没有这本台账，或不在您的社区。"))
    if not view.may_open(act):
        return Opened(act, view, Asked())
    values = given if given is not None else request.GET
    try:
        asked = ledgers.asked_of(act, view, {name: values.getlist(name) for name in values})
    except Refusal as refusal:
        return Opened(act, view, Asked(), str(refusal))
    return Opened(act, view, asked)


def live(request: HttpRequest, key: str, given: QueryDict | None = None) -> Opened:
    """The same, where rows are needed; 404 where nobody records them or they are not for the actor."""
    found = opened(request, key, given)
    if not found.view.may_open(found.act):
        raise Http404(_t("这本台账尚无数据来源，或不对您开放。"))
    return found


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in use, with the way to drop it; one of the ledger's own cannot be dropped."""

    words: str
    href: str = ""
    drops: bool = True


def chips(found: Opened) -> list[Chip]:
    """The ledger's own conditions and the reader's, in words."""
    fixed = [Chip(offers.conditions_said([g]), drops=False) for g in found.view.conditions]
    added = [
        Chip(
            offers.conditions_said([group]),
            query_string(found.asked, groups=found.asked.without(at).groups),
        )
        for at, group in enumerate(found.asked.groups)
    ]
    asked = found.asked
    if asked.q:
        added.append(Chip(_t("含“%(text)s”") % {"text": asked.q}, query_string(asked, q="")))
    if asked.area:
        added.append(Chip(places.near_name(asked.area), query_string(asked, area=None)))
    if asked.on:
        said = _t("%(day)s 当天") % {"day": asked.on.isoformat()}
        added.append(Chip(said, query_string(asked, on=None)))
    return fixed + added


def past_said(found: Opened) -> str:
    """What a past day shows of this ledger, said plainly; empty for today."""
    if not found.asked.on or found.asked.on >= timezone.localdate(found.act.at):
        return ""
    return {
        "values": _t("按当天登记的内容显示，当天以后的更正不算在内。"),
        "rows": _t("显示当天已有的记录；各栏是现在的内容，没有保存当天的样子。"),
        "": _t("这类记录不保存历史，显示的是现在的内容。"),
    }[offers.known()[found.view.record_set].remembers]


def place_form(request: HttpRequest) -> PlaceForm | None:
    """Finding an area by its name, for whoever has more of them than a list shows."""
    act = act_in(request)
    wide = any(each.level in WIDE for each in choosing.own(act))
    if not wide:
        return None
    return PlaceForm(choosing.finder(act), request.GET if "place" in request.GET else None)


def panel(
    request: HttpRequest, part: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A small page, drawn bare when a sheet asks for it."""
    page = "ui/sheet.html" if getattr(request, "htmx", False) else "tables/ledgers/panel.html"
    whole = {**context, "panel_title": title, "part": f"tables/ledgers/_{part}.html"}
    return render(request, page, whole, status=status)
