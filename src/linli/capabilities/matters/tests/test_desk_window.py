"""The window: who is known is not asked again; one need is one matter; the slip opens the query page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.admission.models import Placement, Usage
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors import desk, names
from linli.kernel.acts import conveyor, under
from tests import families
from tests.town import SINCE, Town

from .test_desk import entered, lamp

ID = "110101199003078187"
CARD = {
    "part": "submit",
    "code": "elder-card",
    "title": "给父亲办优待证",
    "f_card_kind": "首次办理",
}


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', page)
    return found[1] if found else ""


def asked(client: Client, who: str) -> str:
    return str(client.post("/desk/window/", {"part": "who", "who": who}).content.decode())


def taken(client: Client, page: str, **more: Any) -> Any:
    sent = {
        **CARD,
        "token": token(page),
        "source": hidden(page, "source"),
        "account": hidden(page, "account"),
    }
    return client.post("/desk/window/", {**sent, **more})


def rows(town: Town) -> list[Matter]:
    with under(town.act("chen")):
        return list(Matter.objects.order_by("id"))


@pytest.mark.row("R101", "R102")
def test_who_was_here_before_need_not_tell_again(town: Town) -> None:
    chen = entered(town, "chen")
    page = asked(chen, ID)
    first = taken(
        chen, page, name="张建华", phone="13900000009", id_number=ID, address="甲社区9号楼"
    )
    assert first.status_code == 303, first.content.decode()[-2000:]
    page = asked(chen, ID)
    assert "以前登记过" in page and "张*" in page and "张建华" not in page
    assert "13900000009" not in page and "甲社区9号楼" in page
    assert "正在办的" in page
    second = taken(
        chen, page, code="elder-allowance", title="申领尊老金", area=hidden(page, "area")
    )
    assert second.status_code == 303, second.content.decode()[-2000:]
    one, two = rows(town)
    assert two.phone.open() == one.phone.open() == "13900000009"
    assert two.reporter_name.open() == "张建华" and two.id_number.open() == ID
    assert two.channel == "window"


@pytest.mark.row("R102", "R010")
def test_whom_the_registry_knows_is_not_asked_again(town: Town) -> None:
    liu = families.settle()["liu"]
    chen, number = entered(town, "chen"), liu.document.open()
    page = asked(chen, number)
    assert hidden(page, "resident") == str(liu.pk) and "春江花园1幢1单元101" in page
    assert "刘秀英" in page and liu.phone.open() not in page
    sent = taken(chen, page, resident=hidden(page, "resident"), area=hidden(page, "area"))
    assert sent.status_code == 303, sent.content.decode()[-2000:]
    (made,) = rows(town)
    assert made.reporter_name.open() == "刘秀英" and made.id_number.open() == number
    assert made.phone.open() == liu.phone.open()


def test_somebody_out_of_sight_is_not_known(town: Town) -> None:
    zhao = families.settle()["zhao"]
    chen = entered(town, "chen")
    assert "赵敏" not in asked(chen, zhao.document.open())
    page = asked(chen, ID)
    sent = taken(chen, page, resident=str(zhao.pk), name="张建华", id_number=ID)
    assert sent.status_code == 303
    (made,) = rows(town)
    assert made.reporter_name.open() == "张建华" and made.phone is None


def test_papers_given_before_are_offered_again(town: Town) -> None:
    chen = entered(town, "chen")
    taken(chen, asked(chen, ID), name="张建华", id_number=ID)
    page = asked(chen, ID)
    sent = {**CARD, "part": "refresh", "token": token(page), "source": hidden(page, "source")}
    again = chen.post("/desk/window/", sent).content.decode()
    assert "可以沿用" in again
    reused = re.search(r'name="paper-0" value="reused" checked', again)
    assert reused


@pytest.mark.parametrize(("days", "known"), [(365, True), (2, False)])
def test_the_pack_says_how_long_a_paper_counts(
    town: Town, monkeypatch: pytest.MonkeyPatch, days: int, known: bool
) -> None:
    chen = entered(town, "chen")
    taken(chen, asked(chen, ID), name="张建华", id_number=ID)
    (made,) = rows(town)
    policy = names().policy
    papers = policy.papers.model_copy(update={"reuse_days": days})
    monkeypatch.setattr(names(), "policy", policy.model_copy(update={"papers": papers}))
    with under(town.act("chen", made.opened + timedelta(days=5))) as act:
        assert bool(desk.known_from(act, made).materials) == known


def test_a_resident_is_found_by_phone_and_by_name(town: Town) -> None:
    chen = entered(town, "chen")
    page = asked(chen, "138 0000 0001")
    assert "以前登记过" in page and hidden(page, "account")
    named = asked(chen, "王小梅")
    assert "就是这位" in named and "13800000001" not in named
    got = chen.post("/desk/window/", {"part": "person", "account": hidden(named, "account")})
    assert hidden(got.content.decode(), "account") == hidden(page, "account")
    elsewhere = entered(town, "zhou")
    assert "就是这位" not in asked(elsewhere, "王小梅")


@pytest.mark.parametrize(
    ("who", "words"),
    [("110101199003078188", "最后一位对不上"), ("1380000", "号码"), ("", "请输入")],
)
def test_a_wrong_number_is_said_at_the_box_and_kept(town: Town, who: str, words: str) -> None:
    got = entered(town, "chen").post("/desk/window/", {"part": "who", "who": who})
    page = got.content.decode()
    assert got.status_code == 422 and who in page and words in page


def test_a_double_click_makes_one_matter_and_one_code(town: Town) -> None:
    chen = entered(town, "chen")
    page = asked(chen, "13900000009")
    one = taken(chen, page, name="张建华", phone="13900000009")
    two = taken(chen, page, name="张建华", phone="13900000009", sure="on")
    assert one.status_code == two.status_code == 303 and one["Location"] == two["Location"]
    assert len(rows(town)) == 1


def test_the_slip_opens_the_matter_for_whoever_has_no_account(town: Town) -> None:
    chen = entered(town, "chen")
    got = taken(
        chen,
        asked(chen, "13900000009"),
        name="张建华",
        phone="13900000009",
        **{"paper-1": "missing"},
    )
    slip = chen.get(got["Location"]).content.decode()
    number, code = re.findall(r'receipt-code num">([^<]+)<', slip)
    assert "还缺的材料" in slip and "近期照片" in slip
    assert "http://testserver/query/" in slip and 'src="data:image/svg+xml' in slip
    asked_for = Client().get(f"/query/?number={number}").content.decode()
    assert f'value="{number}"' in asked_for, "what the picture leads to"
    answer = Client().post("/query/", {"number": number, "code": code}, follow=True)
    assert "给父亲办优待证" in answer.content.decode()
    assert entered(town, "zhou").get(got["Location"]).status_code == 404


def test_the_same_need_is_shown_before_it_is_taken_twice(town: Town) -> None:
    chen = entered(town, "chen")
    taken(chen, asked(chen, "13900000009"), name="张建华", phone="13900000009")
    page = asked(chen, "13900000009")
    got = taken(chen, page)
    assert got.status_code == 422 and "可能已经登记过了" in got.content.decode()
    assert len(rows(town)) == 1
    assert taken(chen, page, sure="on").status_code == 303
    assert len(rows(town)) == 2


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(town: Town) -> None:
    chen = entered(town, "chen")
    page = chen.get("/desk/window/?anyone=1").content.decode()
    got = taken(chen, page, name="", f_card_kind="", body="老人行动不便，请上门")
    words = got.content.decode()
    assert got.status_code == 422 and "实名" in words and "老人行动不便，请上门" in words
    assert not rows(town)


def test_an_address_in_another_city_is_told(town: Town) -> None:
    chen = entered(town, "chen")
    sent = {"name": "张建华", "area": "", "address": "北京市朝阳区建国路1号"}
    got = taken(chen, asked(chen, "13900000009"), **sent)
    page = got.content.decode()
    assert got.status_code == 422 and "不在本市" in page and sent["address"] in page
    assert rows(town) == []


def test_somebody_elses_matter_cannot_be_taken_as_source(town: Town) -> None:
    matter = lamp(town)
    zhou = entered(town, "zhou")
    page = zhou.get("/desk/window/?anyone=1").content.decode()
    got = taken(zhou, page, source=str(matter.pk), name="李四")
    assert got.status_code == 303
    with under(town.act("zhou")):
        made = Matter.objects.get()
    assert made.phone is None and made.reporter_name.open() == "李四"


@pytest.mark.row("R100")
def test_what_a_system_found_becomes_a_matter_and_is_counted_once(town: Town) -> None:
    with under(town.act("chen")) as chen:
        area = town.area("甲社区")
        own = Placement.objects.create(area=area, kind="system", title="高空抛物监测", since=SINCE)
    with under(town.act("zhou")):
        other = Placement.objects.create(
            area=town.area("乙社区"), kind="system", title="别处的系统", since=SINCE
        )
    client = entered(town, "chen")
    page = client.get(f"/desk/window/?anyone=1&system={own.pk}").content.decode()
    assert "哪个系统发现的" in page and "高空抛物监测" in page and "别处的系统" not in page
    event = {"code": "0601", "title": "三号楼有高空抛物", "area": str(area.pk), "sure": "on"}
    refused = taken(client, page, **event, system=str(other.pk))
    assert refused.status_code == 422
    assert taken(client, page, **event, system=str(own.pk)).status_code == 303
    assert taken(client, page, **event, system=str(own.pk)).status_code == 303
    conveyor.drain()
    with under(chen):
        (matter,) = Matter.objects.filter(title=event["title"])
        assert matter.answers["system"] == "高空抛物监测"
        (used,) = Usage.objects.all()
        assert (used.placement_id, used.handed, used.found) == (own.pk, 1, 1)
    shown = client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert "哪个系统发现的" in shown
