"""Making, starting and ending one PostgreSQL server in a den."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from linli.site.cluster.binaries import Binaries
from linli.site.cluster.den import SOCKET_NAME, ClusterError, Den, private
from linli.site.cluster.options import configuration

ROOT = "linli_root"
PATIENCE = 120.0
HBA = "local all all scram-sha-256\n"


def make(place: Den, programs: Binaries, password: str) -> Path:
    """Create the data folder for this major version unless it is there; returns its path."""
    data = place.home / f"data-{programs.major}"
    if (data / "PG_VERSION").exists():
        return data
    fresh = data.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    private(fresh, 0o700, place.uid, place.gid)
    secret = place.socket / f"initial-{secrets.token_hex(8)}"
    secret.touch(mode=0o600)
    os.chown(secret, place.uid, place.gid)
    secret.write_text(password)
    locale = ["--locale=C.UTF-8"]
    if programs.builtin_locale:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        _run(
            place,
            [programs.bin / "initdb", "-D", fresh, "-U", ROOT, "--encoding=UTF8", *locale]
            + ["--auth=scram-sha-256", f"--pwfile={secret}", "--data-checksums"],
        )
    finally:
        secret.unlink()
    fresh.rename(data)
    return data


def start(place: Den, programs: Binaries, data: Path) -> int:
    """Start the server, or wait for one that is just starting; returns its process id."""
    clear_stale(place, data)
    if not alive(data):
        _configure(place, programs, data)
        log = data / "start.log"
        command = [
            programs.bin / "pg_ctl",
            "start",
            "-w",
            "-t",
            int(PATIENCE),
            "-D",
            data,
            "-l",
            log,
        ]
        _run(place, command, log)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pid = answering(place, data)
        if pid:
            return pid
        time.sleep(0.02)
    raise ClusterError(f"PostgreSQL started but does not answer; see {data / 'log'}")


def stop(place: Den, data: Path) -> bool:
    """End the server after its open statements are rolled back; False when none was running."""
    # Fast shutdown first; one that does not end is made to stop at once and recovers at its start.
    for how, wait in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)):
        pid = alive(data)
        if not pid:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + wait
        while alive(data) and time.monotonic() < deadline:
            time.sleep(0.02)
    else:
        pid = alive(data)
        if pid:
            raise ClusterError(f"PostgreSQL (process {pid}) does not end")
    clear_stale(place, data)
    return True


def answering(place: Den, data: Path) -> int | None:
    """The process id of a server that is up and answers on its socket, else None."""
    lines = _pid_lines(data)
    if len(lines) < 8 or lines[7].strip() != "ready" or not alive(data):
        return None
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(2)
        try:
            wire.connect(str(place.socket / SOCKET_NAME))
            # The protocol's question whether encryption is offered: any server answers one byte.
            wire.sendall(struct.pack("!ii", 8, 80877103))
            return int(lines[0]) if wire.recv(1) in (b"N", b"S") else None
        except OSError:
            return None


def alive(data: Path) -> int | None:
    """The process id of the living server on this data folder; a zombie is not alive."""
    lines = _pid_lines(data)
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    return pid if pid and pid in set(_processes(data, pid)) else None


def killed(data: Path) -> bool:
    """Whether a server left its mark on the data but lives no more."""
    return bool(_pid_lines(data)) and not alive(data)


def clear_stale(place: Den, data: Path) -> None:
    """Remove what a killed server left, once no process of it touches the data any more.

    PostgreSQL itself takes a zombie, or a stranger that got the same number, for a living server.
    """
    if alive(data):
        return
    _end_orphans(data)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.socket / left).unlink(missing_ok=True)


def _end_orphans(data: Path) -> None:
    for wait, final in ((3.0, signal.SIGQUIT), (2.0, signal.SIGKILL), (2.0, None)):
        deadline = time.monotonic() + wait
        while orphans := list(_processes(data)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
        for pid in orphans if final else ():
            with suppress(ProcessLookupError):
                os.kill(pid, final or 0)
    raise ClusterError(f"Processes {orphans} still use {data}; end them, then try again")


def _processes(data: Path, only: int | None = None) -> Iterator[int]:
    """Living PostgreSQL processes working in this data folder."""
    proc = Path("/proc")
    if not (proc / "self").exists():
        return
    names = [str(only)] if only else [n for n in os.listdir(proc) if n.isdigit()]
    where = str(data.resolve())
    for name in names:
        try:
            described = (proc / name / "stat").read_text()
            comm, rest = described.split("(", 1)[1].rsplit(")", 1)
            living = comm == "postgres" and rest.split()[0] not in "ZX"
            if living and os.readlink(proc / name / "cwd") == where:
                yield int(name)
        except OSError:
            continue


def _pid_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _configure(place: Den, programs: Binaries, data: Path) -> None:
    texts = {"postgresql.conf": configuration(place.socket, programs), "pg_hba.conf": HBA}
    for name, text in texts.items():
        file = data / name
        file.write_text(text)
        os.chown(file, place.uid, place.gid)


def _run(place: Den, command: list[object], log: Path | None = None) -> None:
    """Run a program as the server's user, away from our terminal, environment and folder."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        umask=0o077,
        start_new_session=True,
        check=False,
        user=place.uid if place.dropped else None,
        group=place.gid if place.dropped else None,
        extra_groups=[] if place.dropped else None,
    )
    if result.returncode:
        told = result.stderr.strip() or result.stdout.strip()
        if log and log.exists():
            told += "\n" + "\n".join(log.read_text().splitlines()[-8:])
        raise ClusterError(f"{Path(str(command[0])).name} failed: {told}")
