"""What communities are called to: by day, together where they are many, and what might be held together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, QuerySet

from linli.capabilities.admission.models import Occasion
from linli.capabilities.admission.rules import Joint, joint, near
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.selectors.sight import inside, mine
from linli.kernel.acts import Act
from linli.kernel.places.models import Area

MOST = 300
VISITS_MOST = 20_000
OPEN = (Occasion.State.WAITING, Occasion.State.PLANNED)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which occasions: of some days, of a kind, of a unit, in an area."""

    first: date
    last: date
    kind: str = ""
    unit: int | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """One occasion of one or many communities: `key` and `area` are the first one's."""

    key: int
    title: str
    kind: str
    day: date
    unit: int
    state: str
    hours: Decimal
    people: int
    communities: int
    area: int


def _rows(act: Act, f: Filters) -> QuerySet[Occasion]:
    rows = Occasion.objects.filter(mine(act), day__gte=f.first, day__lte=f.last)
    if f.kind:
        rows = rows.filter(kind=f.kind)
    if f.unit:
        rows = rows.filter(unit=f.unit)
    if f.area is not None:
        rows = rows.filter(inside(f.area))
    return rows


def called(act: Act, f: Filters) -> list[Called]:
    """Occasions by day; the same one of many communities stands once (one statement)."""
    names = ("title", "kind", "day", "unit_id", "state", "hours", "people")
    rows = _rows(act, f).values_list(*names)
    found = rows.annotate(n=Count("id"), key=Min("id"), at=Min("area_id"))
    return [
        Called(
            key=row[8],
            area=row[9],
            communities=row[7],
            **dict(
                zip(("title", "kind", "day", "unit", "state", "hours", "people"), row, strict=False)
            ),
        )
        for row in found.order_by("day", "key")[:MOST]
    ]


def listed(act: Act, f: Filters, title: str = "") -> list[Occasion]:
    """Occasions one by one, by day and community."""
    rows = _rows(act, f).select_related("area", "unit", "item", "into")
    if title:
        rows = rows.filter(title=title)
    return list(rows.order_by("day", "area_id", "id")[:MOST])


def one(act: Act, pk: int) -> Occasion | None:
    """One of them in sight."""
    rows = Occasion.objects.filter(mine(act), pk=pk)
    return rows.select_related("area", "unit", "item", "ticket", "into").first()


def joints(act: Act, f: Filters) -> list[Joint]:
    """Inspections of several departments in the same community and fortnight, as joint visits (R081)."""
    rows = _rows(act, f).filter(kind=Occasion.Kind.INSPECTION, state__in=OPEN)
    return joint(rows.values_list("id", "area_id", "unit_id", "day")[:VISITS_MOST])


def together(act: Act, f: Filters) -> list[tuple[Occasion, Occasion]]:
    """Meetings of one community near each other, which might be held together (R080)."""
    days = section().merging.days
    rows = _rows(act, f).filter(kind=Occasion.Kind.MEETING, state__in=OPEN)
    held = list(rows.select_related("area", "unit")[:MOST])
    by_key = {row.pk: row for row in held}
    return [
        (by_key[one], by_key[other])
        for area in sorted({row.area_id for row in held})
        for one, other in near([(r.pk, r.day) for r in held if r.area_id == area], days)
    ]


def some(act: Act, keys: Iterable[int]) -> dict[int, Occasion]:
    """Some occasions in sight, by key."""
    rows = Occasion.objects.filter(mine(act), pk__in=list(keys)).select_related("area", "unit")
    return {row.pk: row for row in rows}
