"""Spellings of one door meet, different doors do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.capabilities.registry.rules import addresses
from linli.capabilities.registry.rules.addresses import Door, building_in

ONE_DOOR = (
    "太湖花园12幢1单元201",
    "太湖花园12幢1单元201室",
    "太湖花园１２幢１单元２０１室",
    "太湖花园12栋1单元201",
    "太湖花园12号楼1单元201室",
    "太湖花园12号1单元201室",
    "太湖花园12#1单元201",
    "太湖花园12#楼1单元201",
    "太湖花园12座1单元201户",
    "太湖花园十二幢一单元201室",
    "太湖花园012幢01单元201室",
    "太湖花园12-1-201",
    "太湖花园12—1—201室",
    "太湖花园 12－1－201",
    "太湖花园12幢1-201",
    "太湖花园12幢-1-201",
    "太湖花园12幢1单元2楼201室",
    "太湖花园，12幢，1单元，201室",
    "太湖花园12幢1单元201（出租）",
    "江苏省无锡市锡山区东亭街道春城社区太湖花园12幢1单元201室",
    "东亭街道太湖花园12-1-201",
)
DOORS = {
    "12-1-201": Door("", "12幢", "1", "201"),
    "12号楼201室": Door("", "12幢", "", "201"),
    "太湖花园12-201": Door("太湖花园", "12幢", "", "201"),
    "太湖花园12号201室": Door("太湖花园", "12幢", "", "201"),
    "太湖花园12幢": Door("太湖花园", "12幢"),
    "春雷路8号": Door("春雷路", "8号"),
    "春雷路8号201室": Door("春雷路", "8号", "", "201"),
    "春雷路8-201": Door("春雷路", "8号", "", "201"),
    "春雷路08号12幢1单元201": Door("春雷路8号", "12幢", "1", "201"),
    "春雷路8-3号": Door("春雷路", "8-3号"),
    "太湖花园A区12栋乙单元1201": Door("太湖花园A区", "12幢", "乙", "1201"),
    "红星村3组15号": Door("红星村3组", "15号"),
    "红星村15号": Door("红星村", "15号"),
    "梅园新村15号302室": Door("梅园新村", "15幢", "", "302"),
    "太湖花园二十幢3单元1102室": Door("太湖花园", "20幢", "3", "1102"),
    "太湖花园12幢1单元201-2": Door("太湖花园", "12幢", "1", "201-2"),
    "太湖花园B座1806": Door("太湖花园", "B幢", "", "1806"),
    "阳光大厦1806室": Door("阳光大厦", "", "", "1806"),
    "太湖花园": Door("太湖花园"),
    "": Door(),
}


def test_every_spelling_of_one_door_has_one_key() -> None:
    keys = {spelling: addresses.address_key(spelling) for spelling in ONE_DOOR}
    assert keys == dict.fromkeys(ONE_DOOR, "太湖花园12幢1单元201")


@pytest.mark.parametrize(("text", "door"), DOORS.items())
def test_the_parts_of_an_address(text: str, door: Door) -> None:
    assert addresses.parse(text) == door


def test_different_doors_stay_apart() -> None:
    texts = (
        "太湖花园1幢1单元201",
        "太湖花园1幢201",
        "太湖花园11幢1单元201",
        "太湖花园1幢1单元1201",
        "太湖花园1幢2单元201",
        "太湖新城1幢1单元201",
        "春雷路1号201",
        "春雷路1号1幢201",
        "太湖花园1幢1单元201A",
        "红星村1组1号",
        "红星村11号",
    )
    keys = [addresses.address_key(each) for each in texts]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("text", [*DOORS, *ONE_DOOR])
def test_a_key_is_its_own_key(text: str) -> None:
    key = addresses.address_key(text)
    assert addresses.address_key(key) == key


@given(
    st.sampled_from(["太湖花园", "梅园新村", "春江苑"]),
    *(st.integers(1, n) for n in (199, 9, 33, 9)),
)
def test_three_spellings_agree(estate: str, building: int, unit: int, floor: int, no: int) -> None:
    room = f"{floor}{no:02d}"
    spellings = (
        f"{estate}{building}幢{unit}单元{room}室",
        f"{estate}{building}-{unit}-{room}",
        f"{estate}{building}号楼{unit}单元{room}",
    )
    doors = {addresses.parse(each) for each in spellings}
    assert doors == {Door(estate, f"{building}幢", str(unit), room)}
    assert doors.pop().floor == floor


@given(st.text(max_size=300))
def test_any_text_has_a_key(text: str) -> None:
    assert isinstance(addresses.address_key(text), str)


@pytest.mark.parametrize(
    ("words", "digits"),
    [("十二", "12"), ("二十", "20"), ("一百零三", "103"), ("十", "10"), ("007", "7"), ("b", "B")],
)
def test_numbers_in_words(words: str, digits: str) -> None:
    assert addresses.number_of(words) == digits


@pytest.mark.parametrize(
    ("typed", "name"),
    [("十二栋", "12幢"), ("12号楼", "12幢"), ("12#", "12幢"), ("1幢", "1幢"), ("综合楼", "综合楼")],
)
def test_a_building_s_own_name(typed: str, name: str) -> None:
    assert addresses.building_name(typed) == name
    assert addresses.unit_name("一单元") == addresses.unit_name("01") == "1"
    assert addresses.room_name("２０１室") == "201"


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("春城社区太湖花园3号楼门口", "太湖花园3幢"),
        ("太湖花园十二幢一单元西边的路灯", "太湖花园12幢"),
        ("春雷路8号对面的小店", "春雷路8号"),
        ("太湖花园12-1-201", "太湖花园12幢"),
        ("太湖花园东门", ""),
        ("3号楼", ""),
        ("号" * 500, ""),
        ("", ""),
    ],
)
def test_the_building_in_what_somebody_says(text: str, building: str) -> None:
    found = building_in(text)
    assert (found.building_key if found else "") == building
