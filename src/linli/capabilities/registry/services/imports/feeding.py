"""A file cut into slices: by part of the city, first those with a number met for the first time; others later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linli.capabilities.registry.reading import Table
from linli.capabilities.registry.services.imports.slicing import PARTS, Job, Slice

ROWS, FEW = 80_000, 5_000
LANES = 4
# Communities are numbered from one in every street: stirred, so that all parts are about as large.
_PART = pl.col("area").fill_null(0) // 2**28 * 40_503 // 2**8 % PARTS
FIRST = 1_000  # rows of the first slice: small enough for tables of which nothing is known yet


def size(about: int) -> int:
    """How many rows make a slice: fewer in a short file, so that its progress is seen and a break costs little."""
    return ROWS if about >= 100_000 else FEW


@dataclass(slots=True)
class Feed:
    """The slices of one file in so many lanes; what must wait for all of them lies in `repeated` and `unnumbered`."""

    job: Job
    table: Table
    lanes: int
    size: int = ROWS
    first: int = FIRST
    repeated: list[pl.DataFrame] = field(default_factory=list)
    unnumbered: list[pl.DataFrame] = field(default_factory=list)
    read: int = 0
    _seen: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    def slices(self) -> Iterator[Slice]:
        """Slice after slice; those of one lane come in order and have its parts of the city to themselves."""
        for number, frame in enumerate(self._chunks(), 1):
            rows = self._first(self.job.placing.place(frame))
            self.read += len(frame)
            last = int(frame["line"][-1])
            if not len(rows):
                continue
            part = rows.select(_PART).to_series()
            for lane in range(self.lanes):
                mine = rows.filter(part % self.lanes == lane)
                parts = tuple(each for each in range(PARTS) if each % self.lanes == lane)
                yield Slice(str(lane), number, parts, mine, last)

    def _chunks(self) -> Iterator[pl.DataFrame]:
        """Frames of an even size: what readers give may be small or large."""
        waiting: list[pl.DataFrame] = []
        height, wanted = 0, min(self.first, self.size)
        for frame in self.table.frames():
            waiting.append(frame)
            height += len(frame)
            while height >= wanted:
                whole = pl.concat(waiting)
                yield whole[:wanted]
                waiting, height = [whole[wanted:]], height - wanted
                wanted = self.size
        if height:
            yield pl.concat(waiting)

    def _first(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows whose number was not met before in this file; the others are set aside."""
        if not self.job.of_people:
            return rows
        column = self.job.plan.used.get("person.document")
        if column is None:
            self.unnumbered.append(rows)
            return rows.clear()
        bare = rows[column].str.normalize("NFKC").str.replace_all(r"[\s\-]", "").str.to_uppercase()
        there = bare.is_not_null() & ~bare.is_in(["", "无", "NULL", "/"])
        if not there.all():
            self.unnumbered.append(rows.filter(~there))
            rows, bare = rows.filter(there), bare.filter(there)
        first = self._fresh(bare.hash(7)) & bare.is_first_distinct()
        if not first.all():
            self.repeated.append(rows.filter(~first))
        return rows.filter(first)

    def _fresh(self, marks: pl.Series) -> pl.Series:
        """Which marks were not met in this file so far; 8 bytes a row in order, where a set of them takes 90."""
        asked = marks.to_numpy()
        at = np.searchsorted(self._seen, asked)
        known = np.zeros(len(asked), dtype=bool)
        inside = at < len(self._seen)
        known[inside] = self._seen[at[inside]] == asked[inside]
        new = np.unique(asked[~known])
        self._seen = np.insert(self._seen, np.searchsorted(self._seen, new), new)
        return pl.Series(~known, dtype=pl.Boolean)
