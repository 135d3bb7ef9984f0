"""Word forms are filled in place: run by run nothing else changes; boxes are ticked, rows are added as they were drawn."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.reading.word import opened, read_word
from linli.capabilities.tables.tests import papers
from linli.capabilities.tables.writing import Block, SheetFill
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.word import fill_word
from tests.families import settle
from tests.town import Town

W = f"{{{papers.W}}}"
JIA = "329901001001"


def cells(file: Path) -> list[list[str]]:
    """What stands in the cells of the first table."""
    return [[hole.text for hole in row.holes] for row in opened(file).tables[0]]


def runs(file: Path) -> list[list[list[bytes]]]:
    """The runs of every cell of the first table, each as XML."""
    with zipfile.ZipFile(file) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    table = next(root.iter(f"{W}tbl"))
    return [
        [[ElementTree.tostring(each) for each in cell.iter(f"{W}r")] for cell in row.iter(f"{W}tc")]
        for row in table.iter(f"{W}tr")
    ]


def test_cells_not_filled_stay_run_by_run(tmp_path: Path) -> None:
    file = papers.document(tmp_path / "card.docx", *papers.CARD)
    out = tmp_path / "out.docx"
    fill_word(file, out, {"表1": SheetFill(cells={(2, 2): "王小梅 <甲>", (2, 4): "□男  ☑女"})})
    before, after = runs(file), runs(out)
    changed = {
        (row, column)
        for row, line in enumerate(before)
        for column, cell in enumerate(line)
        if cell != after[row][column]
    }
    assert changed == {(0, 1), (0, 3)}
    assert cells(out)[0] == ["姓名", "王小梅 <甲>", "性别", "□男  ☑女"]
    assert before[0][3][1] == after[0][3][1], "the second run of the boxes is untouched"
    assert b"\xe5\xae\x8b\xe4\xbd\x93" in after[0][1][0] or b"&#23435;" in after[0][1][0]
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(out) as other:
        names = set(one.namelist()) - {"word/document.xml"}
        assert all(one.read(name) == other.read(name) for name in names)
        assert one.namelist() == other.namelist()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_rows_are_added_as_they_were_drawn(tmp_path: Path, count: int) -> None:
    file, out = papers.roster(tmp_path / "list.docx"), tmp_path / "out.docx"
    rows: list[list[Value]] = [[at + 1, f"人{at}", "女", "3" * 18] for at in range(count)]
    done = fill_word(file, out, {"表1": SheetFill(blocks=[Block(3, 4, [1, 2, 3, 4], rows)])})
    found = cells(out)
    assert [row[1] for row in found[1 : 1 + count]] == [f"人{at}" for at in range(count)]
    assert [row[0] for row in found[1 : 1 + max(count, 2)]] == [
        str(at + 1) for at in range(max(count, 2))
    ]
    assert found[0] == list(papers.LIST_HEADS) and found[-1][0] == "合计"
    assert len(found) == 2 + max(count, 2) and done.added == {"表1": max(0, count - 2)}
    text = zipfile.ZipFile(out).read("word/document.xml").decode()
    assert text.count("500") == 2 + max(count, 2), "each row as high as it was drawn"
    assert text.count("paraId") == zipfile.ZipFile(file).read("word/document.xml").decode().count(
        "paraId"
    ), "no paragraph of an added row has the number of another"


def test_text_boxes_are_no_text_of_their_cell(tmp_path: Path) -> None:
    file = papers.document(tmp_path / "card.docx", *papers.CARD)
    assert cells(file)[2] == ["身份证号", "", ""]
    sheet = read_word(file).sheets[0]
    assert sheet.cells[1, 1].text == "居民信息登记卡"


@pytest.mark.row("R011")
def test_a_word_list_is_filled_from_the_registry(town: Town, tmp_path: Path) -> None:
    settle()
    file, out = papers.roster(tmp_path / "花名册.docx"), tmp_path / "out.docx"
    given = ["fill", str(file), "--area", JIA, "--out", str(out), "--json"]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert (report["filled"], report["blanks"].get("absent", 0)) == (20, 0)
    found = cells(out)
    assert {row[1] for row in found[1:6]} == {"王小梅", "张伟", "张乐", "刘秀英", "李建国"}
    assert all(row[4] == "" for row in found[1:6]) and found[6][0] == "合计"
    wang = next(row for row in found if row[1] == "王小梅")
    assert wang[2] == "女" and wang[3].startswith("32020519850412")
