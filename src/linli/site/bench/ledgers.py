"""The ledgers part of `linli bench tables`: every live ledger of a community opened in a city of so many people."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from linli.capabilities.tables.selectors import entries, ledgers
from linli.capabilities.tables.selectors.ledgers import Asked, View
from linli.kernel.access.models import Account
from linli.kernel.acts import Act, Span, system_act, under
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query
from linli.kernel.places.rules import Level, enclosing, span_of
from linli.site import cluster
from linli.site.bench import registry
from linli.site.bench.stage import settle
from linli.site.replay.throwaway import drop, standing, throwaway
from linli.site.replay.throwaway import keep as keep_stage

TIMES = 7
TAGS = ("living_alone", "empty_nest", "low_income", "disabled", "hardship_child", "veteran")
EVERY = 40  # one person of so many bears each tag
WIDE = 30
_MARKS = """
INSERT INTO registry_mark (person_id, area_id, code, sensitive, basis, purpose, more, sources, since)
SELECT DISTINCT ON (r.person_id) r.person_id, r.area_id, %(tag)s, false, 'bench', 'care', '{}', '{}', '2026-01-01'
FROM registry_residence r WHERE r.until IS NULL AND r.person_id %% %(every)s = %(rest)s
ORDER BY r.person_id, r.lives DESC
"""
# What else stands in a city's ledgers, spread as its people are: a matter for twenty residences, a visit of every third
# household, a facility for fifty, an entry of some kind for ten.
_MATTERS = """
INSERT INTO matters_matter (policy, kind, code, title, body, address, channel, area_id, state, opened, next_due,
    answers, restricted, emergency, anonymous, agent, round, position, post, offered_post, offer, route, next_stage,
    delay_reason, outcome, urged, rating_words, hotline, tokens, changed)
SELECT 1, CASE WHEN r.id %% 3 = 0 THEN 'item' ELSE 'event' END,
    (ARRAY['0901', '0601', '0701', '0602', '0702', '0903'])[1 + (r.id / 20) %% 6], '楼道灯不亮' || r.id, '', '1幢',
    (ARRAY['window', 'web', 'field'])[1 + r.id %% 3], r.area_id, 'handling', now() - r.id %% 700 * interval '1 day', now(),
    '{}', false, false, false, '', 1, '{}', '', '', '', '{}', '', '', '', 0, '', '{}', '{}', now()
FROM registry_residence r WHERE r.until IS NULL AND r.id %% 20 = 0
"""
_VISITS = """
INSERT INTO acts_fact (at, verb, actor, policy, channel, area, subject_type, subject_id, data)
SELECT now() - h.id %% 300 * interval '1 day', 'registry.visit', 1, 1, 'field', h.area_id, 'registry.household', h.id,
    '{"people": []}'
FROM registry_household h WHERE h.until IS NULL AND h.id %% 3 = 0
"""
_FACILITIES = """
INSERT INTO registry_facility (area_id, code, name, number, address, state, since)
SELECT r.area_id, '01037', '路灯', 'L' || r.id, '', '', '2020-01-01'
FROM registry_residence r WHERE r.until IS NULL AND r.id %% 50 = 0
"""
_ENTRIES = """
INSERT INTO tables_entry (area_id, kind, day, body, version, maker_id, made, changed, struck)
SELECT r.area_id, (%(kinds)s::text[])[1 + (r.id / 10) %% cardinality(%(kinds)s::text[])],
    date '2026-01-01' - (r.id %% 1500)::int,
    jsonb_build_object('title', '义诊' || r.id, 'kind', 'health', 'hours', '3', 'cost', '120', 'name', '沙袋',
        'committee', 'health_committee', 'amount', '12', 'volunteers', jsonb_build_array(r.person_id::text, '外来讲师'),
        'team', jsonb_build_array(r.person_id::text), 'people', jsonb_build_array(r.person_id::text),
        'proposer', jsonb_build_array(r.person_id::text), 'disclosed', '2025-05-01', 'direction', 'out'),
    1, (SELECT min(id) FROM access_account), '2026-01-02', '2026-01-02', false
FROM registry_residence r WHERE r.until IS NULL AND r.id %% 10 = 0
"""
_LARGEST = """
SELECT a.id, a.hi, n.people FROM places_area a
JOIN LATERAL (SELECT count(*) AS people FROM registry_residence r
    WHERE r.area_id >= a.id AND r.area_id < a.hi AND r.until IS NULL) n ON true
