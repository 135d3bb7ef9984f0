"""A form that came down to a community, in a real browser: at the desk and at the door, large and small."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.test_people import DESK, PHONE, Desk, faults, keep
from tests.served import told

pytestmark = pytest.mark.browser
PREPARE = """
import django; django.setup()
from pathlib import Path
from tempfile import mkdtemp
from linli.capabilities.registry.models import Person
from linli.capabilities.tables import services
from linli.capabilities.tables.tests import test_editions as frozen
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
rounds.FIELDS += ["取暖方式", "门牌照片", "养老意愿", "服务需求"]
rounds.admitted(town)
named = rounds.column("姓名", "person.name", asked=False)
heating = Column("heating", ("取暖方式",), Way.OWN)
plates = Column("plates", ("门牌照片",), Way.OWN)
wishes = Column("wishes", ("养老意愿",), Way.OWN)
sheet = rounds.issued(town)
second = rounds.issued(town, "走访登记表", rounds.plan(named, heating))
done = rounds.issued(town, "残疾人走访表", rounds.plan(named, plates))
lost = rounds.issued(town, "养老意愿登记表", rounds.plan(named, wishes))
rounds.services.sign(town.act("he"), done, left="住户外出")
# Two periods of one form: the first frozen, the second taken and left to be frozen.
monthly = frozen.with_file(Path(mkdtemp()))
services.freeze(town.act("mei", frozen.NOW), frozen.filled(town, monthly, "2026年7月"))
with under(system_act()):
    Person.objects.filter(name="张伟").update(workplace="惠民医院")
later = frozen.filled(town, monthly, "2026年8月")
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
print("lost", lost.pk)
print("signed", done.pk)
print("taken", done.round_id)
print("monthly", later.pk)
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


