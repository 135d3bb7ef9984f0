"""Dividing a community into comprehensive grids, and whether every home lies in exactly one. Pure: no Django, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

CHINESE = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Block:
    """A building as far as dividing needs it: its estate, its name, how many homes."""

    id: int
    estate: str
    name: str
    homes: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A grid to be: its number in the community, its buildings, how many homes."""

    number: int
    blocks: tuple[Block, ...]

    @property
    def homes(self) -> int:
        """How many homes it would have."""
        return sum(each.homes for each in self.blocks)

    @property
    def estates(self) -> tuple[str, ...]:
        """The estates that it holds wholly or in part, in order."""
        return tuple(dict.fromkeys(each.estate for each in self.blocks if each.estate))


def ordinal(number: int) -> str:
    """A number in words: 3 → 三, 12 → 十二, 25 → 二十五; beyond 99 in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{CHINESE[tens]}十")
    return head + (CHINESE[ones] if ones or not tens else "")


def _natural(block: Block) -> tuple[str, int, str]:
    digits = re.search(r"\d+", block.name)
    return block.estate, int(digits[0]) if digits else 0, block.name


def _parts(blocks: Sequence[Block], high: int) -> list[list[Block]]:
    """One estate in as few parts as fit, of nearly the same size, buildings in order of number."""
    total = sum(each.homes for each in blocks)
    count = max(1, -(-total // high))
    goal, parts, held = total / count, [list[Block]()], 0
    for each in blocks:
        full = held + each.homes / 2 > goal * len(parts) and len(parts) < count
        too_many = sum(b.homes for b in parts[-1]) + each.homes > high
        if parts[-1] and (full or too_many):
            parts.append([])
        parts[-1].append(each)
        held += each.homes
    return parts


def propose(blocks: Iterable[Block], low: int, high: int) -> list[Proposal]:
    """Grids of estates and buildings of between ``low`` and ``high`` homes where that is possible (R125).

    A large estate is parted by building number; small ones are put together. A single building is never parted.
    """
    groups: list[list[Block]] = []
    ordered = sorted(blocks, key=_natural)
    for _estate, members in groupby(ordered, key=lambda each: each.estate):
        for part in _parts(list(members), high):
            size = sum(each.homes for each in part)
            last = sum(each.homes for each in groups[-1]) if groups else high
            if groups and (last < low or size < low) and last + size <= high:
                groups[-1].extend(part)
            else:
                groups.append(part)
    return [Proposal(number, tuple(part)) for number, part in enumerate(groups, start=1)]
