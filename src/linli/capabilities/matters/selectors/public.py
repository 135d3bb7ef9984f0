"""What anybody may know: the public projection, look-alikes, figures."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from linli.capabilities.matters.models import Follower, Matter, PublicMatter
from linli.capabilities.matters.policy import ServiceItem
from linli.capabilities.matters.rules import number_of
from linli.capabilities.matters.selectors.lists import Row, listed_rows
from linli.capabilities.matters.selectors.names import area_name, names
from linli.capabilities.matters.selectors.sight import own
from linli.capabilities.matters.suggest import tokens
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.geometry import distance_m

DAYS = 30
_CANDIDATES = 200


def marks(words: str) -> list[int]:
    """Hashes of a text's word pairs, which tell look-alikes and nothing else."""
    return sorted({zlib.crc32(t.encode()) - 2**31 for t in tokens(words)})


def _alike(one: Iterable[int], other: Iterable[int]) -> float:
    a, b = set(one), set(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@dataclass(frozen=True, slots=True)
class Alike:
    """An open matter nearby that looks like what is being reported."""

    number: str
    key: int
    title: str
    community: str
    state: str
    opened: datetime
    metres: int | None
    score: float
    followers: int
    own: bool = False


def lookalikes(
    *,
    code: str,
    words: str,
    community: int | None,
    lon: float | None,
    lat: float | None,
    now: datetime,
) -> list[Alike]:
    """Open matters of the same class in the community that are near or read alike, best first (R116)."""
    if community is None or not code:
        return []
    rule = names().policy.duplicates
    found = PublicMatter.objects.filter(
        community=community,
        code=code,
        closed__isnull=True,
        opened__gte=now - timedelta(days=rule.days),
    ).order_by("-opened")[:_CANDIDATES]
    mine = marks(words)
    alike = [a for row in found if (a := _judged(row, mine, lon, lat))]
    near = [a for a in alike if a.score >= rule.similarity or _close(a.metres, rule.radius_m)]
    return sorted(near, key=lambda a: (-a.score, a.metres or 0))[: rule.offered]


def _close(metres: int | None, radius: int) -> bool:
    return metres is not None and metres <= radius


def _judged(
    row: PublicMatter, mine: list[int], lon: float | None, lat: float | None
) -> Alike | None:
    metres = None
    if None not in (lon, lat, row.lon, row.lat):
        metres = int(distance_m((lon, lat), (row.lon, row.lat)))  # type: ignore[arg-type]
    return Alike(
        number_of(row.matter, row.opened),
        row.matter,
        names().entries.get(row.code, row.code),
        area_name(row.community or 0),
        names().states.get(row.state, row.state),
        row.opened,
        metres,
        round(_alike(mine, row.marks), 3),
        row.followers,
    )


def projected(matter: Matter) -> PublicMatter:
    """The public projection of a matter: no person, no words, place to about 100 m."""
    return PublicMatter(
        matter=matter.pk,
        opened=matter.opened,
        closed=matter.closed,
        kind=matter.kind,
        code=matter.code,
        state=matter.state,
        community=matter.community,
        lon=round(matter.lon, 3) if matter.lon is not None else None,
        lat=round(matter.lat, 3) if matter.lat is not None else None,
        marks=marks(f"{matter.title} {matter.body}"),
        on_time=matter.on_time,
        rating=matter.rating,
    )


def latest_mine(act: Act, most: int = 3) -> list[Row]:
    """The resident's latest matters, for the home page."""
    return listed_rows(own(act).order_by("-id"), act.at, most)


def popular_items(most: int = 8) -> list[ServiceItem]:
    """Service items that are open, for the home page."""
    return [i for i in names().policy.items if i.open][:most]


def public_figures(now: datetime | None = None, area: int | None = None) -> dict[str, Any]:
    """Figures of the last thirty days from the public projection: received, closed, on time, satisfied.

    `area` narrows them to one area and what lies below.
    """
    good = [g.value for g in names().policy.ratings.grades if g.satisfied]
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=DAYS - 1)  # the days that the desk's figures begin with, too
    rows = PublicMatter.objects.filter(opened__gte=since)
    if area is not None:
        span = places.span(area)
        rows = rows.filter(community__gte=span.lo, community__lt=span.hi)
    found = rows.aggregate(
        received=Count("matter"),
        closed=Count("matter", filter=Q(closed__isnull=False)),
        judged=Count("matter", filter=Q(on_time__isnull=False)),
        in_time=Count("matter", filter=Q(on_time=True)),
        rated=Count("matter", filter=Q(rating__isnull=False)),
        satisfied=Count("matter", filter=Q(rating__in=good)),
    )
    return {
        **found,
        "days": DAYS,
        "on_time": _share(found["in_time"], found["judged"]),
        "satisfaction": _share(found["satisfied"], found["rated"]),
    }


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def following(act: Act) -> list[Follower]:
    """The neighbours' matters the actor has joined."""
    return list(Follower.objects.filter(account_id=act.actor).order_by("-id")[:50])
