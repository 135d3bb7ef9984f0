"""One sheet of indicators: what rooms count, month by month, beside the target; every number leads to its rows (R096)."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from openpyxl import load_workbook

from linli.capabilities.matters.measures import MEASURES
from linli.capabilities.matters.models import Matter, Tally, Uncounted
from linli.capabilities.matters.selectors.counts import measures
from linli.capabilities.matters.selectors.monthly import KEPT, by_month
from linli.capabilities.matters.selectors.sight import in_sight
from linli.capabilities.matters.services import tallies, watch
from linli.kernel.acts import conveyor, system_act, under
from linli.kernel.measures import Counted, months
from linli.kernel.measures.sheet import Line, every, sheet
from tests.asked import asked
from tests.town import Town

from .test_desk import entered, lamp

pytestmark = pytest.mark.row("R096")
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def opened(matter: Matter, day: datetime, **changes: object) -> None:
    with under(changes.pop("act")):  # type: ignore[arg-type]
        Matter.objects.filter(pk=matter.pk).update(opened=day, **changes)


@pytest.fixture
def two_months(town: Town) -> Town:
    """Three matters of May, two in time of the two that were judged and one done again; one of June, late."""
    feng = town.act("feng")
    noon = datetime(2026, 5, 31, 15, 30, tzinfo=UTC)  # still May in Shanghai
    opened(lamp(town, "一"), noon, act=feng, on_time=True)
    opened(lamp(town, "二"), datetime(2026, 4, 30, 17, tzinfo=UTC), act=feng, on_time=True)
    opened(lamp(town, "三"), datetime(2026, 5, 5, tzinfo=UTC), act=feng, round=2)
    opened(lamp(town, "四"), datetime(2026, 5, 31, 16, 30, tzinfo=UTC), act=feng, on_time=False)
    with under(system_act()) as clock:
        tallies.recount(clock, whole=True)
    return town


def lines(town: Town, who: str, name: str | None, last: date) -> dict[str, Line]:
    act = town.act(who)
    with under(act):
        found = sheet(act, town.area(name) if name else None, months(last))
    return {line.measure.code: line for _room, group in found for line in group}


def test_a_month_is_the_month_here_and_a_share_says_of_what(two_months: Town) -> None:
    found = lines(two_months, "chen", "甲社区", JUNE)
    assert found["matters.received"].numbers[-2:] == [3, 1]
    assert found["matters.on_time"].counted[-2:] == [Counted(2, 2), Counted(0, 1)]
    assert found["matters.on_time"].numbers[-2:] == [100.0, 0.0]
    assert found["matters.satisfied"].now is None, "nobody rated: no share, not nought"
    assert found["matters.reopened"].numbers[-2:] == [1, 0]


def test_a_target_is_held_against_the_month_and_says_that_it_is_ours(two_months: Town) -> None:
    june, may = (lines(two_months, "chen", "甲社区", day)["matters.on_time"] for day in (JUNE, MAY))
    assert june.target is not None and june.target.status == "default"
    assert (may.met, june.met, june.turn) == (True, False, "worse")
    received = lines(two_months, "chen", "甲社区", JUNE)["matters.received"]
    assert (received.target, received.met, received.turn) == (None, None, "")


def test_another_community_counts_its_own_and_a_stranger_sees_none(two_months: Town) -> None:
    assert lines(two_months, "zhou", None, JUNE)["matters.received"].now == 0
    assert lines(two_months, "wu", "甲社区", JUNE)["matters.received"].now == 1
    address = f"/desk/measures/?area={two_months.area('甲社区').pk}"
    answers = [
        entered(two_months, who).get(address).status_code for who in ("chen", "zhou", "wang")
    ]
    assert answers == [200, 404, 403]


def test_every_number_opens_as_many_rows(two_months: Town) -> None:
    chen = entered(two_months, "chen")
    for line in lines(two_months, "chen", "甲社区", MAY).values():
        for number, link, counted in zip(line.numbers, line.links, line.counted, strict=True):
            if link.startswith("/desk/matters/") and counted and number is not None:
                wanted = counted.n if counted.of is None else counted.of
                page = chen.get(link).content.decode()
                assert page.count('name="pick"') == wanted, (line.measure.code, link)


def test_the_page_and_its_files(two_months: Town) -> None:
    chen, area = entered(two_months, "chen"), two_months.area("甲社区").pk
    page = chen.get(f"/desk/measures/?area={area}&month=2026-06").content.decode()
    assert "按时办理率" in page and "建议值" in page and "未达到" in page
    assert f"/desk/measures/file/?area={area}&amp;month=2026-06" in page
    book = chen.get(f"/desk/measures/file/?area={area}&month=2026-06")
    rows = list(load_workbook(io.BytesIO(book.content)).worksheets[0].values)
    assert rows[1][4:] == ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
    told = {row[1]: row for row in rows[2:]}
    assert told["按时办理率（%）"][2:4] == ("95", "未达到")
    assert told["按时办理率（%）"][8:] == ("100", "0")
    text = chen.get(f"/desk/measures/file/?area={area}&month=2026-06&as=csv").content.decode(
        "utf-8-sig"
    )
    assert len(list(csv.reader(io.StringIO(text)))) == len(rows)


@pytest.mark.parametrize("asked_", ["area=abc", "area=99999999999999999999", "as=exe"])
def test_what_does_not_exist_is_told(town: Town, asked_: str) -> None:
    assert entered(town, "chen").get(f"/desk/measures/file/?{asked_}").status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "%00", "9999-12", ""])
def test_a_month_that_is_none_is_this_month(town: Town, month: str) -> None:
    page = entered(town, "chen").get(f"/desk/measures/?month={month}")
    assert page.status_code == 200
    assert re.search(r'class="[^"]*(is-active|active)|aria-current', page.content.decode())


def test_a_sheet_asks_as_much_for_many_matters_as_for_few(two_months: Town) -> None:
    chen = two_months.act("chen")
    counts = []
    for more in (0, 20):
        for n in range(more):
            lamp(two_months, f"再{n}")
        with under(chen), asked() as said:
            sheet(chen, two_months.area("甲社区"), months(JUNE))
        counts.append(len(said))
    assert counts[0] == counts[1] <= 5


@pytest.fixture
def many(own_town: Town) -> Town:
    """Matters of two communities, two units and three months, one of them restricted; every one was heard of."""
    marks: tuple[dict[str, Any], ...] = (
        {"on_time": True, "rating": 5},
        {"on_time": False, "rating": 1},
        {"round": 2},
        {},
    )
    for n, changes in enumerate(marks * 2):
        where = ("甲社区第一网格", "乙社区")[n % 2]
        made = lamp(own_town, f"第{n}盏", area=where, code="0608" if n == 3 else "0901")
        day = datetime(2026, 4 + n % 3, 10, tzinfo=UTC)
        opened(made, day, act=own_town.act("feng").on(sensitive=True), **changes)
    conveyor.drain()
    with under(system_act()) as clock:
        tallies.recount(clock)
    return own_town


FIRSTS = months(JUNE)
ASKED = [("chen", "甲社区"), ("chen", ""), ("zhou", ""), ("wu", "乙社区"), ("wu", ""), ("feng", "")]
ASKED += [("feng", "试验市"), ("zheng", ""), ("gao", ""), ("sun", ""), ("chen", "甲社区第一网格")]


def test_what_is_kept_is_what_a_count_of_the_rows_says(many: Town) -> None:
    counted = 0
    for who, name in ASKED:
        area = many.area(name) if name else None
        for sensitive in (True, False):
            act = many.act(who).on(sensitive=sensitive)
            with under(act):
                found = by_month(act, area, FIRSTS)
                rows = in_sight(act)
                if area is not None:
                    rows = rows.filter(area__gte=area.pk, area__lt=area.hi)
                for first in FIRSTS:
                    month = rows.filter(opened__month=first.month, opened__year=first.year)
                    live = month.aggregate(**measures(act.at))
                    told = {each: found[first][each] for each in KEPT}
                    assert told == {each: live[f"n_{each}"] for each in told}, (who, name, first)
                    counted += told["received"]
    assert counted > 40


def test_only_what_moved_is_counted_again(many: Town) -> None:
    with under(system_act()) as clock:
        before = Tally.objects.count()
        assert not Uncounted.objects.exists() and before > 3
        Tally.objects.update(reopened=77)
        assert tallies.recount(clock) == 0
        moved = Matter.objects.filter(community=many.area("甲社区").pk).first()
        assert moved is not None
        tallies.stale([moved.pk, moved.pk])
        assert tallies.recount(clock) == Tally.objects.exclude(reopened=77).count() > 0
        assert Tally.objects.count() == before
        assert Tally.objects.filter(reopened=77, area=many.area("乙社区")).exists()
        assert tallies.recount(clock, whole=True) == before
        assert not Tally.objects.filter(reopened=77).exists()


def test_what_becomes_late_is_counted_by_the_clock(many: Town) -> None:
    lamp(many, "要超期的一盏")
    conveyor.drain()
    with under(system_act()) as clock:
        tallies.recount(clock)
        assert not Tally.objects.filter(overdue__gt=0).exists()
        late = Matter.objects.get(title="要超期的一盏")
        assert late.due is not None
        later = clock.on(at=late.due + timedelta(minutes=5))
        Matter.objects.filter(pk=late.pk).update(look=late.due)
        Matter.objects.exclude(pk=late.pk).update(look=later.at + timedelta(days=1))
    assert watch.tick(later).failed == 0
    with under(later):
        late.refresh_from_db()
        assert late.handled is None and late.due is not None and late.due < later.at
        tallies.recount(later)
        rows = Tally.objects.filter(area=many.area("甲社区"), overdue__gt=0)
        assert list(rows.values_list("unit", "overdue")) == [(late.unit_id, 1)]


def test_many_who_count_at_once_count_once(many: Town) -> None:
    def run(_n: int) -> int:
        try:
            with under(system_act()) as clock:
                tallies.stale(list(Matter.objects.values_list("pk", flat=True)))
                return tallies.recount(clock)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert any(pool.map(run, range(12)))
    with under(system_act()):
        received = Tally.objects.aggregate(n=Sum("received"))["n"]
        assert received == Matter.objects.count() and not Uncounted.objects.exists()


def test_every_indicator_has_one_name(town: Town) -> None:
    from_rooms = [each.code for room in every() for each in room.measures]
    assert len(from_rooms) == len(set(from_rooms)) and MEASURES in every()
