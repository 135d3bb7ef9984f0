"""Where a photo says it was taken (EXIF GPS, WGS-84)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GPS_IFD = 0x8825
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class PlaceHint:
    """Degrees east and north as the camera noted them; a proposal that the reporter confirms."""

    lon: float
    lat: float
    datum: str = "WGS-84"


def place_of(gps: Mapping[int, Any]) -> PlaceHint | None:
    """The place of a GPS block, or nothing when it is absent or nonsense."""
    try:
        lat = _degrees(gps[_LAT], str(gps.get(_LAT_REF, "N")), "S")
        lon = _degrees(gps[_LON], str(gps.get(_LON_REF, "E")), "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    sensible = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    # Cameras without a fix write zeros.
    if not sensible or (lat == 0 and lon == 0):
        return None
    return PlaceHint(round(lon, 6), round(lat, 6))


def _degrees(parts: Any, ref: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref.strip("\0 ").upper() == negative else value
