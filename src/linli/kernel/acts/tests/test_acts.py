"""Verbs leave facts; facts cannot be changed; the chain tells when they were."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel.acts import Denied, Span, action, current, reading, system_act, under, verbs
from linli.kernel.acts.conveyor import broken_links, drain
from linli.kernel.acts.models import Fact, Seal, Words
from linli.kernel.acts.record import words_digest
from linli.site import cluster
from tests.town import Town


@action("test.greet", title="问好", keep=("words",), codes=("times",))
def greet(act: object, *, words: str, times: int = 1) -> None:
    """Say hello."""


READ = reading("test.read", "看")


def test_a_verb_leaves_one_fact_with_its_words(town: Town) -> None:
    act = system_act()
    greet(act, words="你好", times=2)
    with under(act):
        fact = Fact.objects.get(verb="test.greet")
        kept = Words.objects.get(fact=fact)
    assert fact.data == {"times": 2}
    assert kept.body == "你好"
    assert bytes(fact.digest or b"") == words_digest([("words", "你好", bytes(kept.salt))])


def test_without_the_permission_nothing_happens(town: Town) -> None:
    with pytest.raises(Denied):
        greet(town.act("wang"), words="你好")
    with under(system_act()):
        assert not Fact.objects.filter(verb="test.greet").exists()


def test_a_guest_leaves_a_fact_it_cannot_read(town: Town) -> None:
    guest = town.act("wang").on(actor=0, verbs=frozenset({"test.*"}))
    greet(guest, words="有人吗")
    with under(guest):
        assert not Fact.objects.exists()
    with under(system_act()):
        assert Fact.objects.get(verb="test.greet").actor == 0


def test_nobody_writes_a_fact_in_another_name(town: Town) -> None:
    chen = town.act("chen")
    with under(chen), pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.create(
            at=chen.at, verb="x", actor=chen.actor + 1, channel="web", subject_type=""
        )


@pytest.mark.parametrize("statement", ["UPDATE acts_fact SET verb = 'x'", "DELETE FROM acts_fact"])
def test_the_application_cannot_change_a_fact(town: Town, statement: str) -> None:
    with (
        under(system_act()),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_scope_ends_with_its_block(town: Town) -> None:
    chen, zhou = town.act("chen"), town.act("zhou")
    with under(chen):
        with under(zhou):
            assert current() == zhou
        assert current() == chen
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('linli.account')")
            assert cursor.fetchone()[0] == str(chen.actor)


def test_spans_tell_what_is_in_sight() -> None:
    outer, inner = Span(0, 100), Span(10, 20)
    assert outer.covers(inner) and not inner.covers(outer)
    assert 10 in inner and 20 not in inner


def test_every_fact_is_sealed_once_and_tampering_shows(own_town: Town, own_database: str) -> None:
    for number in range(5):
        greet(system_act(), words=f"第{number}次")
    drain()
    with under(system_act()):
        assert Fact.objects.filter(verb="test.greet", seal__isnull=False).count() == 5
        assert Seal.objects.count() == Fact.objects.count()
    assert list(broken_links()) == []
    with psycopg.connect(cluster.address("owner", own_database), autocommit=True) as link:
        link.execute("UPDATE acts_fact SET data = '{\"times\": 9}'")
    assert any("不符" in line for line in broken_links())


def test_verbs_are_declared_once() -> None:
    assert verbs()["test.read"] == READ
    with pytest.raises(RuntimeError, match="twice"):
        action("test.greet", title="另一个")(lambda act: None)
