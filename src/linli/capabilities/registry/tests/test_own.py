"""My information: mine alone, with its sources; corrected, objected to, withdrawn, tied to an account."""

from __future__ import annotations

from datetime import date

import pytest

from linli.capabilities.registry.models import Mark, Objection, Person, Residence
from linli.capabilities.registry.tests.test_desk_people import entered, page_of, text_of
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
