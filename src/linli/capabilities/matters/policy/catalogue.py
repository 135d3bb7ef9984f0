"""The catalogue: service items 办事事项 and event classes 事件类别, with who handles and within which time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from linli.kernel.calendar.terms import Term, TermText, Unit
from linli.kernel.policy.shapes import Code, Level, Norm, PostCode, Ref, Strict, UnitCode
from linli.ui.spoken import Spoken, SpokenText

GroupCode = Annotated[str, Ref(("matters.groups",))]
ClassCode = Annotated[str, Ref(("matters.classes",))]
AT_ONCE = {"0H": Term(0, Unit.HOUR), "0WD": Term(0, Unit.WORKING_DAY)}


def _limit(text: object) -> Term:
    return AT_ONCE[text] if isinstance(text, str) and text in AT_ONCE else Term.parse(text)


# An event class may say 0H (at once) or 0WD (the same day), which no promise may.
Limit = Annotated[Term, BeforeValidator(_limit), PlainSerializer(str, return_type=str)]


class GroupKind(StrEnum):
    """A group gathers service items or event classes."""

    ITEMS = "items"
    CLASSES = "classes"


class Group(Strict):
    """A heading of the catalogue that residents browse by."""

    code: Code
    title: SpokenText
    kind: GroupKind
    icon: str = "folder"
    order: int = 100


class Material(Strict):
    """A paper the applicant brings; one we may already hold need not be brought again."""

    name: SpokenText
    note: SpokenText = ""
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
    label: SpokenText
    type: FieldType = FieldType.TEXT
    required: bool = False
    options: tuple[SpokenText, ...] = ()
    hint: SpokenText = ""

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.options):
            raise ValueError("`options` belong to a field of type choice, and it needs them")
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
    title: SpokenText
    summary: SpokenText
    eligibility: SpokenText
    materials: tuple[Material, ...] = ()
    promise: TermText
    legal: TermText | None = None
    fee: SpokenText = Spoken("不收费")
    place: SpokenText
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
    title: SpokenText
    term: TermText


class EventClass(Norm):
    """A class of events, disputes, repairs or questions (事件类别), with its time limit."""

    code: Code
    group: GroupCode
    title: SpokenText
    filing_condition: SpokenText = ""
    closing_condition: SpokenText
    term: Limit
    stages: tuple[Stage, ...] = ()
    emergency: bool = False
    restricted: bool = False
    anonymous: bool = True
    verified: bool = True
    rated: bool = True
    open: bool = True
    handler: Handler
    keywords: tuple[str, ...] = ()


class Duty(Norm):
    """One of the duties of a grid worker, by the groups of classes that do it (none: no class yet)."""

    code: Code
    title: SpokenText
    groups: tuple[GroupCode, ...] = ()
    items: bool = False
