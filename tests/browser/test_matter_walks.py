"""Whole walks of a matter by hand: not solved and reopened, a guest with a query code, by keyboard in elder mode."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from linli.kernel.files.tests.bytes import jpeg
from linli.site import cluster

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
STAFF = ("sun", "chen", "lin")
PREPARE = """
import django; django.setup()
from linli.kernel.access.sessions import SessionStore
from tests.town import Town
town = Town()
for who in %(people)r:
    store = SessionStore()
    store.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    store.save()
    print(who, store.session_key)
store = SessionStore()
store.update({"account": town.account("wang").pk, "second": True})
store.save()
print("wang", store.session_key)
"""
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """A signed-in session of the resident, the grid worker and the clerk."""
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", served[1]),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    code = PREPARE % {"people": STAFF}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def report(page: Page, title: str, address: str, photo: Path | None = None) -> str:
    """Fill the form and send it, neighbours' matters or not; returns the number."""
    page.get_by_label("什么事").fill(title)
    expect(page.locator("#guesses input[type=radio]:checked")).to_have_count(1)
    page.get_by_label("地址").fill(address)
    if photo is not None:
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator("[data-preview] img")).to_have_count(1)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    return page.locator(".receipt-facts [data-copy]").first.get_attribute("data-copy") or ""


def step(page: Page, server: str, number: str, name: str, did: str = "", photo: str = "") -> None:
    """One step at the desk, by its sheet."""
    page.goto(f"{server}/desk/matters/{number}/")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator(".acts").get_by_role("link", name=name, exact=True).click()
    sheet = page.locator("#sheet")
    if did:
        sheet.get_by_label("做了什么").fill(did)
    if photo:
        sheet.locator("input[type=file]").set_input_files(photo)
        expect(sheet.locator("[data-preview] img")).to_have_count(1)
    sheet.get_by_role("button", name=name).click()
    expect(page.locator("main")).to_contain_text(f"已记下：{name}")


def rate(page: Page, grade: str, solved: str, words: str) -> None:
    """Press a star, say whether it is solved, send."""
    page.locator("#do-rate > summary").click()
    form = page.locator("#do-rate form")
    form.locator("label", has_text=re.compile(f"^{grade}$")).click()
    form.locator("label", has_text=re.compile(f"^\\s*{solved}\\s*$")).last.click()
    form.get_by_label("想说的").fill(words)
    form.get_by_role("button", name="评价").click()


@pytest.mark.row("R104", "R107", "R132")
def test_what_is_not_solved_goes_round_again_and_nothing_is_lost(
    opened: Opened, server: str, tmp_path: Path
) -> None:
    """Low rating, reopened, handled again with a new photo, closed, rated again."""
    first, second = tmp_path / "first.jpg", tmp_path / "second.jpg"
    first.write_bytes(jpeg(size=(900, 700)))
    second.write_bytes(jpeg(size=(900, 700), tint=20))
    page = opened("wang", "/report/", PHONE)
    number = report(page, "3号楼门口楼道灯不亮", "甲社区3号楼", first)
    clerk = opened("chen", "/desk/day/")
    worker = opened("lin", "/desk/day/")
    for turn, photo in (("换了灯泡", first), ("查出线路断了，重新接好", second)):
        if turn == "换了灯泡":
            step(clerk, server, number, "受理")
        step(clerk, server, number, "办理完成", turn, str(photo))
        step(worker, server, number, "核实通过")
        step(worker, server, number, "结案")
        page.goto(f"{server}/matters/{number}/")
        expect(page.locator("#live .timeline-list li").first).to_contain_text("已办结，请您评价")
        if turn == "换了灯泡":
            rate(page, "很不满意", "没有解决", "还是不亮")
            expect(page.locator("#rated")).to_contain_text("很不满意")
            expect(page.locator("#do-reopen form")).to_be_visible()
            page.locator("#do-reopen textarea").fill("换了灯泡，晚上还是不亮")
            page.locator("#do-reopen form button").click()
            expect(page.locator("#live")).to_contain_text("开始第 2 轮")
            expect(page.locator("#rated")).to_have_count(0)
    rate(page, "很满意", "解决了", "这次好了")
    told = page.locator("#live")
    for words in (
        "很不满意，没有解决：还是不亮",
        "换了灯泡，晚上还是不亮",
        "很满意，解决了：这次好了",
    ):
        expect(told).to_contain_text(words)
    expect(told.locator("img")).to_have_count(3)
    expect(page.locator("#promise")).to_contain_text("已处理")
    assert fits(page)


