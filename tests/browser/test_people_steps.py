"""What clerks, residents and grid workers do with people, walked at both sizes: found, undone, linked, exported, visited."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_people import DESK, PHONE, faults, keep
from tests.served import told

pytestmark = pytest.mark.browser

PREPARE = """
import django; django.setup()
from datetime import date
from linli.capabilities.registry.models import Household
from linli.capabilities.registry.services import keeping, people as lives
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests import families
from tests.town import Town
people = families.settle()
town = Town()
for who in ("chen", "he", "sun", "wu", "wang", "feng"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
chen = town.act("chen")
lives.death(chen, people["zhang"], on=date(2026, 5, 20))
keeping.count_coverage(town.act("wu"), town.area("东街道"))
with under(system_act()):
    house = Household.objects.get(home__room="101")
print("house", house.pk)
for key in ("wang", "liu", "zhang", "le", "li"):
    print("person-" + key, people[key].pk)
"""
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The families in the served town, one of them entered as dead, and signed-in sessions."""
    return told(served[1], PREPARE)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@SIZES
def test_pages_fit_and_are_accessible(
    opened: Opened, keys: dict[str, str], viewport: dict[str, int]
) -> None:
    person = "/desk/residents/{}/"
    pages = [
        ("chen", person.format(keys["person-zhang"]), "dead"),
        ("chen", person.format(keys["person-li"]), "li"),
        ("chen", f"/desk/households/{keys['house']}/", "household"),
        ("wu", "/desk/residents/coverage/", "coverage"),
        ("wu", "/desk/residents/", "roll"),
        ("he", "/desk/residents/export/", "export"),
        ("he", "/desk/exports/", "shelf"),
        ("chen", person.format(keys["person-le"]) + "bond/", "bond"),
        ("chen", person.format(keys["person-liu"]) + "link/", "link"),
        ("chen", "/desk/residents/?show=left", "left"),
        ("wang", "/me/registry/", "own"),
        ("wang", f"/me/registry/children/{keys['person-le']}/", "child"),
    ]
    for who, path, name in pages:
        page = opened(who, path, viewport)
        keep(page, f"steps-{name}-{viewport['width']}")
        fits(page)
        assert faults(page) == [], path
        page.context.close()


@SIZES
def test_one_box_finds_whatever_there_is(opened: Opened, viewport: dict[str, int]) -> None:
    page = opened("chen", "/desk/day/", viewport)
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("王小梅")
    expect(page.locator("#found")).to_contain_text("人口")
    keep(page, f"steps-found-{viewport['width']}")
    fits(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#found a")).to_have_count(0)
    page.locator("[data-search]").fill("春江花园")
    expect(page.locator("#found")).to_contain_text("小区")
    page.locator("[data-search]").fill("居民委员会")
    expect(page.locator("#found")).to_contain_text("组织")
    page.locator("[data-search]").press("Enter")
    expect(page.locator("h1")).to_contain_text("查找")
    assert "居民委员会" not in page.url and "q=" not in page.url, "what is typed is in no address"
    keep(page, f"steps-found-page-{viewport['width']}")
    fits(page)


@pytest.mark.row("R010")
def test_a_death_entered_by_mistake_is_undone(opened: Opened, keys: dict[str, str]) -> None:
    page = opened("chen", f"/desk/residents/{keys['person-zhang']}/", PHONE)
    page.get_by_role("link", name="撤销死亡登记").click()
    page.locator("#sheet").get_by_label("理由").fill("同名同姓，登记错了人")
    keep(page, "steps-undo-sheet")
    page.locator("#sheet").get_by_role("button", name="撤销办理").click()
    page.wait_for_url("**?done=undo")
    expect(page.get_by_text("已故")).to_have_count(0)
    expect(page.locator(".person-page")).to_contain_text("户籍")
    keep(page, "steps-undone")


@pytest.mark.row("R128")
def test_a_search_is_exported_with_chosen_columns(opened: Opened) -> None:
    page = opened("he", "/desk/residents/?q=王小梅")
    page.get_by_role("link", name="导出").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("导出用途").fill("核对低保材料")
    keep(page, "steps-export-sheet")
    with page.expect_download() as got:
        sheet.get_by_role("button", name="导出").click()
    assert got.value.suggested_filename.endswith(".xlsx")
    page.goto(page.url.split("/desk/")[0] + "/desk/exports/")
    expect(page.locator("main")).to_contain_text("核对低保材料")
    keep(page, "steps-shelf")


def sign(page: Page, pad: Locator) -> None:
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 60, steps=8)
    page.mouse.up()


@pytest.mark.row("R010")
def test_a_visit_without_a_network_waits_and_tells_what_others_changed(
    opened: Opened, keys: dict[str, str]
) -> None:
    page = opened("sun", "/field/visit/", PHONE, service_workers="allow")
    # The pages of the queue must lie on the phone before the network goes.
    page.wait_for_selector("html[data-kept]", state="attached")
    keep(page, "door-today")
    page.goto(page.url + keys["house"] + "/")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.context.set_offline(True)
    form = page.locator("form.visit")
    work = form.locator(f"[name='p{keys['person-wang']}-employment']")
    work.select_option(index=2)
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 140, 90)).save(picture, "JPEG")
    form.locator("input[type=file][name=photos]").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    sign(page, form.locator("[data-sign-pad]"))
    expect(form.locator("[data-sign-say]")).to_contain_text("已签名")
    form.get_by_label("谁签的名").select_option(label="王小梅")
    keep(page, "door-filled-offline")
    form.get_by_role("button", name="登记这次走访").click()
    expect(page.locator("body")).to_contain_text(re.compile("待发|等网络|有网|排队|队列"))
    keep(page, "door-queued")
    clerk = opened("chen", f"/desk/residents/{keys['person-wang']}/correct/")
    clerk.get_by_label("就业状况").select_option(index=3)
    clerk.get_by_role("button", name="更正信息").click()
    clerk.wait_for_url("**?done=correct")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("body")).to_contain_text("有人先改过了")
    keep(page, "door-conflict")
    fits(page)
