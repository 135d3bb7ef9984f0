"""Counts for a desk: the day's badges, figures whose numbers open their rows, the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils.translation import gettext as _t

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.rules import number_of
from linli.capabilities.matters.selectors.filters import Filters, narrowed, shown
from linli.capabilities.matters.selectors.lists import tone_of
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import in_sight, of_post
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.ui.spoken import Spoken

MAP_MOST = 2000
TABLE_MOST = 200


def day_counts(act: Act) -> dict[str, int]:
    """Badges of the day in one statement, over open matters in sight."""
    now, mine = act.at, Q(unit=act.unit) & of_post(act)
    found: dict[str, int] = (
        in_sight(act)
        .filter(closed__isnull=True)
        .aggregate(
            open=Count("id"),
            todo=Count("id", filter=mine & ~Q(state="waiting")),
            reported=Count("id", filter=mine & Q(state="reported")),
            waiting=Count("id", filter=Q(state="waiting")),
            verify=Count("id", filter=Q(state="handled")),
            verified=Count("id", filter=Q(state="verified")),
            overdue=Count("id", filter=Q(next_due__lt=now)),
            soon=Count("id", filter=Q(next_due__gte=now, next_due__lt=now + timedelta(days=1))),
        )
    )
    found["offered"] = Matter.objects.filter(offered_unit=act.unit).count() if act.unit else 0
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of figures: how many, how many in time, how many satisfied; `query` opens the rows."""

    key: str
    title: str
    received: int
    closed: int
    judged: int
    in_time: int
    overdue: int
    rated: int
    satisfied: int
    reopened: int
    query: str

    @property
    def on_time_share(self) -> float | None:
        """Handled in time of all handled, per cent."""
        return round(100 * self.in_time / self.judged, 1) if self.judged else None

    @property
    def satisfied_share(self) -> float | None:
        """Satisfied of all rated, per cent."""
        return round(100 * self.satisfied / self.rated, 1) if self.rated else None


def measures(now: datetime) -> dict[str, Any]:
    """The counts behind every line of figures, each under `n_` and its name."""
    # Under names of their own: a measure called `closed` would stand for the column in the next one.
    good = [g.value for g in names().policy.ratings.grades if g.satisfied]
    late = Q(closed__isnull=True, due__lt=now) & Q(handled__isnull=True)
    return {
        "n_received": Count("id"),
        "n_closed": Count("id", filter=Q(closed__isnull=False)),
        "n_judged": Count("id", filter=Q(on_time__isnull=False)),
        "n_in_time": Count("id", filter=Q(on_time=True)),
        "n_overdue": Count("id", filter=late),
        "n_rated": Count("id", filter=Q(rating__isnull=False)),
        "n_satisfied": Count("id", filter=Q(rating__in=good)),
        "n_reopened": Count("id", filter=Q(round__gt=1)),
    }


def figures(act: Act, f: Filters, by: str) -> list[Figure]:
    """Figures of the matters in sight under a filter's conditions, by class, unit, area or channel."""
    rows = narrowed(act, in_sight(act), f)
    key = {"class": "code", "unit": "unit_id", "area": "community", "channel": "channel"}[by]
    found = rows.values(key).annotate(**measures(act.at)).order_by("-n_received", key)
    return [
        Figure(
            key=str(row[key] or ""),
            title=_title(by, row[key]),
            query=f.query(show="all", **_rows_of(by, row[key])),
            **{name.removeprefix("n_"): row[name] for name in measures(act.at)},
        )
        for row in found
    ]


def _rows_of(by: str, key: Any) -> dict[str, Any]:
    """The condition that opens the rows of one line."""
    if not key and by in ("area", "unit"):
        return {"loose": "community" if by == "area" else "unit"}
    return {"code" if by == "class" else by: key}


def total(act: Act, lines: list[Figure], f: Filters) -> Figure:
    """The sum of the lines."""
    names_ = (
        "received",
        "closed",
        "judged",
        "in_time",
        "overdue",
        "rated",
        "satisfied",
        "reopened",
    )
    sums = {name: sum(getattr(line, name) for line in lines) for name in names_}
    return Figure(key="", title="", query=f.query(show="all"), **sums)


def _title(by: str, key: Any) -> str:
    if by == "class":
        return names().entries.get(key, str(key))
    if by == "unit":
        unit = offices.unit(key)
        return unit.name if unit else _t("没有派到单位")
    if by == "area":
        area = places.tree().by_id.get(key) if key else None
        return area.name if area else _t("没有定到社区")
    return CHANNELS.get(key, str(key))


CHANNELS = {
    "web": Spoken("居民网上"),
    "window": Spoken("窗口"),
    "field": Spoken("网格员"),
    "api": Spoken("接口"),
    "hotline": Spoken("12345 热线"),
    "job": Spoken("系统"),
}


def map_count(act: Act, f: Filters, most: int) -> int:
    """How many open matters in sight stand on the map, up to so many."""
    return _still_open(act, f).filter(lon__isnull=False)[:most].count()


def map_points(act: Act, f: Filters) -> dict[str, Any]:
    """Open matters in sight as GeoJSON points, newest first, at most two thousand."""
    rows = _still_open(act, f).filter(lon__isnull=False)
    columns = ("id", "title", "code", "state", "lon", "lat", "opened", "next_due", "address")
    found = list(rows.order_by("-id").values(*columns)[: MAP_MOST + 1])
    return {
        "type": "FeatureCollection",
        "truncated": len(found) > MAP_MOST,
        "features": [_feature(row, act.at) for row in found[:MAP_MOST]],
    }


def _feature(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    number = number_of(row["id"], row["opened"])
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": {
            "number": number,
            "title": row["title"],
            "kind": str(names().entries.get(row["code"], row["code"])),
            "state": row["state"],
            "label": str(names().states.get(row["state"], row["state"])),
            "tone": tone_of(row["state"], row["next_due"], row["opened"], now),
            "address": row["address"],
        },
    }


def _still_open(act: Act, f: Filters) -> QuerySet[Matter]:
    return narrowed(act, shown(act, in_sight(act), f, act.at), f).filter(closed__isnull=True)


def by_grid(act: Act, f: Filters, most: int = TABLE_MOST) -> list[dict[str, Any]]:
    """Open and overdue matters in sight under a filter, by area, most first (the table beside the map)."""
    late = Count("id", filter=Q(next_due__lt=act.at))
    rows = _still_open(act, f).values("area_id").annotate(open=Count("id"), late=late)
    return [dict(row) for row in rows.order_by("-open", "area_id")[:most]]


def average_days(act: Act, f: Filters) -> float | None:
    """Average natural days from opening to handling, of the matters in sight under a filter's conditions."""
    rows = narrowed(act, in_sight(act), f).filter(handled__isnull=False)
    found = rows.aggregate(days=Avg(F("handled") - F("opened")))["days"]
    return round(found.total_seconds() / 86400, 1) if found else None
