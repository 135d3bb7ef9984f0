"""Lists as packs say them: catalogues, items, what is forbidden, certificates that nobody issues, counts before and after."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from linli.kernel.policy.shapes import Code, Norm, Ref, Strict
from linli.ui.spoken import SpokenText

ClauseRef = Annotated[str, Ref(("admission.clauses",))]
CatalogueRef = Annotated[str, Ref(("admission.catalogues",))]


class Kind(StrEnum):
    """What can be asked of a community."""

    TABLE = "table"
    TASK = "task"
    INSPECTION = "inspection"
    CONTEST = "contest"
    SIGNBOARD = "signboard"
    SEAL = "seal"
    LEDGER = "ledger"
    MEETING = "meeting"
    SYSTEM = "system"
    POST = "post"
    BODY = "body"


class Affair(StrEnum):
    """Whose business an item is (R088)."""

    GOV = "gov"
    AUTONOMY = "autonomy"


class Catalogue(Strict):
    """One list; `kinds` is what its items let come down, `gate` marks the four gates (R067).

    `own`: the community itself answers for its items, so nothing stands there that it may never answer for (R075).
    """

    code: Code
    title: SpokenText
    kinds: tuple[Kind, ...]
    gate: bool = False
    own: bool = False
    hint: SpokenText = ""


class ItemEntry(Norm):
    """One item of a list as the place begins with it; later versions live in the database.

    `fields` are codes of the dictionary (or names of its own) that a table under it may ask. `yearly` is what it pays a
    community in a year (yuan), `hours` what one time of it takes. `lead` is the code of the department that owns it.
    """

    code: Code
    catalogue: CatalogueRef
    title: SpokenText = Field(min_length=2, max_length=120)
    owner: SpokenText = ""
    lead: str = ""
    basis: str = Field(min_length=2, max_length=300)
    frequency: SpokenText = ""
    fields: tuple[str, ...] = ()
    affair: Affair = Field(default=Affair.GOV)
    yearly: Decimal = Field(default=Decimal(0), ge=0)
    funding: SpokenText = ""
    hours: Decimal = Field(default=Decimal(0), ge=0)
    inside: bool | None = None
    form: str = ""

    @model_validator(mode="after")
    def _paid(self) -> ItemEntry:
        if self.yearly and not self.funding:
            raise ValueError("money needs its source: `funding`")
        return self


class Forbidden(Norm):
    """A class of demands for which a community can never be the responsible one (R071, R075, R083, R084).

    `words` are what gives it away in a title; `kinds` narrows it. `absolute`: it may not come down at all, whoever is
    responsible. `clause` is the rule that answers, `instead` says what to do.
    """

    code: Code
    title: SpokenText
    words: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = Field(default=())
    absolute: bool = False
    clause: ClauseRef | None = None
    instead: SpokenText


class Certificate(Norm):
    """A certificate that communities do not issue, and who proves it instead (R079).

    `words` in a wish name it for certain and refuse it; `called` are everyday words that only find it.
    """

    code: Code
    title: SpokenText
    instead: SpokenText
    words: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


class Reduction(Norm):
    """How many there were and are, by a document; `classes_*` where it counts classes beside booklets (R068, R093)."""

    code: Code
    title: SpokenText
    before: int = Field(gt=0)
    after: int = Field(ge=0)
    unit: SpokenText
    classes_before: int = 0
    classes_after: int = 0
    claim: bool = True
