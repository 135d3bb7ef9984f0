"""Formulas without a stored result: told by column and line, read as blanks, and their rows listed."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.capabilities.registry import jobs
from linli.capabilities.registry.models import Batch, BatchRow, Person
from linli.capabilities.registry.reading import formulas, open_table
from linli.capabilities.registry.reading.pieces import long_sheet
from linli.capabilities.registry.services import imports
from linli.capabilities.registry.services.imports.opening import score
from linli.capabilities.registry.tests.importing import card, imported, total
from linli.kernel.acts import system_act, under
from tests.town import Town

HEADS = ("姓名", "公民身份号码", "联系电话", "所属社区", "年龄段")
SAID = (
    "3 个单元格是没有结果的公式，按空白处理：联系电话 1 个（第 4 行）、年龄段 2 个（第 4、5 行）。"
    "请在 Excel 或 WPS 里打开并保存一次，再导入。"
)


def book(folder: Path, *rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> Path:
    """A workbook as a program writes it: formulas without what they show."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(("某某社区名单",))
    for row in (heads, *rows):
        sheet.append(row)
    made.save(folder / "表.xlsx")
    return folder / "表.xlsx"


def mixed(folder: Path) -> Path:
    """One row as it should be, one with two formulas, one with one formula."""
    return book(
        folder,
        ("周小明", card(701), "13600000001", "甲社区", "青年"),
        ("吴小红", card(702), '="136"&"00000002"', "甲社区", "=IF(1>0,1,2)"),
        ("郑小刚", card(703), "13600000003", "甲社区", "=1+1"),
    )


@pytest.mark.row("R012")
def test_they_are_told_by_column_and_line_and_their_rows_listed(town: Town, tmp_path: Path) -> None:
    file = mixed(tmp_path)
    with under(system_act()):
        plan = imports.propose(imports.source_of("police"), file)
    assert SAID in plan.warnings
    batch = imported(town, file, "police")
    counts = total(batch)
    assert (counts["rows"], counts["new"], counts["flawed"]) == (3, 3, 1)
    assert counts["why:person.phone:formula"] == 1
    with under(system_act()):
        kept = {row.line: row.reasons for row in BatchRow.objects.filter(batch=batch)}
        assert Person.objects.get(name="吴小红").phone is None
    assert kept == {4: ["person.phone:formula"]}, "年龄段 is not taken, so its rows are whole"


def test_a_confirmed_plan_goes_on_telling(town: Town, tmp_path: Path) -> None:
    with under(system_act()):
        plan = imports.propose(imports.source_of("police"), mixed(tmp_path))
    again = type(plan).of_json(plan.chosen({4: ""}).as_json())
    assert again.warnings == (SAID,)


@pytest.mark.row("R012")
def test_a_row_that_loses_its_name_is_refused_with_both_reasons(town: Town, tmp_path: Path) -> None:
    file = book(tmp_path, ("=A1", card(704), "13600000001", "甲社区", "青年"))
    batch = imported(town, file, "police")
    with under(system_act()):
        (row,) = BatchRow.objects.filter(batch=batch)
    assert (row.state, row.reasons) == (
        "refused",
        ["person.name:name.empty", "person.name:formula"],
    )


@pytest.mark.row("R012")
def test_a_sheet_of_nothing_else_has_no_rows_and_says_why(town: Town, tmp_path: Path) -> None:
    rows = [("=Sheet2!A1", "=Sheet2!B1", "=Sheet2!C1") for _at in range(7)]
    file = book(tmp_path, *rows, heads=HEADS[:3])
    with under(system_act()):
        plan = imports.propose(imports.source_of("police"), file)
    assert [
        said for said in plan.warnings if "21 个单元格" in said and "第 3、4、5、6、7 等行" in said
    ]
    assert "total" not in imported(town, file, "police").counts, "no row was read"


def test_organisations_with_them_are_listed_too(town: Town, tmp_path: Path) -> None:
    file = book(
        tmp_path,
        ("春江幼儿园", "学校", '="甲"&"社区"', "=1", "春江路 1 号"),
        heads=("单位名称", "单位类型", "所属社区", "联系电话", "地址"),
    )
    batch = imported(town, file, "ledger")
    assert batch.record_set == "organisation"
    with under(system_act()):
        (row,) = BatchRow.objects.filter(batch=batch)
    assert "organisation.public_phone:formula" in row.reasons


