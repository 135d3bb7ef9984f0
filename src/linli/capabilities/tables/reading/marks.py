"""What the bytes of a sheet's XML say, found without building a tree: rows and cells where they lie.

Reading and filling look at a sheet through the same eyes, so that what is not filled stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from linli.capabilities.tables.reading.shapes import Box

_P = rb"(?:[A-Za-z_][\w.-]*:)?"
ROW = re.compile(rb"<" + _P + rb"row\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"row>)", re.S)
CELL = re.compile(rb"<" + _P + rb"c\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"c>)", re.S)
DATA = re.compile(rb"<(" + _P + rb")sheetData\b([^>]*?)(/>|>)")
END = re.compile(rb"</" + _P + rb"sheetData>")
FORMULA = re.compile(rb"<" + _P + rb"f\b([^>]*?)(?:/>|>(.*?)</" + _P + rb"f>)", re.S)
VALUE = re.compile(rb"<" + _P + rb"v\b[^>]*?(?:/>|>(.*?)</" + _P + rb"v>)", re.S)
TEXT = re.compile(rb"<" + _P + rb"t\b[^>]*?(?:/>|>(.*?)</" + _P + rb"t>)", re.S)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)[^>]*?(/?)>")
_LAST = re.compile(rb"</([A-Za-z_][\w:.-]*)\s*>\s*\Z")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it lies in the bytes: its number, attributes, what is inside, and where it begins and ends."""

    number: int
    attributes: bytes
    inside: bytes
    begin: int
    end: int

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return b"<" in self.inside and _filled(self.inside)


def _filled(inside: bytes) -> bool:
    return any(sign in inside for sign in (b"v>", b"f>", b"is>", b"<f ", b":f "))


def attributes(raw: bytes) -> dict[str, str]:
    """The attributes of a tag, by name."""
    return {
        name.decode(): unescape((one or other).decode())
        for name, one, other in _ATTRIBUTE.findall(raw)
    }


def number(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found


def letters(number: int) -> str:
    """The letters of a column from its number."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as B12 (ValueError: none)."""
    found = _REFERENCE.fullmatch(reference.strip())
    if found is None:
        raise ValueError(reference)
    return int(found[2]), number(found[1])


def box(reference: str) -> Box | None:
    """The box of a reference such as B2:D9 or B2; none for whole rows or columns."""
    begin, _, end = reference.partition(":")
    try:
        top, left = place(begin)
        bottom, right = place(end or begin)
    except ValueError:
        return None
    return Box(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def boxes(references: str) -> tuple[Box, ...]:
    """The boxes of several references with blanks between."""
    return tuple(each for one in references.split() if (each := box(one)))


def data_span(xml: bytes) -> tuple[int, int, bytes]:
    """Where the rows of a sheet begin and end, and the prefix of its tags; (-1, -1, b"") where it has none."""
    found = DATA.search(xml)
    if found is None:
        return -1, -1, b""
    if found[3] == b"/>":
        return found.end(), found.end(), found[1]
    end = END.search(xml, found.end())
    return found.end(), end.start() if end else len(xml), found[1]


def whole(xml: bytes) -> bool:
    """Whether a part was not cut off: its last tag closes its first."""
    first, last = _ROOT.search(xml), _LAST.search(xml[-200:])
    return bool(first and last and first[1] == last[1] or first and first[2] == b"/")


def rows(xml: bytes, begin: int, end: int) -> Iterator[Row]:
    """The rows of a sheet in their order; a row without a number follows the one before."""
    last = 0
    for found in ROW.finditer(xml, begin, end):
        said = _number(found[1])
        last = said if said else last + 1
        yield Row(last, found[1], found[2] or b"", found.start(), found.end())


_R = re.compile(rb"""(?:^|\s)r\s*=\s*["']([^"']*)["']""")
_S = re.compile(rb"""(?:^|\s)s\s*=\s*["']([0-9]+)["']""")
_T = re.compile(rb"""(?:^|\s)t\s*=\s*["']([A-Za-z]+)["']""")


def _number(raw: bytes) -> int:
    found = _R.search(raw)
    return int(found[1]) if found and found[1].isdigit() else 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell as it lies in the bytes of its row."""

    column: int
    style: int
    kind: str
    inside: bytes
    begin: int
    end: int


def cells(inside: bytes) -> Iterator[Mark]:
    """The cells of a row in their order."""
    last = 0
    for found in CELL.finditer(inside):
        said = _R.search(found[1])
        try:
            last = place(said[1].decode())[1] if said else last + 1
        except ValueError:
            last += 1
        style, kind = _S.search(found[1]), _T.search(found[1])
        yield Mark(
            last,
            int(style[1]) if style else 0,
            kind[1].decode() if kind else "n",
            found[2] or b"",
            found.start(),
            found.end(),
        )


def words(raw: bytes) -> str:
    """Text between tags as it is meant."""
    return unescape(raw.decode("utf-8", "replace")).replace("_x000D_", "").replace("\r\n", "\n")


def runs(raw: bytes) -> str:
    """The text of rich or plain string items, readings beside the characters left out."""
    bare = re.sub(rb"<" + _P + rb"rPh\b.*?</" + _P + rb"rPh>", b"", raw, flags=re.S)
    return "".join(words(found[1] or b"") for found in TEXT.finditer(bare))
