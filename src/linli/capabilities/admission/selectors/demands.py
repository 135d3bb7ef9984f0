"""Demands in sight: of a community, a street, a department; refusals for the supervisor."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from linli.capabilities.admission.models import Demand, Ticket
from linli.capabilities.admission.selectors.sight import mine, within
from linli.kernel.acts import Act

PAGE = 50
# A community reads of a demand once its street has handed it on.
UPSTREAM = (Demand.State.AT_STREET, Demand.State.HELD)


def _rows(act: Act, *, upstream: bool) -> QuerySet[Demand]:
    rows = Demand.objects.filter(mine(act)).select_related("area", "unit", "ticket")
    return rows if upstream else rows.exclude(state__in=UPSTREAM)


def listed(
    act: Act, show: str = "", after: int | None = None, *, upstream: bool = True
) -> list[Demand]:
    """Demands in sight, newest first, one more than a page."""
    rows = _rows(act, upstream=upstream)
    if show:
        rows = rows.filter(state=show)
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def one(act: Act, pk: int, *, upstream: bool = True) -> Demand | None:
    """One demand in sight."""
    return _rows(act, upstream=upstream).filter(pk=pk).first()


def refusals(act: Act, after: int | None = None) -> list[Demand]:
    """What communities declined in the actor's areas, newest first."""
    rows = Demand.objects.filter(within(act), state=Demand.State.DECLINED)
    rows = rows.select_related("area", "unit", "ticket")
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def at_streets(act: Act) -> list[Ticket]:
    """Tickets that wait for the actor's street to be handed on."""
    waiting = Q(demands__state=Demand.State.AT_STREET)
    for span in act.spans[:1]:
        waiting &= Q(demands__area_id__gte=span.lo, demands__area_id__lt=span.hi)
    rows = Ticket.objects.filter(waiting).select_related("unit", "item")
    return list(rows.distinct().order_by("-id")[:PAGE])


def counted(act: Act) -> dict[str, int]:
    """How many demands in sight are in each state."""
    rows = Demand.objects.filter(mine(act)).values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows.order_by("state")}
