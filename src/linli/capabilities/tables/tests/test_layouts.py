"""Forms laid out as departments lay them out are read by their structure, and filled without anybody who is not meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.mapping.counting import count_of
from linli.capabilities.tables.mapping.narrowing import rows_of
from linli.capabilities.tables.mapping.whom import UNTOLD, narrowed
from linli.capabilities.tables.reading import Shape, open_book
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.services import fill
from linli.capabilities.tables.tests import grids
from linli.capabilities.tables.writing import totals
from linli.capabilities.tables.writing.told import Report
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.dictionary.selectors import book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections
from tests.families import settle
from tests.town import Town


@pytest.fixture(scope="module")
def told() -> Words:
    """What proposals are made from."""
    raw = load("national")
    return words(
        date(2026, 11, 22), known=book(Pack(0, "national", raw.hash, raw.body, sections()))
    )


def judged(made: grids.Drawn, mapped: list[Mapped]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """Each field that stands in the truth of a form with what is right for it."""
    for each in mapped:
        card = each.region.shape is Shape.CARD
        for one in each.meanings:
            here = one.field.box
            rows = (here.top, here.top) if card else each.region.head
            found = [
                codes
                for (row, column), codes in made.truth.items()
                if rows[0] <= row <= rows[1] and column == here.left - card
            ]
            yield from ((codes, one) for codes in found[-1:])


@pytest.fixture
def settled(town: Town) -> Town:
    """The town with families in their homes."""
    settle()
    return town


@pytest.mark.row("R011")
def test_layouts_of_departments(told: Words, tmp_path: Path) -> None:
    right, wrong, columns = 0, list[str](), 0
    for name, grid in grids.load("layouts.yaml").items():
        made = grids.draw(name, grid, tmp_path)
        _form, mapped = recognised(made.file, told)
        columns += sum(not set(codes) & {"-", "#"} for codes in made.truth.values())
        for codes, one in judged(made, mapped):
            fits = one.taken in codes or one.taken.startswith("area") and codes[0] == "area"
            right += fits and not set(codes) & {"-", "#"}
            if one.sure and not fits:
                wrong.append(f"{name} {one.field.label}: {one.element} for {codes}")
    print(f"\n{columns} columns with an element, {right / columns:.1%} right")
    assert wrong == []
    assert columns > 110 and right / columns >= 0.95


WHOM = [
    ("60至79周岁老年人名册", "[age>=60][age<=79]"),
    ("35-64周岁妇女两癌筛查名册", "[age>=35][age<=64][sex=2]"),
    ("低保家庭残疾人名册", "[tag=low_income][tag=disabled]"),
    ("低保、特困人员名册", "[tag=destitute|low_income]"),
    ("残疾儿童康复登记", "[age<18][tag=disabled]"),
    ("低保老年人花名册", "[age>=60][tag=low_income]"),
]


@pytest.mark.parametrize(("title", "said"), WHOM)
def test_all_that_a_title_says_narrows_the_rows(told: Words, title: str, said: str) -> None:
    assert narrowed(title, told.tags) == said


@pytest.mark.parametrize(
    "title",
    [
        "社区重点人员台账",
        "适龄男青年兵役登记花名册",
        "光荣牌悬挂情况登记表",
        "80周岁以上老人新增名单",
    ],
)
def test_people_whom_nothing_tells_are_not_guessed(told: Words, title: str) -> None:
    assert rows_of("person", title, "", told.tables, told.tags) == UNTOLD


def test_whose_name_is_asked_says_whom_the_list_is_about(told: Words) -> None:
    assert rows_of("person", "服务需求汇总表", "", told.tables, told.tags, "老人") == "[age>=60]"


def filled(town: Town, file: Path, out: Path) -> Report:
    """A form filled for a community."""
    with under(system_act()) as act:
        known = words(timezone.localdate(act.at))
        _form, mapped = recognised(file, known)
        return fill(
            act, town.area("甲社区"), file=file, out=out, mapped=mapped, words=known, reason="核对"
        )


def column(file: Path, at: int) -> list[object]:
    """What stands in a column of a filled form."""
    page = openpyxl.load_workbook(file).worksheets[0]
    return [page.cell(row, at).value for row in range(1, page.max_row + 1)]


def test_only_the_people_whom_a_department_wrote_in_are_filled(
    settled: Town, tmp_path: Path
) -> None:
    grid = "资格认证核查表|<|<|<\n姓名|身份证号|性别|现住址\n王小梅|||\n查无此人|||\n合计|||"
    made = grids.draw("核查", grid, tmp_path)
    report = filled(settled, made.file, tmp_path / "out.xlsx")
    names, sexes = column(tmp_path / "out.xlsx", 1), column(tmp_path / "out.xlsx", 3)
    assert names[2:5] == ["王小梅", "查无此人", "合计"] and len(names) == 5
    assert sexes[2:5] == ["女", None, None]
    assert report.blanks["stranger"] == 3


def test_a_list_runs_on_over_pages_and_over_blocks_side_by_side(
    settled: Town, tmp_path: Path
) -> None:
    heads = "序号|姓名|性别"
    pages = grids.draw("分页", f"居民名册|<|<\n{heads}\n*2\n{heads}\n*2", tmp_path)
    filled(settled, pages.file, tmp_path / "pages.xlsx")
    numbers = [each for each in column(tmp_path / "pages.xlsx", 1) if isinstance(each, int)]
    assert numbers == [1, 2, 3, 4, 5], "nobody twice"
    beside = grids.draw("并排", f"居民名册|<|<|<|<|<|<\n{heads}||{heads}\n*2", tmp_path)
    filled(settled, beside.file, tmp_path / "beside.xlsx")
    left, right = column(tmp_path / "beside.xlsx", 1), column(tmp_path / "beside.xlsx", 5)
    assert [left[2:], right[2:]] == [[1, 2, 3], [4, 5, None]]


def test_people_whom_nothing_tells_leave_the_list_blank(settled: Town, tmp_path: Path) -> None:
    made = grids.draw("重点", "重点人员台账|<|<\n姓名|性别|身份证号\n*3", tmp_path)
    report = filled(settled, made.file, tmp_path / "out.xlsx")
    assert report.filled == 0 and {one.left for one in report.regions[0][3]} == {"whom"}


def test_a_total_of_places_of_which_one_is_unknown_stays_blank(
    settled: Town, tmp_path: Path
) -> None:
    grid = "人口统计表|<\n社区|总人口数\n甲社区|\n不存在的社区|\n合计|"
    made = grids.draw("统计", grid, tmp_path)
    filled(settled, made.file, tmp_path / "out.xlsx")
    assert column(tmp_path / "out.xlsx", 2)[2:] == [5, None, None]


ANY_ROWS = {
    "person": ("居民基本信息一览表", "人口与住户信息台帐", "居民户口信息变更登记表"),
    "household": ("居民户情况一览表", "一户一档信息表"),
    "home": ("出租屋信息采集表", "空置房屋摸排表", "房屋租赁备案登记表"),
    "estate": ("小区停车位情况统计表", "小区业委会组建情况统计表", "小区垃圾分类设施统计表"),
    "organisation": ("辖区单位一览表", "九小场所消防安全检查台账", "社会组织年检情况表"),
    "facility": ("公共设施一览表", "消防设施登记表"),
    "area": ("社区基本情况一览表", "网格人口信息月报表"),
}


def test_a_title_that_narrows_nothing_leaves_no_list_blank(told: Words) -> None:
    for kind, titles in ANY_ROWS.items():
        for title in titles:
            assert rows_of(kind, title, "", told.tables, told.tags) != UNTOLD, title
    assert rows_of("organisation", "辖区药店一览表", "", told.tables, told.tags) == UNTOLD


COUNTS = [
    ("低保户数", "count.household[tag=low_income]"),
    ("户籍总户数", "count.household"),
    ("户籍", "count.person[residence=registered]"),
    ("残疾人数", "count.person[tag=disabled]"),
]


@pytest.mark.parametrize(("heading", "count"), COUNTS)
def test_households_and_people_are_counted_apart(told: Words, heading: str, count: str) -> None:
    assert count_of((heading,), told.tags) == count
    assert count_of(("重点人群", "独居老人"), told.tags) == "count.person[tag=living_alone]"


def test_lines_about_the_form_are_no_card_and_its_list_is_filled(
    settled: Town, tmp_path: Path
) -> None:
    """Loose cells above a list – whose appendix, who fills it in, in what units – once kept the whole list blank."""
    grid = "附件2||\n居民名册|<|<\n填报单位（公章）：||单位：人、元\n填报日期：  年  月  日||填表人：\n姓名|性别|身份证号\n*3"
    made = grids.draw("附件", grid, tmp_path)
    report = filled(settled, made.file, tmp_path / "out.xlsx")
    assert len(report.regions) == 1 and report.filled > 9
    family = "家庭情况登记表|<|<|<\n户主姓名：||填表日期：|\n家庭住址：||联系电话：|\n姓名|性别|与户主关系|身份证号\n*3"
    made = grids.draw("家庭", family, tmp_path)
    _form, mapped = recognised(made.file, words(date(2026, 11, 22)))
    assert [each.region.shape for each in mapped] == [Shape.CARD, Shape.LIST]


def test_a_blank_table_of_counts_gets_a_row_for_each_place(settled: Town, tmp_path: Path) -> None:
    grid = "社区人口情况统计表|<|<|<\n社区名称|总人口数|按性别分|<\n^|^|男|女\n*4\n合计|||"
    made = grids.draw("空表", grid, tmp_path)
    report = filled(settled, made.file, tmp_path / "out.xlsx")
    names, people = column(tmp_path / "out.xlsx", 1), column(tmp_path / "out.xlsx", 2)
    assert names[3:5] == ["甲社区", None] and people[3] == people[names.index("合计")] == 5
    assert report.filled == 4 + 3


BAD = [
    ("名册.csv", "姓名\t性别".encode("utf-16"), "text"),
    ("名册.csv", b"PK\x03\x04", "text"),
    ("名册.csv", ("姓名,性别\r\n" + "长" * 140_000).encode(), "text"),
    ("名册.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "web"),
]


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_tables_that_only_look_like_tables(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal) as caught:
        open_book(tmp_path / name)
    assert caught.value.code == code and str(caught.value).endswith("。")


def test_households_are_of_no_sex() -> None:
    assert totals.joined("count.household[tag=x]", "count.person[sex=1]") == ""
    assert totals.joined("count.person[tag=x]", "rate.person[sex=1]") == "rate.person[tag=x][sex=1]"
