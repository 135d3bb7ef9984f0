"""The 12345 hotline: columns of its workbook and the terms of its work orders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linli.kernel.calendar.terms import TermText
from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
from linli.ui.spoken import SpokenText

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
    title: SpokenText
    aliases: tuple[str, ...] = ()
    sign: TermText
    contact: TermText
    resolve: TermText


class Hotline(Strict):
    """The 12345 workbook, read and written back."""

    columns: tuple[HotlineColumn, ...]
    replies: tuple[HotlineColumn, ...]
    kinds: tuple[HotlineKind, ...] = Field(min_length=1)
    default_kind: Annotated[str, Ref(("matters.hotline.kinds",))]
