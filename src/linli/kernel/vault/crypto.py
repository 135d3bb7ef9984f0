"""Sealing of protected values: AES-256-GCM or SM4-GCM, and blind indexes by HMAC (pure).

A sealed value is `version (1 byte) | key id (2 bytes) | nonce (12) | ciphertext | tag (16)`.
The place of a value, written `table.column`, is its associated data: a value moved to
another column no longer opens. A key has one algorithm, so changing the algorithm is a
rotation like any other: the newest key seals, every key of the ring opens.
"""

import hmac
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

CipherName = Literal["aes-256-gcm", "sm4-gcm"]
DigestName = Literal["sha256", "sm3"]

CIPHER_KEY_BYTES: dict[str, int] = {"aes-256-gcm": 32, "sm4-gcm": 16}
INDEX_KEY_BYTES = 32
VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 3
OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


class VaultError(Exception):
    """A value cannot be opened: wrong key, wrong place, damaged or not sealed at all."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """One key that seals values; `secret` is 32 bytes for AES-256-GCM, 16 for SM4-GCM."""

    id: int
    algorithm: CipherName
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that could never work."""
        if self.algorithm not in CIPHER_KEY_BYTES:
            raise ValueError(f"unknown cipher {self.algorithm!r}")
        if not 0 < self.id < 1 << 16:
            raise ValueError(f"key id {self.id} is outside 1..65535")
        if len(self.secret) != CIPHER_KEY_BYTES[self.algorithm]:
            raise ValueError(f"key {self.id} has the wrong length for {self.algorithm}")


@dataclass(frozen=True, slots=True)
class IndexKey:
    """One key for blind indexes; `secret` is 32 bytes and never the key of a cipher."""

    id: int
    digest: DigestName
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that could never work."""
        if self.digest not in ("sha256", "sm3"):
            raise ValueError(f"unknown digest {self.digest!r}")
        if len(self.secret) != INDEX_KEY_BYTES:
            raise ValueError(f"index key {self.id} must have {INDEX_KEY_BYTES} bytes")


def new_seal_key(key_id: int, algorithm: CipherName = "aes-256-gcm") -> SealKey:
    """Make a sealing key from the system's randomness."""
    return SealKey(key_id, algorithm, os.urandom(CIPHER_KEY_BYTES[algorithm]))


def new_index_key(key_id: int, digest: DigestName = "sha256") -> IndexKey:
    """Make an index key from the system's randomness."""
    return IndexKey(key_id, digest, os.urandom(INDEX_KEY_BYTES))


def encrypt(key: SealKey, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return ciphertext and tag under one key and nonce; a nonce serves one value only."""
    if key.algorithm == "aes-256-gcm":
        return AESGCM(key.secret).encrypt(nonce, plain, aad)
    encryptor = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def decrypt(key: SealKey, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return the plain bytes of ciphertext and tag; VaultError when the tag does not fit."""
    try:
        if key.algorithm == "aes-256-gcm":
            return AESGCM(key.secret).decrypt(nonce, sealed, aad)
        body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise VaultError("the value was changed, moved or sealed by another key") from None


def _hmac_sha256(secret: bytes, message: bytes) -> bytes:
    return hmac.digest(secret, message, "sha256")


def _hmac_sm3(secret: bytes, message: bytes) -> bytes:
    mac = HMAC(secret, hashes.SM3())
    mac.update(message)
    return mac.finalize()


_MACS: dict[str, Callable[[bytes, bytes], bytes]] = {"sha256": _hmac_sha256, "sm3": _hmac_sm3}


def blind_index(key: IndexKey, kind: str, normal: str) -> bytes:
    """Return the 32-byte index of a normalised value; equal values of one kind meet."""
    return _MACS[key.digest](key.secret, kind.encode() + b"\x00" + normal.encode())


class KeyRing:
    """The keys of one installation: the newest of each use writes, all of them read."""

    def __init__(self, seals: Iterable[SealKey], indexes: Iterable[IndexKey]) -> None:
        self.seals = {key.id: key for key in seals}
        self.indexes = sorted(indexes, key=lambda key: key.id, reverse=True)
        if not self.seals or not self.indexes:
            raise ValueError("a key ring needs a sealing key and an index key")
        if {key.secret for key in self.seals.values()} & {key.secret for key in self.indexes}:
            raise ValueError("an index key must not be the key of a cipher")

    @property
    def current(self) -> SealKey:
        """The key that seals new values."""
        return self.seals[max(self.seals)]

    def seal(self, place: str, value: str) -> bytes:
        """Seal a text for its place `table.column`."""
        key = self.current
        header = bytes([VERSION]) + key.id.to_bytes(2, "big")
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + encrypt(key, nonce, value.encode(), header + place.encode())

    def open(self, place: str, sealed: bytes) -> str:
        """Open a text sealed for its place; VaultError when it is not what was sealed there."""
        key = self.seals.get(self.key_id(sealed))
        if key is None:
            raise VaultError(f"key {self.key_id(sealed)} is not in the key ring")
        header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        return decrypt(key, nonce, body, header + place.encode()).decode()

    @staticmethod
    def key_id(sealed: bytes) -> int:
        """Tell which key sealed a value, without opening it."""
        if len(sealed) < OVERHEAD_BYTES or sealed[0] != VERSION:
            raise VaultError("this is not a sealed value")
        return int.from_bytes(sealed[1:HEADER_BYTES], "big")

    def index(self, kind: str, normal: str) -> bytes:
        """Return the index to store beside a new value."""
        return blind_index(self.indexes[0], kind, normal)

    def lookups(self, kind: str, normal: str) -> list[bytes]:
        """Return every index under which a value may stand while keys are being rotated."""
        return [blind_index(key, kind, normal) for key in self.indexes]
