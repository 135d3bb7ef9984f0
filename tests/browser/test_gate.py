"""A demand walks down: refused at the gate with what was typed kept, handed on, declined; the pages of the burden on every width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.served import told

from .conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser
PREPARE = """
import django
django.setup()
from linli.capabilities.admission import services
from linli.capabilities.admission.models import Placement
from linli.capabilities.admission.services.works import Begun
from linli.capabilities.admission.tests.offices import open_offices
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from tests.town import SINCE, Town
town = Town()
open_offices()
wu, chen = town.act("wu"), town.act("chen")
services.begin(wu, begun=Begun("interaction", "政社互动"))
services.begin(wu, begun=Begun("campaign", "减表行动", measure="by_hand", target=30))
services.begin(chen, begun=Begun("duty", "工作例会", every="month", start=chen.at.date()))
with under(chen):
    Placement.objects.create(area=town.area("甲社区"), kind="system", title="楼道监测系统", since=SINCE)
for who in ("mei", "wu", "chen", "he"):
    act, store = town.act(who), SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
"""
AT = "/desk/admission/"
LOOKED = (
    ("wu", "works/?kind=interaction"),
    ("wu", "works/?kind=campaign"),
    ("wu", "works/new/supervision/"),
    ("chen", "works/?kind=duty"),
    ("chen", "works/new/duty/"),
    ("chen", "time/new/"),
    ("wu", "time/"),
    ("wu", "systems/"),
    ("mei", "funds/"),
    ("mei", "agreements/new/"),
    ("mei", "gate/new/"),
    ("wu", "burden/"),
    ("wu", "placements/"),
    ("chen", "occasions/new/"),
    ("chen", "certificates/new/"),
)


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """Sessions of a department, a street, a window clerk and a community's head."""
    return told(served[1], PREPARE)


def sound(page: Page) -> None:
    """Nothing sticks out of the window, and axe finds no fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.add_script_tag(url="/static/vendor/axe/axe.min.js")
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r =>"
        " r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
    )
    assert found == [], page.url


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("who", "path"), LOOKED)
def test_the_pages_of_the_burden_fit(opened: Open, who: str, path: str, size: ViewportSize) -> None:
    page = opened(who, AT + path, size)
    expect(page.locator("h1")).to_be_visible()
    sound(page)


@pytest.mark.parametrize("kind", ["interaction", "campaign", "duty"])
def test_a_work_says_only_what_it_is_about(opened: Open, kind: str) -> None:
    page = opened("chen" if kind == "duty" else "wu", f"{AT}works/?kind={kind}", PHONE)
    page.locator("main tbody td.main a").first.click()
    page.wait_for_url(re.compile(r"/works/\d+/"))
    expect(page.locator("main dl dd").filter(has_text=re.compile("^—$"))).to_have_count(0)
    sound(page)


@pytest.mark.row("R069", "R076")
def test_a_demand_is_refused_put_right_handed_on_and_declined(opened: Open) -> None:
    mei = opened("mei", f"{AT}gate/new/", DESK)
    mei.select_option("select[name=item]", "A10")
    mei.fill("input[name=title]", "老年人冬季走访表")
    mei.fill("textarea[name=fields_]", "姓名、联系电话")
    mei.get_by_label("东街道").check()
    mei.get_by_label("不经街道，直接发给社区").check()
    mei.get_by_role("button", name="过准入口").click()
    expect(mei.locator("main")).to_contain_text("须经街道")
    expect(mei.locator("input[name=title]")).to_have_value("老年人冬季走访表")
    expect(mei.get_by_label("东街道")).to_be_checked()
    sound(mei)
    mei.get_by_label("不经街道，直接发给社区").uncheck()
    mei.get_by_role("button", name="过准入口").dblclick()
    mei.wait_for_url(re.compile(r"/gate/\d+/$"))
    expect(mei.locator("main")).to_contain_text("待街道下发")
    wu = opened("wu", f"{AT}gate/", PHONE)
    wu.get_by_role("link", name="老年人冬季走访表").first.click()
    wu.wait_for_url(re.compile(r"/gate/\d+/$"))
    wu.get_by_role("link", name="下发给社区").click()
    wu.wait_for_url(re.compile(r"/issue/$"))
    wu.get_by_role("button", name="确定").click()
    wu.wait_for_url(re.compile(r"/gate/\d+/$"))
    chen = opened("chen", f"{AT}demands/", PHONE)
    expect(chen.get_by_role("link", name="老年人冬季走访表")).to_have_count(1)
    chen.get_by_role("link", name="老年人冬季走访表").click()
    chen.wait_for_url(re.compile(r"/demands/\d+/$"))
    chen.get_by_role("link", name="不予承接").click()
    chen.wait_for_url(re.compile(r"/decline/$"))
    chen.fill("textarea[name=reason]", "上月刚报过")
    chen.get_by_role("button", name="确定").click()
    chen.wait_for_url(re.compile(r"/demands/\d+/$"))
    expect(chen.locator("main")).to_contain_text("不影响对社区的考核")
    sound(chen)


@pytest.mark.row("R100")
def test_a_clerk_records_what_a_system_found(opened: Open) -> None:
    page = opened("chen", f"{AT}systems/", DESK)
    page.get_by_role("link", name="楼道监测系统").click()
    page.wait_for_url(re.compile(r"/systems/\d+/$"))
    expect(page.locator("main")).to_contain_text("窗口受理")
    page.goto(page.url.split("/desk/")[0] + "/desk/window/?anyone=1")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.get_by_label("哪个系统发现的")).to_contain_text("楼道监测系统")
