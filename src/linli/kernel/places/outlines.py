"""Reading and giving GeoJSON: files of outlines in, feature collections for maps out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shapely.geometry import shape

from linli.kernel.acts.act import Refusal

from . import datum as datums
from . import geometry, rules
from .models import Area


def read(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Codes and polygon geometries of a GeoJSON file; refuses what is not one."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = [
            (rules.canonical(str(each["properties"]["adcode"])), each["geometry"])
            for each in features
        ]
        for _code, outline in found:
            if not shape(outline).is_valid or "Polygon" not in outline["type"]:
                raise Refusal(f"{path.name}：{_code} 的边界不是有效的多边形。", code="polygon")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{path.name}：不是带 adcode 属性的 GeoJSON 边界文件。", code="geojson"
        ) from error
    return found


def _moved(coordinates: Any, source: str, target: str) -> Any:
    if isinstance(coordinates[0], (int, float)):
        lon, lat = datums.convert(coordinates[0], coordinates[1], source, target)
        return [round(lon, geometry.DIGITS), round(lat, geometry.DIGITS)]
    return [_moved(each, source, target) for each in coordinates]


def geojson(
    areas: Iterable[Area], simplify: float | None = None, datum: str | None = None
) -> dict[str, Any]:
    """A feature collection of areas for a map, those without an outline left out.

    ``simplify`` is a tolerance in metres; neighbours are simplified one by one, so a coarse value
    opens slits between them. ``datum`` converts coordinates, else they stay as kept.
    Reads the outlines (one statement) when the areas come from the shared tree.
    """
    chosen = list(areas)
    shapes = dict(
        Area.objects.filter(id__in=[each.id for each in chosen], boundary__isnull=False)
        .values_list("id", "boundary")
    )  # fmt: skip
    features = []
    for each in chosen:
        if each.id not in shapes:
            continue
        outline = shapes[each.id]
        if simplify:
            polygon = shape(outline).simplify(simplify / geometry.DEGREE_M)
            outline = geometry.as_geojson(polygon)
        if datum and each.datum and datum != each.datum:
            outline = {
                "type": outline["type"],
                "coordinates": _moved(outline["coordinates"], each.datum, datum),
            }
        features.append(
            {
                "type": "Feature",
                "id": each.id,
                "properties": {
                    "area": str(each.id), "code": each.code, "name": each.short_name,
                    "level": each.level, "synthetic": each.is_synthetic,
                    "lon": each.lon, "lat": each.lat,
                },
                "geometry": outline,
            }
        )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
