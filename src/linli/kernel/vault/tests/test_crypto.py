"""Known answers, rotation and everything that must not open."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.vault import keyfile
from linli.kernel.vault.crypto import (
    IndexKey,
    KeyRing,
    SealKey,
    VaultError,
    blind_index,
    decrypt,
    encrypt,
    new_index_key,
    new_seal_key,
)

PLACE = "people_person.id_number"


def ring(*algorithms: str) -> KeyRing:
    seals = [new_seal_key(n, a) for n, a in enumerate(algorithms or ("aes-256-gcm",), 1)]  # type: ignore[arg-type]
    return KeyRing(seals, [new_index_key(1)])


def test_sm4_gcm_known_answer_of_rfc_8998() -> None:
    key = SealKey(1, "sm4-gcm", bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    expected = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert encrypt(key, nonce, plain, aad) == expected
    assert decrypt(key, nonce, expected, aad) == plain


def test_aes_256_gcm_known_answer_of_the_gcm_specification() -> None:
    key = SealKey(
        1,
        "aes-256-gcm",
        bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
    )
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    expected = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert encrypt(key, nonce, plain, aad) == expected


def test_sm3_known_answer_of_gm_t_0004() -> None:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


def test_hmac_sm3_follows_its_definition() -> None:
    secret = bytes(range(32))

    def sm3(message: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(message)
        return digest.finalize()

    padded = secret.ljust(64, b"\x00")
    inner = sm3(bytes(b ^ 0x36 for b in padded) + b"phone\x0013800001111")
    outer = sm3(bytes(b ^ 0x5C for b in padded) + inner)
    assert blind_index(IndexKey(1, "sm3", secret), "phone", "13800001111") == outer


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
@given(value=st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_what_is_sealed_opens_again(algorithm: str, value: str) -> None:
    keys = ring(algorithm)
    assert keys.open(PLACE, keys.seal(PLACE, value)) == value


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
def test_a_value_opens_only_in_its_own_column_and_unchanged(algorithm: str) -> None:
    keys = ring(algorithm)
    sealed = keys.seal(PLACE, "11010519491231002X")
    with pytest.raises(VaultError):
        keys.open("people_person.phone", sealed)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(VaultError):
            keys.open(PLACE, bytes(changed))
    for cut in (0, 1, 30, len(sealed) - 1):
        with pytest.raises(VaultError):
            keys.open(PLACE, sealed[:cut])


def test_two_seals_of_one_value_differ_and_hide_it() -> None:
    keys = ring()
    first, second = keys.seal(PLACE, "13800001111"), keys.seal(PLACE, "13800001111")
    assert first != second
    assert b"13800001111" not in first


def test_after_rotation_the_new_key_seals_and_the_old_still_opens() -> None:
    old = ring("aes-256-gcm")
    sealed = old.seal(PLACE, "王小梅")
    both = KeyRing([*old.seals.values(), new_seal_key(2, "sm4-gcm")], old.indexes)
    assert both.open(PLACE, sealed) == "王小梅"
    assert KeyRing.key_id(both.seal(PLACE, "王小梅")) == 2
    with pytest.raises(VaultError):
        old.open(PLACE, both.seal(PLACE, "王小梅"))


def test_an_index_depends_on_kind_value_and_key() -> None:
    one, two = new_index_key(1), new_index_key(2, "sm3")
    keys = KeyRing([new_seal_key(1)], [one, two])
    assert keys.index("phone", "1") == blind_index(two, "phone", "1")
    assert keys.lookups("phone", "1") == [
        blind_index(two, "phone", "1"),
        blind_index(one, "phone", "1"),
    ]
    assert keys.index("phone", "1") != keys.index("name", "1")


def test_an_index_key_is_never_a_sealing_key() -> None:
    secret = os.urandom(32)
    with pytest.raises(ValueError, match="must not be"):
        KeyRing([SealKey(1, "aes-256-gcm", secret)], [IndexKey(1, "sha256", secret)])


def test_secrets_do_not_show_in_a_traceback() -> None:
    key = SealKey(1, "aes-256-gcm", b"s" * 32)
    assert "ssss" not in repr(key)
    assert "ssss" not in repr(IndexKey(1, "sm3", b"s" * 32))


def test_the_key_file_is_private_made_once_and_grows(tmp_path: Path) -> None:
    path = tmp_path / "private" / "keys.json"
    first = keyfile.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = first.seal(PLACE, "a")
    assert keyfile.create(path, "sm4-gcm").open(PLACE, sealed) == "a"
    grown = keyfile.add_seal_key(path, "sm4-gcm")
    assert grown.current.algorithm == "sm4-gcm"
    assert grown.open(PLACE, sealed) == "a"
    indexed = keyfile.add_index_key(path, "sm3")
    assert indexed.indexes[0].digest == "sm3"
    assert indexed.lookups("phone", "1")[1] == first.index("phone", "1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("content", ["", "{", "{}", '{"seal": [], "index": []}', '{"seal": 3}'])
def test_a_damaged_key_file_is_named_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(VaultError, match="damaged"):
        keyfile.create(path)
    assert path.read_text() == content


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keyfile.create(path)
    path.chmod(0o640)
    with pytest.raises(VaultError, match="chmod 600"):
        keyfile.load(path)


def test_an_absent_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="absent"):
        keyfile.load(tmp_path / "nothing.json")
