"""An edition of 500 rows on every paper, opened and compared cell by cell: what stands in the form's own file stands in each."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.tests.offices import NOW
from linli.capabilities.registry.models import Person, Residence
from linli.capabilities.registry.tests.desk import entered
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Edition, Gap, Round, Sheet
from linli.capabilities.tables.rules import How, Said
from linli.capabilities.tables.selectors import editions
from linli.capabilities.tables.tests import test_editions as frozen
from linli.capabilities.tables.tests.test_rounds import call
from linli.capabilities.tables.writing import papers
from linli.kernel.acts import system_act, under
from tests.town import Town

asked = frozen.asked
pytestmark = pytest.mark.django_db
MANY = 500
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What breaks copies: zeros in front, numbers that are no numbers, what a spreadsheet would compute, rare letters.
HARD = (
    "007",
    "320283199001011234",
    "1E5",
    "2026-11-23",
    "3-4",
    "=1+1",
    "+8613900000000",
    "-5",
    "@大厅",
    "甲,乙;“丙”",
    'a"b',
    "一行\n两行",
    "<b>粗</b>&amp;",
    "䶮娅㛃",
    "𠮷野家",
    "很长" * 120,
    "0",
    "TRUE",
)


def _people(town: Town) -> None:
    """500 more people of 甲社区, each of the hard texts as the workplace of some."""
    with under(system_act(NOW)):
        stays = Residence.objects.get(person__name="王小梅")
        for n in range(MANY):
            at = n % (len(HARD) + 1)
            each = Person.objects.create(
                name=f"{'𠮷㛃䶮'[n % 3]}民{n:03d}",
                sex="1",
                born=date(1950, 1, 1 + n % 28),
                workplace=HARD[at][:120] if at < len(HARD) else "",
            )
            Residence.objects.create(
                person=each, area=stays.area, home=stays.home, household=stays.household,
                kind="registered", relation="52", since=stays.since,
            )  # fmt: skip


def _edition(town: Town, tmp_path: Path) -> Edition:
    """Frozen after the form's own column was answered: a text, none, refused, left open."""
    _people(town)
    row = frozen.with_file(tmp_path)
    made = services.issue(town.act("mei", NOW), row, call=call(town, item="T91"))
    assert isinstance(made, Round), str(made)
    admission.issue(town.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    with under(system_act(NOW)):
        sheet = Sheet.objects.select_related("round", "demand").get(round=made)
        own = list(Gap.objects.filter(sheet=sheet, column="服务需求").order_by("record"))
    chen = town.act("chen", NOW)
    answers = {gap.pk: text for gap, text in zip(own, HARD, strict=False) if len(text) < 300}
    rest = own[len(HARD) :]
    services.answer(
        chen,
        answers=answers,
        without={rest[0].pk: Said(How.NONE), rest[1].pk: Said(How.DECLINED, "本人不愿意")},
    )
    services.sign(town.act("he", NOW), sheet, left="其余没有问到")
    services.accept(town.act("mei", NOW), made, sheets=[sheet.pk])
    return services.freeze(town.act("mei", NOW), made)


def _book(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "inlineStr", "n"), (cell.coordinate, cell.data_type)
            assert cell.value is None or isinstance(cell.value, str), (cell.coordinate, cell.value)
    return [["" if v is None else str(v) for v in row] for row in page.iter_rows(values_only=True)]


def _text(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _word(content: bytes) -> list[list[str]]:
    """The cells of a document's tables as Word lays them out, merged ones filled up with blanks."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert held.testzip() is None
        for name in held.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(held.read(name))
        root = ElementTree.fromstring(held.read("word/document.xml"))
    rows = []
    for row in root.iter(f"{W}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{W}tc"):
            lines = [
                "\n" if part.tag == f"{W}br" else part.text or ""
                for part in cell.iter()
                if part.tag in (f"{W}t", f"{W}br")
            ]
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            cells += [
                "".join(lines),
                *[""] * (int(span.get(f"{W}val", "1")) - 1 if span is not None else 0),
            ]
        rows.append(cells)
    return rows


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@" and text[:1] else text


@pytest.mark.row("R011")
def test_every_copy_says_what_the_forms_own_file_says(asked: Town, tmp_path: Path) -> None:
    edition = _edition(asked, tmp_path)
    mei = entered(asked, "mei")
    where, copies = f"/desk/editions/{edition.pk}/take/", {}
    for kind in ("xlsx", "csv", "docx", "pdf"):
        answer = mei.post(where, {"format": kind, "reason": "归档"})
        assert answer.status_code == 200, kind
        copies[kind] = answer.content
    with under(system_act(NOW)):
        held = editions.book(edition)
        assert editions.heads(edition) == {"Sheet1": 2}, "title and headings stand on every page"
        blank = dict(editions.left_blank(edition))
    assert blank["确无"] == blank["拒绝提供"] == 1 and blank["没有补上"] > MANY
    assert "拒绝提供 1" in mei.get(f"/desk/editions/{edition.pk}/").content.decode()
    own = _book(copies["xlsx"])
    people = {row[0]: row for row in own[2:] if row[0] and row[0] != "合计"}
    assert len(people) == MANY + 5 == edition.rows
    with under(system_act(NOW)):
        for name, born, work in Person.objects.filter(name__contains="民").values_list(
            "name", "born", "workplace"
        ):
            assert people[name][1] == str(born) and people[name][3] == work, name
    plain, text, word = _book(papers.xlsx(held)), _text(copies["csv"]), _word(copies["docx"])
    assert plain == own
    assert text == [[_harmless(each) for each in row] for row in own]
    assert word == own
    said = "".join(frozen.letters(copies["pdf"]).split())
    for row in own:
        for each in row:
            drawn = "".join(f"〓{ord(c):X}" if c in "𠮷" else c for c in each)
            assert "".join(drawn.split()) in said, each
