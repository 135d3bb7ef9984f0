"""Files that are no forms, or not to be touched: a clear answer with what to do."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Protection, Side

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.reading import open_book, open_form
from linli.capabilities.tables.tests.test_writing import picture
from linli.kernel.acts import Refusal
from tests.town import Town

THIN = Side(style="thin")
KNOWN = {"姓名", "性别", "身份证号", "联系电话"}


def score(text: str) -> float:
    """A dictionary of four words."""
    return 1.0 if text in KNOWN else 0.0


def refused(file: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(Refusal) as caught:
        open_form(file, score)
    assert str(caught.value).endswith("。")
    return caught.value.code


def book(tmp_path: Path, *rows: tuple[str | None, ...]) -> tuple[Workbook, Path]:
    """A workbook with some rows."""
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    return made, tmp_path / "form.xlsx"


def test_a_picture_pasted_as_a_form(tmp_path: Path) -> None:
    made, path = book(tmp_path)
    made.worksheets[0].add_image(Image(picture()), "A1")
    made.save(path)
    assert refused(path) == "picture"


def test_a_workbook_that_is_no_form(tmp_path: Path) -> None:
    made, path = book(tmp_path, ("关于做好夏季防汛工作的通知",), ("各社区：", None))
    made.save(path)
    assert refused(path) == "no-form"


def test_an_empty_workbook_and_an_empty_file(tmp_path: Path) -> None:
    made, path = book(tmp_path)
    made.save(path)
    assert refused(path) == "blank"
    (tmp_path / "none.xlsx").touch()
    assert refused(tmp_path / "none.xlsx") == "empty"


OTHERS = [
    ("a.doc", "suffix"),
    ("a.wps", "suffix"),
    ("a.pdf", "suffix"),
    ("a.jpg", "picture"),
    ("a.xlsm", "macros"),
    ("a.exe", "suffix"),
]


@pytest.mark.parametrize(("name", "code"), OTHERS)
def test_other_files_name_the_remedy(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(b"something")
    assert refused(tmp_path / name) == code


def test_a_password_a_broken_file_and_macros(tmp_path: Path) -> None:
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert refused(locked) == "encrypted"
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    assert refused(broken) == "broken"
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"))
    made.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refused(path) == "macros"


def test_entities_are_not_opened(tmp_path: Path) -> None:
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"))
    made.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    parts["xl/worksheets/sheet1.xml"] = bomb + parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refused(path) == "broken"


def test_circular_formulas_are_told(tmp_path: Path) -> None:
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"), (None, None, None))
    made.worksheets[0]["E5"], made.worksheets[0]["F5"] = "=F5+1", "=E5"
    made.save(path)
    form = open_form(path, score)
    assert form.regions and "公式" in form.warnings[0]


def test_two_hundred_sheets(tmp_path: Path) -> None:
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"))
    for at in range(199):
        made.create_sheet(f"表{at}").append(("姓名", "性别", "联系电话"))
    made.save(path)
    assert len(open_form(path, score).regions) == 200


def test_a_hundred_thousand_empty_styled_rows(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="1"/><c r="B{r}" s="1"/><c r="C{r}" s="1"/></row>'
        for r in range(2, 100_002)
    )
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"))
    made.worksheets[0]["A1"].border = Border(left=THIN)
    made.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", rows.encode() + b"</sheetData>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    region = open_form(path, score).regions[0]
    assert region.body[0] == 2 and region.kept == 0


def test_a_protected_sheet_says_which_cells_are_free(tmp_path: Path) -> None:
    made, path = book(tmp_path, ("姓名", "性别", "身份证号"), (None, None, None))
    sheet = made.worksheets[0]
    sheet.protection.sheet = True
    sheet["A2"].protection = Protection(locked=False)
    made.save(path)
    opened = open_book(path)
    assert opened.sheets[0].protected
    locked = {
        column: opened.looks[opened.sheets[0].styles.get((2, column), 0)].locked
        for column in (1, 2)
    }
    assert locked == {1: False, 2: True}


@pytest.mark.parametrize("ending", [".xls", ".et"])
def test_old_workbooks_are_read_and_not_filled(town: Town, tmp_path: Path, ending: str) -> None:
    carried = Path(__file__).parents[2] / "registry/tests/workbooks/genuine.xls"
    file = tmp_path / f"旧表{ending}"
    file.write_bytes(carried.read_bytes())
    found = CliRunner().invoke(tables, ["read", str(file), "--json"])
    assert found.exit_code == 0, found.output
    told = json.loads(found.output)
    elements = {each["element"] for region in told["regions"] for each in region["fields"]}
    assert {"person.name", "person.document"} <= elements
    assert any("另存为 .xlsx" in each for each in told["warnings"])
    out = str(tmp_path / "out.xlsx")
    refused = CliRunner().invoke(
        tables, ["fill", str(file), "--area", "329901001001", "--out", out]
    )
    assert refused.exit_code == 1 and "另存为 .xlsx" in refused.output


def test_a_pdf_is_refused_with_the_remedy(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "表.pdf"
    file.write_bytes(b"%PDF-1.7 ...")
    refused = CliRunner().invoke(tables, ["read", str(file)])
    assert refused.exit_code == 1 and "请向发表单位要 .xlsx 或 .docx 原表" in refused.output
