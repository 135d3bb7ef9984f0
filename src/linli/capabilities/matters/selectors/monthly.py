"""Figures of matters by the month in which they were reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models.functions import TruncMonth
from django.utils import timezone

from linli.capabilities.matters.selectors.counts import measures
from linli.capabilities.matters.selectors.sight import in_sight
from linli.kernel.acts import Act
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area


def by_month(act: Act, area: Area | None, firsts: Sequence[date]) -> dict[date, Mapping[str, Any]]:
    """The counts of each month of an area, or of everything in sight (one statement)."""
    rows = in_sight(act).filter(opened__gte=_start(firsts[0]), opened__lt=_start(after(firsts[-1])))
    if area is not None:
        rows = rows.filter(area__gte=area.pk, area__lt=area.hi)
    counts = measures(act.at)
    found: Iterable[Any] = (
        rows.annotate(month=TruncMonth("opened")).values("month").annotate(**counts)
    )
    told = {timezone.localdate(row["month"]): row for row in found}
    blank = dict.fromkeys(counts, 0)
    return {
        first: {name.removeprefix("n_"): told.get(first, blank)[name] for name in counts}
        for first in firsts
    }


def _start(first: date) -> datetime:
    return timezone.make_aware(datetime.combine(first, time.min))
