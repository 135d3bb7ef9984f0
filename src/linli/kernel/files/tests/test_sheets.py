"""What is written into workbooks opens everywhere and runs nowhere."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from linli.kernel.files import sheets

HEADS, ROWS = ("姓名", "=1+1", "备注"), [("王小梅", 3, "@cmd"), ("", None, "-1")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("检查/会议：六月", "检查 会议：六月"),
        ("Duties and assistance: items of communities", "Duties and assistance items of"),
        ("'[a]*?'", "a"),
        ("", "明细"),
    ],
)
def test_any_title_names_a_sheet(title: str, name: str) -> None:
    book = load_workbook(io.BytesIO(sheets.workbook("邻里", HEADS, ROWS, title)))
    assert book.sheetnames == [name]


def test_neither_heads_nor_values_are_computed() -> None:
    sheet = load_workbook(io.BytesIO(sheets.workbook("=水印", HEADS, ROWS))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [c.value for c in sheet[2]] == ["姓名", "'=1+1", "备注"] and sheet["B3"].value == 3
    lines = list(csv.reader(io.StringIO(sheets.text("=水印", HEADS, ROWS).decode("utf-8-sig"))))
    assert lines[:3] == [["'=水印"], ["姓名", "'=1+1", "备注"], ["王小梅", "3", "'@cmd"]]