@pytest.mark.row("R101")
def test_wrong_query_codes_say_how_long_to_wait(open_page: Opened) -> None:
    number = report(open_page("/report/"), "楼道里堆满旧家具", "东街道甲社区6号楼")
    page = open_page(f"/matters/{number}/receipt/")
    expect(page.get_by_label("诉求编号")).to_have_value(number)
    for tries in range(6):
        page.get_by_label("查询码").fill("ABCD2345")
        page.get_by_role("button", name="查进度").click()
        said = "编号或查询码不对" if tries < 5 else "60 分钟再试"
        expect(page.locator(".errors")).to_contain_text(said)
        expect(page.get_by_label("诉求编号")).to_have_value(number)


@pytest.mark.row("R101", "R107")
def test_a_guests_matter_is_handled_and_rated_on_another_phone(
    opened: Opened, open_page: Opened, server: str
) -> None:
    mine = open_page("/report/")
    number = report(mine, "小区东门垃圾成堆没人收", "东街道甲社区东门")
    code = mine.locator(".receipt-code [data-copy]").get_attribute("data-copy") or ""
    page = open_page(f"/query/?number={number}")
    page.get_by_label("查询码").fill(f"{code[:4]} {code[4:]}".lower())
    page.get_by_role("button", name="查进度").click()
    page.locator("#talk textarea").fill("又多了一个旧沙发")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#talk")).to_contain_text("又多了一个旧沙发")
    clerk, other = opened("chen", "/desk/day/"), opened("lin", "/desk/day/")
    step(clerk, server, number, "受理")
    step(clerk, server, number, "办理完成", "联系物业清走了")
    step(other, server, number, "核实通过")
    step(other, server, number, "结案")
    page.goto(f"{server}/matters/{number}/")
    rate(page, "不满意", "没有解决", "")
    expect(page.locator("#do-rate .errors")).to_contain_text("请说说哪里不满意")
    expect(page.locator("#do-rate input[value='2']")).to_be_checked()
    page.locator("#do-rate textarea").fill("还剩一堆")
    page.locator("#do-rate form button").last.click()
    expect(page.locator("#live")).to_contain_text("不满意，没有解决：还剩一堆")


def test_home_report_and_timeline_by_keyboard_in_elder_mode(open_page: Opened, server: str) -> None:
    """Tab, space and enter are enough, and what has the focus can be seen."""
    page = open_page("/")
    page.locator("button", has_text="进入长辈版").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-size", "elder")
    _tab_to(page, "a.tile")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("报一件事")
    _tab_to(page, "[name=title]")
    page.keyboard.type("3号楼门口路灯不亮")
    expect(page.locator("#guesses input[type=radio]:checked")).to_have_count(1)
    _tab_to(page, "[name=address]")
    page.keyboard.type("东街道乙社区3号楼")
    _tab_to(page, "form.report button:not([type=button])")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    _tab_to(page, "a[href*='/matters/'].btn")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("您提交了诉求")
    _tab_to(page, ".clock-days > summary")
    page.keyboard.press("Enter")
    expect(page.locator(".day-strip li").first).to_be_visible()
    assert fits(page)


def _tab_to(page: Page, wanted: str) -> None:
    """Tab forward until the element has the focus, which must be drawn."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", wanted):
            drawn = "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow"
            assert page.locator(":focus").evaluate(drawn) != "nonenone"
            return
    raise AssertionError(f"never reached {wanted}")


def test_a_printed_timeline_has_the_story_and_no_forms(opened: Opened) -> None:
    page = opened("wang", "/report/")
    number = report(page, "小区门口井盖松动", "甲社区东门")
    page.goto(page.url.split("/matters/")[0] + f"/matters/{number}/")
    page.emulate_media(media="print")
    expect(page.locator("#live")).to_be_visible()
    for hidden in ("#talk form", ".act >> nth=0", ".tabbar", ".top"):
        expect(page.locator(hidden)).to_be_hidden()
