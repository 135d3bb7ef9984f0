"""Sources 数据来源 with their ranks, and the profiles by which departments' files are read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linli.capabilities.registry.policy.tags import Sensitive
from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
from linli.ui.spoken import SpokenText

Rank = Annotated[int, Field(ge=1, le=99)]
ElementRef = Annotated[str, Ref(("dictionary.elements",))]
OwnerRef = Annotated[str, Ref(("dictionary.owners",))]
RecordSetRef = Annotated[str, Ref(("dictionary.record_sets",))]
SourceRef = Annotated[str, Ref(("registry.sources",))]


class SourceEntry(Strict):
    """Who says so. The lower rank wins; `ranks` says where it knows better or worse than by and large.

    `units` are the departments whose accounts speak for it, and for nothing else; `sensitive` are the sensitive
    tags that it may say of people.
    """

    code: Code
    title: SpokenText
    owner: OwnerRef
    rank: Rank
    ranks: dict[str, Rank] = {}
    units: tuple[Code, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    by_hand: bool = False

    def rank_of(self, element: str) -> int:
        """Its rank for one element; the lower wins."""
        return self.ranks.get(element, self.rank)


class Precedence(Norm):
    """How a value is chosen when sources differ: by rank, then by the later date, else a person decides."""

    order: tuple[Literal["rank", "as_of"], ...]


class ProfileColumn(Strict):
    """A column that files of this profile have: its usual heading first, and which element it says."""

    heading: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    element: ElementRef
    required: bool = False


class Profile(Norm):
    """What a department's file usually looks like; `always` are values that every row of it has."""

    code: Code
    title: SpokenText
    department: OwnerRef
    from_source: SourceRef
    record_set: RecordSetRef
    columns: tuple[ProfileColumn, ...] = Field(min_length=2)
    always: dict[str, str] = {}

    @property
    def by_heading(self) -> dict[str, str]:
        """Element by every heading it names, as written."""
        return {
            heading: column.element
            for column in self.columns
            for heading in (column.heading, *column.also)
        }
