"""Take the documents' pictures from a running demonstration.

make run, then: .venv/bin/python docs/pictures/take.py [http://127.0.0.1:8000] [name …]
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
WIDTHS = {1366: 900, 390: 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--use-gl=angle",
    "--use-angle=swiftshader",
]
COLOURS = 128
PROGRESS = "待核实"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the role that looks, the address, and a link to follow, in a row that tells of some progress."""

    name: str
    role: str
    path: str
    follow: str = ""
    row: str = ""
    settle: int = 300  # milliseconds after the network is quiet; maps and charts draw longer


SHOTS = (
    Shot("portal-home", "", "/"),
    Shot("report", "resident", "/report/", settle=1500),
    Shot("timeline", "resident", "/matters/", "a[href^='/matters/']", "main a[href^='/matters/']"),
    Shot("day", "clerk", "/desk/day/"),
    Shot(
        "matter",
        "clerk",
        "/desk/matters/?state=handled",
        "a[href^='/desk/matters/']",
        "main tbody tr",
    ),
    Shot("map", "clerk", "/desk/map/", settle=4000),
    Shot("figures", "duty_head", "/desk/figures/", settle=1500),
    Shot("field", "grid_worker", "/field/"),
    Shot("sheet", "clerk", "/desk/sheets/", "a[href^='/desk/sheets/']", "main tbody tr"),
    Shot("gaps", "grid_worker", "/field/gaps/"),
    Shot("style", "", "/ui/"),
)


def main(arguments: list[str]) -> int:
    """Take every picture at both widths, or those named; 1 when a page is not what it should be."""
    base = next((a.rstrip("/") for a in arguments if "://" in a), "http://127.0.0.1:8000")
    names = [a for a in arguments if "://" not in a]
    program = os.environ.get("LINLI_CHROMIUM") or shutil.which("chromium")
    failed = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        for shot in (s for s in SHOTS if not names or s.name in names):
            for width, height in WIDTHS.items():
                try:
                    take(browser, base, shot, width, height)
                except Exception as error:  # one broken page must not cost the other pictures
                    failed += 1
                    print(f"✗ {shot.name} {width}: {error}".splitlines()[0])
        browser.close()
    return 1 if failed else 0


def take(browser: Browser, base: str, shot: Shot, width: int, height: int) -> None:
    """Sign in, open the page, wait until it is quiet, and keep what is in the window."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    try:
        if shot.role:
            page.goto(f"{base}/signin/demo/")
            page.click(f"button[name=role][value={shot.role}]")
        _open(page, base + shot.path)
        if shot.follow:
            told = page.locator(shot.row)
            rich = told.filter(has_text=PROGRESS)
            row = (rich if rich.count() else told).first
            chosen = row if shot.row.endswith(shot.follow) else row.locator(shot.follow).first
            _open(page, f"{base}{chosen.get_attribute('href', timeout=5000)}")
        page.wait_for_timeout(shot.settle)
        keep(page, HERE / f"{shot.name}-{width}.png")
    finally:
        context.close()


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status if answer else 'nothing'}")
    page.wait_for_load_state("networkidle")


def keep(page: Page, path: Path) -> None:
    """Store a picture with few colours, so that the project stays small."""
    page.screenshot(path=path)
    with Image.open(path) as full:
        small = full.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(f"✓ {path.name} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
