"""Points in polygons against brute force; made-up partitions leave no gap and no overlap."""

from random import Random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from linli.kernel.places import geometry, synthetic
from linli.kernel.places.geometry import Locator, coverage, distance_m

# A bent district with a bay, so that cells near it are cut.
BENT = shapely.Polygon(
    [(120.0, 31.0), (120.3, 31.0), (120.3, 31.3), (120.16, 31.3), (120.15, 31.1), (120.14, 31.3)]
    + [(120.0, 31.3)]
)


def _ground(outline: shapely.Polygon = BENT, streets: int = 3, each: int = 4) -> synthetic.Ground:
    numbers = iter(range(1, 10_000))
    return synthetic.Ground(
        9_000_000,
        outline,
        tuple(
            (
                8_000_000 + street,
                tuple(
                    synthetic.Plot(
                        7_000_000 + street * 100 + plot, tuple(next(numbers) for _ in "1234")
                    )
                    for plot in range(each)
                ),
            )
            for street in range(streets)
        ),
    )


def _grids(shapes: dict[int, BaseGeometry]) -> list[tuple[int, BaseGeometry]]:
    return [(lo, shape) for lo, shape in shapes.items() if lo < 7_000_000]


def test_distance_against_known_figures() -> None:
    # Published with eviltransform: Shanghai to Beijing, on a sphere of 6,378,137 m.
    far = distance_m((121.531541859215, 31.17530398364597), (116.38404722455657, 39.91334545536069))
    assert far == pytest.approx(1_078_164 * geometry.EARTH_M / 6_378_137, rel=1e-5)
    assert distance_m((120.3, 31.5), (120.3, 31.5)) == 0
    assert distance_m((0, 0), (1, 0)) == pytest.approx(geometry.DEGREE_M)


def test_locator_agrees_with_brute_force() -> None:
    grids = _grids(synthetic.partition([_ground()], seed=3))
    locator, dice = Locator(grids), Random(1)
    points = [(dice.uniform(119.98, 120.32), dice.uniform(30.98, 31.32)) for _ in range(3000)]
    # Corners and borders, where two or three grids meet.
    points += [tuple(point) for _lo, shape in grids for point in shapely.get_coordinates(shape)]
    expected = [
        min((lo for lo, shape in grids if shape.intersects(Point(point))), default=None)
        for point in points
    ]
    assert [locator.at(*point).area for point in points] == expected
    assert locator.many([x for x, _ in points], [y for _, y in points]) == expected
    assert any(each is None for each in expected) and len(set(expected)) == len(grids) + 1


def test_near_is_taken_and_far_is_told() -> None:
    square = Locator([(5, box(120.0, 31.0, 120.01, 31.01))])
    outside = (120.011, 31.005)
    away = distance_m(outside, (120.01, 31.005))
    assert square.at(*outside).area is None
    assert square.at(*outside).metres == pytest.approx(away, rel=1e-3)
    near = square.at(*outside, reach_m=away + 1)
    assert near.area == 5 and not near.inside
    assert square.at(*outside, reach_m=away - 1).area is None
    assert square.at(120.005, 31.005).inside
    assert Locator([]).at(120, 31) == geometry.NOWHERE
    for strange in (float("nan"), float("inf")):
        assert square.at(strange, 31.0, reach_m=1e9) == geometry.NOWHERE
    assert square.at(-500.0, 900.0).area is None


def test_nearest_is_measured_in_metres_not_degrees() -> None:
    # East is 0.011° away and north 0.010°; at 31° a degree of longitude is shorter.
    locator = Locator([(1, box(120.011, 30.9, 120.2, 31.0)), (2, box(119.9, 31.010, 120.0, 31.1))])
    assert locator.at(120.0, 31.0, reach_m=2000).area == 1


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 9))
@settings(max_examples=15)
def test_every_point_lies_in_exactly_one_grid(seed: int, streets: int, each: int) -> None:
    shapes = synthetic.partition([_ground(streets=streets, each=each)], seed)
    grids = _grids(shapes)
    assert len(grids) == streets * each * 4
    found = coverage(shapes[9_000_000], grids)
    assert found.whole and found.gaps_m2 == 0 and found.overlaps_m2 == 0
    assert all(shape.is_valid and not shape.is_empty for shape in shapes.values())
    # The district's own border moves by no more than the rounding of coordinates, on average
    # (the sharp tip of the bay may close for a few metres).
    moved = shapes[9_000_000].symmetric_difference(BENT).area
    assert moved < BENT.length * geometry.GRAIN


def test_the_same_seed_gives_the_same_city() -> None:
    one, other, third = (synthetic.partition([_ground()], seed) for seed in (3, 3, 4))
    assert {lo: shape.wkt for lo, shape in one.items()} == {lo: s.wkt for lo, s in other.items()}
    assert any(one[lo].wkt != third[lo].wkt for lo in one)


def test_neighbouring_districts_share_their_border() -> None:
    west, east = box(120.0, 31.0, 120.1, 31.1), box(120.1, 31.0, 120.2, 31.1)
    second = _ground(east)
    moved = synthetic.Ground(
        second.id + 1,
        east,
        tuple(
            (
                s + 50,
                tuple(synthetic.Plot(p.id + 5000, tuple(g + 5000 for g in p.grids)) for p in plots),
            )
            for s, plots in second.streets
        ),
    )
    shapes = synthetic.partition([_ground(west), moved], seed=1)
    districts = [(lo, shapes[lo]) for lo in (second.id, moved.id)]
    assert coverage(synthetic.together([s for _lo, s in districts]), districts).whole
    assert coverage(synthetic.together([s for _lo, s in districts]), _grids(shapes)).whole


def test_streets_grow_with_their_communities() -> None:
    sizes = [2, 10, 4]
    ground = _ground(box(120.0, 31.0, 120.2, 31.2), 1, 16)
    plots = ground.streets[0][1]
    cut = [0, 2, 12, 16]
    streets = tuple((8_000_000 + i, plots[cut[i] : cut[i + 1]]) for i in range(3))
    shapes = synthetic.partition([synthetic.Ground(ground.id, ground.outline, streets)], seed=2)
    whole = shapes[ground.id].area
    for index, size in enumerate(sizes):
        assert shapes[8_000_000 + index].area / whole == pytest.approx(size / 16, rel=0.35)


def test_coverage_names_gaps_and_overlaps() -> None:
    whole = box(120.0, 31.0, 120.1, 31.1)
    left, right = box(120.0, 31.0, 120.06, 31.1), box(120.05, 31.0, 120.09, 31.1)
    found = coverage(whole, [(1, left), (2, right)])
    assert not found.whole and found.overlapping == ((1, 2),)
    (gap,) = found.gaps
    assert 120.09 < gap[0] < 120.1 and 31.0 < gap[1] < 31.1
    strip = 0.01 * geometry.DEGREE_M * 0.8566 * 0.1 * geometry.DEGREE_M
    assert found.gaps_m2 == pytest.approx(strip, rel=0.01)
    assert found.overlaps_m2 == pytest.approx(strip, rel=0.01)
    beyond = coverage(left, [(1, whole)])
    assert beyond.gaps_m2 == 0 and beyond.outside_m2 == pytest.approx(4 * strip, rel=0.01)
    nested = coverage(whole, [(1, whole), (2, left)])
    assert nested.overlapping == ((1, 2),)


def test_a_centre_lies_inside_even_a_bent_outline() -> None:
    horseshoe = BENT.difference(box(120.05, 31.05, 120.25, 31.3))
    lon, lat = geometry.centre(geometry.as_geojson(horseshoe))
    assert horseshoe.covers(Point(lon, lat))
