"""People's pages walked by the right and the wrong person, with what they type."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.capabilities.registry.models import Home, Household, Mark, Person, Residence
from linli.capabilities.registry.services import exports
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files.jobs import write_export
from tests import families
from tests.families import number
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")
STATEMENTS_MOST = 8
STAMPS = ('FROM "policy_version"', 'FROM "places_areastamp"')
ROLL = "/desk/residents/"
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def entered(town: Town, who: str) -> Client:
    """A browser in which somebody of the cast has signed in."""
    client = Client()
    session = client.session
    act = town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


@pytest.fixture
def people(town: Town) -> dict[str, Person]:
    """The families of the town, by key."""
    return families.settle()


def page_of(person: Person, rest: str = "") -> str:
    return f"{ROLL}{person.pk}/{rest}"


def household_of(person: Person) -> int:
    with under(system_act()):
        stay = Residence.objects.get(person=person, until=None, lives=True)
    assert stay.household_id is not None
    return stay.household_id


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.row("R010")
def test_every_page_opens_within_its_statements(town: Town, people: dict[str, Person]) -> None:
    client, wang = entered(town, "chen"), people["wang"]
    house = f"/desk/households/{household_of(wang)}/"
    paths = [
        *(
            ROLL,
            f"{ROLL}?q=王小梅",
            f"{ROLL}?show=registered&sex=2&youngest=20",
            f"{ROLL}?show=left",
        ),
        *(f"{ROLL}?tag=elder_80", f"{ROLL}?gap=guardian", f"{ROLL}filters/", f"{ROLL}columns/"),
        *(f"{ROLL}counts/?for=show%3Dall", f"{ROLL}export/", f"{ROLL}on/?on=2020-05-01"),
        *(f"{ROLL}new/", f"{ROLL}new/?birth=1", page_of(wang), page_of(wang, "around/")),
        *(page_of(wang, "history/"), house, f"{house}split/", f"{house}merge/", f"{house}head/"),
        *(
            page_of(wang, f"{verb}/")
            for verb in ("correct", "move_in", "move_out", "mark", "death")
        ),
        *(page_of(wang, f"{verb}/") for verb in ("reveal", "consent", "unmark", "answer")),
    ]
    client.get(ROLL), client.get(page_of(wang))
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, path
        said = [q["sql"] for q in asked if not q["sql"].startswith(TRANSACTION)]
        # Whether there is a newer pack or map is asked once in a while, by whichever page comes first.
        said = [sql for sql in said if not any(stamp in sql for stamp in STAMPS)]
        assert len(said) <= STATEMENTS_MOST, f"{path}: {len(said)}\n" + "\n".join(said)


def test_who_is_out_of_sight_does_not_exist(town: Town, people: dict[str, Person]) -> None:
    zhou = entered(town, "zhou")
    for rest in ("", "around/", "history/", "reveal/", "correct/"):
        assert zhou.get(page_of(people["wang"], rest)).status_code == 404
    assert zhou.get(f"/desk/households/{household_of(people['wang'])}/").status_code == 404
    assert "没有找到" in text_of(zhou.get(f"{ROLL}?q=王小梅"))
    assert "赵敏" in text_of(zhou.get(ROLL))
    assert entered(town, "wang").get(ROLL).status_code == 403


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


def _who(client: Client, name: str, given: str) -> Any:
    data = {"part": "who", "kind": "111", "number": given, "name": name}
    return client.post(f"{ROLL}new/", data)


FRESH = number(date(1992, 2, 29), 55)


def _new(**more: str) -> dict[str, str]:
    return {
        "part": "register",
        "how": "register",
        "kind": "111",
        "number": FRESH,
        "name": "许可",
        "residence_kind": "permanent",
        "home": "",
        "lives": "on",
        "token": str(uuid4()),
        "phone": "13912345678",
        **more,
    }


@pytest.mark.row("R010", "R101")
def test_the_document_tells_the_rest_and_what_was_typed_stays(
    town: Town, people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    asked = text_of(_who(client, "许可", FRESH))
    assert 'value="1992-02-29"' in asked and 'value="江苏"' in asked
    assert re.search(r'value="1" selected', asked), "an odd sequence is a man's"
    refused = client.post(f"{ROLL}new/", _new(home="春江花园1幢9单元909"))
    assert refused.status_code == 422
    body = text_of(refused)
    assert "没有找到这栋楼" in body and "春江花园1幢9单元909" in body and "13912345678" in body
    area = str(town.area("甲社区第一网格").pk)
    sent = _new(area=area)
    made = client.post(f"{ROLL}new/", sent)
    assert made.status_code == 303, text_of(made)
    again = client.post(f"{ROLL}new/", sent)
    assert again.headers["Location"] == made.headers["Location"]
    with under(system_act()):
        person = Person.objects.get(name="许可")
    assert person.born == date(1992, 2, 29) and person.sex == "1"
    assert "1992年2月29日" in text_of(client.get(page_of(person)))
    assert FRESH not in made.headers["Location"]


def test_a_wrong_number_is_told_at_its_field(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    answer = _who(client, "许可", FRESH[:-1] + ("1" if FRESH[-1] != "1" else "2"))
    assert answer.status_code == 422
    assert "最后一位对不上" in text_of(answer) and "许可" in text_of(answer)
    missing = _who(client, "", "")
    assert missing.status_code == 422


@pytest.mark.row("R011")
def test_known_here_is_opened_and_known_elsewhere_is_adopted(
    town: Town, people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    here = _who(client, "王小梅", number(date(1985, 4, 12), 24))
    assert here.status_code == 303 and here.headers["Location"] == page_of(people["wang"])
    assert _who(client, "王大梅", number(date(1985, 4, 12), 24)).status_code == 422
    zhao = number(date(1990, 6, 30), 66)
    offered = text_of(_who(client, "赵敏", zhao))
    assert "已在其他社区登记" in offered
    sent = {
        "part": "adopt",
        "kind": "111",
        "number": zhao,
        "name": "赵敏",
        "residence_kind": "permanent",
        "area": str(town.area("甲社区第二网格").pk),
        "lives": "on",
        "reason": "",
    }
    assert client.post(f"{ROLL}new/", sent).status_code == 422
    taken = client.post(f"{ROLL}new/", sent | {"reason": "本人搬来居住"})
    assert taken.status_code == 303, text_of(taken)
    assert "赵敏" in text_of(client.get(page_of(people["zhao"])))
    with under(system_act()):
        assert Person.objects.filter(name="赵敏").count() == 1


def test_a_value_is_corrected_once_and_its_past_is_told(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "chen"), people["li"]
    shown = text_of(client.get(page_of(li, "correct/")))
    assert "李建国" in shown and number(date(1979, 11, 5), 17) not in shown
    same = {"name": "李建国", "sex": "1", "born": "1979-11-05", "document_kind": "111"}
    assert "没有改动" in text_of(client.post(page_of(li, "correct/"), same))
    done = client.post(page_of(li, "correct/"), same | {"education": "31"})
    assert done.status_code == 303
    body = text_of(client.get(page_of(li)))
    assert "大学专科毕业" in body and "窗口登记" in body
    assert "更正信息" in text_of(client.get(page_of(li, "history/")))


@pytest.mark.row("R128")
def test_a_look_needs_a_reason_and_the_person_reads_it(
    town: Town, people: dict[str, Person]
) -> None:
    client, wang = entered(town, "chen"), people["wang"]
    full = number(date(1985, 4, 12), 24)
    assert full not in text_of(client.get(page_of(wang)))
    assert (
        client.post(page_of(wang, "reveal/"), {"field": "document", "reason": ""}).status_code
        == 422
    )
    seen = client.post(page_of(wang, "reveal/"), {"field": "document", "reason": "核对低保材料"})
    assert full in text_of(seen) and seen.headers["Cache-Control"] == "no-store"
    own = text_of(entered(town, "wang").get("/me/registry/"))
    assert "核对低保材料" in own and "陈静" in own and full not in own
    assert "核对低保材料" not in text_of(entered(town, "li").get("/me/registry/"))


@pytest.mark.row("R128")
def test_rows_leave_with_a_reason_and_a_watermark(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    assert (
        client.post(f"{ROLL}export/", {"query": "", "reason": "", "format": "csv"}).status_code
        == 422
    )
    sent = {
        **{"query": "show=registered", "reason": "应急演练名单", "format": "csv"},
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
        **{"query": f"q={full}", "reason": "核对低保材料", "format": "csv"},
        **{"columns": ["document", "tags"], "clear": "on"},
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
    assert write_export(**deferred[0]) == 5
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


def test_a_death_ends_what_ends(town: Town, people: dict[str, Person]) -> None:
    client, liu = entered(town, "chen"), people["liu"]
    assert client.post(page_of(liu, "death/"), {"on": "1930-01-01"}).status_code == 422
    assert client.post(page_of(liu, "death/"), {"on": "2026-01-05"}).status_code == 303
    body = text_of(client.get(page_of(liu)))
    assert "已故" in body and "登记迁入" not in body
    assert client.post(page_of(liu, "mark/"), {"code": "elder_60"}).status_code == 422


@pytest.mark.row("R014")
def test_households_split_and_merge(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    house = household_of(people["wang"])
    path = f"/desk/households/{house}/"
    sent = {"members": [people["liu"].pk], "head": people["wang"].pk, "on": "2025-01-01"}
    wrong = client.post(f"{path}split/", sent)
    assert wrong.status_code == 422 and "新户主" in text_of(wrong)
    done = client.post(f"{path}split/", sent | {"head": people["liu"].pk})
    assert done.status_code == 303
    new = done.headers["Location"].split("?")[0]
    assert "刘秀英" in text_of(client.get(new)) and "曾在这一户" in text_of(client.get(path))
    other = int(new.strip("/").split("/")[-1])
    merged = client.post(f"{path}merge/", {"other": other, "on": "2025-03-01"})
    assert merged.status_code == 303, text_of(merged)
    with under(system_act()):
        assert Household.objects.get(pk=other).until == date(2025, 3, 1)
    head = client.post(f"{path}head/", {"person": people["wang"].pk})
    assert head.status_code == 303


def test_move_in_to_a_new_home_of_a_known_building(town: Town, people: dict[str, Person]) -> None:
    client, li = entered(town, "chen"), people["li"]
    with under(system_act()):
        building = Home.objects.get(room="101").building
        building.address = "春江花园1幢"
        building.address_key = "春江花园1幢"
        building.save()
    sent = {"residence_kind": "floating", "home": "春江花园1幢2单元501", "lives": "on"}
    unknown = client.post(page_of(li, "move_in/"), sent)
    assert unknown.status_code == 422 and "没有这个房号" in text_of(unknown)
    done = client.post(page_of(li, "move_in/"), sent | {"new_home": "on", "since": "2026-02-01"})
    assert done.status_code == 303, text_of(done)
    assert "春江花园1幢2单元501" in text_of(client.get(page_of(li)))


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


def test_a_minor_gets_a_guardian_and_a_dispute_is_shown(
    town: Town, people: dict[str, Person]
) -> None:
    client, le = entered(town, "chen"), people["le"]
    with under(system_act()):
        le.bonds.update(until=date(2024, 1, 1))
    assert "还没有登记监护人" in text_of(client.get(page_of(le)))
    assert "登记监护人" not in text_of(client.get(page_of(people["zhang"])))
    path = page_of(le, "guardian/")
    assert client.post(path, {"person": "", "guardian": ""}).status_code == 422
    assert client.post(path, {"person": people["zhang"].pk}).status_code == 303
    assert client.post(path, {"person": people["zhang"].pk}).status_code == 422
    body = text_of(client.get(page_of(le)))
    assert "还没有登记监护人" not in body and "监护人" in body
    assert "说法不一" in text_of(client.get(page_of(people["wang"], "around/")))
