"""One to-do list: added once, finished by subject, seen by those whose it is."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from linli.kernel.access.models import Unit
from linli.kernel.acts import Act, Denied, Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.tasks import selectors
from linli.kernel.tasks.models import Task
from linli.kernel.tasks.services import ToDo, add, add_many, finish, finish_many, hand, reschedule
from tests.town import Town

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SYSTEM = system_act(NOON)


def subject(town: Town) -> Unit:
    """Any saved row will do."""
    return town.unit("jia")


def for_clerks(town: Town, **changes: Any) -> bool:
    values: dict[str, Any] = {
        "kind": "matters.accept",
        "title": "受理：路灯不亮",
        "area": town.area("甲社区").pk,
        "post": "clerk",
        "due": NOON + timedelta(hours=4),
    }
    with under(SYSTEM):
        return add(SYSTEM, subject(town), **(values | changes))


def titles(act: Act) -> list[str]:
    with under(act):
        return [task.title for task in selectors.open_for(act)]


@pytest.mark.parametrize(
    ("who", "seen"),
    [("chen", 1), ("lin", 1), ("zhou", 0), ("sun", 0), ("zheng", 0), ("wang", 0), ("he", 0)],
)
def test_a_task_of_a_post_falls_to_who_holds_it_there(town: Town, who: str, seen: int) -> None:
    for_clerks(town)
    assert len(titles(town.act(who, at=NOON))) == seen


def test_what_falls_to_everybody_of_an_area_falls_to_who_may_open_it(town: Town) -> None:
    for_clerks(town, post="")
    he = town.act("he", at=NOON)
    assert len(titles(he)) == 1
    assert titles(he.on(verbs=frozenset({"tasks.*", "registry.*"}))) == []


def test_a_guest_has_nothing_to_do(town: Town) -> None:
    for_clerks(town)
    assert titles(Act(0, "", NOON)) == []


def test_a_task_of_a_unit_is_seen_by_the_unit_only(town: Town) -> None:
    for_clerks(town, post="department_worker", unit=town.unit("municipal").pk)
    assert len(titles(town.act("zheng", at=NOON))) == 1
    assert titles(town.act("gao", at=NOON)) == []
    assert titles(town.act("chen", at=NOON)) == []


def test_a_task_given_to_one_is_no_more_the_others(town: Town) -> None:
    for_clerks(town)
    chen = town.act("chen", at=NOON).on(verbs=frozenset({"tasks.hand"}))
    lin = town.act("lin", at=NOON)
    with under(chen):
        task = selectors.open_for(chen).get()
        hand(chen, task, account=lin.actor)
        fact = Fact.objects.get(verb="tasks.hand")
    assert fact.data["account"] == lin.actor
    assert titles(chen) == []
    assert len(titles(lin)) == 1


def test_handing_on_needs_the_permission_and_an_open_task(town: Town) -> None:
    for_clerks(town)
    chen = town.act("chen", at=NOON).on(verbs=frozenset())
    with under(chen):
        task = selectors.open_for(chen).get()
    with pytest.raises(Denied):
        hand(chen, task, account=1)
    with under(SYSTEM):
        finish(SYSTEM, subject(town))
    with pytest.raises(Refusal, match="办完"):
        hand(chen.on(verbs=frozenset({"tasks.*"})), task, account=None)


def test_the_same_open_task_is_added_once(town: Town) -> None:
    assert for_clerks(town)
    assert not for_clerks(town, title="again")
    assert for_clerks(town, kind="matters.call")
    assert for_clerks(town, post="grid_worker")
    with under(SYSTEM):
        assert finish(SYSTEM, subject(town), "matters.accept") == 2
    assert for_clerks(town)


def test_a_clerk_may_leave_a_task_to_another_unit(town: Town) -> None:
    chen = town.act("chen", at=NOON)
    with under(chen):
        assert add(
            chen,
            subject(town),
            kind="matters.handle",
            title="处置",
            area=town.area("丙社区").pk,
            post="department_worker",
            unit=town.unit("municipal").pk,
        )
        assert not Task.objects.filter(kind="matters.handle").exists()
    assert titles(town.act("zheng", at=NOON)) == ["处置"]


def test_finishing_reaches_tasks_out_of_sight_and_notes_who(town: Town) -> None:
    for_clerks(town)
    for_clerks(town, kind="matters.watch", area=town.area("丙社区").pk)
    zheng = town.act("zheng", at=NOON)
    with under(zheng):
        assert finish(zheng, subject(town)) == 2
    with under(SYSTEM):
        done = Task.objects.first()
        assert done is not None
        assert (done.done_by, done.done_at, done.open) == (zheng.actor, NOON, False)
        assert finish(SYSTEM, subject(town)) == 0


def test_many_are_added_and_finished_in_few_statements(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    area = town.area("甲社区").pk
    todos = [ToDo("visit", "x.y", n, area, f"走访 {n}", post="grid_worker") for n in range(1, 501)]
    with under(SYSTEM), django_assert_max_num_queries(6):
        assert add_many(SYSTEM, todos) == 500
    with under(SYSTEM):
        assert add_many(SYSTEM, todos[:10]) == 0
        assert add_many(SYSTEM, []) == 0
        with django_assert_max_num_queries(3):
            assert finish_many(SYSTEM, "x.y", range(1, 401), ["visit"]) == 400


def test_the_day_in_one_statement(town: Town, django_assert_num_queries: Any) -> None:
    dues = [
        NOON - timedelta(days=1),
        NOON - timedelta(minutes=1),
        NOON + timedelta(hours=11),
        NOON + timedelta(hours=13),
        None,
    ]
    for number, due in enumerate(dues):
        for_clerks(town, kind=f"k{number}", title=f"t{number}", due=due)
    chen = town.act("chen", at=NOON)
    with under(chen), django_assert_num_queries(1):
        figures = selectors.counts(chen)
    assert figures == selectors.Counts(open=5, overdue=2, today=1, undated=1)
    with under(chen):
        assert [t.title for t in selectors.overdue(chen)] == ["t0", "t1"]
        assert [t.title for t in selectors.due_today(chen)] == ["t2"]
        assert [t.title for t in selectors.open_for(chen)] == ["t0", "t1", "t2", "t3", "t4"]


def test_weight_ranks_tasks_of_one_due_time(town: Town) -> None:
    for_clerks(town, kind="a", title="light")
    for_clerks(town, kind="b", title="heavy", weight=5)
    assert titles(town.act("chen", at=NOON)) == ["heavy", "light"]


def test_a_new_due_time_moves_every_open_task(town: Town) -> None:
    for_clerks(town)
    with under(SYSTEM):
        assert reschedule(SYSTEM, subject(town), NOON + timedelta(days=3)) == 1
        assert Task.objects.get().due == NOON + timedelta(days=3)


def test_the_wall_alone_hides_tasks(town: Town) -> None:
    for_clerks(town)
    for who, seen in (("chen", 1), ("wu", 1), ("zhou", 0), ("wang", 0), ("zheng", 0)):
        with under(town.act(who)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tasks_task")
            assert cursor.fetchone() == (seen,), who