CELLS = (
    ('<c r="C3"><f>1+1</f><v>2</v></c>', 0),
    ('<c r="C3"><f>1+1</f><v></v></c>', 1),
    ('<c r="C3"><f>1+1</f><v/></c>', 1),
    ('<c r="C3"><f>1+1</f></c>', 1),
    ('<c r="C3" s="1"><f t="shared" si="0"/></c>', 1),
    ('<c r="C3"><f t="shared" ref="C3:C9" si="0">IF(A3&gt;1,1,2)</f><v>1</v></c>', 0),
    ('<c r="C3" t="str"><f>""</f><v></v></c>', 0),  # it shows an empty text: that is a result
    ('<c r="C3" t="str"><f>A1</f></c>', 1),
    ('<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', 0),
    ("<c><f>1+1</f></c>", 1),  # a cell that does not say where it is
)


@pytest.mark.parametrize("cell", CELLS, ids=[cell for cell, _n in CELLS])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_what_other_programs_write(tmp_path: Path, cell: tuple[str, int], prefix: str) -> None:
    text, lost = cell
    before = '<c r="A3"/><c r="B3" t="n"><v>1</v></c>'
    whole = before + text + '<c r="D3"><v>4</v></c>'
    if prefix:
        for tag in ("c", "v", "f"):
            whole = whole.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}", f"</x:{tag}")
    file = tmp_path / "表.xlsx"
    names = "xmlns:x='a' xmlns='a'"
    with zipfile.ZipFile(book(tmp_path), "r") as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f"<{prefix}worksheet {names}><{prefix}sheetData><{prefix}row r='2'></{prefix}row>"
        f'<{prefix}row r="3">{whole}</{prefix}row></{prefix}sheetData></{prefix}worksheet>'
    ).encode()
    with zipfile.ZipFile(file, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    assert formulas.lost_in(file, "Sheet").rows() == [(3, 2)] * lost


def test_a_long_sheet_tells_the_same(town: Town, tmp_path: Path) -> None:
    rows = [
        (f"周{at}", card(at), "=1" if at % 50 == 0 else "1", "甲社区", "") for at in range(1, 301)
    ]
    file = book(tmp_path, *rows)
    long = long_sheet(file, least=1, size=4096)
    assert long is not None and len(list(long.books())) > 3
    found = formulas.lost_in(file, long.name)
    assert found.rows() == [(at + 2, 2) for at in range(50, 301, 50)]
    assert open_table(file, score).lost[0].cells == 6


@pytest.mark.row("R012")
def test_the_desk_says_it_before_and_after(
    town: Town, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    for job in (jobs.import_rows, jobs.import_trial):
        monkeypatch.setattr(job, "defer", lambda **_given: None)
    client = Client()
    session = client.session
    session.update(
        {"account": town.account("chen").pk, "hat": town.act("chen").hat, "second": True}
    )
    session.save()
    sent = SimpleUploadedFile("表.xlsx", mixed(tmp_path).read_bytes())
    given = {"source": "civil", "area": town.area("甲社区").pk, "as_of": "2026-05-01", "file": sent}
    at = client.post("/desk/registry/imports/new/", given)["Location"]
    assert SAID in client.get(at).content.decode()
    with under(system_act()):
        batch = Batch.objects.get(name="表.xlsx")
    client.post(f"{at}columns/", {f"c{c['at']}": c["element"] for c in batch.plan["columns"]})
    assert jobs.trial(town.act("chen"), batch.pk) == "done"
    assert "联系电话：单元格里的公式没有结果" in client.get(at).content.decode()
    client.post(f"{at}start/")
    assert jobs.imported(town.act("chen"), batch.pk) == "done"
    page = client.get(at).content.decode()
    assert SAID in page and "部分内容未采用的行" in page
    assert ">4<" in client.get(f"{at}rows/?state=flawed").content.decode()
    assert date(2026, 5, 1) == batch.as_of
