"""What changed between two packs, entry by entry. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linli.kernel.policy.merge import is_coded
from linli.kernel.policy.yamlfile import Json, Trail


@dataclass(frozen=True, slots=True)
class Change:
    """One value added, removed or changed; entries of coded lists are named by their code."""

    kind: Literal["added", "removed", "changed"]
    trail: Trail
    before: Json = None
    after: Json = None

    @property
    def path(self) -> str:
        """The trail as people write it."""
        return ".".join(self.trail)


def diff(before: dict[str, Json], after: dict[str, Json]) -> list[Change]:
    """Every change from one body to the other; a whole new entry is one change."""
    return list(_between(before, after, ()))


def _between(before: Json, after: Json, trail: Trail) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _keyed(before, after, trail)
    elif is_coded(before) and is_coded(after):
        yield from _keyed(_by_code(before), _by_code(after), trail)
    elif before != after:
        yield Change("changed", trail, before, after)


def _by_code(entries: list[Json]) -> dict[str, Json]:
    return {entry["code"]: entry for entry in entries}


def _keyed(before: dict[str, Json], after: dict[str, Json], trail: Trail) -> Iterator[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        here = (*trail, key)
        if key not in after:
            yield Change("removed", here, before[key])
        elif key not in before:
            yield Change("added", here, None, after[key])
        else:
            yield from _between(before[key], after[key], here)
