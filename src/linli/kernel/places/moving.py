"""Changing the map with everything that hangs on it: shown first, moved in batches, switched over in one step.

While rows move, old and new intervals are both in scope and the old areas stand; the last step moves what is left, the
hats with it, and switches names and codes. Killed anywhere in between, the same plan carries on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from linli.kernel.acts import Act, Refusal, Span, action, note
from linli.kernel.acts.pouring import pour
from linli.ui.manifest import Hangs

from . import geometry, hanging, rezoning, rules, selectors, services
from .divisions import Division
from .models import Area, AreaEdition, AreaShift, Rezoning
from .orders import Orders
from .planning import Change, Known, Plan
from .rezoning import Blueprint
from .rules import Level

BATCH = 20_000
ALL = 2_000_000_000


@dataclass(slots=True)
class Preview:
    """What a plan would do: the areas made, told anew and ended, and the rows of each table that move."""

    print: Blueprint
    ended: list[Known] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def preview(act: Act, orders: Orders) -> Preview:
    """What a plan would change, with the rows it moves; nothing is written."""
    known = services._known()
    drawn = rezoning.draw(known, orders)
    _parcels_known(drawn)
    by_id = {each.id: each for each in known}
    gone = [lo for lo, _to in (*drawn.moved, *drawn.dissolved)]
    found = Preview(drawn, [by_id[lo] for lo in gone])
    spans = _disjoint([rules.span_of(lo) for lo in gone])
    _in_sight(act, spans)
    found.rows = hanging.attached(spans)
    found.told = hanging.foretold(act, drawn)
    return found


def _parcels_known(drawn: Blueprint) -> None:
    for _to, area, names in drawn.parcels:
        here = selectors.area(area)
        _found, strange = hanging.find(here, names)
        if strange:
            raise Refusal(
                _("“%(area)s”里没有“%(name)s”，请核对方案。")
                % {"area": here.name, "name": strange[0]},
                field="parcels",
                code="parcel",
            )


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for each in sorted(spans, key=lambda span: (span.lo, -span.hi)):
        if not found or each.lo >= found[-1].hi:
            found.append(each)
    return found


def _in_sight(act: Act, spans: Iterable[Span]) -> None:
    if not all(any(wide.covers(each) for wide in act.spans) for each in spans):
        raise Refusal(_("方案涉及您管理范围以外的区域。"), code="sight")


@action("places.rezone", title=_("区划调整"), codes=("source",))
def begin(act: Act, orders: Orders, *, source: str = "") -> Rezoning:
    """Give the new areas their numbers and write down where every interval goes; the map itself still stands.

    The same plan again, unfinished, is carried on; finished, it is refused.
    """
    known = Rezoning.objects.filter(digest=orders.digest).first()
    if known is not None and known.finished is None:
        return known
    if known is not None:
        raise Refusal(_("这个方案已经执行过。"), code="done")
    if Rezoning.objects.filter(finished__isnull=True).exists():
        raise Refusal(_("另一个调整方案还没有完成，请先完成它。"), code="open")
    if orders.on > timezone.localdate(act.at):
        raise Refusal(_("生效日期还没有到；到了那天再执行。"), field="on", code="future")
    services._lock()
    drawn = rezoning.draw(services._known(), orders)
    _parcels_known(drawn)
    made = _Making(drawn, orders.on, orders.source)
    made.number()
    made.check_sight(act)
    found = Rezoning.objects.create(
        digest=orders.digest, on=orders.on, source=orders.source, plan=made.plan(), started=act.at
    )
    pour([AreaShift(rezoning=found, **each) for each in made.shifts()])
    note(areas=len(made.areas))
    return found


class _Making:
    """Numbers for new areas, rows for them, and the shifts from old numbers to new ones."""

    def __init__(self, drawn: Blueprint, on: date, source: str) -> None:
        self.drawn, self.on, self.source = drawn, on, source
        self.ids: dict[str, int] = {}
        self.areas: list[Area] = []
        self.old: dict[int, Area] = {}

    def id(self, ref: int | str) -> int:
        """The number behind a reference of the blueprint."""
        return ref if isinstance(ref, int) else self.ids[ref]

    def number(self) -> None:
        """Allot intervals level by level and keep the new areas' rows, not yet in force."""
        gone = [lo for lo, _key in self.drawn.moved]
        self.old = Area.objects.in_bulk([*gone, *(lo for lo, _to in self.drawn.dissolved)])
        for level in rules.LEVELS:
            fresh = [each for each in self.drawn.fresh if each.level == level]
            seeds = [services.Seed(self.id(e.under), level, e.name, e.code) for e in fresh]
            for each, span in zip(fresh, services._spans(seeds), strict=True):
                self.ids[each.key] = span.lo
                self.areas.append(self._new(each, span))
        for lo, key in self.drawn.moved:
            self.areas.extend(self._inside(self.old[lo], self.ids[key], key))
        pour(self.areas)

    def _new(self, each: rezoning.Fresh, span: Span) -> Area:
        found = Area(id=span.lo, hi=span.hi, level=each.level, kind=each.kind)
        if each.old is not None:
            _copy(self.old[each.old], found)
        found.parent_id, found.name = self.id(each.under), each.name
        return self._waiting(found, each.code)

    def _waiting(self, area: Area, code: str) -> Area:
        """An area that is not in force yet: it counts as ended, and its code waits beside it."""
        area.code, area.until, area.since, area.source = f"~{area.id}", self.on, None, self.source
        area._waits = code  # type: ignore[attr-defined]
        return area

    def _inside(self, old: Area, lo: int, key: str) -> list[Area]:
        """The areas inside one that moves, each at the same distance from its new number."""
        code = next(each.code for each in self.drawn.fresh if each.key == key)
        found = []
        inside = Area.objects.filter(id__gt=old.id, id__lt=old.hi, until__isnull=True)
        for each in inside.order_by("id"):
            new = Area(id=each.id - old.id + lo, hi=each.hi - old.id + lo, level=each.level)
            _copy(each, new)
            above = each.parent_id or old.id
            new.parent_id, new.name = above - old.id + lo, each.name
            follows = each.code.startswith(old.code)
            found.append(
                self._waiting(new, code + each.code[len(old.code) :] if follows else each.code)
            )
        return found

    def shifts(self) -> list[dict[str, Any]]:
        """Whole intervals that move by a distance, then what is left of dissolved areas."""
        whole = [(self.old[lo].span, self.ids[key]) for lo, key in self.drawn.moved]
        found = [_shift(span, after, whole=True) for span, after in whole]
        for lo, ref in self.drawn.dissolved:
            left = rezoning.leftovers(self.old[lo].span, [span for span, _after in whole])
            found += [_shift(span, self.id(ref), whole=False) for span in left]
        return found

    def check_sight(self, act: Act) -> None:
        """Refuse a plan that reaches beyond the actor's areas."""
        _in_sight(act, [each.span for each in self.old.values()])
        _in_sight(act, [Span(each.id, each.hi) for each in self.areas])

    def plan(self) -> dict[str, Any]:
        """What the last step needs."""
        drawn = self.drawn
        return {
            "new": [[each.id, each._waits] for each in self.areas],  # type: ignore[attr-defined]
            "told": [list(each) for each in drawn.told],
            "ended": sorted(self.old),
            "parcels": [[self.id(to), area, list(names)] for to, area, names in drawn.parcels],
            "outlines": [[self.id(to), sorted(set(lo))] for to, lo in drawn.outlines.items()],
            "losses": [[lo, whose] for lo, whose in drawn.losses.items() if lo not in self.old],
        }


