"""Estates, buildings and homes: registered once, in one spelling, moved with all that hangs on them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, models

from linli.capabilities.registry import models as tables
from linli.capabilities.registry.models import Building, Estate, Home, Mark, Person, Residence
from linli.capabilities.registry.selectors import placed
from linli.capabilities.registry.services import moving, places
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as tree
from tests import families
from tests.town import Town

ACT = system_act()


@pytest.fixture
def people(town: Town) -> dict[str, Person]:
    tree.forget()
    return families.settle()


def test_an_estate_is_registered_once_in_a_community(town: Town) -> None:
    tree.forget()
    grid = town.area("甲社区第一网格").pk
    with under(ACT):
        estate = places.add_estate(ACT, area=grid, name=" 太湖花园 ", kind="old", built=1998)
        assert (estate.name, estate.is_three_without) == ("太湖花园", True)
        with pytest.raises(Refusal, match="同名"):
            places.add_estate(ACT, area=town.area("甲社区第二网格").pk, name="太湖花园")
        places.add_estate(ACT, area=town.area("乙社区").pk, name="太湖花园")
        fact = Fact.objects.filter(verb="registry.places.add_estate").first()
        assert fact is not None and fact.data == {"kind": "old"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 81}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"built": 1}, "built"),
        ({"area": 5}, "area"),
    ],
)
def test_wrong_estates_are_refused_at_their_field(
    town: Town, given: dict[str, object], field: str
) -> None:
    tree.forget()
    values: dict[str, object] = {"area": town.area("甲社区").pk, "name": "太湖花园"}
    with under(ACT), pytest.raises(Refusal) as refused:
        places.add_estate(ACT, **{**values, **given})  # type: ignore[arg-type]
    assert refused.value.field == field


def test_homes_meet_in_one_spelling(town: Town) -> None:
    tree.forget()
    grid = town.area("甲社区第一网格").pk
    with under(ACT):
        estate = places.add_estate(ACT, area=grid, name="太湖花园")
        building = places.add_building(ACT, area=grid, name="十二栋", estate=estate.pk)
        assert (building.name, building.address_key) == ("12幢", "太湖花园12幢")
        with pytest.raises(Refusal, match="已有这个地址"):
            places.add_building(ACT, area=grid, name="12号楼", estate=estate.pk)
        home = places.add_home(ACT, building, unit_no="一单元", room="２０１室")
        assert (home.unit_no, home.room, home.floor, home.area_id) == ("1", "201", 2, grid)
        with pytest.raises(Refusal, match="已经登记"):
            places.add_home(ACT, building, unit_no="1", room="201")
        other = places.add_home(ACT, building, unit_no="1", room="202")
        with pytest.raises(Refusal, match="已经登记"):
            places.change_home(ACT, other, changes={"room": "201"})


def test_only_within_one_s_own_areas(town: Town, people: dict[str, Person]) -> None:
    head = town.act("he")
    act = head.on(verbs=frozenset({"registry.*"}))
    with under(act):
        with pytest.raises(Refusal, match="管理范围"):
            places.add_estate(act, area=town.area("乙社区").pk, name="太湖花园")
        with pytest.raises(Refusal, match="管理范围"):
            moving.move_buildings(
                act, list(Building.objects.filter(name="1幢")), to=town.area("乙社区").pk
            )
        assert not Building.objects.filter(name="3幢").exists()
    with under(head.on(verbs=frozenset())), pytest.raises(Refusal, match="权限"):
        places.add_estate(head.on(verbs=frozenset()), area=town.area("甲社区").pk, name="太湖花园")


def test_what_is_lived_in_does_not_end(town: Town, people: dict[str, Person]) -> None:
    with under(ACT):
        home = Home.objects.get(room="101")
        estate = home.building.estate
        assert estate is not None
        with pytest.raises(Refusal, match="迁出"):
            places.end_home(ACT, home)
        with pytest.raises(Refusal, match="居住"):
            places.end_building(ACT, home.building)
        with pytest.raises(Refusal, match="楼栋"):
            places.end_estate(ACT, estate)
        Residence.objects.filter(home=home).update(until=date(2026, 1, 1))
        home.households.update(until=date(2026, 1, 1))
        with pytest.raises(Refusal, match="还没有到"):
            places.end_home(ACT, home, on=date.today() + timedelta(days=400))
        places.end_building(ACT, home.building, on=date(2026, 2, 1))
        home.refresh_from_db()
        assert home.until == date(2026, 2, 1)


MOVED = (
    tables.Building,
    tables.Home,
    tables.Household,
    tables.Tie,
    tables.Mark,
    tables.Bond,
    tables.Consent,
    tables.Objection,
    tables.Conflict,
    tables.Station,
    tables.Estate,
)


def _at(model: type[models.Model], area: int) -> int:
    return model._default_manager.filter(area_id=area).count()


def test_a_building_moves_with_all_that_hangs_on_it(town: Town, people: dict[str, Person]) -> None:
    first, yi = town.area("甲社区第一网格"), town.area("乙社区")
    act = town.act("wu").on(verbs=frozenset({"registry.*"}), sensitive=False)
    with under(ACT):
        building = Building.objects.get(name="1幢")
        tables.Station.objects.filter(area=first).update(building=building)
        community = Mark.objects.create(
            person=people["zhang"], area=town.area("甲社区"), code="veteran", basis="x",
            purpose="x", since=date(2024, 1, 1),
        )  # fmt: skip
    with under(act):
        shown = moving.preview(act, [building.pk], to=yi.pk)
        counts = moving.move_buildings(act, [building], to=yi.pk)
    once = ("building", "home", "household", "tie", "station")
    along = ("consent", "objection", "bond", "conflict", "estate")
    expected = {**dict.fromkeys(once + along, 1), "residence": 4, "mark": 3, "assessment": 0}
    assert counts == expected
    # A sensitive mark goes along although the mover may not see it.
    assert shown == {k: v - (k == "mark") for k, v in expected.items() if k != "estate"}
    with under(ACT):
        community.refresh_from_db()
        assert community.area_id == yi.pk
        assert {model.__name__: _at(model, first.pk) for model in MOVED} == {
            model.__name__: 0 for model in MOVED
        }
        assert Mark.objects.filter(code="low_income", area=yi).exists()
        fact = Fact.objects.get(verb="registry.places.move_building")
        assert fact.data["to"] == yi.pk and fact.data["buildings"] == [building.pk]


def test_a_mark_stays_with_a_person_who_stays(town: Town, people: dict[str, Person]) -> None:
    """刘秀英 has a second home in the grid that is left: what hangs on her stays."""
    first, second = town.area("甲社区第一网格"), town.area("甲社区第二网格")
    with under(ACT):
        building = Building.objects.get(name="1幢")
        other = places.add_building(ACT, area=first.pk, name="2幢", estate=building.estate_id)
        home = places.add_home(ACT, other, room="101")
        Residence.objects.create(person=people["liu"], area=first, home=home, kind="lodging")
        counts = moving.move_buildings(ACT, [building], to=second.pk)
        assert counts["mark"] == 0 and counts["consent"] == 1
        assert {r.area_id for r in people["liu"].residences.all()} == {first.pk, second.pk}
        assert counts["estate"] == 0, "a building of the estate is still in the old grid"
        moving.move_buildings(ACT, [other], to=second.pk)
        assert building.estate is not None
        assert Estate.objects.get(pk=building.estate.pk).area_id == second.pk


def test_one_statement_a_table_however_many_buildings(
    town: Town, people: dict[str, Person]
) -> None:
    second = town.area("甲社区第二网格")
    with under(ACT):
        buildings = list(Building.objects.filter(name__in=["1幢", "3幢"]))
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
        moving.move_buildings(ACT, buildings, to=second.pk)
        updates = [
            q for q in list(connection.queries_log)[before:] if q["sql"].startswith("UPDATE")
        ]
        connection.force_debug_cursor = False
    assert len(updates) <= len(moving.MOVED) + 2


def _building(people: dict[str, Person]) -> tuple[Home, Building]:
    """The family's home, and a building of the other grid."""
    home = Home.objects.select_related("building").get(room="101")
    return home, Building.objects.get(name="5幢")


