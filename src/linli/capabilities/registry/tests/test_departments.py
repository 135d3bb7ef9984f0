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
    BatchRow,
    Bond,
    Conflict,
    Household,
    Mark,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.services import decisions, imports, returning
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
    at = sent(gao, "urban")["Location"]
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
    sources = gao.get("/desk/registry/imports/sources/").content.decode()
    assert "城管部件普查" in sources and "公安" not in sources


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


CIVIL = ("姓名", "身份证号", "救助类别", "月保障金额", "享受开始日期", "停保日期", "所属社区")


def _marks(document: str) -> list[tuple[str, str, str, str]]:
    with under(system_act()):
        rows = Mark.objects.filter(person=person(document)).order_by("code", "since")
        return [(m.code, str(m.since), str(m.until), m.more.get("aid_amount", "")) for m in rows]


@pytest.mark.row("R012")
def test_tags_are_taken_with_their_basis_and_days(town: Town, tmp_path: Path) -> None:
    rows = (
        ("周小明", card(301), "低保", "845", "2026-01-01", "", "甲社区"),
        ("吴小红", card(302), "低保；独居", "845", "2026年2月1日", "", "甲社区"),
        ("郑小刚", card(303), "低保", "700", "2025-01-01", "2026-03-01", "甲社区"),
        ("王小兰", card(304), "特困", "900", "2026-03-01", "2026-01-01", "甲社区"),
        ("陈小东", card(305), "不知道什么", "1", "2026-03-01", "", "甲社区"),
        ("林小西", card(306), "社区矫正对象", "", "2026-03-01", "", "甲社区"),
    )
    file = written(tmp_path, CIVIL, *rows)
    batch = imported(town, file, "civil")
    assert total(batch)["new"] == 6 and total(batch)["marks"] == 5, total(batch)
    assert _marks(card(301)) == [("low_income", "2026-01-01", "2027-01-01", "845")]
    assert [m[0] for m in _marks(card(302))] == ["living_alone", "low_income"]
    assert _marks(card(303)) == [("low_income", "2025-01-01", "2026-03-01", "700")]
    assert _marks(card(304))[0][:2] == ("destitute", "2026-03-01")
    assert _marks(card(305)) == [] and _marks(card(306)) == []
    with under(system_act()):
        flaws = dict(BatchRow.objects.filter(batch=batch).values_list("line", "reasons"))
        mark = Mark.objects.get(person=person(card(301)))
    assert flaws == {
        5: ["tag.until:until.before"],
        6: ["tag.code:code"],
        7: ["tag.code:tag.source"],
    }
    assert mark.basis == "低保审批" and mark.purpose == "aid" and mark.sensitive
    assert mark.sources == {"*": batch.pk} and mark.area_id == town.area("甲社区").pk
    before = {at: _marks(card(at)) for at in range(301, 305)}
    again = imported(town, file, "civil")
    assert {at: _marks(card(at)) for at in range(301, 305)} == before
    assert total(again).get("marks", 0) == 0 and total(again).get("marks_changed", 0) == 0
    ended = (("周小明", card(301), "低保", "845", "2026-01-01", "2026-04-01", "甲社区"),)
    imported(town, written(tmp_path, CIVIL, *ended, name="停保.csv"), "civil")
    assert _marks(card(301)) == [("low_income", "2026-01-01", "2026-04-01", "845")]


def test_sensitive_tags_need_a_cleared_actor(town: Town, tmp_path: Path) -> None:
    rows = (("周小明", card(311), "低保", "845", "2026-01-01", "", "甲社区"),)
    file = written(tmp_path, CIVIL, *rows)
    batch = imported(town, file, "civil", act=town.act("chen"))
    assert total(batch)["new"] == 1 and _marks(card(311)) == []
    assert total(batch)["why:tag.code:tag.cleared"] == 1
    imported(town, file, "civil", act=town.act("he"))
    assert [m[0] for m in _marks(card(311))] == ["low_income"]


def test_columns_headed_by_tags_and_what_every_row_says(town: Town, tmp_path: Path) -> None:
    heads = ("姓名", "身份证号", "是否独居", "志愿者", "所属社区")
    rows = (
        ("周小明", card(321), "是", "否", "甲社区"),
        ("吴小红", card(322), "", "√", "甲社区"),
        ("郑小刚", card(323), "也许", "志愿者", "甲社区"),
    )
    batch = imported(town, written(tmp_path, heads, *rows), "civil")
    assert [[m[0] for m in _marks(card(at))] for at in (321, 322, 323)] == [
        ["living_alone"],
        ["volunteer"],
        ["volunteer"],
    ]
    assert total(batch)["why:tag.code:code"] == 1
    columns = (
        "姓名",
        "身份证号",
        "残疾人证号",
        "残疾类别",
        "残疾等级",
        "监护人姓名",
        "监护人电话",
        "所属社区",
    )
    rows_ = (("周小明", card(321), "", "肢体", "二级", "周大明", "13600000009", "甲社区"),)
    file = written(tmp_path, columns, *rows_, name="残联.csv")
    imported(town, file, "disabled")
    with under(system_act()):
        mark = Mark.objects.get(person=person(card(321)), code="disabled")
        bond = Bond.objects.get(person=person(card(321)))
        assert mark.more["disability_kind"] and mark.more["disability_grade"]
        assert (bond.kind, bond.other_name) == ("guardian", "周大明") and bond.sources
        assert bond.other_phone is not None and bond.other_phone.open() == "13600000009"
    imported(town, file, "disabled")
    with under(system_act()):
        assert Bond.objects.filter(person=person(card(321))).count() == 1


