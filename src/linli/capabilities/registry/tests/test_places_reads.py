"""Lists of estates, buildings and homes: what is asked for, only from one's own areas, in few statements."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from linli.capabilities.registry.models import Building, Estate, Organisation
from linli.capabilities.registry.selectors import places
from linli.capabilities.registry.selectors.places import Filters
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as areas
from tests import families
from tests.town import Town

ACT = system_act()
DAY = date(2026, 6, 1)


@pytest.fixture
def here(town: Town) -> Town:
    families.settle()
    areas.forget()
    return town


@pytest.mark.row("R017", "R018", "R019")
def test_estates_are_found_by_what_they_lack(here: Town) -> None:
    with under(ACT):
        company = Organisation.objects.get(name="安居物业服务有限公司")
        Estate.objects.filter(name="梅园新村").update(property_company=company, built=1996)
        Estate.objects.filter(name="西溪苑").update(kind="resettlement", fringe=True)

        def names(**asked: object) -> set[str]:
            found = places.estates(ACT, Filters(**asked))  # type: ignore[arg-type]
            return {line.estate.name for line in found.rows}

        everything = names()
        assert everything == {"春江花园", "梅园新村", "西溪苑"}
        assert names(three_without=True) == {"春江花园", "西溪苑"}
        assert names(old=True) == {"梅园新村"}
        assert names(kind="resettlement") == names(fringe=True) == {"西溪苑"}
        assert names(q="春江") == {"春江花园"}
        assert names(area=here.area("西街道").pk) == {"西溪苑"}


def test_lists_stay_within_one_s_areas(
    here: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chen = here.act("chen")
    with under(chen):
        with django_assert_num_queries(3):
            found = places.estates(chen, Filters())
        assert [(line.homes, line.buildings) for line in found.rows] == [(1, 1), (1, 1)]
        assert {each.name for each in places.buildings_in(chen, here.area("甲社区"))[0]} == {
            "1幢",
            "5幢",
        }
        assert places.doors(chen, "梅园新村3幢1单元301") == []
        building = Building.objects.get(name="1幢")
        with django_assert_num_queries(2):
            (line,) = places.homes(chen, building, DAY)
        assert (line.home.room, line.households, line.residents) == ("101", 1, 4)
        assert places.homes(chen, building, date(2010, 1, 1))[0].residents == 0
        shown, after = places.facilities(chen, code="01")
        assert [each.name for each in shown] == ["路灯"] and after is None
    with under(ACT):
        zhao = Building.objects.get(name="3幢")
    with under(chen):
        assert places.building(chen, zhao.pk) is None
        assert places.estate(chen, zhao.estate_id or 0) is None


@pytest.mark.row("R127")
def test_a_grid_in_numbers(here: Town) -> None:
    with under(ACT):
        first = places.elements(ACT, here.area("甲社区第一网格"))
    counted = [first[name] for name in ("homes", "households", "residents", "facilities")]
    assert counted == [1, 1, 4, 1] and first["stationed"] == 1
    sun = here.act("sun")
    with under(sun):
        assert places.elements(sun, here.area("甲社区"))["residents"] == 4


@pytest.mark.parametrize(
    "spelled", ["春江花园1幢1单元101", "春江花园1-1-101", "春江花园一号楼1单元101室"]
)
def test_a_door_is_found_in_any_spelling(here: Town, spelled: str) -> None:
    with under(ACT):
        Building.objects.filter(name="1幢").update(address_key="春江花园1幢")
        (found,) = places.doors(ACT, spelled)
        assert (found.unit_no, found.room) == ("1", "101")
        assert len(places.doors(ACT, "春江花园1幢")) == 1
        assert places.doors(ACT, "春江花园1幢1单元999") == []
        assert places.doors(ACT, "") == []
