"""Requests of one process go one after another on one thread, and a slow one holds nobody up for long."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Event, Thread, current_thread, get_ident
from typing import Any

import pytest

from linli.site.turns import Turns

LONG = 20.0


def answer(turns: Turns, path: str) -> Any:
    return turns({"PATH_INFO": path}, lambda *_told: None)


def asked(turns: Turns, path: str) -> Thread:
    one = Thread(target=answer, args=(turns, path))
    one.start()
    return one


def waiting(turns: Turns, most: int) -> None:
    """Until so many requests stand in the queue."""
    until = time.monotonic() + LONG
    while turns.lane is None or turns.lane.queue.qsize() < most:
        assert time.monotonic() < until
        time.sleep(0.001)


class House:
    """Answers with its path; /slow/ waits until it may end. Notes who ran what, in order."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, int]] = []
        self.begun, self.may_end = Event(), Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.ran.append((path, get_ident()))
        if path == "/slow/":
            self.begun.set()
            assert self.may_end.wait(LONG)
        if path == "/broken/":
            raise ValueError("broken")
        start("200 OK", [("X-Path", path)])
        return [path.encode()]


def test_requests_run_on_one_thread_in_the_order_they_came() -> None:
    house = House()
    turns = Turns(house, patience=LONG)
    each = [asked(turns, "/slow/")]
    assert house.begun.wait(LONG)
    for n in range(6):
        each.append(asked(turns, f"/{n}/"))
        waiting(turns, n + 1)
    house.may_end.set()
    for one in each:
        one.join(LONG)
    assert [path for path, _thread in house.ran] == ["/slow/", *(f"/{n}/" for n in range(6))]
    assert len({thread for _path, thread in house.ran}) == 1


def test_others_go_past_a_slow_one_and_its_lane_is_used_again() -> None:
    house = House()
    turns = Turns(house, patience=0.02)
    slow = asked(turns, "/slow/")
    assert house.begun.wait(LONG)
    lost = turns.lane
    behind = asked(turns, "/behind/")
    assert answer(turns, "/quick/") == [b"/quick/"]
    behind.join(LONG)
    assert turns.lane is not lost, "the slow one would hold up everybody who comes after"
    house.may_end.set()
    slow.join(LONG)
    assert turns.spare == {lost}
    assert [path for path, _thread in house.ran].count("/behind/") == 1
    house.may_end.clear()
    house.begun.clear()
    again = asked(turns, "/slow/")
    assert house.begun.wait(LONG)
    assert answer(turns, "/next/") == [b"/next/"]
    assert turns.lane is lost, "a new thread for every slow request would never end"
    house.may_end.set()
    again.join(LONG)


def test_slow_requests_side_by_side_are_all_answered() -> None:
    def house(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        time.sleep(0.03)
        ran.append(environ["PATH_INFO"])
        return [b"ok"]

    ran: list[str] = []
    turns = Turns(house, patience=0.01)
    each = [asked(turns, str(n)) for n in range(24)]
    for one in each:
        one.join(LONG)
    assert sorted(ran, key=int) == [str(n) for n in range(24)], "every one, and none twice"


def test_a_fault_is_raised_where_it_was_asked_and_the_next_is_answered() -> None:
    turns = Turns(House(), patience=LONG)
    with pytest.raises(ValueError, match="broken"):
        answer(turns, "/broken/")
    assert answer(turns, "/well/") == [b"/well/"]


def test_the_server_is_told_on_its_own_thread() -> None:
    told: list[Any] = []
    turns = Turns(House(), patience=LONG)
    turns({"PATH_INFO": "/"}, lambda *what: told.append((what, current_thread())))
    assert told == [(("200 OK", [("X-Path", "/")]), current_thread())]