def _of(person: Person) -> tuple[set[int], set[int]]:
    """The areas of a person's marks, and of their stays."""
    marks = Mark.objects.filter(person=person).values_list("area_id", flat=True)
    return set(marks), set(person.residences.values_list("area_id", flat=True))


@pytest.mark.row("R128")
def test_one_home_goes_to_another_building_and_comes_back(
    town: Town, people: dict[str, Person]
) -> None:
    first, second = town.area("甲社区第一网格").pk, town.area("甲社区第二网格").pk
    with under(ACT):
        home, other = _building(people)
        neighbour = places.add_home(ACT, home.building, unit_no="1", room="102")
        before = _of(people["liu"])
        told = moving.preview_home(ACT, home, to=moving.Door(other.pk, None, "一单元", "１０１"))
        assert told["residence"] == 4 and told["building"] == 0
    act = town.act("chen")
    with under(act):
        to = moving.Door(other.pk, None, "一单元", "１０１")
        with pytest.raises(Refusal, match="原因"):
            moving.move_home(act, home, to=to, reason=" ")
        moving.move_home(act, home, to=to, reason="测绘后更正")
        assert (home.building_id, home.area_id, home.unit_no) == (other.pk, second, "1")
        fact = Fact.objects.get(verb="registry.places.move_home")
        assert fact.data["from"] == [first, neighbour.building_id]
        assert fact.data["to"] == [second, other.pk] and "reason" not in fact.data
        assert [each.reason for each in placed.moves(act, home)] == ["测绘后更正"]
    with under(ACT):
        assert _of(people["liu"]) == ({second}, {second}) and before[1] == {first}
        neighbour.refresh_from_db()
        assert neighbour.area_id == first, "the neighbours stay"
    with under(act):
        moving.move_home_back(act, home, fact=fact.pk, reason="移错了")
        assert (home.building_id, home.area_id) == (neighbour.building_id, first)
        with pytest.raises(Refusal, match="不能"):
            moving.move_home_back(act, home, fact=fact.pk, reason="再一次")
        assert [each.open for each in placed.moves(act, home)] == [False, False]
    with under(ACT):
        assert _of(people["liu"]) == before


