"""Ledgers in a real browser: an entry, a community's own ledger made by mouse, the booklet on paper, the one list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.test_people import DESK, PHONE, Desk, faults, keep
from tests.served import told

pytestmark = pytest.mark.browser
PREPARE = """
import django; django.setup()
from datetime import date
from linli.capabilities.tables.services import entries
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from linli.kernel.tasks.services import ToDo, add_many
from linli.capabilities.registry.models import Household
from tests.families import settle
from tests.town import Town
town = Town()
settle()
for who in ("chen", "sun", "wu"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
act = town.act("chen")
with under(act):
    area = town.area("甲社区")
    for n in range(70):
        values = {"activity.title": f"第{n + 1}次活动", "activity.kind": "sport" if n % 2 else "culture", "activity.cost": str(n + 1)}
        row = entries.enter(act, kind="activity", area=area, day=date(2026, 5, 1 + n % 28), values=values)
    print("entry", row.pk)
    home = Household.objects.filter(area__gte=area.pk, area__lt=area.hi).first()
    add_many(act, [
        ToDo("tables.visit", "registry.household", home.pk, area.pk, "入户补采：缺 2 项", household=home.pk),
        ToDo("registry.call", "registry.household", home.pk, area.pk, "探访独居老人", household=home.pk),
    ])
"""


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """Seventy activities, a household to visit, and signed-in sessions."""
    return told(served[1], PREPARE)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_ledgers_fit_and_are_accessible(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int]
) -> None:
    paths = ["/desk/ledgers/", "/desk/ledgers/L05/", "/desk/ledgers/L05/?on=2026-05-01"]
    paths += ["/desk/ledgers/L05/print/", "/desk/entries/new/activity/"]
    paths += [f"/desk/entries/{keys['entry']}/", "/desk/todo/", "/desk/todo/walk/"]
    pages = [("chen", path) for path in paths]
    pages += [("sun", "/field/entries/"), ("sun", "/field/entries/supply/")]
    for who, path in pages:
        page = opened(who, path, viewport)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        keep(page, f"ledgers-{viewport['width']}-{path.strip('/').replace('/', '-')[:30]}")


@pytest.mark.row("R092")
def test_a_clerk_enters_once_and_finds_it_in_the_other_ledger(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", "/desk/ledgers/L05/", DESK)
    page.get_by_role("link", name="记一笔").click()
    page.get_by_label("活动名称").fill("中秋邻里宴")
    page.get_by_label("活动类别").select_option(label="节日活动")
    page.get_by_label("活动经费（元）").fill("888")
    page.get_by_label("活动志愿者").fill("王小梅、外来讲师")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("该有它的台账里都有了")).to_be_visible()
    page.goto(page.url.split("/desk/")[0] + "/desk/ledgers/L28/")
    expect(page.get_by_text("888")).to_be_visible()
    page.get_by_role("link", name="中秋邻里宴").or_(page.get_by_text("中秋邻里宴")).first.click()


@pytest.mark.row("R092")
def test_a_community_makes_its_own_ledger_by_mouse_ends_it_and_takes_it_back(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", "/desk/ledgers/", DESK)
    page.get_by_role("link", name="社区活动", exact=True).click()
    page.get_by_role("link", name="筛选").click()
    page.locator("#sheet").get_by_role("link", name="活动类别").click()
    page.locator("#sheet").get_by_text("文化活动").click()
    page.locator("#sheet").get_by_role("button", name="按这个筛").click()
    expect(page.get_by_text("活动类别是“文化活动”")).to_be_visible()
    page.get_by_role("link", name="列", exact=True).click()
    page.locator("#sheet").get_by_text("活动经费（元）", exact=True).click()
    page.locator("#sheet").get_by_role("button", name="就这样显示").click()
    page.get_by_role("link", name="活动日期").click()
    page.wait_for_url("**sort=**")
    page.get_by_role("link", name="存为自建台账").click()
    page.locator("#sheet").get_by_label("台账名称").fill("文化活动花费")
    page.locator("#sheet").get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="文化活动花费")).to_be_visible()
    street = opened("wu", "/desk/ledgers/", DESK)
    expect(street.get_by_role("link", name="文化活动花费")).to_be_visible()
    page.get_by_role("link", name="停用").click()
    page.locator("#sheet").get_by_label("停用原因").fill("合并到活动台账")
    page.locator("#sheet").get_by_role("button", name="停用").click()
    row = page.locator(".ended li", has_text="文化活动花费")
    row.get_by_role("button", name="恢复").click()
    expect(page.get_by_role("heading", name="文化活动花费")).to_be_visible()


@pytest.mark.row("R092")
def test_the_booklet_prints_on_several_pages_with_its_head_on_each(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", "/desk/ledgers/L05/print/", DESK)
    page.emulate_media(media="print")
    assert not page.get_by_text("用浏览器的打印").is_visible()
    head = page.locator(".leaf thead").first
    assert head.evaluate("el => getComputedStyle(el).display") == "table-header-group"
    assert page.locator(".cover").evaluate("el => getComputedStyle(el).breakAfter") == "page"
    made = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) >= 4
    assert re.search(rb"/MediaBox\s*\[0 0 84[12]", made)  # A4 on its side


@pytest.mark.row("R094")
def test_one_household_is_one_visit_and_one_click_away(opened: Desk, keys: dict[str, str]) -> None:
    page = opened("chen", "/desk/day/", DESK)
    expect(page.get_by_text("2 件事，一次上门")).to_be_visible()
    page.get_by_role("link", name="待办清单").first.click()
    page.wait_for_url("**/desk/todo/")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("j")
    expect(page.locator(".stop.is-here")).to_have_count(1)
    page.get_by_role("link", name="打印走访单").click()
    expect(page.locator(".walk td", has_text="探访独居老人")).to_be_visible()


@pytest.mark.row("R092")
def test_what_is_noted_on_the_phone_without_a_network_is_entered_once(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("sun", "/field/entries/", PHONE)
    base = page.url.split("/field/")[0]
    queue = "#main [data-queue] > li"
    page.wait_for_selector("html[data-kept]", state="attached")
    page.context.set_offline(True)
    broken: FilePayload = {"name": "泵.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    for name, files in (("沙袋", []), ("水泵", [broken])):
        page.goto(f"{base}/field/entries/supply/")
        page.fill("[name=f-name]", name)
        page.fill("[name=f-amount]", "20")
        page.set_input_files("[name=photos]", files)
        page.get_by_role("button", name="保存").click()
        page.wait_for_url("**/field/queue/")
        expect(page.locator(queue).first).to_contain_text("记一笔")
    page.context.set_offline(False)
    page.goto(f"{base}/field/queue/")
    expect(page.locator(f"{queue}[data-state=done]")).to_have_count(1)
    page.locator(f"{queue}[data-state=refused]").get_by_role("link").click()
    expect(page.locator("[name=f-name]")).to_have_value("水泵")
    page.locator("[data-preview] li button").click()
    expect(page.locator("[data-preview] li")).to_have_count(0)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/field/entries/?done=yes")
    for name in ("沙袋", "水泵"):
        expect(page.locator("main").get_by_text(name, exact=True)).to_have_count(1)
