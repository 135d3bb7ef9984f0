"""Requests of one process run one after another on one thread, in the order they came, as long as they are short.

A page asks the database six times and gives Python's lock away each time. Threads that do so side by side snatch it from
each other, and each has a connection of its own to keep warm. So the server's threads only carry: requests to a lane,
answers back. When one request takes long, those behind it go on along another lane.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any

# Seconds one request may hold up those behind it: many times a page, hardly to be felt by whoever waits.
PATIENCE = 0.05

Application = Callable[..., Iterable[bytes]]


class _Errand:
    """A request under way: `taken` once a lane runs it, `over` is free when there is an answer or a fault."""

    __slots__ = ("answer", "environ", "fault", "over", "started", "taken")

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.started: list[tuple[Any, ...]] = []
        self.answer: Iterable[bytes] = ()
        self.fault: BaseException | None = None
        self.taken, self.over = threading.Lock(), threading.Lock()
        self.over.acquire()

    def run(self, application: Application) -> None:
        """Have it answered; what the server is told at the start is kept for its own thread."""
        try:
            self.answer = application(self.environ, lambda *told: self.started.append(told))
        except BaseException as fault:
            self.fault = fault


class _Lane(threading.Thread):
    """A thread that runs what is put into its queue, and since when it is at its present errand."""

    def __init__(self, turns: Turns) -> None:
        super().__init__(name="lane", daemon=True)
        self.turns, self.queue = turns, SimpleQueue[_Errand]()
        self.since: float | None = None
        self.start()

    def run(self) -> None:
        """Run errand after errand; a lane that was passed is a spare one as soon as it is free."""
        while True:
            errand = self.queue.get()
            if not errand.taken.acquire(blocking=False):
                continue  # another lane has it
            self.since = time.monotonic()
            errand.run(self.turns.application)
            self.since = None
            if self.turns.lane is not self:
                self.turns.spare.add(self)
            errand.over.release()

    def slow(self, patience: float) -> bool:
        """Whether one errand has kept this lane for longer than that."""
        since = self.since
        return since is not None and time.monotonic() - since >= patience


class Turns:
    """A WSGI application whose requests run one after another as long as they are short."""

    def __init__(self, application: Application, patience: float = PATIENCE) -> None:
        self.application, self.patience = application, patience
        self.lane: _Lane | None = None
        self.spare: set[_Lane] = set()
        self._changing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer in turn; what is streamed afterwards is outside it."""
        errand = _Errand(environ)
        lane = self._beside(None)
        lane.queue.put(errand)
        while not errand.over.acquire(timeout=self.patience):
            if not lane.slow(self.patience):
                continue
            lane = self._beside(lane)
            if errand.taken.locked():  # the slow one is this one
                errand.over.acquire()
                break
            lane.queue.put(errand)
        if errand.fault is not None:
            raise errand.fault
        for told in errand.started:
            start_response(*told)
        return errand.answer

    def _beside(self, slow: _Lane | None) -> _Lane:
        """The lane to take instead of a slow one; whoever comes afterwards takes it too."""
        lane = self.lane
        if lane is None or lane is slow:
            with self._changing:
                if self.lane is None or self.lane is slow:
                    self.lane = self.spare.pop() if self.spare else _Lane(self)
                lane = self.lane
        return lane
