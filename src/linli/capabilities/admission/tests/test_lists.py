"""The lists as data: published, searched, taken along as a file, changed in a spreadsheet and brought back (R062, R067)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.rules.gate import Stopped, barred
from linli.capabilities.admission.selectors import gate, lists
from linli.capabilities.admission.services import Given
from linli.capabilities.admission.tests.offices import item, open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.capabilities.admission.workbook import Line, lines_of
from linli.kernel.acts import Refusal, under
from tests.town import Town

pytestmark = pytest.mark.django_db
HEADS = ("事项名称", "责任部门", "法律依据", "频次", "填报内容", "经费（元）", "经费来源")
NEW = (
    "独居老人燃气安全协助检查",
    "住建",
    "《城镇燃气管理条例》",
    "每年",
    "姓名、现住址",
    "2,000 元",
    "部门预算",
)


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def book(*rows: tuple[Any, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    """A district's workbook: a title over everything, headings, rows, a note below."""
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(["试验区社区公共服务事项目录"])
    for row in (heads, *rows, ("注：以上事项由区民政局解释。",)):
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "目录.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def given(**changes: Any) -> Given:
    day = timezone.localdate() + timedelta(days=30)
    return Given(
        **{"catalogue": "services", "start": day, "document": "区政办〔2026〕8号", **changes}
    )


@pytest.mark.row("R062", "R063")
def test_everybody_finds_an_item_and_takes_the_list_along(offices_: Town) -> None:
    guest, where = Client(), reverse("admission:public_items")
    first = text_of(guest.get(where))
    assert "协助政府事项（28 项）" in first, "each list says how many items it has"
    found = text_of(guest.get(where, {"q": "反诈"}))
    assert "协助反诈宣传" in found and "协助科普宣传" not in found
    assert "没有符合条件的事项" in text_of(guest.get(where, {"q": "没有这样的事项"}))
    page = text_of(guest.get(reverse("admission:public_item", kwargs={"pk": item("A04").pk})))
    assert "协助流动人口" in page and "各个版本" in page and "证件" in page
    assert guest.get(reverse("admission:public_item", kwargs={"pk": 999999})).status_code == 404
    file = guest.get(where, {"format": "xlsx", "list": "assistance"})
    rows = list(load_workbook(io.BytesIO(file.content)).worksheets[0].values)
    assert rows[1][0] == "编号" and len(rows) == 30
    plain = guest.get(where, {"format": "csv", "q": "反诈"})
    assert "协助反诈宣传" in text_of(plain)


@pytest.mark.row("R062")
def test_the_file_of_a_list_comes_back_as_it_went(offices_: Town) -> None:
    taken = entered(offices_, "xu").get(reverse("admission:items"), {"format": "xlsx"})
    lines = lines_of(taken.content, {})
    with under(offices_.act("xu")) as act:
        found = services.tried(act, lines, given())
    assert not found.wrong and found.of("same") == len(lines), [
        (r.title, r.words) for r in found.rows if r.outcome != "same"
    ]


@pytest.mark.row("R062", "R067", "R068")
def test_a_workbook_is_tried_and_then_in_force_from_its_day_on(offices_: Town) -> None:
    xu, day = entered(offices_, "xu"), timezone.localdate() + timedelta(days=30)
    sent = {"catalogue": "services", "start": day.isoformat(), "document": "政办〔2026〕8号"}
    refused = xu.post(
        reverse("admission:list_import"), {**sent, "file": upload(b"\x89PNG\r\n\x1a\n\0", "a.png")}
    )
    assert refused.status_code == 422 and "打不开" in text_of(refused)
    trial = xu.post(
        reverse("admission:list_import"), {**sent, "file": upload(book(NEW))}, follow=True
    )
    assert "新增" in text_of(trial) and "还没有写入" in text_of(trial)
    with under(offices_.act("xu")):
        assert not Item.objects.filter(versions__title=NEW[0]).exists()
    done = xu.post(reverse("admission:list_apply"), follow=True)
    assert "将要实行的" in text_of(done) and NEW[0] in text_of(done)
    with under(offices_.act("xu")):
        version = ItemVersion.objects.get(title=NEW[0])
        assert version.fields == ["person.name", "residence.address"] and version.yearly == 2000
        assert version.start == day and version.document == "政办〔2026〕8号"
        code = version.item.code
        assert not gate.held(code, day - timedelta(days=1), version.item.area_id)[0].in_force  # type: ignore[index]
        assert gate.held(code, day, version.item.area_id)[0].in_force  # type: ignore[index]
    again = xu.post(reverse("admission:list_apply"))
    assert again["Location"] == reverse("admission:list_import"), "what is done is not done twice"


