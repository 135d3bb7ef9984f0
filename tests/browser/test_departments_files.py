"""A department's list from its file to the report, as a street worker and as a department: on a desktop and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.families import number
from tests.served import told

pytestmark = pytest.mark.browser
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
SHOTS = os.environ.get("LINLI_SHOTS", "")
PREPARE = """
import django
django.setup()
from linli.kernel.access.sessions import SessionStore
from tests.town import Town
town = Town()
for who in ("wu", "gao", "he"):
    act, store = town.act(who), SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
"""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """Sessions of a street worker, a department's worker and a community's head."""
    return told(served[1], PREPARE)


def opened(open_page: Open, server: str, key: str, path: str, size: ViewportSize) -> Page:
    page = open_page("/health/", size)
    page.context.add_cookies([{"name": "linli", "value": key, "url": server}])
    page.goto(server + path)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def seen(page: Page, name: str) -> None:
    """Nothing sticks out, and axe finds no fault; a picture where one is asked for."""
    width = (page.viewport_size or WIDE)["width"]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.add_script_tag(url="/static/vendor/axe/axe.min.js")
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r =>"
        " r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def imported(page: Page, source: str, file: Path, name: str) -> None:
    """Upload, confirm, try out, import; every page looked at."""
    page.select_option("select[name=source]", source)
    page.set_input_files("input[name=file]", file)
    seen(page, f"{name}-new")
    page.get_by_role("button", name="上传并识别列").click()
    expect(page.get_by_role("heading", name="每一列是什么")).to_be_visible()
    seen(page, f"{name}-columns")
    page.get_by_role("button", name="确认列并试算").click()
    start = page.get_by_role("button", name="开始导入")
    expect(start).to_be_visible(timeout=90_000)
    seen(page, f"{name}-tried")
    start.click()
    expect(page.locator(".chip", has_text="已完成")).to_be_visible(timeout=90_000)
    seen(page, f"{name}-done")


@pytest.mark.row("R012")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
def test_a_street_brings_a_list_of_the_disabled(
    open_page: Open, server: str, keys: dict[str, str], tmp_path: Path, size: ViewportSize
) -> None:
    at = size["width"]
    heads = "姓名,身份证号,残疾人证号,残疾类别,残疾等级,监护人姓名,监护人电话,是否独居,家庭住址,户籍所在地省,户籍所在地市,所属社区\n"
    row = f"周小{at},{number(date_of(at), 7)},,肢体,二级,周大明,13600000009,是,春江花园9幢1单元101室,江苏省,无锡市,甲社区\n"
    row = row.replace(str(at), "明" if at == 1280 else "红", 1)
    file = tmp_path / "残疾人名单.csv"
    file.write_text(heads + row + "吴小,320205199001011234,,,,,,,,,,甲社区\n", encoding="gbk")
    page = opened(open_page, server, keys["wu"], "/desk/registry/imports/new/", size)
    imported(page, "disabled", file, "street")
    expect(page.get_by_text("新的标签").first).to_be_visible()
    page.get_by_role("link", name="先看行号和原因").click()
    seen(page, "street-rows")
    name = "周小明" if at == 1280 else "周小红"
    page.goto(f"{server}/desk/registry/people/?q={name}")
    seen(page, "street-people")
    page.goto(f"{server}/desk/registry/imports/sources/")
    seen(page, "street-sources")


def date_of(at: int) -> date:
    """A birthday for each size, so that each has its own number."""
    return date(1985, 4, 12) if at == 1280 else date(1986, 5, 13)


@pytest.mark.row("R012")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
def test_a_department_brings_shops_and_sees_no_people(
    open_page: Open, server: str, keys: dict[str, str], tmp_path: Path, size: ViewportSize
) -> None:
    at = size["width"]
    file = tmp_path / "商户.csv"
    file.write_text(
        "店名,统一社会信用代码,经营者,联系电话,经营范围,经营地址,从业人数,所属社区\n"
        f"春江早餐店{at},,陈大姐,13600000003,餐饮,春江路3号,4,甲社区\n"
        f"春江修车铺{at},92320200BAD,李师傅,,修车,春江路5号,1,甲社区\n"
    )
    page = opened(open_page, server, keys["gao"], "/desk/registry/imports/new/", size)
    expect(page.locator("select[name=source] option")).to_have_count(2)
    imported(page, "urban", file, "department")
    expect(page.get_by_text("新登记的单位").first).to_be_visible()
    page.goto(f"{server}/desk/registry/imports/")
    seen(page, "department-list")
    page.goto(f"{server}/desk/registry/imports/sources/")
    expect(page.get_by_text("公安人口信息")).to_have_count(0)
    seen(page, "department-sources")
