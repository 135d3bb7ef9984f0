"""What the registry offers to other rooms: people, homes, bodies and communities, under each reader's own scope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.capabilities.registry.models import Home, Keeping, Person, Residence
from linli.capabilities.registry.services import corrections
from linli.kernel.acts import Act, Denied, Refusal, Span, system_act, under
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Condition, Op, Query, is_
from linli.kernel.places.models import Area
from tests import families
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
NAMED = Query("person", ("person.name",))


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


LIVED_IN = frozenset(
    {
        "person",
        "household",
        "home",
        "building",
        "estate",
        "facility",
        "organisation",
        "holding",
        "area",
    }
)


def all_of(act: Act, query: Query, **how: Any) -> list[tuple[Any, ...]]:
    with under(act):
        return [row for batch in offers.read(act, query, **how) for row in batch.rows()]


def names(act: Act, query: Query) -> list[str]:
    return [row[0] for row in all_of(act, query)]


def span(name: str) -> Span:
    area = Area.objects.get(name=name)
    return Span(area.pk, area.hi)


def test_every_offer_answers_every_element_it_names(town: Town, folk: dict[str, Person]) -> None:
    act = system_act(AT)
    for record_set in offers.known():
        known = offers.offered(record_set)
        assert known, record_set
        rows = all_of(act, Query(record_set, tuple(known)), with_sources=True)
        assert record_set not in LIVED_IN or rows, record_set
        for code, one in known.items():
            for op in one.operators:
                if op in (Op.EMPTY, Op.FILLED):
                    all_of(act, Query(record_set, (code,), ((Condition(code, op),),)))
            if one.sortable:
                all_of(act, Query(record_set, (code,), sort=(f"-{code}",), most=3))


def test_elements_that_no_offer_knows_are_refused(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("chen", AT)
    with pytest.raises(Refusal), under(act):
        list(offers.read(act, Query("person", ("estate.built",))))
    with pytest.raises(Refusal, check=lambda e: e.code == "offer"):
        offers.offer(act, "collective_asset")


def test_a_reader_sees_their_own_areas_and_no_others(town: Town, folk: dict[str, Person]) -> None:
    assert "赵敏" not in names(town.act("chen", AT), NAMED)
    assert "赵敏" in names(town.act("zhou", AT), NAMED)
    everywhere = NAMED.with_(spans=(Span(0, 2**62),))
    assert sorted(names(town.act("chen", AT), everywhere)) == sorted(
        names(town.act("chen", AT), NAMED)
    )
    grid = NAMED.with_(spans=(span("甲社区第二网格"),))
    assert names(town.act("chen", AT), grid) == ["李建国"]


def test_a_resident_and_a_department_may_not_read_people(
    town: Town, folk: dict[str, Person]
) -> None:
    for who in ("wang", "zheng"):
        act = town.act(who, AT)
        with pytest.raises(Denied), under(act):
            list(offers.read(act, NAMED))


def test_each_person_once_wherever_they_are_registered(town: Town, folk: dict[str, Person]) -> None:
    # 李建国 lives in 甲 and is registered in 乙: the street sees one row, the place where he lives.
    query = Query("person", ("person.name", "residence.kind", "residence.community"))
    rows = [row for row in all_of(town.act("wu", AT), query) if row[0] == "李建国"]
    assert rows == [("李建国", "floating", Area.objects.get(name="甲社区").pk)]
    # Asked for those registered, the row is the one by which he meets the question.
    registered = query.also(is_("residence.kind", "户籍"))
    rows = [row for row in all_of(town.act("wu", AT), registered) if row[0] == "李建国"]
    assert rows == [("李建国", "registered", Area.objects.get(name="乙社区").pk)]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ([("person.sex", Op.IS, "女")], {"王小梅", "刘秀英"}),
        ([("person.sex", Op.NOT, "2")], {"张伟", "张乐", "李建国"}),
        ([("person.age", Op.LEAST, "80")], {"刘秀英"}),
        ([("person.age", Op.BETWEEN, "5", "45")], {"王小梅", "张伟", "张乐"}),
        ([("person.born", Op.BEFORE, "1950-01-01")], {"刘秀英"}),
        ([("person.name", Op.HAS, "张")], {"张伟", "张乐"}),
        ([("tag.code", Op.IS, "elder_80")], {"刘秀英"}),
        ([("tag.code", Op.IS, "高龄老人")], {"刘秀英"}),
        ([("tag.code", Op.EMPTY)], {"王小梅", "张伟", "张乐", "李建国"}),
        ([("residence.kind", Op.IS, "floating")], {"李建国"}),
        ([("residence.grid", Op.IS, "329901001001002")], set()),
        ([("residence.address", Op.HAS, "春江花园1幢")], {"王小梅", "张伟", "张乐", "刘秀英"}),
        (
            [("person.sex", Op.IS, "1"), ("person.age", Op.LEAST, "80")],
            {"张伟", "张乐", "李建国", "刘秀英"},
        ),
    ],
)
def test_conditions(
    town: Town, folk: dict[str, Person], conditions: list[tuple[Any, ...]], found: set[str]
) -> None:
    group = tuple(Condition(code, op, tuple(values)) for code, op, *values in conditions)
    query = NAMED.also(group)
    if group[0].element == "residence.grid":
        grid = Area.objects.get(name="甲社区第二网格")
        query = NAMED.also(is_("residence.grid", grid.code))
        found = {"李建国"}
    assert set(names(town.act("chen", AT), query)) == found
    assert Query.of(query.as_json()) == query


def test_numbers_are_found_by_blind_index_and_shown_masked(
    town: Town, folk: dict[str, Person]
) -> None:
    number = families.number(date(1985, 4, 12), 24)
    query = Query("person", ("person.name", "person.document")).also(is_("person.document", number))
    assert all_of(town.act("chen", AT), query) == [("王小梅", f"320***********{number[-4:]}")]
    assert number not in offers.words(query)
    with pytest.raises(Denied):
        all_of(town.act("chen", AT), query, clear=True)


def test_sensitive_tags_are_for_those_who_may_see_them(town: Town, folk: dict[str, Person]) -> None:
    query = Query("person", ("person.name", "tag.code")).also(is_("tag.code", "low_income"))
    assert all_of(town.act("chen", AT), query) == []
    assert [row[0] for row in all_of(town.act("he", AT), query)] == ["刘秀英"]
    # What hangs on a tag is that of the tag asked for.
    with_basis = query.with_(elements=("tag.basis",))
    assert all_of(town.act("he", AT), with_basis) == [("低保审批",)]
    health = Query("person", ("person.health",))
    with pytest.raises(Denied):
        all_of(town.act("chen", AT), health)
    assert all_of(town.act("he", AT), health)


def test_a_past_day_is_answered_by_what_stood_then(town: Town, folk: dict[str, Person]) -> None:
    now = town.act("he", AT + timedelta(days=400))
    with under(now):
        person = Person.objects.get(pk=folk["wang"].pk)
        corrections.correct(now, person, changes={"workplace": "新单位"}, source="window")
        Residence.objects.filter(person=folk["li"], home__isnull=False).update(
            until=date(2026, 7, 1), ending="moved"
        )
    later = datetime.now(UTC) + timedelta(days=2)
    act = town.act("he", later)
    query = Query("person", ("person.name", "person.workplace"))
    today = dict(all_of(act, query))
    before = dict(all_of(act, query.with_(on=date(2026, 6, 1))))
    assert today["王小梅"] == "新单位"
    assert before["王小梅"] != "新单位"
    assert "李建国" not in today
    assert "李建国" in before


def test_each_value_has_its_source(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("he", AT)
    with under(act):
        person = Person.objects.get(pk=folk["wang"].pk)
        corrections.correct(act, person, changes={"workplace": "新单位"}, source="window")
        query = Query("person", ("person.name", "person.workplace")).also(
            is_("person.name", "王小梅")
        )
        (batch,) = offers.read(act, query, with_sources=True)
    (said,) = batch.said["person.workplace"]
    assert said is not None
    assert said.batch
    assert said.as_of is not None


def test_pages_go_on_after_a_key_in_any_order(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("wu", AT)
    for sort in ((), ("person.born",), ("-person.age",), ("person.workplace", "-person.name")):
        query = NAMED.with_(sort=sort)
        with under(act):
            whole = [row[0] for batch in offers.read(act, query) for row in batch.rows()]
            seen: list[str] = []
            after = 0
            while True:
                page = offers.page(act, query, after, 2)
                seen += [row[0] for row in page.batch.rows()]
                after = page.more
                if not after:
                    break
            assert seen == whole
            assert offers.count(act, query) == len(whole)


def test_a_few_statements_however_many_columns(town: Town, folk: dict[str, Person]) -> None:
    act = system_act(AT)
    columns = tuple(offers.offered("person"))
    assert len(columns) >= 60
    with under(act), CaptureQueriesContext(connection) as said:
        list(offers.read(act, Query("person", columns), with_sources=True))
    assert len(said) <= 4


def test_a_community_is_counted_from_the_rows(town: Town, folk: dict[str, Person]) -> None:
    query = Query("area", ("area.name", "area.living", "area.elders", "area.elder_rate"))
    rows = {row[0]: row[1:] for row in all_of(town.act("chen", AT), query)}
    living, elders, rate = rows["甲社区"]
    assert (living, elders) == (5, 1)
    assert str(rate) == "20.00"
    assert set(rows) == {"甲社区"}


def test_whoever_left_and_is_no_longer_kept_is_not_read_of_a_past_day(
    town: Town, folk: dict[str, Person]
) -> None:
    query = Query("area", ("area.living", "area.minors"), on=date(2026, 5, 20))
    assert all_of(town.act("chen", AT), query) == [(5, 1)]
    with under(system_act()):
        child = Person.objects.get(name="张乐")
        Residence.objects.filter(person=child).update(until=date(2026, 5, 25))
        assert all_of(town.act("chen", AT), query) == [(5, 1)], "the day stays as it was"
        Keeping.objects.create(code="residence", since=date(2026, 5, 30))
    assert all_of(town.act("chen", AT), query) == [(5, 0)], "counted, but nothing of theirs is read"


def test_a_query_is_said_in_words(town: Town) -> None:
    query = Query("person", ("person.name",)).also(
        (Condition("person.age", Op.LEAST, ("80",)),),
        (Condition("tag.code", Op.IS, ("living_alone", "empty_nest")),),
        (
            Condition("person.sex", Op.IS, ("2",)),
            Condition("person.phone", Op.EMPTY),
        ),
    )
    assert offers.words(query) == (
        "人口：年龄至少 80，并且人员标签是“独居老人” 或 “空巢老人”，并且（性别是“女性” 或 联系电话没有填）"
    )


def test_homes_carry_owner_and_household(town: Town, folk: dict[str, Person]) -> None:
    query = Query("home", ("home.address", "tie.name", "household.size"))
    rows = {row[0]: row[1:] for row in all_of(town.act("chen", AT), query)}
    with under(system_act()):
        assert Home.objects.filter(until__isnull=True).count() >= len(rows)
    assert next(v for k, v in rows.items() if k.endswith("101")) == ("张伟", 4)


def test_the_dictionary_names_every_record_set_that_is_offered(town: Town) -> None:
    assert set(offers.known()) <= set(selectors.record_sets())
