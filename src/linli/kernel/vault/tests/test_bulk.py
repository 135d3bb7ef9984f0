"""Whole columns are sealed and indexed as single values are."""

from __future__ import annotations

import pytest

from linli.kernel.vault import crypto
from linli.kernel.vault.bulk import index_many, open_many, seal_many

VALUES = ["32020519850412002X", None, "13812345678", "王小梅"]


@pytest.mark.parametrize(("cipher", "digest"), [("aes-256-gcm", "sha256"), ("sm4-gcm", "sm3")])
def test_columns_are_as_single_values(cipher: crypto.CipherName, digest: crypto.DigestName) -> None:
    ring = crypto.KeyRing([crypto.new_seal_key(3, cipher)], [crypto.new_index_key(2, digest)])
    sealed = seal_many(ring, "registry_person.document", VALUES)
    assert [v and ring.open("registry_person.document", v) for v in sealed] == VALUES
    assert open_many(ring, "registry_person.document", sealed) == VALUES
    known = [v and ring.index("id_number", v) for v in VALUES]
    assert index_many(ring, "id_number", VALUES) == known
    with pytest.raises(crypto.VaultError):
        ring.open("registry_person.phone", sealed[0] or b"")


def test_no_nonce_serves_twice() -> None:
    ring = crypto.KeyRing([crypto.new_seal_key(1)], [crypto.new_index_key(1)])
    sealed = seal_many(ring, "a.b", ["same"] * 5000)
    assert len({value[3:15] for value in sealed if value}) == 5000
