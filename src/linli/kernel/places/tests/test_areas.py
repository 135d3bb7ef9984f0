"""Areas in the database: real tables imported, renamed, ended, outlined, found again."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import DjangoAssertNumQueries

from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.places import (
    commands,
    datum,
    divisions,
    geometry,
    locating,
    outlines,
    rules,
    selectors,
    services,
)
from linli.kernel.places.models import Area, AreaEdition
from linli.kernel.places.rules import Level
from linli.kernel.places.tests.little import ROWS, table

DATA = next(
    (
        up.parent / "shared/data"
        for up in Path(__file__).resolve().parents
        if (up / "src/linli").is_dir()
    ),
    Path("shared/data"),
)
real = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real division tables (../shared/data) are absent"
)


def test_a_city_abroad_and_all_below_get_nested_intervals(city: Area) -> None:
    found = [city, *selectors.descendants(city)]
    assert len(found) == 7
    for each in found[1:]:
        above = selectors.area(each.parent_id or 0)
        assert above.span.covers(each.span) and each.id > above.id
        assert rules.level_of(each.id) == each.level
    assert rules.ABROAD[0] <= city.id < rules.ABROAD[1]


def test_the_tree_is_read_without_queries(
    city: Area, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    flower = selectors.by_code("990101001001")
    with django_assert_num_queries(0):
        street = selectors.street_of(flower.id + 17)
        assert street is not None and selectors.area(street).name == "春街道"
        assert selectors.community_of(flower.id + 17) == flower.id
        assert selectors.community_of(street) is None
        assert selectors.grid_of(flower.id) is None
        assert [each.name for each in selectors.ancestors(flower)] == ["试点市", "南区", "春街道"]
        assert [each.short_name for each in selectors.children(street)] == ["花社区", "月社区"]
        assert selectors.path_name(flower) == "南区春街道花社区"
        assert selectors.path_name(flower, below=None) == "试点市南区春街道花社区"
        assert selectors.path_name(city) == "试点市"
        assert selectors.span(flower.id) == flower.span
        assert flower.full_name == "试点市南区春街道花社区" and flower.kind == "urban"
    with pytest.raises(Area.DoesNotExist):
        selectors.area(12345)


def test_nothing_attached_is_lost_when_areas_change(act: Act, city: Area, tmp_path: Path) -> None:
    flower, moon = selectors.by_code("990101001001"), selectors.by_code("990101001002")
    wind = selectors.by_code("990101002001")
    (grid,) = services.add(
        act,
        [services.Seed(wind.id, Level.GRID, "第一网格", rules.grid_code(wind.code, 1), "general")],
    )
    changed = (
        ROWS.replace("990101001001,花", "990101001009,花")
        .replace("月社区居委会", "月亮社区居委会")
        .replace("990101002001,风社区居委会", "990101002002,雨社区居委会")
        .replace("南区", "江南区")
    )
    on = date(2026, 5, 1)
    plan = services.import_divisions(act, table(tmp_path, changed), source="调整", since=on)
    assert {k: v for k, v in plan.counts.items() if v} == {
        "added": 1, "renamed": 2, "recoded": 1, "removed": 2, "unchanged": 3,
    }  # fmt: skip
    assert selectors.by_code("990101001009").id == flower.id
    assert selectors.area(moon.id).full_name == "试点市江南区春街道月亮社区"
    for gone in (wind, grid):
        kept = selectors.area(gone.id)
        assert kept.until == on and not kept.is_current
    assert wind.id not in [each.id for each in selectors.at_level(Level.COMMUNITY)]
    # The number of an ended area is never given again.
    assert selectors.by_code("990101002002").id != wind.id
    past = AreaEdition.objects.filter(area_id=flower.id).order_by("id")
    assert [(each.code, each.since, each.until) for each in past] == [
        ("990101001001", None, on),
        ("990101001009", on, None),
    ]
    again = services.import_divisions(act, table(tmp_path, changed), source="调整")
    assert not again.changes and again.unchanged == 7


def test_codes_may_be_swapped(act: Act, city: Area, tmp_path: Path) -> None:
    flower, moon = selectors.by_code("990101001001"), selectors.by_code("990101001002")
    swapped = ROWS.replace("001001,花", "001002,花").replace("001002,月", "001001,月")
    services.import_divisions(act, table(tmp_path, swapped))
    assert selectors.by_code("990101001001").id == moon.id
    assert selectors.by_code("990101001002").id == flower.id


def test_a_province_that_comes_later_takes_the_city_in(act: Act, tmp_path: Path) -> None:
    text = "code,name\n7101,台北市\n"
    services.import_divisions(act, table(tmp_path, text))
    alone = selectors.by_code("7101")
    assert alone.parent_id is None
    plan = services.import_divisions(act, table(tmp_path, text + "71,台湾省\n7102,高雄市\n"))
    assert plan.counts["adopted"] == 1 and plan.counts["added"] == 2
    inside = selectors.by_code("7101")
    assert inside.id == alone.id and inside.full_name == "台湾省台北市"
    assert selectors.by_code("71").span.covers(inside.span)
    assert [each.name for each in selectors.children(selectors.by_code("71"))] == [
        "台北市",
        "高雄市",
    ]


def test_adding_refuses_in_words(act: Act, city: Area) -> None:
    street = selectors.by_code("990101001000")
    seed = services.Seed(street.id, Level.COMMUNITY, "花社区", "990101001001")
    with pytest.raises(Refusal, match="990101001001 已在使用"):
        services.add(act, [seed])
    with pytest.raises(Refusal, match="上级区域不存在"):
        services.add(act, [services.Seed(77, Level.GRID, "第一网格", "x")])
    many = [services.Seed(street.id, Level.COMMUNITY, f"社区{n}", f"c{n}") for n in range(254)]
    with pytest.raises(Refusal, match="最多设 255 个社区"):
        services.add(act, many)


def test_ending_a_street_ends_all_inside(act: Act, city: Area) -> None:
    services.end(act, selectors.by_code("990101001000"), on=date(2026, 1, 1))
    left = [each.name for each in selectors.descendants(city)]
    assert left == ["南区", "秋街道", "风社区居委会"]


def _square(west: float, south: float, size: float = 0.1) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_points_are_converted_before_they_are_located(act: Act, city: Area) -> None:
    flower, moon = selectors.by_code("990101001001"), selectors.by_code("990101001002")
    drawn = [
        services.Outline(flower.id, _square(100.0, 30.0)),
        services.Outline(moon.id, _square(100.1, 30.0)),
    ]
    services.outline(act, drawn, datum=datum.GCJ02, source="试验")

    def at(
        lon: float, lat: float, kept_in: str = datum.GCJ02, reach: float = 0.0
    ) -> locating.Located:
        return locating.locate(lon, lat, datum=kept_in, level=Level.COMMUNITY, reach_m=reach)

    # A point just west of the shared border as GPS gives it lies east of it on the shifted map.
    shift = datum.to_gcj(100.0999, 30.05)[0] - 100.0999
    assert at(100.0999, 30.05).area == flower
    expected = moon if shift > 0.0001 else flower
    assert at(100.0999, 30.05, datum.WGS84).area == expected
    assert at(*datum.from_gcj(100.05, 30.05), datum.WGS84).area == flower
    assert at(99.99, 30.05).area is None and at(99.99, 30.05).metres == pytest.approx(963, abs=3)
    near = at(99.999, 30.05, reach=200)
    assert near.area == flower and not near.inside
    kept = selectors.area(flower.id)
    assert (kept.west, kept.north, kept.lon) == pytest.approx((100.0, 30.1, 100.05))


def test_the_middle_of_an_area_is_told_as_maps_read_it(city: Area) -> None:
    known = Area(lon=120.30, lat=31.57, datum=datum.GCJ02)
    lon, lat = selectors.centre(known) or (0.0, 0.0)
    assert (round(lon, 6), round(lat, 6)) != (120.30, 31.57)
    assert datum.to_gcj(lon, lat) == pytest.approx((120.30, 31.57), abs=1e-6)
    assert selectors.centre(Area(lon=120.30, lat=31.57, datum="")) == (120.30, 31.57)
    assert selectors.centre(Area()) is None and selectors.centre(None) is None


def test_an_outline_that_is_replaced_is_kept(act: Act, city: Area) -> None:
    flower = selectors.by_code("990101001001")
    one, other = _square(100.0, 30.0), _square(100.0, 30.0, 0.2)
    for number, outline in enumerate((one, other), 1):
        day = date(2026, 1, number)
        services.outline(
            act, [services.Outline(flower.id, outline)], datum=datum.GCJ02, source="试验", since=day
        )
    past = AreaEdition.objects.filter(area_id=flower.id).order_by("id")
    assert [(each.boundary, each.until) for each in past] == [(one, date(2026, 1, 2)), (None, None)]
    assert Area.objects.get(id=flower.id).boundary == other


def test_maps_get_features_in_the_system_they_ask_for(act: Act, city: Area) -> None:
    flower = selectors.by_code("990101001001")
    services.outline(
        act,
        [services.Outline(flower.id, _square(100.0, 30.0))],
        datum=datum.GCJ02,
        source="synthetic",
    )
    areas = selectors.children(selectors.by_code("990101001000"))
    (feature,) = outlines.geojson(areas)["features"]
    assert feature["properties"]["area"] == str(flower.id) and feature["properties"]["synthetic"]
    assert feature["geometry"] == _square(100.0, 30.0)
    (moved,) = outlines.geojson(areas, simplify=10, datum=datum.WGS84)["features"]
    west = min(x for x, _y in moved["geometry"]["coordinates"][0])
    assert west == pytest.approx(datum.from_gcj(100.0, 30.0)[0], abs=1e-4)


@real
def test_a_whole_province_is_imported_once(act: Act, record_property: object) -> None:
    folder = DATA / "divisions"
    files = [
        folder / name
        for name in (
            "provinces.csv",
            "cities.csv",
            "areas.csv",
            "streets.csv.gz",
            "jiangsu_villages_2022_reconstructed.csv.gz",
        )
    ]
    with gzip.open(files[-1], "rt", encoding="utf-8") as lines:
        assert sum(1 for _line in lines) - 1 == 21_881
    table = divisions.read_all(files, "32")
    dry = services.preview(table)
    plan = services.import_divisions(act, table, source="试验")
    assert dry.counts == plan.counts
    assert plan.counts["added"] + plan.counts["refused"] == len(table.rows) > 23_000
    # Communities of development zones whose district is in no table.
    assert plan.counts["refused"] == 171
    province = selectors.by_code("32")
    assert len(selectors.descendants(province, Level.COMMUNITY)) >= 21_881 - 171
    again = services.import_divisions(act, table, source="试验")
    assert not again.changes and again.unchanged == plan.counts["added"]
    assert len(set(Area.objects.filter(until=None).values_list("code", flat=True))) == (
        Area.objects.filter(until=None).count()
    )


@real
@pytest.mark.parametrize(
    ("village_file", "root", "count"),
    [("zhoushan_villages_2023.csv", "3309", 428), ("chengdu_villages_2023.csv.gz", "5101", 3047)],
)
def test_other_cities_of_other_layouts(act: Act, village_file: str, root: str, count: int) -> None:
    folder = DATA / "divisions"
    names = ("cities.csv", "areas.csv", "streets.csv.gz", village_file)
    table = divisions.read_all([folder / name for name in names], root)
    plan = services.import_divisions(act, table)
    city = selectors.by_code(root)
    taken = len(selectors.descendants(city, Level.COMMUNITY))
    assert city.parent_id is None and taken + plan.counts["refused"] == count
    assert taken > 0.95 * count


@pytest.mark.django_db
def test_the_command_shows_before_it_applies(tmp_path: Path) -> None:
    selectors.forget()
    file = tmp_path / "rows.csv"
    file.write_text(ROWS, encoding="utf-8")
    run = CliRunner().invoke

    dry = run(commands.places, ["import", str(file), "--dry-run"])
    assert dry.exit_code == 0 and "新增（7）" in dry.output and "未写入" in dry.output
    assert not Area.objects.filter(code="990100000000").exists()
    done = run(commands.places, ["import", str(file)])
    assert done.exit_code == 0 and "已写入" in done.output, done.output
    again = run(commands.places, ["import", str(file)])
    assert "没有变化" in again.output and "不变：7" in again.output
    file.write_text(
        ROWS.replace(
            "990101002001,风社区居委会,community,990101002000\n",
            "990101002002,云社区居委会,community,990101002000\n",
        )
    )
    asked = run(commands.places, ["import", str(file)], input="n\n")
    assert asked.exit_code == 1 and "将撤销 1 个区域" in asked.output
    assert run(commands.places, ["import", str(file), "--yes"]).exit_code == 0
    file.write_text("x,y\n1,2\n")
    bad = run(commands.places, ["import", str(file)])
    assert bad.exit_code == 1 and "code 和 name" in bad.output
    selectors.forget()


@pytest.mark.django_db
@real
def test_outlines_are_loaded_by_code(tmp_path: Path) -> None:
    selectors.forget()
    run = CliRunner().invoke
    folder = DATA / "divisions"
    tables = [str(folder / "cities.csv"), str(folder / "areas.csv")]
    assert run(commands.places, ["import", *tables, "--root", "3202"]).exit_code == 0
    wuxi = str(DATA / "boundaries/320200_full.json")
    done = run(commands.places, ["boundaries", wuxi])
    assert done.exit_code == 0 and "7 个边界已写入" in done.output
    other = run(commands.places, ["boundaries", str(DATA / "boundaries/330900_full.json")])
    assert "0 个边界已写入" in other.output and "330902000000" in other.output
    with under(system_act()):
        centre = locating.locate(120.296595, 31.575706, datum=datum.GCJ02, level=Level.DISTRICT)
        assert centre.area is not None and centre.area.name == "梁溪区"
    file = tmp_path / "no.json"
    file.write_text(
        '{"features":[{"properties":{"adcode":320205},"geometry":{"type":"Point","coordinates":[1,1]}}]}'
    )
    assert "不是带 adcode 属性" in run(commands.places, ["boundaries", str(file)]).output
    file.write_text('{"type": "FeatureCollection"}')
    assert "不是带 adcode 属性" in run(commands.places, ["boundaries", str(file)]).output
    selectors.forget()


def test_a_dedicated_grid_lies_on_top_and_disturbs_nothing(act: Act, city: Area) -> None:
    flower = selectors.by_code("990101001001")
    seeds = [
        services.Seed(flower.id, Level.GRID, name, rules.grid_code(flower.code, number), kind)
        for number, (name, kind) in enumerate([("学校", "dedicated"), ("第一网格", "general")], 1)
    ]
    school, first = services.add(act, seeds)
    square = _square(100.0, 30.0)
    drawn = [services.Outline(each, square) for each in (flower.id, first.id)]
    drawn.append(services.Outline(school.id, _square(100.02, 30.02, 0.01)))
    services.outline(act, drawn, datum=datum.GCJ02, source="试验")
    assert locating.locate(100.025, 30.025, datum=datum.GCJ02).area == first
    assert locating.coverage(Level.GRID, selectors.area(flower.id)).whole


def test_geometry_of_kept_outlines_is_checked(act: Act, city: Area) -> None:
    street = selectors.by_code("990101001000")
    flower, moon = selectors.children(street)
    services.outline(
        act,
        [
            services.Outline(street.id, _square(100.0, 30.0)),
            services.Outline(flower.id, _square(100.0, 30.0, 0.06)),
            services.Outline(moon.id, _square(100.05, 30.05, 0.05)),
        ],
        datum=datum.GCJ02,
        source="试验",
    )
    found = locating.coverage(Level.COMMUNITY, selectors.area(street.id))
    assert not found.whole and found.overlapping == ((flower.id, moon.id),)
    assert found.gaps_m2 == pytest.approx(
        (0.01 - 0.0036 - 0.0025 + 0.0001) * geometry.DEGREE_M**2 * 0.8656, rel=0.01
    )
    with pytest.raises(ValueError, match="no outline"):
        locating.coverage(Level.COMMUNITY, selectors.by_code("990101002000"))
