"""A ledger whose rows are counted as they are shown: a whole city's opens like a street's."""

from __future__ import annotations

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from linli.capabilities.matters.tests.test_desk import entered, lamp
from linli.capabilities.registry.tests import test_desk_choosing as choosing
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.selectors.ledgers import Asked
from linli.kernel.acts import under
from linli.kernel.dictionary import offers
from linli.ui.spoken import retold
from tests import families
from tests.town import Town

pytestmark = pytest.mark.django_db
city = choosing.city


def test_communities_are_counted_a_screen_at_a_time(city: Town) -> None:
    with under(city.act("feng")) as act:
        view = ledgers.view(act, "L01")
        assert view is not None
        first = ledgers.sheet(act, view, Asked())
        onward = ledgers.sheet(act, view, Asked(), first.more)
        printed = ledgers.sheet(act, view, Asked(), size=60)
    keys = [line.key for line in (*first.lines, *onward.lines)]
    assert len(first.lines) == len(onward.lines) == 15 and keys == sorted(set(keys))
    assert len(printed.lines) == 60


def test_a_row_leads_to_its_record_whichever_room_keeps_it(town: Town) -> None:
    matter, chen = lamp(town), entered(town, "chen")
    row = chen.get(f"/desk/ledgers/L08/row/{matter.pk}/")
    (leads,) = re.findall(r'class="btn btn-primary" href="([^"]+)"', row.content.decode())
    assert chen.get(leads, follow=True).status_code == 200
    for code, offer in offers.known().items():
        assert not offer.opens or reverse(offer.opens, args=[1]), code


def test_who_is_not_shown_some_tags_is_told_so(town: Town) -> None:
    families.settle()
    told = entered(town, "chen").get("/desk/ledgers/L12/").content.decode()
    assert "您的岗位看不到这些标签" in told and "最低生活保障对象" in told
    assert "现在没有符合条件的记录" not in told
    assert (
        "打印人的岗位看不到"
        in entered(town, "chen").get("/desk/ledgers/L12/print/").content.decode()
    )
    assert "看不到这些标签" not in entered(town, "he").get("/desk/ledgers/L12/").content.decode()


def test_words_kept_in_chinese_are_read_in_the_readers_language() -> None:
    with override("en"):
        assert retold("字典里没有相近的名称") != "字典里没有相近的名称"
        assert "Retired" in retold("是否有标签“Retired”")
        assert retold("谁也没有写过的一句话") == "谁也没有写过的一句话"
    with override(settings.LANGUAGE_CODE):
        assert retold("是否有标签“独居”") == "是否有标签“独居”"


def test_columns_keep_the_order_in_which_they_are_sent(town: Town) -> None:
    families.settle()
    he = entered(town, "he")
    panel = he.get("/desk/ledgers/set-person/columns/?query=cols%3Dperson-sex.person-name")
    shown = re.findall(r'name="columns" value="([^"]+)" checked', panel.content.decode())
    assert shown == ["person.sex", "person.name"]
    sent = "columns=residence.address&columns=person.name&query="
    led = he.get(f"/desk/ledgers/set-person/columns/?{sent}")
    assert "cols=residence-address.person-name" in led["Location"]


def test_another_community_opens_the_same_question_over_its_own_records(town: Town) -> None:
    families.settle()
    he, zhou = entered(town, "he"), entered(town, "zhou")
    asked = "f=person.sex~is~2&cols=person-name.person-sex"
    made = he.post(f"/desk/ledgers/set-person/save/?{asked}", {"title": "女性居民", "query": asked})
    own = he.get(made["Location"]).content.decode()
    (address,) = re.findall(r'readonly value="http://testserver([^"]+)"', own)
    theirs = zhou.get(html.unescape(address)).content.decode()
    assert "性别是“女性”" in theirs and "王小梅" not in theirs
    assert zhou.get(made["Location"]).status_code == 404
    he.post(made["Location"] + "end/", {"reason": "重复了"})
    told = entered(town, "chen").get(made["Location"], follow=True).content.decode()
    assert "已经停用" in told
    assert he.get("/desk/ledgers/own-x1/").status_code == 404
