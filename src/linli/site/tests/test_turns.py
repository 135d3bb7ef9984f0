"""Requests of one process go one after another, and a slow one holds nobody up for long."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Event, Lock, Thread
from typing import Any

import pytest

from linli.site.turns import Turns

LONG = 20.0


def answer(turns: Turns, path: str) -> Any:
    return turns({"PATH_INFO": path}, lambda *_told: None)


def test_short_requests_never_run_side_by_side() -> None:
    inside, seen, guard = [], [], Lock()

    def house(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        with guard:
            inside.append(environ)
            seen.append(len(inside))
        time.sleep(0.002)
        with guard:
            inside.remove(environ)
        return [b"ok"]

    turns = Turns(house, patience=LONG)
    each = [Thread(target=answer, args=(turns, str(n))) for n in range(12)]
    for one in each:
        one.start()
    for one in each:
        one.join()
    assert seen == [1] * 12


def test_others_go_past_a_slow_one_and_are_in_turn_again() -> None:
    begun, may_end = Event(), Event()

    def house(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow/":
            begun.set()
            assert may_end.wait(LONG)
        return [environ["PATH_INFO"].encode()]

    turns = Turns(house, patience=0.01)
    slow = Thread(target=answer, args=(turns, "/slow/"))
    slow.start()
    assert begun.wait(LONG)
    lost = turns.turn
    assert answer(turns, "/quick/") == [b"/quick/"]
    assert turns.turn is not lost, "the slow one would hold up everybody who comes after"
    assert answer(turns, "/next/") == [b"/next/"]
    may_end.set()
    slow.join()
    assert turns.turn.acquire(blocking=False)


def test_a_request_that_fails_gives_its_turn_back() -> None:
    def house(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        raise ValueError("broken")

    turns = Turns(house, patience=LONG)
    with pytest.raises(ValueError, match="broken"):
        answer(turns, "/")
    assert turns.turn.acquire(blocking=False)
