"""Verbs of grids: built from estates and buildings, drawn on the map, checked that every home lies in exactly one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from linli.capabilities.registry.models import Building
from linli.capabilities.registry.rules.grids import ordinal
from linli.capabilities.registry.selectors import grids as selectors
from linli.capabilities.registry.selectors.grids import Check
from linli.capabilities.registry.services import moving, rows
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places import datum as datums
from linli.kernel.places import drawing, geometry
from linli.kernel.places import outlines as outlining
from linli.kernel.places import selectors as places
from linli.kernel.places import services as areas
from linli.kernel.places.models import Area, AreaKind
from linli.kernel.places.rules import Level, grid_code

SNAP_M = 8.0


def _community(act: Act, community: int) -> Area:
    found = rows.area_in_sight(act, community)
    if found.level != Level.COMMUNITY:
        raise Refusal(_("请选一个社区。"), field="community", code="level")
    return found


@action("registry.places.build_grids", title=_("按小区楼栋划分网格"))
def build(
    act: Act, community: int, *, groups: Sequence[Sequence[int]], source: str = ""
) -> list[Area]:
    """Divide a community into comprehensive grids by groups of buildings; each building in exactly one (R123, R125).

    Everything that hangs on the buildings goes along. Refused while the community has comprehensive grids.
    """
    here = _community(act, community)
    if selectors.comprehensive(here):
        raise Refusal(_("本社区已有综合网格，请用移楼栋或区划调整。"), code="grids")
    wanted = [pk for group in groups for pk in group]
    if len(set(wanted)) != len(wanted) or not all(groups):
        raise Refusal(_("每栋楼只能在一个网格里。"), field="groups", code="twice")
    known = {each.pk: each for each in selectors.buildings(act, here)}
    if set(wanted) != set(known):
        raise Refusal(_("还有楼栋没有分进网格，或楼栋不在本社区。"), field="groups", code="left")
    made = _make(act, here, len(groups), source)
    for grid, group in zip(made, groups, strict=True):
        moving.shift([known[pk] for pk in group], grid)
    note(grids=[each.pk for each in made])
    return made


def _make(act: Act, community: Area, count: int, source: str) -> list[Area]:
    taken = {each.code for each in places.descendants(community, Level.GRID)}
    free = (code for n in range(1, 1000) if (code := grid_code(community.code, n)) not in taken)
    seeds = [
        areas.Seed(
            community.pk,
            Level.GRID,
            f"{community.short_name}第{ordinal(number)}网格",  # words: a name that is kept
            next(free),
            AreaKind.GENERAL,
        )
        for number in range(1, count + 1)
    ]
    return drawing.add(act, seeds, source=source)


@action("registry.places.dedicated_grid", title=_("设立专属网格"), codes=("number",))
def add_dedicated(act: Act, community: int, *, name: str, number: int = 900) -> Area:
    """Set up a dedicated grid for a school, market, park or office, beside the comprehensive ones (R124)."""
    here = _community(act, community)
    name = rows.said(name, "name", 120, _("网格名称"))
    taken = {each.code for each in places.descendants(here, Level.GRID)}
    code = next(
        (c for n in range(number, 1000) if (c := grid_code(here.code, n)) not in taken), None
    )
    if code is None:
        raise Refusal(_("网格编号已用完。"), field="number", code="full")
    seed = areas.Seed(here.pk, Level.GRID, name, code, AreaKind.DEDICATED)
    return drawing.add(act, [seed])[0]


def judge(
    act: Act, community: int, outlines: Mapping[int, Mapping[str, Any]], *, datum: str
) -> tuple[Check, dict[int, BaseGeometry]]:
    """What drawing these outlines would come to, and the outlines as they would be kept: mended, cut, snapped."""
    here = _community(act, community)
    if datum not in datums.DATUMS:
        raise Refusal(_("不认识的坐标系。"), field="datum", code="datum")
    whole = selectors.outlines([here]).get(here.pk)
    kept = selectors.outlines(selectors.comprehensive(here))
    if strange := set(outlines) - {each.pk for each in places.descendants(here, Level.GRID)}:
        raise Refusal(_("网格不属于本社区。"), field="outlines", code=str(min(strange)))
    ground = _datum_of(here, datum)
    drawn = {lo: _moved(_polygon(it), datum, ground) for lo, it in outlines.items()}
    drawn = _snapped(drawn, [it for lo, (_d, it) in kept.items() if lo not in drawn])
    if whole is not None:
        drawn = {lo: _cut(it, whole[1]) for lo, it in drawn.items()}
    general = {each.pk for each in selectors.comprehensive(here)}
    judged = {**kept, **{lo: (ground, it) for lo, it in drawn.items() if lo in general}}
    return selectors.check(act, here, judged), drawn


def _datum_of(community: Area, otherwise: str) -> str:
    """The reference system that a community and its grids are kept in; what is drawn is moved into it."""
    kept = selectors.outlines([community, *places.descendants(community, Level.GRID)])
    return next((datum for datum, _it in kept.values()), otherwise)


def _moved(it: BaseGeometry, source: str, target: str) -> BaseGeometry:
    if source == target:
        return it
    told = mapping(it)
    return shape({**told, "coordinates": outlining.moved(told["coordinates"], source, target)})


def _polygon(given: Mapping[str, Any]) -> BaseGeometry:
    """A polygon as drawn by hand; one that crosses itself is mended, anything else refused."""
    try:
        found = shape(dict(given))
        if not found.is_valid:
            parts = shapely.get_parts(shapely.make_valid(found))
            found = shapely.union_all([each for each in parts if each.area > 0])
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise Refusal(_("画的不是闭合的面，请重画。"), field="outlines", code="shape") from error
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty:
        raise Refusal(_("画的不是闭合的面，请重画。"), field="outlines", code="shape")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refusal(_("坐标超出范围，请重画。"), field="outlines", code="bounds")
    return found


def _snapped(
    drawn: dict[int, BaseGeometry], neighbours: Sequence[BaseGeometry]
) -> dict[int, BaseGeometry]:
    """Edges within a few metres of a neighbour's become the neighbour's, so that no slit and no sliver is left."""
    reach, done = SNAP_M / geometry.DEGREE_M, list(neighbours)
    found = {}
    for lo, it in drawn.items():
        for other in done:
            near = shapely.snap(it, other, reach)
            it = near if near.is_valid and not near.is_empty else it
            shared = shapely.intersection(it, other)
            thin = shapely.buffer(shared, -reach).is_empty
            it = shapely.difference(it, other) if thin and shared.area else it
        found[lo] = it
        done.append(it)
    return found


def _cut(it: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """What lies inside the community, in areas only."""
    inside = shapely.intersection(shapely.snap(it, whole, SNAP_M / geometry.DEGREE_M), whole)
    parts = [each for each in shapely.get_parts(inside) if each.area > 0]
    if not parts:
        raise Refusal(_("画的面不在本社区范围内。"), field="outlines", code="outside")
    return shapely.union_all(parts)


@action("registry.places.draw_grids", title=_("绘制网格边界"), codes=("datum",))
def draw(
    act: Act,
    community: int,
    *,
    outlines: Mapping[int, Mapping[str, Any]],
    datum: str,
    source: str,
    on: date | None = None,
    refile: bool = False,
) -> Check:
    """Keep the outlines of grids, drawn or replaced; the ones before stay as editions.

    Refused where comprehensive grids overlap or leave a home's building outside. `refile`: buildings that stand in
    another grid than the one they are filed under move there.
    """
    found, drawn = judge(act, community, outlines, datum=datum)
    _whole(found)
    drawing.outline(
        act,
        {lo: geometry.as_geojson(it, digits=7) for lo, it in drawn.items()},
        datum=_datum_of(places.area(community), datum),
        source=rows.said(source, "source", 200, _("依据")),
        since=on,
    )
    if refile:
        _refile(found)
    note(grids=sorted(drawn), elsewhere=len(found.elsewhere))
    return found


def _whole(found: Check) -> None:
    """Refuse outlines that overlap, or that leave somebody's home outside."""
    if found.overlapping:
        one, other = found.overlapping[0]
        raise Refusal(
            _("“%(one)s”与“%(other)s”重叠。") % {"one": one.name, "other": other.name},
            field="outlines",
            code="overlap",
        )
    if found.outside:
        raise Refusal(
            _("有 %(count)s 栋住着人的楼不在任何综合网格内，如“%(name)s”。")
            % {"count": len(found.outside), "name": found.outside[0].building.address},
            field="outlines",
            code="gap",
        )


def _refile(found: Check) -> None:
    by_grid: dict[int, tuple[Area, list[Building]]] = {}
    for each in found.elsewhere:
        if each.stands is not None:
            by_grid.setdefault(each.stands.pk, (each.stands, []))[1].append(each.building)
    for grid, buildings in by_grid.values():
        moving.shift(buildings, grid)
