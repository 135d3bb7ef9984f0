"""Organisations of a file join the registry: known by their code, then by their name; what differs by precedence.

Taken row by row (`rowwise`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import Q

from linli.capabilities.registry.models import Holding, Organisation, Station
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.rules.precedence import Said, Verdict, said_by, verdict
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services import values as weigh
from linli.capabilities.registry.services.imports import keeping, merging, rowwise, slicing
from linli.capabilities.registry.services.imports.rowwise import Row
from linli.kernel.dictionary import columns as reader
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.vault.uscc import UsccError

# Columns of the table; the rest lies in `more`. Codes of several values are split.
COLUMNS = (
    "short_name",
    "uscc",
    "kind",
    "number",
    "registered",
    "state",
    "place",
    "lon",
    "lat",
    "head_name",
    "phone",
    "public_phone",
    "headcount",
    "since",
    "until",
    "valid_until",
)
BY_NAME = {"organisation.parent": "parent_id", "organisation.competent": "competent_id"}
PLACED = {
    "organisation.community": "residence.community",
    "organisation.place": "residence.address",
}
# Its number and its name say who an organisation is: a weaker source never changes them in silence.
BACKED = frozenset({"uscc"})
DECIDING = frozenset({"organisation.name", "organisation.uscc"})


@dataclass(slots=True)
class Taking:
    """Row after row of one slice, with the organisations that it may mean looked up at once."""

    job: slicing.Job
    merged: merging.Merged
    read: rowwise.Read
    by_code: dict[str, Organisation] = field(default_factory=dict)
    by_name: dict[str, list[Organisation]] = field(default_factory=dict)
    voices: dict[int, weigh.Voice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up who may be meant, and who speaks for what is held."""
        codes = [row["uscc"] for row in self.read.rows if row.get("uscc")]
        named = {row.get(key) for row in self.read.rows for key in ("name", "parent", "competent")}
        rows = Organisation.objects.filter(
            Q(uscc__in=codes) | Q(name__in=[name for name in named if name]), until__isnull=True
        )
        for each in rows.order_by("pk"):
            self._remember(each)
        self.voices = weigh.voices(b for each in rows for b in (each.sources or {}).values())

    def _remember(self, one: Organisation) -> None:
        if one.uscc:
            self.by_code[one.uscc] = one
        known = self.by_name.setdefault(one.name, [])
        if one not in known:
            known.append(one)

    def one(self, row: Row) -> None:
        """Take one row."""
        known, why = self._known(row)
        given = {} if why else self._given(row, known)
        if why or self.read.refused.get(row["line"]):
            if why:
                self._refuse(row, f"organisation.name:{why}")
        elif known is None:
            self._add(row, given)
        else:
            self._change(known, row, given)

    def _refuse(self, row: Row, reason: str) -> None:
        self.read.refused.setdefault(row["line"], []).append(reason)

    def _known(self, row: Row) -> tuple[Organisation | None, str]:
        """Who is meant: by code, else the one of that name nearby; why it cannot be told."""
        code, name = row.get("uscc"), row["name"]
        if code and code in self.by_code:
            return self.by_code[code], ""
        same = [
            each
            for each in self.by_name.get(name, [])
            if each.until is None and not (code and each.uscc and each.uscc != code)
        ]
        near = [each for each in same if each.area_id // 2**28 == row["area"] // 2**28]
        found = near or same
        if len(found) > 1:
            return None, "body.several"
        return (found[0], "") if found else (None, "")

    def _given(self, row: Row, known: Organisation | None) -> Row:
        """The values of a row as they are kept; what cannot be is said."""
        given = {name: row[name] for name in COLUMNS if row.get(name) not in (None, "")}
        for code, column in BY_NAME.items():
            if name := row.get(code.removeprefix("organisation.")):
                above = [o for o in self.by_name.get(name, []) if o.until is None]
                if len(above) == 1 and above[0] is not known:
                    given[column] = above[0].pk
                else:
                    self.read.flaws.setdefault(row["line"], []).append(f"{code}:body.above")
        if row.get("labels"):
            self._labels(row, given)
        more = {
            name: str(row[name])
            for name in ("members", "capital", "scope")
            if row.get(name) not in (None, "")
        }
        if more:
            given["more"] = more
        self._kind(row, given, known)
        return given

    def _labels(self, row: Row, given: Row) -> None:
        book = dictionary.book()
        element = book.elements["organisation.labels"]
        table = book.tables[element.table]
        parts = rowwise.parts(str(row["labels"]))
        read = reader.read_column(
            element, pl.Series(parts, dtype=pl.String), table, today=self.job.checker.today
        )
        given["labels"] = sorted({code for code in read.values if code})
        if read.reasons.drop_nulls().len():
            self.read.flaws.setdefault(row["line"], []).append("organisation.labels:code")

    def _kind(self, row: Row, given: Row, known: Organisation | None) -> None:
        """The kind as said, as held, or the only one that such a code can have; the code must fit it."""
        code = given.get("kind") or (known.kind if known else "") or _kind_of(given.get("uscc", ""))
        kind = kinds.kind(code)
        if kind is None:
            self._refuse(row, "organisation.kind:body.kind")
            return
        if known is None:
            given["kind"] = code
        try:
            rules.checked_uscc(kind, given.get("uscc", ""))
        except rules.Unfit as unfit:
            self._refuse(row, f"organisation.uscc:{unfit.code}")
        except UsccError:
            self._refuse(row, "organisation.uscc:uscc")

    def _add(self, row: Row, given: Row) -> None:
        until = given.get("until")
        state = given.pop("state", None) or ("ended" if until else "active")
        try:
            with transaction.atomic():
                made = Organisation.objects.create(
                    area_id=row["area"],
                    name=row["name"],
                    sources={"*": self.job.batch},
                    state=state,
                    **given,
                )
        except IntegrityError:
            self._refuse(row, "organisation.uscc:body.elsewhere")
            return
        self._remember(made)
        self.merged.add("organisations", 1)

    def _change(self, known: Organisation, row: Row, given: Row) -> None:
        """Values that hold by precedence are taken; what is undecided is asked."""
        self.merged.add("organisations_met", 1)
        if known.name != row["name"]:
            given["name"] = row["name"]
        taken: list[str] = []
        for name, value in given.items():
            if name == "more":
                value = {**known.more, **value}
            held = getattr(known, name)
            clear = held.open() if hasattr(held, "open") else held
            answer = self._weighed(known, name, value, clear)
            if answer is Verdict.TAKE:
                setattr(known, name, value)
                taken.append(name)
            elif answer is Verdict.CONFLICT:
                self.merged.conflicts.append(self._asked(known, name, clear, value, row["line"]))
            elif answer is Verdict.KEEP:
                self.merged.add("values_keep", 1)
        if taken:
            self._save(known, taken)

    def _weighed(self, known: Organisation, name: str, value: Any, held: Any) -> Verdict:
        batch = said_by(known.sources or {}, name)
        mine = batch is not None and batch in (self.job.said.batch, *self.job.said.same)
        element = f"organisation.{name.removesuffix('_id')}"
        same, empty = _same(value, held), held in (None, "", [], {})
        if mine and not same and not empty:
            return Verdict.KEEP
        day = date.fromisoformat(self.job.said.day)
        new = weigh.Voice(self.job.said.source, self.job.said.rank, day).on_element(element)
        voice = self.voices.get(batch or 0)
        said = voice.on_element(element) if voice else Said()
        return verdict(new, said, same=same, empty=empty, id_backed=name in BACKED)

    def _asked(
        self, known: Organisation, name: str, held: Any, value: Any, line: int
    ) -> dict[str, Any]:
        said, now = str(value), "" if held is None else str(held)
        if name == "phone":  # as keeping expects a phone: sealed
            seal = self.job.ring.seal
            said, now = (
                seal(keeping.PERSON_PHONE, each).hex() if each else "" for each in (said, now)
            )
        batch = said_by(known.sources or {}, name)
        return {
            "area": known.area_id,
            "record_set": "organisation",
            "row": known.pk,
            "field": name,
            "held": now or None,
            "held_batch": batch,
            "offered": said,
            "line": line,
        }

    def _save(self, known: Organisation, taken: list[str]) -> None:
        known.sources = {**(known.sources or {}), **dict.fromkeys(taken, self.job.batch)}
        if "until" in taken and known.until:
            known.state = Organisation.State.ENDED
            for model in (Holding, Station):
                model._default_manager.filter(organisation=known, until__isnull=True).update(
                    until=known.until
                )
        try:
            with transaction.atomic():
                known.save()
            self.merged.add("organisations_changed", 1)
        except IntegrityError:
            self.read.flaws.setdefault(0, []).append("organisation.uscc:body.elsewhere")


def _same(value: Any, held: Any) -> bool:
    if isinstance(value, Mapping | list):
        return bool(value == held)
    if isinstance(held, float):
        return bool(float(value) == held)
    return str(value) == ("" if held is None else str(held))


def _kind_of(uscc: str) -> str:
    """The only kind whose codes begin like this one; empty where several do."""
    found = [
        each.code
        for each in kinds.section().organisation_kinds
        if uscc and each.credit and uscc.startswith(each.credit)
    ]
    return found[0] if len(found) == 1 else ""


def _named(row: Row) -> str:
    return "" if row.get("name") else "organisation.name:body.empty"


WAY = rowwise.Way(
    "bodies",
    "organisation",
    DECIDING,
    _named,
    Taking,
    PLACED,
    frozenset({"organisation.labels"}),
)
