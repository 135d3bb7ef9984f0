"""The desk of the town's people: who enters, whom they open."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.capabilities.registry.models import Person, Residence
from linli.kernel.acts import system_act, under
from tests import families
from tests.town import Town

ROLL = "/desk/residents/"


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
