"""A very long sheet, piece by piece: a reader that takes it whole needs two gigabytes for a million rows.

The rows are cut out of the sheet as they stand, so many at a time, and each piece is read as a workbook of its own,
in memory: with the styles and shared texts of the whole, which say what is a day and what a cell's number means.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO

LONG, PIECE, BLOCK = 64 * 2**20, 48 * 2**20, 4 * 2**20
_NAMES = "http://schemas.openxmlformats.org/"
_TAG = re.compile(rb"<(?:\w+:)?(?:sheet|Relationship)\s[^>]*>")
_SAID = re.compile(r'([\w:]+)="([^"]*)"')
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_SHEET = re.compile(rb"<(?P<prefix>\w+:)?worksheet\b[^>]*>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCells\b.*?</(?:\w+:)?mergeCells>", re.DOTALL)
_SINCE_1904 = re.compile(rb'date1904="(?:1|true)"')
_BOOK = (
    f'<workbook xmlns="{_NAMES}spreadsheetml/2006/main" xmlns:r="{_NAMES}officeDocument/2006/relationships">'
    '<workbookPr date1904="%d"/><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINK = (
    f'<Relationships xmlns="{_NAMES}package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{_NAMES}officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Long:
    """A long sheet: its name, how many rows it has about, and where its parts are."""

    name: str
    rows: int
    file: Path
    part: str
    merged: bytes
    size: int = PIECE

    def books(self) -> Iterator[IO[bytes]]:
        """Workbook after workbook of one sheet, in the order of the rows; merged cells are told with the first."""
        with zipfile.ZipFile(self.file) as archive, archive.open(self.part) as stream:
            base, merged = _base(archive), self.merged
            for opening, rows, closing in cut(stream, self.size):
                yield _book(base, [opening, *rows, merged.join(closing)])
                merged = b""


def _book(base: bytes, blocks: Sequence[bytes]) -> IO[bytes]:
    piece = io.BytesIO(base)
    with zipfile.ZipFile(piece, "a") as book, book.open("xl/worksheets/sheet1.xml", "w") as part:
        for block in blocks:
            part.write(block)
    piece.seek(0)
    return piece


def long_sheet(file: Path, name: str = "", *, least: int = LONG, size: int = PIECE) -> Long | None:
    """The named sheet, else the largest visible one, if its rows fill so many bytes; None for any other workbook."""
    if not zipfile.is_zipfile(file):
        return None
    with zipfile.ZipFile(file) as archive:
        sizes = {each.filename: each.file_size for each in archive.infolist()}
        parts = {title: part for title, part in parts_of(archive, sizes) if part in sizes}
        title = name or max(parts, key=lambda each: sizes[parts[each]], default="")
        part = parts.get(title, "")
        if not part or sizes[part] < least:
            return None
        with archive.open(part) as stream:
            rows, merged = _counted(stream)
        return Long(title, rows, file, part, merged, size) if rows else None


def parts_of(archive: zipfile.ZipFile, sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The visible sheets with the parts that hold them."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if book not in sizes or links not in sizes:
        return
    targets = {each["Id"]: each["Target"] for each in _tags(archive.read(links)) if "Id" in each}
    for each in _tags(archive.read(book)):
        key = next((value for said, value in each.items() if said.endswith(":id")), "")
        if "name" in each and each.get("state", "visible") == "visible" and key in targets:
            target = targets[key]
            part = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
            yield each["name"], part


def _tags(text: bytes) -> list[dict[str, str]]:
    tags = (found.decode("utf-8", "replace") for found in _TAG.findall(text))
    return [{said: unescape(value) for said, value in _SAID.findall(tag)} for tag in tags]


def _base(archive: zipfile.ZipFile) -> bytes:
    """A workbook without its sheet: what all pieces share."""
    since_1904 = bool(_SINCE_1904.search(archive.read("xl/workbook.xml")))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/workbook.xml", _BOOK % since_1904)
        book.writestr("_rels/.rels", _LINK % ("officeDocument", "xl/workbook.xml"))
        links = _LINK % ("worksheet", "worksheets/sheet1.xml")
        book.writestr("xl/_rels/workbook.xml.rels", links)
        for part in archive.namelist():
            if part.lower() in ("xl/sharedstrings.xml", "xl/styles.xml"):
                with archive.open(part) as source, book.open(part, "w") as target:
                    copyfileobj(source, target, BLOCK)
    return kept.getvalue()


def _counted(stream: IO[bytes]) -> tuple[int, bytes]:
    """About how many rows there are, and what is said of merged cells behind them."""
    head = stream.read(BLOCK)
    found = _SHEET.search(head)
    if found is None:
        return 0, b""
    end = _end(found)
    rows, before, last = head.count(end), b"", head
    while block := stream.read(BLOCK):
        rows += block.count(end)
        before, last = last, block
    merged = _MERGED.search(before + last)
    return rows, merged[0] if merged else b""


def _end(found: re.Match[bytes]) -> bytes:
    return b"</" + (found["prefix"] or b"") + b"row>"


def cut(stream: IO[bytes], size: int) -> Iterator[tuple[bytes, list[bytes], tuple[bytes, bytes]]]:
    """Opening, whole rows and closing of one piece after the other."""
    block = min(BLOCK, size)
    head, begun = stream.read(block), None
    while (begun := _ROW.search(head)) is None and (more := stream.read(block)):
        head += more
    found = _SHEET.search(head)
    if found is None or begun is None:
        return
    prefix, end = found["prefix"] or b"", _end(found)
    opening = found[0] + b"<" + prefix + b"sheetData>"
    closing = (b"</" + prefix + b"sheetData>", b"</" + prefix + b"worksheet>")
    for rows in _rows(stream, head[begun.start() :], end, size):
        yield opening, rows, closing


def _rows(stream: IO[bytes], first: bytes, end: bytes, size: int) -> Iterator[list[bytes]]:
    """Whole rows in blocks of about so many bytes; what follows the last row is left out."""
    waiting = [first]
    while more := stream.read(min(BLOCK, size)):
        waiting.append(more)
        if sum(map(len, waiting)) < size:
            continue
        whole = b"".join(waiting[-2:])  # the end of a row may lie across two blocks
        at = whole.rfind(end) + len(end)
        if at >= len(end):
            yield [*waiting[:-2], whole[:at]]
            waiting = [whole[at:]]
    rest = b"".join(waiting)
    at = rest.rfind(end) + len(end)
    if at >= len(end):
        yield [rest[:at]]
