"""Signboards, meetings, certificates and the seal; the burden that is counted from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Certificate, Placement, SealUse
from linli.capabilities.admission.selectors import clearing, registers
from linli.capabilities.admission.services import Standing, Turned, Wanted, certificate_key
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.kernel.acts import Act, Refusal, under
from linli.kernel.files.tests import bytes as samples
from linli.kernel.tasks.models import Task
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
    with pytest.raises(Refusal, match="请选准入事项"):
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


@pytest.mark.row("R078")
def test_signboards_stand_with_their_picture_and_limit_and_what_is_gone_with_its_day(
    offices_: Town,
) -> None:
    chen, area = offices_.act("chen"), offices_.area("甲社区").pk
    photo = SimpleUploadedFile("a.jpg", samples.jpeg())
    services.place(
        chen, standing=Standing(area, "signboard", "居民委员会", "G01", False), photo=photo
    )
    old = services.place(
        chen, standing=Standing(area, "signboard", "某某示范点", inside=False, found=True)
    )
    browser, where = entered(offices_, "chen"), reverse("admission:placements")
    page = text_of(browser.get(where))
    assert "看照片" in page and "2 / 4" in page and "0 / 4" in page and "没有准入" in page
    services.unplace(chen, old, on=None, why="按清单摘除")
    gone = text_of(browser.get(where, {"show": "gone"}))
    assert "某某示范点" in gone and "按清单摘除" in gone and "居民委员会" not in gone
    assert "1 / 4" in text_of(browser.get(where))


@pytest.mark.row("R078")
def test_a_plan_says_by_when_it_comes_down_and_how_far_each_street_is(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区").pk
    sign = Standing(area, "signboard", "某某示范点", inside=False, found=True)
    rows = [
        services.place(chen, standing=each) for each in (sign, replace(sign, title="某某工作站"))
    ]
    fine = services.place(chen, standing=Standing(area, "signboard", "党组织", "G01", False))
    street, picked = entered(offices_, "wu"), {"pick": [row.pk for row in rows]}
    flagged = text_of(street.get(reverse("admission:placements"), {"show": "flagged"}))
    assert "列入清理" in flagged and f'value="{rows[0].pk}"' in flagged
    where = reverse("admission:clearing_plan")
    proposed = text_of(street.post(where, picked))
    assert "15个工作日" in proposed and "建议值" in proposed
    past = street.post(where, {**picked, "by": "2020-01-01"})
    assert past.status_code == 422 and "今天以后" in text_of(past) and "2020-01-01" in text_of(past)
    assert entered(offices_, "chen").post(where, picked).status_code == 403
    for row in rows:
        services.plan_clearing(act(offices_, "wu"), row, by=TODAY + timedelta(days=3))
    with pytest.raises(Refusal, match="准入的"):
        services.plan_clearing(act(offices_, "wu"), fine, by=TODAY)
    with under(chen):
        assert Task.objects.filter(kind="admission.clear", done_at=None).count() == 2
    _taken_down(offices_, rows[0])


def _taken_down(town: Town, row: Placement) -> None:
    """With a picture only; what is left is late after its day."""
    later = act(town, "chen", 7)
    with pytest.raises(Refusal, match="照片"):
        services.unplace(later, row, on=None, why="已摘")
    photo = SimpleUploadedFile("a.jpg", samples.jpeg())
    services.unplace(later, row, on=None, why="已摘", photo=photo)
    with under(act(town, "wu", 7)) as wu:
        (progress,) = clearing.by_street(wu, TODAY + timedelta(days=7)).values()
        assert (progress.planned, progress.gone, progress.late) == (2, 1, 1)
        assert Task.objects.filter(kind="admission.clear", done_at=None).count() == 1
    page = text_of(entered(town, "wu").get(reverse("admission:clearing")))
    assert "50%" in page and "某某工作站" in page and "某某示范点" not in page
    gone = text_of(entered(town, "chen").get(reverse("admission:placements"), {"show": "gone"}))
    assert "看照片" in gone


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
        key = certificate_key(made.number, typed)
        with under(guest.on(key=key)):
            assert (registers.checked(made.number, key) is not None) is seen
    with under(guest):
        assert not Certificate.objects.exists()
    with under(act(offices_, "zhou")):
        assert not Certificate.objects.exists()


def _leads_to(town: Town, made: Certificate) -> str:
    client = entered(town, "chen")
    listed = client.get("/desk/todo/").content.decode()
    where = reverse("admission:stamp", kwargs={"pk": made.pk})
    assert f'href="{where}"' in listed
    assert made.number in client.get(where).content.decode()
    assert entered(town, "zhou").get(where).status_code == 404
    return where


@pytest.mark.row("R079")
def test_the_seal_needs_a_basis_and_a_picture_and_is_written_once(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区").pk
    made = services.certify(chen, wanted=wanted(offices_))
    with pytest.raises(Refusal, match="依据"):
        services.stamp(chen, area=area, reason="盖一个")
    with pytest.raises(Refusal, match="拍下"):
        services.stamp(chen, area=area, reason="任职", certificate=made.number)
    photo = SimpleUploadedFile("章.jpg", samples.jpeg())
    assert _leads_to(offices_, made) == f"/desk/admission/seals/new/{made.pk}/"
    used = services.stamp(chen, area=area, reason="任职", certificate=made.number, photo=photo)
    with under(chen), pytest.raises(Exception, match="denied"):
        SealUse.objects.filter(pk=used.pk).update(reason="改写")
    services.void(act(offices_, "he"), made, why="写错了")
    with pytest.raises(Refusal, match="作废"):
        services.stamp(chen, area=area, reason="任职", certificate=made.number, photo=photo)
