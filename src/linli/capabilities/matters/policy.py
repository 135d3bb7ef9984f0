"""What a pack says about matters: catalogue, routes, flow, clock, ratings, hotline."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator


from linli.kernel.policy.shapes import (
    Code,
    Level,
    Norm,
    PostCode,
    Ref,
    RoleCode,
    Strict,
    Term,
    UnitCode,
)

ClassGlob = Annotated[str, Ref(("matters.classes",), glob=True)]
ItemGlob = Annotated[str, Ref(("matters.items",), glob=True)]
GroupCode = Annotated[str, Ref(("matters.groups",))]
ClassCode = Annotated[str, Ref(("matters.classes",))]
Percent = Annotated[int, Field(ge=1, le=100)]
Channel = Literal["web", "window", "field", "api", "hotline", "job"]


class GroupKind(StrEnum):
    """A group gathers service items or event classes."""

    ITEMS = "items"
    CLASSES = "classes"


class Group(Strict):
    """A heading of the catalogue that residents browse by."""

    code: Code
    title: str
    kind: GroupKind
    icon: str = "folder"
    order: int = 100


class Material(Strict):
    """A paper the applicant brings; one we may already hold need not be brought again."""

    name: str
    note: str = ""
    can_reuse: bool = False
    required: bool = True


class FieldType(StrEnum):
    """How an extra field is asked for."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yesno"
    PHONE = "phone"
    ID_NUMBER = "id_number"


class FormField(Strict):
    """A field that only this item asks for."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    options: tuple[str, ...] = ()
    hint: str = ""

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.options):
            raise ValueError(
                "`options` belong to a field of type choice, and it needs them"
            )
        return self


class Handler(Strict):
    """Who handles by default: a post at a level of the area tree, or a unit."""

    level: Level
    post: PostCode | None = None
    unit: UnitCode | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.post) == bool(self.unit):
            raise ValueError("a handler is a post or a unit, exactly one of them")
        return self


class ServiceItem(Norm):
    """A service that a window, the web or an agent takes applications for (办事事项)."""

    code: Code
    group: GroupCode
    title: str
    summary: str
    eligibility: str
    materials: tuple[Material, ...] = ()
    promise: Term
    legal: Term | None = None
    fee: str = "不收费"
    place: str
    online: bool = True
    window: bool = True
    agent: bool = True
    anonymous: bool = False
    handler: Handler
    fields: tuple[FormField, ...] = ()
    rated: bool = True
    open: bool = True
    keywords: tuple[str, ...] = ()


class Stage(Strict):
    """One of several staged deadlines; it does not replace the whole term."""

    code: Code
    title: str
    term: Term


class EventClass(Norm):
    """A class of events, disputes, repairs or questions (事件类别), with its time limit."""

    code: Code
    group: GroupCode
    title: str
    filing_condition: str = ""
    closing_condition: str
    term: Term
    stages: tuple[Stage, ...] = ()
    emergency: bool = False
    restricted: bool = False
    anonymous: bool = True
    verified: bool = True
    rated: bool = True
    open: bool = True
    handler: Handler
    keywords: tuple[str, ...] = ()


class Route(Strict):
    """Where a new matter goes first. Empty lists match everything; the lowest `order` that matches wins."""

    code: Code
    order: int
    classes: tuple[ClassGlob, ...] = ()
    items: tuple[ItemGlob, ...] = ()
    groups: tuple[GroupCode, ...] = ()
    levels: tuple[Level, ...] = ()
    channels: tuple[Channel, ...] = ()
    to: Handler
    reason: str = Field(min_length=1)

    def matches(
        self, entry: str, group: str, level: Level, channel: str, *, is_item: bool
    ) -> bool:
        """Does it take a matter of this class or item, in this group, at a place of this level."""
        globs = self.items if is_item else self.classes
        named = bool(self.items or self.classes)
        return (
            (not named or any(fnmatchcase(entry, glob) for glob in globs))
            and (not self.groups or group in self.groups)
            and (not self.levels or level in self.levels)
            and (not self.channels or channel in self.channels)
        )

    @property
    def catches_all(self) -> bool:
        """Does it match every matter."""
        return not (
            self.classes or self.items or self.groups or self.levels or self.channels
        )


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

    term: Term


class Extension(Norm):
    """How often and by how much a term may be extended, and who decides."""

    times: int = Field(ge=0, le=5)
    longest: Term
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
    title: str
    value: int = Field(ge=1, le=5)
    satisfied: bool
    reason_needed: bool = False


class Ratings(Norm):
    """How residents rate, and which grades count as satisfied."""

    grades: tuple[Grade, ...] = Field(min_length=2)


HotlineField = Literal[
    "number",
    "received_at",
    "caller",
    "phone",
    "address",
    "area",
    "title",
    "text",
    "kind",
    "category",
    "urgency",
    "sign_by",
    "contact_by",
    "resolve_by",
    "department",
    "note",
    "state",
    "handled_by",
    "signed_at",
    "contacted_at",
    "resolved_at",
    "outcome",
    "rating",
]


class HotlineColumn(Strict):
    """A column of the hotline's workbook: its heading, other headings seen, and our field."""

    code: HotlineField
    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


class HotlineKind(Norm):
    """Terms of one kind of work order: sign for it, contact the caller, resolve."""

    code: Code
    title: str
    aliases: tuple[str, ...] = ()
    sign: Term
    contact: Term
    resolve: Term


class Hotline(Strict):
    """The 12345 workbook, read and written back."""

    columns: tuple[HotlineColumn, ...]
    replies: tuple[HotlineColumn, ...]
    kinds: tuple[HotlineKind, ...] = Field(min_length=1)
    default_kind: Annotated[str, Ref(("matters.hotline.kinds",))]


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
    lock: Term


class Photos(Norm):
    """How many pictures, how large each."""

    count: int = Field(ge=1, le=20)
    megabytes: int = Field(ge=1, le=40)


class MattersPolicy(Strict):
    """Section `matters`."""

    groups: tuple[Group, ...]
    items: tuple[ServiceItem, ...]
    classes: tuple[EventClass, ...]
    fallback_class: ClassCode
    ladder: tuple[PostCode, ...] = Field(min_length=2)
    routes: tuple[Route, ...] = Field(min_length=1)
    flow: dict[str, Any]
    clock: Clock
    ratings: Ratings
    hotline: Hotline
    duplicates: Duplicates
    query: Query
    photos: Photos

    @model_validator(mode="after")
    def _routes_end(self) -> Self:
        if not max(self.routes, key=lambda route: route.order).catches_all:
            raise ValueError(
                "routes: the last route (highest `order`) must match everything"
            )
        return self

    @property
    def ordered_routes(self) -> tuple[Route, ...]:
        """Routes in the order they are tried."""
        return tuple(sorted(self.routes, key=lambda route: (route.order, route.code)))

    def route(
        self, entry: str, level: Level, channel: str = "web", *, is_item: bool = False
    ) -> Route:
        """The first route that takes a matter of this class (or item). Raises LookupError for an unknown code."""
        found = self.item(entry) if is_item else self.event_class(entry)
        if found is None:
            raise LookupError(
                f"the pack has no {'item' if is_item else 'class'} {entry}"
            )
        return next(
            route
            for route in self.ordered_routes
            if route.matches(entry, found.group, level, channel, is_item=is_item)
        )

    def item(self, code: str) -> ServiceItem | None:
        """The service item of that code."""
        return next((item for item in self.items if item.code == code), None)

    def event_class(self, code: str) -> EventClass | None:
        """The event class of that code."""
        return next((entry for entry in self.classes if entry.code == code), None)
