"""How the cells of a workbook look, so that a sheet can be drawn as its makers see it: bold, ground, lines, place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from linli.capabilities.tables.reading.marks import attributes

_P = rb"(?:\w+:)?"
_XFS = re.compile(rb"<" + _P + rb"cellXfs\b[^>]*>(.*?)</" + _P + rb"cellXfs>", re.S)
_XF = re.compile(rb"<" + _P + rb"xf\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"xf>)", re.S)
_ALIGN = re.compile(rb"<" + _P + rb"alignment\b([^>]*)/?>")
_COLOUR = re.compile(rb"<" + _P + rb"color\b([^>]*)/?>")
_GROUND = re.compile(rb"<" + _P + rb"fgColor\b([^>]*)/?>")
_SIZE = re.compile(rb"<" + _P + rb"sz\b([^>]*)/?>")
_BOLD = re.compile(rb"<" + _P + rb"b(?:\s+val=\"(?:1|true)\")?\s*/>")
_ITALIC = re.compile(rb"<" + _P + rb"i(?:\s+val=\"(?:1|true)\")?\s*/>")
_SOLID = re.compile(rb"patternType=\"solid\"")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_THEME = re.compile(
    rb"<a:(dk1|lt1|dk2|lt2|accent[1-6])>.*?(?:lastClr|srgbClr val)=\"([0-9A-Fa-f]{6})\"", re.S
)
_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{at}" for at in range(1, 7)))
_OFFICE = [
    "FFFFFF",
    "000000",
    "E7E6E6",
    "44546A",
    "4472C4",
    "ED7D31",
    "A5A5A5",
    "FFC000",
    "5B9BD5",
    "70AD47",
]
_INDEXED = ["000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF"]
SIDES = ("top", "right", "bottom", "left")


@dataclass(frozen=True, slots=True)
class Face:
    """How one style looks: letters, ground (`rrggbb` or empty), which sides have a line, where the text stands."""

    bold: bool = False
    italic: bool = False
    size: float = 11.0
    ink: str = ""
    ground: str = ""
    sides: str = ""  # of t, r, b, l
    across: str = ""
    down: str = ""

    def as_json(self) -> list[object]:
        """As kept."""
        return [
            self.bold, self.italic, self.size, self.ink,
            self.ground, self.sides, self.across, self.down,
        ]  # fmt: skip


def faces(styles: bytes, theme: bytes = b"") -> dict[int, Face]:
    """How each style of a workbook looks, by its number."""
    colours = _colours(theme)
    fonts = _items(styles, b"fonts", b"font")
    fills, borders = _items(styles, b"fills", b"fill"), _items(styles, b"borders", b"border")
    whole = _XFS.search(styles)
    if whole is None:
        return {}
    found: dict[int, Face] = {}
    for at, each in enumerate(_XF.finditer(whole[1])):
        said = attributes(each[1])
        font = _at(fonts, said.get("fontId"))
        placed = _ALIGN.search(each[2] or b"")
        where = attributes(placed[1]) if placed else {}
        found[at] = Face(
            bool(_BOLD.search(font)),
            bool(_ITALIC.search(font)),
            _size(font),
            _colour(_COLOUR.search(font), colours),
            _ground(_at(fills, said.get("fillId")), colours),
            _sides(_at(borders, said.get("borderId"))),
            where.get("horizontal", ""),
            where.get("vertical", ""),
        )
    return found


def _items(styles: bytes, outer: bytes, inner: bytes) -> list[bytes]:
    whole = re.search(rb"<" + _P + outer + rb"\b[^>]*>(.*?)</" + _P + outer + rb">", styles, re.S)
    pattern = rb"<" + _P + inner + rb"\b[^>]*?(?:/>|>(.*?)</" + _P + inner + rb">)"
    return [each[1] or b"" for each in re.finditer(pattern, whole[1], re.S)] if whole else []


def _at(items: list[bytes], number: str | None) -> bytes:
    place = int(number) if number and number.isdigit() else 0
    return items[place] if place < len(items) else b""


def _size(font: bytes) -> float:
    found = _SIZE.search(font)
    try:
        return min(max(float(attributes(found[1])["val"]), 6.0), 36.0) if found else 11.0
    except (KeyError, ValueError):
        return 11.0


def _sides(border: bytes) -> str:
    drawn = ""
    for side in SIDES:
        found = re.search(rb"<" + _P + side.encode() + rb"\b([^>]*)", border)
        style = attributes(found[1]).get("style", "") if found else ""
        drawn += side[0] if style not in ("", "none") else ""
    return drawn


def _ground(fill: bytes, colours: Mapping[int, str]) -> str:
    return _colour(_GROUND.search(fill), colours) if _SOLID.search(fill) else ""


def _colours(theme: bytes) -> Mapping[int, str]:
    named = {name.decode(): value.decode() for name, value in _THEME.findall(theme)}
    return {at: named.get(name, _OFFICE[at]) for at, name in enumerate(_ORDER)}


def _colour(found: re.Match[bytes] | None, colours: Mapping[int, str]) -> str:
    """A colour as `rrggbb`; empty where the file leaves it to the program."""
    said = attributes(found[1]) if found else {}
    plain = _HEX.fullmatch(said.get("rgb", ""))
    if plain:
        return plain[1].lower()
    if said.get("theme", "").isdigit() and int(said["theme"]) in colours:
        return _tinted(colours[int(said["theme"])], said.get("tint", "0"))
    number = said.get("indexed", "")
    if number.isdigit() and int(number) < 64:
        return _INDEXED[int(number) % 8].lower() if int(number) < 16 else ""
    return ""


def _tinted(colour: str, tint: str) -> str:
    try:
        share = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        share = 0.0
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    mixed = [p + (255 - p) * share if share > 0 else p * (1 + share) for p in parts]
    return "".join(f"{round(each):02x}" for each in mixed)
