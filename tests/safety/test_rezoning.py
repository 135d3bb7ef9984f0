"""A rezoning of the story's town, where every walled table has rows: nothing is left behind, nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.conf import settings
from psycopg import sql
from shapely.geometry import shape

from linli.capabilities.admission.models import Occasion, Ticket
from linli.capabilities.matters import selectors as matters
from linli.capabilities.registry.models import Estate, Residence
from linli.capabilities.tables.models import Ledger
from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account
from linli.kernel.acts import Refusal, conveyor, system_act, under
from linli.kernel.acts.act import Span
from linli.kernel.places import commands, hanging, moving, orders, selectors
from linli.kernel.places.models import Area, AreaEdition, Rezoning
from linli.kernel.places.rules import WIDTH, Level
from linli.site import cluster
from tests import database
from tests.safety.conftest import Story, forget_all

# No other number in the house is as big as an area's (from the first province on), but random ones.
SMALLEST = WIDTH[Level.PROVINCE]
COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('bigint', 'jsonb')
ORDER BY 1, 2
"""
REFERENCES = """
SELECT conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.confrelid = 'places_area'::regclass AND c.contype = 'f'
"""
# Words about areas inside JSON: what was so then, or a name that is looked up and not a scope.
TOLD = {
    "acts_fact.data": "what a fact says is covered by its hash",
    "registry_past.before": "the former values themselves",
    "places_rezoning.plan": "what was to be done",
    "places_area.boundary": "coordinates",
    "places_areaedition.boundary": "coordinates",
}


@pytest.fixture
def city(
    story_database: tuple[str, Story, Path], django_db_blocker: Any, monkeypatch: Any
) -> Iterator[psycopg.Connection[Any]]:
    """A copy of the story with real commits; the owner's connection sees past the walls."""
    origin, _told, media = story_database
    before, name = settings.DATABASES["default"]["NAME"], database.fresh_name("o")
    monkeypatch.setattr(settings, "MEDIA_ROOT", media)
    monkeypatch.setattr(settings, "PLACES_STAMP_SECONDS", 0.0, raising=False)
    with django_db_blocker.unblock():
        database.create(name, origin)
        database.use(name)
        forget_all()
        try:
            with psycopg.connect(cluster.address("owner", name), autocommit=True) as link:
                yield link
        finally:
            database.use(before)
            forget_all()
            database.drop(name)


def _columns(link: psycopg.Connection[Any], kind: str) -> list[tuple[str, str]]:
    return [(table, column) for table, column, type_ in link.execute(COLUMNS) if type_ == kind]


def _within(link: psycopg.Connection[Any], table: str, column: str, span: Span) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {} >= %s AND {} < %s").format(
        sql.Identifier(table), sql.Identifier(column), sql.Identifier(column)
    )
    row = link.execute(statement, [span.lo, span.hi]).fetchone()
    return int(row[0]) if row else 0


def _declared() -> set[str]:
    named = {f"{each.table}.{each.column}" for each in hanging.hangs()}
    named |= {f"{e.table}.{column}" for e in hanging.hangs() for column, _level in e.derived}
    named |= {
        f"{table}.{column}"
        for each in hanging.hangs()
        for table, column in re.findall(r"UPDATE (\w+) \w+ SET (\w+) =", each.mirror)
    }
    return named | set(hanging.stays())


def test_every_column_that_names_areas_is_declared(city: psycopg.Connection[Any]) -> None:
    declared = _declared()
    by_key = {f"{table}.{column}" for table, column in city.execute(REFERENCES)}
    by_size = {
        f"{table}.{column}"
        for table, column in _columns(city, "bigint")
        if _within(city, table, column, Span(SMALLEST, 2**62))
    }
    assert len(by_key) > 20 and len(by_size) > 25
    assert (by_key | by_size) - declared == set(), "name it in the app's hangs or stays"
    known = {f"{table}.{column}" for table, column in _columns(city, "bigint")}
    assert declared - known == set()


