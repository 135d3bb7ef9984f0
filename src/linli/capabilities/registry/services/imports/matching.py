"""Rows without a number: who they are, surely, probably or nobody known; then they join like any other row."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from linli.capabilities.registry import linking
from linli.capabilities.registry.reading import Checked
from linli.capabilities.registry.services.imports import besides, keeping, merging, slicing, staging
from linli.capabilities.registry.services.imports import statements as sql
from linli.capabilities.registry.services.imports.merging import rows, run
from linli.capabilities.registry.services.imports.slicing import Job, Slice
from linli.kernel.acts import under

_SCHEMA = {
    "key": pl.Int64,
    **dict.fromkeys(("name", "born", "sex", "phone", "home", "building", "community"), pl.String),
}
ROWS = f"""
SELECT i.line, i.name, i.born::text, nullif(i.sex, ''), encode(i.phone_index, 'hex'),
    CASE WHEN NOT p.new THEN p.home END::text, p.building::text, (i.area & {sql.COMMUNITY})::text
FROM incoming i LEFT JOIN placed p ON p.door = i.door
"""
# Three ways in: name and day of birth, phone, home; each by its index.
CANDIDATES = f"""
WITH met AS (
    SELECT p.id FROM incoming i JOIN registry_person p ON p.name = i.name AND p.born = i.born
    UNION
    SELECT p.id FROM incoming i JOIN registry_person p ON p.phone_index = i.phone_index
    UNION
    SELECT r.person_id FROM placed i JOIN registry_residence r ON r.home_id = i.home AND r.until IS NULL
)
SELECT p.id, p.name, p.born::text, nullif(p.sex, ''), encode(p.phone_index, 'hex'), r.home_id::text,
    h.building_id::text, (r.area_id & {sql.COMMUNITY})::text
FROM met JOIN registry_person p ON p.id = met.id
LEFT JOIN registry_residence r ON r.person_id = p.id AND r.until IS NULL
LEFT JOIN registry_home h ON h.id = r.home_id
WHERE p.died IS NULL
"""


def take(job: Job, part: Slice) -> dict[str, int]:
    """Take in one slice of rows without a number."""
    job = replace(job, ring=staging.keys())  # which may have changed since the last slice
    checked = job.checker.check(part.rows)
    ready = staging.prepared(checked.taken, job.ring, linked=True)
    with under(job.act):
        merging.lock(part.parts)
        staging.copy(ready)
        merging.prepare()
        merged = _joined(job, part.rows, checked, ready, _judged())
        merged.add("rows", len(part.rows))
        keeping.advance(job.batch, part.key, part.number, part.last, merged)
    return merged.counts


def _judged() -> list[linking.Verdict]:
    run(sql.STANDING)
    run(sql.PLACED)
    people = pl.DataFrame(rows(CANDIDATES), schema=_SCHEMA, orient="row")
    asked = pl.DataFrame(rows(ROWS), schema=_SCHEMA, orient="row")
    return linking.judge(asked, people, merging.people())


def _too_little(ready: staging.Ready, met: list[int]) -> list[int]:
    """Somebody new without a number must at least be found again by the next file."""
    known = ready.rows.join(ready.doors.select("door", "room_no"), on="door", how="left")
    nowhere = pl.col("room_no").is_null() & pl.col("phone_index").is_null()
    little = known.filter((pl.col("born").is_null() | nowhere) & ~pl.col("line").is_in(met))
    return little["line"].to_list()


def _joined(
    job: Job,
    original: pl.DataFrame,
    checked: Checked,
    ready: staging.Ready,
    verdicts: list[linking.Verdict],
) -> merging.Merged:
    sure = [each for each in verdicts if each.verdict == "sure"]
    probable = [each for each in verdicts if each.verdict == "probable"]
    little = _too_little(ready, [each.row for each in verdicts])
    out = [*little, *(each.row for each in probable)]
    besides.copy(job.ring, checked)
    staging.copy(ready.without(out))
    merging.prepare()
    merging.known_as({each.row: each.person for each in sure})
    merged = merging.merge(job.said, without=True)
    checked = checked.faulted(besides.join(checked, job.said, merged))
    merged.refused += [(line, "person.document:too_little") for line in little]
    merged.add("linked", len(sure))
    merged.add("probable", len(probable))
    notes: dict[int, tuple[str, list[str]]] = {v.row: (keeping.PROBABLE, []) for v in probable}
    lost = {line for line, _reason in merged.refused}
    # Who was met without a number can be looked up and taken back, row by row.
    notes |= {v.row: (keeping.LINKED, []) for v in sure if v.row not in lost}
    met = {v.row: (v.person, round(v.probability, 6)) for v in verdicts}
    keeping.keep_rows(job.batch, job.ring, original, job.heads, notes, met)
    left = checked.taken.filter(~pl.col("line").is_in([v.row for v in probable]))
    slicing.keep(job, original, Checked(left, checked.refused), merged)
    return merged
