"""The one box asked for an address: whole families, whole buildings, page by page."""

from __future__ import annotations

from datetime import date

import pytest

from linli.capabilities.registry.models import Building, Home, Person, Residence
from linli.capabilities.registry.selectors.search import search
from linli.kernel.acts import Act, system_act, under
from linli.kernel.places.models import Area
from tests.town import Town

SINCE = date(2020, 1, 1)
ROOMS = [("1", "101"), ("1", "102"), ("2", "101")]
FAMILY = 3
Doors = dict[tuple[str, str, str, str], set[int]]


def behind(area: Area, name: str) -> Doors:
    """A building of three doors, three people behind each; who lives where."""
    building = Building.objects.create(
        area=area, name=name, address=f"听松苑{name}", address_key=f"听松苑{name}"
    )
    doors: Doors = {}
    for unit, room in ROOMS:
        home = Home.objects.create(area=area, building=building, unit_no=unit, room=room)
        ended = Home.objects.create(
            area=area, building=building, unit_no=unit, room=room, until=SINCE
        )
        assert ended.pk
        people = [Person.objects.create(name=f"{name}{unit}{room}之{n}") for n in range(FAMILY)]
        for person in people:
            Residence.objects.create(
                person=person, area=area, home=home, kind="registered", since=SINCE
            )
        doors[area.name, name, unit, room] = {person.pk for person in people}
    return doors


@pytest.fixture
def doors(town: Town) -> Doors:
    with under(system_act()):
        areas = {area.name: area for area in Area.objects.all()}
        # Built out of order, so that neither the order of keys nor of addresses is the other.
        rows = [("乙社区", "2幢"), ("甲社区", "2幢"), ("甲社区", "10幢"), ("甲社区", "1幢")]
        found: Doors = {}
        for area, name in rows:
            found |= behind(areas[area], name)
    return found


def pages(act: Act, text: str, size: int) -> list[list[int]]:
    found, after = [], ""
    with under(act):
        while True:
            page = search(act, text, after, size)
            assert page.kind == "address"
            found.append(page.people)
            after = page.after
            if not after:
                return found


@pytest.mark.row("R010")
@pytest.mark.parametrize("size", [1, 4, 50])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("听松苑2幢1单元101", lambda at: at[1:] == ("2幢", "1", "101")),
        ("听松苑2幢101", lambda at: at[1] == "2幢" and at[3] == "101"),
        ("听松苑二栋", lambda at: at[1] == "2幢"),
        ("听松苑1号楼", lambda at: at[1] == "1幢"),
        ("听松苑101室", lambda at: at[3] == "101"),
    ],
)
def test_everybody_behind_the_doors_once_and_no_family_torn(
    doors: Doors, text: str, wanted: object, size: int
) -> None:
    met = pages(system_act(), text, size)
    families = [people for at, people in doors.items() if wanted(at)]  # type: ignore[operator]
    everybody = [pk for page in met for pk in page]
    assert sorted(everybody) == sorted(pk for people in families for pk in people)
    for family in families:
        assert any(family <= set(page) for page in met)


def test_a_community_finds_its_own_building_of_that_name_only(town: Town, doors: Doors) -> None:
    with under(system_act()):
        area = Area.objects.get(name="甲社区")
    act = system_act().on(spans=(area.span,))
    found = {pk for page in pages(act, "听松苑2幢", 50) for pk in page}
    assert found == {
        pk for at, people in doors.items() if at[:2] == ("甲社区", "2幢") for pk in people
    }
