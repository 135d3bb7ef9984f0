"""The clock: warnings, windows, extension; and the small norms of rating, look-alikes, query and photos."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from linli.kernel.calendar.terms import TermText
from linli.kernel.policy.shapes import Code, Norm, RoleCode, Strict
from linli.ui.spoken import SpokenText

Percent = Annotated[int, Field(ge=1, le=100)]


class Warnings(Norm):
    """Shares of the term used up at which a clock turns yellow and red, in per cent."""

    yellow: Percent
    red: Percent

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.red <= self.yellow:
            raise ValueError("`red` must come after `yellow`")
        return self


class Window(Norm):
    """A term within which something may or must be done."""

    term: TermText


class Extension(Norm):
    """How often and by how much a term may be extended, and who decides."""

    times: int = Field(ge=0, le=5)
    longest: TermText
    decided_by: tuple[RoleCode, ...] = Field(min_length=1)
    before_due: bool = True


class Clock(Strict):
    """Every rule about time that does not belong to one class or item."""

    warnings: Warnings
    accept: Window
    transfer: Window
    answer: Window
    verify: Window
    close: Window
    reopen: Window
    rate: Window
    extension: Extension
    idle: Window


class Grade(Strict):
    """A grade of satisfaction; the highest `value` is the best."""

    code: Code
    title: SpokenText
    value: int = Field(ge=1, le=5)
    satisfied: bool
    reason_needed: bool = False


class Ratings(Norm):
    """How residents rate, and which grades count as satisfied."""

    grades: tuple[Grade, ...] = Field(min_length=2)


class Duplicates(Norm):
    """When two open matters look alike: metres apart, days apart, similarity of the text 0..1."""

    radius_m: int = Field(ge=1, le=5000)
    days: int = Field(ge=1, le=365)
    similarity: float = Field(gt=0, le=1)
    offered: int = Field(ge=1, le=10)


class Query(Norm):
    """Query by number and code without an account."""

    code_length: int = Field(ge=6, le=12)
    tries: int = Field(ge=3, le=20)
    lock: TermText


class Papers(Norm):
    """For how many days a paper that was given once need not be brought again."""

    reuse_days: int = Field(ge=1, le=3650)


class Photos(Norm):
    """How many pictures, how large each."""

    count: int = Field(ge=1, le=20)
    megabytes: int = Field(ge=1, le=40)
