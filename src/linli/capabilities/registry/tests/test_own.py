"""My information: mine alone, with its sources; corrected, objected to, withdrawn, tied to an account."""

from __future__ import annotations

from datetime import date

import pytest

from linli.capabilities.registry.models import Mark, Objection, Person, Residence
from linli.capabilities.registry.tests.desk import entered, page_of, text_of
from linli.kernel.acts import system_act, under
from tests import families
from tests.families import number
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def people(town: Town) -> dict[str, Person]:
    """The families of the town, by key."""
    return families.settle()


@pytest.mark.row("R131")
def test_an_objection_is_raised_answered_and_read(town: Town, people: dict[str, Person]) -> None:
    resident = entered(town, "wang")
    path = "/me/registry/object/"
    empty = resident.post(path, {"field": "education", "wish": "", "words": ""})
    assert empty.status_code == 422
    sent = {"field": "education", "wish": "大学本科毕业", "words": "有毕业证"}
    assert resident.post(path, sent).status_code == 303
    assert resident.post(path, sent).status_code == 422, "one open objection for a value"
    with under(system_act()):
        row = Objection.objects.get(person=people["wang"], field="education")
    client, step = entered(town, "chen"), page_of(people["wang"], "answer/")
    assert client.post(step, {"row": row.pk, "taken": "yes", "answer": ""}).status_code == 422
    answer = {"row": row.pk, "taken": "yes", "value": "21", "answer": "已核对毕业证"}
    assert client.post(step, answer).status_code == 303
    own = text_of(resident.get("/me/registry/"))
    assert "已核对毕业证" in own and "大学本科毕业" in own


@pytest.mark.row("R131")
def test_my_information_is_mine_alone(town: Town, people: dict[str, Person]) -> None:
    resident = entered(town, "wang")
    own = text_of(resident.get("/me/registry/"))
    assert "王小梅" in own and "社区服务" in own
    assert "刘秀英" not in own and "李建国" not in own
    with under(system_act()):
        consent = people["wang"].consents.get()
    stranger = entered(town, "li").post(f"/me/registry/consents/{consent.pk}/withdraw/")
    assert stranger.status_code == 404
    assert resident.post(f"/me/registry/consents/{consent.pk}/withdraw/").status_code == 303
    assert "已撤回" in text_of(resident.get("/me/registry/"))


def test_an_account_is_tied_by_exact_name_and_number(town: Town, people: dict[str, Person]) -> None:
    with under(system_act()):
        people["wang"].account = None
        people["wang"].phone = town.account("wang").phone
        people["wang"].save()
        for rows in (Residence, Mark, Objection):
            rows._default_manager.filter(person=people["wang"]).update(account=None)
        people["wang"].consents.update(account=None)
    resident = entered(town, "wang")
    assert "先证明是您本人" in text_of(resident.get("/me/registry/"))
    card = number(date(1985, 4, 12), 24)
    wrong = resident.post("/me/registry/link/", {"name": "王晓梅", "number": card})
    assert wrong.status_code == 422 and card in text_of(wrong)
    right = resident.post("/me/registry/link/", {"name": "王小梅", "number": card})
    assert right.status_code == 303
    assert "王小梅" in text_of(resident.get("/me/registry/"))


@pytest.mark.row("R131")
def test_a_guardian_reads_and_objects_for_the_child(town: Town, people: dict[str, Person]) -> None:
    parent, le = entered(town, "wang"), people["le"]
    assert f"/me/registry/children/{le.pk}/" in text_of(parent.get("/me/registry/"))
    page = text_of(parent.get(f"/me/registry/children/{le.pk}/"))
    assert "张乐" in page and "监护人" in page and number(date(2016, 9, 1), 11) not in page
    for key in ("wang", "zhang", "liu", "zhao"):
        assert parent.get(f"/me/registry/children/{people[key].pk}/").status_code == 404
    assert entered(town, "li").get(f"/me/registry/children/{le.pk}/").status_code == 404
    sent = {"ward": le.pk, "field": "ethnic", "wish": "满族", "words": ""}
    assert parent.post("/me/registry/object/", sent).status_code == 303
    assert entered(town, "li").post("/me/registry/object/", sent).status_code in (404, 422)
    with under(system_act()):
        row = Objection.objects.get(person=le)
    assert row.account_id == town.account("wang").pk
    assert "待核实" in text_of(parent.get(f"/me/registry/children/{le.pk}/"))


def test_a_guardian_s_sight_ends_when_the_child_is_grown(
    town: Town, people: dict[str, Person]
) -> None:
    with under(system_act()):
        le = people["le"]
        Person.objects.filter(pk=le.pk).update(born=date(2004, 1, 1))
    parent = entered(town, "wang")
    assert parent.get(f"/me/registry/children/{le.pk}/").status_code == 404
    assert "张乐" not in text_of(parent.get("/me/registry/"))


def test_a_resident_agrees_to_a_purpose_of_the_pack(town: Town, people: dict[str, Person]) -> None:
    client = entered(town, "wang")
    assert client.post("/me/registry/consents/", {"purpose": "culture"}).status_code == 303
    assert "文体活动" in text_of(client.get("/me/registry/"))
    client.post("/me/registry/consents/", {"purpose": "service"})
    with under(system_act()):
        found = set(people["wang"].consents.values_list("purpose", flat=True))
    assert "culture" in found and "service" not in found


@pytest.mark.row("R015")
def test_what_a_ground_of_residence_opens_is_told_with_its_source(
    town: Town, people: dict[str, Person]
) -> None:
    told = text_of(entered(town, "chen").get(page_of(people["li"])))
    assert "申领居住证" in told and "居住证暂行条例" in told and "默认示例" in told
    assert "申领居住证" not in text_of(entered(town, "chen").get(page_of(people["wang"])))
    assert "社区基本公共服务" in text_of(entered(town, "li").get("/me/registry/"))
