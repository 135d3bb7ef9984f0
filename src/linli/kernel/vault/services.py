"""Writes of the vault: showing a value in clear, and moving values to the newest keys."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.vault import keyfile
from linli.kernel.vault.crypto import CipherName, DigestName, KeyRing
from linli.kernel.vault.fields import VaultField, VaultIndex, index_field, vault_field
from linli.kernel.vault.ring import cipher, digest, key_path, ring
from linli.kernel.vault.sealed import Sealed

SHORTEST_REASON = 2


@action("vault.reveal", title=_("查看完整信息"), keep=("reason",), codes=("field",))
def reveal(act: Act, instance: models.Model, *, field: str, reason: str) -> str:
    """Return a protected value in clear; who, what and why stay as a fact (PIPL 6, 51)."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(_("请写明为什么需要查看完整信息。"), field="reason", code="reason")
    value = getattr(instance, vault_field(instance, field).attname)
    if not isinstance(value, Sealed):
        raise Refusal(_("这一项没有填写。"), field=field, code="empty")
    return value.open()


@action("vault.add_keys", title=_("启用新密钥"))
def add_keys(act: Act, *, index: bool = False) -> None:
    """Add a newer sealing key by the cipher in settings, and with `index` a newer index key."""
    algorithm: CipherName = cipher()
    grown = keyfile.add_seal_key(key_path(), algorithm)
    note(key=grown.current.id, algorithm=algorithm)
    if index:
        name: DigestName = digest()
        note(index_key=keyfile.add_index_key(key_path(), name).indexes[0].id, digest=name)


@action("vault.rotate", title=_("换用新密钥"))
def rotate_batch(act: Act, field: VaultField, after: int, size: int = 500) -> tuple[int, int]:
    """Seal one batch of a column anew; returns (last key of the batch or 0 at the end, rows changed)."""
    table, index = field.model._meta.db_table, index_field(field)
    with connection.cursor() as cursor:
        cursor.execute(_read(field, index), [after, size])
        rows = cursor.fetchall()
        fresh = [row for row in (_renewed(field, index is not None, *r) for r in rows) if row]
        if fresh:
            cursor.executemany(_write(field, index), fresh)
    note(table=table, column=field.column, rows=len(fresh), key=ring().current.id)
    return (int(rows[-1][0]) if len(rows) == size else 0), len(fresh)


def _read(field: VaultField, index: VaultIndex | None) -> str:
    # Locked, so that a value which somebody changes meanwhile is not overwritten by its old self.
    quote, meta = connection.ops.quote_name, field.model._meta
    pk, column = quote(str(meta.pk.column)), quote(str(field.column))
    other = quote(str(index.column)) if index else "NULL::bytea"
    return (
        f"SELECT {pk}, {column}, {other} FROM {quote(meta.db_table)}"
        f" WHERE {pk} > %s AND {column} IS NOT NULL ORDER BY 1 LIMIT %s FOR UPDATE"
    )


def _write(field: VaultField, index: VaultIndex | None) -> str:
    quote, meta = connection.ops.quote_name, field.model._meta
    sets = [f"{quote(str(column.column))} = %s" for column in (field, index) if column]
    return f"UPDATE {quote(meta.db_table)} SET {', '.join(sets)} WHERE {quote(str(meta.pk.column))} = %s"


def _renewed(field: VaultField, indexed: bool, pk: int, raw: Any, index: Any) -> list[Any] | None:
    """The new columns of one row, or nothing when it stands under the newest keys."""
    value = Sealed(field.kind, field.place, sealed=bytes(raw))
    fresh_index = value.index() if indexed else None
    current = KeyRing.key_id(bytes(raw)) == ring().current.id
    if current and (not indexed or fresh_index == bytes(index or b"")):
        return None
    sealed = ring().seal(field.place, value.open())
    return [sealed, fresh_index, pk] if indexed else [sealed, pk]
