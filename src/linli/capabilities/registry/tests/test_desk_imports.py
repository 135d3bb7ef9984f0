"""The desk's pages of imports: upload, columns, trial, run, report, what waits for a person, sources."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from linli.capabilities.registry import jobs
from linli.capabilities.registry.models import Batch, BatchRow, Conflict, Layout, Person, Source
from linli.capabilities.registry.services.imports import receiving, shelf
from linli.kernel.acts import system_act, under
from tests.families import number, settle
from tests.town import Town

AT = "/desk/registry/imports/"
HEADS = "序号,姓名,公民身份号码,联系电话,文化程度,所属社区,小区,幢,单元,室\n"


def desk(town: Town, who: str = "chen") -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def line(at: int, name: str, document: str, phone: str = "13611112222", more: str = "") -> str:
    return f"{at},{name},{document},{phone},{more},甲社区,春江花园,1幢,1,30{at}\n"


def csv(*lines: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    text = "甲社区人员名单\n" + HEADS + "".join(lines)
    return SimpleUploadedFile("名单.csv", text.encode(encoding), "text/csv")


def send(client: Client, town: Town, file: SimpleUploadedFile, source: str = "civil") -> Any:
    area = town.area("甲社区").pk
    given = {"source": source, "area": area, "as_of": "2026-05-01", "file": file}
    return client.post(f"{AT}new/", given)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Files of this test lie apart; jobs are only noted."""
    settings.MEDIA_ROOT = tmp_path
    asked: list[tuple[str, int]] = []
    for job in (jobs.import_rows, jobs.import_trial):
        monkeypatch.setattr(
            job, "defer", lambda _n=job.name, **given: asked.append((_n, given["batch"]))
        )
    return asked


GOOD = (
    line(1, "周小明", number(date(1990, 1, 2), 31)),
    line(2, "吴小红", number(date(1992, 3, 4), 42), "1361111"),
    line(3, "郑小刚", "320205199001011234"),
)


@pytest.mark.row("R012")
def test_a_file_is_read_confirmed_tried_and_imported(
    town: Town, _media: list[tuple[str, int]]
) -> None:
    client = desk(town)
    assert "还没有导入过文件" in client.get(AT).content.decode()
    sent = send(client, town, csv(*GOOD))
    assert sent.status_code == 303, sent.content.decode()
    at = sent["Location"]
    page = client.get(at).content.decode()
    assert "公民身份号码" in page and "320205199001022" not in page and "认成" in page
    with under(system_act()):
        batch = Batch.objects.get(name="名单.csv")
        assert batch.state == "read" and Person.objects.count() == 0
        columns = {c["heading"]: c["at"] for c in batch.plan["columns"]}
        chosen = {f"c{c['at']}": c["element"] for c in batch.plan["columns"]}
    clear = [p for p in shelf._folder().iterdir() if "周小明".encode() in p.read_bytes()]
    assert clear == [], "a waiting file lies sealed"
    again = {**chosen, f"c{columns['序号']}": chosen[f"c{columns['姓名']}"]}
    wrong = client.post(f"{at}columns/", again)
    assert wrong.status_code == 422 and "有两列选了同一个数据项" in wrong.content.decode()
    assert client.post(f"{at}columns/", chosen).status_code == 303
    assert _media == [("registry.import_trial", batch.pk)]
    assert "正在试算" in client.get(at).content.decode()
    assert jobs.trial(town.act("chen"), batch.pk) == "done"
    page = client.get(at).content.decode()
    assert "试算结果" in page and "开始导入" in page
    with under(system_act()):
        assert Person.objects.count() == 0 and Layout.objects.count() == 1
    assert client.post(f"{at}start/").status_code == 303
    assert "继续导入" in client.get(at).content.decode()
    assert jobs.imported(town.act("chen"), batch.pk) == "done"
    page = client.get(at).content.decode()
    assert "已完成" in page and "下载没有导入的行" in page
    with under(system_act()):
        assert set(Person.objects.values_list("name", flat=True)) == {"周小明", "吴小红"}
        assert not shelf.there(receiving.waits(batch)), "the file is gone when it is in"
    _refused_rows_come_back(client, at)
    second = send(client, town, csv(*GOOD))
    assert "已经导入过" in client.get(second["Location"]).content.decode()


