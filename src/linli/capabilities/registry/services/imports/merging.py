"""One slice of rows joins the registry, set by set: persons, places, households, residences, values that differ.

Everything here runs inside one transaction, after `staging.copy`; told twice it changes nothing the second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from linli.capabilities.registry.services.imports import comparing as compare
from linli.capabilities.registry.services.imports import statements as sql

Counts = dict[str, int]


@dataclass(slots=True)
class Merged:
    """What one slice did: counts for the report, lines refused here with their reasons, values to be decided."""

    counts: Counts = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, number: int) -> None:
        """Count."""
        if number:
            self.counts[name] = self.counts.get(name, 0) + number

    def join(self, other: Merged) -> None:
        """Take in what another pass over the same slice did."""
        for name, number in other.counts.items():
            self.add(name, number)
        self.refused += other.refused
        self.conflicts += other.conflicts


@dataclass(frozen=True, slots=True)
class Said:
    """Who says so: the batch, its source's rank, the day it speaks of, its area; and all batches of the same file."""

    batch: int
    rank: int
    day: str
    area: int
    same: tuple[int, ...] = ()
    source: str = ""
    ranks: str = "{}"  # JSON: rank by source and value (values.ranks)

    @property
    def values(self) -> dict[str, Any]:
        """As parameters."""
        return {
            "batch": self.batch,
            "mark": json.dumps({"*": self.batch}),
            "rank": self.rank,
            "day": self.day,
            "area": self.area,
            "same": [self.batch, *self.same],
            "source": self.source,
            "ranks": self.ranks,
        }


def run(statement: str, values: dict[str, Any] | None = None) -> int:
    """Run one statement; how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or {})
        return int(cursor.rowcount)


def rows(statement: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run one statement; its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or {})
        return list(cursor.fetchall())


def lock(parts: Iterable[int]) -> None:
    """Wait until no other import writes to the same part of the city; held until the transaction ends."""
    for part in sorted(parts):
        rows(
            "SELECT pg_advisory_xact_lock(%(space)s, %(part)s)", {"space": sql.LOCKS, "part": part}
        )


def prepare() -> None:
    """Room, time and tables for sets. Tables that grow within one import have no statistics yet: indexes are always right."""
    run(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
        "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL work_mem = '128MB';"
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off"
    )
    run(sql.TABLES)
    if rows(sql.FILLED)[0][0]:
        run(sql.EMPTY)


def people() -> int:
    """About how many people the registry holds."""
    return int(rows(sql.PEOPLE)[0][0])


def learn() -> None:
    """Tell the planner how the tables look by now."""
    run("SET LOCAL statement_timeout = 0; SELECT registry_learn()")


def known_as(people: Mapping[int, int]) -> None:
    """Say who rows without a number surely are: person by line."""
    run(sql.SURE, {"lines": list(people), "people": list(people.values())})


def merge(said: Said, *, careful: bool = False, without: bool = False) -> Merged:
    """Merge what lies in `incoming`; `without`: rows without a number, of whom `known_as` told.

    A number, or a door, that somebody registers at this very moment or that the wall hides raises IntegrityError; told
    again with `careful` it is asked first.
    """
    done, values = Merged(), said.values
    run(sql.WHO_SURE if without else sql.WHO)
    if careful:
        _refuse(done, sql.ELSEWHERE, "person.document:elsewhere")
    _refuse(done, sql.DEAD, "person.died:dead")
    _refuse(done, sql.HOMELESS, "residence.community:area.none")
    if done.refused:
        run(sql.UNASKED)
    met = rows(sql.MET)[0][0]
    _places(done, values, careful=careful)
    _new(done, values)
    if met:
        done.add("met", met)
        _known(done, values)
    return done


def place(said: Said, *, careful: bool = False) -> Merged:
    """Estates, buildings and homes of rows that speak of nobody; raises IntegrityError as `merge` does."""
    done = Merged()
    run(sql.WHO_NOBODY)
    _places(done, said.values, careful=careful)
    done.add("homes_met", rows(sql.HOMES_KNOWN)[0][0])
    return done


def _refuse(done: Merged, statement: str, reason: str) -> None:
    lines = [int(row[0]) for row in rows(statement)]
    done.refused += [(line, reason) for line in lines]


def stand(done: Merged, values: dict[str, Any]) -> None:
    """Estates and buildings that are not there yet."""
    run(sql.STANDING)
    if rows(sql.BUILDINGS_MISSING)[0][0]:
        done.add("estates", run(sql.ESTATES, values))
        done.add("buildings", run(sql.BUILDINGS, values))
        run(sql.STANDING)


def _places(done: Merged, values: dict[str, Any], *, careful: bool) -> None:
    """Where each row lies; homes that are not there yet."""
    stand(done, values)
    run(sql.PLACED)
    if careful:
        run(sql.HOMES_CAREFUL, values)
        done.add("homes", rows(sql.HOMES_NEW)[0][0])
    else:
        done.add("homes", run(sql.HOMES, values))
    run(sql.FAMILY)


def _new(done: Merged, values: dict[str, Any]) -> None:
    """Persons nobody knew, their households and residences."""
    done.add("new", run(sql.PERSONS, values))
    done.add("households", run(sql.HOUSEHOLDS, values))
    done.add("residences", run(sql.NEW_RESIDENCES, values))


def _known(done: Merged, values: dict[str, Any]) -> None:
    """People the registry knew: homes they have not yet, values that differ."""
    _moves(done, values)
    run(compare.DIFFERENCES, values)
    verdicts = dict(rows(compare.VERDICTS))
    for name in ("take", "keep", "repeated"):
        done.add(f"values_{name}", verdicts.get(name, 0))
    if verdicts.get("repeated"):
        _refuse(done, compare.REPEATED, "person.document:repeated")
    if verdicts.get("take"):
        done.add("changed", run(compare.TAKE, values))
    if verdicts.get("conflict"):
        done.conflicts += _asked(compare.CONFLICTS, values)


def _moves(done: Merged, values: dict[str, Any]) -> None:
    """Residences of people already known: none of the kind yet, or another home by precedence."""
    if not run(sql.STAYS, values):
        return
    done.add("residences_filled", run(sql.FILL, values))
    done.add("moved", run(sql.LEAVE, values))
    done.add("residences", run(sql.ARRIVE, values))
    done.conflicts += _asked(sql.STAY_CONFLICTS, values)


def _asked(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(sql.CONFLICT_COLUMNS, row, strict=True)) for row in rows(statement, values)]
