"""The field worker's phone in a real browser: installed, without a network, and back again."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    expect,
    sync_playwright,
)

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Evidence, Matter
from linli.kernel.access.sessions import Session
from linli.kernel.acts import system_act, under
from linli.site import cluster
from tests import database
from tests.town import Town

pytestmark = pytest.mark.browser
# Playwright keeps a loop in this thread; the tests themselves are plain and wait for it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUEUE = "#main [data-queue] > li"
_mark = [0]


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return os.environ.get("LINLI_CHROMIUM") or found or "chromium"


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def own_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The town in a database of these tests' own, one server on it."""
    name = database.fresh_name("o")
    with django_db_blocker.unblock():
        before = settings.DATABASES["default"]["NAME"]
        database.create(name, database.template())
        database.use(name)
        try:
            yield Town()
        finally:
            database.use(before)
            database.drop(name)


@pytest.fixture(scope="module")
def base(own_town: Town) -> Iterator[str]:
    """A server of the house on that town."""
    port = _port()
    name = settings.DATABASES["default"]["NAME"]
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", name),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
    }
    command = [sys.executable, "-m", "linli.site.cli", "serve", "--port", str(port)]
    server = subprocess.Popen([*command, "--workers", "1", "--without-worker"], env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert server.poll() is None, "the server did not start"
        try:
            if httpx.get(f"{address}/health/", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer within two minutes")


@pytest.fixture(autouse=True)
def _from_here(own_town: Town) -> None:
    """Each test counts the matters made after it began."""
    with under(system_act()):
        _mark[0] = Matter.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), args=FLAGS)
        yield browser
        browser.close()


def session_of(town: Town, who: str) -> str:
    """The cookie of somebody who has signed in."""
    session = Client().session
    hat = town.act(who).hat
    session.update({"account": town.account(who).pk, "hat": hat, "second": True})
    session.save()
    return str(session.session_key)


def phone(chrome: Browser, town: Town, base: str, who: str = "sun") -> tuple[BrowserContext, Page]:
    """A phone on which somebody is signed in and the field page is installed."""
    context = chrome.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        permissions=["geolocation"],
        geolocation={"longitude": 120.3375, "latitude": 31.595},
    )
    context.add_cookies([{"name": "linli", "value": session_of(town, who), "url": base}])
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{base}/field/")
    page.wait_for_selector("html[data-kept]", state="attached")
    return context, page


def lamp(town: Town, title: str = "3号楼楼道灯坏了") -> Matter:
    act = town.act("wang")
    area = town.area("甲社区第一网格").pk
    intake = services.Intake(
        code="0901", title=title, area=area, reporter=act.actor, lon=120.338, lat=31.596
    )
    return services.report(act, intake=intake)


def picture() -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#7a8b99").save(out, "JPEG")
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill_report(page: Page, title: str) -> None:
    page.fill("[name=title]", title)
    page.select_option("[name=code]", "0901")
    page.set_input_files("[name=photos]", picture())
    page.wait_for_selector("[data-preview] li")
    page.click("text=提交上报")


def matters() -> list[Matter]:
    with under(system_act()):
        return list(Matter.objects.filter(pk__gt=_mark[0]).order_by("pk"))


@pytest.mark.row("R123")
def test_a_report_made_without_a_network_arrives_once(
    chrome: Browser, own_town: Town, base: str
) -> None:
    context, page = phone(chrome, own_town, base)
    context.set_offline(True)
    page.goto(f"{base}/field/report/")
    expect(page.locator("[data-sync-text]")).to_contain_text("离线")
    fill_report(page, "离线看到的坏灯")
    page.wait_for_url("**/field/queue/")
    expect(page.locator(QUEUE)).to_contain_text(["离线看到的坏灯"])
    fill_report_again(page, base)
    assert matters() == []
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{QUEUE}[data-state=done]")).to_have_count(2)
    page.reload()
    page.click("text=现在上传")
    expect(page.locator("[data-sync-text]")).to_have_text("已同步")
    found = matters()
    assert [m.title for m in found] == ["离线看到的坏灯", "又一处"]
    with under(system_act()):
        assert Evidence.objects.filter(use="report", matter__in=found).count() == 2
    assert {m.channel for m in found} == {"field"}
    context.close()


def fill_report_again(page: Page, base: str) -> None:
    page.goto(f"{base}/field/report/")
    fill_report(page, "又一处")
    page.wait_for_url("**/field/queue/")
    expect(page.locator(QUEUE)).to_have_count(2)


def test_accepted_and_handled_without_a_network_in_order(
    chrome: Browser, own_town: Town, base: str
) -> None:
    matter = lamp(own_town)
    context, page = phone(chrome, own_town, base)
    context.set_offline(True)
    page.click(f"[data-stop][href*='{matter.number}']")
    page.locator("summary", has_text="我来办").click()
    page.click("text=提交：我来办")
    page.wait_for_url("**/field/queue/")
    page.goto(f"{base}/field/")
    expect(page.locator("[data-stop]").first).to_be_visible()
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{QUEUE}[data-state=done]")).to_have_count(1)
    page.goto(f"{base}/field/matters/{matter.number}/")
    page.wait_for_selector("html[data-kept]", state="attached")
    context.set_offline(True)
    page.reload()
    page.fill("form[data-queue-form=handle] [name=outcome]", "换了灯泡")
    page.set_input_files("form[data-queue-form=handle] [name=photos]", picture())
    page.wait_for_selector("form[data-queue-form=handle] [data-preview] li")
    page.click("text=提交：办好了")
    page.wait_for_url("**/field/queue/")
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{QUEUE}[data-state=done]")).to_have_count(2)
    now = matters()[0]
    assert now.state == "handled" and now.handler_id == own_town.account("sun").pk
    context.close()


