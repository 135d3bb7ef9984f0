"""Which area a position lies in, from the outlines as they stand; kept per process and stamp."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from . import datum as datums
from . import geometry, selectors
from .geometry import Coverage, Hit, Locator
from .models import Area, AreaKind
from .rules import Level

REACH_M = 200.0
_lock = threading.Lock()
_kept: dict[Level, tuple[int, dict[str, Locator]]] = {}


@dataclass(frozen=True, slots=True)
class Located:
    """The area of a position (None outside the city), and metres to the nearest when not inside."""

    area: Area | None
    metres: float

    @property
    def inside(self) -> bool:
        """Whether the position lies in the area rather than near it."""
        return self.area is not None and self.metres == 0


def _shapes(level: Level) -> dict[str, list[tuple[int, BaseGeometry]]]:
    found: dict[str, list[tuple[int, BaseGeometry]]] = defaultdict(list)
    rows = Area.objects.filter(level=level, until__isnull=True, boundary__isnull=False)
    rows = rows.exclude(kind=AreaKind.DEDICATED)
    for lo, kept_in, boundary in rows.values_list("id", "datum", "boundary"):
        found[kept_in or datums.CGCS2000].append((lo, shape(boundary)))
    return found


def locators(level: Level) -> dict[str, Locator]:
    """The locators of a level by reference system, built again when areas have changed."""
    stamp = selectors.tree().stamp
    kept = _kept.get(level)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    with _lock:
        built = {name: Locator(shapes) for name, shapes in _shapes(level).items()}
        _kept[level] = (stamp, built)
    return built


def locate(
    lon: float,
    lat: float,
    *,
    datum: str = datums.WGS84,
    level: Level = Level.GRID,
    reach_m: float = REACH_M,
) -> Located:
    """The area of a level around a position, else the nearest within reach, else none.

    The position is converted to the reference system of the outlines first. Dedicated grids (a
    school, a market) lie on top of the comprehensive ones and are not asked.
    """
    best = geometry.NOWHERE
    for kept_in, locator in locators(level).items():
        x, y = datums.convert(lon, lat, datum, kept_in)
        hit: Hit = locator.at(x, y, reach_m)
        if hit.metres < best.metres:
            best = hit
    return Located(None if best.area is None else selectors.area(best.area), best.metres)


def coverage(level: Level, parent: Area) -> Coverage:
    """Gaps and overlaps of a level's areas over one area: every home in exactly one grid (R123).

    Raises ValueError when the area itself has no outline.
    """
    shapes = dict(
        Area.objects.filter(
            id__gte=parent.id, id__lt=parent.hi, until__isnull=True, boundary__isnull=False
        ).values_list("id", "boundary")
    )
    if parent.id not in shapes:
        raise ValueError(f"{parent.name} has no outline")
    inside = [
        (each.id, shape(shapes[each.id]))
        for each in selectors.descendants(parent, level)
        if each.id in shapes and each.kind != AreaKind.DEDICATED
    ]
    return geometry.coverage(shape(shapes[parent.id]), inside)
