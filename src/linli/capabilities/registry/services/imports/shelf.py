"""Files that wait for their import: sealed on disk, in clear only in memory while they are read, gone afterwards."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.vault.crypto import NONCE_BYTES, VaultError, decrypt, encrypt
from linli.kernel.vault.ring import ring

BLOCK = 2**20
MOST = 1024 * 2**20
KEPT_DAYS = 30
_MARK = b"LS1"
_MEMORY = Path("/dev/shm")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _place(name: str) -> Path:
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise ValueError("not a name of the shelf")
    return _folder() / name


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of an even size, however the chunks come."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= BLOCK:
            yield bytes(waiting[:BLOCK])
            del waiting[:BLOCK]
    if waiting:
        yield bytes(waiting)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that has just come in, sealed but on no shelf yet."""

    digest: str
    sealed: Path

    def put(self, name: str) -> None:
        """Lay it where it waits."""
        self.sealed.replace(_place(name))


def name_of(digest: str, source: int, area: int) -> str:
    """Where a file waits: apart for each source and area, so that nobody's import takes away another's file."""
    return hashlib.sha256(f"{digest} {source} {area}".encode()).hexdigest()


@contextmanager
def received(chunks: Iterable[bytes]) -> Iterator[Parcel]:
    """A file sealed block by block, known by the digest of its clear content; gone unless it is put on the shelf."""
    _folder().mkdir(parents=True, exist_ok=True)
    _sweep()
    key, whole, size = ring().current, hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix=".new-", dir=_folder())
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(_MARK + key.id.to_bytes(2, "big"))
            for number, block in enumerate(_blocks(chunks)):
                size += len(block)
                if size > MOST:
                    raise Refusal(
                        _("文件太大，最多 1 GB，请分几份导入。"), field="file", code="big"
                    )
                whole.update(block)
                nonce = os.urandom(NONCE_BYTES)
                sealed = encrypt(key, nonce, block, _MARK + number.to_bytes(4, "big"))
                out.write(len(sealed).to_bytes(4, "big") + nonce + sealed)
        if not size:
            raise Refusal(_("这个文件是空的。"), field="file", code="empty")
        yield Parcel(whole.hexdigest(), temporary)
    finally:
        temporary.unlink(missing_ok=True)


def size(name: str) -> int:
    """How many bytes a waiting file has, to within its seals."""
    return _place(name).stat().st_size


def there(name: str) -> bool:
    """Whether a file still waits."""
    return _place(name).exists()


@contextmanager
def opened(name: str, called: str) -> Iterator[Path]:
    """The file in clear under the ending that it came with, in memory, for as long as the block runs."""
    if not there(name):
        raise Refusal(
            _("原文件已经不在，请重新上传；以前确认的列还记着。"), field="file", code="gone"
        )
    suffix = Path(called).suffix.lower()[:6]
    memory = _MEMORY if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="linli-", dir=memory))
    try:
        clear = folder / f"file{suffix}"
        with clear.open("wb") as out:
            for block in _opened(_place(name)):
                out.write(block)
        yield clear
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _opened(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        head = stream.read(len(_MARK) + 2)
        key = ring().seals.get(int.from_bytes(head[len(_MARK) :], "big"))
        if not head.startswith(_MARK) or key is None:
            raise VaultError("the key of a waiting file is not in the key ring")
        number = 0
        while size := stream.read(4):
            nonce = stream.read(NONCE_BYTES)
            sealed = stream.read(int.from_bytes(size, "big"))
            yield decrypt(key, nonce, sealed, _MARK + number.to_bytes(4, "big"))
            number += 1


def drop(name: str) -> None:
    """Remove a file that is no longer waited for."""
    _place(name).unlink(missing_ok=True)


def _sweep() -> None:
    """Remove what nobody came back for in a month."""
    moment = time.time() - KEPT_DAYS * 86400
    for path in _folder().iterdir():
        if path.stat().st_mtime < moment:
            path.unlink(missing_ok=True)
