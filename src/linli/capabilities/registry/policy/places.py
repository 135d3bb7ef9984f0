"""Classes of facilities 部件, and how large committees and grids are to be."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.capabilities.registry.policy.organisations import KindCode
from linli.kernel.policy.shapes import Code, Norm, Strict
from linli.ui.spoken import SpokenText

Households = Annotated[int, Field(ge=1, le=100_000)]


class FacilityGroup(Strict):
    """A group of facility classes."""

    code: Code
    title: SpokenText


class FacilityClass(Strict):
    """A class of facilities; its code begins with that of its group."""

    code: Code
    title: SpokenText


class Facilities(Norm):
    """The classes of facilities, from one catalogue."""

    groups: tuple[FacilityGroup, ...]
    classes: tuple[FacilityClass, ...]


class _Range(Norm):
    low: Households
    high: Households

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.high < self.low:
            raise ValueError("`high` is below `low`")
        return self


class CommitteeSize(_Range):
    """How many households a committee of this kind is to serve, while this version is in force."""

    code: Code
    kind: KindCode


class GridSize(_Range):
    """How many households a comprehensive grid has."""


class GridStaff(Norm):
    """How many heads a grid has exactly, and how many workers at least."""

    heads: Annotated[int, Field(ge=0, le=5)]
    workers: Annotated[int, Field(ge=0, le=50)]
