"""One sheet of indicators: what rooms count, month by month, beside the target; every number leads to its rows (R096)."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from linli.capabilities.matters.measures import MEASURES
from linli.capabilities.matters.models import Matter
from linli.kernel.acts import under
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
    assert counts[0] == counts[1] <= 4


def test_every_indicator_has_one_name(town: Town) -> None:
    from_rooms = [each.code for room in every() for each in room.measures]
    assert len(from_rooms) == len(set(from_rooms)) and MEASURES in every()
