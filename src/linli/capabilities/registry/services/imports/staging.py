"""Checked rows on their way into the tables: sealed, indexed and copied into a table that only this import sees."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection

from linli.capabilities.registry.rules.names import sort_key
from linli.kernel.vault.bulk import index_many, seal_many
from linli.kernel.vault.crypto import KeyRing
from linli.kernel.vault.ring import ring

# Under a policy COPY FROM is refused, so rows land here first; the table ends with the connection.
TABLE = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    line int, name text, pinyin text, former_name text, sex text, born date, document_kind text,
    document bytea, document_index bytea, phone bytea, phone_index bytea, ethnic text, native_place text,
    marital text, education text, political text, employment text, workplace text, died date, more jsonb,
    kind text, lives boolean, relation text, since date, number text, area bigint, place text,
    building_name text, building_key text, unit_no text, room text,
    person bigint, new boolean, building bigint, home bigint, home_area bigint, household bigint, linked boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS standing (
    community bigint, building_key text, building bigint, area bigint
) ON COMMIT DELETE ROWS
"""
# Columns that are still empty too: the planner would take a handful of rows to be so.
LEARN = """
ANALYZE incoming (line, area, building_key, room, number, document_index, person, new, building, home,
    home_area, household, linked)
"""
COPIED = (
    *("line", "name", "pinyin", "former_name", "sex", "born", "document_kind", "document"),
    *("document_index", "phone", "phone_index", "ethnic", "native_place", "marital", "education"),
    *("political", "employment", "workplace", "died", "more", "kind", "lives", "relation", "since"),
    *("number", "area", "place", "building_name", "building_key", "unit_no", "room"),
)


def _hex(values: list[bytes | None]) -> pl.Series:
    return "\\x" + pl.Series(values, dtype=pl.Binary).bin.encode("hex")


def prepared(rows: pl.DataFrame, keys: KeyRing) -> pl.DataFrame:
    """Rows with numbers and phones sealed and indexed, in the order of `COPIED`."""
    documents, phones = rows["document"].to_list(), rows["phone"].to_list()
    names = rows["name"].to_list()
    return rows.with_columns(
        pinyin=pl.Series([sort_key(name or "") for name in names], dtype=pl.String),
        document=_hex(seal_many(keys, "registry_person.document", documents)),
        document_index=_hex(index_many(keys, "id_number", documents)),
        phone=_hex(seal_many(keys, "registry_person.phone", phones)),
        phone_index=_hex(index_many(keys, "phone", phones)),
        number=pl.col("household"),
        room=pl.col("room_no"),
    ).select(COPIED)


def copy(rows: pl.DataFrame, extra: dict[str, Any] | None = None) -> None:
    """Put prepared rows into the table of this connection."""
    columns = list(COPIED)
    if extra:
        rows = rows.with_columns(**extra)
        columns += list(extra)
    text = rows.write_csv(include_header=False, null_value="\\N").encode()
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(
            "TRUNCATE incoming"
        )  # within one transaction (a trial) slices follow each other
        statement = f"COPY incoming ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '\\N')"
        with cursor.copy(statement) as stream:
            stream.write(text)
        cursor.execute(LEARN)


def keys() -> KeyRing:
    """The keys in force; one index key only, so that a known number is always found."""
    return ring()
