"""The main pages as people see them: whole, unclipped, without an error, on a desktop and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.served import ROOT, told

pytestmark = pytest.mark.browser

AXE = ROOT / "src/linli/ui/static/vendor/axe/axe.min.js"
SIZES = {"desktop": (1366, 900), "phone": (390, 844)}
NUMBER = "{number}"
PAGES = {
    "home": ("wang", "/"),
    "report": ("wang", "/report/"),
    "timeline": ("wang", f"/matters/{NUMBER}/"),
    "service": ("", "/services/legal-aid/"),
    "day": ("chen", "/desk/day/"),
    "list": ("chen", "/desk/matters/?show=open"),
    "matter": ("chen", f"/desk/matters/{NUMBER}/"),
    "map": ("feng", "/desk/map/"),
    "figures": ("feng", "/desk/figures/"),
    "hotline": ("feng", "/desk/hotline/?show=all"),
    "notices": ("chen", "/desk/notices/"),
    "field": ("sun", "/field/"),
    "style": ("", "/ui/"),
}
PREPARE = """
import django; django.setup()
from linli.capabilities.matters import services
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import under
from tests.town import Town
town = Town()
wang = town.act("wang")
SAID = (("3号楼楼道灯坏了", "0901", "二单元三楼的灯一周不亮，老人上下楼看不见。"), ("楼上半夜装修太吵", "0601", "每天十点以后还在敲。"),
  ("小区门口垃圾桶满了，三天没有人来收，天一热味道很重，路过的人都绕着走", "0601", "两天没有人来收。"), ("电梯一按就抖", "0602", "五号楼，昨天开始。"))
for title, code, body in SAID:
    matter = services.report(wang, intake=services.Intake(code=code, title=title, body=body, area=town.area("甲社区第一网格").pk,
        reporter=wang.actor, reporter_name="王小梅", phone="13800000001", address="甲社区3号楼", lon=120.34, lat=31.595))
services.urge(wang, matter, words="电梯里有老人，请快一点")
services.accept(town.act("chen"), matter)
print("number", matter.number)
for who in ("wang", "chen", "sun", "feng"):
    act = town.act(who)
    store = SessionStore()
    store.update({"account": act.actor, "hat": act.hat, "second": True})
    store.save()
    print(who, store.session_key)
"""
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((box) => {
  const looks = getComputedStyle(box);
  if (!["hidden", "clip"].includes(looks.overflowX) || looks.clipPath !== "none") return false;
  if (box.closest(".map, svg, .visually-hidden, [data-clips]") || !box.checkVisibility()) return false;
  return box.innerText?.trim() && box.clientWidth > 2 && box.scrollWidth > box.clientWidth + 1;
}).map((box) => `${box.tagName}.${box.className}: ${box.innerText.trim().slice(0, 30)}`)"""
BROKEN = "() => [...document.images].filter((i) => i.complete && !i.naturalWidth).map((i) => i.src)"
SPRITE = """async () => {
  const seen = new Set([...document.querySelectorAll("svg use")].map((use) => use.getAttribute("href")));
  const missing = [];
  for (const name of seen) {
    const [file, id] = name.split("#");
    const text = file ? await (await fetch(file)).text() : document.documentElement.outerHTML;
    if (!text.includes(`id="${id}"`)) missing.push(id);
  }
  return missing;
}"""
SERIOUS = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).then((found) =>
  found.violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3)}`))"""


@pytest.fixture(scope="module")
def known(served: tuple[str, str]) -> dict[str, str]:
    """Some matters in the served town, a number to open, and a session for each of the cast."""
    return told(served[1], PREPARE)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Where the pictures go; `LINLI_PICTURES` keeps them."""
    folder = Path(os.environ.get("LINLI_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _entered(page: Page, server: str, key: str | None, said: list[str]) -> Page:
    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    if key:
        page.context.add_cookies([{"name": "linli", "value": key, "url": server}])
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_main_page_looks_finished(
    open_page: Callable[..., Page],
    server: str,
    known: dict[str, str],
    album: Path,
    name: str,
    size: str,
) -> None:
    who, path = PAGES[name]
    width, height = SIZES[size]
    said: list[str] = []
    page = open_page("/help/", {"width": width, "height": height})
    _entered(page, server, known.get(who), said)
    answer = page.goto(server + path.replace(NUMBER, known["number"]))
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    page.screenshot(path=album / f"{name}-{size}.png", full_page=True)
    assert page.locator("h1").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(SPRITE) == []
    assert said == []  # before axe, which styles the page itself
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(SERIOUS) == []
