"""Visits at the door: who is to be visited, a form filled in, what changed meanwhile, the phone's queue."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from linli.capabilities.registry.models import Consent, Household, Person
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files.models import File
from tests.asked import asked
from tests.families import settle
from tests.town import Town

AT = "/field/visit/"


def phone(town: Town, who: str = "sun") -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def picture(name: str) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PNG")
    out.seek(0)
    out.name = name
    return out


def home_of(people: dict[str, Person], key: str) -> int:
    with under(system_act()):
        return Household.objects.get(members__person=people[key], until__isnull=True).pk


@pytest.mark.row("R010")
def test_the_round_shows_the_own_grid_with_gaps_first(town: Town) -> None:
    people, client = settle(), phone(town)
    page = client.get(AT).content.decode()
    assert "春江花园" in page and "缺" in page and "张伟" in page
    assert "李建国" not in page, "the other grid is another worker's"
    assert "没有找到这一户" in client.get(AT, {"q": "没有此人"}).content.decode()
    assert client.get(f"{AT}{home_of(people, 'li')}/").status_code == 404


@pytest.mark.row("R010")
def test_what_is_said_at_the_door_is_kept_once(town: Town) -> None:
    people, client = settle(), phone(town)
    house, wang = home_of(people, "wang"), people["wang"].pk
    page = client.get(f"{AT}{house}/").content.decode()
    assert "王小梅" in page and "13900000024" not in page and "签名" in page
    token = str(uuid4())
    sent = {
        f"p{wang}-education": "21",
        f"p{wang}-was_education": "",
        f"p{wang}-marital": "20",
        f"p{wang}-was_marital": "",
        "token": token,
        "signer": wang,
    }
    answer = client.post(
        f"{AT}{house}/",
        {**sent, "photos": picture("door.png"), "signature": picture("signature.png")},
    )
    assert answer.status_code == 303, answer.content.decode()
    assert "今天走过" in client.get(answer["Location"]).content.decode()
    with under(system_act()):
        person = Person.objects.get(pk=wang)
        assert (person.education, person.marital) == ("21", "20")
        assert Consent.objects.filter(person=wang, signature__isnull=False).count() == 1
        assert File.objects.filter(owner_type="registry.household", owner_id=house).count() == 1
        facts = Fact.objects.filter(verb="registry.visit")
        assert facts.count() == 1 and "'20'" not in str(facts[0].data)
    assert client.post(f"{AT}{house}/", {**sent}).status_code == 303
    with under(system_act()):
        assert Fact.objects.filter(verb="registry.visit").count() == 1, "sent again: nothing twice"


@pytest.mark.row("R010")
def test_a_value_changed_meanwhile_is_told_and_not_overwritten(town: Town) -> None:
    people, client = settle(), phone(town)
    house, wang = home_of(people, "wang"), people["wang"].pk
    with under(system_act()):
        Person.objects.filter(pk=wang).update(education="31")
    sent = {
        f"p{wang}-education": "21",
        f"p{wang}-was_education": "",
        "token": str(uuid4()),
    }
    queue = client.post(f"{AT}{house}/", sent, headers={"accept": "application/json"})
    assert queue.status_code == 409 and queue.json()["code"] == "changed"
    assert "王小梅" in queue.json()["message"]
    page = client.post(f"{AT}{house}/", {**sent, "token": str(uuid4())})
    text = page.content.decode()
    assert page.status_code == 422 and "有人先改过了" in text and "仍按我填的提交" in text
    with under(system_act()):
        assert Person.objects.get(pk=wang).education == "31"
    sure = {**sent, "token": str(uuid4()), "sure": "on"}
    done = client.post(f"{AT}{house}/", sure, headers={"accept": "application/json"})
    assert done.status_code == 200 and done.json()["href"]


def test_wrong_input_keeps_what_was_typed(town: Town) -> None:
    people, client = settle(), phone(town)
    house, wang = home_of(people, "wang"), people["wang"].pk
    sent = {f"p{wang}-phone": "123", f"p{wang}-workplace": "打字打到一半", "token": str(uuid4())}
    page = client.post(f"{AT}{house}/", sent)
    assert page.status_code == 422 and "打字打到一半" in page.content.decode()


def test_pages_ask_little(town: Town) -> None:
    people, client = settle(), phone(town)
    for path in (AT, f"{AT}{home_of(people, 'wang')}/"):
        client.get(path)
        with asked() as said:
            assert client.get(path).status_code == 200
        assert len(said) <= 9, "\n".join([path, *said])