@pytest.mark.row("R062")
def test_what_is_wrong_in_a_row_is_said_at_the_row_and_nothing_is_written(offices_: Town) -> None:
    rows = [
        ("", "住建", "某文件", "", "", "", ""),
        ("签订安全责任书", "应急", "某文件", "", "", "", ""),
        ("燃气检查", "住建", "", "", "", "很多", ""),
        NEW,
        NEW,
    ]
    with under(offices_.act("xu")) as act:
        lines = lines_of(book(*rows), {})
        found = services.tried(act, lines, given())
        words = {row.line: str(row.words[0]) for row in found.rows if row.outcome == "wrong"}
        assert [line.number for line in lines] == [3, 4, 5, 6, 7]
        assert "没有写事项名称" in words[3] and "责任书" in words[4]
        assert "不是数字" in words[5] and "重复" in words[7]
        with pytest.raises(Refusal, match="要改"):
            services.import_list(act, lines, given=given())
        with pytest.raises(Refusal, match="不能早于今天"):
            services.tried(act, lines, given(start=date(2020, 1, 1)))
    with pytest.raises(Refusal, match="事项名称"):
        lines_of(book(("甲",), heads=("姓名",)), {})


@pytest.mark.row("R075")
def test_what_a_community_may_never_answer_for_is_no_duty_of_its_own(offices_: Town) -> None:
    row = ("征地拆迁工作", "住建", "某文件", "", "", "", "")
    with under(offices_.act("xu")) as act:
        for catalogue, wrong in (("duties", 1), ("assistance", 0)):
            found = services.tried(act, lines_of(book(row), {}), given(catalogue=catalogue))
            assert found.wrong == wrong, catalogue
            if wrong:
                assert "责任主体" in str(found.rows[0].words[0])
        policy = lists.section()
        assert barred(policy, "拆迁工作", "duties") == Stopped("responsible", "N02")
        assert barred(policy, "招商引资", "assistance") == Stopped("forbidden", "N05")
        assert barred(policy, "拆迁工作", "assistance") is None


@pytest.mark.row("R062", "R067")
def test_what_a_new_list_leaves_out_ends_the_day_before(offices_: Town) -> None:
    act = offices_.act("xu")
    with under(act):
        standing = lists.in_force(timezone.localdate(), item("A04").area_id)
        kept = standing.filter(item__catalogue="contests").order_by("item__code").first()
        before = standing.filter(item__catalogue="contests").count()
    assert kept is not None and before > 1
    line = Line(2, {"code": kept.item.code, "title": kept.title})
    wanted = given(catalogue="contests", rest=True)
    found = services.import_list(act, [line], given=wanted)
    assert (found.now, found.then) == (before, 1) and found.of("ended") == before - 1
    with under(act):
        place = kept.item.area_id
        day = wanted.start - timedelta(days=1)
        assert lists.in_force(day, place).filter(item__catalogue="contests").count() == before
        left = lists.in_force(wanted.start, place).filter(item__catalogue="contests")
        assert [v.item.code for v in left] == [kept.item.code]
        assert lists.coming(timezone.localdate(), lists.Filters(at=place)) == []


def test_only_who_brings_lists_to_the_meeting_imports_them(offices_: Town) -> None:
    for who in ("mei", "chen", "tang"):
        assert entered(offices_, who).get(reverse("admission:list_import")).status_code == 403
