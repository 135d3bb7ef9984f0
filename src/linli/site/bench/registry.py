"""`linli bench registry`: a city's people imported, linked, imported again, searched; against a bare COPY."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
from django.db import connections
from psycopg import sql

from linli.capabilities.registry.models import Batch, BatchRow, Person
from linli.capabilities.registry.selectors import search
from linli.capabilities.registry.services import imports
from linli.kernel import policy
from linli.kernel.acts import Act, system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.vault import idnumber
from linli.kernel.vault.bulk import index_many
from linli.kernel.vault.ring import ring
from linli.site import cluster
from linli.site.demo.divisions import load_wuxi
from linli.site.replay.throwaway import PREFIX, throwaway

SOURCE, SEED = "police", 11
TABLES = ("estate", "building", "home", "person", "household", "residence")
ASKED = 200
NUMBER = "公民身份号码"
ASKING = ("姓名", "联系电话", "小区名称", "楼幢", "单元", "室号")
Log = Callable[[str], None]


def bench(people: int, log: Log) -> dict[str, Any]:
    """Every figure of one size; nothing is left behind."""
    with throwaway() as name, tempfile.TemporaryDirectory() as folder, _memory() as memory:
        truth, file = _stage(name, people, Path(folder))
        log(f"{len(truth)} rows written; load {os.getloadavg()[0]:.1f}")
        with _twin(name) as twin:
            first = _import(file)
            log(f"import: {first}")
            memory_first = memory()
            again = _import(file)
            log(f"again: {again}")
            bare = _bare(name, twin, len(truth))
            log(f"bare copy: {bare}")
        found = {
            "people": people,
            "rows": len(truth),
            "import": first,
            "again": again,
            "bare": bare,
            "ratio": round(first["numbered_per_s"] / bare["per_s"], 3),
            "linking": _linking(truth),
            "search": _searches(truth, file),
            "memory_mib": round(max(memory(), memory_first)),
            "load": os.getloadavg()[0],
        }
    return found


def _stage(name: str, people: int, folder: Path) -> tuple[pl.DataFrame, Path]:
    """The city, and its people in a file; what the bench needs of the truth. A child writes, so that only the import
    is in this process's memory."""
    policy.apply("wuxi", None)
    load_wuxi(system_act())
    places.forget()
    file, truth = folder / "people.csv", folder / "truth.csv"
    words = [
        "--people",
        str(people),
        "--seed",
        str(SEED),
        "--out",
        str(file),
        "--truth",
        str(truth),
    ]
    command = [sys.executable, "-m", "linli.site.cli", "registry", "synth", *words]
    env = {**os.environ, "DATABASE_URL": cluster.address("app", name)}
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    rows = pl.read_csv(file, infer_schema=False, columns=[NUMBER])
    told = pl.read_csv(truth).with_columns(pl.col("kind", "dirt").fill_null(""))
    return told.with_columns(rows[NUMBER]), file


@contextmanager
def _twin(name: str) -> Iterator[str]:
    """An empty copy of the database, for the bare COPY: the same tables, indexes and keys."""
    connections["default"].close()
    twin = f"{PREFIX}twin_{name[-12:]}"
    with psycopg.connect(cluster.address("owner"), autocommit=True) as link:
        link.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(twin), sql.Identifier(name)
            )
        )
        try:
            yield twin
        finally:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(twin)))


def _import(file: Path) -> dict[str, Any]:
    act = system_act()
    with under(act):
        source = imports.source_of(SOURCE)
        plan = imports.propose(source, file)
    city = places.at_level(Level.CITY)[0].id
    batch = imports.begin(act, source=source, file=file, plan=plan, area=city)
    begun, before = time.perf_counter(), os.times()
    imports.run(act, batch, file)
    seconds, after = time.perf_counter() - begun, os.times()
    counts, took = batch.counts["total"], batch.counts["seconds"]
    numbered = counts["rows"] - took["later_rows"]
    return {
        "seconds": round(seconds, 1),
        "per_s": round(counts["rows"] / seconds),
        "numbered_per_s": round(numbered / took["numbered"]),
        "later_s": round(took["later"], 1),
        "own_cpu_s": round(sum(after[:4]) - sum(before[:4]), 1),
        **{
            each: counts.get(each, 0)
            for each in ("new", "met", "changed", "linked", "probable", "refused", "conflicts")
        },
    }


def _bare(name: str, twin: str, rows: int) -> dict[str, Any]:
    """The same columns of the same rows into the same tables with the same indexes and keys, by COPY alone."""
    spent = 0.0
    with (
        psycopg.connect(cluster.address("owner", name)) as source,
        psycopg.connect(cluster.address("owner", twin)) as target,
    ):
        target.execute("SET statement_timeout = 0")
        for table in TABLES:
            spent += _copied(source, target, f"registry_{table}")
        begun = time.perf_counter()
        target.commit()
        spent += time.perf_counter() - begun
    return {"seconds": round(spent, 1), "per_s": round(rows / spent)}


