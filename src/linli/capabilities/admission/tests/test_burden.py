"""The burden index: counted by facts, summed set by set, never typed; what filling from the registry spared."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Demand, Occasion, Placement, Ticket, Weight
from linli.capabilities.admission.rules import Load, against_mean, tone_of
from linli.capabilities.admission.selectors import burden
from linli.capabilities.admission.services import Calling
from linli.capabilities.admission.tests.offices import NOW, asking, open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.kernel.acts import Act, conveyor, system_act, under
from linli.kernel.acts.record import record
from linli.kernel.measures import months
from tests.town import Town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


def load(town: Town, who: str = "wu", day: date = TODAY) -> Load:
    with under(act(town, who)) as seen:
        return burden.index(seen, day)[-1].load


def asked(town: Town, *places: str, who: str = "mei", days: float = 0, **changes: object) -> Ticket:
    """A table that came down to some communities."""
    ticket = services.pass_(act(town, who, days), asking=asking(town, *places, **changes))
    assert isinstance(ticket, Ticket)
    services.issue(act(town, "wu", days), ticket)
    return ticket


def demand(town: Town, ticket: Ticket, who: str = "chen") -> Demand:
    with under(act(town, who)):
        return Demand.objects.get(ticket=ticket)


def calling(town: Town, **changes: object) -> Calling:
    given = Calling("meeting", "工作例会", "M01", (town.area("甲社区").pk,), TODAY, Decimal(2), 2)
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.row("R090", "R098")
def test_the_burden_is_counted_from_what_happened(offices_: Town) -> None:
    ticket = services.pass_(act(offices_, "mei"), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    conveyor.drain()
    assert load(offices_, "chen").tables == 0, "it waits at the street"
    services.issue(act(offices_, "wu"), ticket)
    conveyor.drain()
    assert load(offices_, "chen").by_hand == 2, "all its fields, as long as nobody says otherwise"
    found = demand(offices_, ticket)
    services.deliver(act(offices_, "chen"), found, by_hand=1, hours=3.0)
    services.schedule(act(offices_, "wu"), calling=calling(offices_))
    conveyor.drain()
    seen = load(offices_)
    assert (seen.tables, seen.fields, seen.by_hand, seen.meetings) == (1, 2, 1, 1)
    assert seen.hours == Decimal(7)  # three for the table, two people for two hours
    with under(act(offices_, "wu")) as wu:
        causes = [(c.unit, c.times, c.load.hours) for c in burden.causes(wu, TODAY)]
    assert causes == [
        (offices_.unit("dong").pk, 1, Decimal(4)),
        (offices_.unit("civil").pk, 1, Decimal(3)),
    ]
    assert load(offices_, "zhou") == Load()


@pytest.mark.row("R069")
def test_what_was_declined_weighs_nothing_but_is_counted(offices_: Town) -> None:
    found = demand(offices_, asked(offices_, "甲社区"))
    services.decline(act(offices_, "chen"), found, reason="刚报过")
    conveyor.drain()
    assert load(offices_) == Load(declined=1)


@pytest.mark.row("R090", "R098")
def test_fields_that_two_departments_ask_of_one_community(offices_: Town) -> None:
    asked(offices_, "甲社区", "乙社区")
    own = {"item": "A04", "leads": ("police",), "fields": ("person.name", "person.document")}
    services.pass_(act(offices_, "wu"), asking=asking(offices_, "甲社区", streets=(), **own))
    conveyor.drain()
    assert load(offices_).duplicates == 1, "the name, asked twice of 甲 and once of 乙"
    with under(act(offices_, "wu")) as wu:
        found = burden.repeated(wu, TODAY, offices_.area("甲社区"))
    assert found == {
        "person.name": frozenset({offices_.unit("civil").pk, offices_.unit("dong").pk})
    }
    assert load(offices_, "zhou").duplicates == 0


def counted(town: Town, found: Demand, cells: int, gaps: int) -> None:
    """What the room of tables tells once it has filled a sheet from the registry."""
    with under(system_act(NOW)) as told:
        record(told, "tables.count", None, {"demand": found.pk, "cells": cells, "gaps": gaps}, {})
    conveyor.drain()


@pytest.mark.row("R011", "R090")
def test_what_filling_from_the_registry_spared(offices_: Town) -> None:
    found = demand(offices_, asked(offices_, "甲社区", hours=Decimal(0)))
    counted(offices_, found, cells=240, gaps=12)
    seen = load(offices_)
    assert (seen.cells, seen.known, seen.fields, seen.by_hand) == (240, 228, 2, 1)
    assert seen.hours == Decimal("0.1"), "twelve values at fifteen seconds, rounded"
    counted(offices_, found, cells=241, gaps=3)
    assert load(offices_).known == 228, "what was known before anybody was asked"
    services.deliver(act(offices_, "chen"), found, by_hand=0)
    conveyor.drain()
    assert load(offices_).by_hand == 0


@pytest.mark.row("R090")
def test_fewer_tables_with_more_fields_are_flagged(offices_: Town) -> None:
    may = -20
    for _table in range(2):
        asked(offices_, "甲社区", days=may, fields=("person.name",), hours=Decimal(2))
    asked(offices_, "甲社区", fields=("person.name", "person.born", "person.phone"))
    conveyor.drain()
    with under(act(offices_, "wu")) as wu:
        now = burden.index(wu, TODAY)[-1]
        (cause,) = burden.causes(wu, TODAY)
        (here, _rest) = burden.places(wu, TODAY, [offices_.area("乙社区"), offices_.area("甲社区")])
    wanted = {("tables", "fields", 50), ("tables", "by_hand", 50), ("tables", "hours", 100)}
    wanted |= {("meetings", "hours", 100)}
    for grew in (now.grew, cause.grew, here[2]):
        assert {(g.stood, g.grew, g.percent) for g in grew} == wanted
    assert here[0] == offices_.area("甲社区")


def test_systems_weigh_in_every_month_that_they_stand(offices_: Town) -> None:
    area = offices_.area("甲社区")
    with under(act(offices_, "chen")):
        for since, until in (("2026-02-10", None), ("2026-01-01", "2026-03-31")):
            Placement.objects.create(
                area=area, kind="system", title="系统", since=since, until=until
            )
    with under(act(offices_, "wu")) as wu:
        assert [m.load.systems for m in burden.index(wu, TODAY)] == [1, 2, 2, 1, 1, 1]
        assert [m.load.systems for m in burden.index(wu, TODAY, offices_.area("乙社区"))] == [0] * 6


def test_counting_everything_anew_changes_nothing(offices_: Town) -> None:
    asked(offices_, "甲社区", "乙社区", "丙社区")
    services.schedule(act(offices_, "wu"), calling=calling(offices_))
    conveyor.drain()
    with under(system_act(NOW)) as system:
        before = set(Weight.objects.values_list("area", "month", "unit", "fields", "hours"))
        Occasion.objects.update(title="改名")
    services.weigh(system)
    with under(system_act(NOW)):
        after = set(Weight.objects.values_list("area", "month", "unit", "fields", "hours"))
    assert before == after and len(after) == 5


def test_a_month_begins_at_midnight_of_the_house(offices_: Town) -> None:
    late = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)  # half past midnight of the first of June
    ticket = services.pass_(offices_.act("mei", late), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    services.issue(offices_.act("wu", late), ticket)
    conveyor.drain()
    assert load(offices_).tables == 1 and load(offices_, day=date(2026, 5, 31)).tables == 0


def test_the_index_takes_as_many_statements_for_a_city_as_for_a_community(offices_: Town) -> None:
    with under(act(offices_, "feng")) as feng, CaptureQueriesContext(connection) as told:
        burden.index(feng, TODAY)
        burden.causes(feng, TODAY)
    assert len(told) == 3


def test_the_months_before_in_order() -> None:
    assert [f"{m:%y%m}" for m in months(date(2026, 2, 10), 4)] == ["2511", "2512", "2601", "2602"]


def test_values_are_told_against_their_mean() -> None:
    assert against_mean([Decimal(10), Decimal(20), Decimal(30)]) == [-50, 0, 50]
    assert against_mean([Decimal(0), Decimal(0)]) == [0, 0] and against_mean([]) == []
    assert [tone_of(each) for each in (-25, -24, 0, 24, 25)] == [
        "good",
        "warn",
        "warn",
        "warn",
        "bad",
    ]


@pytest.mark.row("R098", "R090")
def test_communities_stand_beside_each_other_on_the_page_the_map_and_in_a_file(
    offices_: Town,
) -> None:
    ticket = services.pass_(offices_.act("mei"), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    services.issue(offices_.act("wu"), ticket)
    services.weigh(system_act(timezone.now()), months=[timezone.localdate().replace(day=1)])
    wu, where = entered(offices_, "wu"), reverse("admission:burden")
    page = text_of(wu.get(where))
    assert "辖区比较" in page and "和平均比" in page and "+100%" in page and "-100%" in page
    assert 'data-areas="' in page
    shapes = json.loads(wu.get(reverse("admission:burden_areas")).content)
    assert shapes["type"] == "FeatureCollection"
    book = load_workbook(io.BytesIO(wu.get(where, {"format": "xlsx"}).content))
    rows = list(book.worksheets[0].values)
    assert rows[1][0] == "辖区" and any("甲社区" in str(row[0]) for row in rows[2:])
    assert entered(offices_, "wu").get(where, {"month": "1999-99"}).status_code == 200