def test_a_choice_that_narrows_a_list_needs_no_second_click(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("chen", f"/desk/sheets/{keys['second']}/", DESK)
    page.locator("[data-submit]").check()
    page.wait_for_url("**only=gaps**")
    expect(page.locator("[data-submit]")).to_be_checked()


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


@pytest.mark.row("R128")
def test_what_is_pressed_before_the_scripts_arrive_waits_for_them(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("sun", "/field/gaps/", PHONE)
    late: list[Route] = []
    page.route("**/matters/field.js*", lambda route: late.append(route))
    page.goto(page.url + f"{keys['home']}/", wait_until="commit")
    # The page may still be arriving: its last line is known once the button below it is there.
    save = page.get_by_role("button", name="保存")
    save.wait_for()
    beside = page.locator("details.not-told").last
    beside.locator("summary").click()
    beside.locator("select").select_option("declined")
    save.click()
    expect(save).to_have_class(re.compile("is-busy"))
    save.click(force=True)
    assert page.url.endswith(f"/gaps/{keys['home']}/")
    late[0].continue_()
    page.wait_for_url("**/field/queue/")
    expect(page.locator("[data-queue] [data-state=refused]")).to_have_count(1)


@pytest.mark.row("R128")
def test_an_answer_that_was_refused_is_put_right_at_its_door(
    opened: Desk, keys: dict[str, str]
) -> None:
    page = opened("sun", f"/field/gaps/{keys['home']}/", PHONE, service_workers="allow")
    page.wait_for_selector("html[data-kept]", state="attached")
    beside = page.locator("details.not-told").last
    beside.locator("summary").click()
    beside.locator("select").select_option("declined")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/field/queue/")
    refused = page.locator("[data-queue] [data-state=refused]")
    expect(refused).to_contain_text("原因")
    refused.get_by_role("link", name="改一改再交").click()
    page.wait_for_url("**entry=**")
    expect(beside.locator("select")).to_have_value("declined")
    beside.locator("input").fill("住户不愿说")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(lambda url: "entry=" not in url)
    page.goto(page.url.split("/field/")[0] + "/field/queue/")
    expect(page.locator("[data-queue] [data-state=refused]")).to_have_count(0)


@pytest.mark.row("R011")
def test_nothing_typed_is_lost_when_the_session_ends(
    opened: Desk, keys: dict[str, str], served: tuple[str, str]
) -> None:
    page = opened("chen", f"/desk/sheets/{keys['lost']}/", DESK)
    cell = page.locator(".cell-field").first
    name = cell.get_attribute("name")
    page.context.clear_cookies()
    cell.fill("市五院")
    cell.blur()
    expect(page.get_by_text("填的都留在这台电脑上")).to_be_visible()
    page.context.add_cookies([{"name": "linli", "value": keys["chen"], "url": served[0]}])
    page.goto(page.url)
    page.get_by_role("button", name="接着填").click()
    expect(page.locator(f"[name='{name}']")).to_have_value("市五院")
    expect(page.locator("td.is-saved")).to_have_count(1)
    page.reload()
    expect(page.get_by_text("市五院")).to_be_visible()
    expect(page.get_by_role("button", name="接着填")).to_have_count(0)


@pytest.mark.row("R011")
def test_a_department_gives_back_at_the_row_and_takes(opened: Desk, keys: dict[str, str]) -> None:
    at = f"/desk/rounds/{keys['taken']}/"
    page = opened("mei", at, DESK)
    page.get_by_role("link", name="甲社区").first.click()
    page.wait_for_url("**/sheets/*/")
    page.locator(".mark-cell summary").first.click()
    page.locator(".mark-cell input").first.fill("单位已经撤销")
    page.get_by_label("退回原因").fill("请核对第一行")
    page.get_by_role("button", name="退回重核").click()
    expect(page.get_by_text("已退回，社区会收到消息")).to_be_visible()
    clerk = opened("chen", f"/desk/sheets/{keys['signed']}/", DESK)
    expect(clerk.get_by_text("部门退回：请核对第一行")).to_be_visible()
    expect(clerk.get_by_text("单位已经撤销").first).to_be_visible()
    keep(clerk, "sheets-returned")
    clerk.get_by_role("link", name="已核对").click()
    clerk.get_by_role("button", name="核对无误，保持原样").click()
    expect(clerk.get_by_text("单位已经撤销")).to_have_count(0)
    head = opened("he", f"/desk/sheets/{keys['signed']}/", DESK)
    head.get_by_role("textbox", name="空着的原因").fill("住户外出")
    head.get_by_role("button", name="确认并上报").click()
    expect(head.get_by_text("社区已确认").first).to_be_visible()
    page.goto(page.url)
    page.get_by_role("button", name="收下已确认的 1 个").click()
    expect(page.get_by_text("已确认收下 1 个社区的表")).to_be_visible()
    keep(page, "rounds-taken")


@pytest.mark.row("R011")
def test_a_round_is_frozen_compared_and_taken(opened: Desk, keys: dict[str, str]) -> None:
    page = opened("mei", f"/desk/rounds/{keys['monthly']}/", DESK)
    page.get_by_role("button", name="定版").click()
    expect(page.get_by_text("已定版", exact=True)).to_be_visible()
    page.get_by_role("link", name="第 1 版").click()
    page.wait_for_url("**/desk/editions/*/")
    where = urlsplit(page.url).path
    expect(page.get_by_text("改动 1 条")).to_be_visible()
    # Whatever stands there by now: another test may have answered the same cell of its own sheet.
    expect(page.get_by_text("工作单位：空 → ").first).to_be_visible()
    page.get_by_role("button", name="下载").click()
    expect(page.locator(".errors, .wrong, [role=alert]").first).to_be_visible()
    page.get_by_label("用途").fill("季度归档")
    page.get_by_label("格式").select_option("csv")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载").click()
    raw = Path(coming.value.path()).read_text("utf-8-sig")
    assert "王小梅" in raw and "助餐" in raw
    for viewport in (DESK, PHONE):
        shown = opened("mei", where, viewport)
        assert faults(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        keep(shown, f"edition-{viewport['width']}")
