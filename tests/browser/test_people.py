"""People in a real browser: found, looked at, corrected, registered; sources by mouse, by keyboard and by finger."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.families import number
from tests.served import ROOT, told

pytestmark = pytest.mark.browser

AXE = ROOT / "src/linli/ui/static/vendor/axe/axe.min.js"
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
PREPARE = """
import django; django.setup()
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from tests import families
from tests.town import Town
people = families.settle()
town = Town()
for who in ("chen", "wang"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
for key in ("wang", "liu"):
    print("person-" + key, people[key].pk)
"""
Desk = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The families in the served town, and signed-in sessions."""
    return told(served[1], PREPARE)


def faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text() + ";0")
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}"
    found = page.evaluate(f"axe.run(document, {rules})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def keep(page: Page, name: str) -> None:
    """A picture of the page, where LINLI_SHOTS says."""
    if folder := os.environ.get("LINLI_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_people_fit_and_are_accessible(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int]
) -> None:
    person = f"/desk/residents/{keys['person-wang']}/"
    pages = [
        ("chen", path) for path in ("/desk/residents/", person, "/desk/residents/new/?birth=1")
    ]
    pages += [("chen", "/desk/residents/on/?on=2024-01-01"), ("wang", "/me/registry/")]
    for who, path in pages:
        page = opened(who, path, viewport)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        keep(page, f"people-{viewport['width']}-{path.strip('/').replace('/', '-')[:30]}")


@pytest.mark.row("R012")
def test_a_value_tells_its_source_to_mouse_keyboard_and_finger(
    opened: Desk, keys: dict[str, str]
) -> None:
    path = f"/desk/residents/{keys['person-liu']}/"
    page = opened("chen", path)
    with_source = page.locator(".told")
    if with_source.count() == 0:  # the town's families carry no batch: one value is corrected first
        page.locator(".acts").get_by_role("link", name="更正信息").click()
        page.locator("#sheet").get_by_label("工作单位").fill("已退休")
        page.locator("#sheet").get_by_role("button", name="更正信息").click()
        page.wait_for_url("**?done=correct")
    told = page.locator(".told", has_text="已退休")
    tip = told.locator(".tip")
    expect(tip).to_be_hidden()
    told.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("窗口登记")
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    told.focus()
    expect(tip).to_be_visible()
    phone = opened("chen", path, PHONE, has_touch=True)
    touched = phone.locator(".told", has_text="已退休")
    touched.tap()
    expect(touched.locator(".tip")).to_be_visible()


@pytest.mark.row("R010", "R128")
def test_a_clerk_finds_looks_registers_and_is_led_to_whom_is_known(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", "/desk/residents/")
    page.get_by_label("姓名、证件号码、电话、住址或标签").fill("王小梅")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="王小梅").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("王小梅")
    full = number(date(1985, 4, 12), 24)
    expect(page.locator("main")).not_to_contain_text(full)
    page.get_by_role("link", name="查看完整信息").click()
    page.locator("#sheet").get_by_label("为什么需要查看").fill("核对证件")
    page.locator("#sheet").get_by_role("button", name="查看完整信息").click()
    expect(page.locator(".receipt-code")).to_have_text(full)
    assert full not in page.url
    page.goto(page.url.split("/desk")[0] + "/desk/residents/new/")
    page.get_by_label("证件号码").fill(full)
    page.get_by_label("姓名").fill("王小梅")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("王小梅")
    page.goto(page.url.split("/desk")[0] + "/desk/residents/new/")
    page.get_by_label("证件号码").fill(number(date(2001, 3, 4), 28))
    page.get_by_label("姓名").fill("顾盼")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("出生日期")).to_have_value("2001-03-04")
    page.get_by_label("居住类型").select_option("permanent")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".field-error").first).to_contain_text("请选择住在哪里")
    expect(page.locator("#id_name")).to_have_value("顾盼")
    page.get_by_label("或只到网格").select_option(label="甲社区第一网格")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**?done=register")
    expect(page.get_by_role("heading", level=1)).to_have_text("顾盼")


def test_rows_are_walked_by_keyboard_and_tagged_together(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", "/desk/residents/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.get_by_role("button", name="添加标签").click()
    page.get_by_label("标签").select_option(label="志愿者")
    page.get_by_role("button", name="添加标签").click()
    expect(page.get_by_text("办好的")).to_be_visible()


def test_a_resident_objects_on_the_phone(opened: Desk, keys: dict[str, str]) -> None:
    page = opened("wang", "/me/registry/", PHONE)
    page.get_by_role("link", name="更正 文化程度").click()
    page.get_by_label("应当是").fill("大学本科毕业")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/me/registry/")
    expect(page.locator("#objections")).to_contain_text("文化程度")
