"""Shapes that every pack shares: a norm with its source, a term, references, and the kernel's own sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linli.ui.spoken import SpokenText


class Strict(BaseModel):
    """Base of every pack shape: unknown keys are refused, values are never coerced or changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field as a reference: its value is a code in one of the named coded lists.

    With ``glob`` the value is a pattern such as ``01*`` which must match at least one code.
    """

    lists: tuple[str, ...]
    glob: bool = False


class Status(StrEnum):
    """How sure we are: read in a source, known but to be verified, or our own proposal."""

    FOUND = "found"
    KNOWN = "known"
    DEFAULT = "default"


class Source(Strict):
    """The document that says so; a proposal of ours names itself as one."""

    document: SpokenText = Field(min_length=1)
    clause: SpokenText = ""
    url: str | None = None


class InForce(Strict):
    """From which day to which day (both counted); an open end is empty."""

    model_config = ConfigDict(populate_by_name=True)

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError("in_force: `to` is before `from`")
        return self

    def holds(self, day: date) -> bool:
        """Is the norm in force on that day."""
        return (not self.start or self.start <= day) and (not self.end or day <= self.end)


class Norm(Strict):
    """Any entry that claims a rule: where it is written, how sure we are, and when it holds."""

    source: Source
    status: Status
    in_force: InForce


class Level(StrEnum):
    """Levels of the area tree, and a department (unit) beside it."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    UNIT = "unit"


Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
RoleCode = Annotated[str, Ref(("access.roles",))]
PostCode = Annotated[str, Ref(("access.posts",))]
UnitCode = Annotated[str, Ref(("units.units",))]
VerbGlob = Annotated[str, Field(pattern=r"^(\*|[a-z_]+\.(\*|[a-z_.]+\*?))$")]


class Role(Strict):
    """What a person in this role may do: verbs by name or by glob (`matters.*`)."""

    code: Code
    title: SpokenText
    level: Level | None = None
    verbs: tuple[VerbGlob, ...]
    second_factor: bool = False
    sensitive: bool = False


class Post(Strict):
    """A post that somebody is appointed to; it carries exactly one role at one level."""

    code: Code
    title: SpokenText
    role: RoleCode
    level: Level


class AccessPolicy(Strict):
    """Section `access`: roles and posts of the place."""

    roles: tuple[Role, ...]
    posts: tuple[Post, ...]


class UnitKind(StrEnum):
    """What kind of body a unit is."""

    DEPARTMENT = "department"
    UTILITY = "utility"
    CENTRE = "centre"


class UnitEntry(Strict):
    """A department, centre or public utility that matters can be given to."""

    code: Code
    title: SpokenText
    short: str
    kind: UnitKind = UnitKind.DEPARTMENT
    level: Level = Level.CITY
    duties: SpokenText = ""


class UnitsPolicy(Strict):
    """Section `units`: the departments of the place."""

    units: tuple[UnitEntry, ...] = ()


Clock24 = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Hours(Strict):
    """One stretch of office time within a day, `HH:MM`."""

    opens: Clock24
    closes: Clock24

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("`closes` must be later than `opens`")
        return self


class CalendarPolicy(Norm):
    """Section `calendar`: office hours on a working day and when a late receipt counts."""

    office_hours: tuple[Hours, ...] = Field(min_length=1)
    cut_off: Clock24
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for earlier, later in zip(self.office_hours, self.office_hours[1:], strict=False):
            if later.opens < earlier.closes:
                raise ValueError("office_hours overlap or are out of order")
        return self


class QuietHours(Norm):
    """No phone message between these times, except for emergencies."""

    opens: Clock24
    closes: Clock24
    except_emergency: bool = True


class NoticesPolicy(Strict):
    """Section `notices`: when not to disturb people."""

    quiet: QuietHours


KERNEL_SECTIONS: dict[str, type[Strict]] = {
    "access": AccessPolicy,
    "units": UnitsPolicy,
    "calendar": CalendarPolicy,
    "notices": NoticesPolicy,
}
