"""What follows from facts: tasks, notices, the public projection; each once, however often the belt is stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter, PublicMatter
from linli.kernel.acts import conveyor, system_act, under
from linli.kernel.acts.verbs import listeners
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from tests.town import Town


def lamp(town: Town, code: str = "0901") -> Matter:
    act = town.act("wang", timezone.now() - timedelta(hours=1))
    area = town.area("甲社区第一网格").pk
    return services.report(
        act,
        intake=services.Intake(
            code=code,
            title="3号楼楼道灯坏了",
            area=area,
            reporter=act.actor,
            lon=120.34123,
            lat=31.59567,
        ),
    )


def open_tasks(matter: Matter) -> list[tuple[str, str]]:
    with under(system_act()):
        rows = Task.objects.filter(subject_id=matter.pk, done_at__isnull=True)
        return [(t.kind, t.post) for t in rows]


def test_a_report_becomes_one_task_and_a_public_row(own_town: Town) -> None:
    matter = lamp(own_town)
    conveyor.drain()
    conveyor.drain()
    assert open_tasks(matter) == [("matters.accept", "grid_worker")]
    public = PublicMatter.objects.get(matter=matter.pk)
    assert (public.lon, public.lat) == (120.341, 31.596)
    assert public.state == "reported"


def test_restricted_matters_are_never_published(own_town: Town) -> None:
    matter = lamp(own_town, code="0608")
    conveyor.drain()
    assert matter.restricted
    assert not PublicMatter.objects.filter(matter=matter.pk).exists()


def test_the_resident_is_told_once_and_the_task_moves_on(own_town: Town) -> None:
    matter = lamp(own_town)
    conveyor.drain()
    matter = services.accept(own_town.act("sun"), matter)
    conveyor.drain()
    assert [kind for kind, _post in open_tasks(matter)] == ["matters.handle"]
    with under(own_town.act("wang")):
        told = [n.kind for n in Notice.objects.all()]
    assert told == ["matters.accepted"]


def test_a_day_is_promised_only_while_the_clock_runs(own_town: Town) -> None:
    matter, sun = lamp(own_town), own_town.act("sun")
    matter = services.accept(sun, matter)
    services.ask(sun, matter, reason="几号楼？")
    conveyor.drain()
    with under(own_town.act("wang")):
        told = {n.kind for n in Notice.objects.all()}
    assert told == {"matters.accepted_undated", "matters.asked"}


def test_a_wish_for_more_time_that_is_declined_changes_nothing_for_the_resident(
    own_town: Town,
) -> None:
    matter, sun = lamp(own_town), own_town.act("sun")
    matter = services.accept(sun, matter)
    for granted in (False, True):
        matter = services.ask_extension(sun, matter, amount=1, reason="等配件")
        matter = services.decide_extension(
            own_town.act("he"), matter, granted=granted, words="看过"
        )
        conveyor.drain()
        with under(own_town.act("wang")):
            told = Notice.objects.filter(kind="matters.extended").count()
        assert told == int(granted)
    with under(sun):
        assert Notice.objects.filter(kind="matters.decided").count() == 2


def test_a_failing_listener_parks_the_fact_and_the_rest_goes_on(
    own_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = lamp(own_town), lamp(own_town)
    name = "linli.capabilities.matters.listeners.publish"
    codes, real = listeners()[name]

    def sometimes(act: object, facts: list[object]) -> None:
        if any(f.subject_id == broken.pk for f in facts):  # type: ignore[attr-defined]
            raise DatabaseError("no")
        real(act, facts)

    entries = {**listeners(), name: (codes, sometimes)}
    monkeypatch.setattr(conveyor, "listeners", lambda: entries)
    conveyor.drain()
    assert PublicMatter.objects.filter(matter=good.pk).exists()
    assert not PublicMatter.objects.filter(matter=broken.pk).exists()
    monkeypatch.undo()
    assert conveyor.retry_stuck() == (1, 0)
    assert PublicMatter.objects.filter(matter=broken.pk).exists()
