"""Intervals, masks and codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.acts import Refusal, Span
from linli.kernel.places import rules
from linli.kernel.places.rules import LEVELS, ROOT, WIDTH, Level

WUXI = "320200000000"


def _down(path: list[int]) -> Span:
    here = ROOT
    for level, slot in zip(LEVELS, path, strict=False):
        lo = here.lo + slot * WIDTH[level]
        here = Span(lo, lo + WIDTH[level])
    return here


paths = st.integers(1, len(LEVELS)).flatmap(
    lambda depth: st.tuples(*(st.integers(1, rules.capacity(level)) for level in LEVELS[:depth]))
)


@given(paths)
def test_every_number_tells_its_level_and_what_encloses_it(path: tuple[int, ...]) -> None:
    area = _down(list(path))
    assert rules.level_of(area.lo) == LEVELS[len(path) - 1]
    assert rules.span_of(area.lo) == area
    for depth, level in enumerate(LEVELS, 1):
        expected = _down(list(path[:depth])).lo if depth <= len(path) else None
        assert rules.enclosing(area.lo, level) == expected


@given(paths.filter(lambda path: len(path) < len(LEVELS)), st.data())
def test_children_lie_inside_the_parent_and_never_overlap(
    path: tuple[int, ...], data: st.DataObject
) -> None:
    parent = _down(list(path))
    level = data.draw(st.sampled_from(LEVELS[len(path) :]))
    room = rules.capacity(level)
    taken = data.draw(st.sets(st.integers(1, room), max_size=room - 1))
    los = [parent.lo + slot * WIDTH[level] for slot in taken]
    count = data.draw(st.integers(1, room - len(taken)))
    given_out = rules.allot_many(parent, level, los, count)
    assert len(set(given_out)) == count
    for each in given_out:
        assert parent.covers(each) and each.lo > parent.lo
        assert each.lo not in los
        assert rules.level_of(each.lo) == level
        assert rules.enclosing(each.lo, rules.level_of(parent.lo)) == parent.lo
    assert rules.allot(parent, level, los) == given_out[0]


def test_an_area_straight_below_a_city_meets_no_street_of_a_district() -> None:
    city = _down([10, 2])
    straight = rules.allot(city, Level.STREET, [])
    district = rules.allot(city, Level.DISTRICT, [])
    assert rules.enclosing(straight.lo, Level.DISTRICT) is None
    assert not district.covers(straight)
    last = rules.allot_many(city, Level.STREET, [], rules.capacity(Level.STREET))[-1]
    assert last.hi <= district.lo


def test_a_full_parent_refuses_in_words() -> None:
    community = _down([10, 2, 1, 1, 1])
    taken = [each.lo for each in rules.allot_many(community, Level.GRID, [], 511)]
    with pytest.raises(Refusal, match="最多设 511 个网格"):
        rules.allot(community, Level.GRID, taken)


@pytest.mark.parametrize("level", [Level.STREET, Level.DISTRICT])
def test_a_level_is_never_given_under_itself_or_lower(level: Level) -> None:
    with pytest.raises(Refusal, match="不能设在同级"):
        rules.allot(_down([10, 2, 1, 1]), level, [])


@pytest.mark.parametrize(
    ("code", "full", "level", "parents"),
    [
        ("32", "320000000000", Level.PROVINCE, []),
        ("3202", WUXI, Level.CITY, ["320000000000"]),
        ("320200", WUXI, Level.CITY, ["320000000000"]),
        ("320205", "320205000000", Level.DISTRICT, [WUXI, "320000000000"]),
        ("320205001", "320205001000", Level.STREET, ["320205000000", WUXI, "320000000000"]),
        (
            "320205001003",
            "320205001003",
            Level.COMMUNITY,
            ["320205001000", "320205000000", WUXI, "320000000000"],
        ),
        (
            "320205001003002",
            "320205001003002",
            Level.GRID,
            ["320205001003", "320205001000", "320205000000", WUXI, "320000000000"],
        ),
        # A city without districts: its streets' code names the city itself above.
        ("441900003", "441900003000", Level.STREET, ["441900000000", "440000000000"]),
    ],
)
def test_codes(code: str, full: str, level: Level, parents: list[str]) -> None:
    assert rules.canonical(code) == full
    assert rules.code_level(code) == level
    assert [each for each in dict.fromkeys(rules.parent_codes(code)) if each != full] == parents


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("320205001001", "urban"),
        ("320205001199", "urban"),
        ("320205001200", "rural"),
        ("320205001399", "rural"),
        ("320205001400", "quasi"),
        ("320205001598", "quasi"),
        ("320205001600", ""),
        ("320205001001001", ""),
        ("BOS-1", ""),
    ],
)
def test_kind_follows_the_last_three_digits(code: str, kind: str) -> None:
    assert rules.kind_of(code) == kind


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("梅园新村社区居委会", "梅园新村社区"),
        ("徐庄社区居民委员会", "徐庄社区"),
        ("红星村委会", "红星村"),
        ("东亭村村委会", "东亭村"),
        ("金马河居委会", "金马河社区"),
        ("东亭街道", "东亭街道"),
        ("居委会", "居委会"),
    ],
)
def test_short_names(name: str, said: str) -> None:
    assert rules.short_name(name) == said


def test_provinces_have_the_same_numbers_everywhere() -> None:
    spans = [rules.province_span(code) for code in rules.PROVINCES]
    assert len(set(spans)) == 34 and None not in spans
    assert rules.province_span("320200") == _down([10])
    assert rules.province_span("99") is None
    assert rules.province_span("81").hi <= rules.ABROAD[0]  # type: ignore[union-attr]


def test_names_that_name_no_place_are_left_out_of_full_names() -> None:
    assert rules.full_name("北京市", "市辖区") == "北京市"
    assert (
        rules.full_name("无锡市锡山区东亭街道", "春城社区居委会") == "无锡市锡山区东亭街道春城社区"
    )
