"""Two people deciding the same thing at once: real parallel connections; nothing twice, the second is told why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.capabilities.admission import services
from linli.capabilities.admission.models import (
    Agreement,
    Application,
    Certificate,
    Demand,
    Item,
    Placement,
    Ticket,
)
from linli.capabilities.admission.services import Bargain, Standing, Turned, Wanted, Wish
from linli.capabilities.admission.tests.offices import NOW, asking, open_offices
from linli.kernel.acts import Act, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files.tests import bytes as samples
from linli.kernel.tasks.models import Task
from tests.safety.test_concurrency import at_once, one_wins
from tests.town import Town

WISH = Wish("services", "燃气安全检查协助", "《城镇燃气管理条例》", start=date(2026, 9, 1))


@pytest.fixture
def offices_(own_town: Town) -> Town:
    open_offices()
    return own_town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


def facts(verb: str) -> int:
    with under(system_act(NOW)):
        return Fact.objects.filter(verb=verb).count()


def at_meeting(town: Town, title: str = WISH.title) -> Application:
    """An application that waits for its decision."""
    row = services.apply(
        act(town, "mei"), wish=Wish("services", title, WISH.basis, start=WISH.start)
    )
    row = services.submit(act(town, "mei"), row)
    row = services.uphold(act(town, "tang", 1), row, opinion="合法")
    return services.close_notice(act(town, "tang", 12), row)


def received(town: Town) -> Demand:
    """What one community was asked and has not answered."""
    ticket = services.pass_(act(town, "mei"), asking=asking(town, "甲社区"))
    assert isinstance(ticket, Ticket)
    services.issue(act(town, "wu"), ticket)
    with under(act(town, "chen")):
        return Demand.objects.get(ticket=ticket)


@pytest.mark.row("R065")
def test_an_application_is_decided_once(offices_: Town) -> None:
    row, xu = at_meeting(offices_), act(offices_, "xu", 13)
    admit = partial(services.admit, xu, row, minute="纪要1", yearly=Decimal(0), funding="")
    refuse = partial(services.refuse, xu, row, minute="纪要2", reason="重复")
    found = at_once([admit, refuse, admit])
    one_wins(found, "")
    assert facts("admission.admit") + facts("admission.refuse") == 1
    with under(system_act(NOW)):
        kept = Application.objects.get(pk=row.pk)
        made = Item.objects.filter(code__startswith="SERVICES-2026-").count()
        assert made == (1 if kept.state == "admitted" else 0)
        assert kept.minute == ("纪要1" if kept.state == "admitted" else "纪要2")


@pytest.mark.row("R070")
def test_two_admissions_have_two_numbers(offices_: Town) -> None:
    rows = [at_meeting(offices_, f"事项{n}") for n in range(3)]
    xu = act(offices_, "xu", 13)
    calls = [
        partial(services.admit, xu, row, minute="纪要1", yearly=Decimal(0), funding="")
        for row in rows
    ]
    found = at_once(calls)
    assert not [f for f in found if isinstance(f, Exception)], found
    assert sorted(f.number for f in found) == [f"准〔2026〕00{n}" for n in (1, 2, 3)]
    with under(system_act(NOW)):
        codes = Item.objects.filter(code__startswith="SERVICES-2026-").values_list(
            "code", flat=True
        )
        assert len(set(codes)) == 3


@pytest.mark.row("R066")
def test_a_review_is_given_once(offices_: Town) -> None:
    row = services.submit(act(offices_, "mei"), services.apply(act(offices_, "mei"), wish=WISH))
    tang, mei = act(offices_, "tang", 1), act(offices_, "mei", 1)
    found = at_once(
        [
            partial(services.uphold, tang, row, opinion="合法"),
            partial(services.object_, tang, row, reason="于法无据"),
            partial(services.withdraw, mei, row, reason="不办了"),
        ]
    )
    won = [f for f in found if not isinstance(f, Exception)]
    # A withdrawal may still follow a review, since it is allowed during the notice.
    assert 1 <= len(won) <= 2, found
    assert facts("admission.uphold") + facts("admission.object") <= 1


@pytest.mark.row("R069")
def test_a_demand_is_answered_once(offices_: Town) -> None:
    demand = received(offices_)
    chen, lin = act(offices_, "chen"), act(offices_, "lin")
    found = at_once(
        [partial(services.decline, who, demand, reason="刚报过") for who in (chen, lin)]
        + [partial(services.deliver, who, demand, by_hand=1, hours=1.0) for who in (chen, lin)]
    )
    one_wins(found, "不能这样办")
    with under(system_act(NOW)):
        now = Demand.objects.get(pk=demand.pk)
        assert now.protected == (now.state == "declined")
        watching = Task.objects.filter(kind="admission.watch", done_at=None).count()
        assert watching == (1 if now.protected and offices_.unit("command") else 0)


@pytest.mark.row("R076")
def test_a_street_hands_on_once(offices_: Town) -> None:
    ticket = services.pass_(act(offices_, "mei"), asking=asking(offices_))
    assert isinstance(ticket, Ticket)
    wu, mei = act(offices_, "wu"), act(offices_, "mei")
    found = at_once(
        [
            partial(services.issue, wu, ticket),
            partial(services.hold, wu, ticket, reason="重复"),
            partial(services.issue, wu, ticket),
            partial(services.recall, mei, ticket, reason="写错了"),
        ]
    )
    street = [f for f in found[:3] if not isinstance(f, Exception)]
    assert len(street) <= 1, found
    with under(system_act(NOW)):
        states = set(Demand.objects.filter(ticket=ticket).values_list("state", flat=True))
    assert "at_street" not in states


@pytest.mark.row("R079")
def test_certificates_are_numbered_without_gaps_and_voided_once(offices_: Town) -> None:
    area = offices_.area("甲社区").pk
    wanted = Wanted(area, "C03", "王小梅", "楼栋长", "备案", "看记录")
    whos = ("chen", "lin", "chen", "lin")
    found = at_once([partial(services.certify, act(offices_, who), wanted=wanted) for who in whos])
    assert not [f for f in found if isinstance(f, Exception)], found
    numbers = sorted(f.number for f in found)
    assert numbers == [f"329901001001-2026-000{n}" for n in (1, 2, 3, 4)]
    he, made = act(offices_, "he"), found[0]
    photo = samples.jpeg()
    voided = at_once([partial(services.void, he, made, why=why) for why in ("错", "旧")])
    one_wins(voided, "已经作废")
    with pytest.raises(Exception, match="作废"):
        services.stamp(
            act(offices_, "chen"),
            area=area,
            reason="任职",
            certificate=made.number,
            photo=SimpleUploadedFile("章.jpg", photo),
        )
    with under(system_act(NOW)):
        assert Certificate.objects.filter(void=None).count() == 3


@pytest.mark.row("R071", "R073")
def test_agreements_have_numbers_of_their_own_and_are_paid_once(offices_: Town) -> None:
    area = offices_.area("甲社区").pk
    bargain = Bargain(
        area,
        "楼道粉刷看护",
        Decimal(5000),
        "专项",
        date(2026, 5, 1),
        date(2026, 12, 31),
        "逐楼验收",
    )
    zheng = act(offices_, "zheng")
    made = at_once([partial(services.agree, zheng, bargain=bargain)] * 3)
    assert not [f for f in made if isinstance(f, Exception)], made
    assert len({row.number for row in made}) == 3
    pay = [
        partial(services.settle, zheng, made[0], paid=Decimal(paid), finding="合格")
        for paid in (4000, 5000)
    ]
    one_wins(at_once(pay), "已经验收")
    with under(system_act(NOW)):
        assert Agreement.objects.filter(state="settled").count() == 1


@pytest.mark.row("R078")
def test_the_last_signboard_is_hung_once(offices_: Town) -> None:
    area = offices_.area("甲社区").pk
    chen, lin = act(offices_, "chen"), act(offices_, "lin")
    for code in ("G01", "G02", "G03"):
        services.place(chen, standing=Standing(area, "signboard", code, code, False))
    calls: list[Any] = [
        partial(services.place, who, standing=Standing(area, "signboard", "第四块", "G04", False))
        for who in (chen, lin, chen)
    ]
    found = at_once(calls)
    one_wins(found, "上限")
    assert all(isinstance(f, Turned) for f in found if isinstance(f, Exception))
    with under(system_act(NOW)):
        assert Placement.objects.filter(kind="signboard").count() == 4
