"""Following over HTTP: the timeline, what a resident may do there, query by code, services, the public page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors import names
from linli.capabilities.matters.selectors.follow import project
from linli.capabilities.matters.services import intake
from linli.capabilities.matters.tests.visitors import all_matters, photo, reported, visitor, words
from linli.kernel.acts import system_act, under
from linli.kernel.policy import forget
from tests.asked import asked
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No pack of another test's database."""
    forget()
    yield
    forget()


def closed(town: Town, matter: Matter) -> Matter:
    """Handled by the grid worker, verified and closed by the clerk."""
    now = timezone.now()
    matter = services.accept(town.act("sun", now), matter)
    matter = services.handle(town.act("sun", now), matter, outcome="换了灯泡")
    matter = services.verify(town.act("chen", now), matter)
    return services.close(town.act("chen", now), matter)


def do(client: Any, matter: Matter, what: str, **given: Any) -> Any:
    """Press a button on the timeline."""
    sent = {f"{what}-{name}": value for name, value in given.items()}
    return client.post(f"/matters/{matter.number}/", {"do": what, **sent})


def test_strangers_cannot_open_a_matter(town: Town) -> None:
    matter = reported(visitor(town, "wang"))
    paths = [f"/matters/{matter.number}/{end}" for end in ("", "live/", "receipt/")]
    for path in (*paths, f"/m/{matter.pk}/"):
        assert visitor(town, "li").get(path).status_code == 404
        guest = visitor(town).get(path)
        assert guest.status_code == 404 or guest["Location"].startswith("/query/")
    stranger = do(visitor(town, "li"), matter, "message", body="让我看看")
    assert stranger.status_code == 404
    assert do(visitor(town), matter, "urge").status_code == 302
    assert visitor(town, "wang").get(f"/m/{matter.pk}/")["Location"].endswith(f"{matter.number}/")
    for odd in ("26-0000000-0", "abc", "9" * 40, "%00"):
        assert visitor(town, "wang").get(f"/matters/{odd}/").status_code == 404


@pytest.mark.row("R104", "R107", "R132")
def test_the_resident_talks_urges_rates_and_reopens(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client)
    assert do(client, matter, "message", body="门口的灯").status_code == 303
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert f'name="draft-done" content="say-{matter.number}"' in page
    assert "draft-done" not in client.get(f"/matters/{matter.number}/").content.decode()
    empty = do(client, matter, "message", body="  ")
    assert empty.status_code == 422 and "请写下要说的话" in empty.content.decode()
    with_photo = client.post(
        f"/matters/{matter.number}/",
        {"do": "message", "message-body": "再传一张", "message-photos": [photo()]},
    )
    assert with_photo.status_code == 303
    assert do(client, matter, "urge").status_code == 303
    client.get(f"/matters/{matter.number}/")
    do(client, matter, "urge")
    assert "今天已经催过了" in client.get(f"/matters/{matter.number}/").content.decode()
    matter = closed(town, matter)
    told = client.get(f"/matters/{matter.number}/").content.decode()
    assert "已办结" in told and "评价" in told and "再传一张" in told and "换了灯泡" in told
    poor = do(client, matter, "rate", value="1", solved="no")
    assert poor.status_code == 422 and "哪里不满意" in poor.content.decode()
    assert do(client, matter, "rate", value="9").status_code == 422
    assert do(client, matter, "rate", value="2", solved="no", words="还是不亮").status_code == 303
    rated = client.get(f"/matters/{matter.number}/").content.decode()
    assert "不满意，没有解决：还是不亮" in rated and "是谁办的" in rated and " 已处理" in rated
    assert re.search(r'id="do-reopen" open', rated), "whoever says no is led to the next step"
    assert do(client, matter, "reopen", reason="又坏了").status_code == 303
    told = client.get(f"/matters/{matter.number}/").content.decode()
    assert "第 2 轮" in told and "又坏了" in told
    assert client.post(f"/matters/{matter.number}/", {"do": "explode"}).status_code == 422