def test_where_a_home_may_not_go(town: Town, people: dict[str, Person]) -> None:
    first, second = town.area("甲社区第一网格").pk, town.area("甲社区第二网格").pk
    with under(ACT):
        home, other = _building(people)
        places.add_home(ACT, other, unit_no="1", room="101")
        taken = moving.Door(other.pk, None, "1", "101")
        with pytest.raises(Refusal, match="已有这个单元和房号"):
            moving.move_home(ACT, home, to=taken, reason="更正")
        home.refresh_from_db()
        far = moving.Door(home.building_id, town.area("乙社区").pk, "1", "101")
        with pytest.raises(Refusal, match="所在的社区"):
            moving.move_home(ACT, home, to=far, reason="更正")
        here = moving.Door(home.building_id, None, "1", "101")
        with pytest.raises(Refusal, match="已经在这里"):
            moving.move_home(ACT, home, to=here, reason="更正")
        split = moving.Door(home.building_id, second, "1", "101")
        moving.move_home(ACT, home, to=split, reason="一栋楼分属两个网格")
        assert (home.area_id, home.building.area_id) == (second, first)
        moved = Fact.objects.get(verb="registry.places.move_home")
        moving.move_buildings(ACT, [home.building], to=town.area("丙社区").pk)
        with pytest.raises(Refusal, match="不能再撤销"):
            moving.move_home_back(ACT, home, fact=moved.pk, reason="移错了")
        moving.move_buildings(ACT, [home.building], to=first)
        foreign = Building.objects.get(name="3幢").pk
    act = town.act("chen")
    with under(act), pytest.raises(Refusal, match="没有这栋楼"):
        moving.move_home(act, home, to=moving.Door(foreign, None, "1", "101"), reason="更正")
