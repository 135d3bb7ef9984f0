"""One sheet being filled: its bytes with cells changed, rows added, and what lies below moved."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from linli.capabilities.tables.reading import marks
from linli.capabilities.tables.writing.rows import (
    Pattern,
    Value,
    moved,
    patched,
    shown,
    uncached,
    unshared,
)
from linli.capabilities.tables.writing.shifting import Shift
from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

ROWS_MOST = 1_048_576
_DIMENSION = re.compile(rb"""(<(?:\w+:)?dimension\b[^>]*?\sref\s*=\s*["'])([^"']*)""")
_MERGES = re.compile(rb"<((?:\w+:)?)mergeCells\b[^>]*>(.*?)</(?:\w+:)?mergeCells>", re.S)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*/?>")


@dataclass(slots=True)
class Block:
    """Rows for a list: from `first` on over the rows drawn until `last`, added behind them where they are not enough."""

    first: int
    last: int
    columns: Sequence[int]
    rows: Iterable[Sequence[Value]]


@dataclass(slots=True)
class SheetFill:
    """What is filled on one sheet: single cells, and rows of lists."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Made:
    """Rows of one block as bytes, packed, so that a large list does not fill the memory."""

    block: Block
    over: dict[int, Sequence[Value]]
    packed: list[bytes]
    added: int
    pattern: Pattern


class SheetBytes:
    """One sheet being filled."""

    def __init__(self, name: str, xml: bytes, fill: SheetFill) -> None:
        self.name, self.fill = name, fill
        begin, end, _prefix = marks.data_span(xml)
        self.xml = unshared(xml, begin, end) if fill.blocks else xml
        self.begin, self.end, raw = marks.data_span(self.xml)
        self.prefix = raw.decode()
        self.made: list[_Made] = []
        self.shift = Shift(name)
        self.count = 0

    def prepare(self) -> None:
        """Make the rows of every list, so that it is known how far things move."""
        drawn = self._drawn()
        for block in sorted(self.fill.blocks, key=lambda each: each.first):
            self.made.append(self._make(block, drawn))
        self.shift = Shift(
            self.name, tuple((max(m.block.last, m.block.first - 1), m.added) for m in self.made)
        )

    def _drawn(self) -> dict[int, marks.Row]:
        wanted = {n for b in self.fill.blocks for n in (b.first, b.first - 1, b.last)}
        return {
            row.number: row
            for row in marks.rows(self.xml, self.begin, self.end)
            if row.number in wanted
        }

    def _make(self, block: Block, drawn: dict[int, marks.Row]) -> _Made:
        source = drawn.get(block.first) if block.last >= block.first else drawn.get(block.last)
        pattern = Pattern(source, block.columns, self.prefix)
        rows = iter(block.rows)
        over = {}
        for number in range(block.first, block.last + 1):
            row = next(rows, None)
            if row is None:
                break
            over[number] = row
        counted = _Counting(rows)
        first = max(block.last, block.first - 1) + 1 + sum(m.added for m in self.made)
        packed = [zlib.compress(chunk, 1) for chunk in pattern.rows(first, counted)]
        self.count += len(over) + counted.count
        if first + counted.count > ROWS_MOST:
            raise Refusal(
                Spoken("一张工作表最多 1,048,576 行，请缩小范围或分开填。"),
                field="file",
                code="rows",
            )
        return _Made(block, over, packed, counted.count, pattern)

    def chunks(self) -> Iterator[bytes]:
        """The sheet's bytes."""
        head, tail = self.xml[: self.begin], self.xml[self.end :]
        if head.rstrip().endswith(b"/>"):  # a sheet without any row
            head = head.rstrip()[:-2] + b">"
            tail = f"</{self.prefix}sheetData>".encode() + tail
        yield self._dimension(head)
        yield from self._rows()
        yield self._tail(tail)

    def _dimension(self, head: bytes) -> bytes:
        if not self.shift.moves:
            return head
        return _DIMENSION.sub(lambda m: m[1] + self._grown(m[2].decode()).encode(), head)

    def _grown(self, reference: str) -> str:
        box = marks.box(reference)
        if box is None:
            return reference
        bottom = max(
            self.shift.row(box.bottom),
            max((m.block.first + len(m.over) + m.added - 1 for m in self.made), default=0),
        )
        right = max(box.right, *(max(m.block.columns, default=0) for m in self.made))
        return f"{marks.letters(box.left)}{box.top}:{marks.letters(right)}{bottom}"

    def _rows(self) -> Iterator[bytes]:
        pending = list(self.made)
        cells: dict[int, dict[int, Value]] = {}
        for (line, column), value in self.fill.cells.items():
            cells.setdefault(line, {})[column] = value
        for made in self.made:
            for number, values in made.over.items():
                here = cells.setdefault(number, {})
                here.update(
                    {c: v for c, v in zip(made.block.columns, values, strict=True) if v is not None}
                )
        at, xml = self.begin, self.xml
        for row in marks.rows(xml, self.begin, self.end):
            yield xml[at : row.begin]
            at = row.end
            yield from self._added(pending, row.number, cells)
            yield self._row(row, cells.pop(row.number, {}))
        yield from self._added(pending, ROWS_MOST + 1, cells)
        yield xml[at : self.end]

    def _added(
        self, pending: list[_Made], before: int, cells: dict[int, dict[int, Value]]
    ) -> Iterator[bytes]:
        """Rows that come before a row of the original: cells in rows that were not drawn, and added rows."""
        for number in sorted(each for each in cells if each < before):
            self_made = next((m for m in self.made if number in m.over), None)
            while pending and max(pending[0].block.last, pending[0].block.first - 1) < number:
                yield from map(zlib.decompress, pending.pop(0).packed)
            yield self._undrawn(number, cells.pop(number), self_made)
        while pending and max(pending[0].block.last, pending[0].block.first - 1) < before:
            yield from map(zlib.decompress, pending.pop(0).packed)

    def _undrawn(self, number: int, values: dict[int, Value], made: _Made | None) -> bytes:
        now = self.shift.row(number)
        empty = marks.Row(number, b' r="%d"' % now, b"", 0, 0)
        if made is None:
            return patched(empty, values, self.prefix, now)
        row = [values.get(column) for column in made.block.columns]
        return next(made.pattern.rows(now, [row]))

    def _row(self, row: marks.Row, values: dict[int, Value]) -> bytes:
        raw = self.xml[row.begin : row.end]
        now = self.shift.row(row.number)
        if values:
            raw = patched(row, values, self.prefix, row.number)
        if any(row.number in made.over for made in self.made):
            raw = shown(raw)
        if self.shift.moves:
            raw = self.shift.formulas(moved(row, raw, now), own=True)
        return uncached(raw)

    def _tail(self, tail: bytes) -> bytes:
        if not self.shift.moves:
            return tail
        repeated = list(self._repeated(tail))
        tail = self.shift.tail(tail)
        if not repeated:
            return tail

        def grown(found: re.Match[bytes]) -> bytes:
            held = _MERGE.findall(found[2]) + repeated
            prefix = found[1]
            return b'<%bmergeCells count="%d">%b</%bmergeCells>' % (
                prefix,
                len(held),
                b"".join(held),
                prefix,
            )

        return _MERGES.sub(grown, tail, count=1)

    def _repeated(self, tail: bytes) -> Iterator[bytes]:
        """Cells merged across columns in the row that added rows are drawn after are merged in each of them."""
        for found in _MERGE.finditer(tail):
            box = marks.box(marks.attributes(found[0]).get("ref", ""))
            for made in self.made:
                if (
                    box is None
                    or box.top != box.bottom
                    or box.top != made.pattern.number
                    or not made.added
                ):
                    continue
                first = self.shift.row(max(made.block.last, made.block.first - 1)) + 1
                left, right = marks.letters(box.left), marks.letters(box.right)
                for row in range(first, first + made.added):
                    yield b'<%bmergeCell ref="%b"/>' % (
                        self.prefix.encode(),
                        f"{left}{row}:{right}{row}".encode(),
                    )


class _Counting:
    """Rows counted as they pass."""

    def __init__(self, rows: Iterator[Sequence[Value]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            self.count += 1
            yield row
