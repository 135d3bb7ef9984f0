"""Entries of ledgers written, corrected, struck and taken back over many connections at once: the kept count is the counted one."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection

from linli.capabilities.tables.models import Entry, EntryTally
from linli.capabilities.tables.services import entries, tallies
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.places.models import Area
from tests.safety.test_concurrency import at_once
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
DAYS = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 20))
# As anybody would count them, community by community: the last 28 bits of an area lie below its community.
COUNTED = """
SELECT (e.area_id >> 28) << 28, e.kind, date_trunc('month', e.day)::date, count(*),
    coalesce(sum((e.body->>'hours')::float), 0)
FROM tables_entry e WHERE NOT e.struck GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
Tally = tuple[int, str, date, int, float]


def counted() -> list[Tally]:
    with under(system_act(AT)), connection.cursor() as cursor:
        cursor.execute(COUNTED)
        return [tuple(row) for row in cursor.fetchall()]


def kept() -> list[Tally]:
    with under(system_act(AT)):
        rows = EntryTally.objects.order_by("area", "kind", "month")
        return list(rows.values_list("area", "kind", "month", "number", "hours"))


def values(n: int, title: str) -> dict[str, str]:
    return {
        "activity.title": title,
        "activity.kind": "health",
        "activity.hours": f"{n % 7}.5",
        "activity.cost": "10",
    }


def worker(town: Town, who: str, area: str, seed: int) -> int:
    """One person's afternoon: entries of their own and of colleagues, in an order that nobody planned."""
    chance, act, done = random.Random(seed), town.act(who, AT), 0
    place = town.area(area)
    for n in range(12):
        with under(act):
            found = list(Entry.objects.order_by("-pk").values_list("pk", "version", "struck")[:6])
        try:
            if n < 3 or not found or chance.random() < 0.4:
                told, day = values(n, f"义诊{seed}-{n}"), chance.choice(DAYS)
                entries.enter(act, kind="activity", area=place, day=day, values=told)
            else:
                _change(town, who, chance, found)
            done += 1
        except Refusal as refusal:
            assert refusal.code in ("changed", "struck", "stands", "same"), str(refusal)
    return done


def _change(
    town: Town, who: str, chance: random.Random, found: list[tuple[int, int, bool]]
) -> None:
    act = town.act(who, AT)
    pk, was, struck = chance.choice(found)
    if struck:
        entries.restore(act, entry=pk, was=was)
    elif chance.random() < 0.5:
        entries.strike(act, entry=pk, was=was, reason="登记重了")
    else:
        day, told = chance.choice(DAYS), values(chance.randrange(90), "改过的义诊")
        entries.correct(act, entry=pk, was=was, day=day, values=told, reason="时间记错了")


def counting() -> int:
    """The nightly job comes in the middle of it."""
    with under(system_act(AT)):
        return tallies.recount()


@pytest.mark.row("R096")
def test_the_kept_count_of_entries_is_the_counted_one(own_town: Town) -> None:
    people = (("chen", "甲社区"), ("he", "甲社区第一网格"), ("chen", "甲社区第二网格"))
    calls: list[Callable[[], int]] = [
        *(partial(worker, own_town, *people[seed % 3], seed) for seed in range(12)),
        *(counting for _each in range(3)),
    ]
    found = at_once(calls)
    assert not [each for each in found if isinstance(each, Exception)], found
    assert sum(found[:12]) > 60, "most of what was done went through"
    assert kept() == counted() != []
    with under(system_act(AT)):
        assert Area.objects.filter(pk__in=[row[0] for row in kept()], name="甲社区").exists()
        assert Entry.objects.filter(struck=True).exists()


def test_the_last_of_a_month_struck_by_two_leaves_no_row_behind(own_town: Town) -> None:
    chen, area = own_town.act("chen", AT), own_town.area("甲社区第一网格")
    row = entries.enter(chen, kind="activity", area=area, day=DAYS[0], values=values(1, "义诊"))
    assert [each[3] for each in kept()] == [1]
    strike = partial(entries.strike, chen, entry=row.pk, was=1, reason="登记错了")
    found = at_once([strike] * 4)
    assert sum(isinstance(each, Refusal) for each in found) == 3, found
    assert kept() == counted() == []
