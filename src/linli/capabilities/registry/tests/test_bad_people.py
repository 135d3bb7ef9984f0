"""What the desk answers to days, numbers, phones and households of people that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.registry.models import (
    Bond,
    Conflict,
    Estate,
    Home,
    Household,
    Mark,
    Objection,
    Person,
    Residence,
)
from linli.capabilities.registry.services.objections import raise_objection
from linli.capabilities.registry.tests.desk import ROLL, entered, page_of, text_of
from linli.capabilities.registry.tests.desk import people as people
from linli.kernel.acts import system_act, under
from tests.families import number
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")
BORN = date(1992, 2, 29)


def at_field(body: str, field: str, words: str) -> bool:
    """Whether a page says something at a field."""
    _before, found, rest = body.partition(f'id="id_{field}_error"')
    return bool(found) and words in rest[:600]


def refused(client: Client, path: str, sent: Mapping[str, object], field: str, words: str) -> str:
    """A page that comes back with its sentence at its field."""
    answer = client.post(path, sent)
    body = text_of(answer)
    assert answer.status_code == 422, answer.get("Location")
    assert at_field(body, field, words), (field, words)
    return body


def new(town: Town, **more: object) -> dict[str, object]:
    """Somebody new, as the form sends them."""
    return {
        "part": "register",
        "how": "register",
        "kind": "111",
        "number": number(BORN, 55),
        "name": "许可",
        "residence_kind": "permanent",
        "lives": "on",
        "token": str(uuid4()),
        "area": str(town.area("甲社区第一网格").pk),
        **more,
    }


@pytest.mark.row("R010")
def test_nobody_moves_in_before_being_born(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    early = {"since": "1992-02-28"}
    refused(client, f"{ROLL}new/", new(town, **early), "since", "早于出生日期 1992-02-29")
    assert client.post(f"{ROLL}new/", new(town, since="1992-02-29")).status_code == 303
    stay = {"residence_kind": "floating", "lives": "on", "since": "1979-01-01"}
    stay["area"] = str(town.area("甲社区第一网格").pk)
    refused(client, page_of(people["li"], "move_in/"), stay, "since", "早于出生日期 1979-11-05")


@pytest.mark.row("R010")
def test_a_phone_is_a_phone_and_is_read_as_people_paste_it(
    town: Town, people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    body = refused(client, f"{ROLL}new/", new(town, phone="12345"), "phone", "这个号码不像电话号码")
    assert "12345" in body
    wide = new(town, phone="１３９ １２３４ ５６７８", number="３２０２０５ 19920229 " + "0" * 4)
    wide["number"] = " ".join((number(BORN, 55)[:6], number(BORN, 55)[6:14], number(BORN, 55)[14:]))
    assert client.post(f"{ROLL}new/", wide).status_code == 303
    with under(system_act()):
        person = Person.objects.get(name="许可")
        assert person.phone is not None and person.phone.open() == "13912345678"
        assert person.document is not None and person.document.open() == number(BORN, 55)


@pytest.mark.row("R010")
def test_what_is_wrong_with_a_correction_stands_at_its_field(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "chen"), people["li"]
    kept = {"name": "李建国", "sex": "1", "born": "1979-11-05", "document_kind": "111"}
    path = page_of(li, "correct/")
    refused(client, path, {**kept, "document": "320205197911050171"}, "document", "最后一位对不上")
    ahead = (timezone.localdate() + timedelta(days=3)).isoformat()
    refused(client, path, {**kept, "born": ahead}, "born", "与身份证号不一致")
    refused(client, path, {**kept, "phone": "abc"}, "phone", "不是数字")
    refused(client, path, {**kept, "name": "李" * 61}, "name", "60")
    refused(client, path, {**kept, "name": "李\x00建国"}, "name", "看不见的字符")


@pytest.mark.row("R010", "R012")
def test_two_who_correct_at_once_do_not_undo_each_other(
    town: Town, people: dict[str, Person]
) -> None:
    chen, lin, li = entered(town, "chen"), entered(town, "lin"), people["li"]
    shown = {"name": "李建国", "sex": "1", "born": "1979-11-05", "document_kind": "111"}
    page = text_of(chen.get(page_of(li, "correct/")))
    assert 'name="seen-workplace"' in page and "seen-phone" not in page
    path, seen = page_of(li, "correct/"), {f"seen-{name}": value for name, value in shown.items()}
    seen |= {"seen-workplace": "", "seen-native_place": ""}
    assert lin.post(path, {**shown, **seen, "workplace": "春江超市"}).status_code == 303
    assert chen.post(path, {**shown, **seen, "native_place": "江苏无锡"}).status_code == 303
    with under(system_act()):
        li.refresh_from_db()
    assert (li.workplace, li.native_place) == ("春江超市", "江苏无锡"), "what was not touched stays"
    late = {**shown, **seen, "native_place": "江苏无锡", "seen-native_place": "江苏无锡"}
    late["workplace"] = "梅园饭店"
    body = refused(chen, path, late, "workplace", "有人把这一项改成了“春江超市”")
    assert 'name="seen-workplace" value="春江超市"' in body and "梅园饭店" in body
    sent = chen.post(path, {**late, "seen-workplace": "春江超市"})
    assert sent.status_code == 303
    with under(system_act()):
        held = Conflict.objects.get(row=li.pk, field="workplace", state=Conflict.State.OPEN)
    assert held.offered is not None and held.offered.open() == "梅园饭店"
    told = text_of(chen.get(sent.headers["Location"]))
    assert "工作单位还没有改" in told and "等待核定" in told, "nobody thinks it was changed"


@pytest.mark.row("R010")
def test_nobody_moves_in_after_death_unless_it_was_entered_late(
    town: Town, people: dict[str, Person]
) -> None:
    client, liu = entered(town, "chen"), people["liu"]
    path = page_of(liu, "death/")
    assert "入住日期是登记时填的" not in text_of(client.get(path)), "asked only when it matters"
    with under(system_act()):
        Residence.objects.filter(person=liu).update(since=date(2026, 3, 1))
    early = {"on": "2026-02-01", "sure": "False"}
    body = refused(client, path, early, "sure", "入住日期是 2026-03-01，在死亡日期之后")
    assert 'value="2026-02-01"' in body and 'type="checkbox"' in body
    assert client.post(path, {"on": "2026-02-01", "sure": "on"}).status_code == 303
    with under(system_act()):
        assert Residence.objects.get(person=liu).until == date(2026, 3, 1)


@pytest.mark.row("R014")
def test_a_second_head_of_a_home_is_asked_about(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    with under(system_act()):
        building = Home.objects.get(room="101").building
        building.address = building.address_key = "春江花园1幢"
        building.save()
    sent = new(town, home="春江花园1幢1单元101", relation="02", area="")
    refused(client, f"{ROLL}new/", {**sent, "apart": "False"}, "apart", "已有一户，户主是张伟")
    assert client.post(f"{ROLL}new/", {**sent, "apart": "on"}).status_code == 303
    with under(system_act()):
        assert Household.objects.filter(home__room="101", until=None).count() == 2


@pytest.mark.row("R013")
def test_a_tag_neither_begins_before_birth_nor_has_ended_by_now(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "he"), people["li"]
    path = page_of(li, "mark/")
    page = text_of(client.get(path))
    assert 'value="living_alone"' in page, "a tag that ends by itself"
    refused(client, path, {"code": "living_alone", "since": "1970-01-01"}, "since", "早于出生日期")
    refused(client, path, {"code": "living_alone", "since": "2001-01-01"}, "since", "就已到期")
    with under(system_act()):
        assert not Mark.objects.filter(person=li, code="living_alone").exists()


@pytest.mark.row("R010")
def test_a_tie_asks_for_a_number_that_can_be_and_a_day_in_one_s_life(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "chen"), people["li"]
    path = page_of(li, "bond/")
    sent = {"kind": "spouse", "guardian": "周慧"}
    wrong = {**sent, "guardian_number": "320205197911050171"}
    refused(client, path, wrong, "guardian_number", "最后一位对不上")
    refused(client, path, {**sent, "since": "1970-01-01"}, "since", "早于出生日期")
    refused(client, path, {**sent, "guardian_phone": "1391234"}, "guardian_phone", "不像电话号码")
    refused(client, path, {**sent, "guardian": "周3"}, "guardian", "不能有数字")
    with under(system_act()):
        assert not Bond.objects.filter(person=li, kind="spouse").exists()


@pytest.mark.row("R128")
def test_an_objection_is_answered_with_a_value_of_its_kind(
    town: Town, people: dict[str, Person]
) -> None:
    client, wang, act = entered(town, "chen"), people["wang"], town.act("wang")
    with under(act):
        held = raise_objection(act, person=wang, field="marital", wish="已婚")
    path, row = page_of(wang, "answer/"), {"row": held.pk}
    page = text_of(client.get(f"{path}?row={held.pk}"))
    assert '<select name="value"' in page and "婚姻状况更正为" in page
    assert "本人说应当是" in page and "已婚" in page
    told = {**row, "answer": "已经更正"}
    refused(client, path, {**told, "taken": "yes", "value": ""}, "value", "请写明更正成什么")
    refused(client, path, {**told, "taken": "yes", "value": "已婚"}, "value", "")
    assert client.post(path, {**told, "taken": "yes", "value": "20"}).status_code == 303
    with under(system_act()):
        wang.refresh_from_db()
        assert Objection.objects.get(pk=held.pk).state == Objection.State.TAKEN
    assert wang.marital == "20"
    with under(act):
        born = raise_objection(act, person=wang, field="born", wish="1985-04-13")
    sent = {"row": born.pk, "answer": "核对", "taken": "yes"}
    refused(client, path, {**sent, "value": "1985/13/45"}, "value", "")
    assert client.post(path, {**sent, "value": "2999-01-01"}).status_code == 422
    refused(client, path, {**sent, "value": "1985-04-13"}, "value", "不一致")


@pytest.mark.row("R010", "R013", "R014")
def test_nothing_is_taken_by_only_pressing_the_button(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "chen"), people["li"]
    with under(system_act()):
        pk = Household.objects.get(home__room="101").pk
    pages = {
        page_of(li, "move_in/"): "residence_kind",
        page_of(li, "mark/"): "code",
        page_of(li, "bond/"): "kind",
        page_of(li, "consent/"): "purpose",
        f"/desk/households/{pk}/head/": "person",
        f"/desk/households/{pk}/merge/": "other",
    }
    for path, field in pages.items():
        page = text_of(client.get(path))
        assert '<option value="" selected>请选择</option>' in page, path
        answer = client.post(path, {field: ""})
        assert answer.status_code == 422 and f'id="id_{field}_error"' in text_of(answer), path


def test_pages_of_a_person_and_a_household_lead_back_and_keep_their_column(
    town: Town, people: dict[str, Person]
) -> None:
    client, li = entered(town, "chen"), people["li"]
    for rest in ("history/", "around/", "correct/"):
        assert f'<a href="{page_of(li)}">李建国</a>' in text_of(client.get(page_of(li, rest)))
    with under(system_act()):
        pk = Household.objects.get(home__room="202").pk
    for path, column in (
        (f"/desk/households/{pk}/", "/desk/residents/"),
        ("/desk/facilities/", "/desk/estates/"),
        ("/desk/statistics/", "/desk/dictionary/"),
    ):
        marked = f'<a href="{column}" aria-current="page">'
        assert marked in text_of(client.get(path)), path


def test_whoever_registers_a_birth_begins_at_the_top(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "chen")
    assert "data-focus" in text_of(client.get(f"{ROLL}new/")), "who it is begins with the document"
    assert "data-focus" not in text_of(client.get(f"{ROLL}new/?birth=1"))


@pytest.mark.row("R017")
def test_an_estate_takes_no_other_s_name_and_ends_not_before_it_began(
    town: Town, people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    area = town.area("甲社区第一网格").pk
    sent = {"area": area, "kind": "commodity", "name": "梅园北村"}
    assert client.post("/desk/estates/new/", sent).status_code == 303
    with under(system_act()):
        estate = Estate.objects.get(name="梅园北村")
        Estate.objects.filter(pk=estate.pk).update(since=date(2026, 2, 1))
    at = f"/desk/estates/{estate.pk}/"
    twin = {"kind": "commodity", "name": "春江花园"}
    refused(client, f"{at}change/", twin, "name", "本社区已有同名小区")
    ahead = {"kind": "commodity", "name": "梅园北村", "built": timezone.localdate().year + 1}
    refused(client, f"{at}change/", ahead, "built", "建成年份不对")
    refused(client, f"{at}end/", {"on": "2026-01-31"}, "on", "早于开始的日期 2026-02-01")
    assert client.post(f"{at}change/", {**twin, "name": "梅园北村"}).status_code == 303
