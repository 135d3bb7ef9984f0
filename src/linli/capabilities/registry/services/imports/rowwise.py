"""Short files, whose rows are taken one by one, some hundred to a transaction; a broken import goes on behind the last whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import polars as pl

from linli.capabilities.registry.reading import Checked, Plan, Table, formulas
from linli.capabilities.registry.services.imports import keeping, merging, slicing
from linli.capabilities.registry.services.imports.placing import Placing
from linli.kernel.acts import under
from linli.kernel.dictionary import columns as reader
from linli.kernel.dictionary import selectors as dictionary

ROWS = 300
SIGNS = "；;、，,/|\n"  # words: how files separate several in one cell
Row = dict[str, Any]


@dataclass(slots=True)
class Read:
    """The rows of a slice as values, with what is wrong by line."""

    rows: list[Row]
    refused: dict[int, list[str]] = field(default_factory=dict)
    flaws: dict[int, list[str]] = field(default_factory=dict)

    def refuse(self, row: Row, reason: str) -> None:
        """Leave a row out."""
        self.refused.setdefault(row["line"], []).append(reason)

    def flaw(self, row: Row, reason: str) -> None:
        """Leave something of a row out."""
        self.flaws.setdefault(row["line"], []).append(reason)


class Taking(Protocol):
    """What takes the rows of one slice, with what they may mean looked up at once."""

    def one(self, row: Row) -> None:
        """Take one row."""


@dataclass(frozen=True, slots=True)
class Way:
    """How rows of one kind are read and taken: what decides about a row, what says where it lies, what stays as text."""

    key: str
    record_set: str
    deciding: frozenset[str]
    named: Callable[[Row], str]  # what is missing of a row, as a reason; empty when it can be taken
    taking: Callable[[slicing.Job, merging.Merged, Read], Taking]
    placed: Mapping[str, str] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()


def take_all(
    job: slicing.Job,
    way: Way,
    table: Table,
    done: int,
    count: Callable[[int], None],
    check: Callable[[], None],
) -> None:
    """Take every row of a file, from behind the last whole slice."""
    placing = Placing(job.act, _as_places(job.plan, way), job.said.area)
    for number, rows in enumerate(_chunks(table), 1):
        if number > done:
            _take(job, way, placing, number, rows)
        count(len(rows))
        check()


def _as_places(plan: Plan, way: Way) -> Plan:
    """The plan with where its rows lie said as it is of people, so that one thing finds both."""
    columns = tuple(
        replace(each, element=way.placed.get(each.element, each.element)) for each in plan.columns
    )
    return replace(plan, columns=columns)


def _chunks(table: Table) -> Iterator[pl.DataFrame]:
    for frame in table.frames():
        for at in range(0, len(frame), ROWS):
            yield frame[at : at + ROWS]


def _take(job: slicing.Job, way: Way, placing: Placing, number: int, frame: pl.DataFrame) -> None:
    with under(job.act):
        merging.lock(range(slicing.PARTS))
        read = _read(job, way, placing.place(frame))
        merged = merging.Merged()
        taking = way.taking(job, merged, read)
        for row in read.rows:
            if row["line"] not in read.refused:
                taking.one(row)
        taken = {line: said for line, said in read.flaws.items() if line not in read.refused}
        for line, reason in _lost(job.plan, frame):
            (read.refused if line in read.refused else taken).setdefault(line, []).append(reason)
        checked = Checked(_said(taken, "flaws"), _said(read.refused, "reasons"))
        slicing.keep(job, frame, checked, merged)
        merged.add("rows", len(frame))
        keeping.advance(job.batch, way.key, number, int(frame["line"][-1]), merged)


def _lost(plan: Plan, frame: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """What of each line was a formula without a result."""
    for reasons in formulas.reasons(frame, plan.columns):
        lines = zip(frame["line"], reasons, strict=True)
        yield from ((line, reason) for line, reason in lines if reason is not None)


def _said(found: Mapping[int, list[str]], name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"line": list(found), name: list(found.values())},
        schema={"line": pl.Int64, name: pl.List(pl.String)},
    )


def _read(job: slicing.Job, way: Way, frame: pl.DataFrame) -> Read:
    """The rows of a slice, each with the area where it lies."""
    read = Read([])
    found = _values(job, way, frame, read)
    used = _as_places(job.plan, way).used
    said = frame[used["residence.community"]] if "residence.community" in used else None
    places = zip(frame["line"], frame["area"], frame["area_wrong"], strict=True)
    for at, (line, area, wrong) in enumerate(places):
        row: Row = {"line": line, **{name: series[at] for name, series in found.items()}}
        # Nothing said of a community: it lies where the import lies.
        row["area"] = area if area is not None else job.said.area
        if area is None and said is not None and said[at] is not None:
            read.refuse(row, wrong or "residence.community:area.none")
        missing = way.named(row)
        if missing and line not in read.refused:
            read.refuse(row, missing)
        read.rows.append(row)
    return read


def _values(job: slicing.Job, way: Way, frame: pl.DataFrame, read: Read) -> dict[str, pl.Series]:
    """Every column as values; what cannot be read is said of its line."""
    book, found = dictionary.book(), {}
    for code, name in job.plan.used.items():
        element = book.elements.get(code)
        if element is None or element.record_set != way.record_set:
            continue
        if code in way.plain:
            found[code.partition(".")[2]] = frame[name]
            continue
        table = book.tables.get(element.table) if element.table else None
        told = reader.read_column(element, frame[name], table, today=job.checker.today)
        found[code.partition(".")[2]] = told.values
        wrong = read.refused if code in way.deciding else read.flaws
        bad = frame["line"].zip_with(told.reasons.is_not_null(), pl.Series([None], dtype=pl.Int64))
        for line, reason in zip(bad.drop_nulls(), told.reasons.drop_nulls(), strict=True):
            wrong.setdefault(line, []).append(f"{code}:{reason}")
    return found


def parts(text: str, signs: str = SIGNS) -> list[str]:
    """What stands in one cell, one after the other."""
    for sign in signs:
        text = text.replace(sign, "\t")
    return [part.strip() for part in text.split("\t") if part.strip()]
