"""Writes of the area tree: import divisions, add areas, give outlines. Nothing is ever deleted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Refusal, Span, action, note
from linli.kernel.acts.pouring import pour

from . import geometry, hanging, planning, rules, selectors
from .divisions import Table
from .models import Area, AreaEdition, AreaStamp
from .planning import Added, Known, Plan, Ref
from .rules import Level

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Seed:
    """An area to be added below a present one (``parent`` None: a city or province on its own)."""

    parent: int | None
    level: Level
    name: str
    code: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A GeoJSON geometry for an area."""

    area: int
    boundary: dict[str, Any]


def _lock() -> None:
    """One writer of areas at a time; every process will read the tree anew."""
    AreaStamp.renew()
    selectors.forget()
    transaction.on_commit(selectors.forget)


def _known() -> list[Known]:
    rows = Area.objects.filter(until__isnull=True).values_list(
        "id", "code", "name", "level", "parent_id"
    )
    return [Known(lo, code, name, Level(level), up) for lo, code, name, level, up in rows]


def preview(table: Table) -> Plan:
    """What importing a table would change, without changing it."""
    return planning.compare(_known(), table)


def in_sight(act: Act, areas: Sequence[int]) -> None:
    """Refuse unless every one of some areas lies in the actor's sight: areas have no wall of their own."""
    if not all(act.sees(each) for each in areas):
        raise Refusal(_("这个区域不在您的管理范围。"), field="area", code="area")


def left_behind(plan: Plan) -> dict[str, int]:
    """What hangs on the areas that a plan would end."""
    spans = [rules.span_of(each.id) for each in plan.removed]
    topmost: list[Span] = []
    for each in sorted(spans, key=lambda span: (span.lo, -span.hi)):
        if not topmost or each.lo >= topmost[-1].hi:
            topmost.append(each)
    return hanging.attached(topmost) if topmost else {}


def _today(act: Act) -> date:
    return timezone.localdate(act.at)


@action("places.import", title=_("导入行政区划"), codes=("source",))
def import_divisions(
    act: Act, table: Table, *, source: str = "", since: date | None = None, occupied: bool = False
) -> Plan:
    """Bring the areas up to a division table; ended areas keep their rows and all that is theirs.

    Importing the same table again changes nothing. ``since`` is the day the changes hold from. Refused while anything
    hangs on an area that would end (a rezoning takes it elsewhere first), unless ``occupied`` lets it.
    """
    _lock()
    plan = planning.compare(_known(), table)
    changed = [*plan.renamed, *plan.recoded]
    in_sight(act, [*(e.known.id for e in changed), *(e.id for e in plan.removed)])
    left = {} if occupied else left_behind(plan)
    if left:
        raise Refusal(
            _("将撤销的区域上还有%(what)s，请先用区划调整并入其他区域。")
            % {"what": "; ".join(f"{title} {count}" for title, count in left.items())},
            code="occupied",
        )
    day = since or _today(act)
    _end([each.id for each in plan.removed], day)
    _rewrite(plan, day, source)
    ids = _add([(each.row.code, each) for each in plan.added], source)
    _adopt([(known.id, _id(above, ids)) for known, above in plan.adopted])
    if plan.changes:
        _retell()
    note(**plan.counts)
    return plan


@action("places.add", title=_("新增区域"), codes=("source",))
def add(act: Act, seeds: Sequence[Seed], *, source: str = "") -> list[Area]:
    """Add areas, such as grids below a community; refuses when a parent is full."""
    in_sight(act, [each.parent for each in seeds if each.parent is not None])
    made = put(seeds, source)
    note(count=len(made))
    return made


def put(seeds: Sequence[Seed], source: str) -> list[Area]:
    """Add areas under somebody's grant; refuses unknown parents and codes in use."""
    _lock()
    parents = {each.parent for each in seeds if each.parent is not None}
    missing = parents - set(Area.objects.filter(id__in=parents).values_list("id", flat=True))
    if missing:
        raise Refusal(_("上级区域不存在。"), field="parent", code="parent")
    twice = Area.objects.filter(until__isnull=True, code__in=[each.code for each in seeds]).first()
    if twice is not None:
        raise Refusal(_("区划代码 %(code)s 已在使用。") % {"code": twice.code}, field="code")
    ids = _place([(each.code, each) for each in seeds], source)
    selectors.forget()
    return list(Area.objects.filter(id__in=ids.values()).order_by("id"))


