"""What was entered in ledgers by the month in which it happened: kept counts; within a community they are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from linli.capabilities.tables.models import Entry, EntryTally
from linli.kernel.acts import Act
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, level_of

WITHIN = (Level.GRID, Level.BUILDING)
NUMBER = r"^[0-9]{1,6}([.][0-9]{1,6})?$"
_Rows = Iterable[Mapping[str, Any]]


def counts(
    act: Act, area: Area | None, firsts: Sequence[date], kinds: Sequence[str]
) -> Mapping[tuple[str, date], tuple[int, float]]:
    """How many entries of some kinds each month has, and the hours they tell (one statement)."""
    here = _here(act, area)
    rows = _kept(here, firsts, kinds) if _whole(act, area) else _counted(here, firsts, kinds)
    return {(row["kind"], row["month"]): (row["n"], row["told"] or 0) for row in rows}


def _whole(act: Act, area: Area | None) -> bool:
    """Whether what is asked for is made of whole communities: counts are kept for those."""
    levels = [level_of(span.lo) for span in act.spans] + ([area.level] if area else [])
    return not any(level in WITHIN for level in levels)


def _here(act: Act, area: Area | None) -> Q:
    here = Q(pk__in=[])
    for span in act.spans:
        here |= Q(area__gte=span.lo, area__lt=span.hi)
    return here & Q(area__gte=area.pk, area__lt=area.hi) if area is not None else here


def _kept(here: Q, firsts: Sequence[date], kinds: Sequence[str]) -> _Rows:
    rows = EntryTally.objects.filter(here, month__in=firsts, kind__in=kinds)
    return rows.values("kind", "month").annotate(n=Sum("number"), told=Sum("hours")).order_by()


def _counted(here: Q, firsts: Sequence[date], kinds: Sequence[str]) -> _Rows:
    days = {"day__gte": firsts[0], "day__lt": after(firsts[-1])}
    rows = Entry.objects.filter(here, struck=False, kind__in=kinds, **days)
    said = rows.annotate(month=TruncMonth("day"), said=KeyTextTransform("hours", "body"))
    # What cannot be read as a number is an entry that tells no hours.
    number = When(said__regex=NUMBER, then=Cast(F("said"), FloatField()))
    hours = Sum(Case(number, default=Value(0.0), output_field=FloatField()))
    return said.values("kind", "month").annotate(n=Count("pk"), told=hours).order_by()
