"""People's pages walked by the right and the wrong person, with what they type."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.capabilities.registry.models import Home, Household, Person
from linli.capabilities.registry.tests.desk import (
    ROLL,
    entered,
    household_of,
    page_of,
    text_of,
)
from linli.capabilities.registry.tests.desk import people as people
from linli.kernel.acts import system_act, under
from tests.asked import asked
from tests.families import number
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")
STATEMENTS_MOST = 8


@pytest.mark.row("R010")
def test_every_page_opens_within_its_statements(town: Town, people: dict[str, Person]) -> None:
    client, wang = entered(town, "chen"), people["wang"]
    house = f"/desk/households/{household_of(wang)}/"
    paths = [
        ROLL,
        f"{ROLL}?q=王小梅",
        f"{ROLL}?show=registered&sex=2&youngest=20",
        f"{ROLL}?show=left",
        f"{ROLL}?tag=elder_80",
        f"{ROLL}?gap=guardian",
        f"{ROLL}filters/",
        f"{ROLL}columns/",
        f"{ROLL}counts/?for=show%3Dall",
        f"{ROLL}export/",
        f"{ROLL}on/?on=2020-05-01",
        f"{ROLL}new/",
        f"{ROLL}new/?birth=1",
        page_of(wang),
        page_of(wang, "around/"),
        page_of(wang, "history/"),
        house,
        f"{house}split/",
        f"{house}merge/",
        f"{house}head/",
        *(
            page_of(wang, f"{verb}/")
            for verb in ("correct", "move_in", "move_out", "mark", "death")
        ),
        *(page_of(wang, f"{verb}/") for verb in ("reveal", "consent", "unmark", "answer")),
    ]
    client.get(ROLL), client.get(page_of(wang))
    for path in paths:
        with asked() as said:
            answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(said) <= STATEMENTS_MOST, f"{path}: {len(said)}\n" + "\n".join(said)


def test_who_is_out_of_sight_does_not_exist(town: Town, people: dict[str, Person]) -> None:
    zhou = entered(town, "zhou")
    for rest in ("", "around/", "history/", "reveal/", "correct/"):
        assert zhou.get(page_of(people["wang"], rest)).status_code == 404
    assert zhou.get(f"/desk/households/{household_of(people['wang'])}/").status_code == 404
    assert "没有找到" in text_of(zhou.get(f"{ROLL}?q=王小梅"))
    assert "赵敏" in text_of(zhou.get(ROLL))
    assert entered(town, "wang").get(ROLL).status_code == 403


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