def _shift(span: Span, after: int, *, whole: bool) -> dict[str, Any]:
    return {"before": span.lo, "hi": span.hi, "after": after, "whole": whole}


_COPIED = (
    "kind",
    "west",
    "south",
    "east",
    "north",
    "lon",
    "lat",
    "boundary",
    "boundary_source",
    "datum",
)


def _copy(old: Area, new: Area) -> None:
    for name in _COPIED:
        setattr(new, name, getattr(old, name))


def carry(act: Act, rezoning_: Rezoning, most: int = BATCH) -> Iterator[tuple[str, int]]:
    """Move rows batch by batch (the caller commits between two); says which table and how many rows."""
    for to, area, names in rezoning_.plan["parcels"]:
        found, _strange = hanging.find(Area.objects.get(pk=area), names)
        for parcels, ids in found:
            yield "parcels", parcels.carry(ids, Area.objects.get(pk=to))
    for each in hanging.hangs():
        moved = most
        while not each.late and moved == most:
            moved = _refile(rezoning_, each, most)
            if moved:
                yield each.table, moved


def _refile(rezoning_: Rezoning, each: Hangs, most: int) -> int:
    levels = [Level(level) for _column, level in each.derived]
    with connection.cursor() as cursor:
        if each.apart:
            cursor.execute(each.apart, [rezoning_.pk])
        cursor.execute(
            "SELECT places_refile(%s, %s::regclass, %s, %s, %s, %s::bigint[], %s::bigint[], %s)",
            [
                rezoning_.pk,
                each.table,
                each.column,
                each.collapses,
                [column for column, _level in each.derived],
                [rules.WIDTH[level] for level in levels],
                [rules._above(level) for level in levels],
                most,
            ],
        )
        return int(cursor.fetchone()[0])


@action("places.switch", title=_("区划调整生效"))
def finish(act: Act, rezoning_: Rezoning) -> Rezoning:
    """The last step, whole or not at all: what is left moves, old areas end, new ones stand under their codes."""
    services._lock()
    if rezoning_.finished is not None:
        return rezoning_
    note(rows=sum(sweep(rezoning_).values()))
    plan = rezoning_.plan
    _close(plan["ended"], rezoning_.on)
    _tell(plan["told"], rezoning_)
    _open([(lo, code) for lo, code in plan["new"]], rezoning_)
    services._retell()
    _draw(plan, rezoning_)
    rezoning_.finished = act.at
    rezoning_.save(update_fields=["finished"])
    selectors.forget()
    return rezoning_


