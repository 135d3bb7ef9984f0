"""Walks across people's desks: grids proposed and set up, a value traced to its import and back, a file taken over, a look that leaves a trace."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.test_people import DESK, PHONE, faults
from tests.families import number
from tests.served import told

pytestmark = pytest.mark.browser
PREPARE = """
import django; django.setup()
from linli.capabilities.registry.models import Building, Estate, Home
from linli.kernel.access.models import Account, Appointment
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from tests import families
from tests.town import SINCE, Town
people, town = families.settle(), Town()
yi = town.area("乙社区")
with under(system_act()):
    auditor = Account.objects.create(kind="staff", login="yan", name="阎审计", demo="yan")
    Appointment.objects.create(account=auditor, unit=town.unit("command"), area=town.area("试验市"),
        post="auditor", since=SINCE)
    Building.objects.filter(area=yi).update(lon=yi.lon, lat=yi.lat, address="梅园新村3幢",
        address_key="梅园新村3幢")
    for e in range(3):
        estate = Estate.objects.create(area=yi, name=f"新苑{e + 1}村", since=SINCE)
        for n in range(1, 5):
            at = f"新苑{e + 1}村{n}幢"
            made = Building.objects.create(area=yi, estate=estate, name=f"{n}幢", address=at,
                address_key=at, lon=yi.lon + e / 300, lat=yi.lat + n / 900, since=SINCE)
            Home.objects.bulk_create(Home(area=yi, building=made, unit_no=str(1 + k // 20),
                room=str(101 + k), since=SINCE) for k in range(60))
for who in ("chen", "he", "wu", "zhou", "yan"):
    act, store = town.act(who), SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
print("person", people["wang"].pk)
print("neighbour", people["liu"].pk)
"""
WANG = number(date(1985, 4, 12), 24)
LIU = number(date(1941, 1, 20), 42)
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def keys(served: tuple[str, str]) -> dict[str, str]:
    """The families, twelve more buildings of 乙社区, an auditor; signed-in sessions."""
    return told(served[1], PREPARE)


def seen(page: Page, name: str) -> None:
    """Nothing sticks out, axe finds no fault; a picture where LINLI_SHOTS says."""
    page.wait_for_load_state("networkidle")
    width = (page.viewport_size or DESK)["width"]
    if folder := os.environ.get("LINLI_SHOTS"):
        page.screenshot(path=Path(folder) / f"walks-{name}-{width}.png", full_page=True)
    assert faults(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.row("R123", "R125")
def test_proposed_grids_are_looked_at_changed_and_set_up(
    opened: Opened, keys: dict[str, str]
) -> None:
    at = "/desk/coverage/329901001002/"
    phone = opened("wu", at + "divide/", PHONE)
    expect(phone.get_by_role("heading", name="第2网格")).to_be_visible()
    seen(phone, "divide")
    page = opened("wu", at)
    page.get_by_role("link", name="按楼栋划分网格").click()
    expect(page.get_by_role("heading", name="按楼栋划分网格")).to_be_visible()
    expect(page.get_by_label("的网格号")).to_have_count(13)
    seen(page, "divide")
    moved = page.get_by_label("新苑3村4幢的网格号")
    there = moved.input_value()
    moved.fill("1")
    page.get_by_label("依据").fill("街道网格调整方案")
    page.get_by_role("button", name="按这样设立网格").click()
    page.wait_for_url("**" + at)
    expect(page.get_by_role("link", name="乙社区第一网格", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="按楼栋划分网格")).to_have_count(0)
    seen(page, "divided")
    page.get_by_role("link", name="乙社区第一网格", exact=True).click()
    page.get_by_role("link", name="楼栋").first.click()
    expect(page.get_by_role("link", name="新苑3村4幢")).to_be_visible()
    assert there != "1", "it was proposed elsewhere and went where it was put"


def imported(page: Page, file: Path) -> int:
    """A civil affairs' list brought in; the number of its batch."""
    page.goto(page.url.split("/desk/")[0] + "/desk/registry/imports/new/")
    page.select_option("select[name=source]", "civil")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="上传并识别列").click()
    page.get_by_role("button", name="确认列并试算").click()
    start = page.get_by_role("button", name="开始导入")
    expect(start).to_be_visible(timeout=90_000)
    start.click()
    expect(page.locator(".chip", has_text="已完成")).to_be_visible(timeout=90_000)
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


