"""What time does by itself, at fixed times: warnings once, escalation, what settles itself, a new calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from linli.capabilities.matters import clocks, selectors, services
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.services import watch
from linli.capabilities.matters.words import line_of
from linli.kernel.access.selectors.audit import fact_opened
from linli.kernel.acts import Act, conveyor, system_act, under
from linli.kernel.acts.models import Fact, Words
from linli.kernel.calendar import SHANGHAI
from linli.kernel.calendar.days import Days, Notice, Special
from linli.kernel.calendar.recount import moved
from linli.kernel.calendar.selectors import forget, notices
from linli.kernel.calendar.services import load
from linli.kernel.notices.models import Notice as Told
from tests.town import Town

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def clock(hours: float) -> Act:
    return system_act(MONDAY + timedelta(hours=hours))


def report(town: Town, code: str = "0901", grid: bool = True) -> Matter:
    act = town.act("wang", MONDAY)
    area = town.area("甲社区第一网格" if grid else "甲社区").pk
    intake = services.Intake(code=code, title="楼道灯坏了", area=area, reporter=act.actor)
    return services.report(act, intake=intake)


def fresh(matter: Matter) -> Matter:
    with under(system_act()):
        return Matter.objects.get(pk=matter.pk)


def told(town: Town, who: str) -> list[str]:
    with under(town.act(who)):
        return [n.kind for n in Told.objects.order_by("id")]


def test_a_clock_is_told_in_days_never_in_shares(town: Town) -> None:
    matter = report(town)  # handled within two working days
    said = {}
    for hours in (1, 24 * 2 + 7, 24 * 11):
        now = MONDAY + timedelta(hours=hours)
        found = {c.code: clocks.standing(c, now) for c in clocks.clocks(fresh(matter), now)}
        said[hours] = found["resolve"]
    assert said == {1: "还剩 2个工作日", 24 * 2 + 7: "今天到期", 24 * 11: "超期 7 个工作日"}
    late = MONDAY + timedelta(days=11)
    services.accept(town.act("sun", late), matter)
    done = services.handle(town.act("sun", late), fresh(matter), outcome="换了灯泡")
    told = {c.code: clocks.standing(c, late) for c in clocks.clocks(done, late)}
    assert told["resolve"] == "超期 7 个工作日，已完成" and told["verify"].startswith("还剩")


def test_each_warning_is_given_once(town: Town) -> None:
    matter = report(town)  # to be accepted within four working hours, by 14:00
    assert watch.tick(clock(0.1)).warned == 0
    assert watch.tick(clock(0.2)).looked == 0
    assert watch.tick(clock(2.2)).warned == 1
    assert watch.tick(clock(2.3)).warned == 0
    watch.tick(clock(8))
    watch.tick(clock(9))
    kinds = told(town, "sun")
    assert kinds == ["matters.yellow", "matters.overdue"]
    services.accept(town.act("sun", MONDAY + timedelta(hours=9)), matter)
    watch.tick(clock(9.1))
    assert told(town, "sun") == kinds
    assert "accept/1/overdue" in fresh(matter).told


def test_what_nobody_takes_goes_up_once(town: Town) -> None:
    matter = report(town)
    assert watch.tick(clock(24)).escalated == 0
    assert watch.tick(clock(33)).escalated == 1  # one whole working day has gone
    held = fresh(matter)
    assert held.offer == "escalate" and held.offered_post == "clerk"
    assert watch.tick(clock(40)).escalated == 0
    services.accept_transfer(town.act("chen", MONDAY + timedelta(hours=41)), held)
    assert watch.tick(clock(42)).escalated == 0


def test_a_broken_promise_goes_to_the_street(town: Town) -> None:
    matter = report(town)
    services.accept(town.act("chen", MONDAY + timedelta(hours=1)), matter)
    due = fresh(matter).due
    assert due is not None
    assert watch.tick(system_act(due - timedelta(minutes=30))).escalated == 0
    assert watch.tick(system_act(due + timedelta(hours=1))).escalated == 1
    offered = fresh(matter).offered_unit
    assert offered is not None and offered.name == "东街道办事处"
    with under(system_act()):
        fact = Fact.objects.get(verb="matters.escalate", subject_id=matter.pk)
        assert fact.data["cause"] == "late"
        assert not Words.objects.filter(fact=fact).exists()
        opened = fact_opened(system_act(), fact.pk)
        assert opened is not None
        shown = {str(name): value for name, value in opened.data}
        assert shown["缘由"] == "超过办理时限（late）"
        assert shown["岗位"] == "街道经办人（street_worker）"
    for language, words in (("zh-hans", "超过办理时限"), ("en", "Past its handling time")):
        with override(language), under(town.act("chen")):
            assert (
                selectors.detail(town.act("chen"), fresh(matter), public=False).lines[-1].text
                == words
            )


def test_what_the_clock_wrote_before_it_used_codes_is_translated_too(town: Town) -> None:
    flow = clocks.flow(report(town))
    at, unit = MONDAY, None
    for who, kind, said in (
        ("系统", "system", "Past its handling time"),
        ("陈静", "staff", "超过办理时限"),
    ):
        row: tuple[object, ...] = (
            1,
            at,
            "matters.escalate",
            1,
            unit,
            {},
            "job",
            who,
            kind,
            {"reason": "超过办理时限"},
        )
        with override("en"):
            line = line_of(row, flow, public=False)
        assert line is not None and line.text == said, "people's own words stay as they wrote them"


def test_a_question_needs_nobody_to_verify(town: Town) -> None:
    matter = services.accept(
        town.act("chen", MONDAY + timedelta(hours=1)), report(town, "1101", False)
    )
    services.handle(town.act("chen", MONDAY + timedelta(hours=2)), matter, outcome="已答复")
    assert watch.tick(clock(2.5)).settled == 1
    assert fresh(matter).state == "closed" and fresh(matter).on_time is True
    lamp = services.accept(town.act("sun", MONDAY + timedelta(hours=3)), report(town))
    services.handle(town.act("sun", MONDAY + timedelta(hours=4)), lamp, outcome="换了")
    assert watch.tick(clock(4.5)).settled == 0
    assert fresh(lamp).state == "handled"


def test_a_new_calendar_counts_anew(own_town: Town) -> None:
    matter = report(own_town)
    services.accept(own_town.act("sun", MONDAY + timedelta(hours=1)), matter)
    watch.tick(clock(1.1))
    before = fresh(matter).due
    assert before is not None
    day = before.astimezone(SHANGHAI).date()
    notice = Notice(2026, date(2026, 3, 1), {day: Special(True, "临时放假", 2026)}, "test")
    with under(clock(2)) as act:
        lines = list(moved(watch.open_deadlines(), Days.of([*notices(), notice])))
        assert any(line.label.startswith(matter.number) for line in lines)
        load(act, notice)
    forget()
    conveyor.drain()
    turn = watch.tick(system_act())
    assert turn.recounted == 1 and turn.failed == 0
    after = fresh(matter).due
    assert after is not None and after > before
    assert watch.tick(system_act()).recounted == 0
    forget()


def test_a_turn_that_breaks_leaves_the_rest_and_goes_on(
    own_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = report(own_town), report(own_town)
    real = watch.judge

    def sometimes(act: Act, matter: Matter, turn: watch.Turn) -> None:
        real(act, matter, turn)
        if matter.pk == bad.pk:
            raise RuntimeError("killed before the commit")

    monkeypatch.setattr(watch, "judge", sometimes)
    turn = watch.tick(clock(2.2))
    assert (turn.looked, turn.failed) == (2, 1)
    assert fresh(bad).told == [] and fresh(good).told == ["accept/1/yellow"]
    monkeypatch.undo()
    assert watch.tick(clock(3.3)).looked == 1
    assert fresh(bad).told == ["accept/1/yellow"]
    with under(own_town.act("sun")):
        assert Told.objects.filter(kind="matters.yellow").count() == 2


def test_a_turn_is_bounded(town: Town) -> None:
    for _n in range(5):
        report(town)
    assert watch.tick(clock(1), most=3).looked == 3
    assert watch.tick(clock(1), most=3).looked == 2
    assert watch.tick(clock(1), most=3).looked == 0
