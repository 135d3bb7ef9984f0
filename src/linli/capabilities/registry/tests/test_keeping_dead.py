"""How long the numbers of the dead are kept: told always, erased only where the pack says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from linli.capabilities.registry.models import Past, Person
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services import keeping
from linli.capabilities.registry.tests.desk import entered, page_of, people, text_of
from linli.kernel.acts import Act, system_act, under
from linli.kernel.acts.models import Fact
from tests.town import Town

__all__ = ["people"]


def died(person: Person, on: date) -> None:
    with under(system_act()):
        row = Person.objects.get(pk=person.pk)
        row.phone = "13600000009"  # so that a former value is kept
        row.died = on
        row.save()


def numbers(person: Person) -> tuple[Any, Any]:
    with under(system_act()):
        row = Person.objects.get(pk=person.pk)
        return row.document, row.phone


@pytest.fixture
def nightly(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack in which the house erases by itself."""
    before = kinds.section()
    rows = tuple(
        each.model_copy(update={"nightly": True}) if each.code == "death" else each
        for each in before.retention
    )
    changed = RegistryPolicy.model_validate(before.model_dump() | {"retention": rows})
    monkeypatch.setattr(kinds, "section", lambda: changed)


def _night(act: Act) -> int:
    with under(act):
        return keeping.forget_dead(act)


def test_nothing_is_erased_unless_the_pack_says_so(town: Town, people: dict[str, Person]) -> None:
    died(people["liu"], date(2001, 1, 1))
    assert _night(system_act()) == 0 and numbers(people["liu"])[0] is not None
    with under(system_act()):
        assert not Fact.objects.filter(verb="registry.forget_dead").exists()


@pytest.mark.usefixtures("nightly")
def test_the_numbers_of_the_long_dead_end_with_what_was_kept_of_them(
    town: Town, people: dict[str, Person]
) -> None:
    died(people["liu"], date(2001, 1, 1))
    died(people["zhang"], date.today().replace(year=date.today().year - 2, day=1))
    assert _night(system_act()) == 1
    assert numbers(people["liu"]) == (None, None)
    assert None not in numbers(people["zhang"]) and None not in numbers(people["wang"])
    with under(system_act()):
        kept = Past.objects.filter(table="registry_person", person=people["liu"].pk)
        held = {name for past in kept for name in past.before}
        assert kept.exists() and not held & {"document", "document_index", "phone", "phone_index"}
        assert Person.objects.get(pk=people["liu"].pk).name == people["liu"].name
        assert Fact.objects.get(verb="registry.forget_dead").data["count"] == 1
    assert _night(system_act()) == 0


def test_the_function_never_reaches_the_living_or_the_newly_dead(
    town: Town, people: dict[str, Person]
) -> None:
    died(people["liu"], date.today())
    with under(system_act()), connection.cursor() as cursor:
        cursor.execute("SELECT registry_forget_dead(current_date + 1)")
        assert cursor.fetchone() == (0,)
    assert None not in numbers(people["liu"])


def test_the_page_of_the_dead_says_how_long(town: Town, people: dict[str, Person]) -> None:
    died(people["liu"], date(2026, 1, 1))
    page = text_of(entered(town, "he").get(page_of(people["liu"])))
    assert "死亡 120 个月后清除" in page and "还没有启用自动清除" in page and "待各地核定" in page
