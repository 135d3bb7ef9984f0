"""Sealing and indexing whole columns: one cipher object, randomness drawn at once (pure).

What comes out is what `KeyRing.seal` and `KeyRing.index` give one by one; a nonce still serves one value only.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.kernel.vault.crypto import HEADER_BYTES, NONCE_BYTES, VERSION, KeyRing, blind_index


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
    secret, mark, digest = key.secret, kind.encode() + b"\x00", hmac.digest
    return [
        None if each is None else digest(secret, mark + each.encode(), "sha256") for each in normals
    ]


def open_many(ring: KeyRing, place: str, sealed: Sequence[bytes | None]) -> list[str | None]:
    """Open a column of sealed texts; VaultError when one is not what was sealed there."""
    return [None if value is None else ring.open(place, bytes(value)) for value in sealed]
