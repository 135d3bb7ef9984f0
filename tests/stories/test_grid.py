"""The grid as the desk sees it: who stands on it, what it covers, and one list for its worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors import field, grids, names
from linli.kernel.access.models import Appointment
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from tests.asked import asked
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")
ONE, TWO = "甲社区第一网格", "甲社区第二网格"


@pytest.fixture(autouse=True)
def _tree_as_it_is() -> Iterator[None]:
    """Areas are kept in memory: what one story draws is forgotten with it."""
    places.forget()
    yield
    places.forget()


def entered(town: Town, who: str) -> Client:
    """A browser in which somebody of the cast has signed in."""
    client = Client()
    session, act = client.session, town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


def told(town: Town, title: str, code: str = "0901", grid: str = ONE, days: float = 0.04) -> Matter:
    """王小梅 reports something in a grid, so many days ago."""
    act = town.act("wang", timezone.now() - timedelta(days=days))
    intake = services.Intake(
        code=code, title=title, area=town.area(grid).pk, reporter=act.actor, lon=120.338, lat=31.595
    )
    return services.report(act, intake=intake)


def appoint(town: Town, who: str, grid: str, post: str, *, full_time: bool = True) -> None:
    Appointment.objects.create(
        account=town.account(who),
        unit=town.unit("jia"),
        area=town.area(grid),
        post=post,
        since=date(2021, 3, 1),
        full_time=full_time,
    )


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def bounded(town: Town, one: dict[str, object], two: dict[str, object]) -> None:
    """Draw the two grids of 甲社区, which lies in 120.325–120.375 and 31.57–31.62."""
    for name, outline in ((ONE, one), (TWO, two)):
        grid = town.area(name)
        grid.boundary = outline
        grid.save()
    places.forget()


def checked(town: Town) -> str:
    return entered(town, "chen").get("/desk/grids/?check=329901001001").content.decode()


@pytest.mark.row("R123")
def test_grids_that_meet_cover_the_community(town: Town) -> None:
    """By outlines; homes and units are checked one by one once they are registered."""
    bounded(town, square(120.325, 31.57, 120.35, 31.62), square(120.35, 31.57, 120.375, 31.62))
    page = checked(town)
    assert "2 个综合网格覆盖完整，没有空白，也没有重叠" in page
    assert "附近没有网格" not in page


@pytest.mark.row("R123")
def test_gaps_and_overlaps_are_said_in_words(town: Town) -> None:
    bounded(town, square(120.325, 31.57, 120.355, 31.62), square(120.35, 31.57, 120.37, 31.62))
    page = checked(town)
    assert f"{ONE}与{TWO}重叠" in page
    assert "附近没有网格" in page and "覆盖完整" not in page
    assert "（1 处），重叠" in page


@pytest.mark.row("R123")
def test_a_grid_without_an_outline_cannot_pass(town: Town) -> None:
    Area.objects.filter(name=TWO).update(west=None, boundary=None)
    bounded_one = town.area(ONE)
    bounded_one.boundary = square(120.325, 31.57, 120.375, 31.62)
    bounded_one.save()
    places.forget()
    page = checked(town)
    assert f"{TWO}还没有边界" in page and "覆盖完整" not in page
    other = entered(town, "chen").get("/desk/grids/?check=329901001002").content.decode()
    assert "重叠 0" not in other and "乙社区" not in other, "another's community is not checked"
    empty = entered(town, "zhou").get("/desk/grids/?check=329901001002").content.decode()
    assert "还没有划分综合网格" in empty


@pytest.mark.row("R124", "R125")
def test_a_grid_says_its_kind_and_its_basic_unit(town: Town) -> None:
    """Partly R125: the unit follows from the kind; grids built from buildings come with the registry."""
    client = entered(town, "chen")
    one, two = town.area(ONE), town.area(TWO)
    for grid, kind in ((one, "general"), (two, "dedicated")):
        grid.kind = kind
        grid.save()
    places.forget()
    page = client.get(f"/desk/grids/{one.code}/").content.decode()
    assert "综合网格" in page and "居民小区（楼栋）" in page
    assert "楼栋随人房登记建立" in page
    page = client.get(f"/desk/grids/{two.code}/").content.decode()
    assert "专属网格" in page and "机关事业单位、工商企业集聚地" in page
    assert "专属网格" in client.get("/desk/grids/").content.decode()


@pytest.mark.row("R124", "R123")
def test_a_dedicated_grid_lies_on_top_and_is_no_overlap(town: Town) -> None:
    bounded(town, square(120.325, 31.57, 120.35, 31.62), square(120.35, 31.57, 120.375, 31.62))
    home = town.area("甲社区")
    lo, hi = town.area(TWO).hi, 2 * town.area(TWO).hi - town.area(TWO).pk
    Area.objects.create(
        pk=lo,
        hi=hi,
        level=Level.GRID,
        parent=home,
        code="329901001001003",
        name="菜市场专属网格",
        full_name="甲社区菜市场专属网格",
        kind="dedicated",
        boundary=square(120.34, 31.58, 120.36, 31.6),
        west=120.34,
        datum="WGS-84",
    )
    places.forget()
    page = checked(town)
    assert "2 个综合网格覆盖完整" in page and "菜市场专属网格" in page


@pytest.mark.row("R126")
def test_every_body_stands_on_the_same_tree_of_grids(town: Town) -> None:
    """Partly R126: one tree for community, street and city; the checklist of five unifications is not here yet."""
    matter = told(town, "楼道灯坏了")
    code = town.area(ONE).code
    for who in ("chen", "wu", "feng"):
        page = entered(town, who).get(f"/desk/grids/{code}/").content.decode()
        assert matter.title in page, who
    assert entered(town, "zhou").get(f"/desk/grids/{code}/").status_code == 404
    assert entered(town, "wang").get(f"/desk/grids/{code}/").status_code == 403


@pytest.mark.row("R127")
def test_a_grid_shows_its_people_its_matters_and_its_month(town: Town) -> None:
    """Partly R127: staff, matters, services and figures; people, houses and facilities come with the registry."""
    appoint(town, "lin", ONE, "grid_head", full_time=False)
    matter = told(town, "楼道灯坏了")
    late = told(town, "路灯三周没修", days=25)
    told(town, "别处的事", grid=TWO)
    code = town.area(ONE).code
    page = entered(town, "chen").get(f"/desk/grids/{code}/").content.decode()
    assert "林芳" in page and "网格长" in page and "孙强" in page and "甲社区居委会" in page
    assert "2021年3月1日" in page and "东街道甲社区" in page
    assert matter.number in page and late.number in page and "别处的事" not in page
    assert "light-bad" in page
    with under(act := town.act("chen")):
        found = grids.grid_page(act, town.area(ONE))
    assert (found.open, found.late, found.figure.received) == (2, 1, 2)
    outline = entered(town, "chen").get(f"/desk/grids/{code}/outline.json").json()
    assert [f["properties"]["code"] for f in outline["features"]] == [code]


@pytest.mark.row("R127")
def test_figures_of_a_grid_open_their_rows(town: Town) -> None:
    told(town, "楼道灯坏了")
    told(town, "很久以前的事", days=60)
    client, grid = entered(town, "chen"), town.area(ONE)
    with under(act := town.act("chen")):
        query = grids.grid_page(act, grid).figure.query
    rows = client.get(f"/desk/matters/?{query}").content.decode()
    assert "楼道灯坏了" in rows and "很久以前的事" not in rows


@pytest.mark.row("R128")
def test_one_list_holds_whatever_class_and_unit_the_worker_has_to_do(town: Town) -> None:
    """Partly R128: matters of every subject; visits and inspections join with the registry."""
    codes = {
        "0102": "垃圾成堆",
        "0601": "邻里争吵",
        "0702": "飞线充电",
        "0802": "独居老人",
        "1001": "有人搬来",
    }
    for code, title in codes.items():
        told(town, title, code=code)
    told(town, "隔壁网格的事", grid=TWO)
    with under(act := town.act("sun")):
        walk = {stop.row.title for stop in field.walk(act)}
        groups = {names().policy.classes_by_code[s.row.code].group for s in field.walk(act)}
    assert walk == set(codes.values())
    assert groups == {"01", "06", "07", "08", "10"}
    page = entered(town, "sun").get("/field/").content.decode()
    assert all(title in page for title in codes.values()) and "隔壁网格的事" not in page


@pytest.mark.row("R129")
def test_a_grid_needs_a_head_and_a_worker(town: Town) -> None:
    client = entered(town, "he")
    page = client.get("/desk/grids/").content.decode()
    assert page.count("缺网格长") == 2 and "缺网格员<" not in page
    appoint(town, "lin", ONE, "grid_head")
    with under(system_act()):
        Appointment.objects.filter(area=town.area(TWO)).update(
            until=timezone.localdate() - timedelta(days=1)
        )
    vacant = client.get("/desk/grids/?vacant=1").content.decode()
    assert f">{TWO}<" in vacant and f">{ONE}<" not in vacant
    assert vacant.count("缺网格长") == 1 and vacant.count("缺网格员") == 1
    page = client.get(f"/desk/grids/{town.area(TWO).code}/").content.decode()
    assert "还没有网格长" in page and "还没有网格员" in page
    assert "还没有网格" not in client.get(f"/desk/grids/{town.area(ONE).code}/").content.decode()


@pytest.mark.row("R130")
def test_the_share_of_grids_with_a_full_time_worker(town: Town) -> None:
    with under(act := town.act("chen")):
        assert grids.overview(act).full_time_share == 100.0
    with under(system_act()):
        Appointment.objects.filter(area=town.area(TWO)).update(full_time=False)
    appoint(town, "lin", TWO, "grid_head", full_time=True)
    with under(act := town.act("chen")):
        found = grids.overview(act)
    assert found.full_time_share == 50.0, "a full-time head is no full-time worker"
    page = entered(town, "chen").get("/desk/grids/").content.decode()
    assert "1 / 2 个网格" in page and "兼职" in page and "专职" in page


@pytest.mark.row("R131")
def test_the_eight_duties_count_the_matters_of_the_month(town: Town) -> None:
    """Partly R131: seven duties have event classes; special groups and visit templates come with the registry."""
    for code in ("0601", "0606", "0702", "1101", "0102"):
        told(town, f"事{code}", code=code)
    told(town, "上个季度的争吵", code="0601", days=80)
    with under(act := town.act("chen")):
        found = grids.grid_page(act, town.area(ONE))
    counted = {line.duty.title: line.total for line in found.duties}
    assert counted == {
        "发现需求": 0,
        "采集信息": 0,
        "排查隐患": 1,
        "了解社情民意": 1,
        "调处矛盾纠纷": 2,
        "加强特殊人群管理": 0,
        "维护环境秩序": 1,
        "精准服务居民": 0,
    }
    assert found.elsewhere == 0
    page = entered(town, "chen").get(f"/desk/grids/{town.area(ONE).code}/").content.decode()
    assert all(title in page for title in counted)
    assert "目录里还没有这一类" in page


@pytest.mark.row("R131")
def test_every_group_of_classes_belongs_to_one_duty() -> None:
    policy = names().policy
    groups = [group for duty in policy.duties for group in duty.groups]
    assert len(policy.duties) == 8
    assert sorted(groups) == sorted(g.code for g in policy.groups if g.kind == "classes")


@pytest.mark.parametrize("address", ["/desk/grids/", "/desk/grids/329901001001001/"])
def test_a_page_asks_the_database_at_most_eight_times(town: Town, address: str) -> None:
    told(town, "楼道灯坏了")
    client = entered(town, "wu")
    client.get(address)
    with asked() as said:
        assert client.get(address).status_code == 200
    assert len([sql for sql in said if "set_config" not in sql]) <= 8, said


def test_communities_come_page_by_page(town: Town) -> None:
    with under(act := town.act("feng")):
        first = grids.overview(act, size=2)
        assert [line.area.name for line in first.lines] == ["甲社区", "乙社区"] and first.next
        rest = grids.overview(act, size=2, after=first.next)
        assert [line.area.name for line in rest.lines] == ["丙社区"] and rest.next is None
        named = grids.overview(act, q="第二网格")
        assert [g.area.name for line in named.lines for g in line.grids] == [TWO]
    assert first.bare == 2 and first.grids == 2


def test_each_sees_the_grids_of_their_own_areas(town: Town) -> None:
    """A grid worker sees the one grid, another community's clerk none of these, a department is told where to go."""
    own = entered(town, "sun").get("/desk/grids/").content.decode()
    assert f">{ONE}<" in own and f">{TWO}<" not in own
    other = entered(town, "zhou").get("/desk/grids/").content.decode()
    assert ONE not in other and "还没有划分网格" in other
    department = entered(town, "zheng").get("/desk/grids/").content.decode()
    assert ONE not in department and "部门账号没有网格" in department
    assert entered(town, "wang").get("/desk/grids/").status_code == 403


def test_bad_addresses(town: Town) -> None:
    client = entered(town, "chen")
    assert client.get("/desk/grids/329901001001/").status_code == 404
    assert client.get("/desk/grids/nothing/").status_code == 404
    assert client.get("/desk/grids/?after=x&q=%25&check=zzz&vacant=7").status_code == 200
    assert client.get("/desk/grids/?after=99999999999999999999999").status_code == 200
