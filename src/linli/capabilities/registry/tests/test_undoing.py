"""What was entered by mistake comes back as it was, once, with its reason; ties, accounts, both parents at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.capabilities.registry.models import (
    Bond,
    Consent,
    Household,
    Mark,
    Past,
    Person,
    Residence,
)
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.selectors import dossier, looking, roll
from linli.capabilities.registry.services import bonds, links, marks, people, undoing
from linli.capabilities.registry.services.people import Guardian, Newcomer
from linli.capabilities.registry.services.staying import Stay
from linli.capabilities.registry.services.undoing import UNDONE
from linli.capabilities.registry.tests.test_people import AT, fact, home, refused, seen
from linli.kernel.acts import Act, Denied, system_act, under
from linli.kernel.acts.models import Fact, Words
from tests import families
from tests.town import Town

DAY = date(2026, 5, 20)


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


def state(person: Person) -> dict[str, Any]:
    """What stands of somebody, wherever it lies."""
    with under(system_act()):
        return {
            "died": Person.objects.get(pk=person.pk).died,
            "stays": list(
                Residence.objects.filter(person=person)
                .order_by("id")
                .values_list("id", "since", "until", "ending", "lives")
            ),
            "heads": list(Household.objects.order_by("id").values_list("head_id", "until")),
            "marks": list(
                Mark.objects.filter(person=person).order_by("id").values_list("id", "until")
            ),
            "bonds": list(Bond.objects.order_by("id").values_list("id", "until")),
            "consents": list(Consent.objects.filter(person=person).values_list("withdrawn")),
        }


@pytest.mark.row("R010")
def test_a_death_by_mistake_is_undone_as_a_whole(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    for key in ("wang", "liu", "zhang", "li"):
        before = state(folk[key])
        people.death(chen, folk[key], on=DAY)
        gone = state(folk[key])
        assert gone["died"] == DAY and gone != before
        assert all(until for _id, _since, until, _ending, _lives in gone["stays"]), key
        undoing.undo(chen, folk[key], fact=fact("registry.death").pk, reason="登记错了人")
        assert state(folk[key]) == before, key
    told = fact("registry.undo")
    assert told.data["verb"] == "registry.death" and "登记错了人" not in str(told.data)
    with under(system_act()):
        assert Words.objects.get(fact=told, name="reason").body == "登记错了人"
        assert Past.objects.filter(table="registry_person", row=folk["li"].pk).count() >= 2


def test_a_death_ends_sensitive_marks_and_stays_elsewhere_too(
    town: Town, folk: dict[str, Person]
) -> None:
    people.death(town.act("chen", AT), folk["liu"], on=DAY)
    assert {until for _id, until in state(folk["liu"])["marks"]} == {DAY}
    people.death(town.act("chen", AT), folk["li"], on=DAY)
    assert {row[2] for row in state(folk["li"])["stays"]} == {DAY}, "his register in 乙社区 ends"
    assert fact("registry.death").data["former"], "and 乙社区 is told"


def test_nothing_is_undone_twice_or_after_something_else(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    people.death(chen, folk["zhang"], on=DAY)
    death = fact("registry.death")
    with refused("required"):
        undoing.undo(chen, folk["zhang"], fact=death.pk, reason=" ")
    with refused("not-undone"):
        undoing.undo(chen, folk["wang"], fact=death.pk, reason="张冠李戴")
    with pytest.raises(Denied):
        undoing.undo(town.act("sun", AT), folk["zhang"], fact=death.pk, reason="没有权限")
    undoing.undo(chen, folk["zhang"], fact=death.pk, reason="登记错了")
    with refused("changed-since"):
        undoing.undo(chen, folk["zhang"], fact=death.pk, reason="再来一次")
    with under(chen):
        stay = Residence.objects.get(person=folk["zhang"], until=None)
    people.move_out(chen, folk["zhang"], residence=stay.pk, on=DAY)
    out = fact("registry.move_out")
    people.death(chen, folk["zhang"], on=date(2026, 5, 25))
    with under(chen):
        assert [d.verb for d in looking.undoable(chen, folk["zhang"], UNDONE)][0] == death.verb
    undoing.undo(chen, folk["zhang"], fact=out.pk, reason="没有搬走")
    assert state(folk["zhang"])["died"], "the stay came back; the death was about something else"


def test_a_wrong_move_is_undone_with_what_it_ended(town: Town, folk: dict[str, Person]) -> None:
    chen, before = town.act("chen", AT), state(folk["li"])
    there = home("101").pk
    people.move_in(chen, folk["li"], stay=Stay("permanent", home=there, relation="99"))
    undoing.undo(chen, folk["li"], fact=fact("registry.move_in").pk, reason="看错了房号")
    after = state(folk["li"])
    assert [s for s in after["stays"] if s in before["stays"]] == before["stays"]
    (wrong,) = [s for s in after["stays"] if s not in before["stays"]]
    assert wrong[1] == wrong[2] and wrong[3] == "corrected", "it held on no day"
    with under(chen):
        lines = roll.lived_on(chen, wrong[1], roll.Filters(household=None)).lines
        assert sum(line.person == folk["li"].pk for line in lines) == 1


def test_a_tag_given_by_mistake_never_held_and_may_come_back(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    given = marks.mark(chen, person=folk["li"], code="tenant", since=DAY)
    marks.unmark(chen, given, reason="加错了人", mistake=True)
    with under(chen):
        found = dossier.opened(chen, folk["li"].pk)
        assert found is not None and found.marks[0].until == DAY
    undoing.undo(chen, folk["li"], fact=fact("registry.unmark").pk, reason="其实没错")
    with under(chen):
        assert Mark.objects.get(pk=given.pk).until != DAY


def test_ties_between_persons(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    far = Guardian(name="孙立", number=folk["sunli"].document.open(), phone="13900001234")
    bond = bonds.tie(chen, folk["liu"], other=far, kind="carer", since=DAY)
    assert bond.other_id == folk["sunli"].pk
    assert not seen(chen, folk["sunli"]), "whoever is tied is not seen for it"
    with under(chen):
        found = dossier.opened(chen, folk["liu"].pk)
        assert found is not None
        (told,) = [g for g in found.guards if g.row.pk == bond.pk]
        assert (told.name, told.person) == ("孙立", None)
    with refused("twice"):
        bonds.tie(chen, folk["liu"], other=far, kind="carer")
    with refused("kind"):
        bonds.tie(chen, folk["liu"], other=far, kind="guardian")
    bonds.untie(chen, bond, reason="不再照料")
    undoing.undo(chen, folk["liu"], fact=fact("registry.unbond").pk, reason="还在照料")
    with under(chen):
        assert Bond.objects.get(pk=bond.pk).until is None


def test_a_minor_keeps_a_guardian(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    with under(chen):
        only = Bond.objects.get(person=folk["le"], kind="guardian")
    with refused("no-guardian"):
        bonds.untie(chen, only, reason="离婚")
    bonds.name_guardian(chen, folk["le"], guardian=Guardian(folk["zhang"].pk))
    assert bonds.untie(chen, only, reason="离婚").until is not None
    with refused("guardian"):
        bonds.name_guardian(chen, folk["le"], guardian=Guardian(folk["le"].pk))


def test_a_guardian_lapses_when_the_child_comes_of_age(town: Town, folk: dict[str, Person]) -> None:
    def lapsed(act: Act) -> bool:
        with under(act):
            found = dossier.opened(act, folk["le"].pk)
            assert found is not None
            return next(g.lapsed for g in found.guards)

    birthday = AT.replace(year=2034, month=9, day=1)
    assert not lapsed(town.act("chen", birthday.replace(month=8)))
    assert lapsed(town.act("chen", birthday))


@pytest.mark.row("R131")
def test_an_account_is_linked_at_the_window_and_unlinked(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    with refused("linked"):
        links.link_at_window(chen, folk["wang"], phone="13800000001", seen="111")
    links.unlink_account(chen, folk["wang"], reason="换了手机号")
    resident = town.act("wang", AT)
    assert not seen(resident, folk["wang"])
    for phone, document, code in (
        ("13800000001", "414", "not-seen"),
        ("13855555555", "111", "no-account"),
        ("13800000002", "111", "linked-otherwise"),
    ):
        with refused(code):
            links.link_at_window(chen, folk["wang"], phone=phone, seen=document)
    links.link_at_window(chen, folk["wang"], phone="13800000001", seen="111")
    assert seen(resident, folk["wang"])
    assert fact("registry.link_at_window").data["account"] == resident.actor
    with under(system_act()):
        assert "13800000001" not in str(list(Fact.objects.values_list("data", flat=True)))
    with pytest.raises(Denied):
        links.link_at_window(town.act("sun", AT), folk["zhang"], phone="1", seen="111")


def test_twins_and_namesakes_stay_apart(town: Town, folk: dict[str, Person]) -> None:
    chen, born = town.act("chen", AT), date(2026, 5, 1)
    stay = Stay("registered", home=home("101").pk, relation="20")
    parent = (Guardian(folk["wang"].pk),)

    def birth(name: str, **more: Any) -> Person:
        return people.birth(
            chen, newcomer=Newcomer(Identity(name, born=born), stay, guardians=parent, **more)
        )

    one, other = birth("张子墨"), birth("张子轩")
    assert one.pk != other.pk, "twins have one birthday and two names"
    with refused("namesake"):
        birth("张子墨")
    assert birth("张子墨", sure=True).pk != one.pk
    with refused("namesake"):  # the number came after the birth was entered: it is the same child
        people.register(
            chen,
            newcomer=Newcomer(
                Identity("张子轩", "111", families.number(born, 31)), stay, guardians=parent
            ),
        )
