"""Checked rows on their way into the tables: sealed, indexed and copied into a table that only this import sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection

from linli.capabilities.registry.rules.names import sort_key
from linli.kernel.vault.bulk import index_many, seal_many
from linli.kernel.vault.crypto import KeyRing
from linli.kernel.vault.ring import ring

# Under a policy COPY FROM is refused, so rows land here first; the tables end with the connection.
TABLE = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    line int, door int, house int, linked boolean, area bigint,
    name text, pinyin text, former_name text, sex text, born date, document_kind text,
    document bytea, document_index bytea, phone bytea, phone_index bytea, ethnic text, native_place text,
    marital text, education text, political text, employment text, workplace text, died date, more jsonb,
    kind text, lives boolean, relation text, since date
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS door (
    door int, area bigint, place text, building_name text, building_key text, unit_no text, room text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS house (house int, door int, number text) ON COMMIT DELETE ROWS
"""
# Emptied by themselves with each transaction; a second set within one (a trial) empties them first.
FILLED = "SELECT EXISTS (SELECT FROM incoming)"
EMPTY = "TRUNCATE incoming, door, house"
# Columns that are still empty too: the planner would take a handful of rows to be so.
LEARN = """
SET LOCAL default_statistics_target = 10;
ANALYZE incoming (line, door, house, document_index); ANALYZE door; ANALYZE house
"""
COPIED = (
    "line",
    "door",
    "house",
    "linked",
    "area",
    "name",
    "pinyin",
    "former_name",
    "sex",
    "born",
    "document_kind",
    "document",
    "document_index",
    "phone",
    "phone_index",
    "ethnic",
    "native_place",
    "marital",
    "education",
    "political",
    "employment",
    "workplace",
    "died",
    "more",
    "kind",
    "lives",
    "relation",
    "since",
)
_ADDRESS = ("building_key", "unit_no", "room_no")


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows sealed and indexed, and the different doors and households that they name, each told once."""

    rows: pl.DataFrame
    doors: pl.DataFrame
    houses: pl.DataFrame

    def without(self, lines: list[int]) -> Ready:
        """What is left when some lines are taken out."""
        return self.only(~self.rows["line"].is_in(lines))

    def only(self, keep: pl.Series) -> Ready:
        """Some of the rows, and the doors and households that they name."""
        rows = self.rows.filter(keep)
        return Ready(
            rows,
            self.doors.filter(self.doors["door"].is_in(rows["door"].to_list())),
            self.houses.filter(self.houses["house"].is_in(rows["house"].to_list())),
        )


def _hex(values: list[bytes | None]) -> pl.Series:
    return "\\x" + pl.Series(values, dtype=pl.Binary).bin.encode("hex")


def prepared(
    rows: pl.DataFrame, keys: KeyRing, *, linked: bool = False, lived_in: bool = True
) -> Ready:
    """Rows with numbers and phones sealed and indexed, in the order of `COPIED`; `linked`: they have no number.

    Not `lived_in`: the rows are homes, and nobody's household follows from them.
    """
    documents, phones = rows["document"].to_list(), rows["phone"].to_list()
    rows, doors = _doors(rows)
    rows, houses = _houses(rows)
    sealed = rows.with_columns(
        pinyin=_sort_keys(rows["name"]),
        document=_hex(seal_many(keys, "registry_person.document", documents)),
        document_index=_hex(index_many(keys, "id_number", documents)),
        phone=_hex(seal_many(keys, "registry_person.phone", phones)),
        phone_index=_hex(index_many(keys, "phone", phones)),
        linked=pl.lit(linked),
    ).select(COPIED)
    return Ready(sealed, doors, houses if lived_in else houses.clear())


def _sort_keys(names: pl.Series) -> pl.Series:
    return pl.Series([sort_key(name or "") for name in names.to_list()], dtype=pl.String)


def _numbered(rows: pl.DataFrame, by: list[pl.Expr], name: str) -> pl.DataFrame:
    """The rows with a number for each different value of some columns; null where the first of them is null."""
    marks = rows.select(each.alias(str(at)) for at, each in enumerate(by))
    different = marks.unique(maintain_order=True).with_row_index(name, offset=1)
    joined = marks.join(
        different, on=marks.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    number = pl.when(joined["0"].is_not_null()).then(joined[name].cast(pl.Int32))
    return rows.with_columns(number.alias(name))


def _doors(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A building is sought in its community, whatever grid a row says."""
    within = (
        pl.when(pl.col("building_key").is_null())
        .then(pl.col("area"))
        .otherwise(pl.col("area") // 2**28 * 2**28)
    )
    told = _numbered(rows, [within, *(pl.col(name) for name in _ADDRESS)], "door")
    doors = told.filter(pl.col("door").is_not_null()).unique(
        "door", keep="first", maintain_order=True
    )
    columns = ("door", "area", "place", "building_name", *_ADDRESS)
    return told, doors.select(columns)


def _houses(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who has a number of a household, or lives behind one door."""
    there = pl.col("household").is_not_null() | (
        pl.col("building_key").is_not_null() & pl.col("room_no").is_not_null()
    )
    door = pl.when(there).then(pl.col("door"))
    told = _numbered(rows, [door, pl.col("household")], "house")
    houses = told.filter(pl.col("house").is_not_null()).unique("house", maintain_order=True)
    return told, houses.select("house", "door", "household")


def passes(ready: Ready) -> list[Ready]:
    """The rows cut so that no number stands twice in one set: spelled otherwise, it was not known to be the same."""
    number = pl.struct("document_kind", "document_index")
    again = ready.rows.select(pl.col("document_index").is_not_null() & ~number.is_first_distinct())
    later = again.to_series()
    if not later.any():
        return [ready]
    return [ready.only(~later), *passes(ready.only(later))]


def copy(ready: Ready) -> None:
    """Put prepared rows into the tables of this connection, in place of what lay there."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(FILLED)
        if cursor.fetchone()[0]:
            cursor.execute(EMPTY)
        _copy(cursor, f"incoming ({', '.join(COPIED)})", ready.rows)
        _copy(
            cursor,
            "door (door, area, place, building_name, building_key, unit_no, room)",
            ready.doors,
        )
        _copy(cursor, "house (house, door, number)", ready.houses)
        cursor.execute(LEARN)


def _copy(cursor: Any, table: str, rows: pl.DataFrame) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, NULL '\\N')") as stream:
        stream.write(rows.write_csv(include_header=False, null_value="\\N").encode())


def keys() -> KeyRing:
    """The keys in force; one index key only, so that a known number is always found."""
    return ring()
