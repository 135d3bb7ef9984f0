"""What is done to people's records, by outcome and fact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from linli.capabilities.registry.models import (
    Batch,
    Bond,
    Consent,
    Home,
    Household,
    Mark,
    Past,
    Person,
    Residence,
)
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.selectors import history
from linli.capabilities.registry.services import (
    adopt,
    bonds,
    consent,
    corrections,
    households,
    marks,
    people,
)
from linli.capabilities.registry.services.people import Guardian, Newcomer
from linli.capabilities.registry.services.staying import Stay
from linli.kernel.acts import Act, Denied, Refusal, system_act, under
from linli.kernel.acts.models import Fact
from tests import families
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
JUNE = date(2026, 6, 1)


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


def home(room: str) -> Home:
    with under(system_act()):
        return Home.objects.get(room=room)


def newcomer(room: str = "202", born: date = date(1992, 5, 1), **more: Any) -> Newcomer:
    identity = more.pop("identity", Identity("周小雨", "111", families.number(born, 55)))
    stay = more.pop("stay", Stay("floating", home=home(room).pk, relation="02"))
    return Newcomer(identity, stay, **more)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda error: error.code == code)


def fact(verb: str) -> Fact:
    with under(system_act()):
        found = Fact.objects.filter(verb=verb).last()
    assert found is not None
    return found


def seen(act: Act, person: Person) -> bool:
    with under(act):
        return Person.objects.filter(pk=person.pk).exists()


def test_somebody_new_is_registered_with_a_household(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    made = people.register(chen, newcomer=newcomer(values={"phone": "13912345678"}))
    with under(chen):
        row = Person.objects.get(pk=made.pk)
        stay = row.residences.get()
        assert (row.sex, row.born, str(row.phone)) == ("1", date(1992, 5, 1), "139****5678")
        assert stay.household is not None and stay.household.head == row
        assert row.sources["*"] == stay.sources["*"]
        batch = Batch.objects.get(pk=row.sources["*"])
        assert (batch.source.code, batch.account_id, batch.as_of) == ("window", chen.actor, JUNE)
    told = fact("registry.register")
    assert (told.subject_type, told.subject_id) == ("registry.person", made.pk)
    assert told.data == {"residence": stay.pk, "area": stay.area_id, "home": stay.home_id}


def test_a_double_click_makes_one_person(town: Town, folk: dict[str, Person]) -> None:
    token, chen = uuid4(), town.act("chen", AT)
    first = people.register(chen, newcomer=newcomer(), token=token)
    assert people.register(chen, newcomer=newcomer(), token=token) == first
    with under(system_act()):
        assert Person.objects.filter(name="周小雨").count() == 1
    with refused("key-reused"):
        people.register(chen, newcomer=newcomer("101"), token=token)


@pytest.mark.parametrize(
    ("key", "name", "code"),
    [
        ("wang", "王小梅", "known-here"),
        ("zhao", "赵敏", "known-elsewhere"),
        ("zhao", "赵明", "other-name"),
        ("wang", "王晓梅", "other-name"),
    ],
)
def test_a_known_number_makes_no_second_person(
    town: Town, folk: dict[str, Person], key: str, name: str, code: str
) -> None:
    number = folk[key].document.open()
    asked = newcomer(identity=Identity(name, "111", number))
    with refused(code):
        people.register(town.act("chen", AT), newcomer=asked)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"stay": Stay("floating", home=0)}, "no-home"),
        ({"stay": Stay("floating")}, "no-place"),
        ({"stay": Stay("", area=1)}, "no-kind"),
        ({"stay": Stay("floating", area=-1)}, "no-place"),
        ({"born": date(2015, 1, 1)}, "no-guardian"),
        ({"values": {"name": "x"}}, "unknown-field"),
        ({"values": {"account": 1}}, "unknown-field"),
    ],
)
def test_what_is_refused(
    town: Town, folk: dict[str, Person], more: dict[str, Any], code: str
) -> None:
    with refused(code):
        people.register(town.act("chen", AT), newcomer=newcomer(**more))
    with under(system_act()):
        assert not Person.objects.filter(name="周小雨").exists()


def test_nobody_is_registered_out_of_sight(town: Town, folk: dict[str, Person]) -> None:
    with refused("no-home"):
        people.register(town.act("chen", AT), newcomer=newcomer("301"))
    area = town.area("乙社区").pk
    with refused("out-of-sight"):
        people.register(town.act("chen", AT), newcomer=newcomer(stay=Stay("floating", area=area)))
    with pytest.raises(Denied):
        people.register(town.act("wu", AT), newcomer=newcomer())


def test_a_namesake_without_a_number_is_asked_about(town: Town, folk: dict[str, Person]) -> None:
    twin = Identity("王小梅", born=date(1985, 4, 12))
    with refused("namesake"):
        people.register(town.act("chen", AT), newcomer=newcomer(identity=twin))
    made = people.register(town.act("chen", AT), newcomer=newcomer(identity=twin, sure=True))
    assert made.pk != folk["wang"].pk and made.document is None


def test_a_child_is_born_into_its_family(town: Town, folk: dict[str, Person]) -> None:
    born = date(2026, 5, 20)
    with under(system_act()):
        family = Household.objects.get(home=home("101"))
    stay = Stay("registered", home=home("101").pk, household=family.pk, relation="20")
    child = people.birth(
        town.act("sun", AT),
        newcomer=Newcomer(
            Identity("张悦", born=born, sex="2"), stay, guardians=(Guardian(folk["wang"].pk),)
        ),
        source="door",
    )
    with under(town.act("sun", AT)):
        bond = Bond.objects.get(person=child)
        assert (bond.other, bond.kind, bond.since) == (folk["wang"], "guardian", born)
        stayed = child.residences.get()
        assert (stayed.since, stayed.household) == (born, family)
    child_guard = Guardian(folk["le"].pk)
    with refused("guardian"):
        people.birth(
            town.act("sun", AT),
            newcomer=Newcomer(Identity("张想", born=born), stay, guardians=(child_guard,)),
        )


def test_an_adoption_meets_the_one_file(town: Town, folk: dict[str, Person]) -> None:
    chen, zhou = town.act("chen", AT), town.act("zhou", AT)
    who = Identity("赵敏", "111", folk["zhao"].document.open())
    stay = Stay("floating", home=home("202").pk, since=date(2026, 5, 1))
    assert not seen(chen, folk["zhao"])
    met = adopt.adopt(chen, identity=who, stay=stay, reason="租住本社区")
    assert met.pk == folk["zhao"].pk and seen(chen, met) and seen(zhou, met)
    with under(chen):
        assert [r.kind for r in Residence.objects.filter(person=met)] == ["floating"]
    with under(zhou):
        former = Residence.objects.get(person=met)
        assert (former.kind, former.until, former.lives) == ("registered", None, False)
    told = fact("registry.adopt")
    assert told.data["former"] == [town.area("乙社区").pk]
    assert "租住" not in str(told.data) and "赵敏" not in str(told.data)


def test_a_community_that_was_left_reads_and_changes_nothing(
    town: Town, folk: dict[str, Person]
) -> None:
    chen, zhou, zhao = town.act("chen", AT), town.act("zhou", AT), folk["zhao"]
    who = Identity("赵敏", "111", zhao.document.open())
    corrections.correct(zhou, zhao, changes={"workplace": "梅园小学"})
    adopt.adopt(chen, identity=who, stay=Stay("registered", home=home("202").pk), reason="户口迁入")
    assert seen(zhou, zhao), "what was its own it still reads"
    with refused("left"):
        corrections.correct(zhou, zhao, changes={"workplace": "别处"})
    with refused("left"):
        marks.mark(zhou, person=zhao, code="volunteer", basis="本人自荐")
    with refused("left"):
        bonds.tie(zhou, zhao, other=Guardian(name="赵母", phone="13600000001"), kind="emergency")
    corrections.correct(chen, zhao, changes={"workplace": "春江小学"})


def test_registered_elsewhere_stays_registered_there(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    who = Identity("赵敏", "111", folk["zhao"].document.open())
    adopt.adopt(chen, identity=who, stay=Stay("floating", home=home("202").pk), reason="租住")
    with under(system_act()):
        stays = {r.kind: (r.lives, r.until) for r in folk["zhao"].residences.all()}
    assert stays == {"registered": (False, None), "floating": (True, None)}
    people.move_in(chen, folk["zhao"], stay=Stay("registered", home=home("202").pk))
    with under(system_act()):
        ended = folk["zhao"].residences.get(ending="transferred")
    assert ended.area_id == town.area("乙社区").pk


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        (("赵敏", "zhao"), " ", "required"),
        (("赵明", "zhao"), "租住", "other-name"),
        (("王小梅", "wang"), "租住", "known-here"),
    ],
)
def test_adoptions_refused(
    town: Town, folk: dict[str, Person], who: tuple[str, str], reason: str, code: str
) -> None:
    asked = Identity(who[0], "111", folk[who[1]].document.open())
    with refused(code):
        adopt.adopt(
            town.act("chen", AT),
            identity=asked,
            stay=Stay("floating", home=home("202").pk),
            reason=reason,
        )


def test_an_unknown_number_is_not_adopted(town: Town, folk: dict[str, Person]) -> None:
    asked = Identity("周小雨", "111", families.number(date(1992, 5, 1), 55))
    with refused("unknown"):
        adopt.adopt(
            town.act("chen", AT),
            identity=asked,
            stay=Stay("floating", home=home("202").pk),
            reason="来",
        )


def test_moving_out_closes_the_stay_and_the_past_is_kept(
    town: Town, folk: dict[str, Person]
) -> None:
    chen, li = town.act("chen", AT), folk["li"]
    with under(chen):
        stay = Residence.objects.get(person=li)
        grid = stay.area_id
    with refused("before-start"):
        people.move_out(chen, li, residence=stay.pk, on=families.SINCE - timedelta(days=1))
    with refused("future"):
        people.move_out(chen, li, residence=stay.pk, on=JUNE + timedelta(days=1))
    people.move_out(chen, li, residence=stay.pk, on=date(2026, 5, 31))
    with refused("ended"):
        people.move_out(chen, li, residence=stay.pk)
    with under(chen):
        household = Household.objects.get(home=home("202"))
        assert (household.until, household.head) == (date(2026, 5, 31), None), "nobody is left"
        for day, lives in ((date(2025, 12, 31), True), (date(2026, 5, 31), False)):
            found = history.residents_on(chen, grid, day)
            assert (li in found) == lives, day
            assert history.counted_on(chen, grid, day) == found.count() == int(lives)
        kept = Past.objects.filter(table="registry_residence", row=stay.pk).last()
        assert kept is not None and kept.actor == chen.actor and "until" in kept.before


def test_a_death_ends_what_the_rules_say(town: Town, folk: dict[str, Person]) -> None:
    he, liu = town.act("he", AT), folk["liu"]
    consent.consent(he, person=liu, purpose="health")
    with refused("before-start"):
        people.death(he, liu, on=date(1940, 1, 1))
    people.death(he, liu, on=date(2026, 5, 30))
    with under(he):
        assert {m.until for m in Mark.objects.filter(person=liu)} == {date(2026, 5, 30)}
        stay = Residence.objects.get(person=liu)
        assert (stay.until, stay.ending) == (date(2026, 5, 30), "died")
        assert not Consent.objects.filter(person=liu, withdrawn__isnull=True).exists()
        before = history.residents_on(he, town.area("甲社区").pk, date(2025, 12, 31))
        assert liu in before
        assert history.as_on(he, Person.objects.get(pk=liu.pk), date(2025, 1, 1))["died"] is None
    with refused("died"):
        people.move_in(he, liu, stay=Stay("lodging", home=home("202").pk))


def test_a_household_splits_and_merges_on_days(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    with under(chen):
        family = Household.objects.get(home=home("101"))
    made = households.split_household(
        chen, family, members=[folk["liu"].pk], head=folk["liu"].pk, on=date(2026, 3, 1)
    )
    with under(chen):
        was, now = Residence.objects.filter(person=folk["liu"]).order_by("id")
        assert (was.household, was.until, was.ending) == (family, date(2026, 3, 1), "split")
        assert (now.household, now.since, now.relation) == (made, date(2026, 3, 1), "02")
        for day in (date(2026, 2, 28), date(2026, 3, 1)):
            assert history.stays_on(chen, now.area_id, day).filter(person=folk["liu"]).count() == 1
    with refused("members"):
        households.split_household(chen, made, members=[folk["liu"].pk], head=folk["liu"].pk)
    households.merge_households(chen, family, other=made, on=date(2026, 5, 1))
    with under(chen):
        assert Residence.objects.get(person=folk["liu"], until__isnull=True).household == family
        assert Household.objects.get(pk=made.pk).until == date(2026, 5, 1)
    with refused("ended"):
        households.merge_households(chen, family, other=made)
