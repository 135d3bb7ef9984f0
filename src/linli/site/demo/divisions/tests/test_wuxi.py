"""The demonstration city: real counts, whole coverage, built quickly, the same every time."""

from random import Random

import pytest

from linli.kernel.acts import system_act, under
from linli.kernel.places import datum, finding, locating, selectors
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.site.demo.divisions import load_wuxi


@pytest.mark.row("R123")
@pytest.mark.django_db
def test_wuxi_is_whole() -> None:
    selectors.forget()
    with under(system_act()) as act:
        city = load_wuxi(act, seed=7)

        def inside(level: Level) -> list[Area]:
            return selectors.descendants(city, level)

        assert [len(inside(each)) for each in (Level.DISTRICT, Level.STREET, Level.COMMUNITY)] == [
            7,
            88,
            1246,
        ]
        grids = inside(Level.GRID)
        assert all(4 <= len(selectors.children(each)) <= 6 for each in inside(Level.COMMUNITY))
        for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID):
            found = locating.coverage(level, city)
            assert found.whole and found.gaps_m2 == 0 and found.overlaps_m2 == 0, level
        assert all(each.is_synthetic and each.datum == datum.GCJ02 for each in grids)

        _points_find_their_own_chain(city)
        assert locating.locate(116.4, 39.9).area is None
        best = finding.find("无锡市锡山区东亭街道春雷路8号")[0].area
        assert best.full_name == "无锡市锡山区东亭街道"

        before = dict(
            Area.objects.filter(id__in=[g.id for g in grids]).values_list("id", "boundary")
        )
        load_wuxi(act, seed=7)
        after = dict(
            Area.objects.filter(id__in=[g.id for g in grids]).values_list("id", "boundary")
        )
        assert before == after and len(inside(Level.GRID)) == len(grids)
    selectors.forget()


def _points_find_their_own_chain(city: Area) -> None:
    """A position found in a grid is found in that grid's community, street and district as well."""
    dice = Random(5)
    assert city.west and city.east and city.south and city.north
    hits = 0
    for _try in range(300):
        lon, lat = dice.uniform(city.west, city.east), dice.uniform(city.south, city.north)
        grid = locating.locate(lon, lat, datum=datum.GCJ02, reach_m=0).area
        if grid is None:
            continue
        hits += 1
        community = locating.locate(lon, lat, datum=datum.GCJ02, level=Level.COMMUNITY, reach_m=0)
        assert community.area is not None
        assert community.area.id == selectors.community_of(grid.id)
        street = locating.locate(lon, lat, datum=datum.GCJ02, level=Level.STREET, reach_m=0)
        assert street.area is not None and street.area.id == selectors.street_of(grid.id)
    assert hits > 100
