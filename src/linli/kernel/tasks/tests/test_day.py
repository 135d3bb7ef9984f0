"""The one list of a day: one household one visit, overdue first, few statements however long it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation

from linli.capabilities.registry.models import Household
from linli.kernel.acts import Act, system_act, under
from linli.kernel.tasks import day, kinds
from linli.kernel.tasks.day import Asked
from linli.kernel.tasks.services import ToDo, add_many, finish_many
from tests import families
from tests.asked import asked
from tests.town import Town

NOON = datetime(2026, 6, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


families_of: dict[str, Any] = {}


def add(town: Town, now: datetime = NOON, **changes: Any) -> None:
    values: dict[str, Any] = {
        "kind": "tables.confirm",
        "subject_type": "tables.sheet",
        "subject_id": 1,
        "area": town.area("甲社区").pk,
        "title": "核对：独居老人摸排表",
        **changes,
    }
    act = system_act(now)
    with under(act):
        add_many(act, [ToDo(**values)])


def home(person: str = "wang") -> Household:
    with under(system_act(NOON)):
        found = Household.objects.filter(members__person=families_of[person].pk).first()
        assert found is not None
        return found


@pytest.fixture
def folk(town: Town) -> None:
    families_of.update(families.settle())
    with under(system_act(NOON)) as act:  # what the families' own story left is done
        finish_many(act, "tables.sheet", range(100))
        finish_many(act, "admission.demand", range(100))


def seen(act: Act, asked: Asked | None = None, size: int = day.PAGE) -> day.Day:
    with under(act):
        return day.day(act, asked, size)


@pytest.mark.row("R094", "R128")
def test_everything_due_at_one_household_is_one_visit(town: Town, folk: None) -> None:
    at = home()
    visit: dict[str, Any] = {
        "subject_type": "registry.household",
        "subject_id": at.pk,
        "household": at.pk,
    }
    soon, later = NOON + timedelta(hours=3), NOON + timedelta(days=4)
    add(town, kind="tables.visit", title="", due=later, **visit)
    add(town, kind="registry.call", title="探访独居老人", due=soon, **visit)
    add(town, due=NOON - timedelta(days=1))
    add(town, subject_id=2, title="核对：没有期限的表")
    chen = town.act("chen", at=NOON)
    found = seen(chen)
    assert [(code, len(stops)) for code, _title, stops in found.sections] == [
        ("overdue", 1),
        ("today", 1),
        ("undated", 1),
    ]
    (visited,) = [stop for stop in found.stops if stop.household]
    assert [item.title for item in visited.items] == ["探访独居老人", "上门补采"]
    with translation.override("en"):
        (visited,) = [stop for stop in seen(chen).stops if stop.household]
    assert [item.title for item in visited.items] == ["探访独居老人", "Visit to complete"]
    assert visited.due == soon
    assert "101" in visited.place and visited.title == visited.place
    assert visited.items[1].href == f"/field/gaps/{at.pk}/"
    with under(chen):
        figures = day.figures(chen)
    assert (figures.open, figures.stops, figures.visits) == (4, 3, 1)
    assert (figures.overdue, figures.today, figures.week, figures.undated) == (1, 1, 1, 1)
    assert figures.groups["表格"] == 2 and figures.groups["上门"] == 1


@pytest.mark.row("R094")
def test_the_list_is_narrowed_by_group_time_and_visits(town: Town, folk: None) -> None:
    at = home()
    add(
        town,
        kind="tables.visit",
        subject_type="registry.household",
        subject_id=at.pk,
        household=at.pk,
    )
    add(town, due=NOON - timedelta(days=1))
    chen = town.act("chen", at=NOON)
    assert len(seen(chen).stops) == 2
    for wanted, kind in (
        (Asked(group="表格"), "核对表格"),
        (Asked(when="overdue"), "核对表格"),
        (Asked(visits=True), "上门补采"),
        (Asked(when="undated"), "上门补采"),
    ):
        (stop,) = seen(chen, wanted).stops
        assert stop.items[0].kind == kind
    assert seen(chen, Asked(group="没有的类")).stops == []


def test_an_address_is_not_said_to_who_may_not_see_it(town: Town, folk: None) -> None:
    at = home("zhao")  # of another community
    add(
        town,
        kind="tables.visit",
        subject_type="registry.household",
        subject_id=at.pk,
        household=at.pk,
    )
    (stop,) = seen(town.act("chen", at=NOON)).stops
    assert stop.place == "没有登记房屋"
    assert seen(town.act("zhou", at=NOON)).stops == []


def test_a_long_list_comes_in_pages_and_asks_as_little(town: Town, folk: None) -> None:
    chen = town.act("chen", at=NOON)
    counts = []
    for n in (3, 30):
        for key in range(n):
            add(town, subject_id=1000 * n + key, due=NOON + timedelta(minutes=key))
        with under(chen), asked() as said:
            day.day(chen)
            day.figures(chen)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 5
    first = seen(chen, size=20)
    rest = seen(chen, Asked(after=first.more), size=20)
    assert len(first.stops) == 20 and len(rest.stops) == 13 and not rest.more
    keys = {item.pk for stop in (*first.stops, *rest.stops) for item in stop.items}
    assert len(keys) == 33


def test_a_kind_that_nobody_declares_stands_without_a_page() -> None:
    kind = kinds.kind_of("somebody.does")
    assert kinds.href(kind, 1) == ""
    for each in kinds.declared().values():
        assert kinds.href(each, 1), each.kind


@pytest.mark.row("R094")
def test_the_pages_of_the_list(town: Town, folk: None) -> None:
    client, now = Client(), timezone.now()
    session, act = client.session, town.act("chen")
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    client.cookies["linli"] = str(session.session_key)
    assert "都办完了" in client.get("/desk/todo/").content.decode()
    at = home()
    add(
        town,
        now,
        kind="tables.visit",
        subject_type="registry.household",
        subject_id=at.pk,
        household=at.pk,
        title="入户补采",
    )
    add(town, now, due=now - timedelta(days=1))
    page = client.get("/desk/todo/").content.decode()
    assert "独居老人摸排表" in page and "上门一次" in page and "已超期" in page
    assert "1 张表，缺 1 项" not in page  # of this household no table asks
    paper = client.get("/desk/todo/walk/").content.decode()
    assert "走访单" in paper and "101" in paper
    narrowed = client.get("/desk/todo/", {"group": "表格", "when": "today", "after": "x"})
    assert "这一类没有要办的" in narrowed.content.decode()
    home_page = client.get("/desk/day/").content.decode()
    assert "独居老人摸排表" in home_page and "上门一次" in home_page
