"""Reads of the API: catalogue, suggestions, look-alikes, places, lists, one matter."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Schema
from pydantic import Field

from linli.capabilities.matters import selectors
from linli.capabilities.matters.api.gate import DESCRIBED, allowed, router
from linli.capabilities.matters.api.shapes import (
    Datum,
    Key,
    Latitude,
    Listed,
    Located,
    Longitude,
    Me,
    Place,
    Problem,
)
from linli.capabilities.matters.rules import term_of
from linli.capabilities.matters.selectors.suggestions import guesses
from linli.kernel.access.doors import act_in
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.finding import find
from linli.kernel.places.locating import locate
from linli.kernel.places.rules import Level, enclosing
from linli.ui.spoken import Spoken

ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
AREAS_MOST = 500


def reads(verb: str, doc: str) -> dict[str, Any]:
    """What every read declares: its verb, its words."""
    described = DESCRIBED % {"verb": verb, "doc": doc}
    return {"summary": doc, "description": described, "by_alias": True}


@router.get("/me", response={200: Me, **ERRORS}, **reads("signed-in", Spoken("当前登录的人。")))
def me(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, so that a queue kept on a phone is sent for the right person."""
    act = act_in(request)
    return {"account": act.actor, "name": act.name, "hat": act.hat, "post": act.post}


@router.get("/catalogue", **reads("signed-in", Spoken("事件类别和办事事项，含时限。")))
def catalogue(request: HttpRequest) -> dict[str, Any]:
    """Event classes and service items that are open."""
    policy = selectors.names().policy
    groups = {g.code: g.title for g in policy.groups}

    def line(entry: Any) -> dict[str, Any]:
        return {
            "code": entry.code,
            "title": entry.title,
            "group": groups.get(entry.group, entry.group),
            "term": str(term_of(entry)),
            "anonymous": entry.anonymous,
            "keywords": list(entry.keywords),
        }

    return {
        "classes": [line(c) for c in policy.classes if c.open],
        "items": [line(i) for i in policy.items if i.open],
    }


@router.get(
    "/suggest",
    response={200: list[dict[str, Any]], **ERRORS},
    **reads("signed-in", Spoken("由文字推荐类别。")),
)
def suggest(
    request: HttpRequest,
    text: Annotated[str, Field(min_length=1, max_length=4000)],
    most: Annotated[int, Field(ge=1, le=10)] = 3,
) -> list[dict[str, Any]]:
    """The likeliest categories for a text, best first."""
    return [
        {"code": g.code, "title": g.title, "kind": g.kind, "share": g.share}
        for g in guesses(text, most)
    ]


class Alike(Schema):
    """What is about to be reported."""

    code: Annotated[str, Field(max_length=40)]
    words: Annotated[str, Field(max_length=4000)] = ""
    area: Key | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None


@router.get(
    "/lookalikes",
    response={200: list[dict[str, Any]], **ERRORS},
    **reads("matters.report", Spoken("附近相似的在办诉求。")),
)
def lookalikes(request: HttpRequest, asked: Query[Alike]) -> list[dict[str, Any]]:
    """Open matters nearby that look like what is about to be reported."""
    act = allowed(request, "matters.report")
    area = asked.area
    if area is None and asked.lon is not None and asked.lat is not None:
        found = locate(asked.lon, asked.lat, level=Level.COMMUNITY).area
        area = found.pk if found else None
    alike = selectors.lookalikes(
        code=asked.code,
        words=asked.words,
        community=enclosing(area, Level.COMMUNITY) if area is not None else None,
        lon=asked.lon,
        lat=asked.lat,
        now=act.at,
    )
    names = ("number", "title", "community", "state", "opened", "metres", "score", "followers")
    return [{name: getattr(a, name) for name in names} for a in alike]


def located(lon: float, lat: float, datum: str) -> dict[str, Any]:
    """The finest area around a position: grid, else community."""
    found = locate(lon, lat, datum=datum)
    if found.area is None:
        found = locate(lon, lat, datum=datum, level=Level.COMMUNITY)
    area = found.area
    if area is None:
        return {
            "area": None,
            "name": "",
            "level": "",
            "metres": None,
            "inside": False,
            "grid": "",
            "community": "",
        }
    community = enclosing(area.pk, Level.COMMUNITY)
    return {
        "area": area.pk,
        "name": area.full_name,
        "level": area.level,
        "metres": round(found.metres, 1),
        "inside": found.inside,
        "grid": area.name if area.level == Level.GRID else "",
        "community": places.area(community).name if community else "",
    }


