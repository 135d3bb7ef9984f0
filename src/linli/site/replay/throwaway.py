"""A database for one run: made by the owner, used by the application, dropped at the end."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from zlib import crc32

import psycopg
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from linli.kernel import policy
from linli.kernel.access import offices
from linli.kernel.calendar import selectors as calendar
from linli.kernel.places import selectors as places
from linli.site import cluster
from linli.site.settings import database as parts

PREFIX = "linli_throw_"
_LOCKS = 7_116_002


def _owner() -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(cluster.address("owner"), autocommit=True)


def claim(link: psycopg.Connection[tuple[Any, ...]], name: str) -> bool:
    """Hold a name as long as this connection lives: whoever dies lets go of it."""
    row = link.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, _number(name)]).fetchone()
    return bool(row and row[0])


def _number(name: str) -> int:
    return crc32(name.encode()) - 2**31


def _drop(link: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    """Drop a database; who is still in it is sent out first, each role its own people.

    Without FORCE: that one asks to be allowed to send out the server's own housekeeping, a plain drop just does.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for tries_left in range(5, -1, -1):
        _send_out(name)
        try:
            link.execute(statement)
            return
        except psycopg.errors.ObjectInUse:
            if not tries_left:
                raise


def _send_out(name: str) -> None:
    for role in ("app", "owner"):
        with psycopg.connect(cluster.address(role), autocommit=True) as link:
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                [name],
            )


def sweep() -> list[str]:
    """Drop what earlier runs left behind when they were killed; returns the names."""
    gone = []
    with _owner() as link:
        rows = link.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
        ).fetchall()
        for (name,) in rows:
            if claim(link, name):
                _drop(link, name)
                gone.append(name)
    return gone


def forget() -> None:
    """Drop what this process remembers of the database it used before."""
    policy.forget()
    places.forget()
    offices.forget()
    calendar.forget()
    cache.clear()


def _use(url: str) -> dict[str, Any]:
    """Point Django at an address; returns what it pointed at before."""
    link = connections["default"]
    link.close()
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    before = {key: link.settings_dict[key] for key in keys}
    link.settings_dict.update({key: parts(url)[key] for key in keys})
    forget()
    return before


@contextmanager
def throwaway() -> Iterator[str]:
    """An empty database with all tables, in force for Django inside; dropped even when interrupted."""
    sweep()
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    with _stopping(), _owner() as keeper:
        claim(keeper, name)
        before = None
        try:
            keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            # Nothing here outlives the run, so no commit waits for the disk.
            keeper.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(
                    sql.Identifier(name)
                )
            )
            # On a server of somebody else's, a new database lets nobody in but its owner.
            cluster.prepare(cluster.address("owner", name), cluster.address("app", name))
            before = _use(cluster.address("owner", name))
            call_command("migrate", interactive=False, verbosity=0)
            _use(cluster.address("app", name))
            yield name
        finally:
            if before is not None:
                connections["default"].close()
                connections["default"].settings_dict.update(before)
                forget()
            _drop(keeper, name)


@contextmanager
def standing(name: str) -> Iterator[bool]:
    """A database that `keep` left standing, in force for Django inside; gives whether there is one."""
    with _owner() as link:
        found = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    before = _use(cluster.address("app", name)) if found else {}
    try:
        yield bool(found)
    finally:
        if found:
            connections["default"].close()
            connections["default"].settings_dict.update(before)
            forget()


def keep(name: str, kept: str) -> None:
    """Let a throw-away database outlive its run, under another name; nobody is connected to it afterwards."""
    connections["default"].close()
    _send_out(name)
    with _owner() as link:
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        link.execute(statement.format(sql.Identifier(name), sql.Identifier(kept)))


def drop(kept: str) -> None:
    """Take away a database, whoever is in it."""
    with _owner() as link:
        _drop(link, kept)


@contextmanager
def _stopping() -> Iterator[None]:
    """Let a polite stop unwind like Ctrl-C."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        known = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread: nobody sends us signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, known)
