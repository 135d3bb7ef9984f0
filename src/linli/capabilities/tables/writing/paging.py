"""One list drawn in several blocks, side by side or page below page: its rows run on from block to block (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from linli.capabilities.tables.mapping import Mapped
from linli.capabilities.tables.reading.shapes import Region, Shape
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import Block

Rows = Iterator[Sequence[Value]]


def pages(mapped: Sequence[Mapped]) -> dict[int, list[int]]:
    """The blocks of each list that is drawn in several, by the place of its first one."""
    found: dict[int, list[int]] = {}
    first: dict[object, int] = {}
    for at, each in enumerate(mapped):
        region = each.region
        if region.shape is not Shape.LIST or region.kept:
            continue
        key = (region.sheet, tuple(field.path for field in region.fields))
        begun = first.setdefault(key, at)
        found.setdefault(begun, []).append(at)
    return {begun: places for begun, places in found.items() if len(places) > 1}


def dealt(pages: Sequence[Mapped], columns: Sequence[int], rows: Rows) -> list[Block]:
    """The blocks to fill: each page takes as many rows as it has drawn, the last one the rest."""
    regions = [each.region for each in pages]
    if len({region.head for region in regions}) < len(regions):
        return [_beside(regions, columns, rows)]
    blocks = []
    for region in regions:
        first, last = region.body
        whole = region is regions[-1]
        here = rows if whole else islice(rows, max(0, last - first + 1))
        blocks.append(Block(first, last, columns, here))
    return blocks


def _beside(regions: Sequence[Region], columns: Sequence[int], rows: Rows) -> Block:
    """Blocks side by side as one: the left one is full before the next begins."""
    first, last = regions[0].body
    shifts = [region.box.left - regions[0].box.left for region in regions]
    everywhere = [column + shift for shift in shifts for column in columns]
    return Block(
        first, last, everywhere, _folded(rows, len(shifts), max(0, last - first + 1), len(columns))
    )


def _folded(rows: Rows, blocks: int, drawn: int, wide: int) -> Rows:
    told = list(rows)
    deep = max(drawn, -(-len(told) // blocks))
    for line in range(min(deep, len(told))):
        row: list[Value] = []
        for block in range(blocks):
            at = block * deep + line
            row += told[at] if at < len(told) else [None] * wide
        yield row
