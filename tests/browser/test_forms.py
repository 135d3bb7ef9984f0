"""A department's form in a real browser: uploaded, confirmed on its picture by mouse and by keys, large and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from linli.capabilities.tables.tests.making import load, make
from tests.browser.test_people import DESK, PHONE, Desk, faults, keep
from tests.served import ROOT, told

pytestmark = pytest.mark.browser
REAL = ROOT.parent / "shared/data/forms"
PREPARE = """
import django; django.setup()
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from tests.families import settle
from tests.town import Town
town = Town()
settle()
rounds.open_offices()
rounds.admitted(town)
for who in ("mei", "chen"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
"""


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The offices of the served town, and signed-in sessions."""
    return told(served[1], PREPARE)


def made(name: str, folder: Path) -> Path:
    return make(next(each for each in load("known.yaml") if each["name"] == name), folder).file


def bring(opened: Desk, file: Path, viewport: dict[str, int] = DESK) -> Page:
    page = opened("mei", "/desk/forms/new/", viewport)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url(re.compile(r"/desk/forms/\d+/$"))
    return page


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_made_form_is_drawn_and_fits(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int], tmp_path: Path
) -> None:
    for name in [each["name"] for each in load("known.yaml")][:4]:
        page = bring(opened, made(name, tmp_path), viewport)
        expect(page.locator(".paper a.mark").first).to_be_visible()
        assert faults(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep(page, f"forms-{viewport['width']}-{name}")
        page.locator(".paper a.mark").nth(2).click()
        expect(page.locator("#pane .pane-form")).to_be_visible()
        assert faults(page) == [], name
        keep(page, f"forms-{viewport['width']}-{name}-pane")
