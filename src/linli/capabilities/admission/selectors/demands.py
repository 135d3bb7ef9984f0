"""Demands in sight: of a community, a street, a department; refusals for the supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.capabilities.admission.models import Demand, Ticket
from linli.capabilities.admission.selectors.sight import inside, mine, within
from linli.kernel.access.models import Unit
from linli.kernel.acts import Act
from linli.kernel.places.models import Area

PAGE = 50
# A community reads of a demand once its street has handed it on.
UPSTREAM = (Demand.State.AT_STREET, Demand.State.HELD)


def _rows(act: Act, *, upstream: bool) -> QuerySet[Demand]:
    rows = Demand.objects.filter(mine(act)).select_related("area", "unit", "ticket__item")
    return rows if upstream else rows.exclude(state__in=UPSTREAM)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which demands: in a state, of a kind, by whom, that came down in a month (its first day), in an area."""

    show: str = ""
    kind: str = ""
    unit: int | None = None
    month: date | None = None
    area: Area | None = None


def listed(
    act: Act, f: Filters, after: int | None = None, *, upstream: bool = True
) -> list[Demand]:
    """Demands in sight, newest first, one more than a page."""
    rows = _rows(act, upstream=upstream)
    if f.show:
        rows = rows.filter(state=f.show)
    if f.kind:
        rows = rows.filter(kind=f.kind)
    if f.unit:
        rows = rows.filter(unit=f.unit)
    if f.month:
        rows = rows.filter(issued__gte=_began(f.month), issued__lt=_began(_next(f.month)))
    if f.area is not None:
        rows = rows.filter(inside(f.area))
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def _began(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _next(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)


def one(act: Act, pk: int, *, upstream: bool = True) -> Demand | None:
    """One demand in sight."""
    return _rows(act, upstream=upstream).filter(pk=pk).first()


def askers(act: Act, most: int = 60) -> list[Unit]:
    """Who asked something of the actor's areas, by name."""
    rows = Demand.objects.filter(mine(act)).order_by().values("unit").distinct()
    return list(Unit.objects.filter(pk__in=rows).order_by("name")[:most])


def some(act: Act, keys: Sequence[int]) -> list[Demand]:
    """Demands of the actor's areas by their keys, as far as their street handed them on."""
    rows = Demand.objects.filter(within(act), pk__in=keys).exclude(state__in=UPSTREAM)
    return list(rows.select_related("area", "unit", "ticket").order_by("pk"))


def refusals(act: Act, after: int | None = None) -> list[Demand]:
    """What communities declined in the actor's areas, newest first."""
    rows = Demand.objects.filter(within(act), state=Demand.State.DECLINED)
    rows = rows.select_related("area", "unit", "ticket")
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def at_streets(act: Act) -> list[Any]:
    """Tickets that wait for the actor's street to be handed on; `here` is to how many of its communities."""
    waiting = Q(demands__state=Demand.State.AT_STREET)
    for span in act.spans[:1]:
        waiting &= Q(demands__area_id__gte=span.lo, demands__area_id__lt=span.hi)
    rows = Ticket.objects.filter(waiting).select_related("unit", "item")
    return list(rows.annotate(here=Count("demands")).order_by("-id")[:PAGE])


def counted(act: Act) -> dict[str, int]:
    """How many demands in sight are in each state."""
    rows = Demand.objects.filter(mine(act)).values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows.order_by("state")}
