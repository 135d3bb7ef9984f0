"""Kinds of organisations 法人与组织, priority classes, posts, ways of being at work in a place, what is asked of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.kernel.policy.shapes import Code, Level, Norm, PostCode, Ref, Strict
from linli.ui.spoken import SpokenText

KindCode = Annotated[str, Ref(("registry.organisation_kinds",))]
LabelCode = Annotated[str, Ref(("registry.organisation_labels",))]
AttributeCode = Annotated[str, Ref(("registry.attributes",))]


class Family(StrEnum):
    """The large groups of organisations."""

    SELF_GOVERNING = "self_governing"
    PARTY = "party"
    SOCIAL = "social"
    ECONOMIC = "economic"
    PUBLIC = "public"
    OWNERS = "owners"


class Scale(StrEnum):
    """The national type by which figures of cities compare; urban and rural are never mixed."""

    URBAN = "urban"
    RURAL = "rural"


class AttributeKind(StrEnum):
    """How an attribute is typed in."""

    TEXT = "text"
    NUMBER = "number"
    YEAR = "year"
    CHOICE = "choice"


class Attribute(Strict):
    """Something asked of the holder of a post, of an organisation or of a station; `table` gives its choices."""

    code: Code
    title: SpokenText
    kind: AttributeKind = AttributeKind.TEXT
    table: str = ""
    hint: SpokenText = ""

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.kind is AttributeKind.CHOICE) != bool(self.table):
            raise ValueError("`table` is for choices, and choices have one")
        return self


class OrganisationKind(Norm):
    """A kind of organisation; `local` is what it is called in this place, over the national title.

    `credit` are the beginnings that its unified social credit code may have (empty: any or none);
    `covered` says that Party coverage counts it (new economic and social organisations); `open`, that residents find
    it in the public directory; `per_street`, that each street is to have one.
    """

    code: Code
    title: SpokenText
    family: Family
    national: Scale | None = None
    local: SpokenText = ""
    synonyms: tuple[str, ...] = ()
    credit: tuple[Annotated[str, Field(pattern=r"^[0-9A-Z]{1,2}$")], ...] = ()
    parents: tuple[KindCode, ...] = ()
    stationed: bool = False
    covered: bool = False
    open: bool = False
    per_street: bool = False
    asks: tuple[AttributeCode, ...] = ()

    @property
    def called(self) -> str:
        """What it is called here."""
        return self.local or self.title


class OrganisationLabel(Norm):
    """A class that organisations are counted by across kinds; `priority` for the classes to be developed first."""

    code: Code
    title: SpokenText
    kinds: tuple[KindCode, ...] = ()
    priority: bool = False
    synonyms: tuple[str, ...] = ()


class Filed(Norm):
    """Which holders of a post are filed 备案 by the level above: in which kinds of bodies, at which levels of the tree.

    `by` is the post of whoever files, at its own level; `topmost` leaves out bodies below another of the same community.
    """

    by: PostCode
    kinds: tuple[KindCode, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = Field(min_length=1)
    topmost: bool = False


class OrganisationPost(Strict):
    """A post 职务 in organisations of some kinds.

    `single`: one holder at a time; `delegated`: sent by a unit; `beside`: its holders are no members; `filed`: by whom they are filed.
    """

    code: Code
    title: SpokenText
    kinds: tuple[KindCode, ...] = Field(min_length=1)
    single: bool = False
    head: bool = False
    delegated: bool = False
    beside: bool = False
    asks: tuple[AttributeCode, ...] = ()
    filed: Filed | None = None
    synonyms: tuple[str, ...] = ()


class StationKind(Strict):
    """How an organisation is at work in a place that is not its own; `hosts`: the kinds that may take it in."""

    code: Code
    title: SpokenText
    hosts: tuple[KindCode, ...] = ()
    asks: tuple[AttributeCode, ...] = ()
    synonyms: tuple[str, ...] = ()
