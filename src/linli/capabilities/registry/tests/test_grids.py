"""Every home in exactly one comprehensive grid: divided by rule, drawn by hand, judged before it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.capabilities.registry.models import Building, Home, Residence
from linli.capabilities.registry.rules.grids import Block, ordinal, propose
from linli.capabilities.registry.selectors import grids as selectors
from linli.capabilities.registry.services import grids, places
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.places import datum
from linli.kernel.places import selectors as tree
from linli.kernel.places.models import Area, AreaEdition
from tests import families
from tests.town import Town

ACT = system_act()
WEST, EAST, SOUTH, NORTH = 120.325, 120.375, 31.57, 31.62  # 甲社区
HALF = (WEST + EAST) / 2


@pytest.fixture
def here(town: Town) -> Town:
    families.settle()
    tree.forget()
    return town


def _box(west: float, east: float, south: float = SOUTH, north: float = NORTH) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙丁"), st.integers(1, 40), st.integers(1, 120)),
        max_size=60,
        unique_by=lambda each: each[:2],
    )
)
def test_every_building_is_in_exactly_one_proposal(rows: list[tuple[str, int, int]]) -> None:
    blocks = [Block(n, estate, f"{no}幢", homes) for n, (estate, no, homes) in enumerate(rows)]
    proposed = propose(blocks, 300, 500)
    assert sorted(b.id for each in proposed for b in each.blocks) == list(range(len(rows)))
    assert [each.number for each in proposed] == list(range(1, len(proposed) + 1))
    assert all(each.homes <= 500 for each in proposed)


def test_a_large_estate_is_parted_and_small_ones_are_put_together() -> None:
    large = [Block(n, "大河苑", f"{n}幢", 60) for n in range(1, 21)]
    small = [Block(100 + n, f"小苑{n}", "1幢", 90) for n in range(4)]
    proposed = propose([*small, *reversed(large)], 300, 500)
    assert [each.homes for each in proposed] == [420, 360, 420, 360]
    assert [b.id for b in proposed[0].blocks] == [1, 2, 3, 4, 5, 6, 7], "in order of number"
    assert len(proposed[-1].estates) == 4
    assert propose([Block(1, "x", "高楼", 900)], 300, 500)[0].homes == 900
    assert [ordinal(n) for n in (1, 10, 12, 20, 25, 100)] == [
        "一", "十", "十二", "二十", "二十五", "100",
    ]  # fmt: skip


@pytest.mark.row("R123", "R125")
def test_grids_are_built_from_buildings_and_everything_goes_along(here: Town) -> None:
    act = here.act("wu").on(verbs=frozenset({"registry.*"}), sensitive=False)
    yi = here.area("乙社区")
    with under(ACT):
        known = Building.objects.get(name="3幢")
        more = [
            places.add_building(ACT, area=yi.pk, name=f"{n}幢", estate=known.estate_id).pk
            for n in (4, 5)
        ]
    with under(act):
        assert len(selectors.check(act, yi).no_grid) == 1
        assert [len(each.blocks) for each in selectors.proposals(act, yi)] == [3]
        for wrong in ([[known.pk], more[:1]], [[known.pk, *more], more], [[known.pk, *more], []]):
            with pytest.raises(Refusal):
                grids.build(act, yi.pk, groups=wrong)
        made = grids.build(act, yi.pk, groups=[[known.pk], more], source="街道方案")
        assert [(each.name, each.code) for each in made] == [
            ("乙社区第一网格", "329901001002001"),
            ("乙社区第二网格", "329901001002002"),
        ]
        found = selectors.check(act, yi)
        assert found.whole and found.homes == found.right == 1
        assert Residence.objects.get(person__name="赵敏").area_id == made[0].pk
        with pytest.raises(Refusal, match="已有综合网格"):
            grids.build(act, yi.pk, groups=[[known.pk, *more]])
    he = here.act("he").on(verbs=frozenset({"registry.*"}))
    with under(he), pytest.raises(Refusal, match="管理范围"):
        grids.build(he, yi.pk, groups=[[1]])


@pytest.mark.row("R124")
def test_a_dedicated_grid_lies_beside_and_holds_no_home(here: Town) -> None:
    one = here.area("甲社区")
    with under(ACT):
        school = grids.add_dedicated(ACT, one.pk, name="试验小学专属网格")
        assert (school.kind, school.code) == ("dedicated", "329901001001900")
        assert grids.add_dedicated(ACT, one.pk, name="市场专属网格").code.endswith("901")
        assert school not in selectors.comprehensive(one)
        Building.objects.filter(name="1幢").update(area=school)
        Home.objects.filter(building__name="1幢").update(area=school)
        found = selectors.check(ACT, one)
        assert [each.building.name for each in found.dedicated] == ["1幢"]
        assert (found.homes, found.right, found.whole) == (2, 1, False)


def _grids(here: Town) -> tuple[Area, Area]:
    return here.area("甲社区第一网格"), here.area("甲社区第二网格")


def _draw(here: Town, outlines: dict[int, Any], **more: Any) -> selectors.Check:
    one = here.area("甲社区")
    values: dict[str, Any] = {"datum": "WGS-84", "source": "街道绘制", **more}
    return grids.draw(ACT, one.pk, outlines=outlines, **values)


@pytest.mark.row("R123")
def test_outlines_are_judged_before_they_are_kept(here: Town) -> None:
    first, second = _grids(here)
    with under(ACT):
        Building.objects.filter(name="1幢").update(lon=WEST + 0.005, lat=31.6)
        Building.objects.filter(name="5幢").update(lon=EAST - 0.005, lat=31.6)
        overlap = {first.pk: _box(WEST, HALF + 0.01), second.pk: _box(HALF, EAST)}
        with pytest.raises(Refusal, match="重叠"):
            _draw(here, overlap)
        gap = {first.pk: _box(WEST + 0.01, HALF), second.pk: _box(HALF, EAST)}
        with pytest.raises(Refusal, match="不在任何综合网格内"):
            _draw(here, gap)
        assert not AreaEdition.objects.filter(area=first).exists(), "nothing was kept"
        good = _draw(here, {first.pk: _box(WEST, HALF), second.pk: _box(HALF, EAST)})
        assert good.whole and not good.gaps
        kept = Area.objects.get(pk=first.pk)
        assert (kept.west, kept.east) == (WEST, HALF) and kept.boundary_source == "街道绘制"
        again = selectors.check(ACT, here.area("甲社区"))
        assert again.whole and not again.gaps


def test_a_hand_that_trembles_leaves_no_slit(here: Town) -> None:
    first, second = _grids(here)
    tremble = 0.00003  # three metres
    with under(ACT):
        found = _draw(
            here,
            {
                first.pk: _box(WEST - tremble, HALF + tremble),
                second.pk: _box(HALF - tremble, EAST + 0.002),
            },
        )
        assert not found.gaps and not found.overlapping
        west, east = (Area.objects.get(pk=each.pk) for each in (first, second))
        assert west.east == pytest.approx(east.west, abs=1e-7)
        assert east.east == pytest.approx(EAST, abs=1e-7), "cut at the community's border"


def test_buildings_follow_the_ground_they_stand_on(here: Town) -> None:
    first, second = _grids(here)
    with under(ACT):
        Building.objects.filter(name="1幢").update(lon=EAST - 0.005, lat=31.6)
        halves = {first.pk: _box(WEST, HALF), second.pk: _box(HALF, EAST)}
        found = _draw(here, halves)
        assert [(e.building.name, e.stands) for e in found.elsewhere] == [("1幢", second)]
        assert Building.objects.get(name="1幢").area_id == first.pk
        _draw(here, halves, refile=True)
        assert Building.objects.get(name="1幢").area_id == second.pk
        assert Residence.objects.get(person__name="王小梅").area_id == second.pk


@pytest.mark.parametrize(
    "drawn",
    [
        {},
        {"type": "Point", "coordinates": [120.3, 31.5]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["x", 1], [2, 3], [4, 5], ["x", 1]]]},
        {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]},
        _box(500, 600),
        _box(10, 11, 10, 11),
    ],
)
def test_what_is_no_outline_is_refused(here: Town, drawn: dict[str, Any]) -> None:
    first, _second = _grids(here)
    with under(ACT), pytest.raises(Refusal) as refused:
        _draw(here, {first.pk: drawn})
    assert refused.value.field == "outlines"


def test_what_is_drawn_in_another_system_is_kept_in_the_community_s(here: Town) -> None:
    first, second = _grids(here)
    ring = _box(WEST, HALF)["coordinates"][0]
    drawn = {"type": "Polygon", "coordinates": [[datum.to_gcj(*at) for at in ring]]}
    with under(ACT):
        _draw(here, {second.pk: _box(HALF, EAST)})
        found = _draw(here, {first.pk: drawn}, datum="GCJ-02")
        assert found.whole and not found.gaps
        kept = Area.objects.get(pk=first.pk)
        assert kept.datum == "WGS-84" and kept.east == pytest.approx(HALF, abs=1e-6)


def test_only_grids_of_the_community_in_a_known_system(here: Town) -> None:
    first, _second = _grids(here)
    with under(ACT):
        with pytest.raises(Refusal, match="坐标系"):
            _draw(here, {first.pk: _box(WEST, HALF)}, datum="BD-09")
        with pytest.raises(Refusal, match="不属于"):
            _draw(here, {here.area("乙社区").pk: _box(WEST, HALF)})
