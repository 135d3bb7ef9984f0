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
    page.wait_for_url(re.compile(r"/desk/forms/\d+/$"), timeout=90_000)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_made_form_is_drawn_and_fits(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int], tmp_path: Path
) -> None:
    for name in ("居民基本信息登记表", "居民信息登记卡"):
        page = bring(opened, made(name, tmp_path), viewport)
        expect(page.locator(".paper a.mark").first).to_be_visible()
        assert faults(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep(page, f"forms-{viewport['width']}-{name}")
        page.locator(".paper a.mark").nth(2).click()
        expect(page.locator("#pane .pane-form")).to_be_visible()
        assert faults(page) == [], name
        keep(page, f"forms-{viewport['width']}-{name}-pane")


def elders(folder: Path, name: str = "老年人需求摸排表", last: str = "帮扶意向") -> Path:
    heads = ["姓名 = x", "出生日期 = x", "文化程度 = x", "工作单位 = x", f"{last} = x"]
    spec = {"name": name, "sheets": [{"title": name, "heads": heads, "rows": 3}]}
    return make(spec, folder).file


def test_a_form_is_confirmed_by_mouse_refused_and_then_sent(
    opened: Desk, keys: dict[str, str], tmp_path: Path
) -> None:
    page = bring(opened, elders(tmp_path))
    page.get_by_role("button", name=re.compile("有把握的 4 列")).click()
    expect(page.locator(".paper .mark-done")).to_have_count(4)
    page.locator(".paper .mark-unknown").click()
    page.locator("label", has_text="由填表人手填").click()
    page.get_by_role("button", name="确认这一列").click()
    page.get_by_role("button", name="这张表确认好了").click()
    page.get_by_role("link", name="选社区下发").click()
    page.locator("label.tree-tick", has_text="东街道").click()
    expect(page.locator("#preview")).to_contain_text("平台直接填好")
    assert faults(page) == []
    page.get_by_label("填报期").fill("2026年12月")
    page.get_by_role("button", name="下发", exact=True).click()
    expect(page.get_by_role("link", name="去申请准入")).to_be_visible()
    page.get_by_label("依据哪一项准入事项").select_option("T91")
    page.get_by_role("button", name="下发", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("超出准入的字段")
    keep(page, "forms-send-refused")


@pytest.mark.skipif(not REAL.exists(), reason="the real workbooks are not here")
def test_a_real_workbook_is_drawn_with_its_sheets(opened: Desk, keys: dict[str, str]) -> None:
    page = bring(opened, REAL / "java110_hc.xlsx")
    expect(page.get_by_role("link", name="房屋信息")).to_be_visible()
    page.get_by_role("link", name="房屋信息").click()
    expect(page.locator(".paper a.mark").first).to_be_visible()
    assert faults(page) == []
    keep(page, "forms-real")
