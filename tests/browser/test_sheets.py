"""A form that came down to a community, in a real browser: at the desk and at the door, large and small."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_people import DESK, PHONE, Desk, faults, keep
from tests.served import told

pytestmark = pytest.mark.browser
PREPARE = """
import django; django.setup()
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.models import Gap
from linli.capabilities.tables.rules import Column, Way
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests.families import settle
from tests.town import Town
town = Town()
settle()
rounds.open_offices()
# A column of a form's own is asked by that form alone: what one test answers closes no other test's gap.
rounds.FIELDS += ["取暖方式", "门牌照片"]
rounds.admitted(town)
named = rounds.column("姓名", "person.name", asked=False)
heating = Column("heating", ("取暖方式",), Way.OWN)
plates = Column("plates", ("门牌照片",), Way.OWN)
sheet = rounds.issued(town)
second = rounds.issued(town, "走访登记表", rounds.plan(named, heating))
done = rounds.issued(town, "残疾人走访表", rounds.plan(named, plates))
rounds.services.sign(town.act("he"), done, left="住户外出")
for who in ("chen", "sun", "he", "mei", "wu"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
with under(system_act()):
    home = Gap.objects.filter(household__isnull=False).order_by("household").first().household
print("sheet", sheet.pk)
print("second", second.pk)
print("signed", done.pk)
print("taken", done.round_id)
print("home", home)
"""


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """A sheet with gaps in the served town, and signed-in sessions."""
    return told(served[1], PREPARE)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_sheets_fit_and_are_accessible(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int]
) -> None:
    pages = [("chen", "/desk/sheets/"), ("chen", f"/desk/sheets/{keys['sheet']}/")]
    pages += [("sun", "/field/gaps/"), ("sun", f"/field/gaps/{keys['home']}/")]
    for who, path in pages:
        page = opened(who, path, viewport)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        keep(page, f"sheets-{viewport['width']}-{path.strip('/').replace('/', '-')[:30]}")


@pytest.mark.row("R011")
def test_a_sheet_is_filled_by_keyboard_and_handed_in(opened: Desk, keys: dict[str, str]) -> None:
    where = f"/desk/sheets/{keys['sheet']}/"
    page = opened("chen", where, DESK)
    assert page.locator("[data-tip]:not([data-tip=''])").count() > 0
    told = page.locator("a.cell-open[data-tip]:not([data-tip=''])").first
    told.focus()
    keep(page, "sheets-source")
    cells = page.locator(".cell-field[data-column='工作单位']")
    many = cells.count()
    assert many >= 3
    cells.nth(0).focus()
    page.keyboard.type("市一院")
    page.keyboard.press("Enter")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.type("拒绝提供")
    page.keyboard.press("ArrowDown")
    expect(cells.nth(2)).to_be_focused()
    expect(page.locator("td.is-saved")).to_have_count(1)
    expect(page.locator("td.is-wrong .cell-wrong")).to_contain_text("请写明原因")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+a")
    page.keyboard.type("拒绝提供：本人不愿意")
    page.keyboard.press("Enter")
    expect(page.locator("td.is-saved")).to_have_count(2)
    keep(page, "sheets-filled")
    page.reload()
    expect(page.get_by_text("市一院").first).to_be_visible()
    expect(page.get_by_text("拒绝提供").first).to_be_visible()
    head = opened("he", where, DESK)
    head.get_by_role("button", name="确认并上报").click()
    expect(head.get_by_text("没有补上").first).to_be_visible()
    head.get_by_label("空着的原因").fill("住户外出")
    head.get_by_role("button", name="确认并上报").click()
    expect(head.get_by_text("社区已确认").first).to_be_visible()


PASTE = """
([field, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


def test_a_column_is_pasted_and_one_cell_said_to_be_none(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", f"/desk/sheets/{keys['second']}/", DESK)
    cells = page.locator(".cell-field[data-column='heating']")
    many = cells.count()
    if many >= 2:
        held = cells.first.element_handle()
        page.evaluate(PASTE, [held, "市二院\n确无\n"])
        expect(page.get_by_text("已粘贴 2 格")).to_be_visible()
        expect(page.locator("td.is-saved")).to_have_count(2)
    page.reload()
    expect(page.get_by_text("确无").first).to_be_visible()
    page.locator("a.cell-more").first.click()
    expect(page.locator("#sheet")).to_be_visible()
    page.get_by_text("不清楚：问过了，没人知道").click()
    page.locator("#sheet [name=why]").fill("老人记不得")
    keep(page, "sheets-cell")
    page.locator("#sheet").get_by_role("button", name="记下").click()
    expect(page.get_by_text("不清楚").first).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_rounds_fit_and_are_accessible(
    opened: Desk, keys: dict[str, str], viewport: dict[str, int]
) -> None:
    at = f"/desk/rounds/{keys['taken']}/"
    pages = [("mei", "/desk/rounds/"), ("mei", at), ("mei", f"{at}sheets/{keys['signed']}/")]
    pages += [("wu", at), ("chen", f"/desk/sheets/{keys['second']}/paper/")]
    for who, path in pages:
        page = opened(who, path, viewport)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        keep(page, f"rounds-{viewport['width']}-{who}-{path.strip('/').replace('/', '-')[:30]}")


@pytest.mark.row("R128")
def test_a_door_is_answered_without_a_network(opened: Desk, keys: dict[str, str]) -> None:
    page = opened("sun", "/field/gaps/", PHONE, service_workers="allow")
    page.wait_for_selector("html[data-kept]", state="attached")
    page.context.set_offline(True)
    page.locator("a[data-stop]").first.click()
    field = page.locator("form.visit input[type=text][name^='gap-']").first
    field.fill("市六院")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-queue] .item-title").first).to_be_visible()
    keep(page, "doors-offline")
    page.context.set_offline(False)
    page.get_by_role("button", name="现在上传").click()
    expect(page.locator("[data-queue] [data-state=done]").first).to_be_visible()
