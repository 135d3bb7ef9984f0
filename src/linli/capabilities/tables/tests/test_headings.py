"""Single headings and single rows that once were read wrongly: whose a phone is, room or heading, list or counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from linli.capabilities.tables.mapping import Mapped, Words
from linli.capabilities.tables.mapping.counting import count_of
from linli.capabilities.tables.mapping.narrowing import rows_of
from linli.capabilities.tables.mapping.whom import UNTOLD
from linli.capabilities.tables.reading import Shape
from linli.capabilities.tables.selectors.words import recognised, words
from linli.kernel.dictionary.rules import readings, spellings
from linli.kernel.dictionary.selectors import book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections

pytestmark = pytest.mark.row("R008")


@pytest.fixture(scope="module")
def told() -> Words:
    raw = load("national")
    known = book(Pack(0, "national", raw.hash, raw.body, sections()))
    return words(date(2026, 11, 22), known=known)


def read(told: Words, folder: Path, rows: list[list[Any]], *merges: str) -> list[Mapped]:
    written, file = Workbook(), folder / "form.xlsx"
    sheet = written.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for box in merges:
        sheet.merge_cells(box)
    written.save(file)
    return recognised(file, told)[1]


def sure(found: Mapped) -> dict[str, str]:
    return {each.field.label: each.element for each in found.meanings if each.sure}


def test_the_phone_of_a_contact_is_not_the_persons(told: Words, tmp_path: Path) -> None:
    heads = ["序号", "老人基本情况", None, None, "联系人情况", None, "备注"]
    below = [None, "姓名", "性别", "身份证号码", "姓名", "联系电话", None]
    title = ["独居老年人摸底表"]
    merges = ("A1:G1", "A2:A3", "B2:D2", "E2:F2", "G2:G3")
    found = sure(read(told, tmp_path, [title, heads, below, [1], [2]], *merges)[0])
    assert found["老人基本情况/姓名"] == "person.name"
    assert not [label for label in found if label.startswith("联系人情况")], found


def test_who_is_served_by_an_activity_is_no_person(told: Words, tmp_path: Path) -> None:
    heads = ["序号", "活动时间", "活动地点", "活动名称", "参加人数", "服务对象", "负责人"]
    found = read(told, tmp_path, [["志愿服务活动汇总表"], heads, [1], [2]], "A1:G1")[0]
    assert found.kind == "activity"
    assert sure(found)["服务对象"] == "activity.served" and "负责人" not in sure(found)


def test_a_merged_cell_without_words_is_room_and_no_heading(told: Words, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["城乡居民最低生活保障申请审批表"],
        ["申请人姓名", None, "性别", None, "民族", None, "照片"],
        ["身份证号", None, None, "联系电话", None, None, None],
        ["户籍地址", None, None, None, None, None, None],
        ["家庭成员", "姓名", "与申请人关系", "身份证号码", None, "职业", "月收入"],
        [None] * 7,
        [None] * 7,
        ["申请理由", None, None, None, None, None, None],
    ]
    merges = (
        "A1:G1",
        "G2:G4",
        "B3:C3",
        "E3:F3",
        "B4:F4",
        "A5:A7",
        "D5:E5",
        "D6:E6",
        "D7:E7",
        "B8:G8",
    )
    card, family = read(told, tmp_path, rows, *merges)
    assert (card.region.shape, family.region.shape) == (Shape.CARD, Shape.LIST)
    assert sure(card)["户籍地址"] == "residence.registered_address"
    assert [m.field.label for m in family.meanings].count("身份证号码") == 1
    assert family.region.body == (6, 7)
    assert sure(family)["身份证号码"] == "person.document"


def test_a_list_with_people_written_in_counts_nobody(told: Words, tmp_path: Path) -> None:
    heads = ["序号", "社区", "姓名", "身份证号", "现住址", "联系电话", "核查人"]
    people: list[list[Any]] = [
        [n, "梅园社区", name, number]
        for n, name, number in (
            (1, "张伟", "320211195503021234"),
            (2, "李芳", "320211194812031226"),
        )
    ]
    found = read(told, tmp_path, [["核查情况反馈表"], heads, *people], "A1:G1")[0]
    assert found.region.shape is Shape.LIST
    assert sure(found)["姓名"] == "person.name"


def test_a_group_on_the_left_of_one_row_says_whose_the_values_are(
    told: Words, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["居家养老评估申请表"],
        ["申请人", "姓名", None, "身份证号", None, None, None],
        ["现住址", None, "民族", None, "文化程度", None, None],
        ["监护人信息", "姓名", None, "电话", None, None, None],
    ]
    found = sure(read(told, tmp_path, rows, "A1:G1", "E2:G2", "F3:G3", "E4:G4")[0])
    assert found["申请人/姓名"] == "person.name"
    assert {label: code for label, code in found.items() if "监护人" in label} == {
        "监护人信息/姓名": "bond.guardian_name",
        "监护人信息/电话": "bond.guardian_phone",
    }


def test_columns_under_among_them_are_headings_too(told: Words, tmp_path: Path) -> None:
    heads = ["社区名称", "总人口", "其中：", None, "户数"]
    below = [None, None, "男", "女", None]
    merges = ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3")
    rows: list[list[Any]] = [["人口月报表"], heads, below, ["合计"], ["甲社区"], ["乙社区"]]
    found = read(told, tmp_path, rows, *merges)[0]
    assert found.region.shape is Shape.STATISTICS
    assert [(line.element, line.field.label) for line in found.lines] == [
        ("total", "合计"),
        ("area", "甲社区"),
        ("area", "乙社区"),
    ]
    assert list(sure(found).values())[1:4] == [
        "count.person",
        "count.person[sex=1]",
        "count.person[sex=2]",
    ]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (("60岁以上老年人", "其中：80岁以上"), "count.person[age>=80]"),
        (("60岁以上", "70-79岁"), "count.person[age>=70][age<=79]"),
        (("18岁以下", "其中：女"), "count.person[age<18][sex=2]"),
        (("18岁以下", "6岁以上"), "count.person[age>=6][age<18]"),
        (("60岁以上", "其中：18岁以下"), ""),
        (("60岁以上占18岁以上比例",), ""),
    ],
)
def test_an_age_under_an_age_means_both(path: tuple[str, ...], count: str) -> None:
    assert count_of(path, {}) == count


def test_what_stands_above_a_title_is_no_title(told: Words, tmp_path: Path) -> None:
    heads = ["序号", "姓名", "性别", "身份证号码", "现住址", "联系电话"]
    rows: list[list[Any]] = [["附件2"], ["80周岁以上老年人花名册"], ["单位："], heads, [1], [2]]
    region = read(told, tmp_path, rows, "A1:F1", "A2:F2")[0].region
    assert region.title == "80周岁以上老年人花名册"


def test_people_are_not_counted_as_a_household(told: Words, tmp_path: Path) -> None:
    heads = ["网格名称", "网格员", "联系电话", "户数", "人口数", "党员数"]
    found = read(told, tmp_path, [["网格基本信息"], heads, [None], [None]], "A1:F1")[0]
    assert "household.size" not in sure(found).values()


def test_what_is_narrower_than_a_tag_is_not_asked_by_it(told: Words) -> None:
    assert count_of(("高血压人数",), told.tags) == ""
    assert count_of(("慢性病患者人数",), told.tags) == "count.person[tag=chronic]"
    table = told.tables["tag"]
    assert readings(table)["高血压"] == "chronic" and "高血压" not in spellings(table)


@pytest.mark.parametrize("title", ["来访登记表", "参加活动人员名单", "接待群众记录"])
def test_people_who_came_once_are_not_those_who_live_here(told: Words, title: str) -> None:
    assert rows_of("person", title, "", told.tables, told.tags) == UNTOLD


def test_a_title_that_is_half_understood_fills_nobody(told: Words) -> None:
    """Whatever a title says besides the words of any list may mean fewer rows."""

    def about(kind: str, title: str) -> str:
        return rows_of(kind, title, "", told.tables, told.tags)

    whole = ("居民花名册", "春江街道梅园社区常住人口信息采集表", "2026年第三季度人口台账")
    assert {about("person", each) for each in whole} == {""}
    fewer = ("水库移民台账", "高素质农民培育学员表", "求职人员登记表", "集体经济组织成员名册")
    assert {about("person", each) for each in fewer} == {UNTOLD}
    assert about("organisation", "食品经营单位台账") == UNTOLD == about("household", "脱贫户台账")
    assert about("organisation", "规上企业名单") == UNTOLD != about("organisation", "辖区企业名录")
    assert about("estate", "老旧小区摸底表") == "[estate=old]"
    assert about("matter", "12345工单台账") == "[source=hotline]"


def test_records_of_a_register_are_those_of_the_titles_kind_and_year(told: Words) -> None:
    def about(kind: str, title: str) -> str:
        return rows_of(kind, title, "", told.tables, told.tags)

    year = "[activity.on>=2026-01-01][activity.on<=2026-12-31]"
    assert about("activity", "2026年社区活动台账") == year
    assert about("activity", "社区文化活动登记表") == "[activity.kind=culture]"
    assert about("activity", "2026年第三季度活动台账") == UNTOLD == about("activity", "红歌活动表")
    assert about("money", "社区经费收支明细") == "" and about("project", "社区项目一览表") == ""
    assert (
        about("occasion", "会议记录") == UNTOLD and about("occasion", "上级部门召集会议台账") == ""
    )


def test_an_amount_in_ten_thousands_is_asked_about(told: Words, tmp_path: Path) -> None:
    heads = ["序号", "项目名称", "施工单位", "项目负责人", "总投资（万元）"]
    found = sure(read(told, tmp_path, [["社区项目一览表"], heads, [1], [2]], "A1:E1")[0])
    assert found["项目名称"] == "project.title" and "总投资" not in found
