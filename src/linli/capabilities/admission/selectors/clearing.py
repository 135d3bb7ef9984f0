"""The plan by which unadmitted signboards, bodies and systems are taken down: what is open, how far each street is (R078)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from linli.capabilities.admission.models import Placement
from linli.capabilities.admission.selectors.sight import mine
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

PAGE = 50


@dataclass(slots=True)
class Progress:
    """Of what stands on the plan: how much, how much is down, how much is late."""

    planned: int = 0
    gone: int = 0
    late: int = 0

    @property
    def left(self) -> int:
        """What is still standing."""
        return self.planned - self.gone

    def add(self, other: Progress) -> None:
        """Count another place into this one."""
        self.planned += other.planned
        self.gone += other.gone
        self.late += other.late


def by_street(act: Act, today: date) -> dict[int, Progress]:
    """How far each street is with the plan (one statement, a row for each community)."""
    rows = Placement.objects.filter(mine(act), clear_by__isnull=False).values_list("area")
    counted = rows.annotate(
        planned=Count("id"),
        gone=Count("id", filter=Q(until__isnull=False)),
        late=Count("id", filter=Q(until__isnull=True, clear_by__lt=today)),
    )
    found: dict[int, Progress] = {}
    for area, planned, gone, late in counted:
        street = places.street_of(area) or area
        found.setdefault(street, Progress()).add(Progress(planned, gone, late))
    return found


def open_ones(act: Act, after: tuple[date, int] | None = None) -> list[Placement]:
    """What is on the plan and still stands, the earliest day first, one more than a page."""
    rows = Placement.objects.filter(mine(act), clear_by__isnull=False, until__isnull=True)
    if after:
        day, key = after
        rows = rows.filter(Q(clear_by__gt=day) | Q(clear_by=day, pk__gt=key))
    return list(rows.select_related("area").order_by("clear_by", "id")[: PAGE + 1])


def some(act: Act, keys: Iterable[int]) -> list[Placement]:
    """Some of what stands in sight, by key."""
    rows = Placement.objects.filter(mine(act), pk__in=list(keys), until__isnull=True)
    return list(rows.select_related("area").order_by("id"))
