"""A form filled at once for one's own area, a large form read in the queue, a large round frozen there."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.registry.models import Person
from linli.capabilities.registry.services.marks import mark
from linli.capabilities.registry.tests.desk import entered
from linli.capabilities.tables import jobs, services
from linli.capabilities.tables.models import Edition, Form, Gap, Round, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.services import recounting
from linli.capabilities.tables.services.forms import AT_ONCE
from linli.capabilities.tables.tests import test_editions as frozen
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.tests.test_cards import card
from linli.capabilities.tables.tests.test_form_pages import ELDERS, bring, ready
from linli.capabilities.tables.tests.test_forms import book, upload
from linli.capabilities.tables.tests.test_rounds import call, column, form, issued, plan
from linli.kernel.acts import Refusal, Span, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.files import services as files
from linli.kernel.files.examine import Clean
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.django_db
asked = rounds.asked
asked_editions = frozen.asked


@pytest.fixture
def he(town: Town) -> Client:
    """The head of 甲社区 at the desk."""
    settle()
    open_offices()
    return entered(town, "he")


@pytest.mark.row("R011")
def test_a_community_takes_its_own_form_filled(he: Client, town: Town) -> None:
    made = bring(he, book(*ELDERS))
    where = f"/desk/forms/{made.pk}/fill/"
    assert he.get(where).status_code == 404, "nothing before it is confirmed"
    ready(he, made)
    assert where in he.get(f"/desk/forms/{made.pk}/").content.decode()
    assert "不问任何人" in he.get(where).content.decode()
    area = str(town.area("甲社区").pk)
    lacks = he.post(where, {"area": area, "reason": ""})
    assert lacks.status_code == 422
    elsewhere = he.post(where, {"area": str(town.area("乙社区").pk), "reason": "归档"})
    assert elsewhere.status_code == 422
    taken = he.post(where, {"area": area, "reason": "上墙公示"})
    assert taken.status_code == 200 and "attachment" in taken["Content-Disposition"]
    page = openpyxl.load_workbook(io.BytesIO(taken.content)).worksheets[0]
    named = {row[0]: row for row in page.iter_rows(min_row=3, values_only=True) if row[0]}
    assert named["刘秀英"][1] == "1941-01-20" and "王小梅" not in named, "whom the title names"
    with under(system_act()):
        fact = Fact.objects.filter(verb="tables.fill").latest("pk")
        liu = Person.objects.get(name="刘秀英").pk
    assert fact.data["taken"] == [liu] and "刘秀英" not in str(fact.data)


def test_a_card_comes_as_a_bundle(he: Client, town: Town, tmp_path: Path) -> None:
    made = bring(he, card(tmp_path).read_bytes(), "登记卡.xlsx")
    ready(he, made)
    said = {"area": str(town.area("甲社区").pk), "reason": "入户核对"}
    taken = he.post(f"/desk/forms/{made.pk}/fill/", said)
    assert taken.status_code == 200, taken.content.decode()[-900:]
    with zipfile.ZipFile(io.BytesIO(taken.content)) as bundle:
        assert any("王小梅" in name for name in bundle.namelist())


def test_a_large_form_is_read_in_the_queue(he: Client, tmp_path: Path) -> None:
    heavy = openpyxl.load_workbook(io.BytesIO(book(*ELDERS)))
    noise = Picture.frombytes("RGB", (1000, 1000), os.urandom(3_000_000))
    noise.save(tmp_path / "noise.png")
    heavy.worksheets[0].add_image(Image(str(tmp_path / "noise.png")), "H1")
    out = io.BytesIO()
    heavy.save(out)
    assert len(out.getvalue()) > AT_ONCE
    made = bring(he, out.getvalue())
    where = f"/desk/forms/{made.pk}/"
    assert made.state == Form.State.READING and "正在读这张表" in he.get(where).content.decode()
    with under(system_act()):
        fact = Fact.objects.filter(verb="tables.bring").latest("pk")
    assert jobs.read_form(made.pk, fact.actor, fact.hat) == "draft"
    assert jobs.read_form(made.pk, fact.actor, fact.hat) == "draft", "told again, nothing changes"
    assert "出生日期" in he.get(where).content.decode()


def test_what_is_too_big_is_told_in_words_of_tables(he: Client) -> None:
    huge = upload(b"PK\x03\x04" + bytes(40 * 1024 * 1024), "大表.xlsx")
    answer = he.post("/desk/forms/new/", {"file": huge})
    text = answer.content.decode()
    assert answer.status_code == 422 and "30 MB" in text and "只留要填的表" in text
    assert "手机相册" not in text


def test_an_old_format_is_not_sent(asked: Town) -> None:
    row = form()
    with under(system_act(NOW)):
        Form.objects.filter(pk=row.pk).update(name="旧表.xls")
    with pytest.raises(Refusal, match=r"另存为 \.xlsx"):
        services.issue(asked.act("mei", NOW), row, call=call(asked))


def test_a_large_round_is_frozen_in_the_queue(asked_editions: Town, tmp_path: Path) -> None:
    made = frozen.filled(asked_editions, frozen.with_file(tmp_path))
    mei = asked_editions.act("mei", NOW)
    key = jobs.freeze_round(made.pk, mei.actor, mei.hat)
    assert jobs.freeze_round(made.pk, mei.actor, mei.hat) == key, "told again, it is there"
    with under(system_act(NOW)):
        assert Edition.objects.get(round=made).pk == key
        assert Round.objects.get(pk=made.pk).state == Round.State.FROZEN


@pytest.mark.row("R011")
def test_the_page_of_an_edition(asked_editions: Town, tmp_path: Path) -> None:
    row = frozen.with_file(tmp_path)
    first = services.freeze(asked_editions.act("mei", NOW), frozen.filled(asked_editions, row))
    with under(system_act(NOW)):
        Person.objects.filter(name="张伟").update(workplace="惠民医院")
    made = frozen.filled(asked_editions, row, "2026年7月")
    second = services.freeze(asked_editions.act("mei", NOW), made)
    mei, where = entered(asked_editions, "mei"), f"/desk/editions/{second.pk}/"
    assert "这是第一版" in mei.get(f"/desk/editions/{first.pk}/").content.decode()
    text = mei.get(where).content.decode()
    assert "改动 1 条" in text and "惠民医院" in text and second.digest[:16] in text
    assert mei.post(f"{where}take/", {"format": "pdf", "reason": ""}).status_code == 422
    taken = mei.post(f"{where}take/", {"format": "pdf", "reason": "归档"})
    assert taken.content.startswith(b"%PDF")
    assert entered(asked_editions, "chen").get(where).status_code == 403


def test_a_text_table_is_frozen_as_one(asked_editions: Town, tmp_path: Path) -> None:
    row = frozen.with_file(tmp_path)
    with under(system_act(NOW)) as act:
        lines = f"{','.join(frozen.LABELS)}\n,,,,\n,,,,\n".encode()
        clean = Clean(lines, "text/csv", "摸排.csv")
        row.file = files.keep(act, clean, owner=row, purpose="form").pk
        row.name = "摸排.csv"
        row.save(update_fields=["file", "name"])
    made = frozen.filled(asked_editions, row)
    edition = services.freeze(asked_editions.act("mei", NOW), made)
    taken = services.take(asked_editions.act("mei", NOW), edition, format="csv", reason="归档")
    text = taken.content.decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(frozen.LABELS)
    assert "王小梅,1985-04-12,,试验市第一小学,助餐" in text


@pytest.mark.row("R011")
def test_what_an_import_told_is_asked_no_more(asked: Town) -> None:
    sheet = issued(asked)
    with under(system_act(NOW)):
        open_ = Gap.objects.filter(sheet=sheet, element="person.workplace", state="open")
        told, left = open_.order_by("pk")[:2]
        Person.objects.filter(pk=told.record).update(workplace="惠民医院")
        area = asked.area("甲社区")
    assert recounting.recounted(system_act(NOW), Span(area.pk, area.hi)) >= 1
    with under(system_act(NOW)):
        told.refresh_from_db()
        left.refresh_from_db()
        assert (told.state, told.carried) == (Gap.State.FILLED, True)
        assert left.state == Gap.State.OPEN
        Person.objects.filter(pk=told.record).update(education="")
        Sheet.objects.filter(pk=sheet.pk).update(rows=0)
    recounting.recounted(system_act(NOW), Span(area.pk, area.hi))
    with under(system_act(NOW)):
        assert Sheet.objects.get(pk=sheet.pk).rows == 5
        assert Gap.objects.filter(
            sheet=sheet, record=told.record, element="person.education", state="open"
        ).exists()


@pytest.mark.row("R076")
def test_a_department_sees_whom_it_asked_by_a_mark_it_does_not_read(asked: Town) -> None:
    sheet = issued(asked, "独居老人走访表", marked(asked))
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    shown = entered(asked, "mei").get(f"/desk/rounds/{sheet.round_id}/sheets/{sheet.pk}/")
    with under(system_act(NOW)):
        assert Sheet.objects.get(pk=sheet.pk).rows == 1
    assert "刘秀英" in shown.content.decode()


def marked(town: Town) -> Plan:
    """Who is asked are people with a mark that only some posts are told."""
    with under(system_act(NOW)):
        liu = Person.objects.get(name="刘秀英")
    mark(town.act("chen", NOW), person=liu, code="living_alone", basis="探访")
    (part,) = plan(column("姓名", "person.name", asked=False)).parts
    condition = {"op": "is", "values": ["living_alone"], "element": "tag.code"}
    return Plan((replace(part, conditions=([condition],)),))
