"""`linli bench registry`: a city's people imported, linked, imported again, searched; against a bare COPY."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
from django.db import connections
from psycopg import sql

from linli.capabilities.registry.models import Batch, BatchRow, Person, Residence
from linli.capabilities.registry.selectors import dossier, roll, search
from linli.capabilities.registry.services import imports
from linli.kernel import policy
from linli.kernel.acts import Act, system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.vault import idnumber
from linli.kernel.vault.bulk import index_many
from linli.kernel.vault.ring import ring
from linli.site import cluster
from linli.site.bench.stage import settle
from linli.site.demo.divisions import load_wuxi
from linli.site.replay.throwaway import PREFIX, claim, throwaway

SOURCE, SEED = "police", 11
TABLES = ("estate", "building", "home", "person", "household", "residence")
ASKED = 200
NUMBER = "公民身份号码"
ASKING = ("姓名", "联系电话", "小区名称", "楼幢", "单元", "室号")
Log = Callable[[str], None]


def bench(people: int, log: Log, suffix: str = ".csv") -> dict[str, Any]:
    """Every figure of one size; nothing is left behind."""
    with throwaway() as name, tempfile.TemporaryDirectory() as folder:
        settle(name)
        file, told = _stage(name, people, Path(folder), suffix)
        log(f"file written; load {os.getloadavg()[0]:.1f}")
        with _twin(name) as twin:
            first = _import(name, file)
            log(f"import: {first}")
            again = _import(name, file)
            log(f"again: {again}")
            bare = _bare(name, twin, first["rows"])
            log(f"bare copy: {bare}")
        truth, rows = _truth(file, told)
        return {
            "people": people,
            "import": first,
            "again": again,
            "bare": bare,
            "ratio": round(first["numbered_per_s"] / bare["per_s"], 3),
            "linking": _linking(truth),
            "search": _searches(truth, rows),
            "pages": _pages(),
            "load": os.getloadavg()[0],
        }


def peopled(name: str, people: int, folder: Path) -> dict[str, Any]:
    """A city with so many people, imported; what the import told."""
    file, _told = _stage(name, people, folder, ".csv")
    return _import(name, file)


def _stage(name: str, people: int, folder: Path, suffix: str) -> tuple[Path, Path]:
    """The city, its people in a file, and the truth about them. A child writes, so that only the import is in this
    process's memory."""
    policy.apply("wuxi", None)
    load_wuxi(system_act())
    places.forget()
    file, truth = folder / f"people{suffix}", folder / "truth.csv"
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
    return file, truth


def _truth(file: Path, told: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who each line is, with its number; and the columns that are asked for."""
    columns = [NUMBER, *ASKING]
    if file.suffix == ".csv":
        rows = pl.read_csv(file, infer_schema=False, columns=columns)
    else:
        rows = pl.read_excel(file, infer_schema_length=0, columns=columns)
    truth = pl.read_csv(told).with_columns(pl.col("kind", "dirt").fill_null(""))
    return truth.with_columns(rows[NUMBER]), rows


@contextmanager
def _twin(name: str) -> Iterator[str]:
    """An empty copy of the database, for the bare COPY: the same tables, indexes and keys."""
    connections["default"].close()
    twin = f"{PREFIX}twin_{name[-12:]}"
    with psycopg.connect(cluster.address("owner"), autocommit=True) as link:
        claim(link, twin)  # or whoever sweeps up meanwhile takes it for left behind
        link.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(twin), sql.Identifier(name)
            )
        )
        try:
            yield twin
        finally:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(twin)))


def _import(name: str, file: Path) -> dict[str, Any]:
    act = system_act()
    with under(act):
        source = imports.source_of(SOURCE)
        plan = imports.propose(source, file)
    city = places.at_level(Level.CITY)[0].id
    batch = imports.begin(act, source=source, file=file, plan=plan, area=city)
    begun, before = time.perf_counter(), os.times()
    with _memory(name) as memory:
        imports.run(act, batch, file)
    seconds, after = time.perf_counter() - begun, os.times()
    counts, took = batch.counts["total"], batch.counts["seconds"]
    numbered = counts["rows"] - took["later_rows"]
    return {
        "rows": counts["rows"],
        "seconds": round(seconds, 1),
        "per_s": round(counts["rows"] / seconds),
        "numbered_per_s": round(numbered / took["numbered"]),
        "later_s": round(took["later"], 1),
        **memory,
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


def _searches(truth: pl.DataFrame, rows: pl.DataFrame) -> dict[str, Any]:
    """Milliseconds of the one box for the whole city and for one community, under row-level security."""
    part = rows.filter(truth["dirt"] == "").sample(ASKED, seed=1)
    address = part["小区名称"] + part["楼幢"] + part["单元"] + part["室号"]
    asked = {
        "name": part["姓名"],
        "number": part[NUMBER],
        "phone": part["联系电话"],
        "address": address,
    }
    return {
        scope: {
            name: _timed(act, search.search, texts.drop_nulls().to_list())
            for name, texts in asked.items()
        }
        for scope, act in _scopes().items()
    }


def _scopes() -> dict[str, Act]:
    """Somebody of the whole city and somebody of one community."""
    community = places.at_level(Level.COMMUNITY)[0]
    return {"city": system_act(), "community": system_act().on(spans=(places.span(community),))}


def _pages() -> dict[str, Any]:
    """Milliseconds of what a person's page shows first, and of the first fifty of the roll."""
    found = {}
    for scope, act in _scopes().items():
        with under(act):
            stays = Residence.objects.filter(
                area__gte=act.spans[0].lo, area__lt=act.spans[0].hi
            ).order_by("area", "person")
            people = list(stays.values_list("person", flat=True)[: 20 * ASKED : 20])
        found[scope] = {
            "person": _timed(act, dossier.opened, people),
            "roll": _timed(act, roll.listed, [roll.Filters()] * 20),
        }
    return found


def _timed(act: Act, ask: Callable[[Act, Any], object], asked: Sequence[Any]) -> dict[str, float]:
    took = []
    for each in asked:
        with under(act):
            begun = time.perf_counter()
            ask(act, each)
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 2),
        "p95_ms": round(took[len(took) * 95 // 100], 2),
    }


@contextmanager
def _memory(name: str) -> Iterator[dict[str, int]]:
    """The most memory of an import in MiB, looked at twice a second: this process and all below it, what the
    database's servers of this database hold for themselves, and both at the same moment. The buffers that all servers
    share are the database's own and are not counted."""
    most = {"memory_mib": 0, "python_mib": 0, "servers_mib": 0}
    stop = threading.Event()

    def look() -> None:
        with psycopg.connect(cluster.address("app", name), autocommit=True) as link:
            while not stop.wait(0.5):
                servers = link.execute(_SERVERS, [name]).fetchall()
                held = sum(_held(pid, "RssAnon") for (pid,) in servers)
                own = _resident(os.getpid())
                for what, now in zip(most, (own + held, own, held), strict=True):
                    most[what] = max(most[what], round(now))

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield most
    finally:
        stop.set()
        watch.join()


_SERVERS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


def _held(process: int, what: str) -> float:
    """One line of a process's status, in MiB."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(what)), 0.0)


def _resident(process: int) -> float:
    """Resident memory of a process and all below it, in MiB."""
    try:
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    return _held(process, "VmRSS") + sum(_resident(int(child)) for child in below)
