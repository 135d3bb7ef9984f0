"""Section `ledgers`: the catalogue of cloud ledgers 云台账, each a fixed view over what rooms offer."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from linli.kernel.dictionary.shapes import ElementCode, Op
from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
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


class EntryField(Strict):
    """One thing that is written of an entry: its element; `people` are chosen among those in sight or named."""

    element: ElementRef
    required: bool = False
    people: bool = False
    long: bool = False


class Also(Strict):
    """Where an entry stands besides: in which record set, when which of its elements is filled, which value is whose.

    `columns` names for each element of the other record set one of this; `fixed` gives it one value for all.
    """

    record_set: RecordSetRef
    filled: ElementRef
    columns: dict[ElementCode, ElementCode]
    fixed: dict[ElementCode, Code] = {}


Tone = Literal["good", "warn", "bad", "info", "neutral"]


class OnMap(Strict):
    """That entries of a kind stand on the map: which element says where, and what tells whether they are over.

    One stands there for `days` after its day, or always; with a `state`, as long as that is none of `closed` and for
    `days` after. `until` is the day from which one that is not closed is late.
    """

    at: ElementRef
    state: ElementRef | None = None
    tones: dict[Code, Tone] = {}
    closed: tuple[Code, ...] = ()
    until: ElementRef | None = None
    days: Annotated[int, Field(ge=1)] | None = None


class EntryKind(Strict):
    """What is entered in a ledger itself, where no room keeps such records; `code` is its record set.

    `day` is the element of the day it happened, `name` that by which it is called, `told` names elements that are
    said by those of `fields` (a phone by the person). `map` says that entries stand on the map.
    """

    code: RecordSetRef
    day: ElementRef
    name: ElementRef
    fields: tuple[EntryField, ...] = Field(min_length=1)
    also: tuple[Also, ...] = ()
    told: dict[ElementCode, ElementCode] = {}
    map: OnMap | None = None

    @model_validator(mode="after")
    def _speaks_of_itself(self) -> Self:
        own = [self.day, self.name, *(each.element for each in self.fields), *self.told]
        own += [each for each in self._mapped if each]
        own += [code for also in self.also for code in (also.filled, *also.columns.values())]
        if strange := [code for code in own if not code.startswith(f"{self.code}.")]:
            raise ValueError(f"`{strange[0]}` is no element of `{self.code}`")
        there = [
            (code, also.record_set) for also in self.also for code in (*also.columns, *also.fixed)
        ]
        if other := [code for code, record_set in there if not code.startswith(f"{record_set}.")]:
            raise ValueError(f"`{other[0]}` is no element of the other record set")
        return self

    @property
    def _mapped(self) -> tuple[str | None, ...]:
        return (self.map.at, self.map.state, self.map.until) if self.map else ()

    @cached_property
    def by_element(self) -> dict[str, EntryField]:
        """Field by element."""
        return {each.element: each for each in self.fields}


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
    entries: tuple[EntryKind, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Ledger]:
        """Ledger by code."""
        return {each.code: each for each in self.ledgers}

    @cached_property
    def kinds(self) -> dict[str, EntryKind]:
        """What can be entered, by record set."""
        return {each.code: each for each in self.entries}
