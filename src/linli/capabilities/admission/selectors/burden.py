"""The burden index: read from the months that were counted; its cost is months × communities (R080, R090, R098)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from linli.capabilities.admission.models import Demand, Weight
from linli.capabilities.admission.rules import Growth, Load, duplicates, growth
from linli.capabilities.admission.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.measures.months import MONTHS, after, months
from linli.kernel.places.models import Area

COUNTED = (
    "tables",
    "fields",
    "by_hand",
    "cells",
    "known",
    "hours",
    "duplicates",
    "meetings",
    "inspections",
    "contests",
    "declined",
)
_SYSTEMS = """
SELECT m.first, count(p.id) FROM unnest(%s::date[]) AS m(first)
LEFT JOIN admission_placement p ON p.kind = 'system' AND ({arms})
    AND p.since < (m.first + interval '1 month') AND (p.until IS NULL OR p.until >= m.first)
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an area: its load, what grew under another name since the month before."""

    first: date
    load: Load
    grew: list[Growth]


@dataclass(frozen=True, slots=True)
class Cause:
    """What one unit caused in a month: how often, its load, what it made grow under another name."""

    unit: int
    times: int
    load: Load
    grew: list[Growth]


def _arm(act: Act, area: Area | None) -> Q:
    return within(act) & inside(area) if area is not None else within(act)


def _load(row: Mapping[str, Any], systems: int = 0) -> Load:
    told: dict[str, Any] = {name: row[name] or 0 for name in COUNTED}
    return Load(**told, systems=systems)


def index(act: Act, last: date, area: Area | None = None, count: int = MONTHS) -> list[Month]:
    """The months of an area, or of all the actor's (two statements)."""
    firsts = months(last, count)
    rows = Weight.objects.filter(_arm(act, area), unit__isnull=True, month__gte=firsts[0])
    sums = {name: Sum(name) for name in COUNTED}
    told = {row["month"]: row for row in rows.values("month").annotate(**sums)}
    systems = _systems(act, area, firsts)
    found: list[Month] = []
    for first in firsts:
        row = told.get(first, dict.fromkeys(COUNTED, 0))
        load = _load(row, systems[first])
        found.append(Month(first, load, growth(found[-1].load, load) if found else []))
    return found


def _systems(act: Act, area: Area | None, firsts: list[date]) -> dict[date, int]:
    """How many systems stood in the communities in each month."""
    arms, params = _arms(act, area)
    with connection.cursor() as cursor:
        cursor.execute(_SYSTEMS.format(arms=arms), [firsts, *params])
        return dict(cursor.fetchall())


def _arms(act: Act, area: Area | None) -> tuple[str, list[int]]:
    spans = [(span.lo, span.hi) for span in act.spans]
    if area is not None:
        spans = [(max(lo, area.pk), min(hi, area.hi)) for lo, hi in spans]
    arms = " OR ".join("p.area_id >= %s AND p.area_id < %s" for _span in spans)
    return arms or "false", [key for span in spans for key in span]


def causes(act: Act, first: date, area: Area | None = None) -> list[Cause]:
    """Who causes it in a month, and whose burden grew under another name; most hours first (one statement)."""
    before = months(first, 2)[0]
    rows = Weight.objects.filter(_arm(act, area), unit__isnull=False, month__in=(before, first))
    sums = {name: Sum(name) for name in (*COUNTED, "times")}
    told: dict[tuple[date, int], Mapping[str, Any]] = {
        (row["month"], row["unit"]): row for row in rows.values("month", "unit").annotate(**sums)
    }
    found = []
    for (month, unit), row in told.items():
        if month == first:
            load, was = _load(row), told.get((before, unit))
            grew = growth(_load(was), load) if was else []
            found.append(Cause(unit, row["times"], load, grew))
    return sorted(found, key=lambda each: (-each.load.hours, -each.times, each.unit))


def places(act: Act, first: date, areas: Sequence[Area]) -> list[tuple[Area, Load, list[Growth]]]:
    """A month of some areas beside each other, each with what grew in it; most fields first (one statement)."""
    before = months(first, 2)[0]
    rows = Weight.objects.filter(within(act), unit__isnull=True, month__in=(before, first))
    held: dict[tuple[date, int], dict[str, Any]] = {}
    ordered = sorted(areas, key=lambda area: area.pk)
    for row in rows.values("month", "area_id", *COUNTED).order_by("area_id"):
        area = _around(ordered, row["area_id"])
        if area is not None:
            sums = held.setdefault((row["month"], area.pk), dict.fromkeys(COUNTED, 0))
            for name in COUNTED:
                sums[name] += row[name]
    found = []
    for area in ordered:
        now, was = (held.get((month, area.pk)) for month in (first, before))
        load = _load(now or dict.fromkeys(COUNTED, 0))
        found.append((area, load, growth(_load(was), load) if was else []))
    return sorted(found, key=lambda each: (-each[1].fields, -each[1].hours, each[0].pk))


def _around(ordered: Sequence[Area], key: int) -> Area | None:
    return next((area for area in ordered if area.pk <= key < area.hi), None)


def repeated(act: Act, first: date, area: Area) -> dict[str, frozenset[int]]:
    """Fields that several units asked of one area in a month, with the units (one statement)."""
    rows = Demand.objects.filter(
        _arm(act, area),
        issued__date__gte=first,
        issued__date__lt=after(first),
        kind__in=("table", "ledger"),
    ).exclude(state__in=(Demand.State.DECLINED, Demand.State.RECALLED))
    asked: Iterable[tuple[int, list[str]]] = rows.values_list("unit_id", "fields").distinct()
    return duplicates(asked)


def hours(load: Load) -> Decimal:
    """Hours of a load, as pages show them."""
    found = Decimal(load.hours).quantize(Decimal("0.1"))
    return found.to_integral_value() if found == found.to_integral_value() else found
