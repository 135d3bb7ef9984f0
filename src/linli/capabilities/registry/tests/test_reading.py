"""Files of any layout: encodings, separators, headings wherever they stand, locked and broken workbooks."""

from __future__ import annotations

import re
import struct
import zipfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from linli.capabilities.registry.reading import (
    SETS,
    Checker,
    Plan,
    Table,
    open_table,
    plan,
    workbook,
)
from linli.capabilities.registry.reading.pieces import long_sheet
from linli.capabilities.registry.services.imports.opening import score
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary
from tests.town import Town

HEAD = ["姓名", "性别", "身份证号码", "联系电话", "出生日期"]
ROWS = [
    ["王小梅", "女", "11010519491231002X", "138 1234 5678", "1949.12.31"],
    ["李建国", "男", "440524188001010014", "+8613912345678", "18800101"],
]
GOOD = [["王小梅", "女", "11010519491231002X", "13812345678", "1949年12月31日"]]


def _planned(file: Path) -> tuple[Table, Plan]:
    table = open_table(file, score)
    return table, plan(table, lambda heading: dictionary.look_up(heading, SETS))


def _cells(table: Table) -> list[tuple[str | None, ...]]:
    return [row for frame in table.frames() for row in frame.select(table.columns).iter_rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_text_in_any_encoding(town: Town, tmp_path: Path, encoding: str, sign: str) -> None:
    file = tmp_path / "人口.csv"
    lines = [sign.join(row) for row in [HEAD, *ROWS]]
    file.write_bytes("\r\n".join(lines).encode(encoding))
    table, found = _planned(file)
    assert [column.heading for column in found.columns] == HEAD
    assert _cells(table) == [tuple(row) for row in ROWS]
    assert found.used["person.document"] == "c2" and found.used["person.phone"] == "c3"


def test_quotes_line_breaks_and_short_rows(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "人口.csv"
    file.write_text(
        '姓名,联系电话,工作单位\n"王,小梅",13812345678,"一厂\n二车间"\n李"建"国\n,,\n张伟,1,2,3\n'
    )
    table, _found = _planned(file)
    assert _cells(table) == [
        ("王,小梅", "13812345678", "一厂\n二车间"),
        ('李"建"国', None, None),
        ("张伟", "1", "2"),
    ]


def test_headings_below_notes_over_merged_cells_and_totals_left_out(
    town: Town, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "2026年某某社区人口情况登记表"
    sheet.merge_cells("A1:E1")
    sheet["A2"] = "填表说明：请如实填写，身份证号为十八位，联系电话请填写本人手机号码，不得空缺。"
    for column, (above, below) in zip(
        "ABCDE",
        (("基本信息", "姓名"), ("", "性别"), ("", "出生日期"), ("监护人", "姓名"), ("", "电话")),
        strict=True,
    ):
        sheet[f"{column}4"], sheet[f"{column}5"] = above or None, below
    sheet.merge_cells("A4:C4")
    sheet.merge_cells("D4:E4")
    sheet.append(["张乐", "男", date(2016, 9, 1), "王小梅", 13812345678])
    sheet.append(["李明", "男", 42614, "=CONCATENATE(1,2)", None])
    sheet.append(["合计", None, "2 人", None, None])
    file = tmp_path / "人口.xlsx"
    book.save(file)
    table, found = _planned(file)
    assert table.heading.data == 5
    elements = [column.element for column in found.columns]
    assert elements[:3] == ["person.name", "person.sex", "person.born"]
    assert "person.name" not in elements[3:], "the guardian's name is not the child's"
    cells = _cells(table)
    assert [row[0] for row in cells] == ["张乐", "李明"]
    assert cells[0][2] == "2016-09-01" and cells[1][2] == "42614"


def test_a_table_that_begins_lower_and_further_right(town: Town, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line, row in enumerate([HEAD, *ROWS], start=4):
        for column, value in enumerate(row, start=3):
            sheet.cell(line, column, value)
    file = tmp_path / "人口.xlsx"
    book.save(file)
    table, found = _planned(file)
    assert [column.heading for column in found.columns][2:] == HEAD
    assert _cells(table) == [(None, None, *row) for row in ROWS]
    assert [n for frame in table.frames() for n in frame["line"]] == [5, 6]


def test_a_column_twice_and_an_unknown_one(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "人口.csv"
    file.write_text(
        "姓名,手机号,手机号,神秘列\n王小梅,,13812345678,x\n李建国,,13912345678,y\n张伟,,,z\n"
    )
    _table, found = _planned(file)
    assert found.used["person.phone"] == "c2", "the fuller of the two"
    assert "两列" in found.columns[1].warning and found.columns[3].warning


def test_a_nameless_heading_is_known_by_its_values(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "人口.csv"
    rows = "".join(f"王{n},1381234567{n},11010519491231002X\n" for n in range(6))
    file.write_text("姓名,列甲,列乙\n" + rows)
    _table, found = _planned(file)
    assert found.used == {"person.name": "c0", "person.phone": "c1", "person.document": "c2"}


def _long(file: Path) -> list[str]:
    """A sheet whose rows are numbered, with days, shared texts, a gap and merged cells below its rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人口&名册"
    book.create_sheet("说明")["A1"] = "只有一行"
    sheet["A1"] = "人口登记表"
    sheet.merge_cells("A1:E1")
    sheet.append(HEAD)
    for n in range(300):
        born = date(1950, 1, 1) + timedelta(days=37 * n)
        sheet.append([f"王小{n}", "女", f"<row>&{n}", 13800000000 + n, born])
    sheet["A400"] = "隔了很多行"
    book.save(file)
    return [sheet.title, *book.sheetnames[1:]]


@pytest.mark.row("R012")
@pytest.mark.parametrize("size", [60, 700, 4096, 10**9])
def test_a_long_sheet_in_pieces_says_what_it_says_as_a_whole(tmp_path: Path, size: int) -> None:
    file = tmp_path / "人口.xlsx"
    long, short = _long(file)
    whole = [
        row
        for frame in workbook.frames([workbook.sheet_of(workbook.open_book(file), long)], 5)
        for row in frame.iter_rows()
    ]
    found = long_sheet(file, least=1, size=size)
    assert found is not None and found.name == long and found.rows == 303
    pieces = list(workbook.pieces_of(found))
    assert len(pieces) > 5 or size > 4096
    assert [row for frame in workbook.frames(pieces, 5) for row in frame.iter_rows()] == whole
    assert whole[2] == ("王小0", "女", "<row>&0", "13800000000", "1950-01-01")
    assert len(whole) == 400 and whole[399][0] == "隔了很多行"
    assert size < 4096 or workbook.head_of(pieces[0], 1)[0] == ["人口登记表"] * 5
    named = long_sheet(file, short, least=1)
    assert named is not None and named.rows == 1
    assert long_sheet(file) is None, "an ordinary workbook is read as a whole"
    assert long_sheet(file, "没有这张", least=1) is None


def test_a_long_sheet_whose_rows_tell_no_number(tmp_path: Path) -> None:
    file = tmp_path / "人口.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for name in ("姓名", *(f"王{n}" for n in range(200))):
        book.active.append([name])
    book.save(file)
    bare = tmp_path / "无行号.xlsx"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bare, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part.endswith("sheet1.xml"):
                text = re.sub(rb'<row r="\d+"[^>]*>', b"<row>", text)
                text = re.sub(rb'<c r="[A-Z]+\d+"', b"<c", text)
            target.writestr(part, text)
    found = long_sheet(bare, least=1, size=500)
    assert found is not None
    rows = [row for frame in workbook.frames(workbook.pieces_of(found), 1) for row in frame.rows()]
    assert rows == [("姓名",), *((f"王{n}",) for n in range(200))]


def _biff5(rows: list[list[str]]) -> bytes:
    """A workbook as Excel 95 wrote it on a Chinese machine: BIFF5 in code page 936, in an OLE file of one stream."""

    def record(code: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", code, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHH", 0x500, kind, 0, 1996))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        spelled = name.encode("utf-16-le").ljust(64, b"\0")
        links = struct.pack("<HBBiii", 2 * len(name) + 2, kind, 1, -1, -1, child)
        return spelled + links + bytes(36) + struct.pack("<IQ", start, size)

    title = "人口".encode("gbk")
    head = begin(5) + record(0x42, struct.pack("<H", 936))
    offset = len(head) + 4 + 7 + len(title) + 4
    head += record(0x85, struct.pack("<IHB", offset, 0, len(title)) + title) + record(0x0A)
    cells = b"".join(
        record(0x204, struct.pack("<HHHH", r, c, 0, len(text)) + text)
        for r, row in enumerate(rows)
        for c, text in enumerate(value.encode("gbk") for value in row)
    )
    stream = (head + begin(0x10) + cells + record(0x0A)).ljust(4096, b"\0")
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (128 - len(chain))
    first = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    first += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    first += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Book", 2, -1, 2, len(stream))
    return first + struct.pack("<128I", *chain) + folder.ljust(512, b"\0") + stream


def test_a_workbook_from_before_1997_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Its Chinese is in a code page; read as it is, every name would be rubbish."""
    file = tmp_path / "老表.xls"
    file.write_bytes(_biff5([HEAD, *ROWS]))
    with pytest.raises(Refusal, match=r"另存为 \.xlsx") as refused:
        open_table(file, score)
    assert refused.value.code == "outdated"


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">
<office:body><office:spreadsheet><table:table table:name="人口">%s</table:table></office:spreadsheet>
</office:body></office:document-content>"""


def _ods(file: Path, rows: list[list[str]], manifest: str = "") -> None:
    """An OpenDocument sheet as LibreOffice and WPS write one, with what readers need of it."""
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell % value for value in row)}</table:table-row>"
        for row in rows
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS % lines)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")


@pytest.mark.parametrize("name", ["人口.ods", "人口.xlsx"])
def test_an_open_document_is_read_whatever_it_is_called(
    town: Town, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    _ods(file, [HEAD, *ROWS])
    table, found = _planned(file)
    assert _cells(table) == [tuple(row) for row in ROWS]
    assert found.used["person.document"] == "c2"
    _ods(file, [HEAD], "<encryption-data/>")
    with pytest.raises(Refusal) as refused:
        open_table(file, score)
    assert refused.value.code == "encrypted"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_what_cannot_be_opened_is_said(town: Town, tmp_path: Path) -> None:
    broken, locked, macros = (tmp_path / name for name in ("坏.xlsx", "密.xlsx", "宏.xlsm"))
    broken.write_bytes(b"PK\x03\x04 nothing")
    locked.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    macros.write_bytes(b"PK")
    hidden = tmp_path / "藏宏.xlsx"
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    empty, headless, other = (tmp_path / name for name in ("空.csv", "无表头.csv", "图.png"))
    empty.write_bytes(b"")
    headless.write_text("1,2,3\n4,5,6\n")
    other.write_bytes(b"x")
    said = {
        broken: "broken",
        locked: "encrypted",
        macros: "macros",
        hidden: "macros",
        empty: "empty",
        headless: "no-heading",
        other: "suffix",
    }
    for file, code in said.items():
        with pytest.raises(Refusal) as refused:
            open_table(file, score)
        assert refused.value.code == code, file.name


def test_rows_are_checked_by_vectors_as_by_rules(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "人口.csv"
    rows = [
        ["王小梅", "女", "11010519491231002X", "138 1234 5678", "1949.12.31"],
        [
            "王小梅",
            "女",
            "１１０１０５１９４９１２３１００２Ｘ",
            "+8613812345678",
            "1949年12月31日",
        ],
        ["王小梅", "女", "110105491231002", "138", "18263"],
        ["王小梅", "男", "11010519491231002x", "", ""],
        ["", "女", "11010519491231002X", "", ""],
        ["王小梅", "女", "110105194912310021", "", ""],
        ["王小梅", "女", "3.20205198504E+17", "", ""],
        ["王小梅", "女", "11010519491231002X", "", "1950-12-31"],
    ]
    file.write_text("\n".join(",".join(row) for row in [HEAD, *rows]))
    table, found = _planned(file)
    frame = pl.concat(list(table.frames())).with_columns(
        area=pl.lit(1), area_wrong=pl.lit(None, dtype=pl.String)
    )
    book = dictionary.book()
    checked = Checker(found, book.elements, book.tables, date(2026, 6, 1)).check(frame)
    assert checked.taken["line"].to_list() == [2, 3, 4, 5]
    assert set(checked.taken["document"]) == {"11010519491231002X"}
    assert set(checked.taken["born"]) == {date(1949, 12, 31)} and set(checked.taken["sex"]) == {"2"}
    assert checked.taken["phone"].to_list() == ["13812345678", "13812345678", None, None]
    flaws = dict(zip(checked.taken["line"], checked.taken["flaws"].to_list(), strict=True))
    assert flaws[4] == ["person.phone:phone.phone"] and flaws[5] == ["person.sex:sex.contradicts"]
    reasons = dict(zip(checked.refused["line"], checked.refused["reasons"].to_list(), strict=True))
    assert reasons == {
        6: ["person.name:name.empty"],
        7: ["person.document:id_number.check"],
        8: ["person.document:science"],
        9: ["person.born:born.contradicts"],
    }
