"""What is asked of posts, stations, kinds and grids: kept, judged, counted, found by the public."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.registry import services
from linli.capabilities.registry.models import (
    Assessment,
    Building,
    Estate,
    Facility,
    Holding,
    Organisation,
    Station,
)
from linli.capabilities.registry.selectors import directory, figures, kinds, organisations
from linli.capabilities.registry.selectors.organisations import Filters
from linli.kernel.acts import Denied, Refusal, system_act, under
from linli.kernel.places import moving, orders
from linli.kernel.places import selectors as tree
from tests.families import settle
from tests.town import Town

GRID = "/desk/elements/329901001001001/"


@pytest.fixture(autouse=True)
def _settled(town: Town) -> None:
    tree.forget()
    settle()


def desk(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def done(client: Client, path: str, **sent: object) -> str:
    answer = client.post(path, sent)
    assert answer.status_code == 303, (path, answer.content.decode()[-900:])
    return str(answer["Location"])


def named(name: str) -> Organisation:
    with under(system_act()):
        return Organisation.objects.get(name=name, until__isnull=True)


def add(client: Client, town: Town, kind: str, name: str, area: str = "甲社区") -> str:
    return done(client, "/desk/organisations/new/", kind=kind, name=name, area=town.area(area).pk)


@pytest.mark.row("R025", "R028")
def test_a_first_secretary_has_duties_a_term_and_who_sent_them(town: Town) -> None:
    client = desk(town, "chen")
    party = named("甲社区党总支")
    sender = named("安居物业服务有限公司")
    home = f"/desk/organisations/{party.pk}/"
    at = done(
        client, f"{home}hold/", post="first_secretary", name="赵第一", delegate_of=sender.pk,
        since="2026-01-01", until="2028-01-01",
    )  # fmt: skip
    assert at.endswith("/amend/")
    assert "职责" in text(client, at)
    done(client, at, duties="抓党建、联系三个网格")
    page = text(client, home)
    assert "抓党建、联系三个网格" in page and "由安居物业服务有限公司派出" in page
    assert "2028" in page
    member = done(client, f"{home}hold/", post="part_time_member", name="钱兼职")
    done(client, member, commitments="每月一次法律咨询")
    assert "每月一次法律咨询" in text(client, home)


@pytest.mark.row("R021")
def test_secretaries_are_judged_from_above_and_the_share_is_counted(town: Town) -> None:
    party = named("甲社区党总支")
    with under(system_act()):
        held = Holding.objects.get(organisation=party, post="secretary")
    at = f"/desk/organisations/{party.pk}/posts/{held.pk}/assess/"
    assert desk(town, "chen").get(at).status_code == 403, "a community does not judge its own"
    street = desk(town, "wu")
    assert "政治素质强" in text(street, at)
    every = ["politics", "drive", "development", "governance", "conduct"]
    done(street, at, year="2026", met=every[:4])
    part = {"part": "party"}
    assert "0 / 1" in text(street, "/desk/organisations/figures/", **part)
    done(street, at, year="2026", met=every)
    with under(system_act()):
        assert Assessment.objects.filter(holding=held, year=2026).count() == 1
    shown = text(street, "/desk/organisations/figures/", **part)
    assert "1 / 1" in shown and "目标 80%" in shown
    wrong = street.post(at, {"year": "2031", "met": every})
    assert wrong.status_code == 422 and "年度不对" in wrong.content.decode()
    assert "达标" in text(street, f"/desk/organisations/{party.pk}/")


@pytest.mark.row("R126")
def test_five_unifications_are_checked_grid_by_grid(town: Town) -> None:
    client = desk(town, "chen")
    assert "还没有检查" in text(client, GRID)
    done(client, f"{GRID}check/", year="2026", met=["resources", "staff"])
    assert "资源统一整合" in text(client, GRID)
    with under(town.act("chen")):
        (judged,) = [
            figures.judgement(town.act("chen"), town.area("甲社区"), each, timezone.localdate())
            for each in kinds.section().checklists
            if each.code == "five_unified"
        ]
    assert (judged.met, judged.judged, judged.whole) == (0, 1, 2)
    assert desk(town, "sun").get(f"{GRID}check/").status_code == 403


@pytest.mark.row("R016")
def test_a_stationed_unit_promises_and_is_evaluated(town: Town) -> None:
    client = desk(town, "chen")
    home = add(client, town, "school", "甲实验小学")
    grid = town.area("甲社区第一网格").pk
    at = done(client, f"{home}station/", kind="resident", area=grid)
    done(client, at, commitments="周末开放操场", shared="操场、阅览室")
    assert "周末开放操场" in text(client, home)
    with under(system_act()):
        stands = Station.objects.get(organisation__name="甲实验小学")
    done(client, f"{home}stations/{stands.pk}/assess/", year="2026", met=["promised", "contact"])
    assert "2 / 4 项" in text(client, home)
    assert "甲实验小学" in text(client, f"{GRID}stations/")


@pytest.mark.row("R032", "R033")
def test_the_reserve_list_by_age_and_education(town: Town) -> None:
    client = desk(town, "chen")
    home = f"/desk/organisations/{named('甲社区居民委员会').pk}/"
    for name, born, education in (("周后备", "1998", "21"), ("吴后备", "1975", "31")):
        at = done(client, f"{home}hold/", post="reserve", name=name)
        done(client, at, born=born, education=education, training="街道轮训")
    at = "/desk/organisations/reserve/"
    page = text(client, at)
    assert "周后备" in page and "吴后备" in page and "街道轮训" in page
    young = text(client, at, oldest="35")
    assert "周后备" in young and "吴后备" not in young
    assert "吴后备" not in text(client, at, education="20")
    assert "3 / 1" not in text(client, "/desk/organisations/figures/"), "a reserve is no member"
    wrong = client.post(done(client, f"{home}hold/", post="reserve", name="郑后备"), {"born": "12"})
    assert wrong.status_code == 422


@pytest.mark.row("R218", "R219")
def test_bases_take_in_and_federations_are_joined(town: Town) -> None:
    street, client = desk(town, "wu"), desk(town, "chen")
    base = add(street, town, "incubator", "东街道公益园", "东街道")
    done(street, f"{base}describe/", seats="2", services="场地和督导", public="on")
    union = add(street, town, "federation", "东街道联合会", "东街道")
    team = done(
        client, "/desk/organisations/file/", area=town.area("甲社区").pk, name="楼道歌咏队",
        head_name="周阿姨", labels=["culture_sport"],
    )  # fmt: skip
    pk = int(team.strip("/").split("/")[-1])
    for kind, host in (("incubated", base), ("joined", union)):
        key = host.strip("/").split("/")[-1]
        done(street, f"/desk/organisations/{pk}/station/", kind=kind, host=key)
    page = text(street, base)
    assert "楼道歌咏队" in page and "可入驻 2 个" in page and "场地和督导" in page
    assert "楼道歌咏队" in text(street, union)
    missing = street.post(f"/desk/organisations/{pk}/station/", {"kind": "incubated"})
    assert missing.status_code == 422 and "进驻或加入" in missing.content.decode()
    assert "文体活动类" in text(client, team)
    shown = text(street, "/desk/organisations/figures/", part="social")
    assert "有社区社会组织联合会的街道" in shown


@pytest.mark.row("R020", "R030")
def test_courtyards_and_villages_have_bodies_of_their_own(town: Town) -> None:
    client = desk(town, "chen")
    grid = town.area("甲社区第一网格").pk
    yard = done(client, "/desk/estates/new/", name="石板院", kind="courtyard", area=grid)
    listed = text(client, "/desk/estates/", below="yes")
    assert "石板院" in listed and "没有" in listed and "春江花园" not in listed
    group = add(client, town, "courtyard_group", "石板院自治小组")
    key = group.strip("/").split("/")[-1]
    done(client, f"{yard}body/", organisation=key, kind="governs")
    assert "石板院自治小组" in text(client, "/desk/estates/", below="yes")
    assert "石板院自治小组" in text(client, yard)
    cell = add(client, town, "party_group", "1幢党小组")
    with under(system_act()):
        building = Building.objects.get(name="1幢")
        estate = Estate.objects.get(name="石板院")
    key = cell.strip("/").split("/")[-1]
    done(client, f"/desk/buildings/{building.pk}/body/", organisation=key, kind="attached")
    assert "1幢党小组" in text(client, f"/desk/buildings/{building.pk}/")
    act = town.act("chen")
    with under(act):
        area, day = town.area("甲社区"), timezone.localdate(act.at)
        assert figures.governed(act, area, day).share == 100.0
        assert figures.branches_on_buildings(act, area, day).covered == 1
    with under(town.act("wu")):
        services.moving.move_estates(town.act("wu"), [estate.pk], to=town.area("乙社区").pk)
    with under(system_act()):
        assert Station.objects.get(estate=estate).area_id == town.area("乙社区").pk


@pytest.mark.row("R031", "R215", "R217")
def test_coverage_and_yearly_checks_have_their_lists(town: Town) -> None:
    client = desk(town, "chen")
    company = named("安居物业服务有限公司")
    assert company.name in text(client, "/desk/organisations/", party="no")
    party = named("甲社区党总支")
    done(client, f"/desk/organisations/{company.pk}/cover/", by=party.pk)
    assert company.name not in text(client, "/desk/organisations/", party="no")
    assert company.name in text(client, "/desk/organisations/", party="yes")
    team = done(
        client, "/desk/organisations/file/", area=town.area("甲社区").pk, name="舞蹈队",
        head_name="周阿姨",
    )  # fmt: skip
    done(client, f"{team}check/", year="2026", passed="no")
    assert "舞蹈队" in text(client, "/desk/organisations/", state="abnormal")
    done(client, f"{team}check/", year="2026", passed="yes")
    assert "舞蹈队" not in text(client, "/desk/organisations/", state="abnormal")
    with under(system_act()):
        services.organisations.end_organisation(system_act(), party)
        assert "party" not in Organisation.objects.get(pk=company.pk).more


def test_facilities_follow_the_catalogue(town: Town) -> None:
    worker, grid = desk(town, "sun"), town.area("甲社区第一网格").pk
    sent = {"name": "东门路灯", "area": grid, "lon": "120.34", "lat": "31.59", "state": "good"}
    wrong = worker.post("/desk/facilities/new/", {**sent, "code": "99999"})
    assert wrong.status_code == 422
    done(worker, "/desk/facilities/new/", code="01002", **sent)
    with under(system_act()):
        lamp = Facility.objects.get(name="东门路灯")
    assert "东门路灯" in text(worker, "/desk/facilities/", code="01")
    assert "东门路灯" not in text(worker, "/desk/facilities/", code="02")
    points = worker.get("/desk/facilities/points.json").json()["features"]
    assert [each["properties"]["title"] for each in points] == ["东门路灯"]
    at = f"/desk/facilities/{lamp.pk}/"
    done(worker, at, **{**sent, "code": "01003", "state": "damaged"})
    assert "损坏" in text(worker, "/desk/facilities/")
    assert worker.post(f"{at}end/", {}).status_code == 403
    done(desk(town, "chen"), f"{at}end/", on="")
    assert "东门路灯" not in text(worker, "/desk/facilities/")
    with under(system_act()), pytest.raises(Refusal, match="目录里没有"):
        services.places.add_facility(system_act(), area=grid, code="nothing", name="x")


@pytest.mark.row("R125")
def test_grids_are_proposed_and_accepted(town: Town) -> None:
    street = desk(town, "wu")
    at = "/desk/coverage/329901001002/divide/"
    assert "梅园新村" in text(street, at)
    with under(system_act()):
        block = Building.objects.get(name="3幢")
    made = street.post(at, {"source": "社区会议纪要", f"b{block.pk}": "1"})
    assert made.status_code == 303, made.content.decode()[-700:]
    tree.forget()
    with under(system_act()):
        assert Building.objects.get(pk=block.pk).area.name == "乙社区第一网格"
    assert "已有综合网格" in text(street, at)
    done(street, "/desk/coverage/329901001002/dedicated/", name="乙市场专属网格")
    tree.forget()
    assert "乙市场专属网格" in text(street, "/desk/coverage/329901001002/")


@pytest.mark.row("R007")
def test_a_change_of_communities_is_weighed_before_it_is_approved(town: Town) -> None:
    street = desk(town, "wu")
    assert desk(town, "chen").get("/desk/plan/").status_code == 403
    page = text(street, "/desk/plan/")
    assert "甲社区" in page and "1000–3000" in page and "待核对" in page
    first, yi = town.area("甲社区第一网格"), town.area("乙社区")
    moved = text(street, "/desk/plan/", **{f"g{first.pk}": str(yi.pk)})
    assert "2 → <b>1</b>" in moved and "1 → <b>2</b>" in moved
    orders = street.get("/desk/plan/", {f"g{first.pk}": str(yi.pk), "as": "yaml"}).content.decode()
    assert first.code in orders and yi.code in orders
    with under(system_act()):
        estate = Estate.objects.get(name="春江花园", area=first)
    sent = {"street": town.area("东街道").pk, f"e{estate.pk}": yi.pk}
    assert street.post("/desk/plan/", sent).status_code == 303
    with under(system_act()):
        assert Estate.objects.get(pk=estate.pk).area_id == yi.pk


@pytest.mark.row("R007")
def test_a_rezoning_says_what_becomes_of_each_community(town: Town) -> None:
    act = system_act()
    given = {
        "on": "2026-06-01",
        "source": "甲区民政局批复9号",
        "changes": [{"merge": ["329901001002"], "into": "329901001001"}],
    }
    with under(act):
        told = moving.preview(act, orders.parse(given)).told
    posts, whole, ended = told
    assert posts.startswith("甲社区：") and "仍任原职" in posts
    assert whole.startswith("甲社区：户 2 → 3") and "标准 1000–3000 户，偏小" in whole
    assert ended.startswith("乙社区：户 1 → 0") and "标准" not in ended, "it ends"


@pytest.mark.row("R001", "R214")
def test_guests_find_a_community_and_whom_to_call(town: Town) -> None:
    with under(system_act()):
        committee = Organisation.objects.get(name="甲社区居民委员会")
        committee.head_name, committee.phone = "何主任", "13900001111"
        committee.public_phone = "0510-82000001"
        committee.save()
    guest = Client()
    assert "东街道" in text(guest, "/directory/") or "甲区" in text(guest, "/directory/")
    found = text(guest, "/directory/", q="甲社区")
    assert "甲社区居民委员会" in found and "何主任" not in found
    page = text(guest, "/directory/329901001001/")
    assert "0510-82000001" in page
    assert "何主任" not in page and "13900001111" not in page
    assert "甲社区党总支" not in page, "only what is open to residents"
    chen = desk(town, "chen")
    done(chen, f"/desk/organisations/{committee.pk}/describe/", public="")
    assert "甲社区居民委员会" not in text(guest, "/directory/329901001001/")
    assert guest.get("/directory/329901001001001/").status_code == 404
    assert directory.entries(None, "甲") == [], "one character asks for nothing"


def test_the_directory_shows_what_the_wall_shows(town: Town) -> None:
    with under(system_act()):
        Organisation.objects.create(area=town.area("乙社区"), kind="company", name="乙安居公司")
    for who, seen in (
        ("chen", False),
        ("zhou", True),
        ("wu", True),
        ("feng", True),
        ("sun", False),
    ):
        act = town.act(who)
        with under(act):
            known = set(Organisation.objects.filter(name__contains="安居", until=None))
            rows = organisations.directory(act, Filters(q="安居")).rows
        assert {line.organisation for line in rows} == known
        assert any(line.organisation.name == "乙安居公司" for line in rows) == seen
    guest = town.act("wang")
    with under(guest):
        assert organisations.directory(guest, Filters(q="安居")).rows == []


def test_who_does_what_the_rows_ask(town: Town) -> None:
    """A street files, ends and judges; a grid worker registers what stands there, and no more."""
    street, worker = town.act("wu"), town.act("sun")
    for verb in ("registry.organisation.check", "registry.places.move_estate", "registry.assess"):
        assert street.may(verb), verb
        assert not worker.may(verb), verb
    assert worker.may("registry.places.add_facility")
    assert not worker.may("registry.places.end_building")
    with under(worker), pytest.raises(Denied):
        services.places.add_estate(worker, area=town.area("甲社区第一网格").pk, name="x")


@pytest.mark.row("R024", "R218", "R219", "R222")
def test_what_a_street_has_is_not_counted_in_a_community_but_told_in_words(town: Town) -> None:
    for part in ("party", "social"):
        below = text(desk(town, "chen"), "/desk/organisations/figures/", part=part)
        assert "这几类组织由街道（镇）设立" in below and "的街道</h2>" not in below
        assert f"area={town.area('甲社区').pk}" in below, (
            "what lies in the community is one step away"
        )
        assert ">—<" not in below, "a share of nothing is told in words"
        above = text(desk(town, "wu"), "/desk/organisations/figures/", part=part)
        assert "这几类组织由街道（镇）设立" not in above and "的街道" in above
