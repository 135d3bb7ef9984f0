"""A round under real parallel connections and real kills, and while the map changes: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.registry.models import Person, Residence
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Way
from linli.capabilities.tables.tests.test_rounds import admitted, form, issued, plan
from linli.kernel.access import offices
from linli.kernel.acts import conveyor, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import moving, orders, selectors
from linli.kernel.places.models import Area
from linli.kernel.tasks.models import Task
from linli.site import cluster
from tests.families import settle
from tests.safety.conftest import forget_all
from tests.safety.test_concurrency import at_once, one_wins
from tests.town import Town

SOURCE = "甲区民政局批复1号"


@pytest.fixture
def rounds_town(own_town: Town) -> Town:
    """A town with its people and offices, in a database of its own with real commits."""
    settle()
    open_offices()
    admitted(own_town)
    return own_town


def again(sheet: Sheet) -> Sheet:
    with under(system_act(NOW)):
        return Sheet.objects.select_related("round", "area").get(pk=sheet.pk)


def facts(verb: str) -> int:
    with under(system_act(NOW)):
        return Fact.objects.filter(verb=verb).count()


def test_two_reviewers_take_a_sheet_once(rounds_town: Town) -> None:
    sheet = issued(rounds_town)
    services.sign(rounds_town.act("he", NOW), sheet, left="住户外出")
    mei = rounds_town.act("mei", NOW)
    found = at_once([partial(services.accept, mei, sheet.round, sheets=[sheet.pk])] * 4)
    one_wins(found, "梅青已在")
    assert facts("tables.accept") == 1 and again(sheet).state == Sheet.State.ACCEPTED


def test_one_takes_while_the_other_gives_back(rounds_town: Town) -> None:
    sheet = issued(rounds_town)
    services.sign(rounds_town.act("he", NOW), sheet, left="住户外出")
    mei = rounds_town.act("mei", NOW)
    found = at_once(
        [
            partial(services.accept, mei, sheet.round, sheets=[sheet.pk]),
            partial(services.hand_back, mei, sheet, reason="请再核对"),
        ]
    )
    assert sum(isinstance(each, Exception) for each in found) == 1, found
    taken = again(sheet).state == Sheet.State.ACCEPTED
    assert (facts("tables.accept"), facts("tables.hand_back")) == (taken, not taken)


def test_two_answers_at_once_and_the_second_sees_the_first(rounds_town: Town) -> None:
    issued(rounds_town)
    with under(system_act(NOW)):
        gap = Gap.objects.filter(element="person.workplace").order_by("pk")[0]
    said = [(rounds_town.act(who, NOW), f"市{n}院") for who, n in (("chen", "一"), ("he", "二"))]
    found = at_once([partial(services.answer, act, answers={gap.pk: words}) for act, words in said])
    one_wins(found, "没有覆盖")
    with under(system_act(NOW)):
        kept = Person.objects.get(pk=gap.record).workplace
    assert kept == said[0 if isinstance(found[0], int) else 1][1]


def test_two_urge_and_nobody_is_told_twice(rounds_town: Town) -> None:
    sheet = issued(rounds_town)
    mei = rounds_town.act("mei", NOW)
    found = at_once([partial(services.remind, mei, sheet.round)] * 3)
    one_wins(found, "今天已经催过")


_WORKER = """
import django, sys, time; django.setup()
from linli.capabilities.tables.services import gaps
from linli.kernel.acts import system_act
told = gaps.count
def slowly(act, sheet):
    found = told(act, sheet)
    print(sheet.pk, flush=True)
    time.sleep(0.3)  # still inside the sheet's transaction
    return found
gaps.count = slowly
print("begun", gaps.opened(system_act(), int(sys.argv[1])), flush=True)
"""


def test_a_worker_killed_while_a_round_is_counted_goes_on_where_it_was(
    own_database: str, rounds_town: Town
) -> None:
    town = rounds_town
    areas = [town.area(name) for name in ("甲社区", "乙社区", "丙社区")]
    wanted = services.Call(
        communities=tuple(each.pk for each in areas),
        streets=tuple({each.parent_id or 0 for each in areas}),
        period="2026年6月",
    )
    made = services.issue(town.act("mei", NOW), form(), call=wanted)
    assert isinstance(made, Round)
    for who in ("wu", "shi"):
        admission.issue(town.act(who, NOW), made.ticket)
    for _time in range(2):
        worker = counting(own_database, made.pk)
        assert worker.stdout is not None and worker.stdout.readline()
        time.sleep(0.05)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    with under(system_act(NOW)):
        states = set(Sheet.objects.filter(round=made).values_list("state", flat=True))
        assert "counting" in states, "it was killed on its way"
    services.opened(system_act(NOW), made.pk)
    assert services.opened(system_act(NOW), made.pk) == 0
    with under(system_act(NOW)):
        assert Round.objects.get(pk=made.pk).state == Round.State.OPEN
        sheets = list(Sheet.objects.filter(round=made))
        for each in sheets:
            asked = list(Gap.objects.filter(sheet=each).values_list("column", "record"))
            assert len(asked) == len(set(asked)) == each.asked
            assert each.known + each.asked == each.cells > 0
        visits = Task.objects.filter(kind="tables.visit", done_at__isnull=True)
        homes = list(visits.values_list("household", flat=True))
        assert len(homes) == len(set(homes)) > 0
    assert facts("tables.count") == 3, "each counted once"


def counting(database: str, key: int) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "LINLI_OWNER_URL": cluster.address("owner", database),
    }
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", _WORKER, str(key)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, cwd=root)


def rezone(*changes: dict[str, object]) -> None:
    """Carry a rezoning out, with what follows from it."""
    ordered = orders.parse({"on": "2026-06-01", "source": SOURCE, "changes": list(changes)})
    found = moving.begin(system_act(), ordered)
    while True:
        with under(system_act()) as act:
            if next(moving.carry(act, found), None) is None:
                break
    moving.finish(system_act(), found)
    forget_all()
    conveyor.drain()


ASKS = plan(
    Column("姓名", ("姓名",), Way.KNOWN, "person.name", asked=False),
    Column("工作单位", ("工作单位",), Way.KNOWN, "person.workplace"),
    Column("意愿", ("意愿",), Way.OWN),
)


def out(town: Town, *names: str) -> Round:
    """A round that lies with some communities of 东街道."""
    areas = [town.area(name) for name in names]
    wanted = services.Call(
        communities=tuple(each.pk for each in areas),
        streets=(areas[0].parent_id or 0,),
        period="2026年6月",
    )
    made = services.issue(town.act("mei", NOW), form(asks=ASKS), call=wanted)
    assert isinstance(made, Round), str(made)
    admission.issue(town.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    return made


def answered(town: Town, made: Round) -> Gap:
    """王小梅's own answer in 甲社区."""
    with under(system_act(NOW)):
        wang = Person.objects.get(name="王小梅")
        gap = Gap.objects.get(sheet__round=made, column="意愿", record=wang.pk)
    services.answer(town.act("chen", NOW), answers={gap.pk: "愿意"})
    return gap