def test_what_a_colleague_did_meanwhile_is_shown_and_kept(
    chrome: Browser, own_town: Town, base: str
) -> None:
    matter = lamp(own_town)
    context, page = phone(chrome, own_town, base)
    context.set_offline(True)
    page.click(f"[data-stop][href*='{matter.number}']")
    page.locator("summary", has_text="我来办").click()
    page.click("text=提交：我来办")
    page.wait_for_url("**/field/queue/")
    services.accept(own_town.act("chen"), matter)
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    line = page.locator(f"{QUEUE}[data-state=conflict]")
    expect(line).to_contain_text("已有变化")
    assert matters()[0].assignee_id == own_town.account("chen").pk
    page.reload()
    expect(line).to_have_count(1)
    line.get_by_text("删除").click()
    page.locator("dialog[open] button", has_text="取消").click()
    expect(line).to_have_count(1)
    line.get_by_text("删除").click()
    page.locator("dialog[open] button", has_text="确定").click()
    expect(line).to_have_count(0)
    context.close()


def test_a_photo_that_cannot_be_taken_is_left_out_and_the_rest_is_sent(
    chrome: Browser, own_town: Town, base: str
) -> None:
    reported = lamp(own_town)
    matter = services.accept(own_town.act("sun"), reported)
    context, page = phone(chrome, own_town, base)
    page.goto(f"{base}/field/matters/{matter.number}/")
    page.wait_for_selector("html[data-kept]", state="attached")
    context.set_offline(True)
    page.reload()
    page.fill("form[data-queue-form=handle] [name=outcome]", "换了灯泡，也擦了灯罩")
    good = picture()
    cut: FilePayload = {**good, "name": "cut.jpg", "buffer": good["buffer"][:900]}
    page.set_input_files("form[data-queue-form=handle] [name=photos]", [good, cut])
    expect(page.locator("form[data-queue-form=handle] [data-preview] li")).to_have_count(2)
    page.click("text=提交：办好了")
    page.wait_for_url("**/field/queue/")
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    line = page.locator(f"{QUEUE}[data-state=refused]")
    expect(line).to_contain_text("cut.jpg")
    expect(line).to_contain_text("换了灯泡，也擦了灯罩")
    line.get_by_text("去掉这张照片再交").click()
    expect(page.locator(f"{QUEUE}[data-state=done]")).to_have_count(1)
    assert matters()[0].state == "handled"
    with under(system_act()):
        assert Evidence.objects.filter(use="handle", matter=matter).count() == 1
    context.close()


def test_what_was_closed_meanwhile_is_said_with_the_words_kept(
    chrome: Browser, own_town: Town, base: str
) -> None:
    reported = lamp(own_town)
    matter = services.accept(own_town.act("sun"), reported)
    context, page = phone(chrome, own_town, base)
    page.goto(f"{base}/field/matters/{matter.number}/")
    page.wait_for_selector("html[data-kept]", state="attached")
    context.set_offline(True)
    page.reload()
    page.fill("form[data-queue-form=handle] [name=outcome]", "我也去换了一次")
    page.click("text=提交：办好了")
    page.wait_for_url("**/field/queue/")
    services.withdraw(own_town.act("wang"), matter, reason="已经亮了")
    context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    line = page.locator(f"{QUEUE}[data-state=conflict]")
    expect(line).to_contain_text("现在是“已撤回”")
    expect(line).to_contain_text("我也去换了一次")
    expect(line.get_by_text("看最新情况")).to_be_visible()
    expect(line.get_by_text("看过了，仍然提交")).to_have_count(0)
    expect(line.get_by_text("再试一次")).to_have_count(0)
    context.close()


def test_a_session_that_ended_keeps_the_queue(chrome: Browser, own_town: Town, base: str) -> None:
    context, page = phone(chrome, own_town, base)
    context.set_offline(True)
    page.goto(f"{base}/field/report/")
    fill_report(page, "登录过期也不丢")
    page.wait_for_url("**/field/queue/")
    Session.objects.all().delete()
    context.set_offline(False)
    page.click("text=现在上传")
    expect(page.locator("main [data-signin]")).to_be_visible()
    assert matters() == []
    context.add_cookies([{"name": "linli", "value": session_of(own_town, "qian"), "url": base}])
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{QUEUE}[data-state=other]")).to_have_count(1)
    context.add_cookies([{"name": "linli", "value": session_of(own_town, "sun"), "url": base}])
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{QUEUE}[data-state=done]")).to_have_count(1)
    assert [m.title for m in matters()] == ["登录过期也不丢"]
    context.close()


def test_online_it_goes_straight_through_and_fits_the_phone(
    chrome: Browser, own_town: Town, base: str
) -> None:
    lamp(own_town)
    context, page = phone(chrome, own_town, base)
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(f"{base}/field/report/")
    page.click("text=用我的位置")
    expect(page.locator("[data-here-say]")).to_contain_text("甲社区第一网格")
    page.fill("[name=title]", "楼道灯不亮")
    page.locator("[data-suggested] button").first.click()
    page.set_input_files("[name=photos]", picture())
    page.wait_for_selector("[data-preview] li")
    page.click("text=提交上报")
    page.wait_for_url("**/field/matters/**")
    expect(page.locator(".toasts")).to_contain_text("已上报")
    assert matters()[-1].lon == pytest.approx(120.3375)
    for path in ("/field/", "/field/report/", "/field/verify/", "/field/queue/"):
        page.goto(base + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
    assert said == []
    context.close()
