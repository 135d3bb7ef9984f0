"""What a new table changes: added, renamed, re-coded and ended are told apart."""

from pathlib import Path

import pytest

from linli.kernel.acts import Refusal
from linli.kernel.places import divisions, planning, rules
from linli.kernel.places.planning import Known, Plan
from linli.kernel.places.rules import Level

CITY, EAST, WEST = "320200000000", "320201000000", "320202000000"
ROWS = {
    CITY: "试验市",
    EAST: "东区",
    WEST: "西区",
    "320201001000": "一街道",
    "320201002000": "二街道",
    "320202001000": "三街道",
    "320201001001": "甲社区居委会",
    "320201001002": "乙社区居委会",
    "320201002001": "丙社区居委会",
    "320202001200": "丁村委会",
}


def _table(rows: dict[str, str]) -> divisions.Table:
    found = (divisions._division({"code": c, "name": n}, ()) for c, n in rows.items())
    return divisions.collect(found)


def _known(rows: dict[str, str]) -> list[Known]:
    """Areas as if the rows had been imported, with the ids that importing gives."""
    known: dict[str, Known] = {}
    for row in _table(rows).rows:
        above = known.get(row.parent)
        parent = rules.span_of(above.id) if above else rules.province_span(row.code)
        assert parent is not None
        taken = [each.id for each in known.values() if each.level == row.level]
        lo = rules.allot(parent, row.level, taken).lo
        known[row.code] = Known(lo, row.code, row.name, row.level, above.id if above else None)
    grid = rules.allot(rules.span_of(known["320201001001"].id), Level.GRID, [])
    code = "320201001001001"
    known[code] = Known(grid.lo, code, "第一网格", Level.GRID, known["320201001001"].id)
    return list(known.values())


def _plan(rows: dict[str, str]) -> Plan:
    return planning.compare(_known(ROWS), _table(rows))


def _told(plan: Plan) -> dict[str, list[tuple[str, ...]]]:
    told: dict[str, list[tuple[str, ...]]] = {
        "added": [(each.row.code,) for each in plan.added],
        "renamed": [(each.row.code, each.known.name, each.row.name) for each in plan.renamed],
        "recoded": [(each.known.code, each.row.code) for each in plan.recoded],
        "removed": [(each.code,) for each in plan.removed],
        "refused": [(each.code,) for each in plan.refused],
    }
    return {name: sorted(each) for name, each in told.items() if each}


def _with(changes: dict[str, str | None]) -> dict[str, str]:
    return {c: n for c, n in (ROWS | changes).items() if n is not None}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, {}),
        ({"320201001003": "新社区居委会"}, {"added": [("320201001003",)]}),
        (
            {"320201001001": "春城社区居委会"},
            {"renamed": [("320201001001", "甲社区居委会", "春城社区居委会")]},
        ),
        # The committee's title alone changes: a new name, the same area.
        (
            {"320201001001": "甲社区居民委员会"},
            {"renamed": [("320201001001", "甲社区居委会", "甲社区居民委员会")]},
        ),
        (
            {"320201001001": None, "320201001009": "甲社区居委会"},
            {"recoded": [("320201001001", "320201001009")]},
        ),
        # Two communities swap their codes: the people stay with the name.
        (
            {"320201001001": "乙社区居委会", "320201001002": "甲社区居委会"},
            {
                "recoded": [
                    ("320201001001", "320201001002"),
                    ("320201001002", "320201001001"),
                ]
            },
        ),
        # A code is given to another community, while the old one gets a new code.
        (
            {"320201001001": "新社区居委会", "320201001009": "甲社区居委会"},
            {"added": [("320201001001",)], "recoded": [("320201001001", "320201001009")]},
        ),
        # A village becomes a community: the code's last digits and the title change.
        (
            {"320202001200": None, "320202001001": "丁社区居委会"},
            {"added": [("320202001001",)], "removed": [("320202001200",)]},
        ),
        # A street's code changes, and with it the codes of all below.
        (
            {
                "320201001000": None,
                "320201001001": None,
                "320201001002": None,
                "320201008000": "一街道",
                "320201008001": "甲社区居委会",
                "320201008002": "乙社区居委会",
            },
            {
                "recoded": [
                    ("320201001000", "320201008000"),
                    ("320201001001", "320201008001"),
                    ("320201001002", "320201008002"),
                ]
            },
        ),
        # An ended community takes its grids with it.
        (
            {"320201001001": None},
            {"removed": [("320201001001",), ("320201001001001",)]},
        ),
        (
            {"320201001000": None, "320201001001": None, "320201001002": None},
            {
                "removed": [
                    ("320201001000",),
                    ("320201001001",),
                    ("320201001001001",),
                    ("320201001002",),
                ]
            },
        ),
        ({"320209001001": "孤社区居委会"}, {"refused": [("320209001001",)]}),
    ],
)
def test_changes_are_told_apart(
    changes: dict[str, str | None], told: dict[str, list[tuple[str, ...]]]
) -> None:
    assert _told(_plan(_with(changes))) == told


