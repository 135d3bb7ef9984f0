"""The key ring of this installation, read once per process from the file that settings name."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from linli.kernel.vault import keyfile
from linli.kernel.vault.crypto import CipherName, DigestName, KeyRing, VaultError
from linli.kernel.vault.fields import VaultField
from linli.kernel.vault.sealed import use_ring

CIPHERS: dict[str, CipherName] = {"aes": "aes-256-gcm", "sm4": "sm4-gcm"}
DIGESTS: dict[str, DigestName] = {"aes": "sha256", "sm4": "sm3"}


def key_path() -> Path:
    """Where the key file stands (`LINLI_KEYS`)."""
    return Path(settings.KEYS)


def cipher() -> CipherName:
    """The cipher for new keys (`LINLI_CIPHER`: aes or sm4)."""
    if settings.CIPHER not in CIPHERS:
        raise VaultError(f"LINLI_CIPHER must be aes or sm4, not {settings.CIPHER}")
    return CIPHERS[settings.CIPHER]


def digest() -> DigestName:
    """The digest for new index keys: SM3 beside SM4, SHA-256 beside AES."""
    cipher()
    return DIGESTS[settings.CIPHER]


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> KeyRing:
    return keyfile.load(path)


def ring() -> KeyRing:
    """The key ring in force; read again when the file changes, so that a rotation needs no restart."""
    path = key_path()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise VaultError(f"the key file {path} is absent") from None
    return _read(path, changed)


def protected() -> list[VaultField]:
    """Every protected column of the house."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, VaultField)
    ]


def _in_use() -> str:
    """Name a protected column that already holds values, or nothing."""
    tables = set(connection.introspection.table_names())
    for field in protected():
        model = field.model
        if model._meta.db_table not in tables:
            continue
        if model._base_manager.filter(**{f"{field.name}__isnull": False}).exists():
            return field.place
    return ""


def ensure() -> None:
    """Make the key file at set-up; refuse when sealed values exist whose keys are lost."""
    if not key_path().exists():
        place = _in_use()
        if place:
            raise VaultError(
                f"the key file {key_path()} is absent but {place} holds sealed values: restore the file"
            )
        keyfile.create(key_path(), cipher(), digest())
    ring()


def ensure_after_migrate(**_: Any) -> None:
    """The last step of every migration run."""
    ensure()


use_ring(ring)
