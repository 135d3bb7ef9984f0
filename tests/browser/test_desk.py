"""The desk in a real browser: a matter's whole way by mouse and keyboard, and pages that look finished."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from linli.kernel.files.tests.bytes import jpeg
from linli.site import cluster

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
PEOPLE = ("chen", "lin", "wu")
PREPARE = """
import django; django.setup()
from linli.capabilities.matters import services
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from tests.town import Town
town = Town()
wang = town.act("wang")
SAID = (("3号楼楼道灯坏了", "0601", "二单元三楼的灯一周不亮，老人上下楼看不见。"), ("楼上半夜装修太吵", "0601", "每天十点以后还在敲。"),
  ("小区门口垃圾桶满了", "0601", "两天没有人来收。"), ("电梯一按就抖", "0601", "五号楼，昨天开始。"))
for title, code, body in SAID:
    matter = services.report(wang, intake=services.Intake(code=code, title=title, body=body, area=town.area("甲社区第一网格").pk,
        reporter=wang.actor, reporter_name="王小梅", phone="13800000001", address="甲社区3号楼", lon=120.34, lat=31.595))
services.urge(wang, matter, words="电梯里有老人，请快一点")
services.accept(town.act("lin"), matter)
for who in %(people)r:
    act = town.act(who)
    store = SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
"""


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """Some matters in the served town, and a signed-in session for each of the staff."""
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", served[1]),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    code = PREPARE % {"people": PEOPLE}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)


Desk = Callable[..., Page]


@pytest.fixture
def desk(open_page: Callable[..., Page], server: str, keys: dict[str, str]) -> Iterator[Desk]:
    """Open a page as one of the staff; errors of its scripts fail the test."""
    broken: list[str] = []

    def opened(who: str, path: str, viewport: dict[str, int] = DESK) -> Page:
        page = open_page("/health/", viewport)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.context.add_cookies([{"name": "linli", "value": keys[who], "url": server}])
        page.goto(server + path)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield opened
    assert broken == []


def shot(page: Page, name: str, tmp_path: Path) -> Path:
    """A picture of the page, kept where LINLI_SHOTS says."""
    folder = Path(os.environ.get("LINLI_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=True)
    return path


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.row("R132")
def test_a_clerk_accepts_and_handles_another_verifies_and_closes(
    desk: Desk, tmp_path: Path
) -> None:
    page = desk("chen", "/desk/matters/?show=open")
    page.get_by_role("link", name="3号楼楼道灯坏了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3号楼楼道灯坏了")
    page.locator(".acts").get_by_role("link", name="受理", exact=True).click()
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#sheet").get_by_role("button", name="受理").click()
    expect(page.locator("main")).to_contain_text("已记下：受理")
    page.locator(".acts").get_by_role("link", name="办理完成").click()
    page.locator("#sheet").get_by_label("做了什么").fill("换了声控灯，试了三次都亮")
    picture = tmp_path / "after.jpg"
    picture.write_bytes(jpeg(size=(900, 700)))
    page.locator("#sheet input[type=file]").set_input_files(picture)
    expect(page.locator("#sheet [data-preview] img")).to_have_count(1)
    page.locator("#sheet").get_by_role("button", name="办理完成").click()
    expect(page.locator(".rounds img")).to_have_count(1)
    here = page.url.split("?")[0]
    other = desk("lin", "/desk/matters/?show=verify")
    other.get_by_role("link", name="3号楼楼道灯坏了").click()
    for name in ("核实通过", "结案"):
        other.locator(".acts").get_by_role("link", name=name).click()
        other.locator("#sheet").get_by_role("button", name=name).click()
        expect(other.locator("main")).to_contain_text(f"已记下：{name}")
    page.goto(here)
    expect(page.locator(".timeline-list")).to_contain_text("办结")
    expect(page.locator(".drawing .is-here")).to_contain_text("已办结")
    page.locator(".clock-list a").first.click()
    expect(page.locator("#sheet")).to_contain_text("为什么")


def test_the_list_by_keyboard(desk: Desk) -> None:
    page = desk("chen", "/desk/matters/?show=open")
    expect(page.locator(".tabs .count").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.is-here")).to_have_count(1)
    title = page.locator("tr.is-here .main a").inner_text()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()
    expect(page).to_have_url(re.compile("show=open"))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]:focus")).to_have_count(1)


@pytest.mark.row("R101", "R102")
def test_the_window_knows_who_was_here(desk: Desk, tmp_path: Path) -> None:
    page = desk("chen", "/desk/window/")
    page.get_by_label("身份证号、手机号或姓名").fill("13800000001")
    page.get_by_role("button", name="认人").click()
    expect(page.locator(".who-known")).to_contain_text("以前登记过")
    page.get_by_label("办什么事").fill("给父亲办老年优待证")
    page.get_by_label("办什么事").blur()
    page.locator("#entry-part .choice", has_text="老年人优待证").click()
    expect(page.locator(".papers")).to_contain_text("近期照片")
    page.locator(".choices", has_text="补办").get_by_text("首次办理").click()
    shot(page, "desk-window", tmp_path)
    page.get_by_role("button", name="登记并打印回执").click()
    expect(page.locator(".receipt-code")).to_have_count(2)
    shot(page, "desk-receipt", tmp_path)


PAGES = {
    "day": "/desk/day/",
    "list": "/desk/matters/?show=open",
    "matter": "/desk/matters/?show=open",
    "map": "/desk/map/",
    "figures": "/desk/figures/",
    "overdue": "/desk/overdue/",
    "window": "/desk/window/?anyone=1",
}


@pytest.mark.parametrize("size", ["1366", "390"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_look_finished_and_pass_axe(desk: Desk, tmp_path: Path, name: str, size: str) -> None:
    page = desk("chen", PAGES[name], DESK if size == "1366" else PHONE)
    if name == "matter":
        page.get_by_role("link", name="电梯一按就抖").click()
    if name in ("map", "matter"):
        expect(page.locator("[data-map][data-ready]")).to_have_count(1, timeout=20000)
    path = shot(page, f"desk-{name}-{size}", tmp_path)
    with Image.open(path) as image:
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 20
    assert fits(page)
    page.add_script_tag(url="/static/vendor/axe/axe.min.js")
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r =>"
        " r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html).join(' | ')))"
    )
    assert found == []
