"""Signboards, meetings, certificates and the seal; the burden that is counted from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Certificate, Demand, Occasion, SealUse, Ticket
from linli.capabilities.admission.rules import Load
from linli.capabilities.admission.selectors import burden, registers
from linli.capabilities.admission.services import Calling, Standing, Turned, Wanted, key_of
from linli.capabilities.admission.tests.offices import NOW, asking, open_offices
from linli.kernel.acts import Act, Refusal, under
from linli.kernel.files.tests import bytes as samples
from tests.town import Town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


@pytest.mark.row("R077", "R078")
def test_signboards_only_by_the_list_and_up_to_the_limit(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区").pk
    for code in ("G01", "G02", "G03", "G04"):
        services.place(chen, standing=Standing(area, "signboard", code, code, False))
    with pytest.raises(Turned, match="上限"):
        services.place(chen, standing=Standing(area, "signboard", "第五块", "G01", False))
    with pytest.raises(Turned, match="目录"):
        services.place(chen, standing=Standing(area, "body", "某某办公室"))
    with pytest.raises(Turned, match="种类"):
        services.place(chen, standing=Standing(area, "system", "平台", "G01"))
    with pytest.raises(Refusal, match="范围"):
        services.place(
            chen, standing=Standing(offices_.area("乙社区").pk, "signboard", "x", "G01", True)
        )
    found = services.place(chen, standing=Standing(area, "body", "某某办公室", found=True))
    with under(chen):
        assert registers.counters(chen)["flagged"] == 1
    services.unplace(chen, found, on=None, why="已撤")
    with pytest.raises(Refusal, match="已经登记"):
        services.unplace(chen, found, on=None, why="再撤")


def calling(town: Town, **changes: object) -> Calling:
    given = Calling("meeting", "工作例会", "M01", (town.area("甲社区").pk,), TODAY, Decimal(2), 1)
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.row("R080", "R081")
def test_meetings_only_when_admitted_and_merged_when_near(offices_: Town) -> None:
    wu = act(offices_, "wu")
    with pytest.raises(Turned, match="目录"):
        services.schedule(wu, calling=calling(offices_, item="M99"))
    with pytest.raises(Turned, match="主管部门"):
        services.schedule(act(offices_, "zheng"), calling=calling(offices_, item="M05"))
    with pytest.raises(Refusal, match="范围"):
        services.schedule(wu, calling=calling(offices_, communities=(offices_.area("丙社区").pk,)))
    (first,) = services.schedule(wu, calling=calling(offices_))
    (second,) = services.schedule(
        wu, calling=calling(offices_, day=TODAY + timedelta(days=3), hours=Decimal(3))
    )
    with under(wu):
        rows = registers.occasions(wu, TODAY, TODAY + timedelta(days=20))
        assert [(a.pk, b.pk) for a, b in registers.together(rows)] == [(first.pk, second.pk)]
    assert services.merge(wu, first=first.pk, second=second.pk).hours == Decimal(3)
    with pytest.raises(Refusal, match="还没有进行"):
        services.merge(wu, first=first.pk, second=second.pk)
    done = services.held_(act(offices_, "chen"), first, outcome="开完了", hours=Decimal("1.5"))
    assert done.state == "held"
    with pytest.raises(Refusal, match="已经登记"):
        services.held_(act(offices_, "chen"), first)


def wanted(town: Town, **changes: object) -> Wanted:
    given = Wanted(
        town.area("甲社区").pk, "C03", "王小梅", "担任三号楼楼栋长。", "备案", "查看推选记录"
    )
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.row("R079")
def test_certificates_by_the_list_only_and_checked_by_anybody(offices_: Town) -> None:
    chen = act(offices_, "chen")
    with pytest.raises(Turned, match="婚姻登记机关"):
        services.certify(chen, wanted=wanted(offices_, wish="单身证明"))
    for item in ("A10", "C99"):
        with pytest.raises(Turned, match="证明目录"):
            services.certify(chen, wanted=wanted(offices_, item=item))
    made = services.certify(chen, wanted=wanted(offices_))
    assert made.number == "329901001001-2026-0001" and made.code is not None
    code = made.code.open()
    guest = act(offices_, "wang").on(actor=0, name="", hat=None)
    for typed, seen in ((code.lower(), True), ("ABCDE23456", False)):
        key = key_of(made.number, typed)
        with under(guest.on(key=key)):
            assert (registers.checked(made.number, key) is not None) is seen
    with under(guest):
        assert not Certificate.objects.exists()
    with under(act(offices_, "zhou")):
        assert not Certificate.objects.exists()


@pytest.mark.row("R079")
def test_the_seal_needs_a_basis_and_a_picture_and_is_written_once(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区").pk
    made = services.certify(chen, wanted=wanted(offices_))
    with pytest.raises(Refusal, match="依据"):
        services.stamp(chen, area=area, reason="盖一个")
    with pytest.raises(Refusal, match="拍下"):
        services.stamp(chen, area=area, reason="任职", certificate=made.number)
    photo = SimpleUploadedFile("章.jpg", samples.jpeg())
    used = services.stamp(chen, area=area, reason="任职", certificate=made.number, photo=photo)
    with under(chen), pytest.raises(Exception, match="denied"):
        SealUse.objects.filter(pk=used.pk).update(reason="改写")
    services.void(act(offices_, "he"), made, why="写错了")
    with pytest.raises(Refusal, match="作废"):
        services.stamp(chen, area=area, reason="任职", certificate=made.number, photo=photo)


@pytest.mark.row("R090", "R098")
def test_the_burden_is_counted_from_what_happened(offices_: Town) -> None:
    mei, wu, chen = (act(offices_, who) for who in ("mei", "wu", "chen"))
    ticket = services.pass_(mei, asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    with under(chen):
        assert burden.index(chen, TODAY)[-1].load.tables == 0, "it waits at the street"
    services.issue(wu, ticket)
    with under(chen):
        demand = Demand.objects.get()
    services.deliver(chen, demand, by_hand=1, hours=3.0)
    services.schedule(wu, calling=calling(offices_, people=2))
    with under(wu):
        load = burden.index(wu, TODAY)[-1].load
        assert (load.tables, load.fields, load.by_hand, load.meetings) == (1, 2, 1, 1)
        assert load.hours == Decimal(7)  # three for the table, two people for two hours
        causes = burden.causes(wu, TODAY)
        assert [(unit, times) for unit, times, _hours in causes] == [
            (offices_.unit("dong").pk, 1),
            (offices_.unit("civil").pk, 1),
        ]
        assert Occasion.objects.count() == 1
    with under(act(offices_, "zhou")) as zhou:
        assert burden.index(zhou, TODAY)[-1].load == Load()


def test_the_months_before_in_order() -> None:
    assert [f"{m:%y%m}" for m in burden.months(date(2026, 2, 10), 4)] == [
        *("2511", "2512", "2601", "2602")
    ]
