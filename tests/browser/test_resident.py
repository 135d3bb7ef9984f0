"""A resident on a phone: sign in by code, report a lamp with photo and place, read the timeline."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from linli.kernel.files.tests.bytes import jpeg

pytestmark = pytest.mark.browser


def sign_in(page: Page, phone: str = "13800000001") -> None:
    """By phone and the code that the demo shows."""
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    code = page.locator("[data-demo-code]").inner_text()
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.row("R101", "R102", "R139")
def test_a_resident_reports_a_lamp_from_the_phone(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    here = {"latitude": 31.595, "longitude": 120.34}
    page = open_page("/signin/?next=/report/", geolocation=here, permissions=["geolocation"])
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("报一件事")
    assert fits(page)
    page.get_by_label("什么事").fill("3号楼门口路灯不亮")
    expect(page.locator("#guesses input[type=radio]:checked")).to_have_count(1)
    page.locator("[data-map-locate]").click()
    expect(page.locator("#place-said")).to_contain_text("甲社区")
    page.get_by_label("地址").fill("3号楼门口")
    picture = tmp_path / "lamp.jpg"
    picture.write_bytes(jpeg(size=(1200, 900)))
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.locator("[data-preview] img")).to_have_count(1)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    expect(page.locator(".receipt")).to_contain_text("前办好")
    expect(page.locator(".receipt")).to_contain_text("市政和园林局")
    assert fits(page)
    page.get_by_role("link", name="看办到哪了").click()
    expect(page).to_have_url(re.compile(r"/matters/\d\d-\d+-\d/$"))
    expect(page.locator("#live")).to_contain_text("提交了诉求")
    expect(page.locator("#live img")).to_have_count(1)
    page.get_by_text("这个日期怎么算的").click()
    expect(page.locator(".day-strip li").first).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="催一催").click()
    expect(page.locator("[data-toasts]")).to_contain_text("催办")
    page.goto(page.url.split("/matters/")[0] + "/matters/")
    expect(page.locator(".items")).to_contain_text("3号楼门口路灯不亮")
    assert broken == []


@pytest.mark.row("R101")
def test_a_guest_without_script_reports_and_comes_back_by_code(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/report/", java_script_enabled=False)
    page.get_by_label("什么事").fill("楼道里堆满了东西")
    page.get_by_label("地址").fill("东街道乙社区2号楼")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".errors")).to_contain_text("我们猜是")
    expect(page.get_by_label("什么事")).to_have_value("楼道里堆满了东西")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    code = page.locator(".receipt-code [data-copy]").get_attribute("data-copy") or ""
    number = page.locator(".receipt-facts [data-copy]").first.get_attribute("data-copy") or ""
    other = open_page(f"/query/?number={number}", java_script_enabled=False)
    other.get_by_label("查询码").fill(code)
    other.get_by_role("button", name="查进度").click()
    expect(other.locator("#live")).to_contain_text("提交了诉求")


def test_what_neighbours_reported_is_shown_before_a_quick_hand_sends(
    open_page: Callable[..., Page],
) -> None:
    """The button is always in reach on a phone; the neighbours' matter must have stood on the screen."""
    for turn in ("first", "second"):
        page = open_page("/report/")
        page.get_by_label("什么事").fill("小区东门垃圾成堆没人收")
        expect(page.locator("#guesses input[type=radio]:checked")).to_have_count(1)
        page.get_by_label("地址").fill("东街道乙社区东门")
        page.get_by_label("地址").blur()
        if turn == "second":
            expect(page.locator("#alike section")).to_have_count(1)
            page.evaluate("scrollTo(0, 0)")
        page.get_by_role("button", name="提交", exact=True).click()
        if turn == "first":
            expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    expect(page.locator("#alike-now")).to_contain_text("我也遇到")
    page.get_by_role("button", name="仍要提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")


def test_what_was_typed_is_offered_again_after_the_page_was_left(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/report/")
    page.get_by_label("什么事").fill("井盖松了")
    page.wait_for_function("() => localStorage.getItem('linli.draft.report')?.includes('井盖松了')")
    page.reload()
    page.get_by_role("button", name="接着填").click()
    expect(page.get_by_label("什么事")).to_have_value("井盖松了")
