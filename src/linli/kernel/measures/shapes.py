"""What a room counts, and what the pack aims at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from linli.kernel.policy.shapes import Norm, Strict
from linli.ui.manifest import Words

if TYPE_CHECKING:  # a manifest names its policy before there are tables
    from linli.kernel.acts import Act
    from linli.kernel.places.models import Area


@dataclass(frozen=True, slots=True)
class Counted:
    """One number of one month: so many, or so many `of` others, which is a share."""

    n: float
    of: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator: its name, what its numbers are, which way is better, where its rows are.

    `opens` is given the area (none: everything in sight) and the first day of the month.
    """

    code: str
    title: Words
    kind: Literal["count", "share", "hours"] = "count"
    better: Literal["more", "less", ""] = ""
    opens: Callable[[Area | None, date], str] | None = None


Series = Mapping[str, Mapping[date, Counted]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one room counts, for whoever may do `verb`; `read` answers for all of it at once, by code and month."""

    title: Words
    verb: str
    measures: tuple[Measure, ...]
    read: Callable[[Act, Area | None, Sequence[date]], Series]


class Target(Norm):
    """What an indicator should reach: at least so much where more is better, at most where less is."""

    code: str
    value: Decimal


class Watch(Norm):
    """When a month stands out: so many per cent and at least so much from the mean before; worse for so many months."""

    percent: Annotated[int, Field(ge=1)]
    least: Annotated[int, Field(ge=1)]
    months: Annotated[int, Field(ge=2, le=5)]


class MeasuresPolicy(Strict):
    """What indicators are held against; one without a target is shown without."""

    targets: tuple[Target, ...] = ()
    watch: Watch | None = None