def _one_table_is_one_demand(kept: Sheet, gone: Sheet) -> None:
    waits = Task.objects.filter(subject_type="tables.sheet", done_at=None)
    assert list(waits.values_list("subject_id", flat=True)) == [kept.pk]
    office = offices.unit_over(kept.area_id, offices.COMMITTEE)
    assert office and list(waits.values_list("unit", flat=True)) == [office.pk]
    assert gone.demand.state == "delivered" and "新乙社区" in gone.demand.reason
    done = Task.objects.filter(subject_type="admission.demand", subject_id=gone.demand_id)
    assert not done.filter(done_at=None).exists()


def test_communities_joined_while_a_form_is_out(rounds_town: Town) -> None:
    town = rounds_town
    made = out(town, "甲社区", "乙社区")
    gap = answered(town, made)
    with under(system_act(NOW)):
        asked = set(Gap.objects.filter(sheet__round=made).values_list("column", "record"))
    rezone(
        {
            "merge": ["329901001001", "329901001002"],
            "into": {"code": "329901001002", "name": "新乙社区居委会"},
        }
    )
    with under(system_act(NOW)):
        sheets = list(Sheet.objects.filter(round=made).order_by("pk"))
        live = [each for each in sheets if each.state != Sheet.State.MERGED]
        assert len(sheets) == 2 and len(live) == 1
        kept, gone = live[0], next(each for each in sheets if each not in live)
        assert gone.into_id == kept.pk and SOURCE in gone.remark and SOURCE in kept.remark
        assert "甲社区" in kept.remark
        _one_table_is_one_demand(kept, gone)
        gaps = Gap.objects.filter(sheet=kept)
        assert set(gaps.values_list("column", "record")) == asked, "nothing lost, nothing twice"
        assert Gap.objects.get(pk=gap.pk).value == "愿意"
        assert (
            kept.rows
            == Residence.objects.filter(
                area__gte=kept.area_id, area__lt=Area.objects.get(pk=kept.area_id).hi, until=None
            )
            .values("person")
            .distinct()
            .count()
        )
    he = town.act("he", NOW)
    services.sign(he, kept, left="住户外出")
    with under(system_act(NOW)):
        states = set(Sheet.objects.filter(round=made).values_list("demand__state", flat=True))
    assert states == {"delivered"}, "what was asked of both is delivered"
    assert services.accept(town.act("mei", NOW), made) == 1


def test_a_community_divided_while_a_form_is_out(rounds_town: Town) -> None:
    town = rounds_town
    made = out(town, "甲社区")
    gap = answered(town, made)
    with under(system_act(NOW)):
        asked = set(Gap.objects.filter(sheet__round=made).values_list("column", "record"))
        second = Area.objects.get(name="甲社区第二网格").span
        there = set(
            Residence.objects.filter(
                area__gte=second.lo, area__lt=second.hi, until=None
            ).values_list("person", flat=True)
        )
    rezone(
        {
            "split": "329901001001",
            "into": [
                {"code": "329901001001", "grids": ["329901001001001"]},
                {"code": "329901001009", "name": "丁社区居委会", "grids": ["329901001001002"]},
            ],
        }
    )
    with under(system_act(NOW)):
        new = selectors.by_code("329901001009")
        here = Sheet.objects.get(round=made, area=town.area("甲社区"))
        made_sheet = Sheet.objects.get(round=made, area=new)
        both = [
            set(Gap.objects.filter(sheet=s).values_list("column", "record"))
            for s in (here, made_sheet)
        ]
        assert both[0] | both[1] == asked and {record for _c, record in both[1]} == there
        assert made_sheet.rows == len(there) and made_sheet.state == Sheet.State.FILLING
        assert "甲社区" in made_sheet.remark and "丁社区" in here.remark
        assert Gap.objects.get(pk=gap.pk).value == "愿意"
        assert made_sheet.demand.area_id == new.pk and made_sheet.demand.state == "received"
