"""What a row says beside the person: tags, family, owners, households, ends of residences, deaths."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.capabilities.registry.models import (
    BatchRow,
    Bond,
    Conflict,
    Household,
    Mark,
    Residence,
    Tie,
)
from linli.capabilities.registry.services import decisions
from linli.capabilities.registry.tests.importing import card, imported, person, total, written
from linli.kernel.acts import system_act, under
from tests.town import Town


def cells(text: str, number: str = "") -> tuple[str, ...]:
    """A row as it is written in short; `#` is the number."""
    return tuple(text.replace("#", number).split("|"))


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
    "姓名",
    "公民身份号码",
    "人口类型",
    "户号",
    "户别",
    "户主姓名",
    "与户主关系",
    "现住地址",
    "迁入日期",
    "迁出日期",
    "注销原因",
    "所属社区",
)


DOOR = "春江花园1幢1单元301室"


def stays(document: str) -> list[tuple[str, str, str]]:
    with under(system_act()):
        found = Residence.objects.filter(person=person(document)).order_by("pk")
        return [(r.kind, str(r.until), r.ending) for r in found]


def test_ends_of_residences_and_kinds_of_households(town: Town, tmp_path: Path) -> None:
    rows = (
        cells(f"周大明|#|户籍|H1|集体户|周大明|户主|{DOOR}|2010-01-01|||甲社区", card(331)),
        cells(
            f"周小明|#|户籍|H1|集体户|周大明|子|{DOOR}|2010-01-01|2026-04-01|参军|甲社区", card(332)
        ),
        cells(f"吴小红|#|流动|||||{DOOR}|2020-01-01|2019-01-01||甲社区", card(333)),
    )
    file = written(tmp_path, POLICE, *rows)
    batch = imported(town, file, "police")
    assert total(batch)["rows"] == 3
    assert stays(card(331)) == [("registered", "None", "")]
    assert stays(card(332)) == [("registered", "2026-04-01", "enlisted")]
    assert stays(card(333)) == [("floating", "None", "")], "an end before the beginning is no end"
    with under(system_act()):
        house = Household.objects.get(number="H1")
        assert house.kind == "collective" and house.head_id == person(card(331)).pk
        assert Residence.objects.get(person=person(card(332))).sources["until"] == batch.pk
    imported(town, file, "police")
    assert [len(stays(card(at))) for at in (331, 332, 333)] == [1, 1, 1]


def test_a_weaker_source_ends_no_residence_by_itself(town: Town, tmp_path: Path) -> None:
    row = cells(f"周大明|#|户籍|H1|集体户|周大明|户主|{DOOR}|2010-01-01|||甲社区", card(335))
    imported(town, written(tmp_path, POLICE, row), "police")
    left = cells(f"周大明|#|户籍|H1|集体户|周大明|户主|{DOOR}||2026-04-20|迁出|甲社区", card(335))
    weaker = imported(town, written(tmp_path, POLICE, left, name="台账.csv"), "ledger")
    assert stays(card(335)) == [("registered", "None", "")] and total(weaker)["conflicts"] == 1
    with under(system_act()):
        decisions.decide_conflict(system_act(), Conflict.objects.get(batch=weaker), take=True)
    assert stays(card(335)) == [("registered", "2026-04-20", "moved")]


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
    heads = cells(
        "姓名|身份证号|现住地址|房主姓名|房主身份证号|房屋用途|建筑面积|户籍所在地省|户籍所在地市|户籍所在地区|所属社区"
    )
    let = f"春江花园2幢1单元201室|房大东|{card(352)}|出租|88.5|安徽省|合肥市"
    rows = (
        cells(f"周小明|#|{let}|蜀山区|甲社区", card(351)),
        cells(f"吴小红|#|{let}||甲社区", card(353)),
        cells("郑小刚|#|春江花园2幢1单元201室|李某某|||||||甲社区", card(354)),
    )
    batch = imported(town, written(tmp_path, heads, *rows), "police")
    with under(system_act()):
        tie = Tie.objects.get(person=person(card(352)))
        home = tie.home
        assert home is not None
        assert (tie.kind, tie.sources) == ("owner", {"*": batch.pk})
        assert (home.use, str(home.size), home.sources["use"]) == ("let", "88.50", batch.pk)
        assert person(card(351)).more["registered_place"] == "安徽省合肥市蜀山区"
        assert person(card(353)).more["registered_place"] == "安徽省合肥市"
        flaws = dict(BatchRow.objects.filter(batch=batch).values_list("line", "reasons"))
    assert flaws == {4: ["tie.name:tie.who"]}