def _refused_rows_come_back(client: Client, at: str) -> None:
    rows = client.get(f"{at}rows/").content.decode()
    assert "身份" in rows and "郑小刚" not in rows
    assert client.post(f"{at}refused/", {"reason": ""}).status_code == 422
    book = client.post(f"{at}refused/", {"reason": "退回民政更正"})
    assert book.status_code == 200
    cells = list(load_workbook(io.BytesIO(book.content)).active.values)  # type: ignore[union-attr]
    flat = [str(cell) for row in cells for cell in row]
    assert "郑小刚" in flat and any("退回民政更正" in cell for cell in flat)


@pytest.mark.row("R012")
def test_files_that_cannot_be_read_say_why_and_leave_nothing(town: Town, tmp_path: Any) -> None:
    client = desk(town)
    for name, content, words in (
        ("空.csv", b"", "这个文件是空的"),
        ("图.xlsx", b"PK\x03\x04 half a workbook", "打不开"),
        ("文.xlsx", b"not a workbook", "表头"),
        ("表.pdf", b"%PDF-1.4 ....", "只能导入"),
        ("无表头.csv", "随便写的\n一行字\n".encode(), "表头"),
    ):
        answer = send(client, town, SimpleUploadedFile(name, content))
        page = answer.content.decode()
        assert answer.status_code == 422 and words in page, (name, page)
        assert "2026-05-01" in page, "what was typed stays"
    with under(system_act()):
        assert not Batch.objects.exclude(name="").exists()
    assert not list((tmp_path / "imports").glob("*")) if (tmp_path / "imports").exists() else True


@pytest.mark.row("R012")
def test_columns_are_remembered_for_the_source(town: Town) -> None:
    client = desk(town)
    odd = SimpleUploadedFile("表.csv", "姓名,备用号\n周小明,13600001111\n".encode())
    at = send(client, town, odd)["Location"]
    client.post(f"{at}columns/", {"c0": "person.name", "c1": "person.phone"})
    other = SimpleUploadedFile("表二.csv", "姓名,备用号\n吴小红,13600002222\n".encode())
    at = send(client, town, other)["Location"]
    assert "上次确认过" in client.get(at).content.decode()


def conflict(town: Town, people: dict[str, Person], field: str, held: str, offered: str) -> int:
    with under(system_act()):
        source = Source.objects.get_or_create(
            code="civil", defaults={"title": "民政业务数据", "rank": 20}
        )[0]
        area = town.area("甲社区第一网格")
        batch = Batch.objects.create(
            area=town.area("甲社区"),
            source=source,
            name="低保.xlsx",
            as_of="2026-05-01",
            state="done",
        )
        return Conflict.objects.create(
            area=area,
            record_set="person",
            row=people["wang"].pk,
            field=field,
            held=held,
            offered=offered,
            batch=batch,
            line=7,
        ).pk


@pytest.mark.row("R012")
def test_a_person_decides_between_two_values(town: Town) -> None:
    people, client = settle(), desk(town)
    pk = conflict(town, people, "education", "", "21")
    page = client.get(f"{AT}conflicts/").content.decode()
    assert "王小梅" in page and "民政业务数据" in page and "第 7 行" in page
    answer = client.post(f"{AT}conflicts/{pk}/", {"take": "yes"}, follow=True)
    assert "已裁定" in answer.content.decode()
    with under(system_act()):
        wang = Person.objects.get(pk=people["wang"].pk)
        assert wang.education == "21" and wang.sources["education"]
        assert Conflict.objects.get(pk=pk).state == "taken"
    assert client.post(f"{AT}conflicts/{pk}/", {"take": "yes"}).status_code == 404


