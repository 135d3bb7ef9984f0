"""Who sees which person, and two people doing the same at once, with the application's role."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from linli.capabilities.registry.models import Home, Household, Mark, Past, Person, Residence, Tie
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.selectors import dossier, history, roll
from linli.capabilities.registry.selectors.search import search
from linli.capabilities.registry.services import (
    adopt,
    consent,
    households,
    keeping,
    marks,
    people,
    undoing,
)
from linli.capabilities.registry.services.people import Guardian, Newcomer
from linli.capabilities.registry.services.staying import Stay
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.vault.services import reveal
from tests import families
from tests.safety.conftest import Story
from tests.safety.test_concurrency import at_once, one_wins
from tests.safety.test_walls import blind, keys, rows
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
FAMILY = {"王小梅", "张伟", "张乐", "刘秀英"}
SIGHT: dict[str, set[str]] = {
    "guest": set(),
    "keyed": set(),
    "wang": {"王小梅"},
    "li": {"李建国"},
    "sun": FAMILY,
    "qian": {"李建国"},
    "chen": FAMILY | {"李建国"},
    "zhou": {"赵敏", "李建国"},
    "wu": FAMILY | {"李建国", "赵敏"},
    "zheng": set(),
    "gao": set(),
    "feng": FAMILY | {"李建国", "赵敏", "孙立"},
}


def names() -> set[str]:
    return {name for (name,) in rows("SELECT name FROM registry_person")}


@pytest.mark.parametrize("who", SIGHT)
def test_each_sees_only_their_people(story: Story, who: str) -> None:
    act = story.act(who)
    with under(act):
        assert names() == SIGHT[who]
        allowed = keys("registry_person")
        for table in ("residence", "mark", "consent", "objection", "tie"):
            assert keys(f"registry_{table}", "person_id") <= allowed, table
        assert {p for p in keys("registry_past", "person") if p} <= allowed


@pytest.mark.parametrize("who", ["sun", "qian", "chen", "zhou", "wu", "feng"])
def test_the_search_box_finds_nobody_else(story: Story, who: str) -> None:
    act = story.act(who)
    with under(act):
        seen = {person.pk: person for person in Person.objects.all()}
        for key, name, *_rest in families.PEOPLE:
            for text in (name, name[0], name[1:], name[-1]):
                assert set(search(act, text).people) <= set(seen), (key, text)
            found = search(act, name).people
            assert [seen[pk].name for pk in found] == ([name] if name in SIGHT[who] else [])
        with under(system_act()):
            numbers = [(p.name, p.document.open(), p.phone.open()) for p in Person.objects.all()]
        for name, number, phone in numbers:
            for text in (number, phone):
                assert bool(search(act, text).people) == (name in SIGHT[who]), name
        for place in ("春江花园1幢", "春江花园5幢202", "梅园新村3幢"):
            assert set(search(act, place).people) <= set(seen)


def test_an_owner_who_lives_elsewhere_is_a_line_too(story: Story) -> None:
    with under(system_act()):
        zhao = Person.objects.get(name="赵敏")
        home = Home.objects.get(room="202")
        Tie.objects.create(person=zhao, area_id=home.area_id, home=home, kind="owner")
    chen = story.act("chen")
    with under(chen):
        (line,) = roll.of_people(chen, search(chen, "赵敏").people)
        assert (line.person, line.kind, line.lives) == (zhao.pk, "", False)


@pytest.mark.row("R015")
def test_whoever_left_long_ago_is_no_longer_shown_but_still_counted(story: Story) -> None:
    chen, day = story.act("chen"), date(2020, 6, 1)
    with under(system_act()):
        li = Person.objects.get(name="李建国")
        left = Residence.objects.get(person=li, lives=True)
    area = chen.spans[0].lo
    with under(chen):
        before = history.counted_on(chen, area, day)
    for until, shown in ((date(2021, 12, 1), True), (date(2021, 3, 1), False)):
        with under(system_act()):
            Residence.objects.filter(pk=left.pk).update(until=until, ending="moved")
            assert keeping.keep_days(system_act(at=AT)) == date(2021, 6, 1)
        with under(chen):
            assert ("李建国" in names()) is shown
            assert bool(search(chen, "李建国").people) is shown
            assert bool(search(chen, "建国").people) is shown
            lines = roll.listed(chen, roll.Filters(show="left")).lines
            assert ("李建国" in {line.name for line in lines}) is shown
            assert not shown or dossier.opened(chen, li.pk) is not None
            assert history.counted_on(chen, area, day) == before, "the day is still counted"
        with under(story.act("zhou")):
            assert "李建国" in names(), "where he is registered he is known as before"


def test_the_functions_tell_nothing_without_a_scope(story: Story) -> None:
    ask = "SELECT * FROM registry_find_names('王', '玌', false, '王', 0, 10)"
    blind()
    assert rows(ask) == [] == rows("SELECT * FROM registry_said(ARRAY[1,2,3]::bigint[])")
    with under(story.act("wang")):
        assert rows(ask) == [], "a resident has no area to look into"


def test_sensitive_marks_need_their_permission(story: Story) -> None:
    for who, sensitive, seen in (
        ("chen", False, {"elder_80"}),
        ("he", True, {"elder_80", "low_income"}),
        ("sun", False, {"elder_80"}),
        ("zhou", True, set()),
    ):
        act = story.act(who).on(sensitive=sensitive)
        with under(act):
            assert {code for (code,) in rows("SELECT code FROM registry_mark")} == seen, who
            found = set(search(act, "低保对象").people) | set(search(act, "低保").people)
            assert not found or "low_income" in seen


def test_facts_and_former_values_of_a_sensitive_mark(story: Story) -> None:
    he, chen = story.act("he", 11), story.act("chen", 11)
    with under(he):
        mark = Mark.objects.get(code="low_income")
    marks.unmark(he, mark, reason="已退出低保")
    for act, seen in ((he, True), (chen, False)):
        with under(act):
            told = Fact.objects.filter(subject_type="registry.mark", subject_id=mark.pk)
            kept = Past.objects.filter(table="registry_mark", row=mark.pk)
            assert (told.exists(), kept.exists()) == (seen, seen)


def test_facts_about_a_person_are_seen_with_the_person(story: Story) -> None:
    with under(story.act("chen", 11)):
        wang = Person.objects.get(name="王小梅")
    reveal(story.act("chen", 11), wang, field="phone", reason="电话核实")
    for who, seen in (("wang", True), ("chen", True), ("li", False), ("zhou", False)):
        with under(story.act(who, 12)):
            told = Fact.objects.filter(subject_type="registry.person", subject_id=wang.pk)
            assert told.filter(verb="vault.reveal").exists() == seen, who


def test_nobody_puts_a_person_into_another_s_area(story: Story) -> None:
    with under(system_act()):
        foreign = Home.objects.get(room="301")
        person = Person.objects.get(name="李建国")
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with under(story.act("chen")), refused, transaction.atomic():
        Residence.objects.create(person=person, area_id=foreign.area_id, kind="floating")


def _newcomer(room: str, sequence: int = 55) -> Newcomer:
    born = date(1992, 5, 1)
    with under(system_act()):
        home = Home.objects.get(room=room).pk
    identity = Identity("周小雨", "111", families.number(born, sequence))
    return Newcomer(identity, Stay("floating", home=home, relation="02"))


@pytest.fixture
def settled(own_town: Town) -> Town:
    families.settle()
    return own_town


def test_two_clerks_register_the_same_number_at_once(settled: Town) -> None:
    asked = _newcomer("202")
    acts = [settled.act(who) for who in ("chen", "lin", "he")]
    one_wins(
        at_once([partial(people.register, act, newcomer=asked) for act in acts]), "不要重复登记"
    )
    with under(system_act()):
        assert Person.objects.filter(name="周小雨").count() == 1
        assert Household.objects.filter(head__name="周小雨").count() == 1


def test_two_communities_at_once_and_the_second_adopts(settled: Town) -> None:
    calls: list[Any] = [
        partial(people.register, settled.act("chen"), newcomer=_newcomer("202")),
        partial(people.register, settled.act("zhou"), newcomer=_newcomer("301")),
    ]
    found = at_once(calls)
    one_wins(found, "接收")
    lost = next(place for place, each in enumerate(found) if isinstance(each, Refusal))
    assert found[lost].code == "known-elsewhere"
    asked, act = _newcomer("301" if lost else "202"), settled.act(("chen", "zhou")[lost])
    met = adopt.adopt(act, identity=asked.identity, stay=asked.stay, reason="在本社区租住")
    with under(system_act()):
        assert Person.objects.get(name="周小雨") == met
        assert met.residences.filter(until__isnull=True).count() == 1


def test_adopted_twice_at_once(settled: Town) -> None:
    with under(system_act()):
        number = Person.objects.get(name="孙立").document.open()
    who = Identity("孙立", "111", number)
    stays = {"chen": _newcomer("202").stay, "zhou": _newcomer("301").stay}
    found = at_once(
        [
            partial(adopt.adopt, settled.act(key), identity=who, stay=stay, reason="来此租住")
            for key, stay in stays.items()
        ]
    )
    assert not [each for each in found if isinstance(each, Exception)], found
    with under(system_act()):
        assert Person.objects.filter(name="孙立").count() == 1
        lived = Residence.objects.filter(person__name="孙立", until__isnull=True, lives=True)
        assert lived.count() == 1, "the later one lives there, the earlier stay has ended"


def test_two_pages_open_and_the_first_takes_the_file_over(settled: Town) -> None:
    with under(system_act()):
        number = Person.objects.get(name="孙立").document.open()
    who, asked = Identity("孙立", "111", number), timezone.now()
    calls: list[Any] = [
        partial(
            adopt.adopt,
            settled.act(key),
            identity=who,
            stay=_newcomer(room).stay,
            reason="来此租住",
            asked=asked,
        )
        for key, room in (("chen", "202"), ("zhou", "301"))
    ]
    one_wins(at_once(calls), "刚刚由另一个社区接收")
    with under(system_act()):
        lived = Residence.objects.filter(person__name="孙立", until__isnull=True, lives=True)
        assert lived.count() == 1


@pytest.mark.row("R010")
def test_both_parents_enter_a_birth_at_once(settled: Town) -> None:
    with under(system_act()):
        home = Home.objects.get(room="101").pk
        wang, zhang = (Person.objects.get(name=name) for name in ("王小梅", "张伟"))
    stay = Stay("registered", home=home, relation="20")

    def birth(who: str, parent: Person) -> Any:
        child = Identity("张安", born=date(2026, 5, 2), sex="2")
        asked = Newcomer(child, stay, guardians=(Guardian(parent.pk),))
        return partial(people.birth, settled.act(who), newcomer=asked, token=uuid4())

    one_wins(at_once([birth("chen", wang), birth("lin", zhang), birth("he", wang)]), "同名同生日")
    with under(system_act()):
        assert Person.objects.filter(name="张安").count() == 1
    twins = [
        partial(
            people.birth,
            settled.act(who),
            newcomer=Newcomer(
                Identity(name, born=date(2026, 5, 3)), stay, guardians=(Guardian(wang.pk),)
            ),
        )
        for who, name in (("chen", "张平"), ("lin", "张宁"))
    ]
    assert not [each for each in at_once(twins) if isinstance(each, Exception)]


def test_a_death_is_undone_once(settled: Town) -> None:
    act = settled.act("chen")
    with under(act):
        zhang = Person.objects.get(name="张伟")
    people.death(act, zhang, on=date(2026, 5, 30))
    with under(act):
        fact = Fact.objects.filter(verb="registry.death").latest("id").pk
    undo = partial(undoing.undo, act, zhang, fact=fact, reason="登记错了人")
    one_wins(at_once([undo] * 3), "不能再撤销")
    with under(act):
        assert Person.objects.get(pk=zhang.pk).died is None
        assert Household.objects.get(home__room="101").head_id == zhang.pk


def test_a_household_is_split_once(settled: Town) -> None:
    act = settled.act("chen")
    with under(act):
        family = Household.objects.get(home__room="101")
        liu = Person.objects.get(name="刘秀英")
    split = partial(households.split_household, act, family, members=[liu.pk], head=liu.pk)
    one_wins(at_once([split] * 3), "分出去的人")
    with under(act):
        day = date(2030, 1, 1)
        assert history.stays_on(act, act.spans[0].lo, day).filter(person=liu).count() == 1


def test_two_deaths_and_two_consents_at_once(settled: Town) -> None:
    act = settled.act("chen")
    with under(act):
        liu, wang = Person.objects.get(name="刘秀英"), Person.objects.get(name="王小梅")
    died = partial(people.death, act, liu, on=date(2026, 5, 30))
    one_wins(at_once([died] * 3), "死亡")
    agreed = at_once([partial(consent.consent, act, person=wang, purpose="culture")] * 4)
    assert len({each.pk for each in agreed}) == 1
