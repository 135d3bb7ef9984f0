"""Hands of one import: threads with a connection each, working on their own part of the city.

A hand mostly waits for the database, which works beside it; so threads fill two cores as well as processes did, without
their 6 s of learning the house and without a second house in memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager

from django.db import connections

from linli.capabilities.registry.services.imports import slicing

MOST = 4
AHEAD = 2  # slices that wait for a hand; more would only fill the memory
WORTH = 20_000  # rows; below, one hand is done before a second has begun
_LOCK = 7_116_012
Counts = dict[str, int]


def count(rows: int) -> int:
    """How many hands an import of so many rows deserves on this machine: one more than cores, because one of them waits
    for the disk. None for a small one."""
    if rows < WORTH:
        return 0
    return min(MOST, 1 + (os.cpu_count() or 1))


def gone(batch: int) -> None:
    """Wait until the database has let go of what hands of an earlier run, which was killed, were doing."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, batch % 2**31])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, batch % 2**31])


def _begin(batch: int) -> None:
    """What a hand does first, on the connection that is its own."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # A slice is walked over several times; with 8 MB it would go to disk and back each time.
        cursor.execute("SET temp_buffers = '64MB'")
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_LOCK, batch % 2**31])


def _end() -> None:
    connections["default"].close()


class Hands:
    """The hands at work on one job."""

    def __init__(self, job: slicing.Job, pools: list[ThreadPoolExecutor]) -> None:
        self.job, self.pools = job, pools
        self.waiting: list[set[Future[Counts]]] = [set() for _pool in pools]

    def give(self, part: slicing.Slice) -> list[Counts]:
        """Give a slice to its hand; returns what became ready while waiting for room."""
        hand = int(part.key)
        ready = []
        while len(self.waiting[hand]) >= AHEAD:
            done, _left = wait(self.waiting[hand], return_when=FIRST_COMPLETED)
            self.waiting[hand] -= done
            ready += [each.result() for each in done]
        self.waiting[hand].add(self.pools[hand].submit(slicing.take, self.job, part))
        return ready

    def rest(self) -> list[Counts]:
        """Wait for everything given."""
        ready = [each.result() for given in self.waiting for each in given]
        for given in self.waiting:
            given.clear()
        return ready


@contextmanager
def hands(number: int, job: slicing.Job) -> Iterator[Hands]:
    """So many threads; ended with the block, whatever happened, and what nobody began is left undone."""
    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _hand in range(number)]
        for pool in pools:
            stack.callback(pool.submit, _end)
        for begun in [pool.submit(_begin, job.batch) for pool in pools]:
            begun.result()
        crew = Hands(job, pools)
        try:
            yield crew
        finally:
            for given in (each for waiting in crew.waiting for each in waiting):
                given.cancel()