def test_a_name_used_twice_below_one_parent_is_no_sign_of_identity() -> None:
    rows = {**ROWS, "320201001003": "甲社区居委会"}
    plan = planning.compare(
        _known(rows), _table(_with({"320201001001": None, "320201001009": "甲社区居委会"}))
    )
    assert not plan.recoded


def test_a_table_of_one_district_ends_nothing_elsewhere() -> None:
    only = {c: n for c, n in ROWS.items() if c.startswith("320202")} | {"320202001201": "戊村委会"}
    assert _told(_plan(only)) == {"added": [("320202001201",)]}


def test_a_new_street_alone_ends_no_other() -> None:
    new = {"320201009000": "新街道", "320201009001": "新社区居委会"}
    assert _told(_plan(new)) == {"added": [("320201009000",), ("320201009001",)]}


def test_communities_alone_end_others_only_when_read_as_all_below_a_root() -> None:
    rows = {c: n for c, n in ROWS.items() if not c.endswith("000") and c != "320201001002"}
    assert _told(_plan(rows)) == {}
    table = divisions.collect(_table(rows).rows, root="3202")
    assert _told(planning.compare(_known(ROWS), table)) == {"removed": [("320201001002",)]}


def test_a_table_of_streets_alone_says_nothing_of_communities() -> None:
    streets = {c: n for c, n in ROWS.items() if c.endswith("000")}
    assert _told(_plan(streets)) == {}


def test_an_area_whose_row_was_refused_does_not_end() -> None:
    table = divisions.collect(
        [
            *_table(_with({"320201001001": None})).rows,
            divisions.Refused("320201001001", "", "缺名称"),
        ]
    )
    assert not planning.compare(_known(ROWS), table).removed


def test_without_a_city_nothing_is_given_ground() -> None:
    lone = {"320201001001": "甲社区居委会"}
    plan = planning.compare([], _table(lone))
    assert not plan.added and "上级 320201001000 不在" in plan.refused[0].reason


@pytest.mark.parametrize(
    ("header", "row", "parent"),
    [
        ("code,name,provinceCode", "3202,无锡市,32", "320000000000"),
        ("code,name,cityCode,provinceCode", '320205,"锡山区",3202,32', CITY),
        (
            "code,name,areaCode,provinceCode,cityCode",
            "320205001,东亭街道,320205,32,3202",
            "320205000000",
        ),
        (
            "code,name,street,area,city,streetCode,areaCode,cityCode",
            "330902002001,西安社区居委会,昌国街道,定海区,舟山市,330902002,330902,3309",
            "330902002000",
        ),
        ("code,name", "320102002001,梅园新村社区居委会", "320102002000"),
        ("code,name,level,parent", "BOS-1,Allston,district,BOS", "BOS"),
        # A city without districts: the street lies straight below it.
        (
            "code,name,areaCode,provinceCode,cityCode",
            "441900003,东城街道,441900,44,4419",
            "441900000000",
        ),
    ],
)
def test_every_layout_tells_the_parent(tmp_path: Path, header: str, row: str, parent: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8-sig")
    (found,) = divisions.read(file)
    assert isinstance(found, divisions.Division) and found.parent == parent


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3202,", "缺代码或名称"),
        (",无锡市", "缺代码或名称"),
        ("32-02,无锡市", "不是 2、4、6、9 或 12 位"),
        ("320205001001," + "长" * 121, "过长"),
    ],
)
def test_bad_rows_are_refused_with_the_reason(tmp_path: Path, row: str, reason: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"code,name\n{row}\n3201,南京市\n", encoding="gb18030")
    bad, good = divisions.read(file)
    assert isinstance(bad, divisions.Refused) and reason in bad.reason
    assert isinstance(good, divisions.Division) and good.name == "南京市"


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("代码,名称\n3202,无锡市\n")
    with pytest.raises(Refusal, match="code 和 name"):
        divisions.read(file)
    file.write_bytes(b"code,name\n\xff\xff\xff")
    with pytest.raises(Refusal, match="读不出文字"):
        divisions.read(file)


def test_a_code_given_twice_is_taken_once() -> None:
    rows = [
        divisions._division({"code": "3202", "name": name}, ())
        for name in ("无锡市", "无锡市", "锡市")
    ]
    table = divisions.collect(rows)
    assert [each.name for each in table.rows] == ["无锡市"]
    assert [each.reason for each in table.refused] == ["代码重复，已取“无锡市”"]
