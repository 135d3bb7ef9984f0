"""The key file: the only place where keys live, of mode 0600 and outside the database (pure)."""

import base64
import json
import os
import stat
import tempfile
from pathlib import Path

from .crypto import (
    CipherName,
    DigestName,
    IndexKey,
    KeyRing,
    SealKey,
    VaultError,
    new_index_key,
    new_seal_key,
)


def create(
    path: Path, algorithm: CipherName = "aes-256-gcm", digest: DigestName = "sha256"
) -> KeyRing:
    """Create the key file at set-up; an existing file is read, never replaced."""
    if path.exists():
        return load(path)
    ring = KeyRing([new_seal_key(1, algorithm)], [new_index_key(1, digest)])
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, ring, replace=False)
    # Another process may have been first: what stands in the file is the truth.
    return load(path)


def load(path: Path) -> KeyRing:
    """Read the key ring; VaultError when it is absent, damaged or open to other users."""
    try:
        mode = path.stat().st_mode
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise VaultError(f"the key file {path} is absent") from None
    except ValueError:
        raise VaultError(f"the key file {path} is damaged") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise VaultError(f"the key file {path} is open to other users: chmod 600 {path}")
    try:
        return KeyRing(
            [SealKey(k["id"], k["algorithm"], _bytes(k["secret"])) for k in content["seal"]],
            [IndexKey(k["id"], k["digest"], _bytes(k["secret"])) for k in content["index"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VaultError(f"the key file {path} is damaged: {error}") from None


def add_seal_key(path: Path, algorithm: CipherName) -> KeyRing:
    """Add a newer sealing key; from now on it seals and the older keys only open."""
    ring = load(path)
    key = new_seal_key(max(ring.seals) + 1, algorithm)
    _write(path, KeyRing([*ring.seals.values(), key], ring.indexes), replace=True)
    return load(path)


def add_index_key(path: Path, digest: DigestName) -> KeyRing:
    """Add a newer index key; look-ups use both until every row is re-indexed."""
    ring = load(path)
    key = new_index_key(ring.indexes[0].id + 1, digest)
    _write(path, KeyRing(ring.seals.values(), [*ring.indexes, key]), replace=True)
    return load(path)


def _bytes(secret: str) -> bytes:
    return base64.b64decode(secret, validate=True)


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def _write(path: Path, ring: KeyRing, *, replace: bool) -> None:
    """Write whole and flushed or not at all: half a key file loses every protected value."""
    content = {
        "seal": [
            {"id": k.id, "algorithm": k.algorithm, "secret": _text(k.secret)}
            for k in ring.seals.values()
        ],
        "index": [
            {"id": k.id, "digest": k.digest, "secret": _text(k.secret)} for k in ring.indexes
        ],
    }
    handle, name = tempfile.mkstemp(prefix=".keys-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(content, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            temporary.replace(path)
        else:
            try:
                os.link(temporary, path)
            except FileExistsError:
                return
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)
