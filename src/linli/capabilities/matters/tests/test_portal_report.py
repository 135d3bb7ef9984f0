"""Reporting over HTTP: what is taken, what is refused in words, and that nothing is lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.capabilities.matters.models import Evidence, Follower, PublicMatter
from linli.capabilities.matters.selectors import names
from linli.capabilities.matters.selectors.follow import project
from linli.capabilities.matters.services.intake import Intake, report
from linli.capabilities.matters.tests.visitors import (
    all_matters,
    called,
    photo,
    reported,
    visitor,
    words,
)
from linli.capabilities.registry.services import places
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as tree
from linli.kernel.policy import forget
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No pack of another test's database."""
    forget()
    yield
    forget()


@pytest.mark.row("R101", "R102", "R139")
def test_a_resident_reports_a_lamp_with_a_photo_and_reads_the_promise(town: Town) -> None:
    client = visitor(town, "wang")
    answer = client.post("/report/", {**words(), "photos": [photo()]})
    assert answer.status_code == 303
    (matter,) = all_matters()
    assert matter.area_id == town.area("甲社区第一网格").pk or matter.community
    assert matter.reporter_id == town.account("wang").pk
    with under(system_act()):
        assert Evidence.objects.filter(matter=matter).count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert matter.number in page and "个工作日内" in page and "前办好" in page
    assert "甲社区居委会" in page and matter.route["reason"] in page
    assert 'content="report"' in page  # the draft is dropped
    told = client.get(f"/matters/{matter.number}/").content.decode()
    assert "提交了诉求" in told and "/thumb/" in told and "这个日期怎么算的" in told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "请用一句话说明是什么事"),
        ({"title": "灯" * 121}, "120"),
        ({"body": "灯" * 4001}, "4000"),
        ({"title": "灯\x00坏"}, "空字符|Null|空"),
        ({"lon": "121.9", "lat": "30.1"}, "不在本市范围内"),
        ({"lon": "", "lat": "", "address": "北京市朝阳区建国路1号"}, "不在本市范围内"),
        ({"lon": "1e400", "lat": "31.5"}, "请填数字|不在本市范围内"),
        ({"lon": "nan", "lat": "nan"}, "请填数字|不在本市范围内"),
        ({"lon": "abc", "lat": "31.5"}, "告诉我们在哪里|数"),
        ({"lon": None, "lat": None, "address": ""}, "请告诉我们在哪里"),
        ({"lon": None, "lat": None, "address": "火星基地"}, "认不出是哪个街道或社区"),
        ({"code": "nonsense", "title": "????", "body": "!!"}, "请选一个类别"),
        ({"code": None}, "我们猜是"),
        ({"token": None}, "请刷新"),
        ({"phone": "12345"}, "手机号|电话号码"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(
    town: Town, changes: dict[str, Any], said: str
) -> None:
    sent = words(**changes)
    answer = visitor(town).post("/report/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(said, page)
    if sent.get("title") and len(sent["title"]) < 100 and "\x00" not in sent["title"]:
        assert f'value="{sent["title"]}"' in page
    if sent.get("body") and len(sent["body"]) < 100:
        assert sent["body"] in page
    assert all_matters() == []


def test_scripts_in_words_are_only_words(town: Town) -> None:
    client = visitor(town, "wang")
    evil = "<script>alert(1)</script>灯坏了"
    matter = reported(
        client, title=evil, body='"><img src=x onerror=alert(1)>', address="甲社区<b>"
    )
    for address in (
        f"/matters/{matter.number}/",
        f"/matters/{matter.number}/receipt/",
        "/matters/",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
    again = client.post("/report/", words(title=evil, code="?", body='"><img src=x>'))
    assert (
        "<script>alert" not in again.content.decode() and "<img src=x" not in again.content.decode()
    )


def test_a_double_click_makes_one_matter(town: Town) -> None:
    for who in ("wang", ""):
        before, client, sent = len(all_matters()), visitor(town, who), words(seen="1")
        first, second = client.post("/report/", sent), client.post("/report/", sent)
        assert first["Location"] == second["Location"]
        assert len(all_matters()) == before + 1
        assert client.get(second["Location"]).status_code == 200


def test_a_form_sent_again_after_signing_in_is_not_an_accident(town: Town) -> None:
    sent = words(seen="1")
    assert visitor(town).post("/report/", sent).status_code == 303
    answer = visitor(town, "li").post("/report/", sent)
    assert answer.status_code == 422 and "已经提交过" in answer.content.decode()


@pytest.mark.row("R101")
def test_a_guest_gets_a_code_once_and_follows_with_it(town: Town) -> None:
    client = visitor(town)
    answer = client.post(
        "/report/", {**words(phone="13900000009", name="老张"), "photos": [photo()]}
    )
    page = client.get(answer["Location"]).content.decode()
    (matter,) = all_matters()
    code = re.search(r'receipt-code.*?data-copy="(\w{8})"', page, re.S)
    assert code is not None and matter.visitor is not None
    told = client.get(f"/matters/{matter.number}/")
    assert told.status_code == 200 and "/thumb/" in told.content.decode()
    assert code.group(1) not in told.content.decode()
    picture = re.search(r"/files/\d+/thumb/", told.content.decode())
    assert picture is not None and client.get(picture.group(0)).status_code == 200
    assert visitor(town).get(picture.group(0)).status_code == 404


def test_anonymous_means_that_nobody_is_recorded(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client, code="0601", anonymous="on")
    assert matter.anonymous and matter.reporter_id is None and matter.reporter_name is None
    page = client.get(f"/matters/{matter.number}/receipt/").content.decode()
    assert "查询码" in page
    assert client.get(f"/matters/{matter.number}/").status_code == 200
    assert visitor(town, "li").get(f"/matters/{matter.number}/").status_code == 404


@pytest.mark.row("R116")
def test_look_alikes_are_offered_before_sending(town: Town) -> None:
    matter = reported(visitor(town, "li"))
    with under(system_act()):
        project([matter.pk])
    client, sent = visitor(town, "wang"), words()
    page = client.post("/report/", {**sent, "photos": [photo()]})
    shown = page.content.decode()
    assert page.status_code == 200 and "附近已有相似诉求" in shown and "仍要提交" in shown
    assert sent["title"] in shown and "/report/photo/" in shown
    staged = re.search(r'name="staged" value="(\w{64})"', shown)
    assert staged is not None and len(all_matters()) == 1
    assert client.get(f"/report/photo/{staged.group(1)}/").status_code == 200
    assert visitor(town, "li").get(f"/report/photo/{staged.group(1)}/").status_code == 404
    fragment = client.get("/report/alike/", sent).content.decode()
    assert "我也遇到" in fragment and 'name="seen"' in fragment
    answer = client.post("/report/", {**sent, "seen": "1", "staged": staged.group(1)})
    assert answer.status_code == 303 and len(all_matters()) == 2
    with under(system_act()):
        assert Evidence.objects.filter(matter=all_matters()[1]).count() == 1


def test_ones_own_matter_is_opened_rather_than_joined(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client)
    with under(system_act()):
        project([matter.pk])
    page = client.post("/report/", words()).content.decode()
    assert f'href="/matters/{matter.number}/"' in page and 'name="join"' not in page
    assert "data-again" in page, "what was typed is there already: no older draft is offered"
    assert "data-again" not in client.get("/report/").content.decode()


def test_what_is_wrong_is_listed_in_the_order_of_the_page(town: Town) -> None:
    page = visitor(town).post("/report/", words(title="", address="", lon="", lat=""))
    told = page.content.decode()
    assert told.index('href="#id_title"') < told.index('href="#id_address"')


@pytest.mark.row("R116")
def test_me_too_records_nothing_new_and_is_counted_once(town: Town) -> None:
    matter = reported(visitor(town, "li"))
    with under(system_act()):
        project([matter.pk])
    client = visitor(town, "wang")
    for _again in range(2):
        answer = client.post("/report/", words(join=str(matter.pk)))
        assert answer.status_code == 303 and answer["Location"].endswith("show=joined")
    assert "已加入" in client.get(answer["Location"]).content.decode()
    with under(system_act()):
        assert Follower.objects.count() == 1
        assert PublicMatter.objects.get(pk=matter.pk).followers == 1
    assert len(all_matters()) == 1
    guest = visitor(town).post("/report/", words(join=str(matter.pk)))
    assert guest.status_code == 422 and "登录后才能加入" in guest.content.decode()
    for odd in ("999999", "abc", "9" * 30):
        assert visitor(town, "wang").post("/report/", words(join=odd)).status_code == 422


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (
            SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * (40 * 1024 * 1024), "image/jpeg"),
            "文件太大",
        ),
        (
            SimpleUploadedFile("假.jpg", b"<script>alert(1)</script>" * 9, "image/jpeg"),
            "打不开，或不是能上传的格式",
        ),
        (SimpleUploadedFile("空.jpg", b"", "image/jpeg"), "空"),
    ],
)
def test_a_bad_photo_is_refused_and_the_words_are_kept(
    town: Town, upload: SimpleUploadedFile, said: str
) -> None:
    upload.seek(0)
    answer = visitor(town, "wang").post("/report/", {**words(), "photos": [upload]})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "一周了，晚上看不见路" in page
    assert all_matters() == []