@pytest.mark.row("R107")
def test_the_office_asks_and_the_resident_answers(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client)
    now = timezone.now()
    matter = services.accept(town.act("sun", now), matter)
    services.ask(town.act("sun", now), matter, reason="是哪个单元？")
    told = client.get(f"/matters/{matter.number}/").content.decode()
    assert "是哪个单元？" in told and "暂停计时" in told and "补充情况" in told
    assert do(client, matter, "answer", body="二单元").status_code == 303
    assert all_matters()[0].state == "handling"
    withdrawn = do(client, matter, "withdraw", reason="自己修好了")
    assert withdrawn.status_code == 303 and all_matters()[0].state == "withdrawn"


def test_the_live_part_is_sent_only_when_it_has_changed(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client)
    first = client.get(f"/matters/{matter.number}/live/")
    assert first.status_code == 200 and 'hx-trigger="every 15s"' in first.content.decode()
    tag = first["ETag"]
    again = client.get(f"/matters/{matter.number}/live/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    shown = client.get(f"/matters/{matter.number}/live/", {"v": tag.strip('"')})
    assert shown.status_code == 204
    services.accept(town.act("sun", timezone.now()), matter)
    later = client.get(f"/matters/{matter.number}/live/", {"v": tag.strip('"')})
    assert later.status_code == 200 and "已受理" in later.content.decode()


@pytest.mark.row("R101")
def test_number_and_code_open_the_timeline_and_tries_are_counted(town: Town) -> None:
    guest = visitor(town)
    matter = reported(guest)
    page = guest.get(f"/matters/{matter.number}/receipt/").content.decode()
    found = re.search(r'receipt-code.*?data-copy="(\w+)"', page, re.S)
    assert found is not None
    other, sent = visitor(town), {"number": matter.number, "code": found.group(1).lower()}
    assert other.post("/query/", {"number": "", "code": ""}).status_code == 422
    wrong = other.post("/query/", {**sent, "code": "AAAA2222"})
    assert wrong.status_code == 422 and "编号或查询码不对" in wrong.content.decode()
    right = other.post("/query/", sent)
    assert right.status_code == 303 and other.get(right["Location"]).status_code == 200
    assert do(other, matter, "urge").status_code == 303
    last = ""
    for _try in range(names().policy.query.tries + 1):
        last = visitor(town).post("/query/", {**sent, "code": "AAAA2222"}).content.decode()
    assert "稍后再试" in last
    assert visitor(town).post("/query/", sent).status_code == 422  # locked even with the right code


@pytest.mark.row("R105")
def test_a_service_is_applied_for_on_behalf_of_an_elder(town: Town) -> None:
    client = visitor(town, "wang")
    page = client.get("/services/elder-card/").content.decode()
    for told in ("默认示例，待核定", "以前交过可不用再带", "年满六十周岁", "不收费"):
        assert told in page
    sent = {
        "token": str(uuid4()),
        "community": town.area("甲社区").code,
        "f_card_kind": "补办",
        "for_other": "on",
        "other_name": "王奶奶",
        "other_note": "本人口头委托",
    }
    slip = client.post("/services/elder-card/", {**sent, "other_id": "110101199003070001"})
    assert slip.status_code == 422 and "身份证号有误" in slip.content.decode()
    assert "王奶奶" in slip.content.decode()
    missing = client.post("/services/elder-card/", {**sent, "f_card_kind": "", "other_note": ""})
    assert "请填写“办理类型”" in missing.content.decode()
    assert "怎么委托" in missing.content.decode()
    answer = client.post("/services/elder-card/", {**sent, "other_id": "11010519491231002X"})
    assert answer.status_code == 303, answer.content.decode()
    (matter,) = all_matters()
    assert matter.code == "elder-card" and matter.agent == "王小梅"
    assert matter.answers == {"card_kind": "补办", "for_other": "本人口头委托"}
    assert str(matter.reporter_name) != "" and "11010519491231002X" not in str(matter.answers)


def test_a_guest_who_applies_must_say_who_they_are(town: Town) -> None:
    sent = {
        "token": str(uuid4()),
        "community": town.area("甲社区").code,
        "f_card_kind": "补办",
    }
    answer = visitor(town).post("/services/elder-card/", sent)
    assert answer.status_code == 422 and "实名办理" in answer.content.decode()


def test_a_closed_item_says_so_and_takes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = names().policy
    item = policy.item("elder-card")
    assert item is not None
    shut = item.model_copy(update={"open": False})
    items = tuple(shut if i.code == item.code else i for i in policy.items)
    changed = policy.model_copy(update={"items": items})
    for remembered in ("ordered_routes", "duty_by_group", "items_by_code", "classes_by_code"):
        changed.__dict__.pop(remembered, None)  # a copy keeps what the original had looked up
    monkeypatch.setattr(names(), "policy", changed)
    monkeypatch.setattr(intake, "version", lambda _id: _Pack(changed))
    client = visitor(town, "wang")
    page = client.get("/services/elder-card/").content.decode()
    assert "已停办" in page and 'id="apply"' not in page
    assert "已停办" in client.get("/services/").content.decode()
    sent = {"token": str(uuid4()), "community": town.area("甲社区").code, "f_card_kind": "补办"}
    answer = client.post("/services/elder-card/", sent)
    assert answer.status_code == 422 and "已停办" in answer.content.decode()
    assert all_matters() == []


class _Pack:
    """A pack with one section."""

    def __init__(self, section: Any) -> None:
        self._section = section

    def section(self, _shape: Any) -> Any:
        return self._section


def test_the_catalogue_is_found_by_words(town: Town) -> None:
    client = visitor(town)
    assert "老年人优待证办理" in client.get("/services/", {"q": "老年证"}).content.decode()
    none = client.get("/services/", {"q": "登月"}).content.decode()
    assert "没找到" in none and "/report/" in none
    assert client.get("/services/nothing-here/").status_code == 404


def test_my_list_has_tabs_and_few_statements(town: Town) -> None:
    client = visitor(town, "wang")
    assert "现在没有正在办的事" in client.get("/matters/").content.decode()
    first, last = reported(client), None
    for n in range(52):
        last = reported(client, title=f"第{n}盏灯不亮")
    assert last is not None
    client.get("/matters/")
    for show in ("open", "all", "joined", "closed"):
        with asked() as said:
            page = client.get("/matters/", {"show": show})
        assert page.status_code == 200
        assert len(said) <= 8, "\n".join(said)
    whole = client.get("/matters/").content.decode()
    assert last.number in whole and first.number not in whole
    nxt = re.search(r'href="(\?show=open&amp;after=\d+)"', whole)
    assert nxt is not None
    assert (
        first.number
        in client.get("/matters/" + nxt.group(1).replace("&amp;", "&")).content.decode()
    )
    assert client.get("/matters/", {"after": "x"}).status_code == 200
    assert visitor(town).get("/matters/")["Location"].startswith("/signin/")


def test_the_timeline_takes_few_statements(town: Town) -> None:
    client = visitor(town, "wang")
    matter = reported(client)
    client.get(f"/matters/{matter.number}/")
    with asked() as said:
        client.get(f"/matters/{matter.number}/")
    assert len(said) <= 7, "\n".join(said)


def test_the_public_page_shows_no_person_and_no_words(town: Town) -> None:
    matter = reported(visitor(town, "wang"), title="绝密标题", body="绝密正文")
    secret = reported(visitor(town, "wang"), code="0608", title="家里的事")
    with under(system_act()):
        project([matter.pk, secret.pk])
    for query in ({}, {"community": town.area("甲社区").code}, {"district": "nonsense"}):
        page = visitor(town).get("/open/", query).content.decode()
        assert "绝密" not in page and "王小梅" not in page and "甲社区" in page
    points = visitor(town).get("/open/points/").json()
    assert len(points["features"]) == 1
    assert points["features"][0]["geometry"]["coordinates"] == [120.34, 31.595]
    elsewhere = visitor(town).get("/open/points/", {"community": town.area("丙社区").code}).json()
    assert elsewhere["features"] == []
    assert visitor(town).get("/open/areas/").json()["features"]
    near = (
        visitor(town).get("/open/areas/", {"around": town.area("甲社区").code}).json()["features"]
    )
    assert {"甲社区", "乙社区", "甲社区第一网格"} <= {each["properties"]["name"] for each in near}
    assert visitor(town).get("/open/areas/", {"around": "nonsense"}).status_code == 200
    none = visitor(town).get("/open/", {"community": town.area("丙社区").code}).content.decode()
    assert "近来没有公开的事" in none


def test_a_guest_keeps_only_what_the_words_say(town: Town) -> None:
    sent = words(seen="1")
    assert visitor(town).post("/report/", sent).status_code == 303
    assert len(all_matters()) == 1
