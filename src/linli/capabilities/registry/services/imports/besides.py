"""What rows say beside people joins the registry, set by set, once `merging` knows who each row is.

Tags, bonds and ties of people, whose home it is, the kind and the head of a household, what a home is used for, the end
of a residence, and what a death ends. Told twice it changes nothing the second time.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.reading import Checked
from linli.capabilities.registry.reading.besides import Says
from linli.capabilities.registry.rules.names import sort_key
from linli.capabilities.registry.services.imports import beside_sql as sql
from linli.capabilities.registry.services.imports.merging import Merged, Said, rows, run
from linli.kernel.acts import Act
from linli.kernel.policy import current
from linli.kernel.vault.bulk import index_many, seal_many
from linli.kernel.vault.crypto import KeyRing, blind_index
from linli.kernel.vault.idnumber import PERMITS

BOND_PHONE, PERSON_PHONE = "registry_bond.other_phone", "registry_person.phone"
PERSON_DOCUMENT = "registry_person.document"
COLUMNS = (
    "line",
    "what",
    "code",
    "name",
    "pinyin",
    "document",
    "document_index",
    "document_kind",
    "born",
    "sex",
    "phone",
    "phone_index",
    "words",
    "purpose",
    "since",
    "until",
    "months",
    "sensitive",
    "more",
)


def says(act: Act, source: str) -> Says:
    """Which tags a source may say, when this actor brings its file."""
    policy = current().section(RegistryPolicy)
    entry = policy.source_by_code.get(source)
    allowed = frozenset(str(each) for each in entry.sensitive) if entry else frozenset()
    return Says(policy.tag_by_code, allowed, act.sensitive)


def _hex(values: list[bytes | None]) -> pl.Series:
    return "\\x" + pl.Series(values, dtype=pl.Binary).bin.encode("hex")


def _sealed(told: pl.DataFrame, ring: KeyRing) -> pl.DataFrame:
    """Rows with numbers and phones sealed for where they will lie, birth and sex read from the number."""
    documents, phones = told["document"].to_list(), told["phone"].to_list()
    owners = (told["what"] == "owner").to_list()
    number = pl.col("document")
    later = pl.Series(
        [
            one if owner else other
            for owner, one, other in zip(
                owners,
                seal_many(ring, PERSON_PHONE, phones),
                seal_many(ring, BOND_PHONE, phones),
                strict=True,
            )
        ],
        dtype=pl.Binary,
    )
    odd = number.str.slice(16, 1).str.to_integer(strict=False) % 2 == 1
    kinds = (
        pl.when(number.str.slice(0, 2).is_in(list(PERMITS)))
        .then(pl.lit("P01"))
        .when(number.str.starts_with("9"))
        .then(pl.lit("553"))
        .otherwise(pl.lit("111"))
    )
    return told.with_columns(
        pinyin=pl.Series([sort_key(name or "") for name in told["name"]], dtype=pl.String),
        document=_hex(seal_many(ring, PERSON_DOCUMENT, documents)),
        document_index=_hex(index_many(ring, "id_number", documents)),
        document_kind=pl.when(number.is_not_null()).then(kinds),
        born=number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False),
        sex=pl.when(odd).then(pl.lit("1")).when(number.is_not_null()).then(pl.lit("2")),
        phone=_hex(later.to_list()),
        phone_index=_hex(index_many(ring, "phone", phones)),
    ).select(COLUMNS)


def renewed(ring: KeyRing, checked: Checked) -> None:
    """While index keys are being changed: whoever these rows may mean is found by the new key."""
    for kind, column in (("id_number", "document"), ("phone", "phone")):
        told = pl.concat([checked.taken[column], checked.beside[column]]).drop_nulls().unique()
        present = index_many(ring, kind, told)
        for key in ring.indexes[1:]:
            former = [blind_index(key, kind, each) for each in told]
            run(
                "SELECT registry_renew(%(column)s, %(former)s::bytea[], %(present)s::bytea[])",
                {"column": column, "former": former, "present": present},
            )


def copy(ring: KeyRing, checked: Checked) -> None:
    """Put what rows say beside people into a table of this connection; `merging` looks there for residences that end."""
    if len(ring.indexes) > 1:
        renewed(ring, checked)
    with connection.cursor() as cursor:
        cursor.execute(sql.TABLE)
        if len(checked.beside):
            text = _sealed(checked.beside, ring).write_csv(include_header=False, null_value="\\N")
            with cursor.copy(
                f"COPY beside ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, NULL '\\N')"
            ) as stream:
                stream.write(text.encode())
            cursor.execute("ANALYZE beside (line, what)")


def join(checked: Checked, said: Said, merged: Merged) -> list[tuple[int, str]]:
    """Join what was copied, for the rows that `merging` has just taken; returns what was left out, by line."""
    values = {**said.values, "now": timezone.now()}
    left: list[tuple[int, str]] = []
    if len(checked.beside):
        run(sql.TOLD, {"refused": [line for line, _reason in merged.refused]})
        kinds = dict(rows(sql.KINDS))
        for what, step in _STEPS.items():
            if kinds.get(what):
                left += step(values, merged)
    if checked.taken["died"].is_not_null().any():
        _dead(values, merged)
    return left


Left = list[tuple[int, str]]


def _marks(values: dict[str, Any], merged: Merged) -> Left:
    merged.add("marks_changed", run(sql.MARKS_KNOWN, values))
    merged.add("marks", run(sql.MARKS, values))
    return []


def _bonds(values: dict[str, Any], merged: Merged) -> Left:
    run(sql.BONDS_KNOWN, values)
    merged.add("bonds", run(sql.BONDS, values))
    return []


def _ties(values: dict[str, Any], merged: Merged) -> Left:
    run(sql.TIES_ENDED, values)
    merged.add("ties", run(sql.TIES, values))
    return []


def _owners(values: dict[str, Any], merged: Merged) -> Left:
    """Whose home it is: by number, else the one of that name and phone, or of that name there; else registered by number."""
    left = [(int(line), f"tie.name:{why}") for line, why in rows(sql.OWNERS_LEFT_EARLY)]
    run(sql.OWNERS_BY_NUMBER)
    run(sql.OWNERS_BY_NAME)
    run(sql.OWNERS_NEW)
    merged.add("owners", run(sql.OWNERS, values))
    merged.add("ties", run(sql.OWNER_TIES, values))
    return [*left, *((int(line), f"tie.name:{why}") for line, why in rows(sql.OWNERS_LEFT))]


def _households(values: dict[str, Any], merged: Merged) -> Left:
    merged.add("households_changed", run(sql.HOUSEHOLD_KINDS, values))
    run(sql.HEADS, values)
    return []


def _homes(values: dict[str, Any], merged: Merged) -> Left:
    merged.add("homes_changed", run(sql.HOME_VALUES, values))
    return []


def _buildings(values: dict[str, Any], merged: Merged) -> Left:
    merged.add("buildings_changed", run(sql.BUILDING_VALUES, values))
    return []


def _estates(values: dict[str, Any], merged: Merged) -> Left:
    merged.add("estates_changed", run(sql.ESTATE_VALUES, values))
    return []


def _ends(values: dict[str, Any], merged: Merged) -> Left:
    """Residences that ended; what a weaker source says against a stronger one is asked."""
    columns = ("area", "record_set", "row", "field", "held", "held_batch", "offered", "line")
    asked = [dict(zip(columns, row, strict=True)) for row in rows(sql.ENDS_ASKED, values)]
    merged.conflicts += asked
    merged.add("ended", run(sql.ENDS, values))
    merged.add("residences", run(sql.ENDED_BEFORE, values))
    return []


_STEPS = {
    "mark": _marks,
    "bond": _bonds,
    "tie": _ties,
    "owner": _owners,
    "household": _households,
    "home": _homes,
    "building": _buildings,
    "estate": _estates,
    "end": _ends,
}


def _dead(values: dict[str, Any], merged: Merged) -> None:
    """A death that holds ends residences, marks, bonds and ties that day (ownership stays); consents are withdrawn."""
    merged.add("deaths", run(sql.DEATHS, values))
    for statement in sql.AFTER_DEATH:
        run(statement, values)