@router.get(
    "/locate",
    response={200: Located, **ERRORS},
    **reads("signed-in", Spoken("坐标所在的网格或社区。")),
)
def find_area(
    request: HttpRequest, lon: Longitude, lat: Latitude, datum: Datum = "WGS-84"
) -> dict[str, Any]:
    """The area around a position."""
    return located(lon, lat, datum)


@router.get(
    "/areas",
    response={200: list[Place], **ERRORS},
    **reads("signed-in", Spoken("区划：按上级或按名称。")),
)
def areas(
    request: HttpRequest,
    parent: Key | None = None,
    q: Annotated[str, Field(max_length=200)] = "",
) -> list[dict[str, Any]]:
    """Areas below one, or those a text names."""
    if q.strip():
        found = [m.area for m in find(q)]
    elif parent is not None and parent not in places.tree().by_id:
        raise Http404
    else:
        found = places.children(parent)[:AREAS_MOST]
    names = ("code", "name", "full_name", "level")
    return [{"id": a.pk, "parent": a.parent_id, **{n: getattr(a, n) for n in names}} for a in found]


class Wanted(Schema):
    """How a list is narrowed."""

    show: Literal[
        "open", "todo", "offered", "overdue", "soon", "waiting", "mine", "verify", "closed", "all"
    ] = "open"
    reported: bool = Field(False, description=Spoken("只看我自己反映的"))
    code: Annotated[str, Field(max_length=40)] = ""
    area: Key | None = None
    q: Annotated[str, Field(max_length=100)] = ""
    since: date | None = None
    until: date | None = None
    sort: Literal["new", "due"] = "new"
    after: Annotated[str, Field(max_length=64)] = ""
    size: Annotated[int, Field(ge=1, le=100)] = 50


@router.get(
    "/matters",
    response={200: Listed, **ERRORS},
    **reads("matters.read", Spoken("诉求清单，按键翻页。")),
)
def matters(request: HttpRequest, asked: Query[Wanted]) -> dict[str, Any]:
    """Matters in sight, or those one reported oneself; by keyset."""
    act = _reader(request, asked.reported)
    given = asked.dict(exclude={"reported", "after", "size"})
    if asked.area is not None and asked.area not in places.tree().by_id:
        raise Http404
    page = selectors.listed(act, selectors.Filters(**given), asked.after, asked.size)
    return {"rows": page.rows, "next": page.next_after}


def _reader(request: HttpRequest, reported: bool) -> Act:
    act = act_in(request)
    if reported or act.hat is None:
        act = allowed(request, "matters.own")
        return act.on(spans=(), unit=None)
    return allowed(request, "matters.read")


@router.get(
    "/matters/{number}",
    response={200: dict[str, Any], **ERRORS},
    **reads("matters.read", Spoken("一件诉求：进度、时钟、可办动作。")),
)
def matter(request: HttpRequest, number: str) -> dict[str, Any]:
    """One matter with its timeline, clocks, messages and what the caller may do now."""
    act = act_in(request)
    found = selectors.find(act, number)
    if found is None:
        raise Http404
    d = selectors.detail(act, found, public=act.hat is None)
    return {
        "number": found.number,
        "title": found.title,
        "body": found.body,
        "code": found.code,
        "entry": d.entry.title if d.entry else found.code,
        "state": found.state,
        "state_title": d.state_title,
        "round": found.round,
        "seen": f"{found.state}/{found.round}",
        "address": found.address,
        "lon": found.lon,
        "lat": found.lat,
        "unit": d.unit.name if d.unit else "",
        "external": found.external or "",
        "due": found.due,
        "on_time": found.on_time,
        "timeline": [
            {"at": x.when, "verb": x.verb, "title": x.title, "who": x.who, "text": x.text}
            for x in d.lines
        ],
        "clocks": [
            {"code": c.code, "title": c.title, "due": c.due, "met": c.met_at, "state": c.state}
            for c in d.clocks
        ],
        "messages": d.messages,
        "photos": [
            {"id": f["file"], "use": f["use"], "round": f["round"], "name": f["name"]}
            for f in d.files
        ],
        "may": [s.verb for s in d.steps if s.allowed],
    }


@router.get(
    "/matters/{number}/messages",
    response={200: list[dict[str, Any]], **ERRORS},
    **reads("matters.read", Spoken("留言。")),
)
def messages(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What was said about a matter."""
    found: list[dict[str, Any]] = matter(request, number)["messages"]
    return found
