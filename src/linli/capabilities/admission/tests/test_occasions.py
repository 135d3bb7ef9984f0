"""Meetings, inspections and contests: through the gate, through the street, held together where they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from icalendar import Calendar

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import dated
from linli.capabilities.admission.models import Demand, Occasion, Ticket
from linli.capabilities.admission.selectors import occasions as reads
from linli.capabilities.admission.selectors.occasions import Filters
from linli.capabilities.admission.services import Calling, Held, Turned
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from tests.town import Town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
JUNE = Filters(TODAY, date(2026, 6, 30))


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


def calling(town: Town, **changes: object) -> Calling:
    given = Calling("meeting", "工作例会", "M01", (town.area("甲社区").pk,), TODAY, Decimal(2), 1)
    return replace(given, **changes)  # type: ignore[arg-type]


def inspection(town: Town, item: str, day: int, *names: str) -> Calling:
    areas = [town.area(name) for name in names or ("甲社区", "乙社区")]
    return Calling(
        "inspection",
        f"检查{item}",
        item,
        tuple(a.pk for a in areas),
        date(2026, 6, day),
        Decimal(3),
        streets=tuple({a.parent_id for a in areas if a.parent_id}),
    )


def scheduled(town: Town, who: str, given: Calling) -> list[Occasion]:
    made = services.schedule(act(town, who), calling=given)
    assert not isinstance(made, Turned), made
    return made


@pytest.mark.row("R080", "R081")
def test_what_did_not_pass_stands_in_no_calendar(offices_: Town) -> None:
    turned = {
        "unknown_item": ("wu", calling(offices_, item="M99")),
        "not_lead": ("zheng", inspection(offices_, "I02", 8)),
        "via_street": ("mei", replace(inspection(offices_, "I02", 8), streets=())),
        "wrong_kind": ("wu", calling(offices_, kind="inspection")),
    }
    for code, (who, given) in turned.items():
        answer = services.schedule(act(offices_, who), calling=given)
        assert isinstance(answer, Turned) and answer.code == code
        with under(system_act(NOW)):
            assert Ticket.objects.get(pk=answer.ticket).clause == code, "that it was asked is kept"
            assert not Occasion.objects.exists()
    with pytest.raises(Refusal, match="范围"):
        away = calling(offices_, communities=(offices_.area("丙社区").pk,))
        services.schedule(act(offices_, "wu"), calling=away)
    with pytest.raises(Refusal, match="过了"):
        services.schedule(act(offices_, "wu"), calling=calling(offices_, day=date(2026, 5, 1)))


@pytest.mark.row("R076", "R081")
def test_a_departments_inspection_waits_at_the_street(offices_: Town) -> None:
    made = scheduled(offices_, "mei", inspection(offices_, "I02", 8))
    assert {o.state for o in made} == {"waiting"} and made[0].ticket is not None
    services.issue(act(offices_, "wu"), made[0].ticket)
    with under(act(offices_, "chen")):
        assert Occasion.objects.get().state == "planned"
        demand = Demand.objects.get()
        assert Task.objects.filter(kind="admission.answer", done_at=None).count() == 1
    services.decline(act(offices_, "chen"), demand, reason="上周刚查过")
    with under(system_act(NOW)):
        states = dict(Occasion.objects.values_list("area__name", "state"))
    assert states == {"甲社区": "cancelled", "乙社区": "planned"}


@pytest.mark.row("R076")
@pytest.mark.parametrize("end", ["hold", "recall"])
def test_what_is_held_back_or_recalled_is_cancelled(offices_: Town, end: str) -> None:
    made = scheduled(offices_, "mei", inspection(offices_, "I02", 8))
    ticket = made[0].ticket
    assert ticket is not None
    if end == "hold":
        services.hold(act(offices_, "wu"), ticket, reason="重复")
    else:
        services.recall(act(offices_, "mei"), ticket, reason="改期")
    with under(system_act(NOW)):
        assert set(Occasion.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_committee_calls_its_own_meeting_without_a_gate(offices_: Town) -> None:
    (made,) = scheduled(offices_, "chen", calling(offices_, item="M02", title="居民代表会议"))
    assert made.ticket is None and made.state == "planned"
    with pytest.raises(Turned, match="目录"):
        services.schedule(act(offices_, "chen"), calling=calling(offices_, item="M99"))


@pytest.mark.row("R080")
def test_it_took_place(offices_: Town) -> None:
    (made,) = scheduled(offices_, "wu", calling(offices_))
    told = Held("定了三件事", Decimal("1.5"), "陈静", 9)
    done = services.held_(act(offices_, "chen"), made, told=told)
    assert (done.state, done.hours, done.attended) == ("held", Decimal("1.5"), 9)
    with under(act(offices_, "chen")):
        assert Demand.objects.get().state == "delivered"
        assert not Task.objects.filter(kind="admission.answer", done_at=None).exists()
    with pytest.raises(Refusal, match="已经登记"):
        services.held_(act(offices_, "chen"), done, told=told)
    (later,) = scheduled(offices_, "wu", calling(offices_, day=TODAY + timedelta(days=2)))
    with pytest.raises(Refusal, match="没有到"):
        services.held_(act(offices_, "chen"), later, told=told)


@pytest.mark.row("R081")
def test_two_departments_in_one_fortnight_make_one_visit(offices_: Town) -> None:
    civil = scheduled(offices_, "mei", inspection(offices_, "I02", 10))
    fire = scheduled(offices_, "huo", inspection(offices_, "I01", 3))
    scheduled(offices_, "huo", inspection(offices_, "I01", 20))
    for made in (civil, fire):
        assert made[0].ticket is not None
        services.issue(act(offices_, "wu"), made[0].ticket)
    with under(act(offices_, "wu")) as wu:
        (proposal,) = reads.joints(wu, JUNE)
    assert proposal.half == TODAY and len(proposal.pairs) == 2
    units = (offices_.unit("fire").pk, offices_.unit("civil").pk)
    assert (proposal.first, proposal.second) == units
    assert services.merge(act(offices_, "wu"), pairs=proposal.pairs) == 2
    with under(system_act(NOW)):
        merged = Occasion.objects.filter(unit=units[1])
        assert {(o.state, o.into_id) for o in merged} == {("merged", o.pk) for o in fire}
        told = Notice.objects.filter(kind="admission.joined")
        assert set(told.values_list("account", flat=True)) == {
            act(offices_, who).actor for who in ("mei", "huo")
        }
    with pytest.raises(Refusal, match="还没有进行"):
        services.merge(act(offices_, "wu"), pairs=proposal.pairs)
    with pytest.raises(Refusal, match="同一个社区"):
        services.merge(act(offices_, "wu"), pairs=((fire[0].pk, fire[1].pk),))


@pytest.mark.row("R080")
def test_meetings_near_each_other_are_proposed(offices_: Town) -> None:
    (one,) = scheduled(offices_, "wu", calling(offices_))
    (two,) = scheduled(offices_, "wu", calling(offices_, day=date(2026, 6, 4), hours=Decimal(3)))
    scheduled(offices_, "wu", calling(offices_, day=date(2026, 6, 20)))
    with under(act(offices_, "wu")) as wu:
        assert [(a.pk, b.pk) for a, b in reads.together(wu, JUNE)] == [(one.pk, two.pk)]
        assert [each.communities for each in reads.called(wu, JUNE)] == [1, 1, 1]
    services.merge(act(offices_, "wu"), pairs=((one.pk, two.pk),))
    with under(system_act(NOW)):
        assert Occasion.objects.get(pk=one.pk).hours == Decimal(3)


@pytest.mark.row("R081")
def test_a_day_with_many_names_the_first_and_counts_the_rest(offices_: Town) -> None:
    for at in range(dated.SHOWN_A_DAY + 2):
        scheduled(offices_, "wu", calling(offices_, title=f"会议{at}"))
    page = text_of(
        entered(offices_, "wu").get(reverse("admission:occasions"), {"month": "2026-06"})
    )
    assert "还有 2 项" in page


@pytest.mark.row("R081")
def test_a_week_by_itself_and_a_file_for_ones_own_calendar(offices_: Town) -> None:
    scheduled(offices_, "wu", calling(offices_, title="月度例会；讨论, 决定", place="三楼"))
    scheduled(offices_, "mei", inspection(offices_, "I02", 8))
    browser, where = entered(offices_, "wu"), reverse("admission:occasions")
    week = text_of(browser.get(where, {"week": "2026-06-03"}))
    assert "2026-06-01 — 2026-06-07" in week and "月度例会" in week and "检查I02" not in week
    assert "week=2026-05-31" in week and "week=2026-06-08" in week
    for odd in ("9999-12-31", "x", "0001-01-01"):
        assert browser.get(where, {"week": odd}).status_code == 200
        assert browser.get(where, {"month": odd[:7]}).status_code == 200
    answer = browser.get(reverse("admission:occasions_file"), {"month": "2026-06"})
    assert answer["Content-Type"].startswith("text/calendar")
    events = {str(e["SUMMARY"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    meeting, visit = events["会议 · 月度例会；讨论, 决定"], events["检查 · 检查I02"]
    assert meeting.decoded("DTSTART") == TODAY and str(meeting["LOCATION"]) == "三楼"
    assert (str(meeting["STATUS"]), str(visit["STATUS"])) == ("CONFIRMED", "TENTATIVE")
    elsewhere = entered(offices_, "zhou").get(
        reverse("admission:occasions_file"), {"month": "2026-06"}
    )
    assert len(Calendar.from_ical(elsewhere.content).walk("VEVENT")) == 1
