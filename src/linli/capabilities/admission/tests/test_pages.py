"""The pages: a department asks past the street and is told why not; a community declines; guests read and check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Certificate, Demand, Ticket
from linli.capabilities.admission.services import Wanted
from linli.capabilities.admission.tests.offices import asking, open_offices
from linli.kernel.acts import under
from linli.kernel.files.models import File
from linli.kernel.files.tests import bytes as samples
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def entered(town: Town, who: str) -> Client:
    client = Client()
    session, act = client.session, town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.row("R076", "R069")
def test_the_story_at_the_desk(offices_: Town) -> None:
    mei = entered(offices_, "mei")
    sent = {
        "kind": "table",
        "title": "老年人需求摸排表",
        "item": "A10",
        "responsible": "unit",
        "streets": [str(offices_.area("东街道").pk)],
        "fields_": "姓名、出生日期",
    }
    where = reverse("admission:ticket_new")
    refused = mei.post(where, {**sent, "direct": "on"}, follow=True)
    assert "须经街道" in text_of(refused) and "舟山" not in text_of(refused)
    passed = mei.post(where, sent, follow=True)
    assert "待街道下发" in text_of(passed)
    with under(offices_.act("mei")):
        ticket = Ticket.objects.get(passed=True)
        assert ticket.fields == ["person.name", "person.born"]
    chen = entered(offices_, "chen")
    assert "老年人需求摸排表" not in text_of(chen.get(reverse("admission:demands")))
    wu = entered(offices_, "wu")
    step = reverse("admission:ticket_step", kwargs={"pk": ticket.pk, "verb": "issue"})
    assert wu.post(step).status_code == 303
    with under(offices_.act("chen")):
        demand = Demand.objects.get()
    page = reverse("admission:demand", kwargs={"pk": demand.pk})
    assert "不予承接" in text_of(chen.get(page))
    decline = reverse("admission:demand_step", kwargs={"pk": demand.pk, "verb": "decline"})
    assert chen.post(decline, {"reason": ""}).status_code == 422
    assert "受保护" in text_of(chen.post(decline, {"reason": "刚报过"}, follow=True))
    feng = entered(offices_, "feng")
    assert "刚报过" in text_of(feng.get(reverse("admission:refusals")))
    assert entered(offices_, "zhou").get(page).status_code == 404


@pytest.mark.row("R069")
def test_several_are_declined_at_once_and_taken_back(offices_: Town) -> None:
    for title in ("老年人需求摸排表", "老年人需求再摸排表"):
        ticket = services.pass_(offices_.act("mei"), asking=asking(offices_, title=title))
        assert isinstance(ticket, Ticket)
        services.issue(offices_.act("wu"), ticket)
    chen = entered(offices_, "chen")
    with under(offices_.act("chen")):
        keys = [str(key) for key in Demand.objects.values_list("pk", flat=True)]
    where = reverse("admission:demands_answer", kwargs={"answer": "decline"})
    asked = text_of(chen.post(where, {"pick": keys}))
    assert "一共 2 件" in asked and all(f'name="pick" value="{key}"' in asked for key in keys)
    assert chen.post(where, {"pick": keys, "reason": " "}).status_code == 422
    done = text_of(chen.post(where, {"pick": keys, "reason": "月底都在换届"}))
    assert "2 件办好" in done
    again = text_of(chen.post(where, {"pick": keys, "reason": "月底都在换届"}))
    assert "0 件办好，2 件没有办" in again and "不予承接" in again
    back = reverse("admission:demands_answer", kwargs={"answer": "reconsider"})
    assert "2 件办好" in text_of(chen.post(back, {"pick": keys}))
    with under(offices_.act("chen")):
        assert set(Demand.objects.values_list("state", flat=True)) == {"received"}
    assert entered(offices_, "mei").post(back, {"pick": keys}).status_code == 403


def test_an_application_is_written_and_handed_in(offices_: Town) -> None:
    mei = entered(offices_, "mei")
    start = timezone.localdate() + timedelta(days=90)
    sent = {
        "catalogue": "services",
        "title": "独居老人燃气安全检查协助",
        "basis": "《城镇燃气管理条例》",
        "affair": "gov",
        "start": start.isoformat(),
        "fields_": "姓名",
    }
    answer = mei.post(reverse("admission:application_new"), sent, follow=True)
    assert "起草中" in text_of(answer)
    page = answer.redirect_chain[-1][0]
    assert mei.post(f"{page}submit/").status_code == 303
    tang = entered(offices_, "tang")
    assert tang.post(f"{page}uphold/", {"opinion": "合法"}).status_code == 303
    pk = int(page.rstrip("/").rsplit("/", 1)[-1])
    guest = Client()
    notice = reverse("admission:public_notice", kwargs={"pk": pk})
    assert guest.post(notice, {"words": "先电话预约。"}).status_code == 303
    assert "先电话预约" not in text_of(guest.get(notice))
    assert "先电话预约" in text_of(tang.get(page))
    assert "公示中" in text_of(guest.get(reverse("admission:public_notices")))


@pytest.mark.row("R064")
def test_who_decides_on_an_application_reads_what_is_attached(offices_: Town) -> None:
    mei, start = entered(offices_, "mei"), timezone.localdate() + timedelta(days=90)
    sent = {
        "catalogue": "services",
        "title": "独居老人燃气安全检查协助",
        "basis": "《城镇燃气管理条例》",
        "affair": "gov",
        "start": start.isoformat(),
    }
    bad = SimpleUploadedFile("依据.exe", b"MZ" + b"0" * 400)
    refused = mei.post(reverse("admission:application_new"), {**sent, "paper": bad})
    assert refused.status_code == 422 and "依据.exe" in text_of(refused)
    good = SimpleUploadedFile("依据.jpg", samples.jpeg())
    answer = mei.post(reverse("admission:application_new"), {**sent, "paper": good}, follow=True)
    page = answer.redirect_chain[-1][0]
    assert "依据.jpg" in text_of(answer)
    mei.post(f"{page}submit/")
    assert "依据.jpg" in text_of(entered(offices_, "tang").get(page))
    with under(offices_.act("tang")):
        file = File.objects.get(owner_type="admission.application")
    where = reverse("files:original", kwargs={"pk": file.pk})
    assert entered(offices_, "tang").get(where).status_code == 200
    for who in ("huo", "chen"):
        assert entered(offices_, who).get(where).status_code == 404, who


@pytest.mark.row("R079")
def test_anybody_checks_a_certificate(offices_: Town) -> None:
    made = services.certify(
        offices_.act("chen"),
        wanted=Wanted(offices_.area("甲社区").pk, "C03", "王小梅", "楼栋长", "备案", "看记录"),
    )
    assert made.code is not None
    guest, where = Client(), reverse("admission:verify")
    good = text_of(guest.post(where, {"number": made.number, "code": made.code.open()}))
    assert "是真的" in good and "王小梅" not in good
    assert guest.post(where, {"number": made.number, "code": "WRONG23456"}).status_code == 422


PAGES = (
    "items",
    "applications",
    "gate",
    "agreements",
    "demands",
    "placements",
    "occasions",
    "burden",
    "certificates",
    "seals",
    "reductions",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_few_statements(offices_: Town, name: str) -> None:
    ticket = services.pass_(offices_.act("mei"), asking=asking(offices_))
    assert isinstance(ticket, Ticket)
    services.issue(offices_.act("wu"), ticket)
    wu = entered(offices_, "wu")
    where = reverse(f"admission:{name}")
    assert wu.get(where).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        wu.get(where)
    told = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(told) <= 8, "\n".join(told)


@pytest.mark.parametrize("name", ["public_items", "public_duties", "public_notices", "verify"])
def test_guests_read_the_public_pages(offices_: Town, name: str) -> None:
    assert Client().get(reverse(f"admission:{name}")).status_code == 200


def test_the_list_is_taken_along_as_a_file(offices_: Town) -> None:
    answer = entered(offices_, "wu").get(reverse("admission:items"), {"format": "csv"})
    assert "协助流动人口" in text_of(answer) and answer["Content-Type"].startswith("text/csv")


@pytest.mark.row("R079")
def test_a_form_that_is_sent_twice_works_once(offices_: Town) -> None:
    chen, where = entered(offices_, "chen"), reverse("admission:certificate_new")
    token = text_of(chen.get(where)).split('name="once" value="')[1][:36]
    sent = {
        "once": token,
        "area": str(offices_.area("甲社区").pk),
        "item": "C03",
        "name": "王小梅",
        "body": "",
        "purpose": "备案",
        "checked": "看记录",
    }
    assert chen.post(where, sent).status_code == 422, "what is refused may be sent again"
    first, second = (chen.post(where, sent | {"body": "楼栋长"}) for _time in range(2))
    assert first["Location"] == second["Location"]
    with under(offices_.act("chen")):
        assert Certificate.objects.count() == 1


@pytest.mark.row("R067", "R082", "R088")
def test_four_gates_four_counters_and_whose_business_an_item_is(offices_: Town) -> None:
    where = reverse("admission:reductions")
    chen, mei = text_of(entered(offices_, "chen").get(where)), entered(offices_, "mei")
    for gate in ("社区公共服务事项", "社区挂牌", "创建考核评比", "证明和盖章"):
        assert gate in chen
    for counter in ("精简会议台账资料", "精简创建考核评比", "规范标识标牌", "规范印章管理"):
        assert counter in chen
    assert "两精简" not in text_of(mei.get(where)), "a department has no communities of its own"
    items = reverse("admission:items")
    own = text_of(mei.get(items, {"affair": "autonomy", "list": "duties"}))
    assert "S01" in own or "召集居" in own
    assert "A10" not in own and "A10" in text_of(mei.get(items, {"affair": "gov", "q": "A10"}))
