"""Which of two values holds: the source's rank first, then the day it speaks of (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# What the identity document says of itself: no weaker source writes over it in silence.
ID_BACKED = frozenset({"name", "sex", "born", "document", "document_kind"})
UNKNOWN_RANK = 90


class Verdict(StrEnum):
    """What to do with an offered value."""

    SAME = "same"
    TAKE = "take"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Said:
    """Who says a value: the rank of the source (lower is stronger) and the day it speaks of."""

    rank: int = UNKNOWN_RANK
    day: date | None = None


def verdict(
    new: Said, held: Said, *, same: bool, empty: bool = False, id_backed: bool = False
) -> Verdict:
    """Whether an offered value is taken, kept out or must be decided by a person.

    `same`: both are equal; `empty`: nothing is held yet; `id_backed`: the held one stands on an identity document.
    """
    if same:
        return Verdict.SAME
    if empty or new.rank < held.rank:
        return Verdict.TAKE
    if new.rank > held.rank:
        return Verdict.CONFLICT if id_backed else Verdict.KEEP
    before, after = held.day or date.min, new.day or date.min
    if after > before:
        return Verdict.TAKE
    return Verdict.CONFLICT if after == before else Verdict.KEEP


def said_by(sources: dict[str, int], field: str) -> int | None:
    """The batch that answers for one value of a row: its own, else that of the whole row."""
    return sources.get(field, sources.get("*"))
