"""Filling a Word document in its own bytes: letters of filled cells change, rows are added after a drawn one, all else stays."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from typing import BinaryIO

from linli.capabilities.tables.reading.word import (
    DOCUMENT,
    Document,
    Hole,
    Row,
    columns_of,
    name_of,
    opened,
)
from linli.capabilities.tables.writing.filling import Done, named
from linli.capabilities.tables.writing.rows import Value, clean
from linli.capabilities.tables.writing.sheet import Block, SheetFill

_TAG = re.compile(rb"<((?:\w+:)?)p\b([^>]*?)(/?)>")
_LOOK = re.compile(rb"<(?:\w+:)?rPr\b[^>]*?(?:/>|>.*?</(?:\w+:)?rPr>)", re.S)
_PARAGRAPH_LOOK = re.compile(rb"<(?:\w+:)?pPr\b[^>]*?>.*?</(?:\w+:)?pPr>", re.S)
_ONCE = re.compile(rb"""\s\w+:(?:paraId|textId)="[^"]*"|<(?:\w+:)?bookmark(?:Start|End)\b[^>]*/>""")
_CHECKED = re.compile(rb"""(val\s*=\s*")[^"]*(")""")
Edit = tuple[int, int, bytes]


def fill_word(file: Path, out: Path | BinaryIO, fills: Mapping[str, SheetFill]) -> Done:
    """Fill a Word document into another file; every part but the document, and in it every other run, stays as it was."""
    document, done = opened(file), Done()
    edits: list[Edit] = []
    for at, rows in enumerate(document.tables):
        fill = fills.get(name_of(at))
        if fill is not None:
            edits += _Table(document, rows, len(document.notes[at]), name_of(at), done).edits(fill)
    xml = _edited(document.xml, edits)
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in archive.infolist():
            content = xml if info.filename == DOCUMENT else archive.read(info)
            made.writestr(named(info), content)
    return done


def _edited(xml: bytes, edits: list[Edit]) -> bytes:
    out, at = [], 0
    for begin, end, content in sorted(edits, key=lambda each: each[:2]):
        out += [xml[at:begin], content]
        at = end
    return b"".join([*out, xml[at:]])


class _Table:
    """One table being filled; its rows as a sheet begin below the paragraphs that were read with it."""

    def __init__(
        self, document: Document, rows: Sequence[Row], above: int, name: str, done: Done
    ) -> None:
        self.xml, self.rows, self.above, self.name, self.done = (
            document.xml,
            rows,
            above,
            name,
            done,
        )
        self.loose = document.loose

    def edits(self, fill: SheetFill) -> Iterator[Edit]:
        """What changes in the bytes."""
        for block in fill.blocks:
            yield from self._block(block)
        for (
            row,
            column,
        ), value in fill.cells.items():  # a total is known once its rows have passed
            hole = self._hole(row, column)
            if hole is not None and value is not None and self.loose:
                yield from line(hole, str(value))
            elif hole is not None and value is not None:
                yield from cell(self.xml, hole, str(value))

    def _hole(self, row: int, column: int) -> Hole | None:
        at = row - self.above - 1
        if not 0 <= at < len(self.rows):
            return None
        return dict(columns_of(self.rows[at].holes)).get(column)

    def _block(self, block: Block) -> Iterator[Edit]:
        rows, count = iter(block.rows), 0
        for number in range(block.first, block.last + 1):
            values = next(rows, None)
            if values is None:
                break
            count += 1
            for column, value in zip(block.columns, values, strict=True):
                hole = self._hole(number, column)
                if hole is not None and value is not None and not hole.numbered:
                    yield from cell(self.xml, hole, str(value))
        added = 0
        pattern = self._pattern(block)
        if pattern is not None:
            copies = [self._copy(pattern, block.columns, values) for values in rows]
            added = len(copies)
            last = self.rows[max(block.last, block.first - 1) - self.above - 1]
            yield last.end, last.end, b"".join(copies)
        self.done.rows[self.name] = self.done.rows.get(self.name, 0) + count + added
        self.done.added[self.name] = self.done.added.get(self.name, 0) + added

    def _pattern(self, block: Block) -> Row | None:
        """The row that added ones look like: the last that was drawn, or the one above where none is."""
        at = max(block.last, block.first - 1) - self.above - 1
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def _copy(self, row: Row, columns: Sequence[int], values: Sequence[Value]) -> bytes:
        told = dict(zip(columns, values, strict=True))
        edits: list[Edit] = []
        for column, hole in columns_of(row.holes):
            value = told.get(column)
            text = "" if value is None or hole.numbered else str(value)
            edits += cell(self.xml, hole, text, afresh=True)
        moved = [(begin - row.begin, end - row.begin, content) for begin, end, content in edits]
        return _ONCE.sub(b"", _edited(self.xml[row.begin : row.end], moved))


