"""What is held, as a plan asks for it (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from linli.kernel.dictionary.offers.conditions import Group


class Source(Protocol):
    """What is held, to be asked by element; the rows are those in the reader's sight."""

    def holds(self, record_set: str, element: str) -> bool:
        """Whether the rows of a record set tell an element."""
        ...

    def rows(
        self, record_set: str, elements: Sequence[str], groups: Sequence[Group] = ()
    ) -> Iterator[Sequence[object]]:
        """The rows that meet some conditions, each with the values of the elements in their order."""
        ...

    def count(self, what: str, area: str | Sequence[str] = "") -> int | float | None:
        """A count such as count.person[sex=1], in parts of the area that are named; None where it cannot be told."""
        ...
