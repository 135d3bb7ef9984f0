"""One slice of rows joins the registry, set by set: persons, places, households, residences, values that differ.

Everything here runs inside one transaction, after `staging.copy`; told twice it changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

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
    """Room and time for sets. Tables that grow within one import have no statistics yet: indexes are always right."""
    run(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
        "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL work_mem = '128MB';"
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off"
    )


def people() -> int:
    """About how many people the registry holds."""
    return int(rows(sql.PEOPLE)[0][0])


def learn() -> None:
    """Tell the planner how the tables look by now."""
    run("SET LOCAL statement_timeout = 0; SELECT registry_learn()")


def merge(said: Said) -> Merged:
    """Merge what lies in `incoming`."""
    done, values = Merged(), said.values
    prepare()
    run(sql.KNOWN_TABLE)
    run(sql.MATCH)
    run(sql.KNOWN)
    _refuse(done, sql.DEAD, "person.died:dead")
    _refuse(done, sql.HOMELESS, "residence.community:area.none")
    _places(done, values)
    _new(done, values)
    _households(done, values)
    done.add("residences", run(sql.NEW_RESIDENCES, values))
    _known(done, values)
    return done


def _refuse(done: Merged, statement: str, reason: str) -> None:
    lines = [int(row[0]) for row in rows(statement)]
    done.refused += [(line, reason) for line in lines]


def _places(done: Merged, values: dict[str, Any]) -> None:
    """Estates, buildings and homes that are not there yet."""
    run(sql.BUILDINGS_KNOWN)
    if rows(sql.BUILDINGS_MISSING):
        done.add("estates", run(sql.ESTATES, values))
        done.add("buildings", run(sql.BUILDINGS, values))
        run(sql.BUILDINGS_KNOWN)
    run(sql.HOMES_KNOWN)
    if made := run(sql.HOMES, values):
        done.add("homes", made)
        run(sql.HOMES_KNOWN)
    run(sql.WHERE)


def _new(done: Merged, values: dict[str, Any]) -> None:
    """Persons nobody knew; whom another import registered meanwhile, or another place holds, is told apart."""
    wanted = run(sql.DRAW)
    if not wanted:
        return
    point = transaction.savepoint()
    if run(sql.PERSONS, values) == wanted:
        transaction.savepoint_commit(point)
        done.add("new", wanted)
        return
    transaction.savepoint_rollback(point)
    run(sql.UNDRAW)
    run(sql.MATCH)
    run(sql.KNOWN)
    _refuse(done, sql.ELSEWHERE, "person.document:elsewhere")
    run(sql.DRAW)
    done.add("new", run(sql.PERSONS, values))


def _households(done: Merged, values: dict[str, Any]) -> None:
    run(sql.HOUSEHOLDS_KNOWN)
    if made := run(sql.HOUSEHOLDS, values):
        done.add("households", made)
        run(sql.HOUSEHOLDS_KNOWN)


def _known(done: Merged, values: dict[str, Any]) -> None:
    """People the registry knew: homes they have not yet, values that differ."""
    met = rows(sql.MET)[0][0]
    if not met:
        return
    done.add("met", met)
    _moves(done, values)
    run(sql.DIFFERENCES, values)
    verdicts = dict(rows(sql.VERDICTS))
    for name in ("take", "keep", "repeated"):
        done.add(f"values_{name}", verdicts.get(name, 0))
    if verdicts.get("repeated"):
        _refuse(done, sql.REPEATED, "person.document:repeated")
    if verdicts.get("take"):
        done.add("changed", run(sql.TAKE, values))
    if verdicts.get("conflict"):
        done.conflicts += [
            dict(zip(sql.CONFLICT_COLUMNS, row, strict=True)) for row in rows(sql.CONFLICTS, values)
        ]


def _moves(done: Merged, values: dict[str, Any]) -> None:
    """Residences of people already known: none of the kind yet, the same, or another home by precedence."""
    run(sql.STAYS, values)
    if not rows(sql.STAYS_AT_ALL):
        return
    done.add("residences_filled", run(sql.FILL, values))
    done.add("moved", run(sql.LEAVE, values))
    done.add("residences", run(sql.ARRIVE, values))
    if found := rows(sql.STAY_CONFLICTS, values):
        done.conflicts += [dict(zip(sql.CONFLICT_COLUMNS, row, strict=True)) for row in found]
