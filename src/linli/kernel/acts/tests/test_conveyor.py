"""The belt: everybody hears what concerns them once, in order, and a quiet turn costs the same for few and many."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from linli.kernel.acts import Act, action, conveyor, system_act, under
from linli.kernel.acts.models import Cursor, Fact, Seal
from tests.town import Town

Heard = dict[str, list[int]]
Ears = Callable[..., Heard]


@action("belt.ring", title="打铃")
def ring(act: Act) -> None:
    """Leave a fact somebody listens to."""


@action("belt.hum", title="哼唱")
def hum(act: Act) -> None:
    """Leave a fact nobody listens to."""


@pytest.fixture
def ears(own_town: Town, monkeypatch: pytest.MonkeyPatch) -> Ears:
    """Listeners of the given names and verbs, instead of the house's own; what each hears is kept."""

    def put(**wanted: str) -> Heard:
        heard: Heard = {name: [] for name in wanted}

        def listener(name: str) -> Callable[[Act, list[Fact]], None]:
            return lambda _act, facts: heard[name].extend(f.pk for f in facts)

        entries = {n: (frozenset({verb}), listener(n)) for n, verb in wanted.items()}
        monkeypatch.setattr(conveyor, "listeners", lambda: entries)
        return heard

    conveyor.drain()
    return put


def told(verb: str) -> list[int]:
    with under(system_act()):
        return list(
            Fact.objects.filter(verb=verb).order_by("seal__seq").values_list("pk", flat=True)
        )


def heads() -> tuple[int, set[int]]:
    with under(system_act()):
        head = Seal.objects.order_by("-seq").values_list("seq", flat=True)[0]
        return head, set(Cursor.objects.filter(listener__in="abcd").values_list("seq", flat=True))


def test_each_hears_its_own_in_order_and_all_arrive_at_the_end(ears: Ears) -> None:
    heard = ears(a="belt.ring", b="belt.ring", c="belt.hum", d="belt.never")
    for _time in range(7):
        ring(system_act())
        hum(system_act())
    while conveyor.seal() or conveyor.carry(most=3):
        pass
    assert heard == {"a": told("belt.ring"), "b": told("belt.ring"), "c": told("belt.hum"), "d": []}
    head, at = heads()
    assert at == {head}


def test_a_newcomer_hears_from_the_beginning_and_holds_nobody_up(ears: Ears) -> None:
    ears(a="belt.ring")
    for _time in range(6):
        ring(system_act())
    conveyor.drain()
    heard = ears(a="belt.ring", b="belt.ring")
    ring(system_act())
    conveyor.seal()
    conveyor.carry(most=2)
    assert heard["a"] == told("belt.ring")[-1:]
    assert len(heard["b"]) <= 2
    conveyor.drain()
    assert heard["b"] == told("belt.ring")


def test_a_quiet_turn_asks_the_same_however_many_listen(ears: Ears) -> None:
    counts = []
    for names in ("a", "abcd"):
        ears(**dict.fromkeys(names, "belt.ring"))
        conveyor.drain()
        with CaptureQueriesContext(connection) as seen:
            assert conveyor.turn() == 0
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


def test_two_belts_at_once_deliver_everything_once(ears: Ears) -> None:
    heard = ears(a="belt.ring", b="belt.hum")
    for _time in range(20):
        ring(system_act())
        hum(system_act())
    conveyor.seal()
    start = Barrier(2)

    def belt() -> None:
        start.wait()
        try:
            while conveyor.carry(most=3):
                pass
        finally:
            connections.close_all()

    both = [Thread(target=belt) for _one in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    conveyor.drain()
    assert heard == {"a": told("belt.ring"), "b": told("belt.hum")}


def test_a_fact_that_came_late_is_found_by_a_wider_sweep(ears: Ears) -> None:
    heard = ears(a="belt.ring")
    drawn, may_end = Event(), Event()

    def slow() -> None:
        try:
            with under(system_act()):
                ring(system_act())
                drawn.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    late = Thread(target=slow)
    late.start()
    assert drawn.wait(20)
    ring(system_act())
    conveyor.drain()
    may_end.set()
    late.join()
    assert conveyor.seal(reach="0 seconds") == 0
    assert conveyor.seal(reach="5 minutes") == 1
    conveyor.drain()
    assert heard["a"] == told("belt.ring")