def test_no_json_names_an_area_unawares(city: psycopg.Connection[Any]) -> None:
    areas = [str(lo) for (lo,) in city.execute("SELECT id FROM places_area")]
    found = set()
    for table, column in _columns(city, "jsonb"):
        statement = sql.SQL("SELECT {}::text FROM {}").format(
            sql.Identifier(column), sql.Identifier(table)
        )
        if any(area in (row[0] or "") for row in city.execute(statement) for area in areas):
            found.add(f"{table}.{column}")
    assert found <= set(TOLD), "an area inside JSON is not taken along"


def _plan(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    return file


MERGE = """
on: 2026-06-01
source: 甲区民政局批复1号
changes:
  - merge: ["329901001001", "329901001002"]
    into: {code: "329901001002", name: 新乙社区居委会}
"""


def _rows(link: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table that hangs on areas has; a fact is left by every verb."""
    found = {}
    for each in hanging.hangs():
        row = link.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(each.table)))
        found[each.table] = int((row.fetchone() or (0,))[0])
    for moving_ in ("acts_fact", "registry_past"):
        found.pop(moving_)
    return found


def test_a_merger_takes_everything_along(city: psycopg.Connection[Any], tmp_path: Path) -> None:
    gone, kept = (Area.objects.get(name=name).span for name in ("甲社区", "乙社区"))
    before = _rows(city)
    full = {
        f"{e.table}.{e.column}"
        for e in hanging.hangs()
        if e.collapses and _within(city, e.table, e.column, gone)
    }
    assert len(full) > 20, "the story must have rows of every kind there"
    facts = city.execute("SELECT count(*) FROM acts_fact").fetchone()
    done = CliRunner().invoke(commands.places, ["rezone", str(_plan(tmp_path, MERGE))])
    assert done.exit_code == 0, done.output
    assert "未写入" in done.output and "甲社区第一网格" in done.output and "居住登记" in done.output
    assert "“甲社区居委会”的人员仍任原职" in done.output
    assert _rows(city) == before and not Rezoning.objects.exists()
    done = CliRunner().invoke(commands.places, ["rezone", str(_plan(tmp_path, MERGE)), "--apply"])
    assert done.exit_code == 0, done.output
    left = {
        f"{table}.{column}"
        for table, column in _columns(city, "bigint")
        if _within(city, table, column, gone)
    }
    figures = {f"{each.table}.{each.column}" for each in hanging.hangs() if not each.collapses}
    assert left <= set(hanging.stays()) | figures, (
        "a figure of a past day is of the area it counted"
    )
    assert _rows(city) == before
    for each in hanging.hangs():
        if f"{each.table}.{each.column}" in full:
            assert _within(city, each.table, each.column, kept), each.table
    more = city.execute("SELECT count(*) FROM acts_fact").fetchone()
    assert facts and more and more[0] == facts[0] + 2, "begun and switched, nothing else"
    with under(system_act()):
        assert conveyor.drain() >= 0
    _people_see(kept)
    _map_is_right()


def _people_see(kept: Span) -> None:
    """Who stood in 甲社区 sees in 新乙社区 what they saw, with its days in the map's own columns."""
    selectors.forget()
    clerk = act_for(Account.objects.get(login="chen").pk)
    grid_worker = act_for(Account.objects.get(login="sun").pk)
    assert clerk.spans == (kept,)
    assert kept.covers(grid_worker.spans[0]) and grid_worker.spans[0] != kept
    with under(clerk):
        listed = matters.listed(clerk, matters.Filters(show="all")).rows
        assert len(listed) >= 3
        assert Residence.objects.filter(person__name="王小梅").exists()
    with under(grid_worker):
        assert matters.listed(grid_worker, matters.Filters(show="all")).rows


def _map_is_right() -> None:
    merged = Area.objects.get(code="329901001002", until__isnull=True)
    assert merged.name == "新乙社区居委会"
    grids = list(Area.objects.filter(parent=merged, until__isnull=True).order_by("id"))
    assert [(each.name, each.code) for each in grids] == [
        ("甲社区第一网格", "329901001002001"),
        ("甲社区第二网格", "329901001002002"),
    ]
    old = Area.objects.get(name="甲社区")
    assert old.until == date(2026, 6, 1)
    assert grids[0].full_name.endswith("东街道新乙社区甲社区第一网格")
    assert moving.became(old.pk) == merged.pk
    first = Area.objects.get(name="甲社区第一网格", until__isnull=False)
    assert moving.became(first.pk + 7) == grids[0].pk + 7
    assert merged.south is not None and merged.north is not None
    assert merged.north - merged.south == pytest.approx(0.1), "the outline of both"
    past = AreaEdition.objects.filter(area=old).latest("id")
    assert past.until == date(2026, 6, 1) and past.boundary


def test_the_same_plan_is_applied_once(city: psycopg.Connection[Any], tmp_path: Path) -> None:
    ordered = orders.read(_plan(tmp_path, MERGE))
    _apply(ordered)
    with pytest.raises(Refusal, match="已经执行过"):
        moving.begin(system_act(), ordered)


def _apply(ordered: orders.Orders) -> Rezoning:
    found = moving.begin(system_act(), ordered)
    while True:
        with under(system_act()) as act:
            if next(moving.carry(act, found), None) is None:
                break
    return moving.finish(system_act(), found)


def test_stopped_on_its_way_it_carries_on(city: psycopg.Connection[Any], tmp_path: Path) -> None:
    gone = Area.objects.get(name="甲社区").span
    ordered = orders.read(_plan(tmp_path, MERGE))
    found = moving.begin(system_act(), ordered)
    with under(system_act()) as act:
        for _step in range(4):
            next(moving.carry(act, found, most=1))
    # Killed here: the map stands, the rest of the rows are where they were.
    selectors.forget()
    assert selectors.by_code("329901001001").name == "甲社区"
    assert moving.unfinished() == found
    other = orders.parse(
        {"on": "2026-06-01", "source": "x", "changes": [{"rename": "329901002001", "name": "丁"}]}
    )
    with pytest.raises(Refusal, match="另一个"):
        moving.begin(system_act(), other)
    done = CliRunner().invoke(commands.places, ["rezone", str(_plan(tmp_path, MERGE)), "--apply"])
    assert done.exit_code == 0, done.output
    assert Rezoning.objects.get().finished is not None
    for each in hanging.hangs():
        if each.collapses:
            assert not _within(city, each.table, each.column, gone), each.table


SPLIT = """
on: 2026-06-01
source: 甲区民政局批复2号
changes:
  - split: "329901001001"
    into:
      - {code: "329901001001", grids: ["329901001001001"]}
      - {code: "329901001009", name: 丁社区居委会, grids: ["329901001001002"], parcels: [小河苑]}
  - move: "329901001002"
    under: "329901002000"
    code: "329901002007"
  - rename: "329901002001"
    name: 大丙社区居委会
"""


def test_a_split_a_move_and_a_name(city: psycopg.Connection[Any], tmp_path: Path) -> None:
    with under(system_act()):
        one = Area.objects.get(name="甲社区")
        Estate.objects.create(area=one, name="小河苑")
        Estate.objects.create(area=one, name="大河苑")
    yi = Area.objects.get(name="乙社区").span
    _apply(orders.read(_plan(tmp_path, SPLIT)))
    selectors.forget()
    new, moved = selectors.by_code("329901001009"), selectors.by_code("329901002007")
    west = selectors.by_code("329901002000")
    assert west.span.covers(moved.span) and moved.parent_id == west.pk
    assert [each.name for each in selectors.children(new)] == ["甲社区第二网格"]
    assert [each.name for each in selectors.children(one.pk)] == ["甲社区第一网格"]
    assert selectors.by_code("329901002001").name == "大丙社区居委会"
    with under(system_act()):
        assert Estate.objects.get(name="小河苑").area_id == new.pk
        assert Estate.objects.get(name="大河苑").area_id == one.pk
    for each in hanging.hangs():
        assert not _within(city, each.table, each.column, yi), each.table
    found = city.execute(
        "SELECT count(*) FROM matters_matter WHERE area_id >= %s AND area_id < %s"
        " AND community = %s AND street = %s",
        [moved.pk, moved.hi, moved.pk, west.pk],
    ).fetchone()
    public = city.execute(
        "SELECT count(*) FROM matters_publicmatter p JOIN matters_matter m ON m.id = p.matter"
        " WHERE p.community IS DISTINCT FROM m.community"
    ).fetchone()
    assert found and found[0] == 1 and public == (0,)
    zhou = act_for(Account.objects.get(login="zhou").pk)
    assert zhou.spans == (moved.span,)
    outline = Area.objects.get(pk=one.pk)
    ground = shape(outline.boundary).area
    assert ground == pytest.approx(0.05**2 - 0.025**2), "the ground of the second grid left"


def test_the_door_opens_only_with_both_ends_in_scope(
    city: psycopg.Connection[Any], tmp_path: Path
) -> None:
    found = moving.begin(system_act(), orders.read(_plan(tmp_path, MERGE)))
    for login in ("chen", "zhou", "zheng"):
        with (
            pytest.raises(Exception, match="in scope"),
            under(act_for(Account.objects.get(login=login).pk)),
        ):
            moving.sweep(found)
    feng = act_for(Account.objects.get(login="feng").pk)
    with under(feng):
        assert moving.sweep(found)["acts_fact"] > 0


def test_who_does_not_see_it_all_may_not_begin(
    city: psycopg.Connection[Any], tmp_path: Path
) -> None:
    ordered = orders.read(_plan(tmp_path, MERGE))
    wu = act_for(Account.objects.get(login="wu").pk).on(verbs=frozenset({"places.*"}))
    he = act_for(Account.objects.get(login="he").pk).on(verbs=frozenset({"places.*"}))
    with under(he), pytest.raises(Refusal, match="管理范围"):
        moving.begin(he, ordered)
    with under(wu):
        assert moving.preview(wu, ordered).rows
    assert json.dumps(moving.begin(wu, ordered).plan)


def test_a_day_to_come_waits(city: psycopg.Connection[Any], tmp_path: Path) -> None:
    later = orders.read(_plan(tmp_path, MERGE.replace("2026-06-01", "2099-01-01")))
    with under(system_act()) as act:
        assert moving.preview(act, later).rows
    with pytest.raises(Refusal, match="还没有到"):
        moving.begin(system_act(), later)


KEYS = """
SELECT x.indexrelid::regclass::text, x.indrelid::regclass::text, a.attname FROM pg_index x
JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
WHERE x.indisunique AND NOT x.indisprimary
"""


def test_no_key_stops_communities_from_being_joined(city: psycopg.Connection[Any]) -> None:
    keyed = {(table, column): index for index, table, column in city.execute(KEYS)}
    joined = {(e.table, e.column): e for e in hanging.hangs() if e.collapses}
    stuck = [keyed[at] for at, each in joined.items() if at in keyed and not each.apart]
    assert len(keyed) > 30
    assert stuck == [], (
        "two rows of one key would lie in one area: tell them apart, or make it no key"
    )


def test_ledgers_of_one_name_and_one_meeting_of_both_do_not_stop_a_merger(
    city: psycopg.Connection[Any], tmp_path: Path
) -> None:
    with under(system_act()) as act:
        day, maker = act.at, Account.objects.get(login="chen")
        pair = [Area.objects.get(name=name) for name in ("甲社区", "乙社区")]
        for area in pair:
            Ledger.objects.create(area=area, title="独居老人", maker=maker, made=day)
        ticket = Ticket.objects.order_by("pk")[0]
        for area in pair:
            called = {"kind": "meeting", "title": "防汛部署会", "day": day.date(), "hours": 2}
            Occasion.objects.create(area=area, unit=ticket.unit, ticket=ticket, **called)
    _apply(orders.read(_plan(tmp_path, MERGE)))
    with under(system_act()):
        titles = Ledger.objects.filter(area=pair[1], title__startswith="独居老人")
        assert sorted(titles.values_list("title", flat=True)) == ["独居老人", "独居老人（甲社区）"]
        both = Occasion.objects.filter(ticket=ticket, area=pair[1], title="防汛部署会")
        assert both.count() == 2, "each keeps the meeting that it was called to"
