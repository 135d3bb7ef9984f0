"""How far those who live here without being registered here are reached (R015): kept by community, summed for what is above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.capabilities.registry.models import Coverage
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one area as of the oldest count in it; `share` is the reached of the others, in hundredths."""

    area: Area
    as_of: date
    registered: int
    living: int
    others: int
    reached: int

    @property
    def share(self) -> float | None:
        """The share reached; none of nobody."""
        return round(100 * self.reached / self.others, 1) if self.others else None

    @property
    def missing(self) -> int:
        """How many are not reached."""
        return self.others - self.reached


def coverage(act: Act, area: Area) -> tuple[Line | None, list[Line]]:
    """An area's figures and those of the areas just below it, none where nothing was counted yet; one statement."""
    rows = list(
        Coverage.objects.filter(within(act), area__gte=area.pk, area__lt=area.hi).order_by("area")
    )
    below = places.children(area) if area.level != Level.COMMUNITY else []
    lines = [line for each in below if (line := _line(each, rows)) is not None]
    return _line(area, rows), lines


def _line(area: Area, rows: list[Coverage]) -> Line | None:
    own = [row for row in rows if area.pk <= row.area_id < area.hi]
    if not own:
        return None
    sums = {
        n: sum(getattr(r, n) for r in own) for n in ("registered", "living", "others", "reached")
    }
    return Line(area, min(row.as_of for row in own), **sums)
