"""Made-up outlines: communities and grids have none published, a demonstration needs some.

A district is cut into as many cells of about the same size as it has communities (Voronoi cells of
points spread evenly by Lloyd's relaxation, clipped to the district); neighbouring cells become a
street, so a street's size follows its number of communities; each community is cut again into four
to six grids. The same seed gives the same city. At the end all borders are rounded and knitted
together at once, so that every point lies in exactly one grid. Nothing here is a real boundary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from random import Random

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .geometry import GRAIN

Points = NDArray[np.float64]
ROUNDS = 6
GRIDS = (4, 6)
SOURCE = "synthetic"


def _scatter(polygon: BaseGeometry, count: int, dice: Random) -> Points:
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x, y = dice.uniform(west, east), dice.uniform(south, north)
        if shapely.contains_xy(polygon, x, y):
            found.append((x, y))
    return np.array(found)


def _cells(polygon: BaseGeometry, points: Points) -> NDArray[np.object_]:
    raw = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=polygon, ordered=True)
    return np.array(shapely.intersection(shapely.get_parts(raw), polygon), dtype=object)


def spread(polygon: BaseGeometry, count: int, dice: Random) -> NDArray[np.object_]:
    """A polygon cut into ``count`` cells of about the same size; together they are the polygon."""
    if count == 1:
        return np.array([polygon], dtype=object)
    points = _scatter(polygon, count, dice)
    for _round in range(ROUNDS):
        cells = _cells(polygon, points)
        middles = shapely.get_coordinates(shapely.centroid(cells))
        # A centroid may leave a bent polygon; its cell would then vanish, so the old point stays.
        inside = shapely.contains_xy(polygon, middles[:, 0], middles[:, 1])
        points = np.where(inside[:, None], middles, points)
    return _cells(polygon, points)


def grouped(points: Points, sizes: Sequence[int]) -> list[list[int]]:
    """Neighbouring points gathered into groups of given sizes, by halving along the longer side."""

    def halve(members: NDArray[np.intp], shares: Sequence[int]) -> list[list[int]]:
        if len(shares) == 1:
            return [members.tolist()]
        middle = len(shares) // 2
        axis = int(np.argmax(np.ptp(points[members], axis=0)))
        order = members[np.argsort(points[members, axis], kind="stable")]
        cut = sum(shares[:middle])
        return halve(order[:cut], shares[:middle]) + halve(order[cut:], shares[middle:])

    return halve(np.arange(len(points)), sizes)


@dataclass(frozen=True, slots=True)
class Plot:
    """A community to be given ground: its id and the ids of its grids."""

    id: int
    grids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A district to be cut: its outline and, street by street, the communities in it."""

    id: int
    outline: BaseGeometry
    streets: tuple[tuple[int, tuple[Plot, ...]], ...]


def _cut(ground: Ground, seed: int) -> list[tuple[int, BaseGeometry]]:
    """Grid ids and their cells, not yet rounded; lengths are even because longitude is scaled."""
    scale = np.array([cos(radians(ground.outline.centroid.y)), 1.0])
    flat = shapely.transform(ground.outline, lambda points: points * scale)
    dice = Random(f"{seed}:{ground.id}")
    plots = [plot for _street, each in ground.streets for plot in each]
    cells = spread(flat, len(plots), dice)
    middles = shapely.get_coordinates(shapely.centroid(cells))
    groups = grouped(middles, [len(each) for _street, each in ground.streets])
    found: list[tuple[int, BaseGeometry]] = []
    for plot, cell in zip(plots, (cells[i] for group in groups for i in group), strict=True):
        found += zip(plot.grids, spread(cell, len(plot.grids), dice), strict=True)
    return [(each, shapely.transform(cell, lambda points: points / scale)) for each, cell in found]


def knit(
    cells: Sequence[tuple[int, BaseGeometry]], grain: float = GRAIN
) -> dict[int, BaseGeometry]:
    """Cells with all borders rounded together, so that neighbours share every vertex.

    Rounding cell by cell would open slivers where three cells meet on another's side.
    """
    shapes = np.array([cell for _id, cell in cells], dtype=object)
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=grain)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    points = shapely.point_on_surface(faces)
    tree = shapely.STRtree(shapes)
    rows, hits = tree.query(points, predicate="intersects")
    owners: dict[int, list[BaseGeometry]] = {}
    seen: set[int] = set()
    for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
        if row not in seen:
            seen.add(row)
            owners.setdefault(cells[hit][0], []).append(faces[row])
    return {each: together(pieces) for each, pieces in owners.items()}


def together(pieces: Sequence[BaseGeometry]) -> BaseGeometry:
    """Neighbouring outlines that share their vertices, as one."""
    return pieces[0] if len(pieces) == 1 else shapely.coverage_union_all(np.array(pieces))


def partition(grounds: Sequence[Ground], seed: int = 1) -> dict[int, BaseGeometry]:
    """Outlines of every grid, community, street and district, by id; wholes are sums of parts."""
    grids = knit([cell for ground in grounds for cell in _cut(ground, seed)])
    outlines = dict(grids)
    for ground in grounds:
        streets = []
        for street, plots in ground.streets:
            for plot in plots:
                pieces = [grids[each] for each in plot.grids if each in grids]
                outlines[plot.id] = together(pieces)
            outlines[street] = together([outlines[plot.id] for plot in plots])
            streets.append(outlines[street])
        outlines[ground.id] = together(streets)
    return outlines


def grid_count(code: str, seed: int = 1) -> int:
    """How many grids a community is given: four to six, always the same for the same code."""
    return Random(f"{seed}:{code}").randint(*GRIDS)
