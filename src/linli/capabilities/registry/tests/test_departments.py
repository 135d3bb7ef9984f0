"""What departments' files say beyond people themselves: which source knows what best, tags, ties, ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.capabilities.registry import jobs
from linli.capabilities.registry.models import (
    Batch,
    Conflict,
    Person,
    Residence,
)
from linli.capabilities.registry.services import imports, returning
from linli.capabilities.registry.services.imports import receiving, shelf
from linli.capabilities.registry.tests.importing import (
    DAY,
    card,
    imported,
    person,
    total,
    written,
)
from linli.kernel.acts import Denied, system_act, under
from tests.town import Town

HEADS = ("姓名", "公民身份号码", "联系电话", "文化程度")


@pytest.mark.row("R012")
@pytest.mark.parametrize(
    ("column", "first", "second", "values", "held"),
    [
        # 公安 knows who somebody is, civil affairs know more of the phone, education of schooling.
        ("联系电话", "police", "civil", ("13600000001", "13600000002"), "13600000002"),
        ("联系电话", "civil", "police", ("13600000001", "13600000002"), "13600000001"),
        ("文化程度", "police", "education", ("初中", "大学本科"), "大学本科"),
        ("文化程度", "education", "police", ("大学本科", "初中"), "大学本科"),
        ("曾用名", "police", "civil", ("王大", "王二"), "王大"),
        ("曾用名", "civil", "police", ("王大", "王二"), "王二"),
    ],
)
def test_the_source_that_knows_best_wins(
    town: Town,
    tmp_path: Path,
    column: str,
    first: str,
    second: str,
    values: tuple[str, str],
    held: str,
) -> None:
    number = card(101)
    for at, (source, value) in enumerate(zip((first, second), values, strict=True)):
        row = ("王大明", number, value)
        file = written(tmp_path, ("姓名", "公民身份号码", column), row, name=f"{at}.csv")
        assert total(imported(town, file, source))["rows"] == 1
    found = person(number)
    now = {
        "联系电话": found.phone.open() if found.phone else "",
        "文化程度": {"21": "大学本科", "71": "初中"}.get(found.education, found.education),
        "曾用名": found.former_name,
    }
    assert now[column] == held
    with under(system_act()):
        assert Residence.objects.filter(person=found).count() == 1


def _desk(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


@pytest.fixture
def _queue(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of this test lie apart; jobs are only noted."""
    settings.MEDIA_ROOT = tmp_path
    for job in (jobs.import_rows, jobs.import_trial):
        monkeypatch.setattr(job, "defer", lambda **_given: None)


@pytest.mark.row("R012")
def test_a_department_brings_its_own_source_and_sees_nobody(
    town: Town, tmp_path: Path, _queue: None
) -> None:
    gao, wu, zheng = (_desk(town, who) for who in ("gao", "wu", "zheng"))
    page = gao.get("/desk/registry/imports/new/").content.decode()
    assert 'value="urban"' in page and 'value="civil"' not in page and 'value="police"' not in page
    assert "试验市" in page
    rows = f"姓名,公民身份号码,所属社区\n周小明,{card(201)},甲社区\n吴小红,{card(202)},丙社区\n"
    given = {"area": town.area("试验市").pk, "as_of": "2026-05-01"}

    def sent(client: Client, source: str) -> Any:
        file = SimpleUploadedFile("名单.csv", rows.encode())
        return client.post("/desk/registry/imports/new/", {**given, "source": source, "file": file})

    assert sent(gao, "civil").status_code == 422
    with under(town.act("gao")), pytest.raises(Denied):
        receiving.receive(
            town.act("gao"),
            source=imports.source_of("civil"),
            area=town.area("试验市").pk,
            as_of=None,
            name="民政.csv",
            chunks=[rows.encode()],
        )
    _brought(town, sent(gao, "urban")["Location"], gao, (wu, zheng))
    sources = gao.get("/desk/registry/imports/sources/").content.decode()
    assert "城管部件普查" in sources and "公安" not in sources


