"""The desk's pages of organisations, places, grids' coverage, the dictionary and figures from outside."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from linli.capabilities.registry.models import (
    Building,
    Estate,
    Holding,
    Home,
    Organisation,
    Residence,
    Station,
    Statistic,
)
from linli.kernel.acts import system_act, under
from linli.kernel.places.models import Area
from tests.asked import asked
from tests.families import settle
from tests.town import Town


def desk(town: Town, who: str = "chen") -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code, answer.content.decode()[-800:])
    return answer.content.decode()


@pytest.mark.row("R011")
def test_the_dictionary_is_browsed_and_asked_by_heading(town: Town) -> None:
    client = desk(town)
    page = text(client, "/desk/dictionary/")
    assert "公民身份号码" in page or "证件号码" in page
    assert "person.document" in text(client, "/desk/dictionary/", q="公民身份号码")
    assert "字典里没有" in text(client, "/desk/dictionary/", q="阿巴阿巴")
    assert "别的叫法" in text(client, "/desk/dictionary/person.phone/")
    assert "GB/T" in text(client, "/desk/dictionary/tables/")
    assert "男" in text(client, "/desk/dictionary/tables/sex/")
    assert client.get("/desk/dictionary/person.nothing/").status_code == 404
    assert client.get("/desk/dictionary/tables/nothing/").status_code == 404


def test_a_figure_is_registered_with_its_source(town: Town) -> None:
    client = desk(town, "feng")
    assert "还没有统计数据" in text(client, "/desk/statistics/")
    page = text(client, "/desk/statistics/new/")
    code = page.split('name="code"')[1].split('value="')[1].split('"')[0]
    given = {
        "area": "329900000000",
        "code": code,
        "period": "2025",
        "value": "7490000",
        "unit": "人",
        "as_of": "2025-12-31",
        "document": "试验市统计公报",
        "clause": "一",
    }
    wrong = client.post("/desk/statistics/new/", {**given, "area": "1"})
    assert wrong.status_code == 422 and "没有代码为 1 的区域" in wrong.content.decode()
    assert "试验市统计公报" in wrong.content.decode(), "what was typed stays"
    assert client.post("/desk/statistics/new/", given).status_code == 303
    page = text(client, "/desk/statistics/")
    assert "7,490,000" in page and "试验市统计公报" in page
    with under(system_act()):
        assert Statistic.objects.count() == 1
    assert "7,490,000" in text(desk(town), "/desk/statistics/"), "figures above are seen below"


@pytest.mark.row("R001")
def test_an_organisation_lives_its_life_at_the_desk(town: Town) -> None:
    settle()
    client, area = desk(town), town.area("甲社区").pk
    page = text(client, "/desk/organisations/")
    assert "甲社区居民委员会" in page and "甲社区党总支" in page
    assert "甲社区党总支" not in text(client, "/desk/organisations/", family="self_governing")
    assert "没有符合条件" in text(client, "/desk/organisations/", q="没有这个")
    wrong = client.post(
        "/desk/organisations/new/",
        {"kind": "property_company", "name": "新物业", "area": area, "uscc": "123"},
    )
    assert wrong.status_code == 422 and "新物业" in wrong.content.decode()
    made = client.post(
        "/desk/organisations/new/", {"kind": "property_company", "name": "新物业", "area": area}
    )
    assert made.status_code == 303, made.content.decode()[-600:]
    at = made["Location"]
    kind = text(client, f"{at}station/").split('name="kind"')[1].split('value="')[1].split('"')[0]
    grid = town.area("甲社区第二网格").pk
    assert client.post(f"{at}station/", {"kind": kind, "area": grid}).status_code == 303
    with under(system_act()):
        stands = Station.objects.get(organisation__name="新物业")
    assert client.post(f"{at}stations/{stands.pk}/end/", {}).status_code == 303
    assert client.post(f"{at}change/", {"head_name": "孙经理"}).status_code == 303
    assert "孙经理" in text(client, at)
    assert client.post(f"{at}rename/", {"name": "新物业服务公司"}).status_code == 303
    assert "更名" in text(client, at)
    assert "现在叫" in text(client, "/desk/organisations/", q="新物业")
    assert client.post(f"{at}end/", {}).status_code == 303
    assert "已终止" in text(client, at)
    assert client.get(f"{at}nothing/").status_code == 404


@pytest.mark.row("R005")
def test_who_holds_a_post_is_said_at_the_desk_and_stays_readable(town: Town) -> None:
    settle()
    client = desk(town)
    with under(system_act()):
        committee = Organisation.objects.get(name="甲社区居民委员会")
    home = f"/desk/organisations/{committee.pk}/"
    page = text(client, home)
    assert "何主任" in page and "登记任职" in page
    posts = text(client, f"{home}hold/")
    post = posts.split('name="post"')[1].split('value="')[2].split('"')[0]
    sent = {"post": post, "name": "赵委员", "term": "7", "since": "2026-01-01", "sex": "2"}
    assert client.post(f"{home}hold/", sent).status_code == 303
    page = text(client, home)
    assert "赵委员" in page and "第 7 届" in page
    with under(system_act()):
        held = Holding.objects.get(name="赵委员")
    assert client.post(f"{home}posts/{held.pk}/end/", {"on": ""}).status_code == 303
    assert "以前的" in text(client, home)


@pytest.mark.row("R215")
def test_a_social_organisation_is_filed_with_few_fields(town: Town) -> None:
    client, area = desk(town), town.area("甲社区").pk
    sent = {"area": area, "name": "楼道歌咏队", "head_name": "周阿姨"}
    made = client.post("/desk/organisations/file/", sent)
    assert made.status_code == 303 and "已备案" in text(client, made["Location"])
    again = client.post("/desk/organisations/file/", sent)
    assert again.status_code == 422 and "同名" in again.content.decode()


@pytest.mark.row("R008")
def test_totals_of_organisations(town: Town) -> None:
    settle()
    client = desk(town, "feng")
    page = text(client, "/desk/organisations/figures/")
    assert "城市社区" in page and "平均每个社区户数" in page
    assert "基层党建工作指导站" in text(client, "/desk/organisations/figures/", part="party")
    assert "按重点类别" in text(client, "/desk/organisations/figures/", part="social")


@pytest.mark.row("R017")
def test_estates_buildings_and_homes(town: Town) -> None:
    people, client, grid = settle(), desk(town), town.area("甲社区第一网格").pk
    page = text(client, "/desk/estates/", three_without="yes")
    assert "春江花园" in page and "三无" in page and "梅园新村" not in page
    made = client.post(
        "/desk/estates/new/", {"name": "新苑", "kind": "commodity", "area": grid, "built": "1998"}
    )
    assert made.status_code == 303, made.content.decode()[-600:]
    at = made["Location"]
    assert "新苑" in text(client, "/desk/estates/", old="yes")
    built = client.post(f"{at}building/", {"name": "1幢", "address": "新苑1幢", "floors": "6"})
    assert built.status_code == 303, built.content.decode()[-900:]
    block = built["Location"]
    assert "还没有登记房屋" in text(client, block)
    home = {"unit_no": "1", "room": "101", "use": "own"}
    assert client.post(f"{block}home/", home).status_code == 303
    twice = client.post(f"{block}home/", home)
    assert twice.status_code == 422 and "已经登记" in twice.content.decode()
    with under(system_act()):
        pk = Home.objects.get(building__name="1幢", building__estate__name="新苑").pk
        old = Building.objects.get(address__contains="春江花园1幢").pk
    assert client.post(f"/desk/homes/{pk}/", {**home, "use": "let"}).status_code == 303
    assert "出租" in text(client, block)
    assert client.post(f"{at}change/", {"name": "新苑小区", "kind": "old"}).status_code == 303
    with under(system_act()):
        assert Estate.objects.get(name="新苑小区").kind == "old"
    moved = f"/desk/buildings/{old}/move/"
    to = town.area("甲社区第二网格").pk
    seen = client.post(moved, {"to": to}).content.decode()
    assert "会一起移动" in seen and "居住登记" in seen
    with under(system_act()):
        assert Building.objects.get(pk=old).area_id == grid, "shown first, nothing moved"
    assert client.post(moved, {"to": to, "sure": "yes"}).status_code == 303
    with under(system_act()):
        stay = Residence.objects.filter(person=people["wang"], until__isnull=True).first()
        assert Building.objects.get(pk=old).area_id == to and stay and stay.area_id == to


@pytest.mark.row("R123")
def test_coverage_and_drawing_a_grid(town: Town) -> None:
    settle()
    client = desk(town)
    listed = client.get("/desk/coverage/", follow=True)
    assert "甲社区的网格覆盖" in listed.content.decode()
    at = "/desk/coverage/329901001001/"
    assert client.get("/desk/coverage/329901001002/").status_code == 404
    found = json.loads(client.get(f"{at}grids.json").content)
    assert len(found["features"]) == 3
    first = town.area("甲社区第一网格")
    sent = {"grid": str(first.pk), "source": "社区会议纪要"}
    wrong = client.post(f"{at}draw/", {**sent, "outline": "不是"})
    assert wrong.status_code == 422 and "不是 GeoJSON" in wrong.content.decode()
    assert "社区会议纪要" in wrong.content.decode()
    with under(system_act()):
        outline = Area.objects.get(pk=first.pk).boundary
    pasted = json.dumps({"type": "Feature", "properties": {}, "geometry": outline})
    seen = client.post(f"{at}draw/", {**sent, "outline": pasted})
    assert "这样画的结果" in seen.content.decode(), seen.content.decode()[-900:]
    whole = json.dumps({"type": "Feature", "geometry": town.area("甲社区").boundary})
    over = client.post(f"{at}draw/", {**sent, "outline": whole, "sure": "yes"})
    assert over.status_code == 422 and "重叠" in over.content.decode()
    kept = client.post(f"{at}draw/", {**sent, "outline": pasted, "sure": "yes"})
    assert kept.status_code == 303, kept.content.decode()[-900:]


@pytest.mark.row("R127")
def test_everything_of_a_grid_in_numbers(town: Town) -> None:
    settle()
    page = text(desk(town), f"/desk/elements/{town.area('甲社区第一网格').code}/")
    assert "住着的人" in page and "设施" in page


def test_pages_ask_little(town: Town) -> None:
    settle()
    client = desk(town)
    with under(system_act()):
        one = Organisation.objects.get(name="甲社区居民委员会").pk
        estate, block = Estate.objects.first(), Building.objects.first()
    assert estate and block
    for path, most in (
        ("/desk/organisations/", 8),
        (f"/desk/organisations/{one}/", 8),
        ("/desk/estates/", 8),
        (f"/desk/estates/{estate.pk}/", 8),
        (f"/desk/buildings/{block.pk}/", 8),
        ("/desk/dictionary/", 5),
        ("/desk/statistics/", 7),
        ("/desk/coverage/329901001001/", 8),
        ("/desk/coverage/329901001001/divide/", 6),
        ("/desk/elements/329901001001001/", 6),
        ("/desk/elements/329901001001001/homes/", 6),
        ("/desk/elements/329901001001001/buildings/", 6),
        ("/desk/elements/329901001001001/stations/", 6),
        ("/desk/facilities/", 6),
        ("/desk/organisations/reserve/", 6),
        ("/desk/organisations/figures/", 8),
        ("/desk/organisations/figures/?part=party", 12),  # two for each checklist of the pack
        ("/desk/organisations/figures/?part=social", 8),
        ("/desk/organisations/figures/?part=grids", 8),
    ):
        client.get(path)
        with asked() as said:
            client.get(path)
        assert len(said) <= most, "\n".join([path, *said])


def test_who_may_not_write_sees_no_buttons(town: Town) -> None:
    settle()
    worker = desk(town, "sun")
    page = text(worker, "/desk/organisations/")
    assert "登记组织" not in page
    assert worker.get("/desk/organisations/new/").status_code == 403
    assert worker.get("/desk/estates/new/").status_code == 403


def test_one_home_is_moved_at_the_desk_and_put_back(town: Town) -> None:
    settle()
    client = desk(town)
    with under(system_act()):
        home = Home.objects.select_related("building").get(room="101")
        other = Building.objects.get(name="5幢")
        Building.objects.filter(pk=other.pk).update(address_key="春江花园5幢")
        was = home.building_id
    at = f"/desk/homes/{home.pk}/move/"
    assert f'href="{at}"' in text(client, f"/desk/buildings/{was}/")
    assert "现在在" in text(client, at) and "搬动记录" not in text(client, at)
    given = {"building": "春江花园5幢", "building_pick": str(other.pk), "area": "", "unit_no": "1"}
    given |= {"room": "101", "reason": "门牌登错了楼"}
    unsaid = client.post(at, {**given, "reason": ""})
    assert unsaid.status_code == 422
    first = client.post(at, given)
    assert first.status_code == 200 and "会一起移动" in first.content.decode()
    with under(system_act()):
        assert Home.objects.get(pk=home.pk).building_id == was, "shown first"
    done = client.post(at, {**given, "sure": "yes"})
    assert done.status_code == 303 and done["Location"] == f"/desk/buildings/{other.pk}/"
    told = text(client, at)
    assert "门牌登错了楼" in told and "移回原处" in told
    back = told.split(f"/desk/homes/{home.pk}/back/?row=")[1].split('"')[0]
    again = client.post(f"/desk/homes/{home.pk}/back/?row={back}", {"reason": "没有登错"})
    assert again.status_code == 303, again.content.decode()[-900:]
    with under(system_act()):
        assert Home.objects.get(pk=home.pk).building_id == was
    assert "没有登错" in text(client, at)
    assert client.get(f"/desk/homes/{home.pk}/back/?row=0").status_code == 404
