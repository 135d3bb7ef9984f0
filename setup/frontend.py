"""Copy what a browser needs from node_modules to the vendor folder, and make the icon sprite."""

from __future__ import annotations

import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / "node_modules"
VENDOR = ROOT / "src/linli/ui/static/vendor"
ICONS = ROOT / "setup/icons.txt"
SVG = "http://www.w3.org/2000/svg"

FILES = {
    "tabler/css/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "echarts/echarts.esm.min.js": "echarts/dist/echarts.esm.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "maplibre/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre/LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "axe/axe.min.js": "axe-core/axe.min.js",
    "axe/LICENSE": "axe-core/LICENSE",
    "icons/LICENSE": "@tabler/icons/LICENSE",
}
TEXT = {".css", ".js", ".mjs"}
# A map that is not shipped must not be named: the browser would ask for it, and static files with
# hashed names refuse to be collected.
SOURCE_MAP = re.compile(r"\n?(?://[#@]|/\*[#@])\s*sourceMappingURL=\S+(?:\s*\*/)?\s*$")


def main() -> int:
    """Make the vendor folder anew; 1 when a file or an icon is missing."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    missing = [source for source in FILES.values() if not (NODE / source).is_file()]
    names = icon_names()
    missing += [f"icon {name}" for name in names if not icon_file(name).is_file()]
    if missing:
        print(f"Missing: {', '.join(missing)}", file=sys.stderr)
        return 1
    for target, source in FILES.items():
        copy(NODE / source, fresh / target)
    (fresh / "icons/sprite.svg").write_text(sprite(names), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    return 0


def copy(source: Path, target: Path) -> None:
    """Copy one file, without the name of its source map."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in TEXT:
        target.write_text(SOURCE_MAP.sub("\n", source.read_text("utf-8")), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def icon_names() -> list[str]:
    """The icons we use, one a line; an empty line or # separates groups."""
    lines = (line.split("#")[0].strip() for line in ICONS.read_text("utf-8").splitlines())
    return sorted({line for line in lines if line})


def icon_file(name: str) -> Path:
    """Where an icon lies: outlined, or filled when its name ends so."""
    folder, base = (
        ("filled", name[: -len("-filled")]) if name.endswith("-filled") else ("outline", name)
    )
    return NODE / "@tabler/icons/icons" / folder / f"{base}.svg"


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon, which takes the colour of the text around it."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        drawn = ET.parse(icon_file(name)).getroot()
        kept = {k: v for k, v in drawn.attrib.items() if k not in ("class", "width", "height")}
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", {"id": name, **kept})
        symbol.extend(list(drawn))
    return ET.tostring(root, encoding="unicode") + "\n"


if __name__ == "__main__":
    sys.exit(main())
