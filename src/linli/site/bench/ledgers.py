"""The ledgers part of `linli bench tables`: every live ledger of a community opened in a city of so many people."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.selectors.ledgers import Asked, View
from linli.kernel.acts import Act, Span, system_act, under
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query
from linli.site.bench import registry
from linli.site.bench.stage import settle
from linli.site.replay.throwaway import throwaway

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
_LARGEST = """
SELECT a.id, a.hi, n.people FROM places_area a
JOIN LATERAL (SELECT count(*) AS people FROM registry_residence r
    WHERE r.area_id >= a.id AND r.area_id < a.hi AND r.until IS NULL) n ON true
WHERE a.level = 'community' AND a.until IS NULL ORDER BY n.people DESC LIMIT 1
"""
Log = Callable[[str], None]


def bench(people: int, log: Log) -> dict[str, Any]:
    """The largest community's ledgers: first page and count, median and slowest in ms; a reading of many columns."""
    with throwaway() as name, tempfile.TemporaryDirectory() as folder:
        settle(name)
        log(f"people: {registry.peopled(name, people, Path(folder))}")
        act, held = _staged()
        log(f"community of {held} residences")
        opened = _opened(act)
        log(f"opened: {opened}")
        return {
            "people": people,
            "community": held,
            "slowest": max(opened.values()),
            "ledgers": opened,
            "reading": _reading(system_act()),
            "load": os.getloadavg()[0],
        }


def _staged() -> tuple[Act, int]:
    """Tags on people, statistics for the planner, and whoever keeps the largest community."""
    with under(system_act()), connection.cursor() as cursor:
        for rest, tag in enumerate(TAGS):
            cursor.execute(_MARKS, {"tag": tag, "every": EVERY, "rest": rest})
        cursor.execute(_LARGEST)
        lo, hi, held = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return system_act().on(spans=(Span(lo, hi),)), held


def _opened(act: Act) -> dict[str, float]:
    """Each live ledger: milliseconds for its first page and its count, the median of some."""
    with under(act):
        views = [view for view in ledgers.ledgers(act).views if view.may_open(act)]
    return {view.key: _median(act, view) for view in views}


def _median(act: Act, view: View) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with under(act):
            ledgers.sheet(act, view, Asked())
            ledgers.counted(act, view)
        took.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(took[1:]), 1)


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
