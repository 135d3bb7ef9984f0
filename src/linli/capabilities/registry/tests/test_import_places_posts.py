"""Files of homes without people, and rosters of who holds which post: through the door by which people come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from linli.capabilities.registry import jobs
from linli.capabilities.registry.models import (
    Building,
    Estate,
    Holding,
    Home,
    Household,
    Organisation,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.services import imports
from linli.capabilities.registry.tests.desk import entered, page_of, text_of
from linli.capabilities.registry.tests.importing import card, imported, total, written
from linli.kernel.acts import system_act, under
from tests import families
from tests.families import number
from tests.town import Town

HOMES = ("小区名称", "楼栋", "单元", "房号", "楼层", "建筑面积", "房屋用途", "房主姓名", "房主身份证号", "房主电话", "所属社区")  # fmt: skip


def kept() -> dict[str, int]:
    with under(system_act()):
        return {
            model.__name__: model._default_manager.count()
            for model in (Estate, Building, Home, Household, Residence, Person, Tie)
        }


def homes(folder: Path, *rows: tuple[str, ...], name: str = "房屋.csv") -> Path:
    return written(folder, HOMES, *rows, name=name)


def row(room: str, *, use: str = "出租", owner: str = "", document: str = "") -> tuple[str, ...]:
    return ("惠山苑", "3幢", "2", room, room[:-2], "88.5", use, owner, document, "", "甲社区")


@pytest.mark.row("R012")
def test_homes_alone_make_homes_and_nobody(town: Town, tmp_path: Path) -> None:
    before = kept()
    rows = (
        row("301"),
        row("302", use="自住", owner="钱房主", document=card(901)),
        row("301"),
        ("", "", "", "401", "4", "", "", "", "", "", "甲社区"),
        (*row("303")[:-1], "没有的社区"),
    )
    batch = imported(town, homes(tmp_path, *rows), "order")
    counts = total(batch)
    assert batch.record_set == "home"
    assert (counts["rows"], counts["homes"], counts["refused"]) == (5, 2, 2), counts
    assert counts["why:home.address:home.nowhere"] == 1
    after = kept()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"Estate": 1, "Building": 1, "Home": 2, "Person": 1, "Tie": 1}, grown
    with under(system_act()):
        home = Home.objects.get(room="301", building__estate__name="惠山苑")
        assert (home.use, home.floor, str(home.size), home.unit_no) == ("let", 3, "88.50", "2")
        assert home.sources["*"] == batch.pk and home.area_id == town.area("甲社区").pk
        assert Tie.objects.get(home__room="302", home__building=home.building_id).kind == "owner"
    again = total(imported(town, homes(tmp_path, *rows), "order"))
    assert kept() == after and again["homes_met"] == 2 and "homes" not in again
    assert not again.get("homes_changed")


def test_buildings_alone(town: Town, tmp_path: Path) -> None:
    heads = ("小区", "楼栋", "总层数", "单元数", "小区类型", "建成年份", "社区")
    file = written(
        tmp_path, heads, ("惠山苑", "5幢", "18", "2", "商品房小区", "2008", "甲社区"), ("惠山苑", "6幢", "", "3", "", "", "甲社区")
    )  # fmt: skip
    counts = total(imported(town, file, "order"))
    assert (counts["estates"], counts["buildings"], counts.get("homes", 0)) == (1, 2, 0), counts
    with under(system_act()):
        five, six = Building.objects.filter(estate__name="惠山苑").order_by("name")
        assert (five.floors, five.units, six.floors, six.units) == (18, 2, None, 3)
        estate = Estate.objects.get(name="惠山苑")
        assert (estate.kind, estate.built) == ("commodity", 2008)


def test_people_behind_doors_stay_people(town: Town, tmp_path: Path) -> None:
    """A list with names is of people, however much it says of the home."""
    heads = (*HOMES, "姓名", "身份证号")
    file = written(tmp_path, heads, (*row("501"), "周小明", card(911)))
    batch = imported(town, file, "order")
    assert batch.record_set == "person" and total(batch)["new"] == 1


def test_a_broken_import_of_homes_goes_on(town: Town, tmp_path: Path) -> None:
    rows = [row(f"{floor}{room:02d}") for floor in range(1, 30) for room in range(1, 5)]
    tried = imports.rehearse(
        system_act(), _begun(town, homes(tmp_path, *rows)), tmp_path / "房屋.csv"
    )
    assert tried["homes"] == len(rows)
    done = imported(town, homes(tmp_path, *rows), "order")
    assert total(done)["homes"] == len(rows)


def _begun(town: Town, file: Path):  # type: ignore[no-untyped-def]
    act = system_act()
    with under(act):
        source = imports.source_of("order")
        plan = imports.propose(source, file)
        return imports.begin(act, source=source, file=file, plan=plan, area=town.area("甲社区").pk)


# ── who holds which post ──────────────────────────────────────────────────────────────────────

POSTS = (
    "居委会名称",
    "姓名",
    "性别",
    "政治面貌",
    "职务",
    "届次",
    "任职日期",
    "身份证号",
    "所属网格",
)
COMMITTEE = "甲社区居民委员会"


def holder(name: str, post: str, document: str = "", *, body: str = COMMITTEE, grid: str = "") -> tuple[str, ...]:  # fmt: skip
    return (body, name, "女", "群众", post, "7", "2026-01-05", document, grid)


def held() -> dict[tuple[str, str], Holding]:
    with under(system_act()):
        rows = Holding.objects.filter(sources__has_key="*").select_related("organisation", "area")
        return {(each.name, each.post): each for each in rows}


@pytest.mark.row("R005")
def test_a_roster_names_people_of_the_registry(town: Town, tmp_path: Path) -> None:
    people = families.settle()
    wang, zhang = people["wang"], people["zhang"]
    rows = (
        holder(wang.name, "委员", wang.document.open()),
        holder("赵外来", "副主任", card(921)),
        holder(zhang.name, "委员", wang.document.open()),
        holder("孙网格", "专职网格员", grid="甲社区第二网格"),
        holder("钱书记", "副书记", body=""),
        holder("李某", "主任"),
        holder("周某", "太平绅士"),
        holder("吴某", "委员", body="没有的居委会"),
        holder("郑兼职", "委员兼网格长"),
    )
    batch = imported(town, written(tmp_path, POSTS, *rows), "civil")
    counts = total(batch)
    assert batch.record_set == "holding"
    found = held()
    assert found[wang.name, "member"].person_id == wang.pk
    assert found[wang.name, "member"].sex == "2" and found[wang.name, "member"].term == 7
    assert found["赵外来", "deputy_director"].person_id is None
    assert counts["why:holding.document:holding.unknown"] == 1
    assert (zhang.name, "member") not in found and counts["why:holding.document:holding.named"] == 1
    assert found["孙网格", "grid_worker"].area.name == "甲社区第二网格"
    assert found["钱书记", "deputy_secretary"].organisation.name == "甲社区党总支"
    assert ("李某", "director") not in found and counts["why:holding.post:holding.held"] == 1
    assert (
        counts["why:holding.post:code"] == 1
        and counts["why:holding.organisation:holding.body"] == 1
    )
    assert {post for name, post in found if name == "郑兼职"} == {"member", "grid_head"}
    assert (counts["holdings"], counts["refused"]) == (6, 4), counts
    again = total(imported(town, written(tmp_path, POSTS, *rows), "civil"))
    assert "holdings" not in again and again["holdings_met"] == 6 and len(held()) == 6


def test_what_is_held_is_filled_and_never_overwritten(town: Town, tmp_path: Path) -> None:
    families.settle()
    first = written(
        tmp_path, ("居委会名称", "姓名", "职务", "届次"), (COMMITTEE, "赵委员", "委员", "7")
    )
    imported(town, first, "civil")
    later = (COMMITTEE, "赵委员", "女", "中共党员", "委员", "8", "2026-01-05", "", "")
    counts = total(imported(town, written(tmp_path, POSTS, later, name="二.csv"), "civil"))
    one = held()["赵委员", "member"]
    assert (one.term, one.sex, one.political, one.since) == (7, "2", "01", date(2026, 1, 5))
    assert counts["why:holding.term:holding.differs"] == 1 and counts["holdings_changed"] == 1
    gone = ("居委会名称", "姓名", "职务", "届次", "离任日期")
    imported(town, written(tmp_path, gone, (COMMITTEE, "赵委员", "委员", "7", "2026-04-01"), name="三.csv"), "civil")  # fmt: skip
    assert held()["赵委员", "member"].until == date(2026, 4, 1)


def test_without_a_number_only_name_and_birth_together_mean_somebody(
    town: Town, tmp_path: Path
) -> None:
    people = families.settle()
    wang = people["wang"]
    heads = ("居委会名称", "姓名", "出生日期", "职务", "届次")
    rows = (
        (COMMITTEE, wang.name, str(wang.born), "委员", "7"),
        (COMMITTEE, people["zhang"].name, "1950-01-01", "委员", "7"),
    )
    imported(town, written(tmp_path, heads, *rows), "civil")
    found = held()
    assert found[wang.name, "member"].person_id == wang.pk
    assert found[people["zhang"].name, "member"].person_id is None


def test_employment_lists_are_no_rosters(town: Town, tmp_path: Path) -> None:
    heads = ("姓名", "身份证号", "单位名称", "岗位", "所属社区")
    file = written(tmp_path, heads, ("周小明", card(931), "某某公司", "电工", "甲社区"))
    assert imported(town, file, "hr").record_set == "person"


def test_at_the_desk_it_is_said_what_the_rows_are(
    town: Town, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    families.settle()
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    for job in (jobs.import_rows, jobs.import_trial):
        monkeypatch.setattr(job, "defer", lambda **_given: None)
    client = entered(town, "chen")
    file = written(tmp_path, POSTS, holder("赵委员", "委员"))
    with file.open("rb") as stream:
        given = {"source": "civil", "area": town.area("甲社区").pk, "as_of": "2026-05-01", "file": stream}  # fmt: skip
        page = client.post("/desk/registry/imports/new/", given)["Location"]
    shown = text_of(client.get(page))
    assert "每行是一个人的任职" in shown and "任职单位" in shown
    client.post(f"{page}columns/", {})
    client.post(f"{page}start/")
    key = int(page.rstrip("/").rsplit("/", 1)[-1])
    assert jobs.imported(town.act("chen", channel="job"), key) == "done"
    assert "新登记的任职" in text_of(client.get(page))
    with under(system_act()):
        body = Organisation.objects.get(name=COMMITTEE)
    assert "赵委员" in text_of(client.get(f"/desk/organisations/{body.pk}/"))


def test_who_says_that_somebody_holds_a_post_stands_on_their_page(
    town: Town, tmp_path: Path
) -> None:
    people = families.settle()
    wang = people["wang"]
    imported(
        town, written(tmp_path, POSTS, holder(wang.name, "委员", wang.document.open())), "civil"
    )
    around = text_of(entered(town, "chen").get(page_of(wang, "around/")))
    assert COMMITTEE in around and "民政" in around
    assert number(date(1990, 1, 1), 1) not in around
