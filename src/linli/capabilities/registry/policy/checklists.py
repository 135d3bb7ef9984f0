"""Lists that somebody or something is judged by, item by item, year by year."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
from linli.ui.spoken import SpokenText

PostRef = Annotated[str, Ref(("registry.organisation_posts",))]
StationRef = Annotated[str, Ref(("registry.station_kinds",))]


class Judged(StrEnum):
    """What a list is about."""

    HOLDING = "holding"
    STATION = "station"
    GRID = "grid"


class Item(Strict):
    """One thing to be met."""

    code: Code
    title: SpokenText


class Checklist(Norm):
    """What holders of `posts`, stations of `stations` or grids are judged by; met is who meets every item.

    `target` is the share, in hundredths, that is to meet it; `topmost` leaves out bodies below another.
    """

    code: Code
    title: SpokenText
    called: SpokenText
    of: Judged
    posts: tuple[PostRef, ...] = ()
    stations: tuple[StationRef, ...] = ()
    topmost: bool = False
    target: Annotated[int, Field(ge=1, le=100)] | None = None
    items: tuple[Item, ...] = Field(min_length=2)

    def meets(self, met: tuple[str, ...] | list[str]) -> bool:
        """Whether every item is met."""
        return {item.code for item in self.items} <= set(met)
