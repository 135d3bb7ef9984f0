"""Protected columns in a real table: what is stored, found, shown, revealed and rotated."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from linli.kernel.access.models import Account
from linli.kernel.acts import Denied, Refusal, system_act, under
from linli.kernel.acts.models import Fact, Words
from linli.kernel.vault import ring as rings
from linli.kernel.vault.crypto import KeyRing, VaultError
from linli.kernel.vault.fields import VaultField, lookups, vault_field
from linli.kernel.vault.sealed import Sealed
from linli.kernel.vault.services import add_keys, reveal, rotate_batch
from tests.town import Town

PHONE = "13800000001"


def raw(pk: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM access_account WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_the_table_holds_no_clear_text_and_the_page_shows_a_mask(town: Town) -> None:
    wang = town.account("wang")
    assert PHONE.encode() not in raw(wang.pk)
    assert isinstance(wang.phone, Sealed)
    assert str(wang.phone) == f"{wang.phone}" == "138****0001"
    assert PHONE not in repr(wang.phone)
    assert wang.phone.open() == PHONE


def test_a_new_value_is_masked_before_it_is_saved() -> None:
    account = Account(phone="+86 139 1234 5678")
    assert str(account.phone) == "139****5678"
    account.phone = ""
    assert account.phone is None


def test_a_value_of_another_column_is_sealed_anew(town: Town) -> None:
    wang, li = town.account("wang"), town.account("li")
    li.second_secret = wang.phone
    li.save(update_fields=["second_secret"])
    li.refresh_from_db()
    assert li.second_secret.open() == PHONE


def test_bytes_moved_between_columns_do_not_open(town: Town) -> None:
    wang = town.account("wang")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_account SET second_secret = phone WHERE id = %s", [wang.pk])
    wang.refresh_from_db()
    with pytest.raises(VaultError):
        wang.second_secret.open()


def test_a_sealed_column_cannot_be_searched(town: Town) -> None:
    with pytest.raises(FieldError, match="sealed"):
        Account.objects.filter(phone=PHONE).exists()
    assert Account.objects.filter(phone__isnull=False).exists()


def test_equal_numbers_have_equal_indexes_in_every_spelling() -> None:
    assert lookups("phone", PHONE) == lookups("phone", "+86 138-0000-0001")
    assert lookups("phone", PHONE) != lookups("name", PHONE)


def test_revealing_leaves_a_fact_with_its_reason(town: Town) -> None:
    chen = town.act("chen").on(verbs=frozenset({"vault.reveal"}))
    wang = town.account("wang")
    with under(chen):
        assert reveal(chen, wang, field="phone", reason="回访时需要联系本人") == PHONE
        fact = Fact.objects.get(verb="vault.reveal", subject_id=wang.pk)
        assert (fact.actor, fact.data["field"]) == (chen.actor, "phone")
        assert Words.objects.get(fact=fact).body == "回访时需要联系本人"
        assert PHONE not in str(fact.data)


def test_nobody_reveals_without_permission_or_reason(town: Town) -> None:
    wang = town.account("wang")
    with pytest.raises(Denied):
        reveal(town.act("li"), wang, field="phone", reason="好奇")
    allowed = town.act("chen").on(verbs=frozenset({"vault.reveal"}))
    with pytest.raises(Refusal):
        reveal(allowed, wang, field="phone", reason="  ")
    with under(system_act()):
        assert not Fact.objects.filter(verb="vault.reveal").exists()


def test_only_protected_fields_are_revealed(town: Town) -> None:
    allowed = town.act("chen").on(verbs=frozenset({"vault.reveal"}))
    with pytest.raises(FieldError):
        reveal(allowed, town.account("wang"), field="password", reason="试一试")


def test_rotation_reseals_every_row_in_batches_and_may_be_repeated(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    shutil.copy2(settings.KEYS, path)
    settings.KEYS, settings.CIPHER = path, "sm4"
    before = rings.ring().current.id
    add_keys(system_act())
    field: VaultField = vault_field(Account, "phone")
    after, changed, batches = 0, 0, 0
    while True:
        after, count = rotate_batch(system_act(), field, after, size=1)
        changed, batches = changed + count, batches + 1
        if not after:
            break
    people = list(Account.objects.filter(phone__isnull=False))
    assert changed == len(people) >= 2
    assert batches > changed
    assert {KeyRing.key_id(raw(p.pk)) for p in people} == {before + 1}
    assert rings.ring().current.algorithm == "sm4-gcm"
    assert town.account("wang").phone.open() == PHONE
    assert rotate_batch(system_act(), field, 0) == (0, 0)


def test_lost_keys_are_not_replaced_while_values_exist(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    settings.KEYS = tmp_path / "gone.json"
    with pytest.raises(VaultError, match="restore"):
        rings.ensure()
    assert not settings.KEYS.exists()
    with pytest.raises(VaultError, match="absent"):
        town.account("wang").phone.open()


def test_an_empty_house_gets_its_key_file(db: None, settings: Any, tmp_path: Path) -> None:
    Account.objects.update(phone=None, second_secret=None)
    settings.KEYS = tmp_path / "new.json"
    rings.ensure()
    assert settings.KEYS.stat().st_mode & 0o777 == 0o600


def test_every_protected_column_is_known() -> None:
    assert {f.place for f in rings.protected()} >= {
        "access_account.phone",
        "notices_mailbox.address",
    }
