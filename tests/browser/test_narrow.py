"""Every page of everybody's navigation on a phone: none is wider than the window, none is missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.served import told

from .conftest import PHONE

pytestmark = pytest.mark.browser
CAST = ("guest", "wang", "sun", "chen", "he", "wu", "zheng", "feng")
PREPARE = f"""
import django; django.setup()
from linli.capabilities.matters import services
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests.town import Town
town = Town()
wang = town.act("wang")
services.report(wang, intake=services.Intake(code="0901", title="灯" * 60, area=town.area("甲社区第一网格").pk,
    body="https://example.org/" + "a" * 300, reporter=wang.actor, address="x" * 120, lon=120.34, lat=31.595))
for who in {CAST[1:]!r}:
    act, store = town.act(who), SessionStore()
    store.update({{"account": act.actor, "hat": act.hat, "second": True}})
    store.save()
    print(who, store.session_key)
"""
LINKS = """() => [...document.querySelectorAll("nav a[href^='/']")].map((link) => link.getAttribute("href").split("#")[0])"""
WIDE = "() => document.documentElement.scrollWidth - innerWidth"
LONG = "/desk/matters/?show=all&q=" + "w" * 60


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The session of everybody of the cast."""
    return told(served[1], PREPARE)


@pytest.mark.parametrize("who", CAST)
def test_no_page_of_the_navigation_is_wider_than_a_phone(
    who: str, chromium: Browser, server: str, keys: dict[str, str]
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    context.route("**/*.{png,webp,js,mjs}", lambda route: route.abort())
    if who in keys:
        context.add_cookies([{"name": "linli", "value": keys[who], "url": server}])
    page, faults = context.new_page(), []
    page.goto(server + "/desk/" if who not in ("guest", "wang") else server)
    paths = dict.fromkeys([*page.evaluate(LINKS), *([LONG] if who == "chen" else [])])
    assert len(paths) > 3
    for path in paths:
        answer = page.goto(server + path, wait_until="domcontentloaded")
        assert answer is not None
        if answer.status != 200 or page.evaluate(WIDE) > 0:
            faults.append((path, answer.status, page.evaluate(WIDE)))
    context.close()
    assert faults == []