def test_good_photos_wait_while_the_words_are_mended(town: Town) -> None:
    client, sent = visitor(town, "wang"), words(title="")
    page = client.post(
        "/report/", {**sent, "photos": [photo(), photo("二.jpg", tint=10), photo("三.jpg")]}
    ).content.decode()
    waiting = re.findall(r'name="staged" value="(\w{64})"', page)
    assert len(waiting) == 2  # the same photo twice is one
    answer = client.post("/report/", {**sent, "title": "灯坏了", "staged": waiting[:1]})
    assert answer.status_code == 303
    with under(system_act()):
        assert Evidence.objects.count() == 1


def test_the_place_of_a_photo_is_offered_for_a_second_look(town: Town) -> None:
    client, sent = visitor(town, "wang"), words(lon=None, lat=None, address="")
    page = client.post("/report/", {**sent, "photos": [photo(gps=True)]}).content.decode()
    assert "照片里记着拍摄位置" in page and 'value="120.31"' in page
    assert all_matters() == []


def test_a_place_may_be_told_by_words_or_by_choosing(town: Town) -> None:
    client = visitor(town, "wang")
    by_words = reported(client, lon=None, lat=None, address="东街道乙社区门口")
    assert by_words.community == town.area("乙社区").pk
    code = town.area("丙社区").code
    chosen = reported(client, lon=None, lat=None, address="", community=code)
    assert chosen.community == town.area("丙社区").pk
    step = client.get("/report/areas/", {"district": town.area("甲区").code}).content.decode()
    assert "东街道" in step and 'name="community"' not in step
    step = client.get("/report/areas/", {"street": town.area("东街道").code}).content.decode()
    assert "甲社区" in step and "丙社区" not in step
    said = client.get("/report/place/", {"lon": "120.34", "lat": "31.595"}).content.decode()
    assert "会交给" in said and "甲社区" in said
    named = client.get("/report/place/", {"address": "甲社区3号楼"}).content.decode()
    west, south, east, north = map(float, named.split('data-view="')[1].split('"')[0].split(","))
    assert west < 120.34 < east and south < 31.595 < north
    here = town.area("甲社区").code
    assert f"around={here}" in named and f'data-here="{here}"' in named
    street = client.get("/report/place/", {"address": "东街道"}).content.decode()
    assert f"street={town.area('东街道').code}" in street and 'data-here=""' in street
    far = client.get("/report/place/", {"lon": "100", "lat": "31"}).content.decode()
    assert "不在本市范围内" in far
    assert "认不出" in client.get("/report/place/", {"address": "火星"}).content.decode()


