"""Hands of one import: threads with a connection each, working on their own part of the city.

A hand mostly waits for the database, which works beside it; so threads fill two cores as well as processes did, without
their 6 s of learning the house and without a second house in memory.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.capabilities.registry.services.imports import slicing

MOST = 4
AHEAD = 2  # slices for each hand, in work or waiting; more would only fill the memory
WORTH = 20_000  # rows; below, one hand is done before a second has begun
_LOCK = 7_116_012
Counts = dict[str, int]


def count(rows: int) -> int:
    """How many hands an import of so many rows deserves on this machine (a third on two cores gains nothing); none for
    a small one."""
    if rows < WORTH:
        return 0
    return min(MOST, os.cpu_count() or 1)


def gone(batch: int) -> None:
    """Wait until the database has let go of what hands of an earlier run, which was killed, were doing."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, batch % 2**31])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, batch % 2**31])


def _begin(batch: int, opened: list[BaseDatabaseWrapper]) -> None:
    """What a hand does first, on the connection that is its own."""
    connections["default"].inc_thread_sharing()  # for whoever closes it
    opened.append(connections["default"])
    with connections["default"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # A slice is walked over several times; with 8 MB it would go to disk and back each time.
        cursor.execute("SET temp_buffers = '64MB'")
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_LOCK, batch % 2**31])


class Hands:
    """The hands at work on one job; a lane's slices are taken in their order, by whichever hand is free."""

    def __init__(self, job: slicing.Job, pool: ThreadPoolExecutor, number: int) -> None:
        self.job, self.pool, self.most = job, pool, AHEAD * number
        self.lanes: dict[str, deque[slicing.Slice]] = defaultdict(deque)
        self.busy: dict[Future[Counts], str] = {}
        self.rows = 0
        self.changed = Condition()
        self.fault: BaseException | None = None

    def give(self, part: slicing.Slice) -> None:
        """Put a slice at the end of its lane."""
        with self.changed:
            self.lanes[part.key].append(part)
            self._go(part.key)

    def room(self) -> int:
        """Wait until no more slices lie ahead than make sense; how many rows were done meanwhile."""
        return self._wait(self.most)

    def rest(self) -> int:
        """Wait for everything given; how many rows were done meanwhile."""
        return self._wait(0)

    def stop(self) -> None:
        """Begin nothing more."""
        with self.changed:
            self.lanes.clear()

    def _wait(self, most: int) -> int:
        with self.changed:
            self.changed.wait_for(lambda: self.fault or self._left() <= most)
            if self.fault:
                raise self.fault
            done, self.rows = self.rows, 0
        return done

    def _left(self) -> int:
        return len(self.busy) + sum(len(lane) for lane in self.lanes.values())

    def _go(self, key: str) -> None:
        """Hand the next slice of a lane over, unless one of it is being worked on."""
        if self.lanes[key] and key not in self.busy.values():
            work = self.pool.submit(slicing.take, self.job, self.lanes[key].popleft())
            self.busy[work] = key
            work.add_done_callback(self._done)

    def _done(self, work: Future[Counts]) -> None:
        with self.changed:
            key = self.busy.pop(work)
            self.fault = self.fault or work.exception()
            if self.fault:
                self.lanes.clear()
            else:
                self.rows += work.result().get("rows", 0)
            self._go(key)
            self.changed.notify_all()


@contextmanager
def hands(number: int, job: slicing.Job) -> Iterator[Hands]:
    """So many threads; ended with the block, whatever happened, and what nobody began is left undone."""
    opened: list[BaseDatabaseWrapper] = []
    try:
        with ThreadPoolExecutor(number, initializer=_begin, initargs=(job.batch, opened)) as pool:
            crew = Hands(job, pool, number)
            try:
                yield crew
            finally:
                crew.stop()
    finally:
        for each in opened:
            each.close()
