"""Answers in place of a value, second answers, what was told before; the names of periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.capabilities.admission.tests.offices import NOW
from linli.capabilities.registry.models import Person
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Gap
from linli.capabilities.tables.rules import How, Period, Said, needless, said
from linli.capabilities.tables.rules.periods import later
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.tests.test_rounds import column, issued, plan
from linli.kernel.acts import Refusal, system_act, under
from tests.town import Town

asked = rounds.asked
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("确无", Said(How.NONE)),
        (" 不清楚：老人记不得 ", Said(How.UNKNOWN, "老人记不得")),
        ("拒绝提供（本人不愿意）", Said(How.DECLINED, "本人不愿意")),
        ("拒绝, 不愿意", Said(How.DECLINED, "不愿意")),
        ("不清楚", Said(How.UNKNOWN)),
        ("Not told: busy", Said(How.DECLINED, "busy")),
        ("无", None),
        ("确无棣县", None),
        ("市一院", None),
    ],
)
def test_what_stands_in_place_of_a_value(text: str, found: Said | None) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "after", "first"),
    [
        ("2026年11月", "2026年12月", date(2026, 12, 1)),
        ("2026-12", "2027年1月", date(2027, 1, 1)),
        ("2026年第四季度", "2027年第一季度", date(2027, 1, 1)),
        ("2026年3季度", "2026年第四季度", date(2026, 10, 1)),
        ("2026年下半年", "2027年上半年", date(2027, 1, 1)),
        ("2026年度", "2027年", date(2027, 1, 1)),
    ],
)
def test_the_period_after_a_period(text: str, after: str, first: date) -> None:
    here = Period.of(text)
    assert here is not None
    assert here.next.words == after and here.next.first == first


@pytest.mark.parametrize("text", ["11月", "2026年13月", "2026年第五季度", "近期", ""])
def test_a_period_that_cannot_be_told(text: str) -> None:
    assert Period.of(text) is None


def test_a_due_day_that_the_next_month_lacks_is_its_last() -> None:
    assert later(datetime(2026, 1, 31, tzinfo=UTC), "month").date() == date(2026, 2, 28)


def test_id_numbers_of_anybody_need_a_reason() -> None:
    asks = plan(
        column("a", "person.document"), column("b", "bond.guardian_document", reason="核保")
    )
    assert [each.key for each in needless(asks)] == ["a"]


def gap_of(town: Town, element: str = "person.workplace") -> Gap:
    with under(system_act(NOW)):
        found = Gap.objects.filter(element=element, household__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def test_none_is_no_blank_and_not_asked_again(asked: Town) -> None:
    issued(asked)
    gap, chen = gap_of(asked), asked.act("chen", NOW)
    services.answer(chen, answers={gap.pk: "确无"})
    with under(system_act(NOW)):
        gap.refresh_from_db()
        assert (gap.state, gap.value, gap.carried) == (Gap.State.NONE, "", False)
        assert not Person.objects.get(pk=gap.record).workplace
    second = issued(asked, "走访登记表", plan(column("工作单位", "person.workplace")))
    with under(system_act(NOW)):
        twin = Gap.objects.get(sheet=second, record=gap.record)
        assert (twin.state, twin.carried) == (Gap.State.NONE, True), "told once"
        assert second.asked == Gap.objects.filter(sheet=second, state="open").count()


def test_unknown_and_declined_need_a_reason(asked: Town) -> None:
    issued(asked)
    gap, chen = gap_of(asked), asked.act("chen", NOW)
    for text in ("不清楚", "拒绝提供"):
        with pytest.raises(Refusal) as told:
            services.answer(chen, answers={gap.pk: text})
        assert (told.value.code, told.value.field) == ("reason", f"gap-{gap.pk}")
    services.answer(chen, answers={}, without={gap.pk: Said(How.DECLINED, "本人不愿意")})
    with under(system_act(NOW)):
        gap.refresh_from_db()
    assert (gap.state, gap.why) == (Gap.State.DECLINED, "本人不愿意")
    services.reopen(chen, gap)
    with under(system_act(NOW)):
        gap.refresh_from_db()
    assert (gap.state, gap.why) == (Gap.State.OPEN, "")


@pytest.mark.row("R011")
def test_a_second_answer_shows_the_conflict_and_writes_nothing(asked: Town) -> None:
    issued(asked)
    gap = gap_of(asked)
    chen, sun = asked.act("chen", NOW), asked.act("sun", NOW + timedelta(minutes=5))
    services.answer(chen, answers={gap.pk: "市一院"})
    assert services.answer(sun, answers={gap.pk: "市一院"}) == 0, "the same again is nothing new"
    with pytest.raises(Refusal) as told:
        services.answer(sun, answers={gap.pk: "市二院"})
    assert told.value.code == "changed"
    assert "陈静" in str(told.value) and "市一院" in str(told.value)
    with under(system_act(NOW)):
        assert Person.objects.get(pk=gap.record).workplace == "市一院"
    services.answer(chen, answers={gap.pk: "市三院"})  # one's own slip is mended
    with under(system_act(NOW)):
        assert Person.objects.get(pk=gap.record).workplace == "市三院"
    assert services.answer(sun, answers={gap.pk: "市二院"}, sure=True) == 1
