"""Every main page in English: no Chinese but names and what people wrote, and nothing sticks out on a phone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from linli.site import cluster

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u3400-\u9fff，。！？；：、（）]")
LOOK = """
() => {
  const said = [];
  const own = (node) => node.closest('[lang^="zh"]');
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script, style') && !own(parent)) said.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll('*')) {
    if (own(node)) continue;
    for (const name of node.getAttributeNames())
      if (/^(alt|title|placeholder|aria-|data-)/.test(name)) said.push(node.getAttribute(name));
  }
  // #keywords: what people write, for suggestions without a network.
  for (const block of document.querySelectorAll('script[type="application/json"]:not(#keywords)'))
    JSON.parse(block.textContent, (key, value) => {
      if (typeof value === 'string') said.push(value);
      return value;
    });
  return said;
}
"""
OUTSIDE = """
() => {
  if (document.documentElement.scrollWidth <= innerWidth) return '';
  const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  return out.map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`).join(' | ') || 'something';
}
"""
PREPARE = """
import json
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter
from linli.kernel.access.models import Account, Unit
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import conveyor, system_act, under
from linli.kernel.files.services import check
from linli.kernel.files.tests.bytes import jpeg
from linli.kernel.places.models import Area
from tests.town import Town
town = Town()
act = town.act
GRID = town.area("甲社区第一网格").pk
WROTE = ["三单元灯不亮了", "老人上下楼看不见", "甲社区某号楼", "今晚能修吗", "换了声控灯", "还是不亮", "需要市政养护", "等配件"]
def report(code, title=WROTE[0], **more):
    photo = check(SimpleUploadedFile("a.jpg", jpeg()))
    return services.report(act("wang"), intake=services.Intake(code=code, title=title, body=WROTE[1], area=GRID, files=(photo,),
        reporter=act("wang").actor, reporter_name="王小梅", phone="13800000001", address=WROTE[2], lon=120.34, lat=31.595, **more))
done = report("0901")
services.accept(act("sun"), done)
services.message(act("wang"), done, body=WROTE[3])
services.handle(act("sun"), done, outcome=WROTE[4], files=(check(SimpleUploadedFile("b.jpg", jpeg())),))
services.verify(act("chen"), done)
services.close(act("chen"), done)
services.rate(act("wang"), done, value=2, solved=False, words=WROTE[5])
going = report("0601")
services.accept(act("chen"), going)
services.ask_extension(act("chen"), going, amount=2, reason=WROTE[7])
asked = report("0601")
services.accept(act("chen"), asked)
services.ask(act("chen"), asked, reason=WROTE[3])
moved = report("0601")
services.accept(act("chen"), moved)
services.transfer(act("chen"), moved, to=town.unit("urban").pk, reason=WROTE[6])
fresh = report("0901")
conveyor.drain()
keys = {"guest": ""}
for who in ("wang", "chen", "sun", "wu", "zheng", "feng"):
    mine = act(who)
    store = SessionStore()
    store.update({"account": mine.actor, "hat": mine.hat, "second": True})
    store.save()
    keys[who] = store.session_key
with under(system_act()):
    names = [*Area.objects.values_list("name", flat=True), *Area.objects.values_list("full_name", flat=True)]
    names += [*Account.objects.values_list("name", flat=True), *Unit.objects.values_list("name", flat=True)]
numbers = {k: m.number for k, m in (("done", done), ("going", going), ("asked", asked), ("moved", moved), ("fresh", fresh))}
print(json.dumps({"keys": keys, "numbers": numbers, "data": names + WROTE}))
"""
PAGES = (
    *(("guest", path) for path in ("/", "/report/", "/services/", "/services/elder-card/")),
    *(("guest", path) for path in ("/query/", "/open/", "/figures/", "/help/", "/none/")),
    *(("guest", path) for path in ("/signin/", "/signin/staff/", "/signin/demo/")),
    *(("wang", path) for path in ("/matters/", "/me/", "/notices/", "/report/")),
    *(("wang", f"/matters/{{{key}}}/") for key in ("done", "going", "asked", "moved")),
    *(("chen", path) for path in ("/desk/day/", "/desk/matters/", "/desk/window/", "/desk/map/")),
    *(("chen", f"/desk/matters/{{{key}}}/") for key in ("done", "going", "asked", "moved")),
    *(("wu", path) for path in ("/desk/figures/", "/desk/overdue/", "/desk/figures/promises/")),
    *(("feng", path) for path in ("/desk/day/", "/desk/figures/", "/desk/people/", "/desk/audit/")),
    *(("wu", path) for path in ("/desk/hotline/",)),
    *(("sun", path) for path in ("/field/", "/field/report/", "/field/verify/", "/field/queue/")),
    *(("sun", path) for path in ("/field/matters/{fresh}/",)),
)


@pytest.fixture(scope="module")
def town(served: tuple[str, str]) -> dict[str, Any]:
    """Matters in every state in the served town, a session for each of the cast, and all that is data."""
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", served[1]),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    call = [sys.executable, "-c", PREPARE]
    done = subprocess.run(call, env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# What examples tell people to write; a language named in itself; the product's name beside an authenticator's code.
EXAMPLES = ["东亭街道春城社区", "春城社区", "语言 · Language", "中文", "邻里"]


def chinese(page: Page, data: list[str]) -> list[str]:
    """What a page says in Chinese, names and what people wrote left out."""
    short = [name[-2:] for name in data if len(name) in (3, 4)]  # as an avatar shows a name
    short += [f"{name[0]}*" for name in data if name]  # masked
    words = sorted({*data, *short, *EXAMPLES} - {""}, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, words)))
    said = (known.sub("", text) for text in page.evaluate(LOOK))
    return sorted({" ".join(text.split())[:80] for text in said if HAN.search(text)})


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_speaks_english_and_fits_a_phone(
    open_page: Callable[..., Page], server: str, town: dict[str, Any], who: str, path: str
) -> None:
    page = open_page("/health/")
    cookies = [{"name": "lang", "value": "en", "url": server}]
    if who != "guest":
        cookies.append({"name": "linli", "value": town["keys"][who], "url": server})
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    answer = page.goto(server + path.format(**town["numbers"]))
    assert answer and answer.status == (404 if path == "/none/" else 200)
    page.wait_for_load_state("networkidle")  # parts that are fetched later speak English too
    if os.environ.get("LINLI_SHOTS"):
        name = re.sub(r"[^a-z]+", "-", f"en-{who}{path}").strip("-")
        page.screenshot(path=f"{os.environ['LINLI_SHOTS']}/{name}.png", full_page=True)
    assert "\n".join(chinese(page, town["data"])) == ""
    assert page.evaluate(OUTSIDE) == ""
