"""Figures of matters by the month in which they were reported: kept counts; within a community they are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from linli.capabilities.matters.models import Tally
from linli.capabilities.matters.selectors.counts import measures
from linli.capabilities.matters.selectors.sight import in_sight
from linli.kernel.acts import Act
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, level_of

WITHIN = (Level.GRID, Level.BUILDING)
KEPT = ("received", "judged", "in_time", "rated", "satisfied", "reopened", "overdue")
_Found = Mapping[date, Mapping[str, Any]]


def by_month(act: Act, area: Area | None, firsts: Sequence[date]) -> _Found:
    """The counts of each month of an area, or of everything in sight (one statement)."""
    if _whole(act, area):
        return _kept(act, area, firsts)
    counts = measures(act.at)
    rows = in_sight(act).filter(opened__gte=_start(firsts[0]), opened__lt=_start(after(firsts[-1])))
    if area is not None:
        rows = rows.filter(area__gte=area.pk, area__lt=area.hi)
    found: Iterable[Any] = (
        rows.annotate(month=TruncMonth("opened")).values("month").annotate(**counts).order_by()
    )
    told = {timezone.localdate(row["month"]): row for row in found}
    blank = dict.fromkeys(counts, 0)
    return {
        first: {name.removeprefix("n_"): told.get(first, blank)[name] for name in counts}
        for first in firsts
    }


def _whole(act: Act, area: Area | None) -> bool:
    """Whether what is asked for is made of whole communities: counts are kept for those."""
    if area is not None:
        return area.level not in WITHIN
    if act.spans:
        return all(level_of(span.lo) not in WITHIN for span in act.spans)
    return act.unit is not None


def _kept(act: Act, area: Area | None, firsts: Sequence[date]) -> _Found:
    rows = Tally.objects.filter(month__in=firsts)
    sight = Q()
    for span in act.spans:
        sight |= Q(area__gte=span.lo, area__lt=span.hi)
    rows = rows.filter(sight) if act.spans else rows.filter(unit=act.unit)
    if area is not None:
        rows = rows.filter(area__gte=area.pk, area__lt=area.hi)
    sums: Iterable[Any] = rows.values("month").annotate(**{f"n_{name}": Sum(name) for name in KEPT})
    told = {row["month"]: row for row in sums}
    return {
        first: {name: told[first][f"n_{name}"] if first in told else 0 for name in KEPT}
        for first in firsts
    }


def _start(first: date) -> datetime:
    return timezone.make_aware(datetime.combine(first, time.min))
