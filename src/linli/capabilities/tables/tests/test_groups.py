"""Lists drawn in groups of communities or grids, and numbers that are part of another: each checked to the cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.mapping import Words
from linli.capabilities.tables.mapping.grouping import dealt
from linli.capabilities.tables.mapping.narrowing import rows_of
from linli.capabilities.tables.mapping.whom import UNTOLD
from linli.capabilities.tables.reading import Shape
from linli.capabilities.tables.reading.shapes import Group
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.tests.test_filling import JIA, fill
from linli.kernel.dictionary.selectors import book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.row("R011")
HEADS = ("网格", "序号", "姓名", "性别", "年龄", "住址", "是否需要助餐")


@pytest.fixture(scope="module")
def told() -> Words:
    raw = load("national")
    known = book(Pack(0, "national", raw.hash, raw.body, sections()))
    return words(date(2026, 11, 22), known=known)


def drawn(folder: Path, groups: list[tuple[str, int]], title: str = "居民花名册") -> Path:
    """A list with so many rows drawn beside each name, a subtotal below each group and a total at the end."""
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.append([title])
    page.merge_cells("A1:G1")
    page.append(list(HEADS))
    row, parts = 3, []
    for name, rows in groups:
        page[f"A{row}"] = name
        page.merge_cells(f"A{row}:A{row + rows - 1}")
        below = row + rows
        page[f"A{below}"], page[f"C{below}"] = "小计", f"=COUNTA(C{row}:C{below - 1})"
        page.merge_cells(f"A{below}:B{below}")
        parts.append(f"C{below}")
        row = below + 1
    page[f"A{row}"], page[f"C{row}"] = "合计", "=" + "+".join(parts)
    page[f"A{row + 1}"], page[f"E{row + 1}"] = "单位负责人：", "填表人："
    made.save(folder / "名册.xlsx")
    return folder / "名册.xlsx"


def test_each_group_takes_its_own_people_and_grows(town: Town, tmp_path: Path) -> None:
    settle()
    report, sheet = fill(drawn(tmp_path, [("第一网格", 2), ("第二网格", 3)]))
    names = [sheet.cell(row, 3).value for row in range(3, 7)]
    assert sorted(names) == sorted(["王小梅", "张伟", "张乐", "刘秀英"])
    assert [sheet.cell(row, 2).value for row in range(3, 9)] == [1, 2, 3, 4, None, 5]
    assert (sheet["A7"].value, sheet["C7"].value) == ("小计", "=COUNTA(C3:C6)")
    assert (sheet["A8"].value, sheet["C8"].value, sheet["C9"].value) == ("第二网格", "李建国", None)
    assert (sheet["A11"].value, sheet["C11"].value) == ("小计", "=COUNTA(C8:C10)")
    assert (sheet["A12"].value, sheet["C12"].value) == ("合计", "=C7+C11")
    assert sheet["A13"].value == "单位负责人：", "signatures are no card about somebody"
    merged = {str(box) for box in sheet.merged_cells.ranges}
    assert merged == {"A1:G1", "A3:A6", "A7:B7", "A8:A10", "A11:B11"}
    assert report["blanks"].get("outside", 0) == 0


def test_whoever_belongs_to_no_group_stands_in_none(town: Town, tmp_path: Path) -> None:
    settle()
    report, sheet = fill(drawn(tmp_path, [("第二网格", 2), ("第九网格", 2)]))
    assert [sheet.cell(row, 3).value for row in (3, 4, 6, 7)] == ["李建国", None, None, None]
    (grid,) = [each for each in report["regions"][0]["fields"] if each["field"] == "网格"]
    assert grid["blanks"] == {"outside": 4}


def test_a_name_that_two_places_bear_gets_nobody() -> None:
    rows = [("甲", "春江社区第一网格"), ("乙", "梅园社区第一网格"), ("丙", "春江社区第十一网格")]
    groups = [Group("第一网格", 1, 3, 4), Group("十一网格", 1, 5, 6)]
    found, outside = dealt(groups, rows, 1)
    assert found == [[], [rows[2]]] and outside == 2
    found, outside = dealt([Group("1网格", 1, 3, 4)], [("甲", "春江社区11网格")], 1)
    assert (found, outside) == ([[]], 1), "11 is not 1"
    found, outside = dealt([Group("春江村委会", 1, 3, 4)], [("甲", "春江村民委员会")], 1)
    assert len(found[0]) == 1


def statistics(folder: Path, rows: Sequence[Sequence[str | None]]) -> Path:
    """A table of statistics as drawn."""
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    for row in rows:
        page.append(list(row))
    made.save(folder / "统计.xlsx")
    return folder / "统计.xlsx"


def test_a_part_is_counted_among_what_it_is_part_of(told: Words, tmp_path: Path) -> None:
    lines = ("一、常住人口", "  其中：女性", "    80周岁及以上", "二、返乡创业人员", "  其中：女性", "三、户数", "  其中：低保户", "四、党员")  # fmt: skip
    file = statistics(
        tmp_path, [["综合统计表"], ["指标名称", "数量"], *([one, None] for one in lines)]
    )
    (found,) = recognised(file, told)[1]
    assert found.region.shape is Shape.STATISTICS
    lives = "count.person[residence.lives=true]"
    assert [each.element for each in found.lines] == [
        "area.living", f"{lives}[sex=2]", f"count.person[age>=80]{lives[12:]}", "", "",
        "count.household", "count.household[tag=low_income]", "count.person[tag=party_member]",
    ]  # fmt: skip


def test_columns_that_are_part_of_the_one_before_count_among_it(
    told: Words, tmp_path: Path
) -> None:
    heads = ["社区名称", "户籍人口", "其中：女", "流动人口", "其中：女", "常住人口"]
    file = statistics(tmp_path, [["人口统计表"], heads, ["甲社区"], ["乙社区"], ["合计"]])
    (found,) = recognised(file, told)[1]
    assert [each.element for each in found.meanings[1:]] == [
        "area.registered", "count.person[residence=registered][sex=2]",
        "area.floating", "count.person[residence=floating][sex=2]", "area.living",
    ]  # fmt: skip


def test_titles_say_posts_ages_and_who_lives_apart(told: Words) -> None:
    def about(kind: str, title: str, section: str = "") -> str:
        return rows_of(kind, title, section, told.tables, told.tags)

    team = "社区工作队伍情况表"
    assert about("holding", team, "二、专职网格员") == "[holding.post=grid_worker]"
    assert about("holding", team, "三、楼栋长") == UNTOLD
    assert "residents_committee" in about("holding", team, "一、社区居民委员会成员")
    assert about("person", "人户分离人员核查登记表") == "[residence.apart=true]"
    assert about("person", "辖区6—15周岁适龄儿童情况摸底表") == "[age>=6][age<=15]"
    assert about("person", "适龄儿童情况摸底表") == UNTOLD


def test_a_card_about_a_household_is_filled_once_for_each(town: Town, tmp_path: Path) -> None:
    settle()
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.append(["居民家庭情况登记卡"])
    page.append(["户主姓名", None, "户号", None])
    page.append(["家庭人口数", None, "现住地址", None])
    page.append(["家庭成员情况"])
    page.append(["与户主关系", "姓名", "性别", "身份证号"])
    for row in page["A6:D8"]:
        for cell in row:
            cell.border = Border(bottom=Side(style="thin"))
    page["A9"] = "备注"
    for box in ("A1:D1", "A4:D4", "B9:D9"):
        page.merge_cells(box)
    file, out = tmp_path / "户卡.xlsx", tmp_path / "out.zip"
    made.save(file)
    given = ["cards", str(file), "--area", JIA, "--out", str(out), "--json"]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(out) as bundle:
        copies = {name[5:-5]: bundle.read(name) for name in bundle.namelist()}
    assert set(copies) == {"张伟", "李建国"}, "one for each household, under its head"
    card = openpyxl.load_workbook(io.BytesIO(copies["张伟"])).worksheets[0]
    assert (card["B2"].value, card["B3"].value, card["A9"].value) == ("张伟", 4, "备注")
    assert {card[f"B{row}"].value for row in (6, 7, 8)} == {"王小梅", "张乐", "刘秀英"}
