"""Two hands for one import: each a process with its own connection, working on its own half of the city."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import Any

import django
from django.db import connections

from linli.capabilities.registry.services.imports import slicing
from linli.kernel.acts import Act

MOST = 4
AHEAD = 2  # slices that wait for a hand; more would only fill the memory
_job: list[slicing.Job] = []


# Rows. Two hands need 6 s to learn the house before their first slice; one process takes 70,000 rows in that time.
WORTH = 200_000


def count(rows: int) -> int:
    """How many hands an import of so many rows deserves on this machine; none for a small one."""
    if rows < WORTH:
        return 0
    return max(1, min(MOST, os.cpu_count() or 1))


_LOCK = 7_116_012
_DIE_WITH_PARENT, _KILL = 1, 9


def gone(batch: int) -> None:
    """Wait until no hand of an earlier run, whose master was killed, is still in the database."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, batch % 2**31])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, batch % 2**31])


def _fall_with_master() -> None:
    """A hand whose master is killed writes nothing more (Linux; elsewhere `gone` waits for its last slice)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, _KILL)


def begin(settings: dict[str, Any], act: Act, batch: int) -> None:
    """What a hand does first: find the database that its master uses, and its job."""
    _fall_with_master()
    connections["default"].close()
    connections["default"].settings_dict.update(settings)
    with connections["default"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # A slice is walked over several times; with 8 MB it would go to disk and back each time.
        cursor.execute("SET temp_buffers = '128MB'")
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_LOCK, batch % 2**31])
    _job[:] = [slicing.job_of(act, batch)]


def work(part: slicing.Slice) -> dict[str, int]:
    """What a hand does with each slice."""
    return slicing.take(_job[0], part)


class Hands:
    """The hands at work."""

    def __init__(self, pools: list[ProcessPoolExecutor]) -> None:
        self.pools = pools
        self.waiting: list[set[Future[dict[str, int]]]] = [set() for _pool in pools]

    def give(self, part: slicing.Slice) -> list[dict[str, int]]:
        """Give a slice to its hand; returns what became ready while waiting for room."""
        hand = int(part.key)
        ready = []
        while len(self.waiting[hand]) >= AHEAD:
            done, _left = wait(self.waiting[hand], return_when=FIRST_COMPLETED)
            self.waiting[hand] -= done
            ready += [each.result() for each in done]
        self.waiting[hand].add(self.pools[hand].submit(work, part))
        return ready

    def rest(self) -> list[dict[str, int]]:
        """Wait for everything given."""
        ready = [each.result() for given in self.waiting for each in given]
        for given in self.waiting:
            given.clear()
        return ready


@contextmanager
def hands(number: int, act: Act, batch: int) -> Iterator[Hands]:
    """So many processes; ended with the block, whatever happened."""
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    known = connections["default"].settings_dict
    settings = {key: known[key] for key in keys}
    context = multiprocessing.get_context("spawn")
    before = os.environ.get("POLARS_MAX_THREADS")
    with ExitStack() as stack:
        os.environ["POLARS_MAX_THREADS"] = "1"
        try:
            # Only after Django's set-up may a hand import what it is to do.
            pools = [
                stack.enter_context(ProcessPoolExecutor(1, context, django.setup))
                for _hand in range(number)
            ]
            begun = [pool.submit(begin, settings, act, batch) for pool in pools]
        finally:
            os.environ.pop("POLARS_MAX_THREADS")
            if before is not None:
                os.environ["POLARS_MAX_THREADS"] = before
        for each in begun:
            each.result()
        yield Hands(pools)