POLICE = (
    *("姓名", "公民身份号码", "人口类型", "户号", "户别", "户主姓名", "与户主关系", "现住地址"),
    *("迁入日期", "迁出日期", "注销原因", "所属社区"),
)


def test_ends_of_residences_and_kinds_of_households(town: Town, tmp_path: Path) -> None:
    door = "春江花园1幢1单元301室"
    rows = (
        (
            "周大明",
            card(331),
            "户籍",
            "H1",
            "集体户",
            "周大明",
            "户主",
            door,
            "2010-01-01",
            "",
            "",
            "甲社区",
        ),
        (
            "周小明",
            card(332),
            "户籍",
            "H1",
            "集体户",
            "周大明",
            "子",
            door,
            "2010-01-01",
            "2026-04-01",
            "参军",
            "甲社区",
        ),
        (
            "吴小红",
            card(333),
            "流动",
            "",
            "",
            "",
            "",
            door,
            "2020-01-01",
            "2019-01-01",
            "",
            "甲社区",
        ),
    )
    file = written(tmp_path, POLICE, *rows)
    batch = imported(town, file, "police")

    def stays(document: str) -> list[tuple[str, str, str]]:
        with under(system_act()):
            found = Residence.objects.filter(person=person(document)).order_by("pk")
            return [(r.kind, str(r.until), r.ending) for r in found]

    assert total(batch)["rows"] == 3
    assert stays(card(331)) == [("registered", "None", "")]
    assert stays(card(332)) == [("registered", "2026-04-01", "enlisted")]
    assert stays(card(333)) == [("floating", "None", "")]
    with under(system_act()):
        house = Household.objects.get(number="H1")
        assert house.kind == "collective" and house.head_id == person(card(331)).pk
        assert Residence.objects.get(person=person(card(332))).sources["until"] == batch.pk
    imported(town, file, "police")
    assert [len(stays(card(at))) for at in (331, 332, 333)] == [1, 1, 1]
    left = (
        (
            "周大明",
            card(331),
            "户籍",
            "H1",
            "集体户",
            "周大明",
            "户主",
            door,
            "",
            "2026-04-20",
            "迁出",
            "甲社区",
        ),
    )
    weaker = imported(town, written(tmp_path, POLICE, *left, name="台账.csv"), "ledger")
    assert stays(card(331)) == [("registered", "None", "")] and total(weaker)["conflicts"] == 1
    with under(system_act()):
        asked = Conflict.objects.get(batch=weaker)
        decisions.decide_conflict(system_act(), asked, take=True)
    assert stays(card(331)) == [("registered", "2026-04-20", "moved")]


def test_a_death_ends_what_hangs_on_the_person(town: Town, tmp_path: Path) -> None:
    rows = (("周小明", card(341), "低保", "845", "2026-01-01", "", "甲社区"),)
    imported(town, written(tmp_path, CIVIL, *rows), "civil")
    heads = ("姓名", "身份证号", "死亡日期", "所属社区")
    file = written(tmp_path, heads, ("周小明", card(341), "2026-03-03", "甲社区"), name="死亡.csv")
    imported(town, file, "health")
    with under(system_act()):
        found = person(card(341))
        assert str(found.died) == "2026-03-03"
        assert [str(r.until) for r in Residence.objects.filter(person=found)] == ["2026-03-03"]
    assert [m[2] for m in _marks(card(341))] == ["2026-03-03"]
    imported(town, file, "health")
    with under(system_act()):
        assert Residence.objects.filter(person=found).count() == 1


def test_whose_home_it_is_and_what_it_is_used_for(town: Town, tmp_path: Path) -> None:
    heads = (
        "姓名",
        "身份证号",
        "现住地址",
        "房主姓名",
        "房主身份证号",
        "房屋用途",
        "建筑面积",
        "户籍所在地省",
        "户籍所在地市",
        "户籍所在地区",
        "所属社区",
    )
    door = "春江花园2幢1单元201室"
    rows = (
        (
            "周小明",
            card(351),
            door,
            "房大东",
            card(352),
            "出租",
            "88.5",
            "安徽省",
            "合肥市",
            "蜀山区",
            "甲社区",
        ),
        (
            "吴小红",
            card(353),
            door,
            "房大东",
            card(352),
            "出租",
            "88.5",
            "安徽省",
            "合肥市",
            "",
            "甲社区",
        ),
        ("郑小刚", card(354), door, "李某某", "", "", "", "", "", "", "甲社区"),
    )
    batch = imported(town, written(tmp_path, heads, *rows), "police")
    with under(system_act()):
        owner = person(card(352))
        tie = Tie.objects.get(person=owner)
        home = tie.home
        assert home is not None
        assert (tie.kind, tie.sources) == ("owner", {"*": batch.pk})
        assert (home.use, str(home.size), home.sources["use"]) == ("let", "88.50", batch.pk)
        assert person(card(351)).more["registered_place"] == "安徽省合肥市蜀山区"
        assert person(card(353)).more["registered_place"] == "安徽省合肥市"
        flaws = dict(BatchRow.objects.filter(batch=batch).values_list("line", "reasons"))
    assert flaws == {4: ["tie.name:tie.who"]}


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
        assert not shelf.there(batch.digest), "what cannot be read is not kept"