def sweep(rezoning_: Rezoning) -> dict[str, int]:
    """Move whatever still stands on old numbers, hats too; again after the switch, for who wrote meanwhile."""
    counts: Counter[str] = Counter()
    for each in hanging.hangs():
        counts[each.table] += _refile(rezoning_, each, ALL)
        if each.mirror:
            with connection.cursor() as cursor:
                cursor.execute(each.mirror)
    return {table: count for table, count in counts.items() if count}


def _close(ids: Sequence[int], day: date) -> None:
    """End areas and all inside them; their last edition keeps the outline."""
    inside: list[int] = []
    for area in Area.objects.filter(id__in=ids):
        rows = Area.objects.filter(id__gte=area.id, id__lt=area.hi, until__isnull=True)
        inside += rows.values_list("id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_areaedition (area_id, code, name, parent_id, since, source)"
            " SELECT a.id, a.code, a.name, a.parent_id, a.since, a.source FROM places_area a"
            " WHERE a.id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM places_areaedition e"
            " WHERE e.area_id = a.id AND e.until IS NULL)",
            [inside],
        )
        cursor.execute(
            "UPDATE places_areaedition e SET boundary = a.boundary FROM places_area a"
            " WHERE a.id = e.area_id AND e.until IS NULL AND e.area_id = ANY(%s)",
            [inside],
        )
    services._end(inside, day)


def _tell(told: Iterable[Sequence[Any]], rezoning_: Rezoning) -> None:
    rows = {lo: (code, name) for lo, code, name in told}
    plan = Plan()
    for area in Area.objects.filter(id__in=rows):
        code, name = rows[area.id]
        level = Level(area.level)
        known = Known(area.id, area.code, area.name, level, area.parent_id)
        plan.renamed.append(Change(known, Division(code, name, level, "")))
    services._rewrite(plan, rezoning_.on, rezoning_.source)


def _open(new: Sequence[tuple[int, str]], rezoning_: Rezoning) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_area SET code = new.code, until = NULL, since = %s"
            " FROM unnest(%s::bigint[], %s::text[]) AS new(id, code) WHERE places_area.id = new.id",
            [rezoning_.on, [lo for lo, _code in new], [code for _lo, code in new]],
        )
    rows = Area.objects.filter(id__in=[lo for lo, _code in new])
    told = rows.values_list("id", "code", "name", "parent_id")
    pour(
        [
            AreaEdition(
                area_id=lo, code=code, name=name, parent_id=up, since=rezoning_.on,
                source=rezoning_.source,
            )
            for lo, code, name, up in told
        ]
    )  # fmt: skip


def _draw(plan: dict[str, Any], rezoning_: Rezoning) -> None:
    """Outlines of what was joined or cut; an area whose pieces are not all drawn keeps the outline it has."""
    wanted = {lo for _to, pieces in plan["outlines"] for lo in pieces}
    wanted |= {lo for area, whose in plan["losses"] for lo in (area, *whose)}
    rows = Area.objects.filter(id__in=wanted, boundary__isnull=False)
    drawn = {lo: (kept, shape(it)) for lo, kept, it in rows.values_list("id", "datum", "boundary")}
    joined: dict[int, tuple[str, BaseGeometry]] = {}
    for to, pieces in plan["outlines"]:
        datums = {drawn[lo][0] for lo in pieces if lo in drawn}
        if len(datums) == 1 and all(lo in drawn for lo in pieces):
            joined[to] = (datums.pop(), shapely.union_all([drawn[lo][1] for lo in pieces]))
    for area, whose in plan["losses"]:
        kept = joined.get(area) or drawn.get(area)
        if kept is not None and all(lo in drawn for lo in whose):
            lost = shapely.union_all([drawn[lo][1] for lo in whose])
            joined[area] = (kept[0], shapely.difference(kept[1], lost))
    for datum in {kept for kept, _it in joined.values()}:
        outlines = [
            services.Outline(lo, geometry.as_geojson(it, digits=7))
            for lo, (kept, it) in joined.items()
            if kept == datum and not it.is_empty
        ]
        services._keep_outlines([each.area for each in outlines], rezoning_.on, rezoning_.source)
        services._write_outlines(outlines, datum, rezoning_.source)


def became(area: int) -> int:
    """Where the numbers of an area are today, through every rezoning since."""
    for before, hi, after, whole in AreaShift.objects.order_by("rezoning", "id").values_list(
        "before", "hi", "after", "whole"
    ):
        if before <= area < hi:
            area = area - before + after if whole else after
    return area


def unfinished() -> Rezoning | None:
    """The rezoning that stopped on its way, if any."""
    return Rezoning.objects.filter(finished__isnull=True).first()


def in_batches() -> bool:
    """Whether every batch can be kept by itself: not inside somebody's transaction."""
    return not transaction.get_connection().in_atomic_block
