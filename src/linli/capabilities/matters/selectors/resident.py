"""What the residents' pages read: one's own matters, neighbours' ones joined, the public list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.capabilities.matters.models import Follower, PublicMatter
from linli.capabilities.matters.policy import EventClass, Group, ServiceItem
from linli.capabilities.matters.rules import number_of
from linli.capabilities.matters.selectors.filters import Filters
from linli.capabilities.matters.selectors.lists import Page, listed
from linli.capabilities.matters.selectors.names import area_name, names
from linli.capabilities.matters.selectors.public import DAYS, Alike
from linli.capabilities.matters.selectors.sight import own, touching
from linli.kernel.access.models import Account
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

MINE = 50
POINTS_MOST = 2000
SHOWN = ("open", "closed", "all", "joined")


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A public line: what, where, how it stands, how many days."""

    key: int
    number: str
    title: str
    community: str
    state: str
    tone: str
    opened: datetime
    days: int
    followers: int
    closed: bool
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group of the catalogue with its entries."""

    group: Group
    entries: tuple[Any, ...]


def number_of_key(act: Act, key: int) -> str:
    """The number of a matter the actor may open; empty when they may not."""
    row = touching(act).filter(pk=key).values_list("opened", flat=True).first()
    return number_of(key, row) if row else ""


def marked_own(act: Act, alike: list[Alike]) -> list[Alike]:
    """Look-alikes, with those marked that the actor reported (one statement when there are any)."""
    if not alike or not act.signed_in:
        return alike
    keys = set(own(act).filter(pk__in=[a.key for a in alike]).values_list("pk", flat=True))
    return [replace(a, own=a.key in keys) for a in alike]


def mine(act: Act, show: str = "open", after: str = "", size: int = MINE) -> Page:
    """One page of what the actor reported as a resident, newest first, by keyset (one statement)."""
    shown = show if show in ("open", "closed") else "all"
    page = listed(act, Filters(show=shown), after, size, mine=True)
    page.base = f"show={show}"
    return page


def joined(act: Act, most: int = 50) -> list[PublicRow]:
    """The neighbours' matters that the actor has joined, as the public sees them (two statements)."""
    keys = Follower.objects.filter(account_id=act.actor).order_by("-id")
    wanted = list(keys.values_list("matter_id", flat=True)[:most])
    rows = PublicMatter.objects.filter(pk__in=wanted).defer("marks")
    by_key = {row.matter: public_row(row, act.at) for row in rows}
    return [by_key[key] for key in wanted if key in by_key]


def public_row(row: PublicMatter, now: datetime) -> PublicRow:
    """A projection in words."""
    known = names()
    ended = row.closed or now
    return PublicRow(
        row.matter,
        number_of(row.matter, row.opened),
        known.entries.get(row.code, row.code),
        area_name(row.community or 0),
        known.states.get(row.state, row.state),
        "good" if row.closed else "info",
        row.opened,
        max(0, (timezone.localdate(ended) - timezone.localdate(row.opened)).days),
        row.followers,
        row.closed is not None,
        row.lon,
        row.lat,
    )


def _public(area: int | None, now: datetime) -> QuerySet[PublicMatter]:
    rows = PublicMatter.objects.filter(opened__gte=now - timedelta(days=DAYS)).defer("marks")
    if area is None:
        return rows
    span = places.span(area)
    return rows.filter(community__gte=span.lo, community__lt=span.hi)


def public_list(
    now: datetime, area: int | None = None, after: str = "", size: int = MINE
) -> tuple[list[PublicRow], str]:
    """What was reported lately in an area, newest first, and the key to go on from."""
    rows = _public(area, now).order_by("-matter")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(matter__lt=int(after))
    found = list(rows[: size + 1])
    more = str(found[size - 1].matter) if len(found) > size else ""
    return [public_row(row, now) for row in found[:size]], more


def public_points(now: datetime, area: int | None = None) -> dict[str, Any]:
    """Public positions (about 100 m) of the last thirty days as GeoJSON, WGS-84."""
    rows = _public(area, now).filter(lon__isnull=False, lat__isnull=False).order_by("-matter")
    return {
        "type": "FeatureCollection",
        "features": [_feature(public_row(row, now)) for row in rows[:POINTS_MOST]],
    }


def _feature(row: PublicRow) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "title": str(row.title),
            "state": str(row.state),
            "tone": row.tone,
            "text": row.community,
        },
    }


def home_of(act: Act) -> int | None:
    """The community that the resident named as home."""
    if not act.signed_in:
        return None
    home = Account.objects.filter(pk=act.actor).values_list("home_id", flat=True).first()
    return places.community_of(home) if home else None


def shelves(kind: str, words: str = "") -> list[Shelf]:
    """The catalogue by group (`items` or `classes`), narrowed to entries that hold the words."""
    policy = names().policy
    entries: tuple[ServiceItem, ...] | tuple[EventClass, ...] = (
        policy.items if kind == "items" else policy.classes
    )
    sought = words.strip().lower()
    found = [e for e in entries if not sought or _holds(e, sought)]
    groups = sorted((g for g in policy.groups if g.kind == kind), key=lambda g: g.order)
    kept = [Shelf(g, tuple(e for e in found if e.group == g.code)) for g in groups]
    return [shelf for shelf in kept if shelf.entries]


def _holds(entry: ServiceItem | EventClass, words: str) -> bool:
    told = [entry.title, *entry.keywords]
    if isinstance(entry, ServiceItem):
        told += [entry.summary, entry.eligibility]
    return any(words in each.lower() for each in told)


def is_public(key: int) -> bool:
    """Whether anybody may know of a matter that is still open."""
    return PublicMatter.objects.filter(Q(pk=key) & Q(closed__isnull=True)).exists()
