"""Lists that somebody or something is judged by, item by item, year by year."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
from linli.ui.spoken import SpokenText

PostRef = Annotated[str, Ref(("registry.organisation_posts",))]
KindRef = Annotated[str, Ref(("registry.organisation_kinds",))]
StationRef = Annotated[str, Ref(("registry.station_kinds",))]


class Judged(StrEnum):
    """What a list is about."""

    HOLDING = "holding"
    STATION = "station"
    GRID = "grid"
    ORGANISATION = "organisation"


class Item(Strict):
    """One thing to be met."""

    code: Code
    title: SpokenText


class Stage(Norm):
    """What is to be met by a year of a programme, counted from its first; later ones hold the earlier."""

    code: Code
    title: SpokenText
    year: Annotated[int, Field(ge=1, le=20)]
    items: tuple[Code, ...] = Field(min_length=1)


class Checklist(Norm):
    """What holders of `posts`, stations of `stations`, bodies of `kinds` or grids are judged by; met is who meets every item.

    `target` is the share, in hundredths, that is to meet it; `topmost` leaves out bodies below another.
    `stages` are climbed year by year from `begins` on (R023).
    """

    code: Code
    title: SpokenText
    called: SpokenText
    of: Judged
    posts: tuple[PostRef, ...] = ()
    stations: tuple[StationRef, ...] = ()
    kinds: tuple[KindRef, ...] = ()
    topmost: bool = False
    begins: Annotated[int, Field(ge=1949, le=2100)] | None = None
    stages: tuple[Stage, ...] = ()
    target: Annotated[int, Field(ge=1, le=100)] | None = None
    items: tuple[Item, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        known = {item.code for item in self.items}
        below: set[str] = set()
        for stage in self.stages:
            if not below <= set(stage.items) <= known:
                raise ValueError("a stage holds the items of the one before, and known items only")
            below = set(stage.items)
        if bool(self.stages) != (self.begins is not None):
            raise ValueError("`begins` is for lists with stages, and they have one")
        return self

    def reached(self, met: tuple[str, ...] | list[str]) -> Stage | None:
        """The last stage whose items are all met."""
        found = [each for each in self.stages if set(each.items) <= set(met)]
        return found[-1] if found else None

    def due(self, year: int) -> Stage | None:
        """The stage that is to be reached by the end of a year."""
        start = self.begins or year
        found = [each for each in self.stages if start + each.year - 1 <= year]
        return found[-1] if found else None

    def meets(self, met: tuple[str, ...] | list[str]) -> bool:
        """Whether every item is met."""
        return {item.code for item in self.items} <= set(met)
