"""Reading and giving GeoJSON: files of outlines in, feature collections for maps out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from linli.kernel.acts.act import Refusal

from . import datum as datums
from . import geometry, rules
from .models import Area


def _mended(outline: dict[str, Any]) -> dict[str, Any]:
    """An outline as a valid polygon: published ones sometimes touch or cross themselves."""
    polygon = shape(outline)
    if not polygon.is_valid:
        pieces = shapely.get_parts(shapely.make_valid(polygon))
        polygon = shapely.union_all([each for each in pieces if each.area > 0])
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty:
        raise ValueError(polygon.geom_type)
    return geometry.as_geojson(polygon, digits=7)


def read(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Codes and polygon geometries of a GeoJSON file, mended; refuses what is not one."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [
            (rules.canonical(str(each["properties"]["adcode"])), _mended(each["geometry"]))
            for each in features
        ]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise Refusal(
            f"{path.name}：不是带 adcode 属性的 GeoJSON 多边形文件。", code="geojson"
        ) from error


def moved(coordinates: Any, source: str, target: str) -> Any:
    """Coordinates of any depth in another reference system."""
    if isinstance(coordinates[0], (int, float)):
        lon, lat = datums.convert(coordinates[0], coordinates[1], source, target)
        return [round(lon, geometry.DIGITS), round(lat, geometry.DIGITS)]
    return [moved(each, source, target) for each in coordinates]


def _simplified(areas: Sequence[Area], shapes: dict[int, Any], metres: float) -> None:
    """Simplify level by level, borders that neighbours share together, so that no slit opens."""
    for level in {each.level for each in areas}:
        ids = [each.id for each in areas if each.level == level and each.id in shapes]
        polygons = np.array([shape(shapes[lo]) for lo in ids], dtype=object)
        simple = shapely.coverage_simplify(polygons, metres / geometry.DEGREE_M)
        for lo, polygon in zip(ids, simple, strict=True):
            shapes[lo] = geometry.as_geojson(polygon)


def _properties(area: Area) -> dict[str, Any]:
    return {
        "area": str(area.id),
        "code": area.code,
        "name": area.short_name,
        "level": area.level,
        "synthetic": area.is_synthetic,
        "lon": area.lon,
        "lat": area.lat,
    }


def _feature(area: Area, outline: dict[str, Any], datum: str | None) -> dict[str, Any]:
    told = _properties(area)
    if datum and area.datum and datum != area.datum:
        coordinates = moved(outline["coordinates"], area.datum, datum)
        outline = {"type": outline["type"], "coordinates": coordinates}
        if area.lon is not None and area.lat is not None:
            told["lon"], told["lat"] = moved([area.lon, area.lat], area.datum, datum)
    # Numbers this big lose digits in JavaScript: `area` is text, `code` is what a page asks by.
    return {"type": "Feature", "properties": told, "geometry": outline}


def geojson(
    areas: Iterable[Area], simplify: float | None = None, datum: str | None = None
) -> dict[str, Any]:
    """A feature collection of areas for a map, those without an outline left out.

    ``simplify`` is a tolerance in metres. ``datum`` converts the coordinates, else they stay in the
    system they are kept in. One statement.
    """
    chosen = list(areas)
    ids = [each.id for each in chosen]
    rows = Area.objects.filter(id__in=ids, boundary__isnull=False)
    shapes: dict[int, Any] = dict(rows.values_list("id", "boundary"))
    if simplify:
        _simplified(chosen, shapes, simplify)
    features = [_feature(each, shapes[each.id], datum) for each in chosen if each.id in shapes]
    return {"type": "FeatureCollection", "features": features}
