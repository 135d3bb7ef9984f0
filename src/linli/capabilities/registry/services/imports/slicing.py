"""One slice from texts to facts: checked, sealed, copied, merged, counted; whole or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from linli.capabilities.registry.models import Batch
from linli.capabilities.registry.reading import Checked, Checker, Plan
from linli.capabilities.registry.reading.elements import HOMES
from linli.capabilities.registry.services import values as weigh
from linli.capabilities.registry.services.imports import besides, keeping, merging, staging
from linli.capabilities.registry.services.imports.placing import Placing
from linli.kernel.acts import Act, under
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.vault.crypto import KeyRing

TRIES = 4
PARTS = 8  # of the city, by community; imports at once take turns on each


@dataclass(frozen=True, slots=True)
class Job:
    """What every slice of one batch needs to know."""

    act: Act
    batch: int
    source: int
    said: merging.Said
    checker: Checker
    placing: Placing
    ring: KeyRing
    heads: Mapping[str, str]
    careful: set[bool] = field(
        default_factory=set
    )  # not empty once a number was met that nobody in sight has

    @property
    def plan(self) -> Plan:
        """How the file is read."""
        return self.checker.plan

    @property
    def of_people(self) -> bool:
        """Whether the rows are people; rows of homes are nobody."""
        return self.plan.record_set != HOMES


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of the file, the parts of the city they lie in, and their place in the order of the import."""

    key: str
    number: int
    parts: tuple[int, ...]
    rows: pl.DataFrame
    last: int


def job_of(act: Act, batch: int) -> Job:
    """The job of a batch, with its confirmed plan."""
    with under(act):
        found = Batch.objects.select_related("source").get(pk=batch)
        plan = Plan.of_json(found.plan)
        book = dictionary.book()
        may = besides.says(act, found.source.code)
        checker = Checker(plan, book.elements, book.tables, timezone.localdate(act.at), may)
        again = Batch.objects.filter(source=found.source, digest=found.digest).exclude(digest="")
        said = merging.Said(
            found.pk,
            weigh.rank(found.source),
            found.as_of.isoformat(),
            found.area_id,
            tuple(again.values_list("pk", flat=True)),
            found.source.code,
            json.dumps(weigh.ranks()),
        )
        placing = Placing(act, plan, found.area_id)
    heads = {
        f"c{each.at}": each.heading or str(_("第%(n)s列") % {"n": each.at + 1})
        for each in plan.columns
    }
    return Job(act, batch, found.source_id, said, checker, placing, staging.keys(), heads)


def take(job: Job, part: Slice) -> dict[str, int]:
    """Take one slice in; tried again when the database asks for it, or a number was registered meanwhile."""
    job = replace(job, ring=staging.keys())  # which may have changed since the last slice
    checked = job.checker.check(part.rows)
    ready = staging.prepared(checked.taken, job.ring, lived_in=job.of_people)
    for left in range(TRIES - 1, -1, -1):
        try:
            with under(job.act):
                return _merged(job, part, checked, ready)
        except IntegrityError as error:
            if not left or not isinstance(error.__cause__, UniqueViolation):
                raise
            job.careful.add(True)
        except OperationalError as error:
            again = isinstance(error.__cause__, DeadlockDetected | SerializationFailure)
            if not left or not again or connection.in_atomic_block:
                raise
            time.sleep(0.2 * (TRIES - left))
    return {}


def _merged(job: Job, part: Slice, checked: Checked, ready: staging.Ready) -> dict[str, int]:
    merging.lock(part.parts)
    besides.copy(job.ring, checked)
    merged = merging.Merged()
    for each in staging.passes(ready):
        staging.copy(each)
        merging.prepare()
        join = merging.merge if job.of_people else merging.place
        merged.join(join(job.said, careful=bool(job.careful)))
        checked = checked.faulted(besides.join(checked, job.said, merged))
    keep(job, part.rows, checked, merged)
    merged.add("rows", len(part.rows))
    keeping.advance(job.batch, part.key, part.number, part.last, merged)
    return merged.counts


def keep(job: Job, rows: pl.DataFrame, checked: Checked, merged: merging.Merged) -> None:
    """Refused and flawed rows, and values to be decided; all counted."""
    refused = _pairs(checked.refused, "reasons")
    flawed = checked.taken.filter(pl.col("flaws").list.len() > 0)
    notes = keeping.notes_of(refused, merged.refused, _pairs(flawed, "flaws"))
    keeping.keep_rows(job.batch, job.ring, rows, job.heads, notes)
    for state, reasons in notes.values():
        merged.add(state, 1)
        for reason in reasons:
            merged.add(f"why:{reason}", 1)
    asked = keeping.keep_conflicts(job.batch, job.source, job.ring, merged.conflicts)
    merged.add("conflicts", asked)


def _pairs(frame: pl.DataFrame, column: str) -> list[tuple[int, Sequence[str]]]:
    return list(zip(frame["line"].to_list(), frame[column].to_list(), strict=True))
