"""Sealing and indexing whole columns: one cipher object, randomness drawn at once (pure).

What comes out is what `KeyRing.seal` and `KeyRing.index` give one by one; a nonce still serves one value only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.kernel.vault.crypto import HEADER_BYTES, NONCE_BYTES, VERSION, KeyRing, blind_index

_BLOCK = 64  # bytes that SHA-256 takes at once; keys are shorter


def seal_many(ring: KeyRing, place: str, values: Sequence[str | None]) -> list[bytes | None]:
    """Seal a column of texts for its place `table.column`; None stays None."""
    key = ring.current
    if key.algorithm != "aes-256-gcm":
        return [None if value is None else ring.seal(place, value) for value in values]
    header = bytes([VERSION]) + key.id.to_bytes(HEADER_BYTES - 1, "big")
    aad, encrypt = header + place.encode(), AESGCM(key.secret).encrypt
    random = os.urandom(NONCE_BYTES * len(values))
    nonces = (random[at : at + NONCE_BYTES] for at in range(0, len(random), NONCE_BYTES))
    return [
        None if value is None else header + nonce + encrypt(nonce, value.encode(), aad)
        for value, nonce in zip(values, nonces, strict=True)
    ]


def index_many(ring: KeyRing, kind: str, normals: Iterable[str | None]) -> list[bytes | None]:
    """The blind indexes of a column of normalised values; None stays None."""
    key = ring.indexes[0]
    if key.digest != "sha256":
        return [None if each is None else blind_index(key, kind, each) for each in normals]
    inner, outer = _halves(key.secret, kind.encode() + b"\x00")

    def digest(normal: str) -> bytes:
        left, right = inner.copy(), outer.copy()
        left.update(normal.encode())
        right.update(left.digest())
        return right.digest()

    return [None if each is None else digest(each) for each in normals]


def _halves(secret: bytes, mark: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of an HMAC (RFC 2104) with the key and the mark already in: begun once, copied for each value."""
    padded = secret.ljust(_BLOCK, b"\x00")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + mark)
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))


def open_many(ring: KeyRing, place: str, sealed: Sequence[bytes | None]) -> list[str | None]:
    """Open a column of sealed texts; VaultError when one is not what was sealed there."""
    return [None if value is None else ring.open(place, bytes(value)) for value in sealed]
