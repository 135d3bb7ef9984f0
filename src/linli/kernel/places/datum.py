"""Reference systems: WGS-84, CGCS2000 and GCJ-02, and the way between them.

GCJ-02 is the shifted system of published Chinese maps. Its shift is a known formula without an
exact inverse; the way back is iterated until it returns within 1e-7° (1 cm). CGCS2000 and WGS-84
differ by centimetres, less than any position we are given, and are treated as one.
Outside mainland China the shift is not applied.
"""

from math import cos, pi, radians, sin, sqrt

WGS84 = "WGS-84"
CGCS2000 = "CGCS2000"
GCJ02 = "GCJ-02"
DATUMS = (WGS84, CGCS2000, GCJ02)

# The ellipsoid that the GCJ-02 formula was published with (Krasovsky 1940).
_AXIS = 6378245.0
_ECC = 0.00669342162296594323
_CLOSE = 1e-9
_ROUNDS = 30


def _shifted(lon: float, lat: float) -> bool:
    return 73.66 < lon < 135.05 and 3.86 < lat < 53.55


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    tail = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + tail
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + tail
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - _ECC * sin(radians(lat)) ** 2
    meridian = _AXIS * (1 - _ECC) / (bend * sqrt(bend))
    parallel = _AXIS / sqrt(bend) * cos(radians(lat))
    return east * 180 / (parallel * pi), north * 180 / (meridian * pi)


def to_gcj(lon: float, lat: float) -> tuple[float, float]:
    """A WGS-84 position in GCJ-02, degrees."""
    if not _shifted(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def from_gcj(lon: float, lat: float) -> tuple[float, float]:
    """A GCJ-02 position in WGS-84, degrees, exact to better than 1e-7°."""
    if not _shifted(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _round in range(_ROUNDS):
        east, north = to_gcj(x, y)
        x, y = x + lon - east, y + lat - north
        if abs(lon - east) < _CLOSE and abs(lat - north) < _CLOSE:
            break
    return x, y


def convert(lon: float, lat: float, source: str, target: str) -> tuple[float, float]:
    """A position of one reference system in another, degrees; ValueError if unknown."""
    for name in (source, target):
        if name not in DATUMS:
            raise ValueError(f"unknown reference system {name!r}")
    if (source == GCJ02) == (target == GCJ02):
        return lon, lat
    return to_gcj(lon, lat) if target == GCJ02 else from_gcj(lon, lat)
