"""The explicit arms beside the row-level wall: rows of the actor's areas, rows of the actor's unit."""

from __future__ import annotations

from django.db.models import Q

from linli.kernel.acts import Act
from linli.kernel.places.models import Area


def within(act: Act, column: str = "area_id") -> Q:
    """Rows whose area lies in the actor's sight; nothing for an actor without areas."""
    found = Q(pk__in=[])
    for span in act.spans:
        found |= Q(**{f"{column}__gte": span.lo, f"{column}__lt": span.hi})
    return found


def mine(act: Act, *units: str) -> Q:
    """Rows in sight by area, or by one of the unit columns."""
    found = within(act)
    for column in units or ("unit_id",):
        if act.unit is not None:
            found |= Q(**{column: act.unit})
    return found


def inside(area: Area, column: str = "area_id") -> Q:
    """Rows that lie in one area or below it."""
    return Q(**{f"{column}__gte": area.pk, f"{column}__lt": area.hi})
