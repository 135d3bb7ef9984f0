"""One need's whole life through the services: each verb's outcome and its fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.models import Matter
from linli.kernel.acts import Refusal, under
from linli.kernel.acts.models import Fact
from tests.town import Town

SH = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SH)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def unit_of(matter: Matter) -> str:
    return matter.unit.code if matter.unit else ""


def offered_to(matter: Matter) -> str:
    return matter.offered_unit.code if matter.offered_unit else ""


def due_of(matter: Matter) -> datetime:
    assert matter.due is not None
    return matter.due


def lamp(town: Town, who: str = "wang", code: str = "0901", hours: float = 0) -> Matter:
    act = town.act(who, at(hours))
    intake = services.Intake(
        code=code,
        title="3号楼楼道灯坏了",
        body="二单元三楼的灯一周不亮",
        area=town.area("甲社区第一网格").pk,
        reporter=act.actor,
        address="甲社区3号楼2单元",
        lon=120.34,
        lat=31.595,
    )
    return services.report(act, intake=intake)


@pytest.mark.row("R101", "R102", "R132")
def test_a_lamp_is_reported_handled_verified_closed_and_rated(town: Town) -> None:
    matter = lamp(town)
    assert matter.state == "reported" and matter.post == "grid_worker"
    assert "网格" in matter.route["reason"]
    sun, qian = town.act("sun", at(1)), town.act("qian", at(5))
    matter = services.accept(sun, matter)
    assert matter.state == "handling" and matter.assignee_id == sun.actor
    matter = services.handle(town.act("sun", at(3)), matter, outcome="换了灯泡")
    with pytest.raises(Refusal, match="同一个人"):
        services.verify(town.act("sun", at(4)), matter)
    matter = services.verify(town.act("chen", at(5)), matter)
    matter = services.close(town.act("chen", at(6)), matter)
    assert matter.state == "closed" and matter.on_time is True
    with pytest.raises(Refusal, match="哪里不满意"):
        services.rate(town.act("wang", at(7)), matter, value=1)
    matter = services.rate(town.act("wang", at(7)), matter, value=5, solved=True)
    assert matter.rating == 5
    assert qian.sees(matter.area_id) is False


def test_the_timeline_tells_it_in_plain_words(town: Town) -> None:
    matter = lamp(town)
    services.accept(town.act("sun", at(1)), matter)
    wang = town.act("wang", at(2))
    with under(wang):
        found = selectors.find(wang, matter.number)
        assert found is not None
        lines = selectors.detail(wang, found, public=True).lines
    assert [line.verb for line in lines] == ["matters.report", "matters.accept"]
    assert lines[1].title == "甲社区居委会已受理"


def test_two_accept_at_once_and_one_is_told(town: Town) -> None:
    matter = lamp(town)
    services.accept(town.act("sun", at(1)), matter)
    with pytest.raises(Refusal, match="办理中"):
        services.accept(town.act("chen", at(1)), matter)


def test_the_same_token_makes_one_matter(town: Town) -> None:
    act, token = town.act("wang"), uuid4()
    intake = services.Intake(
        code="0901", title="灯坏了", area=town.area("甲社区").pk, reporter=act.actor, token=token
    )
    first = services.report(act, intake=intake)
    again = services.report(act, intake=intake)
    assert first.pk == again.pk
    with under(act):
        assert Matter.objects.filter(token=token).count() == 1


@pytest.mark.row("R104")
def test_the_holder_keeps_it_until_the_successor_accepts(town: Town) -> None:
    matter = lamp(town, code="0601")
    chen = town.act("chen", at(1))
    matter = services.accept(chen, matter)
    unit = town.unit("urban")
    matter = services.transfer(chen, matter, to=unit.pk, reason="需要执法")
    assert unit_of(matter) == "jia" and matter.offered_unit_id == unit.pk
    with pytest.raises(Refusal):
        services.accept_transfer(town.act("zheng", at(2)), matter)
    matter = services.accept_transfer(town.act("gao", at(2)), matter)
    assert matter.unit_id == unit.pk and matter.offered_unit_id is None
    with pytest.raises(Refusal, match="城市管理局"):
        services.handle(town.act("chen", at(3)), matter, outcome="我来")


def test_a_declined_transfer_goes_back_to_the_sender(town: Town) -> None:
    matter = services.accept(town.act("chen", at(1)), lamp(town, code="0601"))
    unit = town.unit("urban")
    services.transfer(town.act("chen", at(2)), matter, to=unit.pk, reason="请处理")
    matter = services.decline_transfer(town.act("gao", at(3)), matter, reason="不属于城管")
    assert unit_of(matter) == "jia" and matter.offered_unit_id is None
    assert matter.state == "handling"


@pytest.mark.row("R107")
def test_asking_the_resident_stops_the_clock(town: Town) -> None:
    matter = services.accept(town.act("chen", at(1)), lamp(town, code="0601"))
    due = due_of(matter)
    matter = services.ask(town.act("chen", at(2)), matter, reason="请补一张照片")
    assert matter.state == "waiting" and matter.due is None
    matter = services.answer(town.act("wang", at(50)), matter, body="照片已补")
    assert matter.state == "handling" and due_of(matter) > due


def test_an_extension_is_asked_and_decided_by_another(town: Town) -> None:
    matter = services.accept(town.act("chen", at(1)), lamp(town, code="0601"))
    due = due_of(matter)
    matter = services.ask_extension(town.act("chen", at(2)), matter, amount=3, reason="等配件")
    with pytest.raises(Refusal):
        services.decide_extension(town.act("chen", at(3)), matter, granted=True)
    matter = services.decide_extension(town.act("he", at(3)), matter, granted=True, words="同意")
    assert due_of(matter) > due
    with pytest.raises(Refusal, match="最多延期"):
        services.ask_extension(town.act("chen", at(4)), matter, amount=3, reason="再等")


def test_declining_an_extension_needs_its_reason_and_leaves_the_promise(town: Town) -> None:
    matter = services.accept(town.act("chen", at(1)), lamp(town, code="0601"))
    due = due_of(matter)
    matter = services.ask_extension(town.act("chen", at(2)), matter, amount=3, reason="等配件")
    with pytest.raises(Refusal, match="理由"):
        services.decide_extension(town.act("he", at(3)), matter, granted=False)
    matter = services.decide_extension(
        town.act("he", at(3)), matter, granted=False, words="配件已到，照原来的日子办"
    )
    assert due_of(matter) == due
    assert matter.extensions.get().words == "配件已到，照原来的日子办"


def test_a_resident_s_name_stays_masked_on_the_timeline(town: Town) -> None:
    matter = lamp(town)
    act = town.act("chen", at(1))
    with under(act):
        lines = selectors.detail(act, matter, public=False).lines
    assert lines and not any("王小梅" in line.title for line in lines)


def test_rework_begins_a_new_round_and_keeps_the_first_promise(town: Town) -> None:
    matter = services.accept(town.act("sun", at(1)), lamp(town))
    matter = services.handle(town.act("sun", at(2)), matter, outcome="修了")
    due = matter.due
    matter = services.rework(town.act("chen", at(3)), matter, reason="灯还是不亮")
    assert (matter.state, matter.round, matter.due) == ("handling", 2, due)


@pytest.mark.row("R132", "R133")
def test_escalation_climbs_one_level_at_a_time(town: Town) -> None:
    matter = services.accept(town.act("sun", at(1)), lamp(town))
    matter = services.escalate(town.act("sun", at(2)), matter, reason="整栋楼都停电")
    assert matter.offered_post == "clerk" and offered_to(matter) == "jia"
    matter = services.accept_transfer(town.act("chen", at(3)), matter)
    matter = services.escalate(town.act("chen", at(4)), matter, reason="要协调供电")
    assert offered_to(matter) == "dong"
    matter = services.accept_transfer(town.act("wu", at(5)), matter)
    matter = services.escalate(town.act("wu", at(6)), matter, reason="要市里协调")
    assert offered_to(matter) == "command"
    matter = services.accept_transfer(town.act("feng", at(7)), matter)
    matter = services.send_down(
        town.act("feng", at(8)), matter, to=town.unit("dong").pk, reason="请牵头"
    )
    with pytest.raises(Refusal, match="不能退回"):
        services.decline_transfer(town.act("wu", at(9)), matter, reason="不想")
    assert unit_of(services.accept_transfer(town.act("wu", at(9)), matter)) == "dong"


@pytest.mark.row("R132")
@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("chen", "jia"),
        ("chen", "yi"),
        ("chen", "municipal"),
        ("wu", "municipal"),
        ("wu", "command"),
    ],
)
def test_nothing_is_sent_down_to_whom_is_not_below(town: Town, who: str, unit: str) -> None:
    matter = services.accept(town.act("chen", at(1)), lamp(town))
    if who == "wu":
        matter = services.escalate(town.act("chen", at(2)), matter, reason="要街道协调")
        matter = services.accept_transfer(town.act("wu", at(3)), matter)
    with pytest.raises(Refusal, match="下级"):
        services.send_down(town.act(who, at(4)), matter, to=town.unit(unit).pk, reason="请办")
    with under(town.act(who, at(5))):
        assert Matter.objects.get(pk=matter.pk).offered_unit_id is None


def test_reopening_within_the_window_begins_anew(town: Town) -> None:
    matter = services.accept(town.act("sun", at(1)), lamp(town))
    matter = services.handle(town.act("sun", at(2)), matter, outcome="修了")
    matter = services.verify(town.act("chen", at(3)), matter)
    matter = services.close(town.act("chen", at(4)), matter)
    late = town.act("wang", at(24 * 60))
    with pytest.raises(Refusal, match="期限"):
        services.reopen(late, matter, reason="又坏了")
    matter = services.reopen(town.act("wang", at(30)), matter, reason="又坏了")
    assert matter.state == "handling" and matter.round == 2 and matter.closed is None


def test_merging_needs_an_open_target(town: Town) -> None:
    one, other = lamp(town), lamp(town, hours=1)
    with pytest.raises(Refusal, match="自己"):
        services.merge(town.act("chen", at(2)), one, into=one.pk)
    matter = services.merge(town.act("chen", at(2)), other, into=one.pk, reason="同一盏灯")
    assert matter.state == "merged" and matter.duplicate_of_id == one.pk


def test_a_stranger_sees_nothing_and_can_do_nothing(town: Town) -> None:
    matter = lamp(town)
    for who in ("li", "zhou", "gao"):
        act = town.act(who, at(1))
        with under(act):
            assert selectors.find(act, matter.number) is None
            assert not Matter.objects.filter(pk=matter.pk).exists()
            assert not Fact.objects.filter(
                subject_id=matter.pk, subject_type="matters.matter"
            ).exists()
        with pytest.raises(Refusal):
            services.withdraw(act, matter, reason="捣乱")


def test_a_guest_follows_by_number_and_code(town: Town) -> None:
    guest = town.act("wang").on(
        actor=0, hat=None, roles=frozenset({"guest"}), verbs=frozenset({"matters.*"})
    )
    code = services.receipt_code()
    intake = services.Intake(code="0901", title="路灯不亮", area=town.area("甲社区").pk)
    matter = services.report(guest, intake=intake, query_code=code)
    with under(guest):
        assert selectors.find(guest, matter.number) is None
    knows = guest.on(key=services.visitor_key(code.lower()))
    with under(knows):
        found = selectors.find(knows, matter.number)
        assert found is not None
        lines = selectors.detail(knows, found, public=True).lines
    assert len(lines) == 1


def test_closed_items_and_long_texts_are_refused_at_their_field(town: Town) -> None:
    act = town.act("wang")
    area = town.area("甲社区").pk
    for intake, field in (
        (services.Intake(code="nothing", title="x", area=area), "code"),
        (services.Intake(code="0901", title="  ", area=area), "title"),
        (services.Intake(code="0901", title="x" * 121, area=area), "body"),
    ):
        with pytest.raises(Refusal) as refused:
            services.report(act, intake=intake)
        assert refused.value.field == field


def test_search_finds_two_character_words_in_sight_only(town: Town) -> None:
    matter = lamp(town)
    for who, found in (
        ("chen", True),
        ("wu", True),
        ("feng", True),
        ("zhou", False),
        ("li", False),
    ):
        act = town.act(who, at(1))
        with under(act):
            rows = selectors.listed(act, selectors.Filters(show="all", q="楼道灯")).rows
            none = selectors.listed(act, selectors.Filters(show="all", q="下水道")).rows
        assert [r.id for r in rows] == ([matter.pk] if found else [])
        assert none == []


def test_the_day_of_an_urging_is_the_day_here(town: Town) -> None:
    """Half past seven in the morning is still yesterday in Greenwich."""
    matter = lamp(town)
    early = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    later = early + timedelta(hours=2)
    matter = services.urge(town.act("wang", early), matter)
    with pytest.raises(Refusal, match="今天已经催过了"):
        services.urge(town.act("wang", later), matter)
    next_day = early + timedelta(hours=23)  # 06:30 on the fourth here
    assert services.urge(town.act("wang", next_day), matter).urged == 2