@pytest.mark.row("R012")
def test_a_value_that_changed_meanwhile_is_not_overwritten(town: Town) -> None:
    people, client = settle(), desk(town)
    pk = conflict(town, people, "workplace", "旧厂", "新厂")
    with under(system_act()):
        Person.objects.filter(pk=people["wang"].pk).update(workplace="第三家厂")
    answer = client.post(f"{AT}conflicts/{pk}/", {"take": "yes"}, follow=True).content.decode()
    assert "没有裁定" in answer and "第三家厂" in answer
    with under(system_act()):
        assert Person.objects.get(pk=people["wang"].pk).workplace == "第三家厂"
    client.post(f"{AT}conflicts/{pk}/", {"take": "no"})
    with under(system_act()):
        held = Conflict.objects.get(pk=pk)
        assert held.state == "kept"
    book = client.post(f"{AT}{held.batch_id}/return/", {"reason": "退回民政更正"})
    cells = [str(c) for row in load_workbook(io.BytesIO(book.content)).active.values for c in row]  # type: ignore[union-attr]
    assert "新厂" in cells and "第三家厂" in cells


@pytest.mark.row("R010")
def test_phones_in_conflict_are_masked_until_a_reason_is_given(town: Town) -> None:
    people, client = settle(), desk(town)
    pk = conflict(town, people, "phone", "13900000024", "13611112222")
    page = client.get(f"{AT}conflicts/").content.decode()
    assert "13611112222" not in page and "136****2222" in page
    shown = client.post(f"{AT}conflicts/{pk}/numbers/", {"reason": "打电话核实"}).content.decode()
    assert "13611112222" in shown and "13900000024" in shown


def test_a_row_without_a_number_is_judged_by_a_person(town: Town) -> None:
    people, client = settle(), desk(town)
    text = "姓名,出生日期,联系电话,文化程度\n王小梅,1985-04-12,13655556666,大学本科\n"
    at = send(client, town, SimpleUploadedFile("无号.csv", text.encode()))["Location"]
    pk = int(at.rstrip("/").rsplit("/", 1)[1])
    with under(system_act()):
        batch = Batch.objects.get(pk=pk)
        sealed = '{"姓名": "王小梅", "出生日期": "1985-04-12", "文化程度": "大学本科"}'
        row = BatchRow.objects.create(
            batch=batch,
            line=2,
            state="probable",
            values=sealed,
            candidate=people["wang"].pk,
            score=0.86,
        )
        before = Person.objects.count()
    page = client.get(f"{AT}matches/").content.decode()
    assert "王小梅" in page and "86%" in page
    answer = client.post(f"{AT}matches/{row.pk}/", {"verdict": "same"}, follow=True)
    assert "已判定" in answer.content.decode()
    with under(system_act()):
        assert Person.objects.count() == before
        assert Person.objects.get(pk=people["wang"].pk).education.startswith("2")
    assert client.post(f"{AT}matches/{row.pk}/", {"verdict": "new"}).status_code == 404


@pytest.mark.row("R013")
def test_sources_with_loads_and_retirement(town: Town) -> None:
    settle()
    client = desk(town, "feng")
    page = client.get(f"{AT}sources/").content.decode()
    assert "公安人口" in page
    with under(system_act()):
        source = Source.objects.get(code="police")
    client.post(f"{AT}sources/{source.pk}/", {"on": "2026-03-01"})
    assert "已停用" in client.get(f"{AT}sources/").content.decode()
    answer = client.get(f"{AT}new/").content.decode()
    assert 'value="police"' not in answer


def test_pages_ask_little(town: Town) -> None:
    people, client = settle(), desk(town)
    conflict(town, people, "education", "", "21")
    with under(system_act()):
        pk = Batch.objects.filter(state="done").exclude(name="").values_list("pk", flat=True)[0]
    for path in ("", "new/", "conflicts/", "matches/", "sources/", f"{pk}/", f"{pk}/rows/"):
        client.get(AT + path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(AT + path).status_code == 200, path
        assert len(asked) <= (10 if path == "sources/" else 8), (
            path,
            [q["sql"][:90] for q in asked],
        )


def test_a_stranger_sees_no_import_of_another_community(town: Town) -> None:
    client, other = desk(town), desk(town, "zhou")
    at = send(client, town, csv(*GOOD))["Location"]
    assert other.get(at).status_code == 404 and client.get(at).status_code == 200
    assert other.post(f"{at}start/").status_code == 404
