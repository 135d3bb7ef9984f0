"""The department's side: urged once a day, given back at the cell, taken and taken back; two at once; next periods."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.models import Item
from linli.capabilities.admission.services import Turned
from linli.capabilities.admission.tests.offices import NOW
from linli.capabilities.registry.models import Person, Residence
from linli.capabilities.registry.services import corrections, people
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Way
from linli.capabilities.tables.services import Call, Mark, following, periods
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.tests.test_entries import entered
from linli.capabilities.tables.tests.test_rounds import call, column, form, issued, plan
from linli.kernel.access.models import Appointment
from linli.kernel.acts import Refusal, conveyor, system_act, under
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from linli.kernel.tasks.selectors import open_for
from tests.town import Town

asked = rounds.asked
pytestmark = pytest.mark.django_db


def signed(town: Town) -> Sheet:
    sheet = issued(town)
    return services.sign(town.act("he", NOW), sheet, left="住户外出")


def again(sheet: Sheet) -> Sheet:
    with under(system_act(NOW)):
        return Sheet.objects.select_related("round").get(pk=sheet.pk)


def test_a_form_that_asks_id_numbers_needs_its_reason(asked: Town) -> None:
    wide = form(asks=plan(column("身份证号", "person.document")))
    with pytest.raises(Refusal) as told:
        services.issue(asked.act("mei", NOW), wide, call=call(asked))
    assert told.value.code == "id-number" and "身份证号" in str(told.value)


def test_who_was_not_asked_takes_nothing(asked: Town) -> None:
    sheet, zheng = signed(asked), asked.act("zheng", NOW)
    for verb in (partial(services.accept, sheets=[sheet.pk]), partial(services.remind)):
        with pytest.raises(Refusal):
            verb(zheng, sheet.round)


@pytest.mark.row("R080")
def test_urged_once_a_day(asked: Town) -> None:
    sheet, mei = issued(asked), asked.act("mei", NOW)
    assert services.remind(mei, sheet.round) == 1
    with pytest.raises(Refusal) as told:
        services.remind(mei, sheet.round)
    assert told.value.code == "today"
    with under(asked.act("chen", NOW)):
        assert Notice.objects.filter(kind="tables.reminded").count() == 1
    assert services.remind(asked.act("mei", NOW + timedelta(days=1)), sheet.round) == 1
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    with pytest.raises(Refusal) as told:
        services.remind(asked.act("mei", NOW + timedelta(days=3)), sheet.round)
    assert told.value.code == "none"


def test_taken_is_taken_back_until_frozen(asked: Town) -> None:
    sheet, mei = signed(asked), asked.act("mei", NOW)
    services.accept(mei, sheet.round, sheets=[sheet.pk])
    assert again(sheet).state == Sheet.State.ACCEPTED
    assert services.unaccept(mei, sheet.round, sheets=[sheet.pk]) == 1
    assert again(sheet).state == Sheet.State.SIGNED
    services.accept(mei, sheet.round, sheets=[sheet.pk])
    with under(system_act(NOW)):
        Round.objects.filter(pk=sheet.round_id).update(state=Round.State.FROZEN)
    with pytest.raises(Refusal) as told:
        services.unaccept(mei, sheet.round, sheets=[sheet.pk])
    assert told.value.code == "frozen"


def test_given_back_at_a_cell_and_a_row(asked: Town) -> None:
    sheet = signed(asked)
    with under(system_act(NOW)):
        wang = Person.objects.get(name="王小梅")
    marks = [
        Mark("person", wang.pk, "工作单位", "单位已经撤销"),
        Mark("person", wang.pk, "", "这一行请核对是否常住"),
    ]
    services.hand_back(asked.act("mei", NOW), sheet, reason="王小梅的情况请核对", marks=marks)
    # Another reviewer, on a page that still shows it as sent in, is told what became of it.
    with pytest.raises(Refusal, match="已退回重核：王小梅的情况请核对"):
        services.accept(asked.act("mei", NOW), sheet.round, sheets=[sheet.pk])
    he, chen = asked.act("he", NOW), asked.act("chen", NOW)
    with under(system_act(NOW)):
        cell, row = (
            Gap.objects.get(sheet=sheet, record=wang.pk, column=c) for c in ("工作单位", "")
        )
    assert (cell.state, cell.remark, cell.element) == ("open", "单位已经撤销", "person.workplace")
    services.answer(chen, answers={cell.pk: "市一院"})
    services.keep(chen, row)
    with under(system_act(NOW)):
        assert Person.objects.get(pk=wang.pk).workplace == "市一院"
        assert not Gap.objects.filter(sheet=sheet, record=wang.pk, remark__gt="", state="open")
    assert services.sign(he, sheet, left="住户外出").state == Sheet.State.SIGNED
    with pytest.raises(Refusal):
        services.hand_back(
            asked.act("mei", NOW), sheet, reason="再看看", marks=[Mark("person", 1, "无此列", "错")]
        )


def test_whoever_dies_or_moves_is_not_asked_about_any_more(asked: Town) -> None:
    sheet, chen = issued(asked), asked.act("chen", NOW)
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet, household__isnull=False).order_by("pk").first()
        assert gap is not None
        person = Person.objects.get(pk=gap.record)
        about = Gap.objects.filter(sheet=sheet, record=person.pk)
        many = about.count()
    people.death(chen, person, on=NOW.date())
    conveyor.drain()
    with under(system_act(NOW)):
        assert set(about.values_list("state", flat=True)) == {"gone"} and about.count() == many
        assert (
            not Task.objects.filter(
                kind="tables.visit", household=gap.household, done_at__isnull=True
            ).exists()
            or Gap.objects.filter(household=gap.household, state="open").exists()
        )


def test_what_the_registry_learns_elsewhere_is_not_asked(asked: Town) -> None:
    sheet, chen = issued(asked), asked.act("chen", NOW)
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet, element="person.workplace").order_by("pk").first()
        assert gap is not None
        person = Person.objects.get(pk=gap.record)
    corrections.correct(chen, person, changes={"workplace": "市一院"})
    conveyor.drain()
    with under(system_act(NOW)):
        gap.refresh_from_db()
    assert (gap.state, gap.carried) == (Gap.State.FILLED, True)


def test_whoever_moves_to_another_community_takes_their_answers_along(asked: Town) -> None:
    own = plan(column("工作单位", "person.workplace"), Column("意愿", ("意愿",), Way.OWN))
    area = [asked.area(name) for name in ("甲社区", "乙社区")]
    wanted = Call(
        communities=tuple(a.pk for a in area), streets=(area[0].parent_id or 0,), period="2026年6月"
    )
    made = services.issue(asked.act("mei", NOW), form(asks=own), call=wanted)
    assert isinstance(made, Round)
    admission.issue(asked.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    with under(system_act(NOW)):
        here, there = Sheet.objects.filter(round=made).order_by("area_id")
        wang = Person.objects.get(name="王小梅")
        gap = Gap.objects.get(sheet=here, record=wang.pk, column="意愿")
    services.answer(asked.act("chen", NOW), answers={gap.pk: "愿意"})
    with under(system_act(NOW)) as act:
        stay = Residence.objects.get(person=wang, until=None, lives=True)
        other = Residence.objects.filter(area__gte=area[1].pk, area__lt=area[1].hi).first()
        assert other is not None
        stay.area_id, stay.home_id, stay.household_id = (
            other.area_id,
            other.home_id,
            other.household_id,
        )
        stay.save()
        following.follow(act, people=[wang.pk])
        gap.refresh_from_db()
        assert (gap.sheet_id, gap.value, gap.state) == (there.pk, "愿意", "filled")
        assert Gap.objects.filter(record=wang.pk, column="意愿").count() == 1


def test_a_form_reaches_nobody_before_its_street_hands_it_on(asked: Town) -> None:
    made = services.issue(asked.act("mei", NOW), form(), call=call(asked))
    assert isinstance(made, Round)
    services.opened(system_act(NOW), made.pk)
    with under(system_act(NOW)):
        waiting = Task.objects.filter(kind__startswith="tables.")
        assert not waiting.exists()
    admission.issue(asked.act("wu", NOW), made.ticket)
    conveyor.drain()
    with under(system_act(NOW)):
        kinds = set(waiting.values_list("kind", flat=True))
        demand = Sheet.objects.select_related("demand").get(round=made).demand
    assert kinds == {"tables.confirm", "tables.visit"}
    admission.decline(asked.act("he", NOW), demand, reason="清单之外")
    conveyor.drain()
    with under(system_act(NOW)):
        assert not waiting.filter(done_at__isnull=True).exists()
        assert not Gap.objects.filter(sheet__demand=demand, state="open").exists()
    admission.reconsider(asked.act("he", NOW), demand)
    conveyor.drain()
    with under(system_act(NOW)):
        again_ = waiting.filter(done_at__isnull=True).values_list("kind", flat=True)
        assert set(again_) == {"tables.confirm", "tables.visit"}, "it is asked for again"
        assert Gap.objects.filter(sheet__demand=demand, state="open").exists()


def monthly(town: Town) -> Sheet:
    sheet = issued(town)
    services.repeat(town.act("mei", NOW), sheet.round, frequency="month")
    return again(sheet)


@pytest.mark.row("R090")
def test_the_next_period_starts_from_the_last_by_its_date(asked: Town) -> None:
    sheet = monthly(asked)
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet, element="person.workplace").first()
    assert gap is not None
    services.answer(asked.act("chen", NOW), answers={gap.pk: "确无"})
    assert periods.due(system_act(NOW)) == 0, "the month is not over"
    july = NOW + timedelta(days=31)
    assert periods.due(system_act(july)) == 1
    assert periods.due(system_act(july)) == 0, "once"
    with under(system_act(july)):
        made = Round.objects.get(period="2026年7月")
        assert (made.before_id, made.frequency) == (sheet.round_id, "month")
    services.opened(system_act(july), made.pk)
    with under(system_act(july)):
        twin = Gap.objects.get(sheet__round=made, record=gap.record, element="person.workplace")
    assert (twin.state, twin.carried) == (Gap.State.NONE, True), "it stays true"


def test_a_period_the_gate_refuses_is_told_and_stops(asked: Town) -> None:
    sheet = monthly(asked)
    with under(system_act(NOW)):
        Item.objects.filter(code="T91").update(state="suspended")
    july = NOW + timedelta(days=31)
    found = services.next_(asked.act("mei", july), sheet.round)
    assert isinstance(found, Turned)
    assert periods.due(system_act(july)) == 0
    with under(asked.act("mei", july)):
        assert Notice.objects.filter(kind="tables.stopped").count() == 1
    assert again(sheet).round.frequency == ""


def test_a_frequency_needs_a_period_that_can_be_told(asked: Town) -> None:
    made: Any = services.issue(asked.act("mei", NOW), form(), call=call(asked, "近期"))
    with pytest.raises(Refusal) as told:
        services.repeat(asked.act("mei", NOW), made, frequency="month")
    assert told.value.field == "frequency"


def test_what_cannot_be_done_says_why(asked: Town) -> None:
    sheet, mei = issued(asked), asked.act("mei", NOW)
    steps: tuple[tuple[Any, list[int], str, str], ...] = (
        (services.accept, [], "unpicked", "先勾选"),
        (services.unaccept, [], "unpicked", "先勾选"),
        (services.accept, [sheet.pk], "none", "还没有上报"),
        (services.unaccept, [sheet.pk], "none", "还没有收下"),
    )
    for step, picked, code, words in steps:
        with pytest.raises(Refusal) as told:
            step(mei, sheet.round, sheets=picked)
        assert told.value.code == code and words in str(told.value)


def test_a_street_has_no_to_do_that_it_cannot_do(asked: Town) -> None:
    issued(asked)
    conveyor.drain()
    for who, sees in (("chen", True), ("wu", False)):
        act = asked.act(who, NOW)
        with under(act):
            kinds = set(open_for(act).values_list("kind", flat=True))
        assert ("tables.confirm" in kinds) is sees, who


def test_a_clerk_whose_post_ended_is_told_so(asked: Town) -> None:
    client = entered(asked, "chen")
    assert client.get("/desk/sheets/").status_code == 200
    with under(system_act()):
        Appointment.objects.filter(pk=client.session["hat"]).update(until=date(2020, 2, 1))
    told = client.post("/desk/entries/new/consultation/", {"f-topic": "楼道堆物"})
    assert told.status_code == 403 and "任期已经结束" in told.content.decode()
