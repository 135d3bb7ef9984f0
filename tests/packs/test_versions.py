"""Applied packs are versions that nobody can change, and cases find the one they began under."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from linli.capabilities.matters.policy import MattersPolicy
from linli.kernel.acts import Act, Denied, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.policy import BadPack, NoPolicy, apply, check, current, forget, sections, version
from linli.kernel.policy import versions as room
from linli.kernel.policy.load import RawPack, load
from linli.kernel.policy.models import PolicyVersion
from linli.site import cluster

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def other_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pack with another name, so that it is a new version."""

    def renamed(place: str) -> RawPack:
        raw = load(place)
        body = {**raw.body, "pack": {**raw.body["pack"], "name": "试验"}}
        return RawPack(raw.head, raw.chain, body, "f" * 64, raw.origins, raw.removed, raw.problems)

    monkeypatch.setattr(room, "load", renamed)


def test_every_section_is_declared_once() -> None:
    assert {"access", "units", "calendar", "notices", "matters"} <= set(sections())
    assert sections()["matters"] is MattersPolicy


@pytest.mark.parametrize("place", ["national", "jiangsu", "wuxi"])
def test_checked_with_every_room_s_own_checks(place: str) -> None:
    assert [str(problem) for problem in check(place)] == []


def test_the_pack_in_force_reads_typed() -> None:
    apply("wuxi", None)
    pack = current()
    assert pack.code == "wuxi"
    assert pack.section(MattersPolicy) is pack.section(MattersPolicy)
    assert pack.section(MattersPolicy).event_class("0901") is not None


def test_the_same_pack_twice_is_one_version() -> None:
    assert apply("wuxi", None).pk == apply("wuxi", None).pk


def test_a_new_version_is_in_force_at_once_and_the_old_one_stays(other_pack: None) -> None:
    before = current()
    row = apply("wuxi", None, note="试验")
    assert (current().id, current().name) == (row.pk, "试验")
    assert version(before.id).hash == before.hash != row.hash
    assert version(before.id).name != "试验"


def test_applying_is_a_verb_and_leaves_a_fact(other_pack: None) -> None:
    act = system_act()
    with under(act):
        row = apply("wuxi", act)
        fact = Fact.objects.filter(verb="policy.apply").latest("id")
    assert fact.data["version"] == row.pk
    assert row.applied_by == act.actor


def test_who_does_not_hold_the_verb_may_not_apply(other_pack: None) -> None:
    nobody: Act = system_act().on(verbs=frozenset({"matters.*"}))
    with pytest.raises(Denied), under(nobody):
        apply("wuxi", nobody)


def test_a_pack_with_problems_is_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(place: str) -> RawPack:
        raw = load(place)
        body = {**raw.body, "maters": {}}
        return RawPack(raw.head, raw.chain, body, raw.hash, raw.origins, raw.removed, raw.problems)

    monkeypatch.setattr(room, "load", spoiled)
    count = PolicyVersion.objects.count()
    with pytest.raises(BadPack, match="did you mean `matters`"):
        apply("wuxi", None)
    assert PolicyVersion.objects.count() == count


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(NoPolicy):
        version(999_999)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE policy_version SET note = 'x'",
        "UPDATE policy_version SET body = '{}'",
        "DELETE FROM policy_version",
        "TRUNCATE policy_version",
        "ALTER TABLE policy_version DISABLE TRIGGER ALL",
    ],
)
def test_nobody_changes_a_version(sql: str) -> None:
    row = apply("wuxi", None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert PolicyVersion.objects.filter(pk=row.pk, hash=row.hash).exists()


@pytest.mark.parametrize(
    "sql", ["UPDATE policy_version SET note = 'x'", "DELETE FROM policy_version"]
)
def test_not_even_the_owner_of_the_table(sql: str) -> None:
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(cluster.address("owner", name)) as link:
        row = link.execute("SELECT count(*) FROM policy_version").fetchone()
        assert row and row[0], "the template has no applied pack"
        with pytest.raises(psycopg.errors.CheckViolation, match="immutable"):
            link.execute(sql)


def test_reading_the_pack_costs_no_statement_once_it_is_known(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    apply("wuxi", None)
    current()
    with django_assert_num_queries(0):  # type: ignore[operator]
        current().section(MattersPolicy)


def test_another_place_s_folder_is_named_when_missing(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no pack `nowhere`"):
        load("nowhere", tmp_path)