@pytest.mark.row("R009", "R012")
def test_a_value_leads_to_its_import_and_a_correction_back_to_the_source(
    opened: Opened, keys: dict[str, str], tmp_path: Path
) -> None:
    page = opened("he", "/desk/residents/")
    batches = []
    for place in ("无锡一厂", "无锡二厂"):
        file = tmp_path / f"{place}.csv"
        file.write_text(f"姓名,公民身份号码,工作单位,所属社区\n王小梅,{WANG},{place},甲社区\n")
        batches.append(imported(page, file))
    expect(page.get_by_role("button", name="下载更正表")).to_have_count(0)
    page.get_by_role("link", name="裁定 1 个值").click()
    dispute = page.locator("[data-decide]", has_text="工作单位")
    expect(dispute).to_contain_text("无锡二厂")
    seen(page, "conflict")
    dispute.get_by_role("button", name="留原值").click()
    page.wait_for_url("**?said=done**")
    page.goto(page.url.split("/conflicts/")[0] + f"/{batches[1]}/")
    seen(page, "corrections")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载更正表").click()
    rows = list(load_workbook(BytesIO(taken.value.path().read_bytes())).worksheets[0].values)
    assert [row[2:4] for row in rows if "无锡二厂" in row] == [("无锡二厂", "无锡一厂")]
    for size in (DESK, PHONE):
        person = opened("he", f"/desk/residents/{keys['person']}/", size)
        value = person.locator(".told", has_text="无锡一厂")
        value.focus()
        expect(value.locator(".tip")).to_be_visible()
        expect(value.locator(".tip")).to_contain_text(f"批次 {batches[0]}")
        expect(value.locator(".tip")).to_contain_text("民政")
        seen(person, "source")


@pytest.mark.row("R010")
def test_the_former_community_is_told_and_sees_what_was_its_own(
    opened: Opened, keys: dict[str, str]
) -> None:
    page = opened("zhou", "/desk/residents/new/")
    page.get_by_label("证件号码").fill(LIU)
    page.get_by_label("姓名").fill("刘秀英")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="接收档案")).to_be_visible()
    assert LIU not in page.url
    seen(page, "adopt")
    page.get_by_label("住址").press_sequentially("梅园新村3幢", delay=20)
    expect(page.locator("#doors option").first).to_be_attached()
    page.get_by_label("住址").fill("梅园新村3幢1单元301")
    page.get_by_label("居住类型").select_option("registered")
    page.get_by_label("接收原因").fill("本人到窗口办理户口迁入")
    page.get_by_role("button", name="接收档案").click()
    page.wait_for_url("**?done=register")
    seen(page, "adopted")
    for size in (DESK, PHONE):
        former = opened("chen", f"/desk/residents/{keys['neighbour']}/", size)
        expect(former.get_by_role("heading", level=1)).to_have_text("刘秀英")
        expect(former.get_by_text("已离开").first).to_be_visible()
        expect(former.locator("main")).not_to_contain_text("梅园新村")
        expect(former.get_by_role("link", name="更正信息")).to_have_count(0)
        seen(former, "former")
    notices = opened("chen", "/desk/notices/")
    expect(notices.locator("main")).to_contain_text("已由其他社区接收", timeout=60_000)
    expect(notices.locator("main")).not_to_contain_text("刘秀英")
    seen(notices, "former-notice")


@pytest.mark.row("R009")
def test_an_auditor_sees_who_looked_at_whom_and_why(opened: Opened, keys: dict[str, str]) -> None:
    page = opened("he", f"/desk/residents/{keys['person']}/")
    page.get_by_role("link", name="查看完整信息").click()
    page.locator("#sheet").get_by_label("为什么需要查看").fill("补办老年证核对")
    page.locator("#sheet").get_by_role("button", name="查看完整信息").click()
    expect(page.locator(".receipt-code")).to_have_text(WANG)
    for size in (DESK, PHONE):
        audit = opened("yan", "/desk/audit/?show=reveals", size)
        row = audit.get_by_role("row").filter(has_text="补办老年证核对")
        expect(row).to_contain_text("何主任")
        expect(audit.locator("main")).not_to_contain_text(WANG)
        seen(audit, "audit")
        row.get_by_role("link").first.click()
        expect(audit.locator("main")).to_contain_text("补办老年证核对")
        expect(audit.locator("main")).to_contain_text("王小梅")
        expect(audit.locator("main")).not_to_contain_text(WANG)
        seen(audit, "audit-fact")
