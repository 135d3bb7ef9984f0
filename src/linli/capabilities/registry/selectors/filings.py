"""Reads of filings 任职备案: who waits to be filed, who was, what changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linli.capabilities.registry.models import Filing
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

PAGE = 50
CHANGED = "changed"
STATES = {
    "waiting": Q(state=Filing.State.WAITING),
    CHANGED: Q(state=Filing.State.WAITING) & ~Q(about=Filing.About.APPOINTED),
    "filed": Q(state=Filing.State.FILED),
    "returned": Q(state=Filing.State.RETURNED),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filings are looked at: how far they have come, in which area; empty: all in sight."""

    state: str = ""
    area: int | None = None


def asked(act: Act, wanted: Wanted) -> QuerySet[Filing]:
    """The filings in sight that are wanted, the newest first."""
    found = Filing.objects.filter(within(act), STATES.get(wanted.state, Q()))
    if wanted.area is not None:
        found = found.filter(inside(places.area(wanted.area)))
    return found.select_related("holding__organisation", "area").order_by("-pk")


def page(
    act: Act, wanted: Wanted, *, after: int | None = None, size: int = PAGE
) -> tuple[list[Filing], int | None]:
    """A page of filings, and the key after which the next one begins."""
    found = asked(act, wanted)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def every(act: Act, wanted: Wanted, before: int | None = None) -> Iterator[Filing]:
    """All that are wanted, page after page; nothing that came after `before`."""
    after = None if before is None else before + 1
    while True:
        rows, after = page(act, wanted, after=after, size=500)
        yield from rows
        if after is None:
            return


def find(act: Act, pk: int) -> Filing | None:
    """One filing in sight."""
    rows = Filing.objects.filter(within(act), pk=pk)
    return rows.select_related("holding__organisation", "area").first()


def of(holdings: Collection[int]) -> dict[int, Filing]:
    """The latest filing of each of some holders."""
    if not holdings:
        return {}
    rows = Filing.objects.filter(holding__in=holdings).order_by("pk")
    return {each.holding_id: each for each in rows}


def history(filing: Filing) -> list[Filing]:
    """What was filed of the same holder before, the newest first."""
    rows = Filing.objects.filter(holding=filing.holding_id, pk__lt=filing.pk)
    return list(rows.order_by("-pk"))
