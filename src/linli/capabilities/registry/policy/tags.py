"""Tags 标签 on people, purposes 用途 of processing, how long records are kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.kernel.policy.shapes import Code, InForce, Norm, RoleCode, Source, Status
from linli.ui.spoken import Spoken, SpokenText

PurposeCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Months = Annotated[int, Field(ge=1, le=1200)]


class TagLevel(StrEnum):
    """Who keeps a tag's definition: each level may add its own below the wider ones."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Sensitive(StrEnum):
    """Why a tag is sensitive (PIPL 28); `none`: it is personal, not sensitive."""

    NONE = "none"
    HEALTH = "health"
    AID = "aid"
    CORRECTION = "correction"


class Tag(Norm):
    """A tag: on what legal basis, for what purpose, who may see it, for how many months it holds.

    `ages` (from, to; in years, both counted) says that the tag follows from the birthday alone; `elements`
    are the further elements that a mark of this tag carries.
    """

    code: Code
    title: SpokenText
    level: TagLevel
    sensitive: Sensitive = Sensitive.NONE
    basis: SpokenText = Field(min_length=1)
    purpose: PurposeCode
    seen_by: tuple[RoleCode, ...] = Field(min_length=1)
    valid_months: Months | None = None
    ages: tuple[int, int] | None = None
    elements: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.ages and not 0 <= self.ages[0] <= self.ages[1] <= 150:
            raise ValueError("`ages` are two years of age, the younger first")
        return self

    @property
    def is_sensitive(self) -> bool:
        """Whether seeing it needs the permission of its own."""
        return self.sensitive is not Sensitive.NONE


class Ground(StrEnum):
    """On what ground personal information is processed (PIPL 13)."""

    CONSENT = "consent"
    DUTY = "duty"
    EMERGENCY = "emergency"
    CONTRACT = "contract"


class Purpose(Norm):
    """A purpose for which personal information is processed; below `guardian_below` years a guardian agrees."""

    code: PurposeCode
    title: SpokenText
    ground: Ground
    text: SpokenText = Field(min_length=1)
    guardian_below: Annotated[int, Field(ge=0, le=18)] = 14
    separate: bool = False


class Retention(Norm):
    """For how many months a record is kept after it has ended; then it is erased or its words are.

    `nightly`: the house erases by itself; while it is false the period is only told.
    """

    code: Code
    title: SpokenText
    months: Months
    erased: SpokenText = Field(min_length=1)
    nightly: bool = False


class Ages(Norm):
    """From which age on somebody is an adult (Civil Code 17); younger ones have guardians."""

    majority: Annotated[int, Field(ge=14, le=25)]


# What holds where a pack kept before this was asked says nothing.
ADULT = Ages(
    majority=18,
    source=Source(document=Spoken("中华人民共和国民法典"), clause=Spoken("第十七条")),
    status=Status.KNOWN,
    in_force=InForce(),
)


class Right(Norm):
    """What a ground of residence opens: who lives here on which ground, since when, how old at least.

    `lives` false: whoever is registered here has it even when living elsewhere.
    """

    code: Code
    title: SpokenText
    kinds: tuple[str, ...] = Field(min_length=1)
    lives: bool = True
    months: Annotated[int, Field(ge=0, le=240)] = 0
    youngest: Annotated[int, Field(ge=0, le=120)] = 0
    text: SpokenText = Field(min_length=1)
