"""Grids in sight: who stands on them, what is open there, what the last days brought, whether they cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.policy import Duty
from linli.capabilities.matters.selectors.counts import Figure, measures
from linli.capabilities.matters.selectors.filters import Filters
from linli.capabilities.matters.selectors.lists import Row, listed_rows
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import in_sight
from linli.kernel.access import offices
from linli.kernel.access.models import Appointment, Unit
from linli.kernel.access.selectors import Staffing, grid_staff, grid_staffing
from linli.kernel.acts import Act
from linli.kernel.places import locating
from linli.kernel.places import selectors as places
from linli.kernel.places.geometry import Coverage
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

PAGE = 20
OPEN_MOST = 20
DAYS = 30
NOBODY = Staffing()


@dataclass(frozen=True, slots=True)
class GridLine:
    """One grid of the list: its staffing, who they are, open and overdue matters."""

    area: Area
    staffing: Staffing
    staff: tuple[Appointment, ...]
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """A community with its grids in sight."""

    area: Area
    grids: tuple[GridLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of communities, and the figures of every grid in sight; `next` is where the next page begins."""

    lines: tuple[CommunityLine, ...]
    grids: int
    vacant: int
    full_time: int
    bare: int
    next: int | None

    @property
    def full_time_share(self) -> float | None:
        """Grids with a full-time worker of all grids, per cent (R130)."""
        return round(100 * self.full_time / self.grids, 1) if self.grids else None


def overview(
    act: Act, *, vacant: bool = False, q: str = "", after: int = 0, size: int = PAGE
) -> Overview:
    """Grids in sight by community, with staffing and matters (three statements)."""
    held = grid_staffing(act, timezone.localdate(act.at))
    by_community = _grids_in_sight(act)
    every = [grid for grids in by_community.values() for grid in grids]
    chosen = [
        (places.area(key), [g for g in grids if _wanted(g, held, vacant=vacant, q=q)])
        for key, grids in sorted(by_community.items())
    ]
    kept = [
        (community, grids)
        for community, grids in chosen
        if community.pk > after and (grids or _bare(community, by_community, q))
    ]
    shown = kept[:size]
    return Overview(
        lines=_lines(act, shown, held),
        grids=len(every),
        vacant=sum(held.get(g.pk, NOBODY).vacant for g in every),
        full_time=sum(held.get(g.pk, NOBODY).full_time > 0 for g in every),
        bare=sum(not grids for grids in by_community.values()),
        next=shown[-1][0].pk if len(kept) > size else None,
    )


def _grids_in_sight(act: Act) -> dict[int, list[Area]]:
    """Grids by community; a community without grids has an empty list."""
    found: dict[int, list[Area]] = {
        c.pk: [] for c in places.at_level(Level.COMMUNITY) if act.sees(c.pk)
    }
    for grid in places.at_level(Level.GRID):
        if act.sees(grid.pk) and (key := places.community_of(grid.pk)) is not None:
            found.setdefault(key, []).append(grid)
    return found


def _wanted(grid: Area, held: dict[int, Staffing], *, vacant: bool, q: str) -> bool:
    if vacant and not held.get(grid.pk, NOBODY).vacant:
        return False
    return q in grid.full_name or q in grid.name or q == grid.code


def _bare(community: Area, by_community: dict[int, list[Area]], q: str) -> bool:
    """A community that has no grid at all is itself a gap and always shown."""
    return not by_community[community.pk] and q in community.full_name


def _lines(
    act: Act, shown: list[tuple[Area, list[Area]]], held: dict[int, Staffing]
) -> tuple[CommunityLine, ...]:
    staff: dict[int, list[Appointment]] = {}
    wanted = [grid.pk for _community, grids in shown for grid in grids]
    for each in grid_staff(act, timezone.localdate(act.at), wanted):
        staff.setdefault(each.area_id, []).append(each)
    counted = _open_by_grid(act, [community.pk for community, _grids in shown])
    return tuple(
        CommunityLine(
            community,
            tuple(
                GridLine(
                    grid,
                    held.get(grid.pk, NOBODY),
                    tuple(staff.get(grid.pk, ())),
                    *counted.get(grid.pk, (0, 0)),
                )
                for grid in grids
            ),
        )
        for community, grids in shown
    )


