"""Through the gate: tickets, refusals that are kept, demands that wait at the street, agreements with money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Demand, Item, ItemVersion, Ticket
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.services import Bargain, Turned
from linli.capabilities.admission.tests.offices import NOW, asking, open_offices
from linli.kernel.acts import Denied, Refusal, under
from linli.kernel.acts.models import Fact
from linli.kernel.tasks.models import Task
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


@pytest.mark.row("R076")
def test_a_department_s_demand_waits_at_the_streets(offices_: Town) -> None:
    mei = offices_.act("mei", NOW)
    ticket = services.pass_(mei, asking=asking(offices_))
    assert isinstance(ticket, Ticket) and ticket.passed and ticket.version == 1
    with under(mei):
        assert set(ticket.demands.values_list("state", flat=True)) == {"at_street"}
        assert Fact.objects.get(verb="admission.demand").data["passed"] is True
    for who, count in (("wu", 2), ("shi", 1), ("chen", 1), ("zheng", 0)):
        with under(offices_.act(who, NOW)):
            assert Demand.objects.count() == count, who
    with under(offices_.act("wu", NOW)):
        assert Task.objects.filter(kind="admission.issue").count() == 1


@pytest.mark.row("R072")
def test_what_was_refused_is_kept_and_nothing_comes_down(offices_: Town) -> None:
    mei = offices_.act("mei", NOW)
    answer = services.pass_(mei, asking=asking(offices_, item="", title="随便填一张表"))
    assert isinstance(answer, Turned) and answer.code == "unknown_item"
    assert "购买服务协议" in str(answer) and "无锡" in str(answer)
    with under(mei):
        kept = Ticket.objects.get(pk=answer.ticket)
        assert (kept.passed, kept.clause, kept.communities) == (False, "unknown_item", 3)
        assert Demand.objects.count() == 0 and Task.objects.count() == 0


@pytest.mark.row("R087")
def test_another_department_may_not_ask_under_it(offices_: Town) -> None:
    answer = services.pass_(offices_.act("zheng", NOW), asking=asking(offices_))
    assert isinstance(answer, Turned) and answer.code == "not_lead"


def test_a_street_s_own_demand_is_received_at_once(offices_: Town) -> None:
    given = asking(offices_, "甲社区", kind="task", fields=(), leads=("civil",), streets=())
    ticket = services.pass_(offices_.act("wu", NOW), asking=given)
    assert isinstance(ticket, Ticket)
    with under(offices_.act("chen", NOW)):
        assert Demand.objects.get().state == "received"
        assert Task.objects.filter(kind="admission.answer").count() == 1


@pytest.mark.row("R076")
def test_a_street_reaches_no_other_street_s_community(offices_: Town) -> None:
    given = asking(offices_, "丙社区", leads=("civil",), streets=())
    answer = services.pass_(offices_.act("wu", NOW), asking=given)
    assert isinstance(answer, Turned) and answer.code == "via_street"


def bargain(town: Town, **changes: object) -> Bargain:
    given = {
        "area": town.area("甲社区").pk,
        "title": "楼道粉刷看护",
        "fee": Decimal(5000),
        "budget": "2026年老旧小区专项",
        "start": date(2026, 5, 1),
        "end": date(2026, 12, 31),
        "acceptance": "逐楼验收",
    }
    return Bargain(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.row("R071", "R072", "R073")
def test_an_agreement_with_money_opens_the_gate(offices_: Town) -> None:
    zheng = offices_.act("zheng", NOW)
    made = services.agree(zheng, bargain=bargain(offices_))
    assert made.number == "XY-municipal-2026-0001"
    given = asking(
        offices_,
        "甲社区",
        kind="task",
        item="",
        title="楼道粉刷看护",
        fields=(),
        agreement=made.number,
    )
    assert isinstance(services.pass_(zheng, asking=given), Ticket)
    with pytest.raises(Refusal, match="一个社区"):
        services.pass_(zheng, asking=asking(offices_, "乙社区", agreement=made.number))
    with pytest.raises(Refusal, match="找不到"):
        services.pass_(offices_.act("gao", NOW), asking=given)
    paid = services.settle(zheng, made, paid=Decimal(4500), finding="合格")
    assert (paid.state, paid.paid) == ("settled", Decimal(4500))
    with pytest.raises(Refusal, match="履行期"):
        services.pass_(zheng, asking=given)


@pytest.mark.row("R071")
def test_a_responsibility_letter_cannot_be_made(offices_: Town) -> None:
    zheng = offices_.act("zheng", NOW)
    with pytest.raises(Refusal, match="责任书"):
        services.agree(zheng, bargain=bargain(offices_, title="安全生产目标责任书"))
    for changes in ({"fee": Decimal(0)}, {"end": date(2026, 1, 1)}, {"budget": " "}):
        with pytest.raises(Refusal):
            services.agree(zheng, bargain=bargain(offices_, **changes))


def test_a_community_asks_nobody_through_the_gate(offices_: Town) -> None:
    with pytest.raises(Denied):
        services.pass_(offices_.act("chen", NOW), asking=asking(offices_))


@pytest.mark.row("R094")
def test_items_are_suspended_resumed_revoked_by_a_minute(offices_: Town) -> None:
    xu, mei = offices_.act("xu", NOW), offices_.act("mei", NOW)
    with under(xu):
        found = Item.objects.get(code="A10")
    with pytest.raises(Refusal, match="纪要"):
        services.suspend(xu, found, reason="重复要数", minute=" ")
    services.suspend(xu, found, reason="重复要数", minute="常务纪要〔2026〕8号")
    answer = services.pass_(mei, asking=asking(offices_))
    assert isinstance(answer, Turned) and answer.code == "not_in_force"
    services.resume(xu, found, reason="已核减", minute="常务纪要〔2026〕9号")
    assert isinstance(services.pass_(mei, asking=asking(offices_)), Ticket)
    services.revoke(xu, found, reason="不再需要", minute="常务纪要〔2026〕10号")
    with pytest.raises(Refusal, match="已撤销"):
        services.resume(xu, found, reason="再用", minute="1")


def test_the_lists_are_seeded_once(offices_: Town) -> None:
    with under(offices_.act("feng", NOW).on(verbs=frozenset({"admission.*"}))) as act:
        assert services.seed(act) == 0
        assert Item.objects.filter(catalogue="ledgers").count() == 30


@pytest.mark.row("R062")
def test_the_list_in_force_where_it_is_asked(offices_: Town) -> None:
    """A district's own item of the same code speaks in that district, the city's everywhere else."""
    with under(offices_.act("xu", NOW)):
        district = offices_.area("东街道")
        own = Item.objects.create(code="A10", catalogue="services", area=district, changed=NOW)
        ItemVersion.objects.create(
            item=own, number=1, title="本街道的", lead="municipal", basis="试点", made=NOW
        )
        city = Item.objects.exclude(pk=own.pk).get(code="A10")
        assert lists.item("A10", offices_.area("甲社区").pk) == own
        assert lists.item("A10", offices_.area("丙社区").pk) == city
    inside = services.pass_(offices_.act("mei", NOW), asking=asking(offices_, "甲社区"))
    assert isinstance(inside, Turned) and inside.code == "not_lead"
    outside = services.pass_(offices_.act("mei", NOW), asking=asking(offices_, "丙社区"))
    assert isinstance(outside, Ticket) and outside.item_id == city.pk
