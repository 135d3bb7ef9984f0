"""Lists of people: narrowed, counted, tagged, exported, asked for a past day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from linli.capabilities.registry.models import Coverage, Mark, Person, Residence
from linli.capabilities.registry.services import exports
from linli.capabilities.registry.tests.desk import (
    ROLL,
    entered,
    page_of,
    text_of,
)
from linli.capabilities.registry.tests.desk import people as people
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files.jobs import write_export, written
from tests.families import number
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")


def test_the_roll_is_narrowed_and_every_count_opens_its_rows(
    town: Town, people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    counted = text_of(client.get(f"{ROLL}counts/?for="))
    shown = dict(re.findall(r'show=(\w+)"[^>]*>[^<]*<span class="count num">(\d+)', counted))
    for show, count in shown.items():
        rows = text_of(client.get(f"{ROLL}?show={show}"))
        assert len(re.findall(r'name="pick"', rows)) == int(count), show
    assert shown["registered"] == "4" and shown["floating"] == "1"
    old = text_of(client.get(f"{ROLL}?youngest=80"))
    assert "刘秀英" in old and "王小梅" not in old
    assert "刘秀英" in text_of(client.get(f"{ROLL}?q={number(date(1941, 1, 20), 42)}"))
    assert "没有找到" in text_of(client.get(f"{ROLL}?q=查无此人"))


def test_pages_go_on_where_the_last_one_ended(
    town: Town, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = entered(town, "chen")
    monkeypatch.setattr("linli.capabilities.registry.selectors.roll.listed.__defaults__", ("", 2))
    seen, href = [], ROLL
    while href:
        body = text_of(client.get(href))
        seen += re.findall(r'name="pick" value="(\d+)"', body)
        found = re.search(r'href="(\?[^"]+)" rel="next"', body)
        href = f"{ROLL}{found[1]}".replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 5


def test_a_sensitive_mark_is_for_those_who_may(town: Town, people: dict[str, Person]) -> None:
    path = page_of(people["liu"])
    assert "高龄老人" in text_of(entered(town, "chen").get(path))
    assert "最低生活保障" not in text_of(entered(town, "chen").get(path))
    assert "最低生活保障" in text_of(entered(town, "he").get(path))


@pytest.mark.row("R128")
def test_rows_leave_with_a_reason_and_a_watermark(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    assert (
        client.post(f"{ROLL}export/", {"query": "", "reason": "", "format": "csv"}).status_code
        == 422
    )
    sent = {
        "query": "show=registered",
        "reason": "应急演练名单",
        "format": "csv",
        "columns": ["kind", "phone", "document"],
    }
    got = client.post(f"{ROLL}export/", sent)
    body = got.content.decode("utf-8-sig")
    assert got.status_code == 200 and "陈静" in body and "应急演练名单" in body
    assert "王小梅" in body and "李建国" not in body
    assert number(date(1985, 4, 12), 24) not in body and "13900000024" not in body
    with under(system_act()):
        fact = Fact.objects.get(verb="registry.export")
    assert people["wang"].pk in fact.data["people"] and "王小梅" not in str(fact.data)
    assert "应急演练名单" in text_of(entered(town, "wang").get("/me/registry/"))
    assert "应急演练名单" not in text_of(entered(town, "li").get("/me/registry/"))
    assert "应急演练名单" in text_of(client.get(page_of(people["wang"], "history/")))
    assert "应急演练名单" in text_of(client.get("/desk/exports/"))
    assert "应急演练名单" not in text_of(entered(town, "lin").get("/desk/exports/"))
    assert entered(town, "sun").get(f"{ROLL}export/").status_code == 403


@pytest.mark.row("R128")
def test_a_search_is_exported_and_clear_numbers_need_their_permission(
    town: Town, people: dict[str, Person]
) -> None:
    chen, he = entered(town, "chen"), entered(town, "he")
    full = number(date(1985, 4, 12), 24)
    sent = {
        "query": f"q={full}",
        "reason": "核对低保材料",
        "format": "csv",
        "columns": ["document", "tags"],
        "clear": "on",
    }
    masked = chen.post(f"{ROLL}export/", sent).content.decode("utf-8-sig")
    assert "王小梅" in masked and full not in masked and "张伟" not in masked
    clear = he.post(f"{ROLL}export/", sent).content.decode("utf-8-sig")
    assert full in clear
    with under(system_act()):
        facts = list(Fact.objects.filter(verb="registry.export").order_by("id"))
    assert [f.data.get("field") for f in facts] == [None, "clear"]
    assert full not in str([f.data for f in facts]), "what was typed may be a number"
    assert "含完整号码" in text_of(entered(town, "wang").get("/me/registry/"))
    none = chen.post(f"{ROLL}export/", {**sent, "query": "q=查无此人"})
    assert none.status_code == 422


@pytest.mark.row("R128")
def test_many_people_are_exported_in_the_background(
    town: Town, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "DIRECT_MOST", 3)
    monkeypatch.setattr(exports, "PAGE", 2)
    deferred: list[dict[str, Any]] = []
    monkeypatch.setattr(write_export, "defer", lambda **given: deferred.append(given))
    chen = entered(town, "chen")
    sent = {"query": "", "reason": "全社区走访", "format": "csv", "columns": ["kind", "address"]}
    got = chen.post(f"{ROLL}export/", sent)
    assert got.status_code == 303 and "正在生成" in text_of(chen.get(got["Location"]))
    assert written(**deferred[0]) == 5
    page = text_of(chen.get(got["Location"]))
    (href,) = re.findall(r"/files/\d+/", page)
    body = b"".join(chen.get(href)).decode("utf-8-sig")
    assert body.count("\n") == 7 and "李建国" in body
    assert entered(town, "lin").get(got["Location"]).status_code == 404


def test_somebody_with_two_residences_stands_once_with_both_said(
    town: Town, people: dict[str, Person]
) -> None:
    street, li = entered(town, "wu"), people["li"]
    body = text_of(street.get(ROLL))
    assert body.count(page_of(li)) == 1 and "流动、户籍" in body.replace("户籍、流动", "流动、户籍")
    counted = text_of(street.get(f"{ROLL}counts/?for="))
    shown = dict(re.findall(r'show=(\w+)"[^>]*>[^<]*<span class="count num">(\d+)', counted))
    assert shown["registered"] == "6" and shown["floating"] == "1" and shown["others"] == "1"
    (everybody,) = re.findall(r'href="\?"[^>]*>[^<]*<span class="count num">(\d+)', counted)
    assert everybody == "6", "six people, one of them on two grounds"
    for show, name in (("registered", True), ("floating", True), ("permanent", False)):
        assert (page_of(li) in text_of(street.get(f"{ROLL}?show={show}"))) is name, show


@pytest.mark.row("R015")
def test_coverage_of_those_registered_elsewhere_opens_its_rows(
    town: Town, people: dict[str, Person]
) -> None:
    street, area = entered(town, "wu"), town.area("东街道").pk
    path = f"{ROLL}coverage/"
    assert street.post(path, {"area": area}).status_code == 303
    page = text_of(street.get(f"{path}?area={area}"))
    assert "甲社区" in page and "默认示例" in page
    (href,) = set(re.findall(rf'href="({ROLL}\?show=others&amp;area={area})"', page))
    rows = text_of(street.get(href.replace("&amp;", "&")))
    assert "李建国" in rows and "王小梅" not in rows
    with under(system_act()):
        Person.objects.filter(pk=people["li"].pk).update(phone=None, phone_index=None)
    assert entered(town, "chen").post(path, {"area": ""}).status_code == 303
    missing = text_of(entered(town, "chen").get(f"{ROLL}?show=others&gap=reach"))
    assert "李建国" in missing
    assert "0.0%" in text_of(entered(town, "chen").get(path))
    assert entered(town, "chen").post(path, {"area": area}).status_code == 404
    assert entered(town, "zhou").get(f"{path}?area={area}").status_code == 404


@pytest.mark.row("R015")
def test_a_community_that_was_merged_away_is_counted_no_more(
    town: Town, people: dict[str, Person]
) -> None:
    street, left = entered(town, "wu"), town.area("甲社区")
    page = f"{ROLL}coverage/"
    street.post(page, {"area": town.area("东街道").pk})
    assert left.name in text_of(street.get(page))
    with under(system_act()):
        ground = {"area__gte": left.pk, "area__lt": left.hi}
        Residence.objects.filter(until=None, **ground).update(area=town.area("乙社区"))
    street.post(page, {"area": town.area("东街道").pk})
    with under(system_act()):
        kept = set(Coverage.objects.values_list("area__name", flat=True))
    assert left.name not in kept and "乙社区" in kept


def test_tags_in_bulk_with_what_was_refused(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    with under(system_act()):
        picks = [
            str(Residence.objects.get(person=people[key], until=None, lives=True).pk)
            for key in ("wang", "zhang", "le")
        ]
    asked = client.post(f"{ROLL}bulk/", {"pick": picks})
    assert asked.status_code == 200 and "3" in text_of(asked)
    sent = {"pick": picks, "sure": "yes", "code": "volunteer", "basis": "本人报名"}
    report = text_of(client.post(f"{ROLL}bulk/", sent))
    assert "王小梅" in report
    twice = text_of(client.post(f"{ROLL}bulk/", sent))
    assert "已经在了" in twice
    with under(system_act()):
        mark = Mark.objects.filter(person=people["wang"], code="volunteer")
        assert mark.count() == 1
        key = mark[0].pk
    path = page_of(people["wang"], "unmark/")
    assert client.post(path, {"row": key, "reason": ""}).status_code == 422
    assert client.post(path, {"row": key, "reason": "不再参加"}).status_code == 303


@pytest.mark.row("R013")
def test_who_lived_here_on_a_day(town: Town, people: dict[str, Person]) -> None:
    client, li = entered(town, "chen"), people["li"]
    with under(system_act()):
        stay = Residence.objects.get(person=li, until=None, lives=True)
    sent = {"residence": stay.pk, "on": "2024-06-01", "ending": "moved"}
    early = client.post(page_of(li, "move_out/"), sent | {"on": "2018-01-01"})
    assert early.status_code == 422 and "早于开始" in text_of(early)
    assert client.post(page_of(li, "move_out/"), sent).status_code == 303
    assert "李建国" in text_of(client.get(f"{ROLL}on/?on=2024-05-31"))
    assert "李建国" not in text_of(client.get(f"{ROLL}on/?on=2024-06-01"))
    assert "李建国" not in text_of(client.get(f"{ROLL}on/?on=2018-12-31"))
    assert client.get(f"{ROLL}on/?on=2199-01-01").status_code == 422


def test_a_filter_is_kept_and_forgotten(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    sent = {"name": "八十以上", "query": "youngest=80&evil=1"}
    assert client.post(f"{ROLL}saved/", sent).headers["Location"] == f"{ROLL}?youngest=80"
    body = text_of(client.get(ROLL))
    found = re.search(r"saved/(\d+)/drop/", body)
    assert found and "八十以上" in body
    assert client.post(f"{ROLL}saved/{found[1]}/drop/").status_code == 303
    assert "八十以上" not in text_of(client.get(ROLL))
    client.post(f"{ROLL}columns/", {"columns": ["document", "age"], "query": ""})
    assert "证件号码</th>" in text_of(client.get(ROLL))
