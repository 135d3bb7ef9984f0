"""Section `ledgers`: the catalogue of cloud ledgers 云台账, each a fixed view over what rooms offer."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.kernel.dictionary.shapes import Op
from linli.kernel.policy.shapes import Norm, Ref, Strict
from linli.ui.spoken import SpokenText

OwnerRef = Annotated[str, Ref(("dictionary.owners",))]
ElementRef = Annotated[str, Ref(("dictionary.elements",))]
RecordSetRef = Annotated[str, Ref(("dictionary.record_sets",))]


class Asked(Strict):
    """One condition: an element, what is asked of it, the values (codes, days, area codes)."""

    element: ElementRef
    op: Op
    values: tuple[str, ...] = ()


class LedgerColumn(Strict):
    """One column: an element of the dictionary, or the reason why nobody records it yet; perhaps its own title."""

    element: ElementRef | None = None
    title: SpokenText = ""
    why: SpokenText = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.element and not (self.title and self.why):
            raise ValueError("a column names an element, or a title and why it has no data")
        return self


class Ledger(Norm):
    """One ledger: which records under which conditions, its columns; or why there is no source of data yet.

    `headings` are the columns of one without a source.
    """

    code: Annotated[str, Field(pattern=r"^L[0-9]{2,3}$")]
    title: SpokenText
    owner: OwnerRef
    frequency: SpokenText
    record_set: RecordSetRef | None = None
    conditions: tuple[tuple[Asked, ...], ...] = ()
    columns: tuple[LedgerColumn, ...] = ()
    headings: tuple[SpokenText, ...] = ()
    sort: tuple[str, ...] = ()
    why: SpokenText = ""

    @model_validator(mode="after")
    def _has_a_source_or_a_reason(self) -> Self:
        if bool(self.record_set) == bool(self.why):
            raise ValueError("a ledger names its record set, or why it has none")
        if self.record_set and not any(column.element for column in self.columns):
            raise ValueError("a ledger has columns with data")
        return self

    @property
    def width(self) -> int:
        """How many columns its booklet has."""
        return len(self.columns) or len(self.headings)


class Paper(Strict):
    """How many classes and booklets there were, or are."""

    classes: int = Field(ge=1)
    booklets: int = Field(ge=1)


class Reduction(Norm):
    """What the paper was reduced from and to."""

    before: Paper
    after: Paper


class LedgersPolicy(Strict):
    """Section `ledgers`."""

    ledgers: tuple[Ledger, ...]
    paper: Reduction

    @cached_property
    def by_code(self) -> dict[str, Ledger]:
        """Ledger by code."""
        return {each.code: each for each in self.ledgers}
