"""Reads of the field worker: where to go today, whose work to verify, what is reported most here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.policy import EventClass
from linli.capabilities.matters.selectors.lists import _COLUMNS, Row, row_of
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import in_sight, of_post
from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.access.selectors import GRID_POSTS
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, enclosing, level_of

STOPS_MOST = 100
USUAL_DAYS = 90
_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to go: the matter, where it is (WGS-84), when in the day's order it comes."""

    row: Row
    lon: float | None
    lat: float | None
    group: str  # late | today | later | undated
    metres: int | None = None


def _mine(act: Act) -> Q:
    held = Q(unit=act.unit, offered_unit=None)
    given = Q(offered_unit=act.unit)
    if act.post in GRID_POSTS:
        given &= Q(offered_post="") | of_post(act, "offered_post")
    return (held & of_post(act)) | given


def _stops(act: Act, rows: QuerySet[Matter], here: tuple[float, float] | None) -> list[Stop]:
    found = [_stop(raw, act.at, here) for raw in rows.values(*_COLUMNS, "lon", "lat")[:STOPS_MOST]]
    order = ("late", "today", "later", "undated")
    return sorted(found, key=lambda s: (order.index(s.group), *_rank(s)))


def _rank(stop: Stop) -> tuple[str, float, int]:
    due = stop.row.next_due
    day = timezone.localdate(due).isoformat() if due else ""
    return day, stop.metres if stop.metres is not None else 1e9, stop.row.id


def _stop(raw: dict[str, object], now: datetime, here: tuple[float, float] | None) -> Stop:
    lon, lat = raw["lon"], raw["lat"]
    row = row_of(raw, now)
    metres = None
    if here and isinstance(lon, float) and isinstance(lat, float):
        metres = int(
            hypot((lon - here[0]) * cos(radians(lat)) * _DEGREE_M, (lat - here[1]) * _DEGREE_M)
        )
    return Stop(row, lon, lat, _group(row.next_due, now), metres)  # type: ignore[arg-type]


def _group(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "undated"
    if due < now:
        return "late"
    today = timezone.localdate(now)
    return "today" if timezone.localdate(due) == today else "later"


def walk(act: Act, here: tuple[float, float] | None = None) -> list[Stop]:
    """What the worker has to do, in walking order: late first, then by day due, then by distance (metres)."""
    rows = in_sight(act).filter(_mine(act), state__in=("reported", "handling"), closed=None)
    return _stops(act, rows.order_by("next_due", "id"), here)


def to_verify(act: Act, here: tuple[float, float] | None = None) -> list[Stop]:
    """What others have handled in the worker's area and somebody else has to look at."""
    rows = in_sight(act).filter(state="handled").exclude(handler=act.actor)
    return _stops(act, rows.order_by("next_due", "id"), here)


def usual_classes(act: Act, most: int = 8) -> list[EventClass]:
    """Open classes, those most reported in sight over ninety days first, at most so many."""
    since = act.at - timedelta(days=USUAL_DAYS)
    used = in_sight(act).filter(kind="event", opened__gte=since).values_list("code")
    counts = dict(used.annotate(n=Count("id")).values_list("code", "n"))
    open_ones = [c for c in names().policy.classes if c.open]
    return sorted(open_ones, key=lambda c: -counts.get(c.code, 0))[:most]


def own_areas(act: Act) -> list[Area]:
    """Where the worker may report: the grids of their area, and the community itself."""
    found: list[Area] = []
    for span in act.spans:
        if level_of(span.lo) is Level.GRID:
            found.append(places.area(span.lo))
        elif level_of(span.lo) is Level.COMMUNITY:
            found += places.descendants(span.lo, Level.GRID)
        community = enclosing(span.lo, Level.COMMUNITY)
        if community is not None:
            found.append(places.area(community))
    return found


def targets(act: Act) -> list[Unit]:
    """Units a matter may be given to: the own street's, and the departments."""
    streets = {enclosing(span.lo, Level.STREET) for span in act.spans}
    near = [u for u in offices.units() if enclosing(u.area_id, Level.STREET) in streets]
    far = [u for u in offices.units() if enclosing(u.area_id, Level.STREET) is None]
    return [u for u in (*near, *far) if u.pk != act.unit]
