"""12345 work orders: the workbook in, the matters with both clocks, the answers back, nothing twice."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from linli.capabilities.matters import selectors, services, workbook
from linli.capabilities.matters.models import HotlineFile, Matter
from linli.capabilities.matters.selectors import hotline as reads
from linli.capabilities.matters.services import hotline as orders
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.calendar import SHANGHAI
from tests.town import Town

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HEADER = (
    "工单号",
    "来电时间",
    "来电人",
    "电话",
    "区域",
    "地址",
    "标题",
    "内容",
    "工单类型",
    "分类",
    "办理时限",
)
ROWS: list[tuple[Any, ...]] = [
    (
        "WX2026030200001",
        datetime(2026, 3, 2, 8, 30),
        "赵女士",
        "13900000001",
        "东街道",
        "甲社区3号楼",
        "楼道灯不亮",
        "三楼的灯一周不亮",
        "求助类",
        "",
        datetime(2026, 3, 6, 17, 0),
    ),
    (
        "WX2026030200002",
        "2026/3/2 8:45",
        "匿名",
        "",
        "东街道",
        "乙社区门口",
        "=1+1 垃圾成堆",
        "垃圾几天没清",
        "投诉",
        "",
        "",
    ),
    ("", "2026-03-02 08:50", "", "", "", "", "没有编号", "内容", "", "", ""),
    ("WX2026030200003", "明天", "", "", "", "", "时间不对", "内容", "", "", ""),
    ("WX2026030200001", "2026-03-02 08:30", "", "", "", "", "重复的编号", "内容", "", "", ""),
]


def book(rows: list[tuple[Any, ...]] = ROWS, above: int = 2) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for n in range(above):
        sheet.append([f"12345 工单交办表 {n}"])
    sheet.append(list(HEADER))
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def take(town: Town, content: bytes, hours: float = 0) -> orders.Imported:
    act = town.act("wu", MONDAY + timedelta(hours=hours), channel="window")
    with under(act):
        kept = orders.hotline_upload(act, name="工单.xlsx", content=content)
        return orders.hotline_import(act, kept)


@pytest.mark.row("R116")
def test_a_workbook_becomes_matters_with_both_clocks(town: Town) -> None:
    assert take(town, book()) == orders.Imported(2, 0, ())
    with under(system_act()):
        one, two = Matter.objects.order_by("external")
        kept = HotlineFile.objects.get()
    assert one.external == "WX2026030200001" and one.channel == "hotline"
    assert one.unit == town.unit("dong") and one.area == town.area("甲社区")
    assert two.area == town.area("乙社区") and two.title.startswith("=1+1")
    assert str(one.phone.open()) == "13900000001"
    assert one.hotline["resolve_by"].startswith("2026-03-06T17:00")
    assert (one.hotline["resolve_from"], two.hotline["resolve_from"]) == ("hotline", "pack")
    assert two.hotline["sign_by"].startswith("2026-03-02T")
    act = town.act("wu", MONDAY)
    with under(act):
        found = stages_of(act, one)
    assert {"sign", "contact", "hotline", "accept", "resolve"} <= found
    assert kept.bad == 3 and kept.rows is None


def stages_of(act: Any, matter: Matter) -> set[str]:
    """The stages that run on a matter."""
    return {c.code for c in selectors.detail(act, matter, public=False).clocks}


def test_refused_rows_say_why(town: Town) -> None:
    act = town.act("wu", MONDAY)
    found = orders.reading_of(act, book())
    assert [(b.line, b.why) for b in found.bad] == [
        (6, "缺少工单编号"),
        (7, "受理时间“明天”不是日期时间，例如 2026-03-05 14:30"),
        (8, "工单编号与第 4 行重复"),
    ]


def test_the_same_file_again_makes_nothing(town: Town) -> None:
    take(town, book())
    assert take(town, book(), hours=1) == orders.Imported(0, 2, ())
    with under(system_act()):
        assert Matter.objects.count() == 2


def test_an_order_known_elsewhere_is_not_made_again(town: Town) -> None:
    take(town, book())
    act = town.act("feng", MONDAY).on(spans=(town.area("西街道").span,))
    with under(act):
        done = orders.take_in(act, orders.reading_of(act, book()).orders)
    assert (done.made, done.known) == (0, 2)


def test_another_layout_is_read_from_the_sheet_that_has_it(town: Town) -> None:
    made = Workbook()
    cover = made.active
    assert cover is not None
    cover.append(["12345 平台工单导出"])
    sheet = made.create_sheet("明细")
    sheet.append(["市民热线转派工单明细表"])
    sheet.append([])
    sheet.append(
        ["序号", "工单编码", "来电日期", "诉求标题", "问题描述", "回访电话", "办结截止日期"]
    )
    sheet.append([1, 20260302000123, "2026-03-02", "路灯", "不亮", 13700001111, "2026-03-06"])
    sheet.append([2, 20260302000000123, "2026-03-02", "路灯", "不亮", 13700001111, ""])
    content = io.BytesIO()
    made.save(content)
    found = orders.reading_of(town.act("wu"), content.getvalue())
    assert [b.why[:10] for b in found.bad] == ["工单编号被存成了数值"]
    (order,) = found.orders
    assert (order.number, order.phone) == ("20260302000123", "13700001111")
    assert order.received_at == datetime(2026, 3, 2, tzinfo=SHANGHAI)
    assert order.resolve_by == datetime(2026, 3, 6, 23, 59, tzinfo=SHANGHAI), "to the day's end"
    assert found.unused == ("序号",)
    with under(town.act("wu")):
        kept = orders.hotline_upload(town.act("wu"), name="a.xlsx", content=content.getvalue())
        assert orders.unused_in(kept) == ["序号"]
        orders.hotline_import(town.act("wu"), kept)
        assert orders.unused_in(HotlineFile.objects.get(pk=kept.pk)) == ["序号"]


def packed(sheet: bytes) -> bytes:
    """A workbook whose one sheet was put in by hand."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(book())) as whole, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in whole.namelist():
            made.writestr(name, sheet if "sheet1" in name else whole.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"办理时限": "2026-03-01 08:00"}, "办结时限早于受理时间，请核对"),
        ({"来电时间": "2027-03-01 08:00"}, "受理时间“2027-03-01 08:00”还没到，请核对"),
        ({"来电时间": "1899-12-31 08:00"}, "受理时间“1899-12-31 08:00”太早了，请核对"),
        (
            {"来电时间": "2026-02-30 08:00"},
            "受理时间“2026-02-30 08:00”不是日期时间，例如 2026-03-05 14:30",
        ),
        ({"工单号": "A" * 41}, "工单编号太长，最多 40 字"),
        ({"内容": ""}, "缺少诉求内容"),
        ({"内容": "长" * 200_000}, "诉求内容太长，最多 4000 字"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_itself(
    town: Town, cells: dict[str, str], why: str
) -> None:
    fine = {"工单号": "A1", "来电时间": "2026-03-02 08:30", "标题": "灯", "内容": "灯不亮"}
    rows = [fine | {"工单号": "A0", "电话": "０５１０－８２７０００００"}, fine | cells]
    lines = [",".join(HEADER), *(",".join(row.get(name, "") for name in HEADER) for row in rows)]
    found = orders.reading_of(town.act("wu", MONDAY), "\n".join(lines).encode())
    assert [(b.line, b.why) for b in found.bad] == [(3, why)]
    assert [(o.number, o.phone) for o in found.orders] == [("A0", "0510-82700000")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_text_tables_in_each_encoding(town: Town, encoding: str) -> None:
    lines = [
        "工单表",
        ",".join(HEADER),
        "A1,2026-03-02 08:30,赵,13900000001,东街道,甲社区,楼道灯不亮,坏了,咨询,,",
    ]
    found = orders.reading_of(town.act("wu"), "\r\n".join(lines).encode(encoding))
    assert [o.number for o in found.orders] == ["A1"] and not found.bad


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0old", "旧版"),
        (b"PK\x03\x04broken", "打不开"),
        (b"\xff\xfe\x00\x01", "读不出|不是表格"),
        ("甲,乙\n1,2".encode(), "找不到表头"),
        ("工单号,标题\n1,2".encode(), "缺少这些列：受理时间、诉求内容。表里有：工单号、标题"),
        (b"", "空文件"),
        (packed(b"<broken"), "打不开|损坏"),
        (packed(b"0" * 300_000_000), "大得不正常"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_work_order_table_is_refused(town: Town, content: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        orders.reading_of(town.act("wu"), content)


def test_answers_go_back_once(town: Town) -> None:
    take(town, book())
    with under(system_act()):
        one = Matter.objects.get(external="WX2026030200001")
    services.accept(town.act("wu", MONDAY + timedelta(hours=1)), one)
    services.contact(town.act("wu", MONDAY + timedelta(hours=2)), one, words="已电话说明")
    services.handle(town.act("wu", MONDAY + timedelta(hours=3)), one, outcome="=换了灯泡")
    services.verify(town.act("chen", MONDAY + timedelta(hours=4)), one)
    services.close(town.act("chen", MONDAY + timedelta(hours=5)), one)
    act = town.act("wu", MONDAY + timedelta(hours=6))
    with under(act):
        lights = reads.hotline_orders(act, "all").rows[-1].lights
        assert [x.tone for x in lights] == ["good", "good", "good"] and lights[0].met
        found = reads.to_reply(act)
        content = workbook.write(*reads.replies(found))
        for matter in found:
            orders.hotline_reply(act, matter)
        assert reads.to_reply(act) == [] and reads.to_reply(act, [one.pk]) == []
        assert len(reads.to_reply(act, [one.pk], again=True)) == 1
        with pytest.raises(Refusal, match="回复过"):
            orders.hotline_reply(act, one)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    header, row = list(sheet.iter_rows(values_only=True))
    said = dict(zip(header, row, strict=True))
    assert said["工单编号"] == "WX2026030200001" and said["办理结果"] == "=换了灯泡"
    assert said["签收时间"] == datetime(2026, 3, 2, 10, 0)
    assert said["联系时间"] == datetime(2026, 3, 2, 11, 0)
    assert said["承办单位"] == "东街道办事处"
    with under(system_act()):
        assert Fact.objects.filter(verb="matters.hotline_reply").count() == 1


def second_layout() -> bytes:
    """Another city's file: a cover, the table on the second sheet, the number as a number, days without hours."""
    made = Workbook()
    made.create_sheet("明细")
    sheet = made.worksheets[1]
    sheet.append(
        ["序号", "工单编码", "来电日期", "来电人", "属地", "诉求标题", "问题描述", "办结截止日期"]
    )
    sheet.append([1, 20260302000123, "2026-03-02", "钱", "甲社区", "路灯", "不亮", "2026-03-06"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def at(hours: float) -> datetime:
    """So many hours after the files came."""
    return MONDAY + timedelta(hours=hours)


def reworked_and_closed(town: Town, number: str) -> None:
    """One order's life with a second round and a second call."""
    with under(system_act()):
        one = Matter.objects.get(external=number)
    wu, chen = "wu", "chen"
    services.accept(town.act(wu, at(1)), one)
    services.contact(town.act(wu, at(2)), one, words="已电话说明")
    services.handle(town.act(wu, at(3)), one, outcome="先看了一次")
    services.rework(town.act(chen, at(4)), one, reason="灯还是不亮")
    services.contact(town.act(wu, at(5)), one, words="又打了一次")
    services.handle(town.act(wu, at(6)), one, outcome="+换了灯泡\n=共两只")
    services.verify(town.act(chen, at(7)), one)
    services.close(town.act(chen, at(8)), one)


LAYOUTS = [(book, "WX2026030200001"), (second_layout, "20260302000123")]


@pytest.mark.row("R116")
@pytest.mark.parametrize(("layout", "number"), LAYOUTS)
def test_every_cell_of_the_answers_is_what_it_should_be(
    town: Town, layout: Any, number: str
) -> None:
    assert take(town, layout()).made
    reworked_and_closed(town, number)
    answer = desk(town, "wu").post("/desk/hotline/replies/", HTTP_ACCEPT_LANGUAGE="en")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None and sheet.title == "回复" and sheet.freeze_panes == "A2"
    header, row = list(sheet.iter_rows())
    said = {head.value: cell for head, cell in zip(header, row, strict=True)}
    assert {name: cell.value for name, cell in said.items()} == {
        "工单编号": number,
        "办理状态": "已办结",
        "签收时间": datetime(2026, 3, 2, 10, 0),
        "联系时间": datetime(2026, 3, 2, 11, 0),
        "办结时间": datetime(2026, 3, 2, 15, 0),
        "承办单位": "东街道办事处",
        "办理结果": "+换了灯泡\n=共两只",
        "满意度": None,
        "备注": None,
    }
    assert (said["工单编号"].data_type, said["工单编号"].number_format) == ("s", "@")
    assert said["签收时间"].number_format == workbook.TIMES
    assert said["办理结果"].data_type == "s" and said["办理结果"].quotePrefix
    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(row) + 1)]
    assert all(w >= workbook._width(c.value) for w, c in zip(widths, row, strict=True))
    act = town.act("wu", at(9))
    with under(act):
        lights = {x.stage: x.met for x in reads.hotline_orders(act, "all").rows[-1].lights}
    assert lights == {"sign": at(1), "contact": at(2), "resolve": at(6)}, "as in the file"


def desk(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def test_the_pages_from_upload_to_replies(town: Town) -> None:
    client = desk(town, "wu")
    assert "这里没有工单" in client.get("/desk/hotline/").content.decode()
    wrong = client.post("/desk/hotline/upload/", {"file": SimpleUploadedFile("a.csv", b"x,y")})
    assert wrong.status_code == 422 and "找不到表头" in wrong.content.decode()
    sent = client.post("/desk/hotline/upload/", {"file": SimpleUploadedFile("a.xlsx", book())})
    assert sent.status_code == 302
    preview = client.get(sent["Location"]).content.decode()
    assert "确认导入 2 件" in preview and "重复" in preview
    refused = load_workbook(
        io.BytesIO(client.get(f"{sent['Location']}refused.xlsx").content)
    ).active
    assert refused is not None and refused.max_row == 4
    client.post(sent["Location"])
    assert "新建 2 件" in client.get(sent["Location"]).content.decode()
    client.post(sent["Location"])
    page = client.get("/desk/hotline/").content.decode()
    assert page.count("WX20260302") >= 2 and "按政策包推算" in page
    none = client.post("/desk/hotline/replies/")
    assert none.status_code == 422 and "还没办完" in none.content.decode()
    with under(system_act()):
        key = Matter.objects.order_by("pk").first().pk  # type: ignore[union-attr]
    assert client.post(f"/desk/hotline/{key}/contacted/").status_code == 302
    chosen = client.post("/desk/hotline/replies/", {"pick": [str(key)]})
    assert chosen["Content-Type"].endswith("sheet")
    assert desk(town, "sun").get("/desk/hotline/").status_code == 403
