"""Points and polygons: which area a point lies in, how far apart, whether a partition is whole.

Positions are (longitude, latitude) in degrees of one reference system; areas are shapely polygons.
Pure: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

EARTH_M = 6371008.8
DEGREE_M = EARTH_M * 3.141592653589793 / 180
DIGITS = 5
GRAIN = 10.0**-DIGITS


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two positions along the great circle (haversine)."""
    east, north = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(north / 2) ** 2 + cos(radians(one[1])) * cos(radians(other[1])) * sin(east / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def box(outline: dict[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north of a GeoJSON outline."""
    west, south, east, north = (float(value) for value in shape(outline).bounds)
    return west, south, east, north


def centre(outline: dict[str, Any]) -> tuple[float, float]:
    """A position surely inside a GeoJSON outline: its centroid, or one within when that is not."""
    polygon = shape(outline)
    point = polygon.centroid
    if not polygon.covers(point):
        point = polygon.representative_point()
    return round(point.x, DIGITS), round(point.y, DIGITS)


def _rounded(coordinates: Any, digits: int) -> Any:
    if isinstance(coordinates, (int, float)):
        return round(coordinates, digits)
    return [_rounded(each, digits) for each in coordinates]


def as_geojson(polygon: BaseGeometry, digits: int = DIGITS) -> dict[str, Any]:
    """A polygon as a GeoJSON geometry, its coordinates rounded."""
    found = mapping(polygon)
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"], digits)}


def metric(polygons: Any, latitude: float) -> Any:
    """Polygons (an array of them) in metres east and north, true near one latitude."""
    scale = np.array([DEGREE_M * cos(radians(latitude)), DEGREE_M])
    return shapely.transform(polygons, lambda points: points * scale)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a point was found: the area's id, or None when too far; metres to the nearest area."""

    area: int | None
    metres: float

    @property
    def inside(self) -> bool:
        """Whether the point lies in the area rather than near it."""
        return self.area is not None and self.metres == 0


NOWHERE = Hit(None, float("inf"))


class Locator:
    """Finds the polygon around a point among many, by an STR tree of their bounding boxes.

    A point on a shared border belongs to the area with the lowest id, so it is in exactly one.
    """

    def __init__(self, shapes: Iterable[tuple[int, BaseGeometry]]) -> None:
        kept = sorted(shapes, key=lambda pair: pair[0])
        self.ids = [each for each, _shape in kept]
        self.shapes = np.array([polygon for _id, polygon in kept], dtype=object)
        bounds = shapely.total_bounds(self.shapes) if kept else (0.0, 0.0, 0.0, 0.0)
        self.latitude = float(bounds[1] + bounds[3]) / 2
        self._tree = shapely.STRtree(self.shapes)
        self._metric = shapely.STRtree(metric(self.shapes, self.latitude)) if kept else None

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, lon: float, lat: float, reach_m: float = 0.0) -> Hit:
        """The area around a point, else the nearest within reach, else None; with the distance."""
        if self._metric is None or not (isfinite(lon) and isfinite(lat)):
            return NOWHERE
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        if len(found):
            return Hit(self.ids[int(found.min())], 0.0)
        place = metric(shapely.Point(lon, lat), self.latitude)
        index = int(self._metric.query_nearest(place, all_matches=False)[0])
        there = shapely.shortest_line(shapely.Point(lon, lat), self.shapes[index]).coords[-1]
        metres = distance_m((lon, lat), (there[0], there[1]))
        return Hit(self.ids[index] if metres <= reach_m else None, max(metres, 0.01))

    def many(self, lons: Sequence[float], lats: Sequence[float]) -> list[int | None]:
        """The areas around many points at once (None outside), for imports."""
        found: list[int | None] = [None] * len(lons)
        if self._metric is None:
            return found
        points = shapely.points(np.asarray(lons), np.asarray(lats))
        rows, hits = self._tree.query(points, predicate="intersects")
        for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
            before = found[row]
            if before is None or self.ids[hit] < before:
                found[row] = self.ids[hit]
        return found


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether areas cover a whole exactly once; square metres, and the pairs that overlap."""

    gaps_m2: float
    overlaps_m2: float
    outside_m2: float
    overlapping: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[float, float], ...]

    @property
    def whole(self) -> bool:
        """Every point lies in exactly one area, up to the rounding of coordinates."""
        return not self.overlapping and not self.gaps


def coverage(
    whole: BaseGeometry, parts: Sequence[tuple[int, BaseGeometry]], tolerance_m2: float = 50.0
) -> Coverage:
    """Gaps and overlaps of parts over a whole: every home in exactly one comprehensive grid.

    Pieces under ``tolerance_m2`` are rounding and are not listed, only summed.
    """
    latitude = whole.centroid.y
    flat = metric(whole, latitude)
    shapes = metric(np.array([each for _id, each in parts], dtype=object), latitude)
    together = shapely.union_all(shapes)
    missing = shapely.difference(flat, together)
    tree = shapely.STRtree(shapes)
    pairs, overlap = [], 0.0
    for one, other in tree.query(shapes, predicate="intersects").T.tolist():
        if one < other and not shapely.touches(shapes[one], shapes[other]):
            shared = float(shapely.intersection(shapes[one], shapes[other]).area)
            overlap += shared
            if shared > tolerance_m2:
                pairs.append((parts[one][0], parts[other][0]))
    scale = DEGREE_M * cos(radians(latitude))
    return Coverage(
        gaps_m2=float(missing.area),
        overlaps_m2=overlap,
        outside_m2=float(shapely.difference(together, flat).area),
        overlapping=tuple(pairs),
        gaps=tuple(
            (round(point.x / scale, DIGITS), round(point.y / DEGREE_M, DIGITS))
            for point in (
                piece.representative_point()
                for piece in shapely.get_parts(missing)
                if piece.area > tolerance_m2
            )
        ),
    )
