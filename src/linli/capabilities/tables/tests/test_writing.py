"""Filling keeps the file: cells not filled, styles, shapes, pictures, formulas and parts stay as they were."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from linli.capabilities.tables.writing import Block, SheetFill, fill_book
from linli.capabilities.tables.writing.filling import fill_text
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.shifting import Shift

SHAPE = (
    b"<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row>"
    b"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff>"
    b'<xdr:row>15</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="9" '
    b'name="stamp"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp><xdr:clientData/></xdr:twoCellAnchor>'
)


def picture() -> io.BytesIO:
    """A PNG of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A list of five drawn rows with everything below it that can move: totals, pictures, validations, print area."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名册"
    _draw(sheet)
    other = book.create_sheet("汇总")
    other["A1"] = "=SUM(名册!C4:C8)"
    other["B1"] = "=名册!C9+$A$1"
    path = tmp_path / "form.xlsx"
    book.save(path)
    with_shape(path)
    return path


def _draw(sheet: Worksheet) -> None:
    thin = Side(style="thin")
    sheet["A1"] = "人员名册"
    sheet.merge_cells("A1:E1")
    for column, name in enumerate(("序号", "姓名", "金额", "翻倍", "备注"), start=1):
        sheet.cell(3, column, name).font = Font(bold=True)
    for row in range(4, 9):
        for column in range(1, 6):
            cell = sheet.cell(row, column)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        sheet.cell(row, 4, f"=C{row}*2")
        sheet.row_dimensions[row].height = 23
    sheet["A9"], sheet["C9"], sheet["D9"] = "合计", "=SUM(C4:C8)", "=SUM(D4:D8)"
    sheet["A9"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A11"] = "填表人："
    sheet.merge_cells("A11:E11")
    sheet["A11"].comment = Comment("签字", "街道")
    rule = DataValidation(type="list", formula1='"甲,乙"')
    rule.add("E4:E8")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add(
        "C4:C8", Rule(type="cellIs", operator="greaterThan", formula=["$C$9"])
    )
    sheet.print_area = "A1:E11"
    sheet.print_title_rows = "1:3"
    sheet.add_image(Image(picture()), "B13")


def with_shape(path: Path) -> None:
    """Put a shape beside the picture, which openpyxl itself would lose."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info.filename) for info in archive.infolist()}
    drawing = parts["xl/drawings/drawing1.xml"]
    if b"xmlns:xdr" not in drawing:
        drawing = drawing.replace(
            b"<wsDr ",
            b'<wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" ',
        )
    parts["xl/drawings/drawing1.xml"] = drawing.replace(b"</wsDr>", SHAPE + b"</wsDr>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def filled(form: Path, count: int) -> Path:
    """The form filled with so many rows."""
    out = form.with_name(f"out{count}.xlsx")
    rows: list[list[Value]] = [[at + 1, f"人{at}", at * 10] for at in range(count)]
    fill_book(form, out, {"名册": SheetFill(blocks=[Block(4, 8, [1, 2, 3], rows)])})
    return out


def parts(path: Path) -> dict[str, bytes]:
    """Every part of a workbook by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_rows_that_fit_change_only_their_sheet(form: Path) -> None:
    before, after = parts(form), parts(filled(form, 3))
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert before.keys() == after.keys()


@pytest.mark.row("R011")
@pytest.mark.parametrize("count", [0, 3, 5])
def test_cells_not_filled_stay_cell_by_cell(form: Path, count: int) -> None:
    one = openpyxl.load_workbook(form)["名册"]
    other = openpyxl.load_workbook(filled(form, count))["名册"]
    for row in one.iter_rows():
        for cell in row:
            row_, column = cell.row or 0, cell.column or 0
            twin = other.cell(row_, column)
            assert cell.style_id == twin.style_id
            if not (4 <= row_ < 4 + count and column <= 3):
                assert cell.value == twin.value, cell.coordinate
    assert one.merged_cells.ranges == other.merged_cells.ranges


def test_rows_beyond_those_drawn_move_what_lies_below(form: Path) -> None:
    book = openpyxl.load_workbook(filled(form, 12))
    sheet = book["名册"]
    assert [sheet.cell(row, 2).value for row in range(4, 16)] == [f"人{at}" for at in range(12)]
    assert sheet["D15"].value == "=C15*2"
    assert sheet["A16"].value == "合计" and sheet["C16"].value == "=SUM(C4:C15)"
    assert sheet["A16"].fill.fgColor.rgb == "00FFFF00"
    assert {str(each) for each in sheet.merged_cells.ranges} == {"A1:E1", "A18:E18"}
    assert str(sheet.data_validations.dataValidation[0].sqref) == "E4:E15"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["C4:C15"]
    assert sheet.print_area == "'名册'!$A$1:$E$18" and sheet.print_title_rows == "$1:$3"
    assert sheet["A18"].comment is not None
    assert book["汇总"]["A1"].value == "=SUM(名册!C4:C15)"
    assert book["汇总"]["B1"].value == "=名册!C16+$A$1"
    for row in range(9, 16):
        assert sheet.cell(row, 2).border.left.style == "thin"
        assert sheet.row_dimensions[row].height == 23


def test_pictures_and_shapes_survive_and_move(form: Path) -> None:
    before, after = parts(form), parts(filled(form, 12))
    assert before["xl/media/image1.png"] == after["xl/media/image1.png"]
    drawing = after["xl/drawings/drawing1.xml"]
    assert b'name="stamp"' in drawing
    assert b"<xdr:row>19</xdr:row>" in drawing and b"<xdr:row>22</xdr:row>" in drawing


def test_texts_are_never_computed_and_numbers_stay_whole(form: Path, tmp_path: Path) -> None:
    rows: list[list[Value]] = [
        ["1", '=HYPERLINK("x")', None],
        ["2", "320203198504121234", 5],
        ["3", " <甲>&乙 ", 1.5],
    ]
    out = tmp_path / "safe.xlsx"
    fill_book(form, out, {"名册": SheetFill(blocks=[Block(4, 8, [1, 2, 3], rows)])})
    sheet = openpyxl.load_workbook(out)["名册"]
    assert sheet["B4"].data_type == "s" and sheet["B4"].value == '=HYPERLINK("x")'
    assert sheet["B5"].value == "320203198504121234"
    assert sheet["B6"].value == " <甲>&乙 " and sheet["C6"].value == 1.5


def test_single_cells_are_filled_where_no_row_was_drawn(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "cells.xlsx"
    fill_book(form, out, {"名册": SheetFill(cells={(9, 2): 7, (2, 5): "二", (40, 1): "远"})})
    sheet = openpyxl.load_workbook(out)["名册"]
    assert (sheet["B9"].value, sheet["E2"].value, sheet["A40"].value) == (7, "二", "远")
    assert sheet["C9"].value == "=SUM(C4:C8)"


def test_a_text_table_is_filled_without_formulas(tmp_path: Path) -> None:
    file, out = tmp_path / "t.csv", tmp_path / "o.csv"
    file.write_text("姓名,电话\n", "utf-8-sig")
    fill_text(file, out, 1, [["=1+1", "13800000000"], [None, "2"]])
    assert out.read_text("utf-8-sig").splitlines() == ["姓名,电话", "'=1+1,13800000000", ",2"]


MOVES = [
    ("SUM(C4:C8)", "SUM(C4:C15)"),
    ("C9*2", "C16*2"),
    ("$C$8+C4", "$C$8+C4"),
    ("SUM(C1:C3)", "SUM(C1:C3)"),
    ('IF(A9="C9",1,2)', 'IF(A16="C9",1,2)'),
    ("别表!C9+名册!C9", "别表!C9+名册!C16"),
    ("SUM(A:A)+SUM(9:9)", "SUM(A:A)+SUM(16:16)"),
]


@pytest.mark.parametrize(("formula", "now"), MOVES)
def test_formulas_follow_the_rows(formula: str, now: str) -> None:
    assert Shift("名册", ((8, 7),)).formula(formula, own=True) == now


@pytest.mark.row("R011")
def test_nobody_is_filled_into_a_row_that_is_hidden(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    for row in (4, 6, 11):
        book["名册"].row_dimensions[row].hidden = True
    book.save(form)
    sheet = openpyxl.load_workbook(filled(form, 12))["名册"]
    assert not [row for row in range(4, 16) if sheet.row_dimensions[row].hidden]
    assert sheet.row_dimensions[18].hidden, "what is not filled stays as it was"
