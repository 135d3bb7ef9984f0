"""Figures from outside, as denominators: the newest that was known on a day, with where it is said."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from linli.capabilities.registry.models import Statistic
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places.models import Area


def statistic(area: Area | int, code: str, on: date) -> Statistic | None:
    """The figure of an area that is newest on a day; none where no document says one."""
    rows = _in_force(area).filter(code=code, as_of__lte=on)
    return rows.order_by("-as_of", "-id").first()


def _in_force(area: Area | int) -> QuerySet[Statistic]:
    return Statistic.objects.filter(
        area=area if isinstance(area, int) else area.pk, until__isnull=True
    )


def series(area: Area | int, code: str) -> list[Statistic]:
    """All figures of an area for one indicator, oldest first."""
    return list(_in_force(area).filter(code=code).order_by("as_of", "id"))


def per(count: int, area: Area | int, code: str, on: date, times: int = 1) -> float | None:
    """A count against a figure from outside (times 10,000 for a rate per ten thousand); none without a figure."""
    found = statistic(area, code, on)
    if found is None or not found.value:
        return None
    return round(float(times * count / found.value), 2)


PAGE = 50


def listed(
    act: Act, code: str = "", *, after: int | None = None, size: int = PAGE
) -> tuple[list[Statistic], int | None]:
    """A page of the figures in force of the areas in sight and of those above them, newest first; the next one's key."""
    rows = Statistic.objects.filter(until__isnull=True).select_related("area")
    above = Q(pk__in=[])
    for span in act.spans:
        above |= Q(area__lte=span.lo, area__hi__gte=span.hi)
    rows = rows.filter(within(act) | above)
    if code:
        rows = rows.filter(code=code)
    last = Statistic.objects.filter(pk=after or 0).first()
    if last is not None:
        same = Q(code__gt=last.code) | Q(code=last.code, pk__gt=last.pk)
        rows = rows.filter(Q(as_of__lt=last.as_of) | Q(as_of=last.as_of) & same)
    found = list(rows.order_by("-as_of", "code", "id")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def codes(act: Act) -> list[str]:
    """The indicators that have figures (one statement)."""
    rows = Statistic.objects.filter(until__isnull=True).values_list("code", flat=True)
    return list(rows.distinct().order_by("code"))
