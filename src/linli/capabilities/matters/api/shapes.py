"""What machines send and get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Reason = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[str, Field(max_length=1000)]
Photos = Annotated[list[Annotated[int, Field(ge=1, le=2**62)]], Field(max_length=9)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Datum = Literal["WGS-84", "CGCS2000", "GCJ-02"]
Key = Annotated[int, Field(ge=0, le=2**62)]


class Asked(Schema):
    """What a request may hold and nothing else."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(Schema):
    """Every error."""

    code: str
    message: str
    field: str | None = None
    details: list[dict[str, Any]] = []


class NewMatter(Asked):
    """A need to be recorded. Its place: `area`, else `lon` and `lat`, else the words of `address`.

    `system`: the registered information system that found it.
    """

    code: Annotated[str, Field(min_length=1, max_length=40)]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    body: Annotated[str, Field(max_length=4000)] = ""
    area: Key | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    datum: Datum = "WGS-84"
    address: Annotated[str, Field(max_length=200)] = ""
    reporter_name: Annotated[str, Field(max_length=40)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    anonymous: bool = False
    answers: dict[str, Any] = {}
    photos: Photos = []
    system: Key | None = None


class Step(Asked):
    """An action without words. `seen`: the state and round that the caller saw, such as `handling/1`."""

    seen: Annotated[str, Field(max_length=24)] = ""


class Handled(Step):
    """What was done, with pictures of it."""

    outcome: Reason
    result: Literal["solved", "explained", "cannot"] = "solved"
    photos: Photos = []


class Verified(Step):
    """What was found on the spot."""

    words: Annotated[str, Field(max_length=300)] = ""
    photos: Photos = []


class Reworked(Step):
    """Why it goes back, or is not solved."""

    reason: Reason
    photos: Photos = []


class Reasoned(Step):
    """An action with its reason."""

    reason: Reason


class Handed(Reasoned):
    """To which unit, and to which post in it."""

    to: Key
    post: Annotated[str, Field(max_length=40)] = ""


class Contacted(Step):
    """What was said."""

    words: Annotated[str, Field(max_length=300)] = ""


class Prolonged(Reasoned):
    """How many days more."""

    amount: Annotated[int, Field(ge=1, le=60)]


class Reclassified(Reasoned):
    """The other class."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Said(Step):
    """A message; `internal` is read by the office only."""

    body: Annotated[str, Field(min_length=1, max_length=1000)]
    internal: bool = False
    photos: Photos = []


class Rated(Step):
    """A grade of 1 to 5."""

    value: Annotated[int, Field(ge=1, le=5)]
    solved: bool | None = None
    words: Annotated[str, Field(max_length=300)] = ""


class Brief(Schema):
    """One matter of a list."""

    number: str
    title: str
    kind: str
    code: str
    entry: str
    state: str
    state_title: str
    round: int
    opened: datetime
    due: datetime | None
    next_due: datetime | None
    next_stage: str
    closed: datetime | None
    on_time: bool | None
    tone: str
    area: str
    address: str
    unit: str
    external: str


class Listed(Schema):
    """A page of a list; `next` is given back as `after`, empty on the last page."""

    rows: list[Brief]
    next: str


class Receipt(Schema):
    """A matter as an action left it."""

    number: str
    state: str
    round: int
    due: datetime | None
    unit: str
    post: str
    route: str


class Photo(Schema):
    """An upload that waits to be used; `lon` and `lat` when the picture noted its place."""

    id: int
    name: str
    lon: float | None = None
    lat: float | None = None


class Located(Schema):
    """The area around a position."""

    area: int | None
    name: str
    level: str
    metres: float | None
    inside: bool
    grid: str
    community: str


class Place(Schema):
    """An area of the tree."""

    id: int
    code: str
    name: str
    full_name: str
    level: str
    parent: int | None


class Me(Schema):
    """Who is signed in."""

    account: int
    name: str
    hat: int | None
    post: str