def cell(xml: bytes, hole: Hole, text: str, *, afresh: bool = False) -> list[Edit]:
    """The edits after which a cell says a text: only letters that differ change, in the runs that hold them.

    Blanks drawn for writing on give way to the text; `afresh`: whatever stands there does.
    """
    if not text and not hole.pieces:
        return []
    if not any(piece.begin >= 0 for piece in hole.pieces):
        return _begun(xml, hole, text) if text else []
    old = hole.text
    head = _shared(old, text)
    tail = _shared(old[head:][::-1], text[head:][::-1])
    if afresh or not old.strip():
        head = tail = 0
    edits = list(_changed(hole, head, len(old) - tail, text[head : len(text) - tail]))
    if "☑" in text:
        edits += _ticked(xml, hole, text)
    return edits


def line(hole: Hole, text: str) -> Iterator[Edit]:
    """The edits after which a paragraph says a text: each change in the run where it happens, labels as they were."""
    texts = [piece for piece in hole.pieces if piece.begin >= 0]
    owner = [at for at, piece in enumerate(texts) for _letter in piece.text]
    new = [""] * len(texts)
    matched = SequenceMatcher(None, "".join(each.text for each in texts), text, autojunk=False)
    for _tag, begin, end, first, last in matched.get_opcodes():
        if _tag == "equal":
            for at in range(end - begin):
                new[owner[begin + at]] += text[first + at]
        elif first < last and owner:
            new[owner[min(begin if begin < end else max(begin - 1, 0), len(owner) - 1)]] += text[
                first:last
            ]
    for piece, said in zip(texts, new, strict=True):
        if said != piece.text:
            yield piece.begin, piece.end, clean(said).encode()


def _shared(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


def _changed(hole: Hole, begin: int, end: int, middle: str) -> Iterator[Edit]:
    """The letters from `begin` to `end` of a cell replaced, the new ones in the first text that is touched."""
    at, left = 0, middle
    texts = [piece for piece in hole.pieces if piece.begin >= 0]
    for piece in hole.pieces:
        first, last = max(begin - at, 0), min(end - at, len(piece.text))
        at += len(piece.text)
        if piece.begin < 0 or first > last or (first == last and not left):
            continue
        is_last = piece is texts[-1]
        if first == last == len(piece.text) and not is_last:
            continue
        new = piece.text[:first] + left + piece.text[last:]
        left = ""
        if new != piece.text:
            yield piece.begin, piece.end, clean(new).encode()


def _ticked(xml: bytes, hole: Hole, text: str) -> Iterator[Edit]:
    """Content controls of boxes say that they are ticked, in the order in which the boxes stand."""
    boxes = re.findall("[□☐☑■▢○◯]", text)
    for mark, (begin, end) in zip(boxes, hole.boxes, strict=False):
        if mark == "☑" and len(boxes) == len(hole.boxes):
            yield begin, end, _CHECKED.sub(rb"\g<1>1\2", xml[begin:end])


def _begun(xml: bytes, hole: Hole, text: str) -> list[Edit]:
    """A run in the first paragraph of an empty cell, looking as the paragraph says."""
    tag = _TAG.match(xml, hole.begins)
    if tag is None:
        return []
    prefix = tag[1]
    paragraph = _PARAGRAPH_LOOK.search(xml, hole.begins, max(hole.ends, hole.begins))
    look = _LOOK.search(paragraph[0]) if paragraph else None
    run = b'<%br>%b<%bt xml:space="preserve">%b</%bt></%br>' % (
        prefix,
        look[0] if look else b"",
        prefix,
        escape(text, quote=False).encode(),
        prefix,
        prefix,
    )
    if tag[3]:  # a paragraph with nothing in it
        whole = b"<%bp%b>%b</%bp>" % (prefix, tag[2], run, prefix)
        return [(tag.start(), tag.end(), whole)]
    return [(hole.ends, hole.ends, run)]
