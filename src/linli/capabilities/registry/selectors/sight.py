"""The explicit arm beside the row-level wall: rows of the areas of the actor's hats."""

from __future__ import annotations

from django.db.models import Q

from linli.capabilities.registry.models import Holding, Residence, Tie
from linli.kernel.acts import Act
from linli.kernel.places import selectors as areas
from linli.kernel.places.models import Area


def within(act: Act, column: str = "area_id") -> Q:
    """Rows whose area lies in the actor's sight; nothing for an actor without areas."""
    found = Q(pk__in=[])
    for span in act.spans:
        found |= Q(**{f"{column}__gte": span.lo, f"{column}__lt": span.hi})
    return found


def belongs(person: int) -> bool:
    """Whether somebody belongs now to what is in sight: by a residence, a home or a post (three short statements at most)."""
    of = {"person": person, "until__isnull": True}
    return any(kind.objects.filter(**of).exists() for kind in (Residence, Tie, Holding))


def inside(area: Area, column: str = "area_id") -> Q:
    """Rows that lie in one area or below it."""
    return Q(**{f"{column}__gte": area.pk, f"{column}__lt": area.hi})


def concerns(act: Act, area: int) -> bool:
    """Whether what was done for an area was done on ground of the actor's, or above it; not next door."""
    known = areas.tree().by_id.get(area)
    hi = known.hi if known is not None else area + 1
    return not area or any(span.lo < hi and area < span.hi for span in act.spans)
