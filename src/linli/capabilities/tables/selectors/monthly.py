"""What was entered in ledgers by the month in which it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, FloatField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from linli.capabilities.tables.models import Entry
from linli.kernel.acts import Act
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area


def _rows(act: Act, area: Area | None, firsts: Sequence[date]) -> QuerySet[Entry]:
    here = Q(pk__in=[])
    for span in act.spans:
        here |= Q(area__gte=span.lo, area__lt=span.hi)
    if area is not None:
        here &= Q(area__gte=area.pk, area__lt=area.hi)
    return Entry.objects.filter(here, struck=False, day__gte=firsts[0], day__lt=after(firsts[-1]))


def counts(
    act: Act, area: Area | None, firsts: Sequence[date], kinds: Sequence[str]
) -> Mapping[tuple[str, date], tuple[int, float]]:
    """How many entries of some kinds each month has, and the hours they tell (one statement)."""
    rows = _rows(act, area, firsts).filter(kind__in=kinds).annotate(month=TruncMonth("day"))
    hours = Sum(Cast(KeyTextTransform("hours", "body"), FloatField()))
    told = rows.values("kind", "month").annotate(n=Count("pk"), hours=hours).order_by()
    return {(row["kind"], row["month"]): (row["n"], row["hours"] or 0) for row in told}
