"""The demonstration city's divisions: real names and codes, simplified outlines, made-up grids."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shapely.geometry import shape

from linli.kernel.acts import Act
from linli.kernel.places import datum, divisions, geometry, outlines, rules, selectors, services
from linli.kernel.places import synthetic as made_up
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

HERE = Path(__file__).parent
SOURCE = "国家统计局统计用区划代码"
PART = "320213"  # 梁溪区
NUMERALS = "一二三四五六七八九"


def _grids(communities: list[Area], seed: int) -> list[services.Seed]:
    return [
        services.Seed(
            each.id,
            Level.GRID,
            f"第{NUMERALS[number - 1]}网格",
            rules.grid_code(each.code, number),
            "general",
        )
        for each in communities
        for number in range(1, made_up.grid_count(each.code, seed) + 1)
    ]


def _plots(street: Area) -> tuple[made_up.Plot, ...]:
    return tuple(
        made_up.Plot(each.id, tuple(grid.id for grid in selectors.children(each)))
        for each in selectors.children(street)
    )


def _grounds(path: Path) -> list[made_up.Ground]:
    grounds = []
    for code, outline in outlines.read(path):
        if rules.canonical(code) not in selectors.tree().by_code:
            continue
        district = selectors.by_code(code)
        streets = ((each.id, _plots(each)) for each in selectors.children(district))
        settled = tuple((street, plots) for street, plots in streets if plots)
        grounds.append(made_up.Ground(district.id, shape(outline), settled))
    return grounds


def _part(table: divisions.Table, communities: int) -> divisions.Table:
    """The city's first communities of 梁溪区 with what stands above them."""
    own = (r for r in table.rows if r.code.startswith(PART) and r.level is Level.COMMUNITY)
    kept = list(own)[:communities]
    codes = {row.code for row in kept} | {row.parent for row in kept}
    streets = [row for row in table.rows if row.code in codes and row.level is Level.STREET]
    codes |= {row.parent for row in streets}
    districts = [row for row in table.rows if row.code in codes and row.level is Level.DISTRICT]
    codes |= {row.parent for row in districts}
    return replace(table, rows=tuple(row for row in table.rows if row.code in codes))


def load_wuxi(act: Act, seed: int = 1, *, communities: int = 0) -> Area:
    """Wuxi (320200): its real districts, streets and communities, with made-up grids and outlines.

    With `communities` only so many of one district, for tests.

    Every point of a district lies in exactly one grid. Loading it twice changes nothing. Outlines
    are in GCJ-02 and marked ``synthetic``; returns the city.
    """
    table = divisions.read_all([HERE / "wuxi.csv"])
    if communities:
        table = _part(table, communities)
    services.import_divisions(act, table, source=SOURCE)
    city = selectors.by_code("320200")
    every = selectors.descendants(city, Level.COMMUNITY)
    bare = [each for each in every if not selectors.children(each)]
    if bare:
        services.add(act, _grids(bare, seed), source=made_up.SOURCE)
    if bare or city.lon is None:
        _draw(act, city, seed)
    return selectors.by_code("320200")


def _draw(act: Act, city: Area, seed: int) -> None:
    shapes = made_up.partition(_grounds(HERE / "wuxi_districts.json"), seed)
    shapes[city.id] = made_up.together(
        [shapes[each.id] for each in selectors.children(city) if each.id in shapes]
    )
    drawn = [
        services.Outline(each, geometry.as_geojson(outline)) for each, outline in shapes.items()
    ]
    services.outline(act, drawn, datum=datum.GCJ02, source=made_up.SOURCE)