@action("places.end", title=_("撤销区域"))
def end(act: Act, area: Area, *, on: date | None = None) -> Area:
    """End an area and all inside it; its rows stay, and so does what is attached to them."""
    in_sight(act, [area.id])
    _lock()
    inside = Area.objects.filter(id__gte=area.id, id__lt=area.hi, until__isnull=True)
    _end(list(inside.values_list("id", flat=True)), on or _today(act))
    area.refresh_from_db()
    selectors.forget()
    return area


@action("places.outline", title=_("更新区域边界"), codes=("source", "datum"))
def outline(
    act: Act, outlines: Sequence[Outline], *, datum: str, source: str, since: date | None = None
) -> int:
    """Give areas their outlines in a reference system; the outline before is kept in an edition."""
    in_sight(act, [each.area for each in outlines])
    trace(outlines, datum, source, since or _today(act))
    selectors.forget()
    note(count=len(outlines))
    return len(outlines)


def trace(outlines: Sequence[Outline], datum: str, source: str, day: date) -> None:
    """Write outlines under somebody's grant; the ones before are kept in editions."""
    _lock()
    _keep_outlines([each.area for each in outlines], day, source)
    for start in range(0, len(outlines), BATCH):
        _write_outlines(outlines[start : start + BATCH], datum, source)


def _id(ref: Ref, ids: Mapping[str, int]) -> int:
    return ref if isinstance(ref, int) else ids[ref]


def _add(added: Sequence[tuple[str, Added]], source: str) -> dict[str, int]:
    """Place the new areas level by level, because a level's parents may be new themselves."""
    ids: dict[str, int] = {}
    for level in rules.LEVELS:
        seeds = []
        for code, each in added:
            if each.row.level == level:
                above = None if each.parent is None else _id(each.parent, ids)
                kind = rules.kind_of(code) if level == Level.COMMUNITY else ""
                seeds.append((code, Seed(above, level, each.row.name, code, kind)))
        if seeds:
            ids |= _place(seeds, source)
    return ids


def _taken(level: Level) -> dict[int, list[int]]:
    """The numbers of a level in use, ended ones too, by the interval they were given from."""
    taken: dict[int, list[int]] = defaultdict(list)
    for lo in Area.objects.filter(level=level).values_list("id", flat=True):
        taken[rules.pool_of(lo, level)].append(lo)
    return taken


def _root_span(level: Level, code: str) -> Span:
    """The interval of a topmost area; a city lies inside the fixed one of its province."""
    province = rules.province_span(code) or Span(*rules.ABROAD)
    if level == Level.PROVINCE:
        return province
    inside = Area.objects.filter(id__gt=province.lo, id__lt=province.hi, level=level)
    return rules.allot(province, level, inside.values_list("id", flat=True))


def _spans(seeds: Sequence[Seed]) -> list[Span]:
    """Intervals in the order of the seeds, all of one parent and level together."""
    groups: dict[tuple[int, Level], list[int]] = defaultdict(list)
    spans: dict[int, Span] = {}
    for index, seed in enumerate(seeds):
        if seed.parent is None:
            spans[index] = _root_span(seed.level, seed.code)
        else:
            groups[seed.parent, seed.level].append(index)
    for level in {each.level for each in seeds}:
        taken = _taken(level)
        for (up, at), members in groups.items():
            if at == level:
                free = rules.allot_many(rules.span_of(up), level, taken[up], len(members))
                spans |= dict(zip(members, free, strict=True))
    return [spans[index] for index in range(len(seeds))]


def _place(pairs: Sequence[tuple[str, Seed]], source: str) -> dict[str, int]:
    seeds = [seed for _code, seed in pairs]
    # Several cities on their own would be given the same interval if asked for together.
    roots = [each for each in seeds if each.parent is None]
    if len(roots) > 1:
        found: dict[str, int] = {}
        for each in roots:
            found |= _place([(each.code, each)], source)
        rest = [(code, each) for code, each in pairs if each.parent is not None]
        return found | (_place(rest, source) if rest else {})
    ups = {each.parent for each in seeds if each.parent is not None}
    told = dict(Area.objects.filter(id__in=ups).values_list("id", "full_name"))
    areas = []
    for seed, span in zip(seeds, _spans(seeds), strict=True):
        above = told.get(seed.parent, "") if seed.parent is not None else ""
        areas.append(
            Area(
                id=span.lo,
                hi=span.hi,
                level=seed.level,
                parent_id=seed.parent,
                code=rules.canonical(seed.code),
                name=seed.name,
                full_name=rules.full_name(above, seed.name),
                kind=seed.kind,
                source=source,
            )
        )
    pour(areas)
    pour(
        [
            AreaEdition(
                area_id=each.id, code=each.code, name=each.name, parent_id=each.parent_id,
                source=source,
            )
            for each in areas
        ]
    )  # fmt: skip
    return {each.code: each.id for each in areas}


