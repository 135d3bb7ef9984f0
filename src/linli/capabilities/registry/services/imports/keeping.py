"""What a slice leaves beside the registry: rows refused or flawed, values to be decided, how far the batch is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection

from linli.capabilities.registry.models import Batch, Conflict
from linli.capabilities.registry.services.imports.merging import Merged, rows, run
from linli.kernel.vault.bulk import seal_many
from linli.kernel.vault.crypto import KeyRing

PERSON_PHONE, ROW_VALUES = "registry_person.phone", "registry_batchrow.values"
HELD, OFFERED = "registry_conflict.held", "registry_conflict.offered"
REFUSED, FLAWED, PROBABLE, LINKED = "refused", "flawed", "probable", "linked"
_ROWS = """
INSERT INTO registry_batchrow (batch_id, line, state, reasons, "values", candidate, score)
SELECT %(batch)s, r.line, r.state, r.reasons::jsonb, r.sealed, r.candidate, r.score
FROM unnest(%(lines)s::int[], %(states)s::text[], %(reasons)s::text[], %(sealed)s::bytea[],
    %(candidates)s::bigint[], %(scores)s::float8[])
    AS r(line, state, reasons, sealed, candidate, score)
ON CONFLICT (batch_id, line) DO NOTHING
"""
_CONFLICT_ROWS = """
INSERT INTO registry_conflict (area_id, record_set, "row", field, held, held_batch_id, offered, batch_id, line, state)
SELECT r.area, r.record_set, r.id, r.field, r.held, r.held_batch, r.offered, %(batch)s, r.line, 'open'
FROM unnest(%(areas)s::bigint[], %(sets)s::text[], %(ids)s::bigint[], %(fields)s::text[], %(held)s::bytea[],
    %(held_batches)s::bigint[], %(offered)s::bytea[], %(lines)s::int[])
    AS r(area, record_set, id, field, held, held_batch, offered, line)
ON CONFLICT DO NOTHING
"""


def keep_rows(
    batch: int,
    ring: KeyRing,
    original: pl.DataFrame,
    heads: Mapping[str, str],
    notes: Mapping[int, tuple[str, Sequence[str]]],
    found: Mapping[int, tuple[int, float]] | None = None,
) -> int:
    """Keep rows of the file as they stood, sealed, each with its state and its reasons (`notes` by line)."""
    if not notes:
        return 0
    part = original.filter(pl.col("line").is_in(list(notes)))
    lines = part["line"].to_list()
    texts = [
        json.dumps(
            {heads[name]: value for name, value in row.items() if name in heads and value},
            ensure_ascii=False,
        )
        for row in part.iter_rows(named=True)
    ]
    met = found or {}
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "batch": batch,
                "lines": lines,
                "states": [notes[line][0] for line in lines],
                "reasons": [json.dumps(list(notes[line][1])) for line in lines],
                "sealed": seal_many(ring, ROW_VALUES, texts),
                "candidates": [met[line][0] if line in met else None for line in lines],
                "scores": [met[line][1] if line in met else None for line in lines],
            },
        )
        return int(cursor.rowcount)


def notes_of(
    refused: Iterable[tuple[int, Sequence[str]]],
    merged: Iterable[tuple[int, str]],
    flaws: Iterable[tuple[int, Sequence[str]]],
) -> dict[int, tuple[str, Sequence[str]]]:
    """State and reasons by line; a refusal wins over a flaw."""
    found: dict[int, tuple[str, Sequence[str]]] = {
        line: (FLAWED, list(codes)) for line, codes in flaws if len(codes)
    }
    for line, codes in refused:
        found[line] = (REFUSED, list(codes))
    for line, code in merged:
        found[line] = (REFUSED, [code])
    return found


def keep_conflicts(batch: int, source: int, ring: KeyRing, found: list[dict[str, Any]]) -> int:
    """Keep values in conflict, sealed; what this source said before and a person saw is not asked again."""
    said = [{**each, **_clear(ring, each)} for each in found]
    asked = _asked(source, said, ring)
    fresh = [
        each
        for each in said
        if (each["record_set"], each["row"], each["field"], each["offered"]) not in asked
    ]
    if not fresh:
        return 0
    columns = {name: [each[name] for each in fresh] for name in fresh[0]}
    with connection.cursor() as cursor:
        cursor.execute(
            _CONFLICT_ROWS,
            {
                "batch": batch,
                "areas": columns["area"],
                "sets": columns["record_set"],
                "ids": columns["row"],
                "fields": columns["field"],
                "held": seal_many(ring, HELD, columns["held"]),
                "held_batches": columns["held_batch"],
                "offered": seal_many(ring, OFFERED, columns["offered"]),
                "lines": columns["line"],
            },
        )
        return int(cursor.rowcount)


def _clear(ring: KeyRing, conflict: Mapping[str, Any]) -> dict[str, Any]:
    if conflict["field"] != "phone":
        return {}
    return {
        name: ring.open(PERSON_PHONE, bytes.fromhex(conflict[name])) if conflict[name] else None
        for name in ("held", "offered")
    }


def _asked(source: int, said: list[dict[str, Any]], ring: KeyRing) -> set[tuple[Any, ...]]:
    ids = list({each["row"] for each in said})
    known = Conflict.objects.filter(batch__source=source, row__in=ids).values_list(
        "record_set", "row", "field", "offered"
    )
    return {(set_, row, field, offered.open()) for set_, row, field, offered in known if offered}


def advance(batch: int, key: str, number: int, line: int, merged: Merged) -> None:
    """Write how far the batch is and what was counted, in the transaction of the slice itself."""
    # Keys are checked before the batch's one row is held, so that hands do not wait for each other's checks.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    counts = rows("SELECT counts FROM registry_batch WHERE id = %(b)s FOR UPDATE", {"b": batch})[0][
        0
    ]
    known = json.loads(counts) if isinstance(counts, str) else counts
    total = known.setdefault("total", {})
    for name, count in merged.counts.items():
        total[name] = total.get(name, 0) + count
    known.setdefault("done", {})[key] = [number, line]
    progress = min(each[1] for each in known["done"].values())
    Batch.objects.filter(pk=batch).update(counts=known, progress=progress)
    run("SET CONSTRAINTS ALL DEFERRED")  # a trial goes on in the same transaction
