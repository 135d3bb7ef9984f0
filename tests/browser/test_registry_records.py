"""Imports, decisions by keyboard, drawing a grid, a visit without a network: in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.served import told

pytestmark = pytest.mark.browser
DESK: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PREPARE = """
import django
django.setup()
from linli.capabilities.registry.models import (
    Batch, Building, Conflict, Home, Household, Mark, Source,
)
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests.families import settle
from tests.town import Town
town, people = Town(), settle()
with under(system_act()):
    source = Source.objects.get_or_create(code="civil", defaults={"title": "民政业务数据"})[0]
    batch = Batch.objects.create(area=town.area("甲社区"), source=source, name="旧.xlsx",
        as_of="2026-05-01", state="done", plan={"columns": []})
    Conflict.objects.all().delete()
    wang = people["wang"]
    Conflict.objects.create(area=town.area("甲社区第一网格"), record_set="person", row=wang.pk,
        field="workplace", held=wang.workplace or None, offered="无锡一厂", batch=batch, line=7)
    house = Household.objects.get(members__person=wang, until__isnull=True)
    away = Building.objects.get(name="5幢")
    Building.objects.filter(pk=away.pk).update(address_key="春江花园5幢")
    print("home", Home.objects.get(room="101").pk)
    Mark.objects.create(person=people["liu"], area=town.area("甲社区第一网格"), code="veteran",
        basis="某某审批", purpose="care", since="2015-01-01", until="2016-01-01")
print("house", house.pk)
for who in ("chen", "sun"):
    act, store = town.act(who), SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
"""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The families in the served town, a value in conflict, sessions of a clerk and a grid worker."""
    return told(served[1], PREPARE)


def opened(open_page: Open, server: str, key: str, path: str, size: ViewportSize = DESK) -> Page:
    page = open_page("/health/", size)
    page.context.add_cookies([{"name": "linli", "value": key, "url": server}])
    page.goto(server + path)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def clean(page: Page) -> None:
    """No fault that axe finds, nothing sticking out."""
    page.add_script_tag(url="/static/vendor/axe/axe.min.js")
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r =>"
        " r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.row("R012")
def test_a_file_comes_in_while_one_does_other_things(
    open_page: Open, server: str, keys: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(
        "甲社区人员名单\n姓名,公民身份号码,所属社区,小区,幢,单元,室\n"
        "周小明,11010519491231002X,甲社区,春江花园,9幢,1,101\n"
        "郑小刚,320205199001011234,甲社区,春江花园,9幢,1,102\n"
    )
    page = opened(open_page, server, keys["chen"], "/desk/registry/imports/new/")
    page.select_option("select[name=source]", "civil")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="上传并识别列").click()
    expect(page.get_by_role("heading", name="每一列是什么")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="确认列并试算").click()
    start = page.get_by_role("button", name="开始导入")
    expect(start).to_be_visible(timeout=90_000)
    start.click()
    expect(page.locator(".chip", has_text="已完成")).to_be_visible(timeout=90_000)
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载没有导入的行").click()
    assert taken.value.suggested_filename.endswith(".xlsx")


@pytest.mark.row("R012")
def test_two_values_are_decided_by_keyboard(
    open_page: Open, server: str, keys: dict[str, str]
) -> None:
    page = opened(open_page, server, keys["chen"], "/desk/registry/imports/conflicts/")
    expect(page.locator("[data-decide]")).to_have_count(1)
    clean(page)
    page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator("[data-decide]")).to_have_count(0)


@pytest.mark.row("R123")
def test_a_grid_is_drawn_by_mouse_and_told_as_text(
    open_page: Open, server: str, keys: dict[str, str]
) -> None:
    page = opened(open_page, server, keys["chen"], "/desk/coverage/329901001001/draw/")
    load = page.locator("[data-draw-load]")
    if page.locator(".map-off:visible").count():
        pytest.skip("no WebGL here: the outline is pasted instead")
    expect(load).to_be_visible(timeout=60_000)
    load.click()
    expect(page.locator(".corner")).to_have_count(4)
    field = page.locator("textarea[name=outline]")
    assert '"Polygon"' in field.input_value()
    page.locator("[data-draw-undo]").click()
    expect(page.locator(".corner")).to_have_count(3)
    field.fill(
        '{"type":"Polygon","coordinates":[[[120.33,31.58],[120.34,31.58],[120.34,31.59],[120.33,31.59],[120.335,31.6],[120.33,31.58]]]}'
    )
    expect(page.locator(".corner")).to_have_count(5)


@pytest.mark.row("R010")
def test_a_visit_without_a_network_is_sent_later(
    open_page: Open, server: str, keys: dict[str, str]
) -> None:
    path = f"/field/visit/{keys['house']}/"
    page = opened(open_page, server, keys["sun"], "/field/visit/", PHONE)
    clean(page)
    page.wait_for_selector("html[data-kept]", state="attached")
    page.goto(server + path)
    clean(page)
    page.context.set_offline(True)
    page.goto(server + path)
    pad = page.locator("[data-sign-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80)
    page.mouse.move(box["x"] + 200, box["y"] + 30)
    page.mouse.up()
    expect(page.locator("[data-sign-say]")).to_have_text("已签名")
    page.get_by_role("button", name="登记这次走访").click()
    page.wait_for_url("**/field/queue/**")
    entry = page.locator("#main [data-queue] > li").first
    expect(entry).to_contain_text("1 张照片")
    page.context.set_offline(False)
    page.locator("[data-sync-now]").click()
    expect(entry).to_contain_text("已提交")
    page.goto(f"{server}/field/visit/")
    expect(page.locator(".item", has_text="今天走过")).to_have_count(1)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_one_home_is_moved_and_put_back(
    open_page: Open, server: str, keys: dict[str, str], size: ViewportSize
) -> None:
    at = f"/desk/homes/{keys['home']}/move/"
    page = opened(open_page, server, keys["chen"], at, size)
    clean(page)
    page.get_by_label("楼栋").first.fill("春江花园5幢")
    page.get_by_role("button", name="查找楼栋").click()
    expect(page.get_by_role("radio", name="春江花园5幢")).to_be_checked()
    page.get_by_label("理由").fill("门牌登错了楼")
    page.get_by_role("button", name="先看会动哪些").click()
    expect(page.get_by_text("会一起移动")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="确定移动").click()
    expect(page.get_by_role("heading", name="5幢")).to_be_visible()
    page.goto(server + at)
    expect(page.get_by_text("门牌登错了楼").first).to_be_visible()
    clean(page)
    page.get_by_role("link", name="移回原处").click()
    page.get_by_label("理由").fill("没有登错")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("heading", name="1幢")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_is_kept_no_longer_is_seen_before_it_goes(
    open_page: Open, server: str, keys: dict[str, str], size: ViewportSize
) -> None:
    page = opened(open_page, server, keys["chen"], "/desk/residents/", size)
    page.goto(server + "/desk/residents/keeping/")
    clean(page)
    page.get_by_role("row", name="人员标签").get_by_role("link").click()
    expect(page.get_by_role("link", name="刘秀英")).to_be_visible()
    clean(page)
