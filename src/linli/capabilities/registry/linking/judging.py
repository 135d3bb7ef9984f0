"""Pairs weighed by splink, and one verdict for each row."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from linli.capabilities.registry.linking.weights import settings

SURE, PROBABLE = 0.995, 0.3
MARGIN = (
    4.0  # bits that the best must be ahead of the second, so that twins and namesakes stay apart
)
COLUMNS = ("key", "name", "born", "sex", "phone", "home", "building", "community")
MEMORY = "512MB"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row met: the person, how surely (0..1), and what follows."""

    row: int
    person: int
    probability: float
    verdict: Literal["sure", "probable"]


def judge(rows: pl.DataFrame, people: pl.DataFrame, known: int) -> list[Verdict]:
    """Verdicts for rows that met somebody; both frames have the `COLUMNS` as texts, `key` an integer.

    A person may stand in several rows of `people`, one for each residence. `known`: how many people the registry has.
    Rows that met nobody are not mentioned.
    """
    if rows.is_empty() or people.is_empty():
        return []
    pairs = _weighed(rows, people, known)
    best = (
        pairs.group_by("row", "person")
        .agg(pl.col("weight").max(), pl.col("probability").max())
        .sort(["row", "weight", "person"], descending=[False, True, False])
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("person").first(),
            pl.col("probability").first(),
            pl.col("weight").first(),
            pl.col("weight").slice(1, 1).first().alias("second"),
        )
    )
    return [
        Verdict(row, person, probability, _verdict(probability, weight, second))
        for row, person, probability, weight, second in best.iter_rows()
        if probability >= PROBABLE
    ]


def _verdict(
    probability: float, weight: float, second: float | None
) -> Literal["sure", "probable"]:
    ahead = second is None or weight - second >= MARGIN
    return "sure" if probability >= SURE and ahead else "probable"


def _weighed(rows: pl.DataFrame, people: pl.DataFrame, known: int) -> pl.DataFrame:
    logging.getLogger("splink").setLevel(logging.ERROR)
    # In memory only: what is compared are people's names and days, and no disk shall see them.
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": ""}) as link:
        api = DuckDBAPI(link)
        left = api.register(_numbered(rows).to_arrow(), dataset_display_name="a_rows")
        right = api.register(_numbered(people).to_arrow(), dataset_display_name="b_people")
        linker = Linker([left, right], settings(known), log_level=logging.ERROR)
        found = linker.inference.predict(threshold_match_probability=PROBABLE / 100)
        table = link.sql(
            f"SELECT key_l AS row, key_r AS person, match_weight AS weight,"
            f" match_probability AS probability FROM {found.physical_name}"
        ).to_arrow_table()
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(COLUMNS).with_columns(
        unique_id=pl.int_range(pl.len(), dtype=pl.Int64), key=pl.col("key").cast(pl.Int64)
    )