WHERE a.level = 'community' AND a.until IS NULL ORDER BY n.people DESC LIMIT 1
"""
Log = Callable[[str], None]


def bench(people: int, log: Log, *, explain: bool = False, keep: bool = False) -> dict[str, Any]:
    """The largest community's ledgers: first page and count, median and slowest in ms; a reading of many columns.

    With `keep` the stage is left standing and measured again by the next run, without being built anew.
    """
    name = f"linli_stage_ledgers_{people}"
    try:
        with standing(name) as found:
            if found:
                return _measured(people, log, explain=explain)
        _build(name, people, log)
        with standing(name):
            return _measured(people, log, explain=explain)
    finally:
        if not keep:
            drop(name)


def _build(kept: str, people: int, log: Log) -> None:
    """The stage, with statistics for the planner, settled as in production."""
    with throwaway() as name, tempfile.TemporaryDirectory() as folder:
        log(f"people: {registry.peopled(name, people, Path(folder))}")
        _spread()
        with psycopg.connect(cluster.address("owner", name), autocommit=True) as link:
            link.execute("SET statement_timeout = 0")
            link.execute("VACUUM (ANALYZE)")
        settle(name)
        keep_stage(name, kept)


def _measured(people: int, log: Log, *, explain: bool) -> dict[str, Any]:
    with under(system_act()), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        cursor.execute(_LARGEST)
        lo, hi, held = cursor.fetchone()
    act = system_act().on(spans=(Span(lo, hi),))
    log(f"community of {held} residences")
    acts = _wider(act, lo)
    opened = {}
    for name, each in acts.items():
        opened[name] = _opened(each)
        log(f"{name}, page and count: {opened[name]}")
    return {
        "people": people,
        "community": held,
        "slowest": {name: max(map(sum, each.values())) for name, each in opened.items()},
        "ledgers": opened,
        "later": {name: _later(each) for name, each in acts.items()},
        "plans": {n: _plans(each, opened[n]) for n, each in acts.items()} if explain else {},
        "reading": _reading(system_act()),
        "load": os.getloadavg()[0],
    }


def _wider(act: Act, lo: int) -> dict[str, Act]:
    """Who keeps the community, and who looks at its street and the whole city."""
    spans = {"community": act.spans[0]}
    for level in (Level.STREET, Level.CITY):
        spans[level.value] = span_of(enclosing(lo, level) or lo)
    return {name: act.on(spans=(span,)) for name, span in spans.items()}


def _spread() -> None:
    """Tags, matters, visits, facilities and entries, spread as the people are."""
    Account.objects.get_or_create(login="bench", defaults={"kind": "staff", "name": "测速"})
    with under(system_act()), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        for rest, tag in enumerate(TAGS):
            cursor.execute(_MARKS, {"tag": tag, "every": EVERY, "rest": rest})
        for statement in (_MATTERS, _VISITS, _FACILITIES):
            cursor.execute(statement.replace("%%", "%"))
        cursor.execute(_ENTRIES, {"kinds": list(entries.kinds())})


def _opened(act: Act) -> dict[str, tuple[float, float]]:
    """Each live ledger: milliseconds for its first page and for its count, the median of some."""
    with under(act):
        views = [view for view in ledgers.ledgers(act).views if view.may_open(act)]
    return {view.key: _median(act, view) for view in views}


def _median(act: Act, view: View) -> tuple[float, float]:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with under(act):
            ledgers.sheet(act, view, Asked())
            between = time.perf_counter()
            ledgers.counted(act, view)
        took.append((1000 * (between - begun), 1000 * (time.perf_counter() - between)))
    page, count = (statistics.median(each[1:]) for each in zip(*took, strict=True))
    return round(page, 1), round(count, 1)


def _later(act: Act) -> dict[str, float]:
    """The page after the twentieth, in ms: what going on costs where a ledger is long."""
    found = {}
    for key in ("L10", "L08", "L07", "L05", "set-person"):
        with under(act):
            view = ledgers.view(act, key)
            after = 0
            for _ in range(20):
                more = ledgers.sheet(act, view, Asked(), after).more if view else 0
                after = more or after
            begun = time.perf_counter()
            if view is not None:
                ledgers.sheet(act, view, Asked(), after)
            found[key] = round(1000 * (time.perf_counter() - begun), 1)
    return found


def _plans(
    act: Act, opened: dict[str, tuple[float, float]], slow: float = 40.0
) -> dict[str, list[str]]:
    """EXPLAIN (ANALYZE, BUFFERS) of every ledger that takes longer than so many milliseconds."""
    found: dict[str, list[str]] = {}
    for key in (key for key, took in opened.items() if sum(took) > slow):
        told = found.setdefault(key, [])

        def explained(execute: Any, sql: str, params: Any, *more: Any, told: Any = told) -> Any:
            if sql.lstrip().startswith("SELECT") and "set_config" not in sql:
                execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params, *more)
                told.extend(row[0] for row in more[-1]["cursor"].fetchall())
            return execute(sql, params, *more)

        with under(act), connection.execute_wrapper(explained):
            view = ledgers.view(act, key)
            if view is not None:
                ledgers.sheet(act, view, Asked())
                ledgers.counted(act, view)
    return found


def _reading(act: Act, most: int = 100_000) -> dict[str, Any]:
    """People by many columns, with and without who said each value: rows and seconds."""
    elements = tuple(offers.offered("person"))[:WIDE]
    found: dict[str, Any] = {"columns": len(elements)}
    for name, sources in (("plain", False), ("with_sources", True)):
        begun, rows = time.perf_counter(), 0
        with under(act):
            query = Query("person", elements, most=most)
            for batch in offers.read(act, query, with_sources=sources):
                rows += len(batch)
        found[name] = {"rows": rows, "seconds": round(time.perf_counter() - begun, 2)}
    return found
