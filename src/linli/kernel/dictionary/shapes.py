"""Shapes of the pack section `dictionary`: data elements, code tables, owners."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated

from django.utils.translation import get_language, gettext
from pydantic import Field

from linli.kernel.policy.shapes import Code, Norm, Ref, Status, Strict

ElementCode = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}\.[a-z][a-z0-9_]{0,39}$")]
ElementNumber = Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{6}$")]
ColumnName = Annotated[str, Field(pattern=r"^(|(more:)?[a-z][a-z0-9_]{0,39})$")]
Text = Annotated[str, Field(min_length=1)]


class Kind(StrEnum):
    """What sort of value an element holds, which decides how it is read and checked."""

    TEXT = "text"
    NAME = "name"
    DATE = "date"
    CODE = "code"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    PHONE = "phone"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    AREA = "area"
    ADDRESS = "address"
    PERIOD = "period"


class Op(StrEnum):
    """What a condition asks of a value; `is` and `not` take one value or several."""

    IS = "is"
    NOT = "not"
    BETWEEN = "between"
    LEAST = "least"
    MOST = "most"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    EMPTY = "empty"
    FILLED = "filled"


class Sensitivity(StrEnum):
    """How closely an element is kept: public, internal to offices, personal, sensitive (PIPL 28)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


def said(title: str, english: str) -> str:
    """A title in the reader's language."""
    if english and (get_language() or "").startswith("en"):
        return english
    return gettext(title)


class Entry(Strict):
    """One value of a code table; `status` is said where it differs from the table's.

    `narrower` are names of some of what the value means (高血压 of 慢性病): a file that says one is read as the value,
    but whoever asks for one is not given the value.
    """

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
    title: Text
    english: str = ""
    synonyms: tuple[Text, ...] = ()
    narrower: tuple[Text, ...] = ()
    status: Status | None = None

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title, self.english)


class CodeTable(Norm):
    """The values that a coded element may take, with the standard they come from."""

    code: Code
    title: Text
    english: Text
    entries: tuple[Entry, ...] = Field(min_length=1)

    @property
    def standard(self) -> str:
        """The document that the table comes from."""
        return str.__str__(self.source.document)

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title, self.english)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title by code, as written."""
        return {entry.code: str.__str__(entry.title) for entry in self.entries}

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        """Entry by code."""
        return {entry.code: entry for entry in self.entries}


class RecordSet(Strict):
    """A kind of records 记录集 that elements describe; which room keeps it is said by its offers."""

    code: Code
    title: Text
    english: Text

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title, self.english)


class Owner(Strict):
    """A department that answers for elements."""

    code: Code
    title: Text
    english: Text

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title, self.english)


class Element(Strict):
    """A data element 数据元: one field with one meaning, wherever it is asked for.

    `column` is a column of the record set's table, `more:<key>` for what only a city keeps, or empty for
    what is read to find or check something and not kept as such. `of_kind` names the kind of row that the
    value belongs to, where a table holds several kinds. `apart_from` names elements that sound alike and
    were found to mean something else.
    """

    code: ElementCode
    number: ElementNumber
    title: Text
    english: Text
    kind: Kind
    table: str = ""
    owner: Annotated[str, Ref(("dictionary.owners",))]
    sensitivity: Sensitivity
    synonyms: tuple[Text, ...] = ()
    record_set: Annotated[str, Ref(("dictionary.record_sets",))]
    column: ColumnName
    of_kind: str = ""
    longest: int | None = Field(default=None, ge=1, le=500)
    apart_from: tuple[ElementCode, ...] = ()
    note: str = ""

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title, self.english)

    @property
    def names(self) -> tuple[str, ...]:
        """Its title and synonyms, as written."""
        return (self.title, *self.synonyms)

    @property
    def key(self) -> str:
        """The key under `more` for what only a city keeps; empty for a column of its own."""
        return self.column.removeprefix("more:") if self.column.startswith("more:") else ""


class DictionaryPolicy(Strict):
    """Section `dictionary`: data elements 数据元 and code tables 代码表; `model` and `numbering` say after whom."""

    model: Norm
    numbering: Norm
    owners: tuple[Owner, ...] = Field(min_length=1)
    record_sets: tuple[RecordSet, ...] = Field(min_length=1)
    elements: tuple[Element, ...] = Field(min_length=1)
    tables: tuple[CodeTable, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Element]:
        """Element by code."""
        return {element.code: element for element in self.elements}
