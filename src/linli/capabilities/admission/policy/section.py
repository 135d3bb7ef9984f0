"""The section and what holds it together: terms, offices, clauses, the flow of an application."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from linli.capabilities.admission.policy.lists import (
    Catalogue,
    Certificate,
    Forbidden,
    ItemEntry,
    Reduction,
)
from linli.kernel.calendar import TermText
from linli.kernel.flow import Flow
from linli.kernel.flow.check import check
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import AccessPolicy, Code, Norm, Ref, Strict
from linli.kernel.policy.yamlfile import Trail
from linli.ui.spoken import SpokenText

Fault = tuple[Trail, str]
RoleRef = Annotated[str, Ref(("access.roles",))]


class Term_(Norm):
    """One term of the procedure, with where it is said."""

    term: TermText


class Terms(Strict):
    """`ahead`: how long before the wished start to apply; `decide`: from application to decision; `notice`: public notice."""

    ahead: Term_
    decide: Term_
    notice: Term_


class Offices(Strict):
    """Codes of the units that review, decide and watch over it."""

    review: Code
    decide: Code
    supervise: Code


class Clause(Norm):
    """A rule of the gate: what is refused in plain words, and what to do instead."""

    code: Code
    title: SpokenText
    words: SpokenText
    instead: SpokenText


class Signboards(Norm):
    """How many signboards a community may bear."""

    outside: int = Field(ge=0)
    inside: int = Field(ge=0)


class Target(Norm):
    """The share, in hundredths, by which burdens were to fall (R068)."""

    percent: int = Field(ge=0, le=100)


class Merging(Norm):
    """Meetings or inspections of one community this near each other might be held together (R081)."""

    days: int = Field(ge=0, le=60)


class Requests(Norm):
    """How soon a community answers who asks for a certificate, and whether grown-ups of a household ask for each other."""

    term: TermText
    household: bool


class Clearing(Norm):
    """How soon what stands without admission is to be taken down, where a plan names no day (R078)."""

    term: TermText


class WorkKind(Norm):
    """One kind of work on the burden: which roles begin it, fill its steps, and end it."""

    code: Code
    title: SpokenText
    hint: SpokenText
    begins: tuple[RoleRef, ...]
    fills: tuple[RoleRef, ...]
    ends: tuple[RoleRef, ...]


class TimeGroup(Strict):
    """What hours may go to; `administrative`: work for departments, not for residents (R091)."""

    code: Code
    title: SpokenText
    administrative: bool = False


class TimeLog(Norm):
    """The groups of the time log, and from which share of administrative hours on a community is flagged."""

    groups: tuple[TimeGroup, ...]
    percent: int = Field(ge=1, le=100)


class Typing(Norm):
    """How long it takes to find out and type one value, so that what was spared can be said in hours."""

    seconds: int = Field(ge=1, le=3600)


class AdmissionPolicy(Strict):
    """Section `admission`."""

    flow: Flow
    terms: Terms
    offices: Offices
    notice_number: str = Field(pattern=r"^[^%]*%\(year\)s[^%]*$")
    clauses: tuple[Clause, ...]
    catalogues: tuple[Catalogue, ...]
    items: tuple[ItemEntry, ...]
    forbidden: tuple[Forbidden, ...]
    certificates: tuple[Certificate, ...]
    requests: Requests
    signboards: Signboards
    clearing: Clearing
    target: Target
    merging: Merging
    typing: Typing
    works: tuple[WorkKind, ...]
    time_log: TimeLog
    reductions: tuple[Reduction, ...] = ()

    @property
    def machine(self) -> Flow:
        """The flow to run: the term of the decision comes from the terms, where its source stands."""
        stages = {
            code: stage.model_copy(update={"term": self.terms.decide.term})
            for code, stage in self.flow.stages.items()
        }
        return self.flow.model_copy(update={"stages": stages})

    @property
    def work_by_code(self) -> dict[str, WorkKind]:
        """Kinds of work by code."""
        return {each.code: each for each in self.works}

    @property
    def catalogue_by_code(self) -> dict[str, Catalogue]:
        """Catalogues by code."""
        return {each.code: each for each in self.catalogues}

    @property
    def clause_by_code(self) -> dict[str, Clause]:
        """Rules of the gate by code."""
        return {each.code: each for each in self.clauses}


def contradictions(pack: Pack) -> Iterator[Fault]:
    """Every contradiction of a pack about admission: (trail to it, what is wrong)."""
    section, access = pack.section(AdmissionPolicy), pack.section(AccessPolicy)
    roles = {role.code: role for role in access.roles}
    for fault in check(section.flow, set(roles)):
        yield ("admission", "flow", *fault.where.split(".", 1)), fault.words
    for verb, action in section.flow.actions.items():
        for code in action.roles:
            role = roles.get(code)
            if role and not any(fnmatchcase(verb, glob) for glob in role.verbs):
                where = ("admission", "flow", "actions", verb)
                yield where, f"role `{code}` may act here but its verbs do not grant `{verb}`"
    for item in section.items:
        if item.fields and not _takes_tables(section, item):
            yield (
                ("admission", "items", item.code),
                "asks fields in a list that lets no table pass",
            )


def _takes_tables(section: AdmissionPolicy, item: ItemEntry) -> bool:
    kinds = section.catalogue_by_code[item.catalogue].kinds
    return bool({"table", "ledger"} & {str(kind) for kind in kinds})
