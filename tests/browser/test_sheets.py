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
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests.families import settle
from tests.town import Town
town = Town()
settle()
rounds.open_offices()
rounds.admitted(town)
sheet = rounds.issued(town)
rounds.issued(town, "走访登记表", rounds.plan(rounds.column("工作单位", "person.workplace")))
for who in ("chen", "sun"):
    act = town.act(who)
    with under(act):
        store = SessionStore()
        store.update({"account": act.actor, "hat": act.hat, "second": True})
        store.save()
    print(who, store.session_key)
with under(system_act()):
    home = Gap.objects.filter(household__isnull=False).order_by("household").first().household
print("sheet", sheet.pk)
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
def test_a_form_is_filled_and_handed_in_by_mouse(opened: Desk, keys: dict[str, str]) -> None:
    page = opened("chen", f"/desk/sheets/{keys['sheet']}/", DESK)
    page.get_by_label("工作单位").first.fill("市一院")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("别的表要的同一项也一起补上了")).to_be_visible()
    page.get_by_role("button", name="确认并上报").click()
    expect(page.get_by_text("没有补上").first).to_be_visible()
    page.get_by_label("空着的原因").fill("住户外出")
    page.get_by_role("button", name="确认并上报").click()
    expect(page.get_by_text("社区已确认").first).to_be_visible()
