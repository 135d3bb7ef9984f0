"""The design system in a real browser: seen by axe, by an elder, by keyboard, without a script."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src/linli/ui/static/vendor"
FACES = ("/ui/", "/ui/face/portal/", "/ui/face/desk/", "/ui/face/field/", "/ui/face/plain/")
PAGES = (*FACES, "/ui/page/403/", "/ui/page/404/", "/ui/page/500/", "/ui/page/offline/")
LOOKS: tuple[dict[str, str], ...] = (
    {"theme": "light"},
    {"theme": "dark"},
    {"theme": "light", "size": "elder"},
    {"theme": "dark", "size": "elder"},
)
SIZES = ((1366, 900), (390, 844))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--use-gl=angle",
    "--use-angle=swiftshader",
]


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return os.environ.get("LINLI_CHROMIUM") or found or "chromium"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert (VENDOR / "axe/axe.min.js").is_file(), "vendor files are missing: run `make setup`"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    script = ROOT / "tests/browser/ui_alone.py"
    server = subprocess.Popen(
        [sys.executable, str(script), str(port)], env={**os.environ, "PYTHONPATH": paths}
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, server)
        yield base
    finally:
        server.terminate()
        server.wait(10)


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the design system did not start"
        try:
            urlopen(f"{base}/ui/points.json", timeout=2).close()
            return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("the design system did not answer")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), args=FLAGS)
        yield browser
        browser.close()


def _page(chrome: Browser, base: str, size: tuple[int, int] = SIZES[0], **options: Any) -> Page:
    cookies = options.pop("cookies", {})
    context = chrome.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        reduced_motion="reduce",
        **options,
    )
    if cookies:
        context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items()])
    context.set_default_timeout(30_000)
    return context.new_page()


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status < 400, address
    if page.locator("html.js").count() and not address.endswith("/500/"):
        page.wait_for_selector("html[data-ready]", state="attached")


AXE = """async () => (await axe.run(document, {runOnly: [
    'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations
    .map(v => v.impact + ' ' + v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"""


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}px")
@pytest.mark.parametrize("look", LOOKS, ids=lambda k: "-".join(k.values()))
def test_every_page_passes_axe_and_fits_its_screen(
    chrome: Browser, address: str, look: dict[str, str], size: tuple[int, int]
) -> None:
    page = _page(chrome, address, size, cookies=look)
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    axe = (VENDOR / "axe/axe.min.js").read_text("utf-8")
    for each in PAGES:
        said.clear()
        _open(page, address + each)
        assert said == [], f"{each}: {said}"  # before axe, which styles the page itself
        page.evaluate(axe)
        assert page.evaluate(AXE) == [], each
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{each} is {over} px wider than the screen"
    page.context.close()


SMALL = """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
    && !e.closest('.map, .chart, svg, .visually-hidden, .drop-input')
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
    && parseFloat(getComputedStyle(e).fontSize) < 20).map(e => e.className + ': ' + e.textContent.trim())"""
CRAMPED = """() => [...document.querySelectorAll('main .btn:not(.btn-sm), main .form-control, main .choice:not(.choice-plain), .tabbar a, main .item')]
    .filter(e => e.checkVisibility() && !e.closest('.map-box, .drop') && e.getBoundingClientRect().height < 48)
    .map(e => e.className + ' ' + e.getBoundingClientRect().height)"""


def test_elder_mode_is_large_airy_and_easy_to_hit(chrome: Browser, address: str) -> None:
    page = _page(chrome, address, SIZES[1], cookies={"size": "elder"})
    for each in FACES:
        _open(page, address + each)
        assert page.evaluate(SMALL) == [], each
        assert page.evaluate(CRAMPED) == [], each
        body = "getComputedStyle(document.body)"
        ratio = page.evaluate(f"parseFloat({body}.lineHeight) / parseFloat({body}.fontSize)")
        assert ratio >= 1.8 - 1e-9
    page.goto(address + "/ui/face/portal/")
    expect(page.locator(".tabbar a:visible"), "fewer choices").to_have_count(4)
    page.context.close()


def test_looks_are_kept_and_drawn_by_the_server(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/face/portal/")
    page.get_by_label("显示设置").click()
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("button", name="深色").click()
    html = page.locator("html")
    expect(html).to_have_attribute("data-size", "elder")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    served = page.request.get(address + "/ui/face/portal/").text()
    assert 'data-bs-theme="dark"' in served
    assert 'data-size="elder"' in served
    page.context.close()


def test_without_a_script_settings_and_lists_still_work(chrome: Browser, address: str) -> None:
    page = _page(chrome, address, SIZES[1], java_script_enabled=False)
    page.goto(address + "/ui/face/portal/")
    page.locator("[data-prefs] summary").click()
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-size", "elder")
    expect(page).to_have_url(address + "/ui/face/portal/")
    page.goto(address + "/ui/face/desk/")
    expect(page.locator(".bulk"), "bulk actions need no script").to_be_visible()
    page.get_by_label("打开导航").click()
    expect(page.get_by_role("link", name="诉求办理")).to_be_visible()
    page.goto(address + "/ui/")
    expect(page.locator(".drop-input").first, "a plain file input").to_be_visible()
    page.context.close()


def test_a_list_by_keyboard(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/face/desk/")
    bar, picked, keys = (page.locator(q) for q in ("[data-bulk-bar]", "tr.is-picked", "#keys"))
    expect(bar).to_be_hidden()
    for key in "jxjx":
        page.keyboard.press(key)
    expect(picked).to_have_count(2)
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.get_by_label("选中本页全部").check()
    expect(page.locator("[data-pick]")).to_have_count(4)
    expect(picked).to_have_count(4)
    page.keyboard.press("Escape")
    expect(picked).to_have_count(0)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#0017")
    page.keyboard.press("/")
    search = page.locator("[data-search]:focus")
    expect(search).to_have_count(1)
    page.keyboard.press("?")
    expect(search, "typing in a field is typing").to_have_value(re.compile(r"\?$"))
    expect(keys).to_be_hidden()
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.context.close()


def test_what_was_typed_is_offered_again_and_cleared_on_success(
    chrome: Browser, address: str
) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    form = page.locator('form[data-draft="style"]')
    form.get_by_label("详细情况").fill("从前天晚上开始不亮，老人晚上出门看不见。")
    expect(form.locator(".counter")).to_have_text("20 / 500")
    form.get_by_label("环境卫生").check()
    page.wait_for_function("() => localStorage.getItem('linli.draft.style')?.includes('clean')")
    page.reload()
    page.get_by_role("button", name="接着填").click()
    expect(form.get_by_label("详细情况")).to_have_value(re.compile("^从前天晚上"))
    expect(form.get_by_label("环境卫生")).to_be_checked()
    page.evaluate("document.dispatchEvent(new CustomEvent('draft-done', {detail: {key: 'style'}}))")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.get_by_role("button", name="接着填")).to_have_count(0)
    page.context.close()


def test_errors_take_the_focus_and_point_at_their_fields(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    expect(page.locator(".errors:focus")).to_have_count(1)
    title = page.locator("#wrong_title")
    assert title.get_attribute("aria-invalid") == "true"
    assert title.get_attribute("aria-describedby") == "wrong_title_error"
    assert title.input_value() == "路灯" * 30, "what was typed stays"
    for link in page.locator(".errors a").all():
        target = link.get_attribute("href") or ""
        assert page.locator(target).count() == 1, target
    page.context.close()


def test_a_form_is_asked_about_and_sent_once(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    sent: list[str] = []

    def taken(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=204)  # the page stays

    page.route("**/ui/?*", taken)
    _open(page, address + "/ui/")
    page.get_by_role("button", name="先问一句").click()
    page.get_by_role("button", name="取消").last.click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert sent == []
    page.get_by_role("button", name="先问一句").click()
    with page.expect_request("**/ui/?*"):
        page.get_by_role("button", name="确定").click()
    page.wait_for_timeout(300)  # a second one would come at once
    assert len(sent) == 1
    with page.expect_request("**/ui/?*"):
        page.get_by_role("button", name="只提交一次").evaluate(
            "b => new Promise(done => { b.click(); setTimeout(() => done(b.click()), 50); })"
        )
    page.wait_for_timeout(300)
    assert len(sent) == 2
    page.context.close()


def test_a_big_photo_is_made_smaller_and_can_be_taken_out(
    chrome: Browser, address: str, tmp_path: Path
) -> None:
    big = tmp_path / "现场.png"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(big)
    fake = tmp_path / "假图.png"
    fake.write_bytes(b"not a picture" * 60_000)
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    box = page.locator('form[data-draft="style"] [data-drop]')
    box.locator("input").set_input_files([big, fake])
    page.wait_for_function(
        "() => document.querySelectorAll('form[data-draft] [data-preview] li').length == 2"
    )
    files = """async (input) => Promise.all([...input.files].map(async f => [f.name, f.size,
        await createImageBitmap(f).then(b => Math.max(b.width, b.height), () => null)]))"""
    first, second = box.locator("input").evaluate(files)
    assert first[0] == "现场.jpg"
    assert first[2] == 1600
    assert first[1] < big.stat().st_size
    assert second[:2] == ["假图.png", fake.stat().st_size], (
        "what cannot be redrawn is sent as it is"
    )
    box.get_by_label("移除 现场.jpg").click()
    expect(box.locator("input")).to_have_js_property("files.length", 1)
    page.context.close()


def test_maps_show_areas_and_points_and_take_a_place(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    page.wait_for_selector("#city[data-ready]")
    page.wait_for_selector("#pick[data-ready]")
    expect(page.locator("#city .map-name")).to_have_count(4)
    page.wait_for_selector("#city .map-count")
    lon = page.locator('[name="place_lon"]')
    before = lon.input_value()
    page.locator("#pick").scroll_into_view_if_needed()
    page.locator("#pick canvas").click(position={"x": 120, "y": 120})
    expect(lon).not_to_have_value(before)
    clicked = lon.input_value()
    page.locator("#pick .maplibregl-marker[role=button]").focus()
    page.keyboard.press("ArrowRight")
    expect(lon).not_to_have_value(clicked)
    moved = float(lon.input_value()) - float(clicked)
    assert 0 < moved < 0.01, "an arrow key moves the mark a little to the east"
    page.context.close()


def test_without_webgl_a_map_says_so(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    _open(page, address + "/ui/")
    page.wait_for_selector(".map-off:visible")
    expect(page.locator("#pick")).to_be_hidden()
    expect(page.locator(".map-off").last).to_contain_text("可以直接填写地址")
    page.context.close()


def test_a_chart_is_drawn_and_its_figures_can_be_read(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    page.wait_for_selector("#bars[data-ready] canvas", state="attached")
    figure = page.locator("figure:has(#bars)")
    figure.locator("summary").click()
    expect(figure.locator("tbody tr")).to_have_count(6)
    assert figure.locator("tbody tr").last.inner_text().split() == ["6月", "190", "181"]
    page.context.close()


def test_the_server_says_a_word_by_a_trigger(chrome: Browser, address: str) -> None:
    page = _page(chrome, address)
    _open(page, address + "/ui/")
    page.get_by_role("button", name="提示一下").click()
    page.wait_for_selector(".toast-line:has-text('已保存')")
    page.context.close()
