"""Databases for tests: one template with the tables, the pack and the town; every run clones it (0.1 s)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from linli.site import cluster
from linli.site.replay.throwaway import drop as drop  # a test drops its databases by this
from tests import town

ROOT = Path(__file__).resolve().parents[1]


def _fingerprint() -> str:
    files = sorted(ROOT.glob("src/linli/**/migrations/*.py"))
    files += sorted(ROOT.glob("policies/**/*.yaml")) + sorted(ROOT.glob("src/linli/**/policy.py"))
    files += [ROOT / "tests/town.py", ROOT / "requirements.lock", Path(__file__)]
    files += sorted(ROOT.glob("src/linli/kernel/policy/*.py"))
    files += sorted(ROOT.glob("src/linli/kernel/acts/*.py"))
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return whole.hexdigest()[:12]


def _owner() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(cluster.address("owner"), autocommit=True)


def _exists(link: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    row = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def run(command: list[str], database: str, **extra: str) -> str:
    """Run a `linli` command against a database; returns what it printed."""
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "LINLI_OWNER_URL": cluster.address("owner", database),
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-m", "linli.site.cli", *command],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"linli {' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def use(name: str) -> None:
    """Point Django at a database."""
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def create(name: str, template: str | None = None) -> None:
    """Make a database, empty or as a clone."""
    with _owner() as link:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        link.execute(statement)


def fresh_name(kind: str) -> str:
    """A name nobody has: `r` a run, `o` a test's own, `s` the story, `b` a browser's server."""
    return f"linli_{kind}_{os.getpid()}_{uuid.uuid4().hex[:10]}"


def _tidy(link: psycopg.Connection[tuple[object, ...]], kept: str) -> None:
    """Remove older templates, and what runs that have ended left behind."""
    rows = link.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^linli_[tbors]_' AND datname <> %s"
        " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = pg_database.datname)",
        [kept],
    ).fetchall()
    for (name,) in rows:
        if not _in_hand(str(name)):
            # Who enters in between keeps it.
            with suppress(psycopg.errors.ObjectInUse):
                link.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(str(name)))
                )


def _in_hand(name: str) -> bool:
    """Whether the process that made a database still lives; it may be in none of its databases just now."""
    number = name.split("_")[2]
    return name.count("_") == 3 and number.isdigit() and Path(f"/proc/{number}").exists()


@contextmanager
def _in(name: str) -> Iterator[None]:
    before = settings.DATABASES["default"]["NAME"]
    use(name)
    try:
        yield
    finally:
        use(before)


def _build(name: str) -> None:
    """Write the town, on a thread of its own: a browser that is open in this one leaves a loop in which Django refuses."""
    with _in(name):
        town.build()


@contextmanager
def _locked() -> Iterator[None]:
    folder = Path(settings.STATE)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


def template() -> str:
    """The template's name; made when the tables, the pack or the town have changed."""
    cluster.ensure()
    name = f"linli_t_{_fingerprint()}"
    with _locked():
        with _owner() as link:
            if _exists(link, name):
                return name
        making = f"{name}_making"
        drop(making)
        create(making)
        run(["migrate"], making)
        run(["policy", "apply", "wuxi"], making)
        with ThreadPoolExecutor(1) as aside:
            aside.submit(_build, making).result()
        with _owner() as link:
            link.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(making), sql.Identifier(name)
                )
            )
            _tidy(link, name)
    return name
