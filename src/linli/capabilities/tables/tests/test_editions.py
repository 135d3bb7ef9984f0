"""A round is frozen: the form's own file with what communities confirmed, its digest, its copies on other paper, what changed."""

from __future__ import annotations

import base64
import io
import re
import zlib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.registry.models import Person
from linli.capabilities.tables import services
from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.models import Edition, Form, Gap, Round, Sheet
from linli.capabilities.tables.reading import open_book
from linli.capabilities.tables.rules import Column, Way
from linli.capabilities.tables.rules.differences import Frozen, differences
from linli.capabilities.tables.selectors import editions
from linli.capabilities.tables.tests import making
from linli.capabilities.tables.tests.test_rounds import FIELDS, call, form
from linli.capabilities.tables.tests.test_rounds import plan as asking
from linli.capabilities.tables.writing import papers
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files import services as files
from linli.kernel.files import store
from linli.kernel.files.examine import XLSX, Clean
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.django_db
LABELS = ("姓名", "出生日期", "文化程度", "工作单位", "服务需求")
HEADS = [f"{label} = x" for label in LABELS]


@pytest.fixture
def asked(town: Town) -> Town:
    """The town with its people, the offices of admission, and an item under which may be asked."""
    settle()
    open_offices()
    with under(system_act(NOW)):
        item = Item.objects.create(
            code="T91", catalogue="assistance", area=town.area("试验市"), changed=NOW
        )
        ItemVersion.objects.create(
            item=item,
            number=1,
            title="老年人需求摸排",
            lead="civil",
            basis="组织法",
            fields=[*FIELDS, "服务需求"],
            made=NOW,
        )
    return town


def with_file(tmp_path: Path, title: str = "老年人需求摸排表") -> Form:
    """A confirmed form with its own file; one of its columns is known to nobody but whoever fills it."""
    spec = {"title": title, "heads": HEADS, "rows": 2, "below": ["合计"]}
    made = making.make({"name": "摸排", "sheets": [spec]}, tmp_path).file
    known = ("person.name", "person.born", "person.education", "person.workplace")
    columns = [
        Column(label, (label,), Way.KNOWN, element, asked=at > 1)
        for at, (label, element) in enumerate(zip(LABELS, known, strict=False))
    ]
    own = Column("服务需求", ("服务需求",), Way.OWN)
    row = form(title, asking(*columns, own))
    with under(system_act(NOW)) as act:
        clean = Clean(made.read_bytes(), XLSX, "摸排.xlsx")
        row.file = files.keep(act, clean, owner=row, purpose="form").pk
        row.name = "摸排.xlsx"
        row.save(update_fields=["file", "name"])
    return row


