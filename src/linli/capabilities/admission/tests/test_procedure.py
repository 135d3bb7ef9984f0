"""From a department's draft to the admitted item, and every way it can end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from linli.capabilities.admission import services
from linli.capabilities.admission.models import (
    Application,
    Comment,
    Demand,
    Item,
    ItemVersion,
    PublicNotice,
    Ticket,
)
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.services import Turned, Wish
from linli.capabilities.admission.tests.offices import NOW, asking, item, open_offices
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from tests.town import Town

pytestmark = pytest.mark.django_db
WISH = Wish(
    catalogue="services",
    title="独居老人燃气安全检查协助",
    basis="《城镇燃气管理条例》",
    owner="民政",
    frequency="每年",
    fields=("person.name", "residence.address"),
    yearly=Decimal(3000),
    funding="燃气安全专项",
    hours=Decimal(6),
    start=date(2026, 8, 1),
    end=date(2027, 12, 31),
)
NOTICE_OVER = timedelta(days=9)


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


def noticed(town: Town, wish: Wish = WISH) -> Application:
    row = services.apply(act(town, "mei"), wish=wish)
    row = services.submit(act(town, "mei"), row)
    return services.uphold(act(town, "tang", 1), row, opinion="于法有据，同意。")


def admitted(town: Town, wish: Wish = WISH) -> Application:
    row = services.close_notice(act(town, "tang", 9), noticed(town, wish))
    return services.admit(
        act(town, "xu", 10), row, minute="常务〔2026〕9号", yearly=Decimal(2500), funding="燃气专项"
    )


@pytest.mark.row("R064", "R065", "R066", "R070", "R073")
def test_the_whole_way(offices_: Town) -> None:
    row = admitted(offices_)
    assert (row.state, row.number) == ("admitted", "准〔2026〕001")
    with under(act(offices_, "mei", 11)):
        assert row.item is not None
        version = lists.version_on(row.item, date(2026, 8, 1))
        assert version is not None
        assert (version.lead, version.yearly, version.notice) == (
            "civil",
            Decimal(2500),
            row.number,
        )
        assert lists.version_on(row.item, date(2026, 7, 31)) is None
        assert Notice.objects.filter(kind="admission.answered").count() == 2
        assert Task.objects.filter(done_at__isnull=True, kind__startswith="admission").count() == 0
        notice = PublicNotice.objects.get(application=row.pk)
        assert (notice.open, notice.outcome, notice.number) == (False, "admitted", row.number)
    wanted = asking(offices_, "甲社区", item=row.item.code, fields=("person.name",))
    early = services.pass_(act(offices_, "mei", 12), asking=wanted)
    assert isinstance(early, Turned) and early.code == "not_in_force"
    assert isinstance(services.pass_(act(offices_, "mei", 70), asking=wanted), Ticket)


@pytest.mark.row("R064")
def test_thirty_working_days_ahead(offices_: Town) -> None:
    row = services.apply(act(offices_, "mei"), wish=replace(WISH, start=date(2026, 6, 20)))
    with pytest.raises(Refusal, match="最早从 2026-07-14 起"):
        services.submit(act(offices_, "mei"), row)
    row = services.redraft(act(offices_, "mei"), row, wish=replace(WISH, start=date(2026, 7, 14)))
    row = services.submit(act(offices_, "mei"), row)
    assert row.due is not None and row.due.date() == date(2026, 6, 23)  # 15 working days


@pytest.mark.row("R066")
def test_people_are_asked_and_answered(offices_: Town) -> None:
    row = noticed(offices_)
    guest = act(offices_, "wang", 2).on(actor=0, name="", hat=None)
    services.comment(guest, application=row.pk, words="检查前先打电话，不要直接上门。")
    tang = act(offices_, "tang", 9)
    with pytest.raises(Refusal, match="公示到"):
        services.close_notice(act(offices_, "tang", 3), row)
    with pytest.raises(Refusal, match="1 条意见"):
        services.close_notice(tang, row)
    with under(act(offices_, "mei", 4)):
        said = Comment.objects.get()
    services.reply(act(offices_, "mei", 4), said, words="采纳，提前一天电话预约。")
    with pytest.raises(Refusal, match="已经答复"):
        services.reply(act(offices_, "mei", 4), said, words="再答一次")
    with under(guest):
        notice = PublicNotice.objects.get(application=row.pk)
        assert notice.replies[0]["reply"].startswith("采纳")
        assert not Comment.objects.exists() and not Application.objects.exists()
    services.close_notice(tang, row)
    with pytest.raises(Refusal, match="已经结束"):
        services.comment(act(offices_, "wang", 10), application=row.pk, words="还有一条")


@pytest.mark.row("R065")
def test_nothing_skips_a_step(offices_: Town) -> None:
    row = services.apply(act(offices_, "mei"), wish=WISH)
    with pytest.raises(Refusal):
        services.uphold(act(offices_, "tang", 1), row, opinion="好")
    with pytest.raises(Refusal):
        services.admit(act(offices_, "xu", 1), row, minute="1", yearly=Decimal(0), funding="")
    with pytest.raises(Refusal, match="没有.*权限"):
        services.uphold(act(offices_, "mei", 1), row, opinion="自己审自己")


def test_other_ends(offices_: Town) -> None:
    mei, tang, xu = (act(offices_, who, 10) for who in ("mei", "tang", "xu"))
    row = services.submit(act(offices_, "mei"), services.apply(act(offices_, "mei"), wish=WISH))
    row = services.send_back(act(offices_, "tang", 1), row, reason="依据没有写到条")
    assert (row.state, row.due) == ("draft", None)
    row = services.submit(act(offices_, "mei", 2), row)
    assert services.object_(act(offices_, "tang", 3), row, reason="增设义务").state == "refused"
    second = noticed(offices_, replace(WISH, title="第二项"))
    assert services.withdraw(mei, second, reason="不需要了").state == "withdrawn"
    third = services.close_notice(tang, noticed(offices_, replace(WISH, title="第三项")))
    assert services.refuse(xu, third, minute="9号", reason="没有经费").state == "refused"
    with under(mei):
        assert set(PublicNotice.objects.values_list("outcome", flat=True)) == {
            "withdrawn",
            "refused",
        }


@pytest.mark.row("R062", "R064")
def test_a_change_is_another_version_and_the_first_stays(offices_: Town) -> None:
    first = admitted(offices_)
    assert first.item is not None
    changed = replace(
        WISH, item=first.item.code, fields=("person.name",), start=date(2026, 9, 1), end=None
    )
    second = admitted(offices_, changed)
    assert second.item_id == first.item_id and second.number == "准〔2026〕002"
    with under(act(offices_, "mei", 20)):
        newest, oldest = lists.versions(first.item)
        names = {name for name, _a, _b in lists.difference(oldest, newest)}
        assert names == {"fields", "start", "end"}
        on = lists.version_on(first.item, date(2026, 8, 15))
        assert on is not None and on.number == oldest.number
    with under(system_act()), pytest.raises(Exception, match="denied"):
        ItemVersion.objects.filter(pk=oldest.pk).update(title="改写")


@pytest.mark.row("R064")
def test_items_expire_by_their_date(offices_: Town) -> None:
    row = admitted(offices_)
    assert services.expire(system_act(NOW + timedelta(days=500))) == 0
    assert services.expire(system_act(NOW + timedelta(days=700))) == 1
    assert row.item is not None and item(row.item.code).state == "expired"


@pytest.mark.row("R069")
def test_a_community_says_no_and_is_protected(offices_: Town) -> None:
    ticket = services.pass_(act(offices_, "mei"), asking=asking(offices_))
    assert isinstance(ticket, Ticket)
    chen = act(offices_, "chen", 1)
    with under(chen):
        mine = Demand.objects.get()
    with pytest.raises(Refusal, match="待街道下发"):
        services.decline(chen, mine, reason="人手不够")
    assert services.issue(act(offices_, "wu", 1), ticket) == 2
    with pytest.raises(Refusal, match="没有待您下发"):
        services.issue(act(offices_, "wu", 1), ticket)
    assert services.hold(act(offices_, "shi", 1), ticket, reason="正在换届") == 1
    with pytest.raises(Refusal, match="理由"):
        services.decline(chen, mine, reason=" ")
    said = services.decline(chen, mine, reason="上月刚报过同样的表")
    assert (said.state, said.protected) == ("declined", True)
    with pytest.raises(Refusal, match="不予承接"):
        services.accept(chen, said)
    feng = act(offices_, "feng", 2)
    with under(feng):
        assert Notice.objects.filter(kind="admission.declined").count() == 1
        assert Task.objects.get(kind="admission.watch", done_at__isnull=True)
    again = services.reconsider(chen, said)
    assert (again.state, again.protected, again.reason) == ("received", False, "")
    with under(feng):
        assert not Task.objects.filter(kind="admission.watch", done_at__isnull=True).exists()
    said = services.decline(chen, again, reason="上月刚报过同样的表")
    found = services.uphold_refusal(feng, said, upheld=True, finding="属重复要数")
    assert (found.upheld, found.protected) == (True, True)
    with pytest.raises(Refusal):
        services.uphold_refusal(feng, said, upheld=False, finding="改主意")
    with pytest.raises(Refusal, match="不能撤回"):
        services.reconsider(chen, said)
    zhou = act(offices_, "zhou", 2)
    with under(zhou):
        other = Demand.objects.get()
    services.accept(zhou, other)
    done = services.deliver(zhou, other, by_hand=3, hours=2.5)
    assert (done.state, done.by_hand) == ("delivered", 3)


def test_a_foreign_community_cannot_answer(offices_: Town) -> None:
    ticket = services.pass_(act(offices_, "mei"), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    services.issue(act(offices_, "wu"), ticket)
    with under(act(offices_, "chen")):
        mine = Demand.objects.get()
    for verb in (services.accept, services.deliver):
        with pytest.raises(Refusal):
            verb(act(offices_, "zhou"), mine)
    assert services.recall(act(offices_, "mei"), ticket, reason="写错了") == 1
    with under(act(offices_, "chen")):
        assert Demand.objects.get().state == "recalled"
        assert not Task.objects.filter(subject_type="admission.demand", done_at=None).exists()
        assert Item.objects.filter(code="A10").exists()


@pytest.mark.row("R070")
def test_the_notice_of_admission_is_a_page_to_print(offices_: Town) -> None:
    row = admitted(offices_)
    client, mei = Client(), act(offices_, "mei")
    session = client.session
    session["account"], session["hat"], session["second"] = mei.actor, mei.hat, True
    session.save()
    page = client.get(reverse("admission:application_paper", kwargs={"pk": row.pk}))
    assert page.status_code == 200
    assert row.number in page.content.decode() and "同意准入" in page.content.decode()


@pytest.mark.row("R071", "R084")
def test_what_may_not_come_down_is_not_applied_for(offices_: Town) -> None:
    for title, code in (("安全生产责任书", "responsibility_letter"), ("一票否决考核", "veto")):
        with pytest.raises(Turned) as refused:
            services.apply(act(offices_, "mei"), wish=replace(WISH, title=title))
        assert refused.value.code == code
