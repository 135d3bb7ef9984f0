"""A proposal for one field of a form, and the proposals for a whole region (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from linli.capabilities.tables.reading.shapes import Field, Region

SURE = 0.9  # from here on a field is filled without asking
TAKEN = 0.65  # from here on a meaning is proposed; below, it is only offered


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field is taken to mean.

    `element`: a code of the dictionary, `#` for the numbering, a count such as `count.person[sex=1]`, `area`,
    `line` or `total` in statistics; empty where nothing fits. `part`: which part of an address, or which tag.
    """

    field: Field
    element: str = ""
    confidence: float = 0.0
    why: str = ""
    part: str = ""
    offers: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it may be filled without asking."""
        return bool(self.element) and self.confidence >= SURE

    @property
    def taken(self) -> str:
        """The element that is proposed; empty where none is near enough."""
        return self.element if self.confidence >= TAKEN else ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A region with what its rows are (`kind`) and what each of its fields means."""

    region: Region
    kind: str
    meanings: tuple[Meaning, ...]
    lines: tuple[Meaning, ...] = ()
