"""One form for each person: boxes ticked, the family listed, pictures and shapes untouched; in .xlsx and in .docx."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.reading.word import opened
from linli.capabilities.tables.tests import making, papers
from linli.capabilities.tables.tests.test_writing import picture, with_shape
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from tests.families import settle
from tests.town import Town

JIA = "329901001001"


def card(folder: Path) -> Path:
    """The card of a resident with a family list, dressed with all that must survive."""
    spec = next(each for each in making.load("known.yaml") if each["name"] == "居民信息登记卡")
    file = making.make(spec, folder).file
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    page["H1"] = "照片"
    page.add_image(Image(picture()), "H2")
    rule = DataValidation(type="list", formula1='"是,否"')
    page.add_data_validation(rule)
    rule.add("F10")
    page.conditional_formatting.add("B3:B9", Rule(type="expression", formula=["LEN(B3)=0"]))
    page.print_area, page.page_setup.orientation = "A1:H20", "landscape"
    page.page_margins.left = 0.5
    book.defined_names["照片框"] = DefinedName("照片框", attr_text=f"'{page.title}'!$H$1:$H$8")
    book.save(file)
    with_shape(file)
    return file


def run(file: Path, out: Path, *more: str) -> dict[str, Any]:
    """The report of filling cards for one community."""
    given = ["cards", str(file), "--area", JIA, "--out", str(out), "--json", *more]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.output)
    return report


def parts(raw: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.row("R011")
def test_everybody_has_a_copy_of_their_own(town: Town, tmp_path: Path) -> None:
    settle()
    file, out = card(tmp_path), tmp_path / "out.zip"
    report = run(file, out)
    assert report["share"] == 1 and report["filled"] > 60
    with zipfile.ZipFile(out) as bundle:
        copies = {name[5:]: bundle.read(name) for name in bundle.namelist()}
    assert set(copies) == {f"{n}.xlsx" for n in ("王小梅", "张伟", "张乐", "刘秀英", "李建国")}
    before, after = parts(file.read_bytes()), parts(copies["王小梅.xlsx"])
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    one = openpyxl.load_workbook(file).worksheets[0]
    page = openpyxl.load_workbook(io.BytesIO(copies["王小梅.xlsx"])).worksheets[0]
    said = {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.value}
    assert said["B3"] == "王小梅" and said["D3"] == "□男  ☑女" and said["F3"] == "1985-04-12"
    assert str(said["B4"]).startswith("32020519850412")
    family = [said.get(f"A{row}") for row in range(12, 16)]
    assert set(filter(None, family)) == {"张伟", "张乐", "刘秀英"}
    for row in one.iter_rows():
        for cell in row:
            if cell.value is not None and "□" not in str(cell.value):
                assert said[cell.coordinate] == cell.value, "labels stay"
    assert (page.print_area, page.page_setup.orientation) == (one.print_area, "landscape")
    assert page.merged_cells.ranges == one.merged_cells.ranges
    with under(system_act()):
        fact = Fact.objects.filter(verb="tables.cards").get()
        assert len(fact.data["taken"]) == 5 and "王小梅" not in json.dumps(fact.data)


def test_a_word_card_is_filled_for_one_person(town: Town, tmp_path: Path) -> None:
    people = settle()
    file = papers.document(tmp_path / "登记卡.docx", *papers.CARD)
    out = tmp_path / "out.docx"
    run(file, out, "--person", str(people["wang"].pk))
    found = [[hole.text for hole in row.holes] for row in opened(out).tables[0]]
    assert found[0] == ["姓名", "王小梅", "性别", "□男  ☑女"]
    assert found[1][1] == "1985年4月12日" and found[1][3] == "☐未婚 ☐已婚", (
        "nobody told of a marriage"
    )
    assert found[2][1].startswith("32020519850412") and found[3][1].endswith("101")
    before, after = file.read_bytes(), out.read_bytes()
    assert b"txbxContent" in parts(after)["word/document.xml"]
    assert parts(before)["word/media/image1.png"] == parts(after)["word/media/image1.png"]
    people["wang"].marital = "20"
    with under(system_act()):
        people["wang"].save(update_fields=["marital"])
    run(file, out, "--person", str(people["wang"].pk))
    xml = parts(out.read_bytes())["word/document.xml"].decode()
    assert xml.count('w14:checked w14:val="1"') == 1 and "☑" in xml


def test_what_is_no_card_or_nobody_is_told(town: Town, tmp_path: Path) -> None:
    settle()
    roster = papers.roster(tmp_path / "名册.docx")
    given = ["cards", "--area", JIA, "--out", str(tmp_path / "o.zip")]
    refused = CliRunner().invoke(tables, [*given, str(roster)])
    assert refused.exit_code == 1 and "不是一人一表" in refused.output
    nobody = CliRunner().invoke(tables, [*given, str(card(tmp_path)), "--person", "999999"])
    assert nobody.exit_code == 1 and "没有要填的人" in nobody.output
    plain = CliRunner().invoke(
        tables, ["cards", str(roster), "--area", JIA, "--out", str(tmp_path / "o.xlsx")]
    )
    assert plain.exit_code == 1 and ".zip" in plain.output
