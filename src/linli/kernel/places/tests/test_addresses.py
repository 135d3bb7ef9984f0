"""Addresses taken apart, and areas found by the words in them."""

import pytest

from linli.kernel.places.addresses import Address, Named, Names, parse
from linli.kernel.places.rules import Level

CITY, XISHAN, LIANGXI, BINHU = 1, 10, 20, 30
AREAS = [
    Named(CITY, Level.CITY, "无锡市", None),
    Named(XISHAN, Level.DISTRICT, "锡山区", CITY),
    Named(LIANGXI, Level.DISTRICT, "梁溪区", CITY),
    Named(BINHU, Level.DISTRICT, "滨湖区", CITY),
    Named(11, Level.STREET, "东亭街道", XISHAN),
    Named(12, Level.STREET, "羊尖镇", XISHAN),
    Named(21, Level.STREET, "广益街道", LIANGXI),
    Named(31, Level.STREET, "太湖街道", BINHU),
    Named(111, Level.COMMUNITY, "春雷社区居委会", 11),
    Named(112, Level.COMMUNITY, "东亭社区居委会", 11),
    Named(121, Level.COMMUNITY, "丽安村委会", 12),
    Named(211, Level.COMMUNITY, "广益佳苑社区居委会", 21),
    Named(212, Level.COMMUNITY, "春雷社区居委会", 21),
    Named(311, Level.COMMUNITY, "大桥社区居委会", 31),
]
NAMES = Names(AREAS)


@pytest.mark.parametrize(
    ("text", "best", "words"),
    [
        ("无锡市锡山区东亭街道春雷社区", 111, ("无锡市", "锡山区", "东亭街道", "春雷社区")),
        ("梁溪区春雷社区门口路灯坏了", 212, ("梁溪区", "春雷社区")),
        ("东亭街道 春雷 3号楼漏水", 111, ("东亭街道", "春雷")),
        # A street is not mistaken for the community of the same stem.
        ("东亭街道办事处门前积水", 11, ("东亭街道",)),
        ("东亭社区居委会", 112, ("东亭社区居委会",)),
        ("羊尖丽安村委会路口", 121, ("羊尖", "丽安村委会")),
        ("广益佳苑３幢２单元", 211, ("广益佳苑",)),
        # The name of a road says nothing about the community.
        ("广益路与锡山大道交叉口", None, ()),
        ("滨湖区春雷社区", None, ()),
        ("滨湖 太湖街道大桥社区", 311, ("滨湖", "太湖街道", "大桥社区")),
        ("路灯不亮", None, ()),
        ("", None, ()),
    ],
)
def test_best_area(text: str, best: int | None, words: tuple[str, ...]) -> None:
    found = NAMES.find(text)
    if best is None:
        assert not [each for each in found if NAMES.areas[each.area].level == Level.COMMUNITY]
    else:
        assert (found[0].area, found[0].words) == (best, words)


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("北京市朝阳区建国路1号", "北京市"),
        ("江苏省南京市鼓楼区", "南京市"),
        ("浙江省 杭州市", "杭州市"),
        ("新疆维吾尔自治区伊犁哈萨克自治州", "伊犁哈萨克自治州"),
        ("江苏省无锡市锡山区东亭街道", ""),
        ("无锡市锡山区", ""),
        ("中国无锡市滨湖区太湖街道", ""),
        ("农贸超市小区门口", ""),
        ("红星超市东边的东亭镇老街", ""),
        ("夜市街道两边全是油烟", ""),
        ("城市花园小区", ""),
        ("菜市场门口", ""),
        ("南京路与北京西路交叉口", ""),
        ("", ""),
    ],
)
def test_another_city_is_told_apart(text: str, city: str) -> None:
    assert NAMES.elsewhere(text) == city


def test_a_name_used_twice_gives_both_with_equal_weight() -> None:
    one, other = NAMES.find("春雷社区的路灯")[:2]
    assert {one.area, other.area} == {111, 212} and one.weight == other.weight


def test_only_areas_inside_are_given() -> None:
    assert [each.area for each in NAMES.find("春雷社区", 200, 300)] == [212]


def test_a_search_takes_less_than_a_millisecond() -> None:
    many = AREAS + [
        Named(1000 + n, Level.COMMUNITY, f"第{n}居民社区居委会", 11) for n in range(22_000)
    ]
    names = Names(many)
    text = "江苏省无锡市锡山区东亭街道春雷社区春雷路88号春雷花园12幢3单元501室楼道灯坏了没有人修"
    assert names.find(text)[0].area == 111


def test_a_very_long_text_costs_no_more() -> None:
    text = "锡山区东亭街道春雷社区" * 20_000
    assert NAMES.find(text)[0].area == 111
    assert parse("锡山" * 50_000) == Address()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("锡山区东亭街道春雷路8号", Address(road="春雷路", door="8")),
        (
            "梁溪区广益街道广益路12号广益佳苑3栋2单元501室",
            Address("广益路", "12", "广益佳苑", "3", "2", "501"),
        ),
        (
            "人民中路１３９号恒隆广场２座1208室",
            Address("人民中路", "139", "恒隆广场", "2", "", "1208"),
        ),
        ("新吴区长江北路288-3号", Address(road="长江北路", door="288-3")),
        ("春城小区甲幢一单元203", Address(estate="春城小区", building="甲", unit="一", room="203")),
        ("沁园新村45号楼302室", Address(estate="沁园新村", building="45", room="302")),
        ("沁园12幢", Address(estate="沁园", building="12")),
        ("东亭街道门口路灯坏了", Address()),
        ("", Address()),
    ],
)
def test_parts_of_an_address(text: str, parts: Address) -> None:
    assert parse(text) == parts