def test_an_address_leads_to_the_grid_where_its_door_is_known(town: Town) -> None:
    """Whoever writes the door need not know the grid: not at the portal, not at the window."""
    client = visitor(town, "wang")
    grid, other = town.area("甲社区第一网格"), town.area("乙社区")
    with under(system_act()):
        places.add_building(system_act(), area=grid.pk, name="12幢", address="太湖花园12幢")
        for area in (grid.pk, other.pk):
            places.add_building(system_act(), area=area, name="8号", address="春雷路8号")
    told = {"lon": None, "lat": None}
    typed = "甲社区太湖花园十二栋1单元201室"
    said = client.get("/report/place/", {"address": typed}).content.decode()
    assert "甲社区" in said and grid.short_name in said
    for address, more, area in (
        (typed, {}, grid.pk),
        ("甲社区太湖花园12号楼门口，路灯下", {}, grid.pk),
        ("太湖花园12-1-201", {}, grid.pk),  # one such door in the whole city
        ("春雷路8号", {"community": town.area("甲社区").code}, grid.pk),
        ("春雷路8号", {"community": other.code}, other.pk),
        ("太湖花园12幢", {"community": other.code}, other.pk),  # what was picked is not overruled
        ("甲社区太湖花园99幢", {}, town.area("甲社区").pk),
    ):
        made = reported(client, **told, **more, address=address, title=f"{address}的灯不亮")
        assert made.area_id == area, address
    assert "认不出" in client.get("/report/place/", {"address": "春雷路8号"}).content.decode()
    act = town.act("li")
    with under(act):
        kept = report(act, intake=Intake("0901", "路灯坏了", town.area("甲社区").pk, address=typed))
    assert kept.area_id == grid.pk and kept.community == town.area("甲社区").pk