def _copied(source: psycopg.Connection[Any], target: psycopg.Connection[Any], table: str) -> float:
    name = sql.Identifier(table)
    out = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(name)
    into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(name)
    spent = 0.0
    with source.cursor().copy(out) as reading, target.cursor().copy(into) as writing:
        for block in _blocks(reading):
            begun = time.perf_counter()
            writing.write(block)
            spent += time.perf_counter() - begun
        begun = time.perf_counter()
    return spent + time.perf_counter() - begun


def _blocks(reading: Any) -> Iterator[bytes]:
    waiting, size = [], 0
    for piece in reading:
        waiting.append(bytes(piece))
        size += len(piece)
        if size > 2**20:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _eighteen(number: str | None) -> str | None:
    """A number as it is kept, whatever way the file spells it."""
    try:
        return idnumber.parse(number or "", date.today()).number
    except idnumber.IdNumberError:
        return None


def _linking(rows: pl.DataFrame) -> dict[str, Any]:
    """Of the rows without a number: how many surely met the right person (the truth is known)."""
    main = rows.filter((pl.col("kind") != "copy") & (pl.col("expect") != "refused"))
    odd = pl.col("dirt").is_in(["fifteen", "wide"])
    spelled = [_eighteen(number) for number in main.filter(odd)[NUMBER]]
    usual = pl.concat(
        [main.filter(~odd), main.filter(odd).with_columns(pl.Series(NUMBER, spelled))]
    )
    marks = index_many(ring(), "id_number", usual[NUMBER].to_list())
    with under(system_act()):
        known = {
            bytes(index): pk
            for index, pk in Person.objects.filter(document_index__isnull=False)
            .values_list("document_index", "pk")
            .iterator(chunk_size=20_000)
        }
        batch = Batch.objects.order_by("id").first()
        linked = dict(
            BatchRow.objects.filter(batch=batch, state="linked").values_list("line", "candidate")
        )
    who = {
        person: known.get(bytes(mark or b""))
        for person, mark in zip(usual["person"].to_list(), marks, strict=True)
    }
    copies = rows.filter((pl.col("kind") == "copy") & pl.col("person").is_in(list(who)))
    pairs = list(zip(copies["line"].to_list(), copies["person"].to_list(), strict=True))
    met = [(linked[line], who[person]) for line, person in pairs if line in linked]
    right = sum(one == other for one, other in met)
    strangers = len(linked) - len(met)  # linked although their own person was refused
    apart = usual.filter(pl.col("kind") != "")
    return {
        "copies": len(pairs),
        "linked": len(linked),
        "precision": round(right / max(1, len(linked)), 5),
        "recall": round(right / max(1, len(pairs)), 5),
        "to_strangers": strangers,
        "twins_and_namesakes": apart.height,
        "kept_apart": len({who[person] for person in apart["person"]}) == apart.height,
    }


def _searches(truth: pl.DataFrame, file: Path) -> dict[str, Any]:
    """Milliseconds of the one box for the whole city and for one community, under row-level security."""
    rows = pl.read_csv(file, infer_schema=False, columns=[NUMBER, *ASKING], n_rows=40_000)
    part = rows.filter(truth["dirt"].head(len(rows)) == "").sample(ASKED, seed=1)
    address = part["小区名称"] + part["楼幢"] + part["单元"] + part["室号"]
    asked = {
        "name": part["姓名"],
        "number": part[NUMBER],
        "phone": part["联系电话"],
        "address": address,
    }
    community = places.at_level(Level.COMMUNITY)[0]
    acts = {"city": system_act(), "community": system_act().on(spans=(places.span(community),))}
    return {
        scope: {name: _timed(act, texts.drop_nulls().to_list()) for name, texts in asked.items()}
        for scope, act in acts.items()
    }


def _timed(act: Act, texts: list[str]) -> dict[str, float]:
    took = []
    for text in texts:
        with under(act):
            begun = time.perf_counter()
            search.search(act, text)
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 2),
        "p95_ms": round(took[len(took) * 95 // 100], 2),
    }


@contextmanager
def _memory() -> Iterator[Callable[[], float]]:
    """The most memory that this process and its children held together, in MiB, looked at five times a second."""
    most = [0.0]
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.2):
            most[0] = max(most[0], _resident(os.getpid()))

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield lambda: most[0]
    finally:
        stop.set()
        watch.join()


def _resident(process: int) -> float:
    """Resident memory of a process and all below it, in MiB."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (OSError, IndexError):
        return 0.0
    own = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return own + sum(_resident(int(child)) for child in below)
