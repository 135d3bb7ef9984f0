"""A form is filled from the registry of one area; blanks stay blank, and the fact says what was taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.styles import Font

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.tests import making
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from tests.families import settle
from tests.town import Town

HEADS = ["序号 = #", "姓名 = x", "性别 = x", "身份证号码 = x", "年龄 = x", "现住址 = x", "血型 = x"]
LIST: dict[str, Any] = {"title": "居民信息登记表", "heads": HEADS, "rows": 2, "below": ["合计"]}
JIA = "329901001001"


def drawn(tmp_path: Path, **changes: Any) -> Path:
    """A list of residents."""
    return making.make({"name": "名册", "sheets": [{**LIST, **changes}]}, tmp_path).file


def fill(file: Path, *more: str) -> tuple[dict[str, Any], Any]:
    """The report of filling a form for one community, and the first sheet of what was written."""
    out = file.with_name("out.xlsx")
    given = ["fill", str(file), "--area", JIA, "--out", str(out), "--json", *more]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    return json.loads(result.output), openpyxl.load_workbook(out).worksheets[0]


@pytest.mark.row("R011")
def test_a_list_is_filled_from_the_registry(town: Town, tmp_path: Path) -> None:
    settle()
    report, sheet = fill(drawn(tmp_path))
    names = [sheet.cell(row, 2).value for row in range(3, 8)]
    assert sorted(names) == sorted(["王小梅", "张伟", "张乐", "刘秀英", "李建国"])
    at = 3 + names.index("王小梅")
    assert sheet.cell(at, 3).value == "女"
    assert str(sheet.cell(at, 4).value).startswith("32020519850412")
    assert sheet.cell(8, 1).value == "合计" and report["filled"] > 20
    fields = {each["field"]: each for each in report["regions"][0]["fields"]}
    assert fields["血型"]["why"] and not fields["血型"]["filled"]


def test_the_title_narrows_who_is_listed_unless_all_are_asked(town: Town, tmp_path: Path) -> None:
    settle()
    file = drawn(tmp_path, title="80周岁以上老人花名册")
    _report, sheet = fill(file)
    assert (sheet.cell(3, 2).value, sheet.cell(4, 2).value) == ("刘秀英", None)
    _report, sheet = fill(file, "--all")
    assert sheet.cell(7, 2).value is not None


def test_only_the_households_that_a_title_names_are_listed(town: Town, tmp_path: Path) -> None:
    settle()
    heads = ["序号 = #", "户主姓名 = x", "家庭人口数 = x", "家庭住址 = x", "保障类别 = x"]
    file = drawn(tmp_path, title="最低生活保障家庭名册", heads=heads)
    _report, sheet = fill(file)
    assert [sheet.cell(row, 2).value for row in (3, 4)] == ["张伟", None]
    assert (sheet.cell(3, 3).value, sheet.cell(3, 5).value) == (4, "低保"), "only what is asked for"
    _report, sheet = fill(file, "--all")
    assert sheet.cell(4, 2).value == "李建国"


def test_everybody_in_a_filled_list_can_read_who_took_it(town: Town, tmp_path: Path) -> None:
    people = settle()
    fill(drawn(tmp_path))
    with under(system_act()):
        fact = Fact.objects.filter(verb="tables.fill").latest("pk")
    assert people["wang"].pk in fact.data["taken"] and "王小梅" not in str(fact.data)


def test_a_filling_leaves_a_fact_without_values(town: Town, tmp_path: Path) -> None:
    settle()
    fill(drawn(tmp_path), "--reason", "核对人口")
    with under(system_act()):
        fact = Fact.objects.filter(verb="tables.fill").get()
        assert "person.document" in fact.data["elements"]
        assert "王小梅" not in json.dumps(fact.data, ensure_ascii=False)


def test_statistics_are_counted(town: Town, tmp_path: Path) -> None:
    settle()
    spec = {
        "title": "人口情况统计表",
        "kind": "statistics",
        "stub": "社区名称 = area",
        "lines": ["甲社区", "别的社区", "合计"],
        "heads": ["总人口 = x", {"其中": ["男 = x", "女 = x"]}, "80岁以上 = x"],
    }
    file = making.make({"name": "统计", "sheets": [spec]}, tmp_path).file
    _report, sheet = fill(file)
    rows = {
        sheet.cell(row, 1).value: [sheet.cell(row, c).value for c in (2, 3, 4, 5)]
        for row in (4, 5, 6)
    }
    assert rows["甲社区"] == rows["合计"] == [5, 2, 3, 1] or rows["甲社区"][0] == sum(
        rows["甲社区"][1:3]
    )
    assert rows["甲社区"][3] == 1
    assert rows["别的社区"] == [None] * 4


def test_lines_are_summed_only_where_each_is_known(town: Town, tmp_path: Path) -> None:
    settle()
    spec = {
        "title": "重点人群统计表",
        "kind": "statistics",
        "stub": "项目 = line",
        "heads": ["男 = x", "女 = x", "合计 = x"],
    }
    lines = ["低保对象", "80岁以上老人", "合计"]
    file = making.make({"name": "人群", "sheets": [{**spec, "lines": lines}]}, tmp_path).file
    _report, sheet = fill(file)
    assert [sheet.cell(5, column).value for column in (2, 3, 4)] == [0, 2, 2]
    more = [*lines[:2], "外语人才", "合计"]
    file = making.make({"name": "人群二", "sheets": [{**spec, "lines": more}]}, tmp_path).file
    report, sheet = fill(file)
    assert sheet.cell(6, 2).value is None and report["blanks"] == {"line": 6}


def test_a_name_that_several_areas_bear_is_not_counted(town: Town, tmp_path: Path) -> None:
    settle()
    spec = {
        "title": "人口情况统计表",
        "kind": "statistics",
        "stub": "网格名称 = area",
        "lines": ["第一网格", "甲社区", "西街道"],
        "heads": ["总人口 = x", "其中女性 = x"],
    }
    file = making.make({"name": "同名", "sheets": [spec]}, tmp_path).file
    out = file.with_name("out.xlsx")
    given = ["fill", str(file), "--area", "329901", "--out", str(out), "--json"]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [sheet.cell(row, 2).value for row in (3, 4, 5)] == [None, 5, 1]


def test_a_card_is_not_filled_with_everybody(town: Town, tmp_path: Path) -> None:
    settle()
    spec = next(each for each in making.load("known.yaml") if each["name"] == "居民信息登记卡")
    report, _sheet = fill(making.make(spec, tmp_path).file)
    assert report["filled"] == 0
    assert {each["why"] for each in report["regions"][1]["fields"]} == {"一人一表，请选定一个人"}


def test_a_protected_sheet_is_filled_where_it_is_free(town: Town, tmp_path: Path) -> None:
    settle()
    file = drawn(tmp_path)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    sheet.protection.sheet = True
    book.save(file)
    report, _sheet = fill(file)
    assert report["filled"] == 0
    assert "受保护的单元格" in {each["why"] for each in report["regions"][0]["fields"]}


def test_the_form_itself_is_never_overwritten_and_wrong_areas_are_told(
    town: Town, tmp_path: Path
) -> None:
    file = drawn(tmp_path)
    same = CliRunner().invoke(tables, ["fill", str(file), "--area", JIA, "--out", str(file)])
    assert same.exit_code == 1 and "另一个文件" in same.output
    out = str(tmp_path / "o.xlsx")
    wrong = CliRunner().invoke(tables, ["fill", str(file), "--area", "999", "--out", out])
    assert wrong.exit_code == 1 and "没有代码为 999 的区域" in wrong.output


def test_reading_prints_what_was_recognised(town: Town, tmp_path: Path) -> None:
    file = drawn(tmp_path)
    result = CliRunner().invoke(tables, ["read", str(file), "--json"])
    found = json.loads(result.output)
    fields = {"/".join(each["path"]): each for each in found["regions"][0]["fields"]}
    assert fields["身份证号码"]["element"] == "person.document" and fields["身份证号码"]["sure"]
    assert not fields["血型"]["sure"]
    told = CliRunner().invoke(tables, ["read", str(file)], env={"COLUMNS": "160"})
    assert "居民信息登记表" in told.output and "person.document" in told.output
    nothing = CliRunner().invoke(tables, ["read", str(tmp_path / "none.xlsx")])
    assert nothing.exit_code == 1 and "空的" in nothing.output


def test_a_total_without_a_formula_is_added_up(town: Town, tmp_path: Path) -> None:
    settle()
    heads = ["序号 = #", "户主姓名 = x", "家庭人口数 = x", "年龄 = x", "家庭住址 = x"]
    file = drawn(tmp_path, title="家庭户名册", heads=heads, below=["合 计", "填表人："])
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["C5"].font = Font(bold=True, color="FF00AA00")
    book.save(file)
    report, sheet = fill(file, "--all")
    line = next(row for row in range(3, 20) if sheet.cell(row, 1).value == "合 计")
    sizes = [sheet.cell(row, 3).value for row in range(3, line)]
    known = [each for each in sizes if each is not None]
    assert len(known) >= 2 and sheet.cell(line, 3).value == sum(known)
    assert sheet.cell(line, 4).value is None, "ages are not added"
    assert sheet.cell(line, 2).value is None and sheet.cell(line, 5).value is None
    font = sheet.cell(line, 3).font
    assert font.b and font.color.rgb == "FF00AA00", "the total looks as it was drawn"
    (said,) = [f for f in report["regions"][0]["fields"] if f["element"] == "total"]
    assert said["filled"] == 1 and "系统相加" in said["field"]


def test_a_total_that_has_a_formula_or_a_value_is_left(town: Town, tmp_path: Path) -> None:
    settle()
    heads = ["序号 = #", "户主姓名 = x", "家庭人口数 = x"]
    for kept in ("=SUM(C3:C4)", 99):
        file = drawn(tmp_path, title="家庭户名册", heads=heads)
        book = openpyxl.load_workbook(file)
        book.worksheets[0]["C5"] = kept
        book.save(file)
        report, sheet = fill(file, "--all")
        line = next(row for row in range(3, 20) if sheet.cell(row, 1).value == "合计")
        assert str(sheet.cell(line, 3).value).startswith(str(kept)[:5])
        assert all(each["element"] != "total" for each in report["regions"][0]["fields"])


def test_a_subtotal_adds_the_lines_since_the_one_before(town: Town, tmp_path: Path) -> None:
    settle()
    spec = {
        "title": "重点人群统计表",
        "kind": "statistics",
        "stub": "项目 = line",
        "heads": ["男 = x", "女 = x", "合计 = x"],
        "lines": ["80岁以上老人", "小计", "低保对象", "60岁以上老人", "小计", "合计"],
    }
    file = making.make({"name": "人群", "sheets": [spec]}, tmp_path).file
    _report, sheet = fill(file)
    rows = [[sheet.cell(row, column).value for column in (2, 3, 4)] for row in range(3, 9)]
    assert all(isinstance(each, int) for row in rows for each in row), rows
    old, first, low, sixty, second, whole = rows
    assert first == old
    assert second == [a + b for a, b in zip(low, sixty, strict=True)]
    assert whole == [a + b + c for a, b, c in zip(old, low, sixty, strict=True)]