def _open_by_grid(act: Act, communities: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Open and overdue matters by grid; what lies in a building counts for its grid."""
    rows = in_sight(act).filter(closed__isnull=True, community__in=list(communities))
    late = Count("id", filter=Q(next_due__lt=act.at))
    found: dict[int, tuple[int, int]] = {}
    for row in rows.values("area_id").annotate(n_open=Count("id"), n_late=late).order_by():
        key = places.grid_of(row["area_id"])
        if key is not None:
            had = found.get(key, (0, 0))
            found[key] = (had[0] + row["n_open"], had[1] + row["n_late"])
    return found


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty with the matters of the last days under it, by group: (title, how many, query of the rows)."""

    duty: Duty
    total: int
    groups: tuple[tuple[str, int, str], ...]
    items: int


@dataclass(frozen=True, slots=True)
class GridPage:
    """Everything kept about one grid."""

    area: Area
    community: Area
    unit: Unit | None
    buildings: int
    staffing: Staffing
    staff: list[Appointment]
    rows: list[Row]
    open: int
    late: int
    figure: Figure
    duties: tuple[DutyLine, ...]
    elsewhere: int
    since: date


def find_grid(act: Act, code: str) -> Area | None:
    """The present grid with a code, when it lies in sight."""
    found = places.tree().by_code.get(code)
    return found if found and found.level == Level.GRID and act.sees(found.pk) else None


def grid_page(act: Act, grid: Area) -> GridPage:
    """A grid in sight with its staff, its open matters and its last thirty days (four statements)."""
    today = timezone.localdate(act.at)
    since = today - timedelta(days=DAYS - 1)
    staff = grid_staff(act, today, [grid.pk])
    community = places.area(places.community_of(grid.pk) or grid.pk)
    still = _inside(act, grid).filter(closed__isnull=True)
    late = Count("id", filter=Q(next_due__lt=act.at))
    counted = still.aggregate(n_open=Count("id"), n_late=late)
    by_code = _by_code(act, grid, since)
    duties, elsewhere = _duties(grid, by_code, since)
    return GridPage(
        area=grid,
        community=community,
        unit=offices.unit_over(community.pk, offices.COMMITTEE),
        buildings=sum(child.level == Level.BUILDING for child in places.children(grid)),
        staffing=_staffing(staff),
        staff=staff,
        rows=listed_rows(
            still.order_by(F("next_due").asc(nulls_last=True), "id"), act.at, OPEN_MOST
        ),
        open=counted["n_open"],
        late=counted["n_late"],
        figure=_figure(grid, by_code, since),
        duties=duties,
        elsewhere=elsewhere,
        since=since,
    )


def _staffing(staff: list[Appointment]) -> Staffing:
    workers = [each for each in staff if each.post == "grid_worker"]
    return Staffing(len(staff) - len(workers), len(workers), sum(w.full_time for w in workers))


def _inside(act: Act, grid: Area) -> QuerySet[Matter]:
    community = places.community_of(grid.pk)
    return in_sight(act).filter(community=community, area__gte=grid.pk, area__lt=grid.hi)


def _by_code(act: Act, grid: Area, since: date) -> dict[str, dict[str, int]]:
    start = timezone.make_aware(datetime.combine(since, time.min))
    rows = _inside(act, grid).filter(opened__gte=start).values("code").order_by()
    counted = cast("Iterable[dict[str, Any]]", rows.annotate(**measures(act.at)))
    return {row["code"]: {k: n for k, n in row.items() if k != "code"} for row in counted}


def _figure(grid: Area, by_code: dict[str, dict[str, int]], since: date) -> Figure:
    columns = [name for name in measures(timezone.now())]
    sums = {name.removeprefix("n_"): sum(row[name] for row in by_code.values()) for name in columns}
    query = Filters(show="all", area=grid.pk, since=since).query()
    return Figure(key=str(grid.pk), title=grid.name, query=query, **sums)


def _duties(
    grid: Area, by_code: dict[str, dict[str, int]], since: date
) -> tuple[tuple[DutyLine, ...], int]:
    """The duties of the pack with their numbers, and how many matters no duty covers."""
    policy = names().policy
    titles = {group.code: str(group.title) for group in policy.groups}
    by_group: dict[str, int] = {}
    items: dict[str, int] = {}
    elsewhere = 0
    for code, row in by_code.items():
        duty, entry = policy.duty_of(code), policy.event_class(code)
        if duty is None:
            elsewhere += row["n_received"]
        elif entry is not None:
            by_group[entry.group] = by_group.get(entry.group, 0) + row["n_received"]
        else:
            items[duty.code] = items.get(duty.code, 0) + row["n_received"]
    lines = []
    for duty in policy.duties:
        groups = tuple(
            (
                titles[group],
                by_group.get(group, 0),
                Filters(show="all", area=grid.pk, group=group, since=since).query(),
            )
            for group in duty.groups
        )
        own = items.get(duty.code, 0)
        lines.append(DutyLine(duty, sum(n for _title, n, _query in groups) + own, groups, own))
    return tuple(lines), elsewhere


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a community's grids found; `found` is None when there was nothing to compare."""

    area: Area
    found: Coverage | None
    grids: int
    unbounded: tuple[str, ...]
    overlapping: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> bool:
        """Every grid is bounded and every point lies in exactly one of them (R123)."""
        return self.found is not None and self.found.whole and not self.unbounded


def check_coverage(act: Act, code: str) -> Checked | None:
    """Gaps and overlaps of the comprehensive grids of a community in sight (one or two statements)."""
    area = places.tree().by_code.get(code)
    if area is None or area.level != Level.COMMUNITY or not act.sees(area.pk):
        return None
    grids = [g for g in places.descendants(area, Level.GRID) if g.kind != "dedicated"]
    unbounded = tuple(g.name for g in grids if g.west is None)
    if area.west is None or len(unbounded) == len(grids):
        return Checked(area, None, len(grids), unbounded)
    found = locating.coverage(Level.GRID, area)
    pairs = tuple((places.area(a).name, places.area(b).name) for a, b in found.overlapping)
    return Checked(area, found, len(grids), unbounded, pairs)
