"""Contents on disk, each once: `MEDIA_ROOT/ab/cd/<sha256>`, written whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

THUMB_ENDING = ".thumb"


def root() -> Path:
    """The media folder."""
    return Path(settings.MEDIA_ROOT)


def path_of(digest: str, *, thumb: bool = False) -> Path:
    """Where a content stands; ValueError when the digest is none."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a digest")
    return root() / digest[:2] / digest[2:4] / (digest + (THUMB_ENDING if thumb else ""))


def put(content: bytes, thumb: bytes | None = None) -> str:
    """Keep a content and its thumbnail; returns the SHA-256 in hex."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock(fcntl.LOCK_SH):
        if thumb is not None:
            _write(path_of(digest, thumb=True), thumb)
        _write(path, content)
    return digest


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        os.utime(path)  # somebody counts on it again: the sweeper waits another day
        return
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _lock(kind: int) -> Iterator[None]:
    root().mkdir(parents=True, exist_ok=True)
    with (root() / ".lock").open("w") as held:
        fcntl.flock(held, kind)
        yield


def older_than(moment: float) -> Iterator[Path]:
    """Every stored content (and left-over temporary) last counted on before a moment (epoch seconds)."""
    for path in root().glob("*/*/*"):
        try:
            if path.stat().st_mtime < moment:
                yield path
        except FileNotFoundError:
            continue


def drop(path: Path, moment: float) -> bool:
    """Remove a content unless somebody counted on it since; tells whether it went."""
    with _lock(fcntl.LOCK_EX):
        try:
            if path.stat().st_mtime >= moment:
                return False
        except FileNotFoundError:
            return False
        path.unlink(missing_ok=True)
        return True