def _end(ids: Sequence[int], day: date) -> None:
    Area.objects.filter(id__in=ids).update(until=day)
    AreaEdition.objects.filter(area_id__in=ids, until__isnull=True).update(until=day)


def _rewrite(plan: Plan, day: date, source: str) -> None:
    """New codes and names; codes are freed first, because two areas may swap theirs."""
    changes = [*plan.renamed, *plan.recoded]
    if not changes:
        return
    ids = [each.known.id for each in changes]
    kinds = [
        rules.kind_of(each.row.code) if each.row.level == Level.COMMUNITY else ""
        for each in changes
    ]
    AreaEdition.objects.filter(area_id__in=ids, until__isnull=True).update(until=day)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE places_area SET code = '~' || id WHERE id = ANY(%s)", [ids])
        cursor.execute(
            "UPDATE places_area SET code = new.code, name = new.name, kind = new.kind"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])"
            " AS new(id, code, name, kind) WHERE places_area.id = new.id",
            [ids, [e.row.code for e in changes], [e.row.name for e in changes], kinds],
        )
    AreaEdition.objects.bulk_create(
        (
            AreaEdition(
                area_id=each.known.id, code=each.row.code, name=each.row.name,
                parent_id=each.known.parent, since=day, source=source,
            )
            for each in changes
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _adopt(pairs: Sequence[tuple[int, int]]) -> None:
    for lo, above in pairs:
        if rules.enclosing(lo, rules.level_of(above)) != above:
            raise Refusal(_("上级的编号区间不包含这个区域，不能归入。"), code="span")
        Area.objects.filter(id=lo).update(parent_id=above)
        AreaEdition.objects.filter(area_id=lo, until__isnull=True).update(parent_id=above)


def _retell() -> None:
    """Full names again, where a name above has changed."""
    told: dict[int | None, str] = {None: ""}
    changed: list[tuple[int, str]] = []
    rows = Area.objects.filter(until__isnull=True).order_by("id")
    for lo, up, name, before in rows.values_list("id", "parent_id", "name", "full_name"):
        told[lo] = rules.full_name(told.get(up, ""), name)
        if told[lo] != before:
            changed.append((lo, told[lo]))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_area SET full_name = new.name"
            " FROM unnest(%s::bigint[], %s::text[]) AS new(id, name)"
            " WHERE places_area.id = new.id",
            [[lo for lo, _name in changed], [name for _lo, name in changed]],
        )


def _keep_outlines(ids: Sequence[int], day: date, source: str) -> None:
    """Close the editions of areas whose outline is about to be replaced, with that outline."""
    drawn = list(
        Area.objects.filter(id__in=ids, boundary__isnull=False).values_list("id", flat=True)
    )
    if not drawn:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH closed AS (UPDATE places_areaedition AS past"
            " SET until = %s, boundary = area.boundary FROM places_area AS area"
            " WHERE past.area_id = area.id AND past.until IS NULL AND area.id = ANY(%s)"
            " AND past.area_id = ANY(%s)"
            " RETURNING past.area_id, past.code, past.name, past.parent_id)"
            " SELECT * FROM closed",
            [day, drawn, drawn],
        )
        closed = cursor.fetchall()
    AreaEdition.objects.bulk_create(
        (
            AreaEdition(area_id=lo, code=code, name=name, parent_id=up, since=day, source=source)
            for lo, code, name, up in closed
        ),
        batch_size=BATCH,
    )


def _write_outlines(outlines: Sequence[Outline], datum: str, source: str) -> None:
    boxes = [geometry.box(each.boundary) for each in outlines]
    middles = [geometry.centre(each.boundary) for each in outlines]
    columns: list[list[Any]] = [
        [each.area for each in outlines],
        [json.dumps(each.boundary, separators=(",", ":")) for each in outlines],
        *(list(side) for side in zip(*boxes, strict=True)),
        *(list(side) for side in zip(*middles, strict=True)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_area AS area SET boundary = new.shape, west = new.west,"
            " south = new.south, east = new.east, north = new.north, lon = new.lon,"
            " lat = new.lat, datum = %s, boundary_source = %s"
            " FROM unnest(%s::bigint[], %s::jsonb[], %s::float8[], %s::float8[], %s::float8[],"
            " %s::float8[], %s::float8[], %s::float8[])"
            " AS new(id, shape, west, south, east, north, lon, lat) WHERE area.id = new.id",
            [datum, source, *columns],
        )
