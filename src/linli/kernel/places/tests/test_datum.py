"""Reference systems against published vectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.places import datum
from linli.kernel.places.geometry import distance_m

lons, lats = st.floats(74, 135), st.floats(4, 53.5)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # The vectors published with eviltransform: Shanghai, Shenzhen, Beijing.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        # With coordtransform.
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_published_vectors(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert datum.to_gcj(*wgs) == pytest.approx(gcj, abs=1e-9)
    assert datum.from_gcj(*gcj) == pytest.approx(wgs, abs=1e-7)


@given(lons, lats)
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    x, y = datum.from_gcj(*datum.to_gcj(lon, lat))
    assert abs(x - lon) <= 1e-7 and abs(y - lat) <= 1e-7


@given(lons, lats)
def test_the_shift_is_hundreds_of_metres(lon: float, lat: float) -> None:
    assert distance_m((lon, lat), datum.to_gcj(lon, lat)) < 2000


def test_outside_china_nothing_shifts() -> None:
    assert datum.to_gcj(-71.06, 42.36) == (-71.06, 42.36)
    assert datum.from_gcj(-71.06, 42.36) == (-71.06, 42.36)


def test_convert_goes_every_way() -> None:
    here = (120.3, 31.57)
    shifted = datum.to_gcj(*here)
    assert datum.convert(*here, datum.WGS84, datum.CGCS2000) == here
    assert datum.convert(*here, datum.CGCS2000, datum.GCJ02) == shifted
    assert datum.convert(*shifted, datum.GCJ02, datum.GCJ02) == shifted
    assert datum.convert(*shifted, datum.GCJ02, datum.WGS84) == pytest.approx(here, abs=1e-7)
    with pytest.raises(ValueError, match="BD-09"):
        datum.convert(*here, "BD-09", datum.WGS84)
