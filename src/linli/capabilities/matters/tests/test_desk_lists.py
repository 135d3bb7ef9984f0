"""Lists of the desk: pages that lose nothing, bulk steps, saved filters, exports; two clerks at once."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.http import QueryDict
from django.template import engines
from django.test import Client
from django.utils.translation import override
from openpyxl import load_workbook

from linli.capabilities.matters import services
from linli.capabilities.matters.desk.lists import stamps
from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors import Filters, listed, lists, planned
from linli.capabilities.matters.services import exports
from linli.kernel.access.models import SavedFilter
from linli.kernel.acts import conveyor, under
from linli.kernel.acts.models import Fact
from linli.kernel.acts.models import Words as FactWords
from linli.kernel.files import sheets
from linli.kernel.files.jobs import write_export, written
from linli.kernel.files.models import Export, File
from linli.kernel.files.store import path_of
from tests.town import Town

from .test_desk import as_it_is, do, entered, lamp


def facts(town: Town, verb: str) -> list[Fact]:
    with under(town.act("feng")):
        return list(Fact.objects.filter(verb=verb).order_by("id"))


@pytest.mark.parametrize("sort", ["new", "due"])
def test_paging_loses_and_doubles_nothing_while_rows_come_in(town: Town, sort: str) -> None:
    kept = {lamp(town, f"第{n}件").pk for n in range(23)}
    chen, f = town.act("chen"), Filters(show="open", sort=sort)
    seen: list[int] = []
    after = ""
    with under(chen):
        while True:
            page = listed(chen, f, after, size=5)
            seen += [row.id for row in page.rows]
            lamp(town, "中途新来的")
            after = page.next_after
            if not after:
                break
            if len(seen) > 200:
                pytest.fail("paging does not end")
    assert len(seen) == len(set(seen))
    assert kept <= set(seen)


def test_a_page_is_planned_alike_wherever_in_the_list_it_begins(town: Town) -> None:
    keys = [lamp(town, f"第{n}件").pk for n in range(3)]
    chen, plans = town.act("chen"), []
    with under(chen), connection.cursor() as cursor:
        for key in (keys[0], keys[-1]):
            statement, given = lists._statement(chen, Filters(show="all"), str(key), 51, False)
            told = [key if value == planned.AFTER else value for value in given]
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", told)
            plans.append(cursor.fetchone()[0])
    assert plans[0] == plans[1], "seen near the end, a key makes PostgreSQL plan every page anew"


def test_the_pages_of_the_browser_hang_together(town: Town) -> None:
    for n in range(55):
        lamp(town, f"第{n:02d}件")
    chen = entered(town, "chen")
    first = chen.get("/desk/matters/?show=open").content.decode()
    assert first.count('name="pick"') == 50
    mark = first.split("after=")[1].split('"')[0]
    second = chen.get(f"/desk/matters/?show=open&after={mark}").content.decode()
    assert second.count('name="pick"') == 5 and "回到第一页" in second


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("show=nonsense", "show", "open"),
        ("since=2026-13-40", "since", None),
        ("unit=abc", "unit", None),
        ("on_time=maybe", "on_time", ""),
        ("sort=due", "sort", "due"),
        ("q=%00%27--", "q", "'--"),
        ("area=99999999999999999999999", "area", None),
    ],
)
def test_filters_take_anything_and_believe_little(typed: str, field: str, value: Any) -> None:
    assert getattr(filters_from(QueryDict(typed), "open"), field) == value


@pytest.mark.parametrize(
    "query",
    [
        "show=all&q=%00&unit=1&area=5",
        "show=all&since=2020-01-01&until=2030-01-01&on_time=yes&satisfied=no",
        "show=verify&group=01&code=0101&channel=web&state=handled",
        "after=%27%3B--&show=open",
        "after=2020-01-01~x&sort=due&show=open",
        "after=2020-01-01T00:00:00%2B08:00~x&sort=due&show=open",
        "after=0001-01-01T00:00:00%2B14:00~7&sort=due&show=open",
        "after=9999-12-31T23:59:59-14:00~7&sort=due&show=open",
        "after=99999999999999999999999999",
    ],
)
def test_no_address_breaks_the_list(town: Town, query: str) -> None:
    assert entered(town, "chen").get(f"/desk/matters/?{query}").status_code == 200


def test_search_finds_by_number_and_words(town: Town) -> None:
    one, other = lamp(town, "垃圾桶满了没人收"), lamp(town, "电梯坏了")
    chen = entered(town, "chen")
    found = chen.get(f"/desk/matters/?q={one.number}").content.decode()
    assert one.title in found and other.title not in found
    found = chen.get("/desk/matters/?q=电梯").content.decode()
    assert other.title in found and one.title not in found
    assert "没有符合条件" in chen.get("/desk/matters/?q=火星").content.decode()
    assert "没有符合条件" in chen.get("/desk/matters/?q=？！").content.decode()


def test_search_finds_whole_latin_words(town: Town) -> None:
    lift = lamp(town, "The elevator is stuck 电梯")
    lamp(town, "Electric bikes in the hall")
    for who in ("chen", "feng"):  # under the list's own index, and through the word index of a city
        page = entered(town, who).get("/desk/matters/?show=all&q=Elevator").content.decode()
        assert lift.title in page and "Electric" not in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_times_on_the_list_read_as_everywhere_else(language: str) -> None:
    moment = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
    with override(language):
        assert stamps()(moment) == engines["jinja2"].from_string("{{ moment|clock }}").render(
            {"moment": moment}
        )


def test_columns_are_kept_in_this_browser(town: Town) -> None:
    lamp(town)
    chen = entered(town, "chen")
    chen.post(
        "/desk/matters/columns/", {"columns": ["channel", "address", "x"], "query": "show=open"}
    )
    page = chen.get("/desk/matters/?show=open").content.decode()
    assert ">地址<" in page and ">渠道<" in page and ">承办单位<" not in page


def test_a_filter_is_saved_used_and_dropped(town: Town) -> None:
    chen = entered(town, "chen")
    query = "show=overdue&group=01"
    got = chen.post("/desk/matters/saved/", {"name": "超期的垃圾", "query": query})
    assert got.status_code == 303 and got["Location"] == f"/desk/matters/?{query}"
    kept = SavedFilter.objects.get(name="超期的垃圾")
    assert kept.query == query
    assert "超期的垃圾" in chen.get("/desk/matters/").content.decode()
    assert "超期的垃圾" not in entered(town, "lin").get("/desk/matters/").content.decode()
    entered(town, "lin").post(f"/desk/matters/saved/{kept.pk}/drop/")
    with under(town.act("chen")):
        assert SavedFilter.objects.filter(pk=kept.pk).exists()
    chen.post(f"/desk/matters/saved/{kept.pk}/drop/")
    with under(town.act("chen")):
        assert not SavedFilter.objects.filter(pk=kept.pk).exists()
    assert chen.post("/desk/matters/saved/", {"name": " ", "query": query}).status_code == 422


def test_a_saved_filter_cannot_smuggle_an_address(town: Town) -> None:
    got = entered(town, "chen").post(
        "/desk/matters/saved/", {"name": "x", "query": "show=open&next=//evil.example"}
    )
    assert "evil" not in got["Location"]
    assert "evil" not in SavedFilter.objects.get(name="x").query


def test_bulk_acceptance_reports_what_was_refused_and_why(town: Town) -> None:
    rows = [lamp(town, f"第{n}件") for n in range(4)]
    services.accept(town.act("lin"), rows[1])
    strange = lamp(town, "别的社区的", area="乙社区")
    chen = entered(town, "chen")
    keys = [str(m.pk) for m in (*rows, strange)]
    got = chen.post("/desk/matters/bulk/", {"verb": "accept", "pick": keys, "query": "show=todo"})
    page = got.content.decode()
    assert got.status_code == 200 and "不能“受理”" in page and "不在您的范围内" in page
    states = [as_it_is(town, m).state for m in rows]
    assert states == ["handling"] * 4
    assert as_it_is(town, strange).state == "reported"
    assert len(facts(town, "matters.accept")) == 4


def test_bulk_transfer_asks_first_and_leaves_one_fact_each(town: Town) -> None:
    rows = [lamp(town, f"第{n}件") for n in range(3)]
    chen = entered(town, "chen")
    keys = [str(m.pk) for m in rows]
    asked = chen.post("/desk/matters/bulk/", {"verb": "transfer", "pick": keys})
    assert asked.status_code == 200 and "将对选中的 3 件" in asked.content.decode()
    assert not facts(town, "matters.transfer")
    sent = {"verb": "transfer", "pick": keys, "sure": "yes", "reason": "归城管"}
    assert chen.post("/desk/matters/bulk/", sent).status_code == 422
    unit = town.unit("urban").pk
    assert chen.post("/desk/matters/bulk/", {**sent, "to": unit}).status_code == 200
    assert {as_it_is(town, m).offered_unit_id for m in rows} == {unit}
    assert len(facts(town, "matters.transfer")) == 3


def test_bulk_needs_the_grant_of_the_step(town: Town) -> None:
    matter = lamp(town)
    got = entered(town, "zheng").post(
        "/desk/matters/bulk/", {"verb": "urge", "pick": [matter.pk], "sure": 1}
    )
    assert got.status_code == 403
    got = entered(town, "chen").post("/desk/matters/bulk/", {"verb": "close", "pick": [matter.pk]})
    assert got.status_code == 303 and as_it_is(town, matter).state == "reported"


def test_a_workbook_carries_watermark_rows_and_no_formula(town: Town) -> None:
    lamp(town, '=HYPERLINK("http://x")')
    lamp(town, "普通的一件")
    chen = entered(town, "chen")
    sent = {"query": "show=all", "reason": "月度例会", "format": "xlsx"}
    got = chen.post("/desk/matters/export/", sent)
    assert got.status_code == 200 and got["Content-Type"] == sheets.XLSX
    sheet = load_workbook(io.BytesIO(got.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert "陈静" in str(rows[0][0]) and "月度例会" in str(rows[0][0])
    assert rows[1] == exports.HEADS and len(rows) == 4
    assert {row[1] for row in rows[2:]} == {"普通的一件", '\'=HYPERLINK("http://x")'}
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert b"13800000001" not in got.content
    fact = facts(town, "matters.export")[0]
    assert fact.data["rows"] == 2 and fact.data["query"] == "show=all"
    with under(town.act("chen")):
        assert FactWords.objects.get(fact=fact, name="reason").body == "月度例会"


def test_text_is_exported_for_the_filter_in_use(town: Town) -> None:
    lamp(town, "电梯坏了")
    lamp(town, "@SUM(A1)")
    sent = {"query": "show=all&q=电梯", "reason": "核对", "format": "csv"}
    got = entered(town, "chen").post("/desk/matters/export/", sent)
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert len(rows) == 3 and rows[2][1] == "电梯坏了"
    assert sheets.plain("@SUM(A1)") == "'@SUM(A1)" and sheets.plain("-1+2") == "'-1+2"


def test_an_export_needs_grant_reason_and_rows(town: Town) -> None:
    chen = entered(town, "chen")
    sent = {"query": "show=all", "reason": "看看", "format": "csv"}
    assert "没有可导出" in chen.post("/desk/matters/export/", sent).content.decode()
    lamp(town)
    assert chen.post("/desk/matters/export/", {**sent, "reason": ""}).status_code == 422
    assert entered(town, "sun").post("/desk/matters/export/", sent).status_code == 403
    got = entered(town, "zhou").post("/desk/matters/export/", sent)
    assert got.status_code == 422 and not facts(town, "matters.export")


def test_a_big_export_is_a_job_with_progress_and_download(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "DIRECT_MOST", 3)
    monkeypatch.setattr(exports, "PAGE", 2)
    for n in range(7):
        lamp(town, f"第{n}件")
    deferred: list[dict[str, Any]] = []
    monkeypatch.setattr(write_export, "defer", lambda **given: deferred.append(given))
    chen = entered(town, "chen")
    sent = {"query": "show=all", "reason": "年度归档", "format": "csv"}
    got = chen.post("/desk/matters/export/", sent)
    assert got.status_code == 303 and len(deferred) == 1
    assert "正在生成" in chen.get(got["Location"]).content.decode()
    assert deferred[0]["language"] == "zh-hans"
    assert written(**{**deferred[0], "language": "en"}) == 7
    page = chen.get(got["Location"]).content.decode()
    assert "7 / 7" in page and "下载" in page
    with under(town.act("chen")):
        made = Export.objects.get()
        assert made.file_id is not None
        file = File.objects.get(pk=made.file_id)
    rows = list(csv.reader(io.StringIO(path_of(file.digest).read_text("utf-8-sig"))))
    with override("en"):
        assert len(rows) == 9 and rows[1] == [str(head) for head in exports.HEADS]
    assert rows[1] != [str(head) for head in exports.HEADS]
    assert chen.get(f"/files/{file.pk}/").status_code == 200
    assert entered(town, "lin").get(f"/files/{file.pk}/").status_code == 404
    assert entered(town, "lin").get(got["Location"]).status_code == 404
    assert written(**deferred[0]) == 0
    conveyor.drain()
    inbox = chen.get("/desk/notices/").content.decode()
    assert inbox.count("导出好了") == 1 and "没有完成" not in inbox


def test_a_big_export_that_fails_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "DIRECT_MOST", 0)
    lamp(town)
    deferred: list[dict[str, Any]] = []
    monkeypatch.setattr(write_export, "defer", lambda **given: deferred.append(given))
    chen = entered(town, "chen")
    sent = {"query": "show=all", "reason": "年度归档", "format": "csv"}
    got = chen.post("/desk/matters/export/", sent)
    with under(town.act("chen")):
        Export.objects.update(format="pdf")  # a format that nothing writes
    with pytest.raises(KeyError):
        written(**deferred[0])
    assert "重新生成" in chen.get(got["Location"]).content.decode()
    conveyor.drain()
    assert "导出没有完成" in chen.get("/desk/notices/").content.decode()


def test_a_department_s_export_is_filed_where_the_auditor_looks(town: Town) -> None:
    matter = services.accept(town.act("chen"), lamp(town))
    unit = town.unit("municipal").pk
    services.transfer(town.act("chen"), matter, to=unit, reason="归市政")
    services.accept_transfer(town.act("zheng"), matter)
    sent = {"query": "show=all", "reason": "抽查市政件", "format": "csv"}
    assert entered(town, "zheng").post("/desk/matters/export/", sent).status_code == 200
    found = facts(town, "matters.export")
    assert [fact.area for fact in found] == [town.area("试验市").pk]
    page = entered(town, "feng").get("/desk/audit/?show=exports").content.decode()
    assert "抽查市政件" in page and page.count("导出诉求") >= 1


def _at_once(clients: list[Client], matter: Matter, verb: str) -> list[Any]:
    def send(client: Client) -> Any:
        try:
            return do(client, matter, verb)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients))


def test_two_clerks_at_once_and_the_second_is_told_who_was_first(own_town: Town) -> None:
    town = own_town
    for round_ in range(5):
        matter = lamp(town, f"第{round_}件")
        got = _at_once([entered(town, "chen"), entered(town, "lin")], matter, "accept")
        assert sorted(g.status_code for g in got) == [303, 422]
        words = next(g for g in got if g.status_code == 422).content.decode()
        assert "办了“受理”" in words and ("陈静" in words or "林芳" in words)
    with under(town.act("feng")):
        assert Fact.objects.filter(verb="matters.accept").count() == 5
