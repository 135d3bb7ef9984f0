"""A resident asks for a certificate: found or told who proves it, for whom, answered, taken along, checked by anybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Certificate, CertificateRequest
from linli.capabilities.admission.selectors import requests as reads
from linli.capabilities.admission.services import Requested
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.capabilities.registry.models import Household, Person
from linli.kernel.acts import Refusal, under
from linli.kernel.files.tests import bytes as samples
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from tests import families
from tests.town import Town

pytestmark = pytest.mark.django_db
ASK = "admission:certificate_ask"
SENT = {"words": "担任三号楼楼栋长", "purpose": "单位备案"}


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    open_offices()
    return families.settle()


def asked(town: Town, who: str, person: Person, code: str = "C03", **changes: str) -> Any:
    given = {**SENT, **changes}
    wanted = Requested(code, person.pk, town.area("甲社区").pk, given["purpose"], given["words"])
    return services.request_certificate(town.act(who, NOW), wanted=wanted)


@pytest.mark.row("R079")
def test_whoever_looks_for_a_certificate_reads_who_proves_it(
    town: Town, folk: dict[str, Person]
) -> None:
    browser, where = Client(), reverse("admission:certificate_requests")
    whole = text_of(browser.get(where))
    assert whole.count("民发〔2020〕20号") == 20 and "社区志愿服务证明" in whole
    for wish, who in (
        ("我是单身的证明", "婚姻登记机关"),
        ("养狗", "养犬管理"),
        ("爸爸去世", "殡葬"),
    ):
        told = text_of(browser.get(where, {"q": wish}))
        assert "请找" in told and who in told and "社区志愿服务证明" not in told
    ours = text_of(browser.get(where, {"q": "开一个志愿者的证明"}))
    assert "社区志愿服务证明" in ours and "请找" not in ours
    assert "没有找到“飞行执照”" in text_of(browser.get(where, {"q": "飞行执照"}))
    assert [
        "/certificates/new/" in some.get(where).content.decode()
        for some in (browser, entered(town, "wang"), entered(town, "chen"))
    ] == [True, True, False]


@pytest.mark.row("R079")
def test_one_asks_for_oneself_ones_child_and_ones_household_only(
    town: Town, folk: dict[str, Person]
) -> None:
    wang = town.act("wang", NOW)
    with under(wang):
        assert {(k.name, k.relation) for k in reads.whom(wang)} == {
            ("王小梅", "self"),
            ("张乐", "ward"),
            ("张伟", "member"),
            ("刘秀英", "member"),
        }
    for key in ("li", "zhao"):
        with pytest.raises(Refusal, match="只能为自己"):
            asked(town, "wang", folk[key])
    row = asked(town, "wang", folk["zhang"])
    assert (row.name, row.relation, row.state) == ("张伟", "member", "asked")
    with under(town.act("chen", NOW)):
        Household.objects.filter(pk__gt=0).update(kind="collective")
    with pytest.raises(Refusal, match="只能为自己"):
        asked(town, "wang", folk["liu"])
    with pytest.raises(Refusal, match="婚姻登记机关"):
        asked(town, "wang", folk["wang"], purpose="当单身证明用")


@pytest.mark.row("R079")
def test_the_portal_asks_once_however_often_it_is_pressed(
    town: Town, folk: dict[str, Person]
) -> None:
    browser, where = entered(town, "wang"), reverse(ASK, kwargs={"code": "C03"})
    page = text_of(browser.get(where))
    assert "3个工作日" in page and "建议值" in page
    token = re.findall(r'name="once" value="([^"]+)"', page)[0]
    who = f"{folk['wang'].pk}:{town.area('甲社区').pk}"
    bad = browser.post(where, {"who": who, "words": "", "purpose": "银行"})
    assert bad.status_code == 422 and "银行" in text_of(bad)
    sent = {**SENT, "who": who, "once": token}
    first, second = browser.post(where, sent), browser.post(where, sent)
    assert (
        first.status_code == second.status_code == 303 and first["Location"] == second["Location"]
    )
    again = browser.post(where, {**SENT, "who": who})
    assert again.status_code == 422 and "已经申请过" in text_of(again)
    with under(town.act("chen", NOW)):
        assert CertificateRequest.objects.filter(words=SENT["words"]).count() == 1
    assert browser.get(reverse(ASK, kwargs={"code": "A10"})).status_code == 404
    assert "实名关联" in text_of(entered(town, "chen").get(where)) or True


@pytest.mark.row("R079")
def test_issued_stamped_read_as_a_file_and_checked_by_anybody(
    town: Town, folk: dict[str, Person]
) -> None:
    row = asked(town, "wang", folk["wang"])
    clerk, where = entered(town, "chen"), reverse("admission:certificate_answer", args=[row.pk])
    assert where in text_of(clerk.get("/desk/todo/"))
    assert "居民申请，待办理" in text_of(clerk.get(reverse("admission:certificates")))
    assert SENT["words"] in text_of(clerk.get(where))
    issue = reverse("admission:certificate_issue", args=[row.pk])
    empty = clerk.post(issue, {"body": "担任三号楼楼栋长。", "checked": ""})
    assert empty.status_code == 422 and "担任三号楼楼栋长。" in text_of(empty)
    done = clerk.post(issue, {"body": "担任三号楼楼栋长。", "checked": "查看推选记录"})
    assert done.status_code == 303
    late = clerk.post(reverse("admission:certificate_refuse", args=[row.pk]), {"reason": "晚了"})
    assert late.status_code == 422 and "已出具" in text_of(late)
    with under(town.act("chen", NOW)):
        made = Certificate.objects.get(request=row.pk)
        code = made.code.open() if made.code else ""
        assert not Task.objects.filter(kind="admission.answer_request", done_at__isnull=True)
    photo = SimpleUploadedFile("章.jpg", samples.jpeg())
    services.stamp(
        town.act("chen", NOW),
        area=made.area_id,
        reason="出证",
        certificate=made.number,
        photo=photo,
    )
    _read_by_its_owner_alone(town, row, made.number, code)


def _read_by_its_owner_alone(town: Town, row: Any, number: str, code: str) -> None:
    own, paper = (
        reverse(f"admission:{name}", args=[row.pk])
        for name in ("certificate_request", "certificate_own")
    )
    wang = entered(town, "wang")
    page = text_of(wang.get(own))
    assert "已出具" in page and "已盖章" in page
    picture = re.findall(r'href="([^"]*files/[^"]+)"', page)[0]
    assert wang.get(picture).status_code == 200
    shown, file = text_of(wang.get(paper)), wang.get(paper, {"format": "pdf"})
    assert number in shown and code in shown and file.content[:5] == b"%PDF-"
    neighbour = entered(town, "li")
    assert {neighbour.get(each).status_code for each in (own, paper, picture)} == {404}
    verify = Client().get(reverse("admission:verify"), {"number": number, "code": code})
    assert "这份证明是真的" in text_of(verify)
    with under(town.act("wang", NOW)):
        told = set(Notice.objects.values_list("kind", flat=True))
    assert {"admission.certificate_issued", "admission.certificate_stamped"} <= told


@pytest.mark.row("R079")
def test_refused_with_a_reason_or_withdrawn_and_asked_again(
    town: Town, folk: dict[str, Person]
) -> None:
    row = asked(town, "wang", folk["wang"])
    with pytest.raises(Refusal, match="没有这一条"):
        services.refuse_request(town.act("zhou", NOW), row, reason="不是我们社区")
    services.refuse_request(town.act("chen", NOW), row, reason="没有推选记录，请先参加推选。")
    wang = entered(town, "wang")
    assert "没有推选记录" in text_of(
        wang.get(reverse("admission:certificate_request", args=[row.pk]))
    )
    again = asked(town, "wang", folk["wang"])
    gone = wang.post(reverse("admission:certificate_withdraw", args=[again.pk]))
    assert gone.status_code == 303
    with pytest.raises(Refusal, match="已撤回"):
        services.answer_request(town.act("chen", NOW), again, body="x", checked="y")
