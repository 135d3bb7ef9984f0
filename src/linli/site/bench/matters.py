"""`linli bench matters`: create, list, deepest page and detail over HTTP as scoped users."""

from __future__ import annotations

import itertools
import os
import random
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from linli.capabilities.matters.rules import number_of
from linli.kernel.acts.verbs import listeners
from linli.site import cluster
from linli.site.bench import stage as stages
from linli.site.bench.load import Outcome, Request, once, run
from linli.site.bench.stage import Stage
from linli.site.replay.throwaway import throwaway
from linli.site.serving import THREADS

WORKERS, CONNECTIONS = 2, 16
AT_REST = 0.15  # seconds of processor time in a second: a worker that has nothing to do
TURN = 0.5  # seconds of one load before the next has its turn
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
Log = Callable[[str], None]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(database: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "LINLI_BARE_URL": cluster.address("owner", database),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
    }


@contextmanager
def server(database: str) -> Iterator[int]:
    """The house and the bare views on one port, by the server that production uses."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        str(THREADS),
        "--no-ws",
        "--log-level",
        "warning",
        "linli.site.bench.bare:application",
    ]
    process = subprocess.Popen(command, env=_environment(database))
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(port: int) -> None:
    for _try in range(300):
        try:
            if once(port, Request("GET", "/health/"))[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


@contextmanager
def belt(database: str) -> Iterator[None]:
    """The worker that seals and delivers, as in production: its start is over."""
    command = [sys.executable, "-m", "linli.site.cli", "worker"]
    process = subprocess.Popen(command, env=_environment(database))
    try:
        _settled(process.pid)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _settled(process: int) -> None:
    """Wait until a process that is starting has little to do for two seconds: loading alone takes it several."""
    quiet = 0
    for _second in range(120):
        before = _spent(process)
        time.sleep(1)
        quiet = quiet + 1 if _spent(process) - before < AT_REST else 0
        if quiet == 2:
            return
    raise RuntimeError("the worker does not come to rest")


def _spent(process: int) -> float:
    """Seconds of processor time a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _cookies(stage: Stage, session: str) -> tuple[tuple[str, str], ...]:
    return (("Cookie", f"linli={session}; csrftoken={stage.csrf}"), ("X-CSRFToken", stage.csrf))


def _root(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.address("root", database), autocommit=True)


