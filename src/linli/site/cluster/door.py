"""What the rest of Linli asks of the database server."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from linli.site.cluster import den as dens
from linli.site.cluster import server
from linli.site.cluster.binaries import chosen, reachable
from linli.site.cluster.den import PORT, Card, ClusterError, Den
from linli.site.cluster.roles import APP, DATABASE, OWNER, admit, found, prepare

Role = Literal["app", "owner", "root"]
USERS: dict[Role, str] = {"app": APP, "owner": OWNER, "root": server.ROOT}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that answers; `pid` is 0 for a server that is not ours."""

    pid: int
    data: Path | None
    socket: Path | None

    @property
    def embedded(self) -> bool:
        return self.data is not None


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of the checkout's server without touching it."""

    running: bool
    pid: int
    data: Path | None
    socket: Path | None
    bin: str
    foreign: bool


def ensure() -> Cluster:
    """Bring the checkout's server up, or adopt the living one; 1 ms when it lives.

    With `DATABASE_URL` the server is somebody else's and nothing is started.
    Raises ClusterError with the way to mend it.
    """
    if _foreign("app"):
        return Cluster(0, None, None)
    place = dens.den()
    card = dens.read_card(place)
    if card and card.data and card.bin == str(chosen()):
        data = place.home / card.data
        pid = server.answering(place, data)
        if pid:
            return Cluster(pid, data, place.socket)
    with dens.locked(place):
        return _bring_up(place)


def address(role: Role = "app", database: str | None = None) -> str:
    """The URL for a role, from `DATABASE_URL`/`LINLI_OWNER_URL` or the card; starts nothing."""
    foreign = _foreign(role)
    if foreign:
        return _renamed(foreign, database) if database else foreign
    place = dens.den()
    card = dens.read_card(place) or _settled(place)
    password = getattr(card, role)
    query = urlencode({"host": str(place.socket), "port": PORT}, safe="/")
    return f"postgresql://{USERS[role]}:{password}@/{quote(database or DATABASE)}?{query}"


def parts(url: str) -> dict[str, Any]:
    """A URL as Django's settings: NAME, USER, PASSWORD, HOST, PORT and OPTIONS (the rest)."""
    fields: dict[str, Any] = dict(conninfo_to_dict(url))
    known = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    named = {key: str(fields.pop(field, "") or "") for key, field in known.items()}
    return {**named, "OPTIONS": fields}


def stop() -> bool:
    """End the checkout's server; False when none was running."""
    place = dens.den()
    if not place.home.exists():
        return False
    with dens.locked(place):
        return _stop_all(place)


def status() -> Status:
    """What is known of the server; starts and changes nothing."""
    if _foreign("app"):
        return Status(False, 0, None, None, "", True)
    place = dens.den()
    card = dens.read_card(place)
    if not card or not card.data:
        return Status(False, 0, None, place.socket, "", False)
    data = place.home / card.data
    pid = server.answering(place, data)
    return Status(pid is not None, pid or 0, data, place.socket, card.bin, False)


def revive() -> bool:
    """Start the checkout's server again if it was killed; one that was stopped stays down."""
    place = dens.den()
    card = None if _foreign("app") else dens.read_card(place)
    if not card or not card.data or not server.killed(place.home / card.data):
        return False
    ensure()
    return True


def remove() -> None:
    """End the server and delete its data, for `make clean`."""
    stop()
    place = dens.den()
    dens.abandon(place)


def _bring_up(place: Den) -> Cluster:
    card = _settled_under_lock(place)
    folder = chosen()
    known = place.home / card.data if card.data and card.bin == str(folder) else None
    pid = server.answering(place, known) if known else None
    if known and pid:
        return Cluster(pid, known, place.socket)
    _stop_all(place, but=known)
    programs = reachable(place, folder)
    data = server.make(place, programs, card.root)
    pid = server.start(place, programs, data)
    if (card.data, card.bin) != (data.name, str(folder)):
        _found(card)
        dens.write_card(place, replace(card, data=data.name, bin=str(folder)))
    return Cluster(pid, data, place.socket)


def _found(card: Card) -> None:
    with psycopg.connect(address("root", "postgres"), autocommit=True) as link:
        found(link, card.owner, card.app)
    # Every database made later, a test's above all, is born with the application's privileges.
    for database in ("template1", DATABASE):
        with psycopg.connect(address("root", database), autocommit=True) as link:
            admit(link, OWNER, APP)
    with psycopg.connect(address("root", DATABASE), autocommit=True) as link:
        if link.execute("SHOW shared_preload_libraries").fetchone() == ("pg_stat_statements",):
            link.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    prepare(address("owner"), address("app"))


def _settled(place: Den) -> Card:
    with dens.locked(place):
        return _settled_under_lock(place)


def _settled_under_lock(place: Den) -> Card:
    if not dens.read_card(place) and place.dropped and place.home.exists():
        _stop_all(place)
        dens.abandon(place)
    return dens.settle(place)


def _stop_all(place: Den, but: Path | None = None) -> bool:
    stopped = False
    for data in dens.data_folders(place):
        if data != but and server.alive(data):
            stopped |= server.stop(place, data)
    return stopped


def _foreign(role: Role) -> str:
    app = os.environ.get("DATABASE_URL", "")
    if not app or role == "app":
        return app
    owner = os.environ.get("LINLI_OWNER_URL", "")
    if not owner or role == "root":
        raise ClusterError("With DATABASE_URL, give the owner's address as LINLI_OWNER_URL")
    return owner


def _renamed(url: str, database: str) -> str:
    if "://" not in url:
        return make_conninfo(url, dbname=database)
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))
