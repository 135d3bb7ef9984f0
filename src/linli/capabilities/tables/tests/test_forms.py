"""A unit's form on its way: brought, read, settled, confirmed, remembered; what cannot be read is kept with the reason."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.tables.mapping.asking import Mark, mark_of, settled
from linli.capabilities.tables.models import Form, Memory
from linli.capabilities.tables.rules import Plan, Way
from linli.capabilities.tables.services import forms
from linli.capabilities.tables.services.forms import Decision
from linli.capabilities.tables.tests.making import load, make
from linli.kernel.acts import Refusal, under
from linli.kernel.files import store
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town_(town: Town) -> Town:
    """The town with its people and the civil affairs office."""
    settle()
    open_offices()
    return town


def upload(content: bytes, name: str = "老年人.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def made(folder: Path, at: int = 0) -> bytes:
    return make(load("known.yaml")[at], folder).file.read_bytes()


def book(*rows: list[Any], **more: Any) -> bytes:
    written = Workbook()
    page = written.worksheets[0]
    for row in rows:
        page.append(row)
    if more.get("locked"):
        page.protection.sheet = True
    out = io.BytesIO()
    written.save(out)
    return out.getvalue()


LIST = (["困难群众摸底表"], ["序号", "姓名", "身份证号", "联系电话", "帮扶意向"], [1], [2])


def brought(town: Town, content: bytes | None = None, name: str = "表.xlsx") -> Form:
    return forms.bring(town.act("mei", NOW), upload(content or book(*LIST), name))


def key_of(form: Form, label: str) -> str:
    return next(c.key for c in Plan.of(form.plan).columns if c.path[-1] == label)


def test_a_form_is_read_and_every_heading_stands_in_its_picture(
    town_: Town, tmp_path: Path
) -> None:
    form = brought(town_, made(tmp_path))
    assert form.state == Form.State.DRAFT
    keys = {key for sheet in form.picture["sheets"] for cell in sheet["cells"] for key in cell[6]}
    assert keys == {c.key for c in Plan.of(form.plan).columns}
    with under(town_.act("mei", NOW)):
        kept = forms.file_of(form)
        assert kept is not None and store.path_of(kept.digest).exists()


def test_numbers_of_people_do_not_stand_in_the_picture(town_: Town) -> None:
    rows: list[list[Any]] = [*LIST[:2], [1, "王小梅", "320205199001012345", "13800001234", ""]]
    form = brought(town_, book(*rows))
    assert "320205199001012345" not in str(form.picture) and "13800001234" not in str(form.picture)


@pytest.mark.row("R090")
def test_id_numbers_need_their_reason(town_: Town) -> None:
    mei, form = town_.act("mei", NOW), brought(town_)
    key = key_of(form, "身份证号")
    assert forms.settle_sure(mei, form) > 0
    form.refresh_from_db()
    column = Plan.of(form.plan).column(key)
    assert column is not None and mark_of(column) is Mark.LIKELY
    with pytest.raises(Refusal) as told:
        forms.settle(mei, form, key=key, decision=Decision(Way.KNOWN, "person.document"))
    assert told.value.field == "reason"
    said = Decision(Way.KNOWN, "person.document", reason="核对待遇资格")
    after = Plan.of(forms.settle(mei, form, key=key, decision=said).plan).column(key)
    assert after is not None and after.settled and after.reason == "核对待遇资格"


def test_a_form_is_confirmed_only_whole_and_a_step_is_undone(town_: Town) -> None:
    mei, form = town_.act("mei", NOW), brought(town_)
    forms.settle_sure(mei, form)
    with pytest.raises(Refusal) as told:
        forms.confirm(mei, form)
    assert told.value.code == "open"
    form.refresh_from_db()
    done = settled(Plan.of(form.plan)).done
    forms.undo(mei, form)
    form.refresh_from_db()
    assert settled(Plan.of(form.plan)).done < done and form.undo == []


def confirmed(town: Town, form: Form) -> Form:
    mei = town.act("mei", NOW)
    forms.settle_sure(mei, form)
    form.refresh_from_db()
    for column in Plan.of(form.plan).columns:
        if not column.settled:
            way = (
                Decision(Way.OWN)
                if column.way is Way.BLANK
                else Decision(column.way, column.element, reason="核对资格")
            )
            forms.settle(mei, form, key=column.key, decision=way)
    return forms.confirm(mei, form)


def test_a_decision_is_remembered_for_look_alikes_of_the_unit(town_: Town) -> None:
    confirmed(town_, brought(town_))
    with under(town_.act("mei", NOW)):
        assert Memory.objects.get(key="person|帮扶意向").column["way"] == "own"
    other = brought(
        town_, book(["困难群众花名册"], ["姓名", "身份证号", "帮扶意向", "住址"], ["", "", "", ""])
    )
    column = Plan.of(other.plan).column(key_of(other, "帮扶意向"))
    assert column is not None and column.way is Way.OWN and mark_of(column) is not Mark.UNKNOWN


def test_a_form_seen_before_comes_with_everything_settled(town_: Town) -> None:
    first = confirmed(town_, brought(town_))
    again = brought(town_)
    assert settled(Plan.of(again.plan)).whole and again.picture["before"]["title"] == first.title
    assert again.state == Form.State.DRAFT, "somebody looks at it once more"


def test_another_unit_sees_neither_form_nor_memory(town_: Town) -> None:
    form = confirmed(town_, brought(town_))
    for who in ("chen", "zhou", "shi"):
        with under(town_.act(who, NOW)):
            assert not Form.objects.filter(pk=form.pk).exists()
            assert not Memory.objects.exists()


BROKEN = {
    "no form": (book(["开会通知"], ["请各社区周五到街道开会"]), "x.xlsx", "没有找到可以填的表格"),
    "empty": (book(), "x.xlsx", "什么也没有写"),
    "torn": (b"PK\x03\x04 torn", "x.xlsx", "已损坏"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_kept_with_the_reason(town_: Town, case: str) -> None:
    content, name, words = BROKEN[case]
    form = brought(town_, content, name)
    assert form.state == Form.State.BROKEN and words in form.trouble
    with under(town_.act("mei", NOW)):
        kept = forms.file_of(form)
        assert kept is not None and store.path_of(kept.digest).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.doc", "suffix"), ("a.jpg", "picture"), ("a.xlsm", "macros"), ("a.exe", "suffix")],
)
def test_other_files_are_refused_with_what_to_do(town_: Town, name: str, code: str) -> None:
    with pytest.raises(Refusal) as told:
        brought(town_, b"whatever", name)
    assert told.value.field == "file" and told.value.code == code


def test_the_picture_keeps_looks(town_: Town, tmp_path: Path) -> None:
    file = tmp_path / "look.xlsx"
    file.write_bytes(book(*LIST))
    written = load_workbook(file)
    page = written.worksheets[0]
    page.merge_cells("A1:E1")
    page.column_dimensions["B"].width = 30
    page["A1"].font = Font(bold=True)
    written.save(file)
    form = brought(town_, file.read_bytes())
    sheet = form.picture["sheets"][0]
    title = sheet["cells"][0]
    assert (
        title[2:5] == [1, 5, "困难群众摸底表"] and form.picture["faces"][str(title[5])][0] is True
    )
    assert dict(map(tuple, sheet["columns"]))[2] > 200