def filled(town: Town, row: Form, period: str = "2026年6月") -> Round:
    """A round of the form that 甲社区 confirmed, one answer of its own in it, taken by the department."""
    made = services.issue(town.act("mei", NOW), row, call=call(town, period, item="T91"))
    assert isinstance(made, Round), str(made)
    admission.issue(town.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    with under(system_act(NOW)):
        sheet = Sheet.objects.select_related("round", "demand").get(round=made)
        wang = Person.objects.get(name="王小梅")
        own = Gap.objects.get(sheet=sheet, column="服务需求", record=wang.pk)
    services.answer(town.act("chen", NOW), answers={own.pk: "助餐"})
    admission.accept(town.act("chen", NOW), sheet.demand)
    services.sign(town.act("he", NOW), sheet, left="下次入户再问")
    services.accept(town.act("mei", NOW), made, sheets=[sheet.pk])
    return made


def page(content: bytes) -> list[list[object]]:
    """The rows of a workbook's first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.row("R011")
def test_what_was_confirmed_is_frozen_once_with_its_digest(asked: Town, tmp_path: Path) -> None:
    made = filled(asked, with_file(tmp_path))
    edition = services.freeze(asked.act("mei", NOW), made)
    assert services.freeze(asked.act("mei", NOW), made).pk == edition.pk, "told again, it is there"
    with under(system_act(NOW)):
        assert Edition.objects.filter(round=made).count() == 1
        assert Round.objects.get(pk=made.pk).state == Round.State.FROZEN
        content = editions.content(edition)
    assert content is not None and edition.rows == 5
    rows = page(content)
    assert rows[1] == ["姓名", "出生日期", "文化程度", "工作单位", "服务需求"]
    named = {row[0]: row for row in rows[2:7]}
    assert set(named) == {"王小梅", "张伟", "张乐", "刘秀英", "李建国"}
    assert named["王小梅"][1:] == ["1985-04-12", None, "试验市第一小学", "助餐"]
    assert named["张伟"][4] is None and rows[7][0] == "合计"
    with under(system_act(NOW)):
        fact = Fact.objects.filter(verb="tables.freeze").earliest("pk")
        assert "王小梅" not in str(fact.data) and fact.data["digest"] == edition.digest


def test_a_round_is_not_frozen_before_all_are_taken(asked: Town, tmp_path: Path) -> None:
    row = with_file(tmp_path)
    made = services.issue(asked.act("mei", NOW), row, call=call(asked, item="T91"))
    assert isinstance(made, Round)
    admission.issue(asked.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    with pytest.raises(Refusal, match="还有 1 个社区"):
        services.freeze(asked.act("mei", NOW), made)


@pytest.mark.row("R011")
def test_it_leaves_with_a_reason_in_every_format(asked: Town, tmp_path: Path) -> None:
    edition = services.freeze(asked.act("mei", NOW), filled(asked, with_file(tmp_path)))
    mei = asked.act("mei", NOW)
    with pytest.raises(Refusal, match="用途"):
        services.take(mei, edition, format="xlsx", reason=" ")
    taken = {
        f: services.take(mei, edition, format=f, reason="归档") for f in ("xlsx", "csv", "pdf")
    }
    assert page(taken["xlsx"].content)[1][0] == "姓名"
    lines = taken["csv"].content.decode("utf-8-sig").splitlines()
    assert any(line.startswith("王小梅,1985-04-12,") and line.endswith("助餐") for line in lines)
    said = letters(taken["pdf"].content)
    assert (
        taken["pdf"].content.startswith(b"%PDF") and "王小梅" in said and "试验市第一小学" in said
    )
    with under(system_act(NOW)):
        fact = Fact.objects.filter(verb="tables.take_edition").latest("pk")
        wang = Person.objects.get(name="王小梅")
        assert wang.pk in fact.data["taken"] and len(fact.data["taken"]) == 5
    with pytest.raises(Refusal, match="没有这种格式"):
        services.take(mei, edition, format="odt", reason="归档")


def test_a_letter_that_a_pdf_cannot_draw_stands_as_its_code(tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    file.write_text("姓名,备注\n𠮷田,𠮷\n䶮平,无\n", encoding="utf-8")
    said = letters(papers.pdf(open_book(file, file.name), "名册")).splitlines()
    assert "〓20BB7田" in said and "䶮平" in said, "a rare letter is never left out without a word"
    assert any("画不出" in line and "〓20BB7 × 2" in line for line in said)
    file.write_text("姓名,备注\n䶮平,无\n", encoding="utf-8")
    assert "画不出" not in letters(papers.pdf(open_book(file, file.name), "名册"))


def letters(pdf: bytes) -> str:
    """The Chinese letters that can be copied from a PDF: its texts are UTF-16 by the name of their coding."""
    assert b"UniGB-UCS2-H" in pdf
    out = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        raw = found[1].strip().removesuffix(b"~>")
        page_ = zlib.decompress(base64.a85decode(raw))
        for text in re.finditer(rb"\(((?:\\.|[^\\()])*)\) Tj", page_, re.S):
            plain = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), text[1])
            plain = re.sub(rb"\\([nrtbf()\\])", _unescaped, plain)
            out.append(plain.decode("utf-16-be", "replace"))
    return "\n".join(out)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(found[1], found[1])


def test_a_file_that_was_changed_is_found_out(asked: Town, tmp_path: Path) -> None:
    edition = services.freeze(asked.act("mei", NOW), filled(asked, with_file(tmp_path)))
    whole = CliRunner().invoke(tables, ["verify", str(edition.pk)])
    assert whole.exit_code == 0 and edition.digest in whole.output
    kept = store.path_of(edition.digest)
    content = kept.read_bytes()
    try:
        kept.chmod(0o600)
        kept.write_bytes(content + b" ")
        changed = CliRunner().invoke(tables, ["verify", str(edition.pk)])
        assert changed.exit_code == 1 and "不一样" in changed.output
        with pytest.raises(Refusal, match="不一样"):
            services.take(asked.act("mei", NOW), edition, format="xlsx", reason="归档")
    finally:
        kept.write_bytes(content)
    assert CliRunner().invoke(tables, ["verify", "999999"]).exit_code == 1


def test_another_unit_does_not_see_it(asked: Town, tmp_path: Path) -> None:
    edition = services.freeze(asked.act("mei", NOW), filled(asked, with_file(tmp_path)))
    with under(asked.act("chen", NOW)) as act:
        assert editions.edition(act, edition.pk) is None


def test_what_changed_between_two_periods(asked: Town, tmp_path: Path) -> None:
    row = with_file(tmp_path)
    first = services.freeze(asked.act("mei", NOW), filled(asked, row))
    with under(system_act(NOW)):
        Person.objects.filter(name="张伟").update(workplace="惠民医院")
    second = services.freeze(asked.act("mei", NOW), filled(asked, row, "2026年7月"))
    told = CliRunner().invoke(tables, ["differ", str(first.pk), str(second.pk)])
    assert told.exit_code == 0, told.output
    assert "新增 0，减少 0，改动 1" in told.output and "张伟 工作单位 空→惠民医院" in told.output


COLUMNS = (("序号", "#"), ("姓名", "姓名"), ("电话", "电话"))


def frozen(*rows: tuple[int, tuple[str, ...]], columns: object = COLUMNS) -> Frozen:
    """A list of an edition."""
    return Frozen(0, "名册", "person", columns, rows)  # type: ignore[arg-type]


def test_records_are_compared_by_whom_they_are_about() -> None:
    before = frozen((1, ("1", "甲", "5")), (2, ("2", "乙", "6")), (3, ("3", "丙", "7")))
    now = frozen((3, ("1", "丙", "7")), (1, ("2", "甲", "8")), (4, ("3", "丁", "9")))
    (found,) = differences([before], [now])
    assert [each.name for each in found.came] == ["丁"]
    assert [each.name for each in found.went] == ["乙"]
    assert [(each.record, each.cells[0].before, each.cells[0].now) for each in found.changed] == [
        (1, "5", "8")
    ], "another row number is no change"
    assert differences([now], [now])[0].same


def test_lists_and_columns_that_came_or_went() -> None:
    wide = frozen((1, ("1", "甲", "5", "低保")), columns=(*COLUMNS, ("类别", "类别")))
    (found,) = differences([frozen((1, ("1", "甲", "5")))], [wide])
    assert found.columns_came == ("类别",) and not found.changed and not found.same
    (gone,) = differences([frozen((1, ("1", "甲", "5")))], [])
    assert [each.name for each in gone.went] == ["甲"]