def statements(stage: Stage, port: int, request: Request) -> int:
    """Statements PostgreSQL saw for one request: session, scope, BEGIN and COMMIT included.

    The smallest of twelve, because each connection plans, and each process now and then looks whether its memory is true.
    """
    seen = []
    with _root(stage.database) as link:
        link.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        for _try in range(12):
            link.execute("SELECT pg_stat_statements_reset()")
            status, body = once(port, request)
            if status >= 400:
                raise RuntimeError(f"{request.path}: {status} {body[:300]!r}")
            row = link.execute(
                "SELECT sum(s.calls) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid "
                "WHERE r.rolname = 'linli_app' AND s.toplevel "
                "AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ).fetchone()
            seen.append(int(row[0] or 0) if row else 0)
    return min(seen)


def creation(stage: Stage, session: str) -> Request:
    """A resident's report, as the page sends it."""
    body = {
        "code": "0901",
        "title": "3号楼楼道灯坏了",
        "body": "二单元三楼的灯一周不亮，晚上老人上下楼看不见",
        "community": stage.code,
        "address": "3号楼2单元",
        "token": str(uuid.uuid4()),
        "seen": "1",
    }
    headers = _cookies(stage, session) + FORM
    return Request("POST", "/report/", headers, urlencode(body).encode())


def _same(request: Request) -> Callable[[int], Iterator[Request]]:
    return lambda _i: itertools.repeat(request)


def _keys(stage: Stage, where: str) -> list[tuple[int, Any]]:
    with psycopg.connect(cluster.address("owner", stage.database)) as link:
        return link.execute(
            f"SELECT id, opened FROM matters_matter WHERE {where} ORDER BY id LIMIT 5000"
        ).fetchall()


def _page(outcome: Outcome) -> dict[str, Any]:
    if outcome.failed:
        raise RuntimeError(f"answers failed: {outcome.statuses}")
    return {"p50_ms": outcome.share(50), "p95_ms": outcome.share(95), "per_s": outcome.per_s}


@dataclass(frozen=True, slots=True)
class Scope:
    """Somebody whose pages are measured: where they list and open, and which rows are theirs."""

    name: str
    path: str
    session: str
    where: str

    @property
    def listing(self) -> str:
        """The first page of everything in sight."""
        return f"{self.path}?show=all"


def scopes(stage: Stage) -> tuple[Scope, ...]:
    """A community's clerk, a department's worker, a resident."""
    unit = "unit_id = (SELECT id FROM access_unit WHERE code = 'municipal')"
    return (
        Scope("community", "/desk/matters/", stage.clerk, f"community = {stage.largest}"),
        Scope("unit", "/desk/matters/", stage.department, unit),
        Scope("resident", "/matters/", stage.resident, "reporter_id IS NOT NULL"),
    )


def _read(stage: Stage, port: int, scope: Scope, seconds: float) -> dict[str, dict[str, Any]]:
    """First page, deepest page and detail for one scope."""
    cookies = _cookies(stage, scope.session)
    keys = _keys(stage, scope.where)
    deepest = keys[min(60, len(keys) - 1)][0]
    first = Request("GET", scope.listing, cookies)
    deep = Request("GET", f"{scope.listing}&after={deepest}", cookies)
    opened = [Request("GET", f"{scope.path}{number_of(k, at)}/", cookies) for k, at in keys]
    # A second of each beforehand: a connection plans what it is asked for the first times only.
    run(port, _same(first), seconds=1, connections=CONNECTIONS)
    run(port, _shuffled(opened), seconds=1, connections=CONNECTIONS)
    loads = {"list50": _same(first), "deep": _same(deep), "detail": _shuffled(opened)}
    found = {name: _page(outcome) for name, outcome in _in_turn(port, loads, seconds).items()}
    found["list50"]["sql"] = statements(stage, port, first)
    found["detail"]["sql"] = statements(stage, port, opened[len(opened) // 2])
    return found


def measure(stage: Stage, seconds: float, log: Log) -> dict[str, Any]:
    """All figures of one size."""
    with server(stage.database) as port:
        bare = _bare(port, seconds, log)
        reads = {}
        for scope in scopes(stage):
            reads[scope.name] = _read(stage, port, scope, seconds)
            log(f"{scope.name}: {reads[scope.name]}")
        create = _create(stage, port, seconds, log)
    pages = {
        part: {name: found[part] for name, found in reads.items()}
        for part in ("list50", "deep", "detail")
    }
    slowest = min(found["per_s"] for found in pages["list50"].values())
    return {
        "rows": stage.rows,
        "create": create,
        **{part: {**_worst(found), "scopes": found} for part, found in pages.items()},
        "bare": bare,
        "ratio": {
            "create": round(create["per_s"] / bare["insert_per_s"], 3),
            "list": round(slowest / bare["list_per_s"], 3),
        },
    }


def _in_turn(
    port: int, loads: dict[str, Callable[[int], Iterator[Request]]], seconds: float
) -> dict[str, Outcome]:
    """Each load half a second at a time, in rotation: a machine that slows down slows them all alike.

    Each time on new connections: how they fall to the server's processes is luck, so there are many draws.
    """
    seen = {name: Outcome() for name in loads}
    for _round in range(max(1, round(seconds / TURN))):
        for name, source in loads.items():
            seen[name].add(run(port, source, seconds=TURN, connections=CONNECTIONS))
    return seen


def _shuffled(requests: list[Request]) -> Callable[[int], Iterator[Request]]:
    def source(number: int) -> Iterator[Request]:
        order = random.Random(number).sample(requests, len(requests))
        return itertools.cycle(order)

    return source


def _worst(scopes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    names = ("p95_ms", "sql")
    return {
        n: max(s[n] for s in scopes.values()) for n in names if all(n in s for s in scopes.values())
    }


def _bare(port: int, seconds: float, log: Log) -> dict[str, Any]:
    insert = run(port, _same(Request("POST", "/bare/insert")), seconds=seconds)
    listing = run(port, _same(Request("GET", "/bare/list")), seconds=seconds)
    found = {"insert_per_s": insert.per_s, "list_per_s": listing.per_s}
    log(f"bare: {found}")
    return found


def _create(stage: Stage, port: int, seconds: float, log: Log) -> dict[str, Any]:
    sql = statements(stage, port, creation(stage, stage.resident))

    def source(_number: int) -> Iterator[Request]:
        while True:
            yield creation(stage, stage.resident)

    run(port, source, seconds=1)
    with belt(stage.database):
        _drained(stage)
        before = _count(stage)
        begun = time.perf_counter()
        outcome = run(port, source, seconds=max(seconds, 5))
        sent = time.perf_counter() - begun
        _drained(stage)
        took = time.perf_counter() - begun
    made = _count(stage) - before
    if outcome.failed or made != len(outcome.took):
        raise RuntimeError(f"{made} matters of {len(outcome.took)} requests: {outcome.statuses}")
    found = {
        "per_s": round(made / took, 1),
        "sql": sql,
        "p50_ms": outcome.share(50),
        "p95_ms": outcome.share(95),
        "answered_per_s": round(made / sent, 1),
        "drained_s": round(took, 2),
    }
    log(f"create: {found}")
    return found


def _count(stage: Stage) -> int:
    with psycopg.connect(cluster.address("owner", stage.database)) as link:
        row = link.execute("SELECT last_value FROM matters_matter_id_seq").fetchone()
        return int(row[0]) if row else 0


def _drained(stage: Stage) -> None:
    """Wait until every fact is sealed and every listener has heard it."""
    names = len(listeners())
    with psycopg.connect(cluster.address("owner", stage.database), autocommit=True) as link:
        for _try in range(1200):
            row = link.execute(
                "SELECT (SELECT max(id) FROM acts_fact) = (SELECT max(fact_id) FROM acts_seal) AND "
                "(SELECT count(*) FROM acts_cursor WHERE seq = (SELECT max(seq) FROM acts_seal)) >= %s",
                [names],
            ).fetchone()
            if row and row[0]:
                return
            time.sleep(0.05)
    raise RuntimeError("the belt did not catch up within a minute")


def bench(rows: int, seconds: float, log: Log) -> dict[str, Any]:
    """Build the stage, measure, drop it."""
    with throwaway() as name:
        begun = time.perf_counter()
        stage = stages.build(name, rows)
        stages.seal_all(name)
        stages.set_cursors(name, sorted(listeners()))
        stages.settle(name)
        log(f"stage of {rows} matters in {time.perf_counter() - begun:.0f} s")
        return measure(stage, seconds, log)
