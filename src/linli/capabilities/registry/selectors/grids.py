"""Whether every home lies in exactly one comprehensive grid: gaps, overlaps and strays are listed (R123)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from linli.capabilities.registry.models import Building, Home
from linli.capabilities.registry.rules.grids import Block, Proposal, propose
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import datum as datums
from linli.kernel.places import geometry
from linli.kernel.places import selectors as places
from linli.kernel.places.geometry import Locator
from linli.kernel.places.models import Area, AreaEdition, AreaKind
from linli.kernel.places.rules import Level
from linli.ui.keys import key_of

Place = tuple[int, int]


def place(text: str) -> Place | None:
    """A place in the list of strays as an address holds it; None for whatever is none."""
    rank, _dash, key = text.partition("-")
    building = key_of(key)
    return (int(rank), building) if rank in ("0", "1", "2", "3") and building else None


@dataclass(frozen=True, slots=True)
class Stray:
    """A building whose homes do not lie where they should: in which grid it is filed, in which it stands."""

    building: Building
    homes: int
    filed: Area | None
    stands: Area | None
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """How a community's homes lie in its comprehensive grids, and how the outlines fit."""

    homes: int
    right: int
    no_grid: tuple[Stray, ...]
    dedicated: tuple[Stray, ...]
    elsewhere: tuple[Stray, ...]
    outside: tuple[Stray, ...]
    overlapping: tuple[tuple[Area, Area], ...]
    gaps: tuple[tuple[float, float], ...]

    @property
    def whole(self) -> bool:
        """Every home in exactly one comprehensive grid, and no outlines that contradict it."""
        return not self.strays and not self.overlapping

    @property
    def strays(self) -> list[tuple[Place, Stray]]:
        """Every stray with its place in the list: what is drawn wrong first, then building by building."""
        every = (self.outside, self.elsewhere, self.no_grid, self.dedicated)
        return sorted(
            (((rank, each.building.pk), each) for rank, some in enumerate(every) for each in some),
            key=lambda pair: pair[0],
        )


def comprehensive(community: Area) -> list[Area]:
    """The present comprehensive grids of a community; dedicated ones lie beside (R124)."""
    grids = places.descendants(community, Level.GRID)
    return [each for each in grids if each.kind != AreaKind.DEDICATED]


def outlines(grids: Iterable[Area]) -> dict[int, tuple[str, BaseGeometry]]:
    """The outlines of some grids with the reference system they are kept in."""
    ids = [each.pk for each in grids]
    rows = Area.objects.filter(pk__in=ids, boundary__isnull=False)
    return {
        lo: (kept or datums.CGCS2000, shape(it))
        for lo, kept, it in rows.values_list("pk", "datum", "boundary")
    }


def buildings(act: Act, community: Area) -> list[Building]:
    """The present buildings of a community with how many present homes each has (`n_homes`), in order."""
    rows = Building.objects.filter(within(act) & inside(community), until__isnull=True)
    counted = rows.annotate(n_homes=Count("homes", filter=Q(homes__until__isnull=True)))
    return list(counted.select_related("estate").order_by("pk"))


def check(
    act: Act, community: Area, drawn: dict[int, tuple[str, BaseGeometry]] | None = None
) -> Check:
    """Every home of a community against its grids; `drawn` are outlines to be judged instead of the kept ones."""
    grids = {each.pk: each for each in comprehensive(community)}
    shapes = outlines(grids.values()) if drawn is None else drawn
    known = [each for each in buildings(act, community) if each.n_homes]  # type: ignore[attr-defined]
    found: dict[str, list[Stray]] = {
        name: [] for name in ("no_grid", "dedicated", "elsewhere", "outside", "")
    }
    locators = _locators(shapes)
    for each in known:
        stray = _stray(each, grids, locators)
        found[stray.why].append(stray)
    homes = Home.objects.filter(within(act) & inside(community), until__isnull=True).count()
    wrong = sum(each.homes for name, strays in found.items() if name for each in strays)
    pairs, gaps = _fit(community, shapes)
    return Check(
        homes=homes,
        right=homes - wrong,
        no_grid=tuple(found["no_grid"]),
        dedicated=tuple(found["dedicated"]),
        elsewhere=tuple(found["elsewhere"]),
        outside=tuple(found["outside"]),
        overlapping=tuple((places.area(one), places.area(other)) for one, other in pairs),
        gaps=gaps,
    )


def _locators(shapes: dict[int, tuple[str, BaseGeometry]]) -> dict[str, Locator]:
    by_datum: dict[str, list[tuple[int, BaseGeometry]]] = {}
    for lo, (kept, it) in shapes.items():
        by_datum.setdefault(kept, []).append((lo, it))
    return {kept: Locator(pairs) for kept, pairs in by_datum.items()}


def _stray(each: Building, grids: dict[int, Area], locators: dict[str, Locator]) -> Stray:
    homes = int(each.n_homes)  # type: ignore[attr-defined]
    own = places.grid_of(each.area_id)
    filed = grids.get(own) if own is not None else None
    stands, drawn = _stands(each, locators)
    there = grids.get(stands) if stands is not None else None
    if own is None:
        why = "no_grid"
    elif filed is None:
        why = "dedicated"
    elif drawn and there is None:
        why = "outside"
    elif there is not None and there.pk != filed.pk:
        why = "elsewhere"
    else:
        why = ""
    return Stray(each, homes, filed, there, why)


def _stands(each: Building, locators: dict[str, Locator]) -> tuple[int | None, bool]:
    """The grid on whose ground a building stands, and whether that could be asked at all."""
    if each.lon is None or each.lat is None or not locators:
        return None, False
    for kept, locator in locators.items():
        lon, lat = datums.convert(each.lon, each.lat, datums.WGS84, kept)
        hit = locator.at(lon, lat)
        if hit.area is not None:
            return hit.area, True
    return None, True


def _fit(
    community: Area, shapes: dict[int, tuple[str, BaseGeometry]]
) -> tuple[list[tuple[int, int]], tuple[tuple[float, float], ...]]:
    """Pairs of outlines that overlap, and points of the community that none covers."""
    whole = outlines([community]).get(community.pk)
    if whole is None or not shapes or any(kept != whole[0] for kept, _it in shapes.values()):
        return [], ()
    fit = geometry.coverage(whole[1], [(lo, it) for lo, (_kept, it) in sorted(shapes.items())])
    return list(fit.overlapping), fit.gaps


def proposals(act: Act, community: Area) -> list[Proposal]:
    """How a community's buildings could be divided into grids of the size that the pack asks for (R125)."""
    size = kinds.section().grid_size
    blocks = [
        Block(each.pk, each.estate.name if each.estate else "", each.name, each.n_homes)  # type: ignore[attr-defined]
        for each in buildings(act, community)
    ]
    return propose(blocks, size.low, size.high)


def editions(act: Act, community: Area, most: int = 50) -> list[AreaEdition]:
    """What a community and its grids were called and bounded before, newest first (one statement)."""
    if not act.sees(community.pk):
        return []
    rows = AreaEdition.objects.filter(inside(community), until__isnull=False)
    return list(rows.defer("boundary").order_by("-until", "area_id")[:most])
