"""What stands on a map, as its page reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from linli.ui.manifest import Spot


def geojson(spots: Iterable[Spot]) -> str:
    """Spots as a feature collection; each opens its page."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [each.lon, each.lat]},
            "properties": {
                "href": each.href,
                "title": str(each.title),
                "text": str(each.text),
                "state": str(each.state),
                "tone": each.tone,
            },
        }
        for each in spots
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
