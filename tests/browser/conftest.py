"""A real server with a town of its own, and a browser to walk it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from linli.site import cluster
from tests import database

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
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 900}
WAIT_SECONDS = 180
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def served(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Address and database of a running server in demo mode, on a clone of the town."""
    with django_db_blocker.unblock():
        name = database.fresh_name("b")
        database.create(name, database.template())
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # What a walk is given before lies where its server looks for files.
    os.environ["LINLI_MEDIA"] = str(folder / "media")
    process = _start(port, name, folder)
    try:
        _await(f"http://127.0.0.1:{port}/health/", process, folder / "log")
        yield f"http://127.0.0.1:{port}", name
    finally:
        _end(process)
        os.environ.pop("LINLI_MEDIA", None)
        database.drop(name)


def _start(port: int, name: str, folder: Path) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", name),
        "LINLI_OWNER_URL": cluster.address("owner", name),
        "LINLI_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
    }
    command = [sys.executable, "-m", "linli.site.cli", "serve"]
    command += ["--port", str(port), "--workers", "1"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself, which was said already
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


@pytest.fixture(scope="module")
def server(served: tuple[str, str]) -> str:
    """The address of the running server."""
    return served[0]


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One browser for a module, opened once the database is there."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("LINLI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def settled(page: Page) -> Page:
    """The page, once its scripts listen (where it has any)."""
    if page.locator("html.js").count():
        page.wait_for_selector("html[data-ready]", state="attached")
    return page


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[Open]:
    """Open a page of the server in a fresh profile: `open_page(path, viewport, **context)`."""
    contexts = []

    def opened(path: str, viewport: ViewportSize | None = None, **options: Any) -> Page:
        context = chromium.new_context(viewport=viewport or PHONE, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(server + path)
        return settled(page)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def opened(open_page: Open, server: str, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a page as somebody whose session the module's `keys` hold; errors of its scripts fail the test."""
    keys: dict[str, str] = request.getfixturevalue("keys")
    broken: list[str] = []

    def visit(who: str, path: str, viewport: ViewportSize = DESK, **options: Any) -> Page:
        page = open_page("/health/", viewport, **options)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.context.add_cookies([{"name": "linli", "value": keys[who], "url": server}])
        page.goto(server + path)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield visit
    assert broken == []
