"""Who at a community is told of what happens to its people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from linli.kernel.access.models import Appointment

POSTS = ("clerk", "community_head")


def clerks_of(community: int, day: date, posts: Collection[str] = POSTS) -> list[int]:
    """The accounts that hold a community's posts on a day."""
    in_force = Q(until__isnull=True) | Q(until__gte=day)
    rows = Appointment.objects.filter(
        in_force, area=community, post__in=list(posts), since__lte=day, account__active=True
    )
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct())