def test_a_place_that_bears_the_name_of_a_community_is_not_sent_there_by_guess(town: Town) -> None:
    client, grid = visitor(town, "wang"), town.area("甲社区第一网格")
    with under(system_act()):
        places.add_building(system_act(), area=grid.pk, name="12幢", address="太湖花园12幢")
    called("乙社区", "太湖社区")
    said = client.get("/report/place/", {"address": "太湖花园12幢"}).content.decode()
    assert grid.short_name in said and "太湖社区" not in said  # the door says more than a likeness
    said = client.get("/report/place/", {"address": "太湖花园99幢"}).content.decode()
    assert "会交给" in said and "太湖社区" in said
    called("丙社区", "太湖社区居委会")
    sent = {"lon": None, "lat": None, "address": "太湖花园99幢", "body": "写过的话还在"}
    page = client.post("/report/", words(**sent)).content.decode()
    assert "不止一个地方" in page and "西街道太湖社区" in page and "写过的话还在" in page
    chosen = reported(client, **{**sent, "community": town.area("太湖社区").code})
    assert chosen.community == town.area("太湖社区").pk
    own = {**sent, "community": town.area("甲社区").code}
    assert reported(client, **own, title="像那里的名字").community == town.area("甲社区").pk
    page = client.post("/report/", words(**{**own, "address": "太湖社区门口"})).content.decode()
    assert "不止一个地方" in page  # one's own community is none of them
    tree.forget()


def test_a_category_is_suggested_and_an_emergency_says_whom_to_call(town: Town) -> None:
    client = visitor(town)
    page = client.get("/report/suggest/", {"title": "楼道着火了冒烟"}).content.decode()
    assert "火情" in page and "119" in page and "checked" in page
    assert "路灯" in client.get("/report/suggest/", {"title": "路灯不亮"}).content.decode()
    assert client.get("/report/suggest/").status_code == 200
    known = client.get("/report/", {"class": "0901"}).content.decode()
    assert re.search(r'value="0901" checked', known)
    assert client.get("/report/", {"class": "zzz"}).status_code == 200
    assert client.get("/report/", {"class": "elder-card"}).status_code == 303


def test_a_class_that_needs_a_name_asks_a_guest_for_a_phone(town: Town) -> None:
    answer = visitor(town).post("/report/", words(code=_named_class(), token=str(uuid4())))
    assert answer.status_code == 422 and "要实名" in answer.content.decode()


def _named_class() -> str:
    return next(c.code for c in names().policy.classes if not c.anonymous and c.open)