def _brought(town: Town, at: str, gao: Client, others: tuple[Client, ...]) -> None:
    """Confirmed, tried out and imported by the department alone, which sees nobody afterwards."""
    wu, zheng = others
    assert wu.get(at).status_code == 404, "a street does not see a department's file"
    assert zheng.get(at).status_code == 404, "nor does another department"
    page = gao.get(at).content.decode()
    assert "公民身份号码" in page
    with under(system_act()):
        batch = Batch.objects.get(name="名单.csv")
        chosen = {f"c{each['at']}": each["element"] for each in batch.plan["columns"]}
    assert gao.post(f"{at}columns/", chosen).status_code == 303
    assert jobs.trial(town.act("gao"), batch.pk) == "done"
    assert gao.post(f"{at}start/").status_code == 303
    assert jobs.imported(town.act("gao"), batch.pk) == "done"
    assert {person(card(201)).name, person(card(202)).name} == {"周小明", "吴小红"}
    with under(town.act("gao")):
        assert not Person.objects.exists() and Batch.objects.count() == 1
    with under(town.act("zheng")):
        assert not Batch.objects.exists()


@pytest.mark.row("R012")
def test_a_department_reads_the_corrections_that_go_back_to_it(town: Town, tmp_path: Path) -> None:
    file = written(tmp_path, HEADS, ("周小明", card(203), "13600000001", "初中"))
    first = imported(town, file, "civil")
    with under(system_act()):
        urban = imports.source_of("urban")
        batch = Batch.objects.create(
            area=town.area("试验市"),
            source=urban,
            unit_id=town.act("gao").unit,
            as_of=DAY,
            name="城管.xlsx",
            state="done",
        )
        for field, state in (("education", "kept"), ("phone", "open")):
            Conflict.objects.create(
                area=town.area("甲社区"),
                record_set="person",
                row=person(card(203)).pk,
                field=field,
                held="71",
                offered="21",
                batch=batch,
                held_batch=first,
                state=state,
            )
    with under(town.act("gao")):
        assert [each.field for each in Conflict.objects.all()] == ["education"]
        told = returning.take_corrections(town.act("gao"), batch, reason="退回更正")
        assert [(held, offered) for _each, offered, held in told] == [("71", "21")]
    with under(town.act("zheng")):
        assert not Conflict.objects.exists()


def test_a_large_file_is_read_by_a_job(
    town: Town, _queue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "AT_ONCE", 0.0001)
    asked: list[int] = []
    monkeypatch.setattr(jobs.import_read, "defer", lambda **given: asked.append(given["batch"]))
    client = _desk(town, "chen")

    def sent(name: str, text: str) -> str:
        area = town.area("甲社区").pk
        given = {"source": "civil", "area": area, "as_of": "2026-05-01"}
        file = SimpleUploadedFile(name, text.encode())
        return str(client.post("/desk/registry/imports/new/", {**given, "file": file})["Location"])

    rows = "".join(f"周小明,{card(400 + at)},甲社区\n" for at in range(40))
    at = sent("大表.csv", "姓名,公民身份号码,所属社区\n" + rows)
    page = client.get(at).content.decode()
    assert "正在读取这个文件" in page and "认成" not in page
    assert "HX-Refresh" not in client.get(f"{at}state/")
    assert jobs.looked_at(town.act("chen"), asked[0]) == "read"
    assert client.get(f"{at}state/").headers["HX-Refresh"] == "true"
    assert "认成" in client.get(at).content.decode()
    bad = sent("坏表.csv", "随便写的\n" * 60)
    assert jobs.looked_at(town.act("chen"), asked[1]) == "failed"
    page = client.get(bad).content.decode()
    assert "没有找到表头" in page
    with under(system_act()):
        batch = Batch.objects.get(pk=asked[1])
        assert not shelf.there(receiving.waits(batch)), "what cannot be read is not kept"
