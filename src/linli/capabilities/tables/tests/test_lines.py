"""Forms of lines to write on – 姓名：____  性别：____ – without a table, in a document and in the cells of a sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from linli.capabilities.tables.mapping import Words
from linli.capabilities.tables.reading import Shape, open_book
from linli.capabilities.tables.reading.cards import labels
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.writing.cards import Cards, behind
from linli.capabilities.tables.writing.filling import fill_book
from linli.capabilities.tables.writing.word import fill_word
from linli.kernel.acts import Refusal
from linli.kernel.dictionary.selectors import book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections

pytestmark = pytest.mark.row("R008")
LINES = (
    "居民基本情况登记",
    "姓名：____________  性别：______  民族：______",
    "身份证号码：                        联系电话：",
    "住　　址：________________________",
    "申请理由：因为家里困难。",
)
HELD = {"person.name": "王小梅", "person.sex": "2", "person.document": "329901199001011234", "residence.address": "梅园路1号3室"}  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Words:
    raw = load("national")
    known = book(Pack(0, "national", raw.hash, raw.body, sections()))
    return words(date(2026, 11, 22), known=known)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def letter(file: Path, lines: Iterable[str]) -> Path:
    """A document of paragraphs, each line's parts between wide blanks in runs of their own."""
    body = ""
    for line in lines:
        parts = re.split(r"(?=  [\u4e00-\u9fff])", line)
        runs = (
            f'<w:r>{"<w:rPr><w:b/></w:rPr>" if at else ""}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for at, part in enumerate(parts)
        )
        body += f"<w:p>{''.join(runs)}</w:p>"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
    return file


def lines_of(file: Path) -> list[str]:
    """What the paragraphs of a document say."""
    with zipfile.ZipFile(file) as archive:
        xml = archive.read("word/document.xml").decode()
    return [
        "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", each)) for each in xml.split("</w:p>")[:-1]
    ]


def filled(file: Path, told: Words) -> tuple[list[str], dict[str, dict[tuple[int, int], object]]]:
    """What is asked of the person, and the cells that are filled sheet by sheet."""
    opened = open_book(file)
    _form, mapped = recognised(file, told)
    assert [each.region.shape for each in mapped] == [Shape.CARD]
    made = Cards(opened, mapped, told, lambda code: code in HELD)
    fills = made.fills(HELD, [])
    (fill_word if file.suffix == ".docx" else fill_book)(file, file.with_stem("cardout"), fills)
    return made.elements, {name: dict(fill.cells) for name, fill in fills.items()}


def test_labels_with_a_blank_behind_them() -> None:
    assert labels(LINES[1]) == ["姓名", "性别", "民族"]
    assert labels(LINES[2]) == ["身份证号码", "联系电话"] and labels(LINES[3]) == ["住址"]
    assert labels(LINES[4]) == [] and labels("会议定于明日：请各社区参加") == []


def test_what_was_drawn_gives_way_letter_by_letter() -> None:
    assert behind("姓名：________  性别：", "姓名", "王小梅") == "姓名：王小梅__  性别："
    assert behind("姓名：性别：", "性别", "女") == "姓名：性别：女"
    assert behind("户主姓名：__", "姓名", "王小梅") == "户主姓名：__"


def test_a_document_of_lines(told: Words, tmp_path: Path) -> None:
    file = letter(tmp_path / "card.docx", LINES)
    filled(file, told)
    said = lines_of(tmp_path / "cardout.docx")
    assert said[0] == LINES[0] and said[4] == LINES[4]
    assert said[1] == "姓名：王小梅______  性别：女____  民族：______"
    assert said[2].startswith("身份证号码：329901199001011234 ") and said[2].endswith("联系电话：")
    assert said[3].startswith("住　　址：梅园路1号3室__")
    with zipfile.ZipFile(tmp_path / "cardout.docx") as made:
        assert made.read("word/document.xml").count(b"<w:b/>") == 3, "each run looks as it did"


def test_a_sheet_of_lines(told: Words, tmp_path: Path) -> None:
    file, made = tmp_path / "card.xlsx", Workbook()
    for line in LINES:
        made.worksheets[0].append([line])
    made.save(file)
    filled(file, told)
    sheet = load_workbook(tmp_path / "cardout.xlsx").worksheets[0]
    assert sheet["A2"].value == "姓名：王小梅______  性别：女____  民族：______"
    assert sheet["A5"].value == LINES[4]


def test_a_letter_is_no_form(told: Words, tmp_path: Path) -> None:
    said = ("关于防汛的通知", "各社区：", "请于明日前报送。", "联系人：张三  联系电话：12345")
    file = letter(tmp_path / "letter.docx", said)
    with pytest.raises(Refusal) as caught:
        recognised(file, told)
    assert caught.value.code == "no-table"
