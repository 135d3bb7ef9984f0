"""Requests of one process take turns, so that its threads do not snatch Python's lock from each other.

A page asks the database six times and gives the lock away each time; two threads doing so made every page cost a fifth
more processor time. So one request runs at a time; whoever takes long loses the turn, and the others go past.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

# Seconds one request may hold up another: many times a page, hardly to be felt by whoever waits.
PATIENCE = 0.05

Application = Callable[..., Iterable[bytes]]


class Turns:
    """A WSGI application whose requests run one after another as long as they are short."""

    def __init__(self, application: Application, patience: float = PATIENCE) -> None:
        self.application, self.patience = application, patience
        self.turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer in turn; what is streamed afterwards is outside it."""
        turn = self.turn
        if not turn.acquire(timeout=self.patience):
            turn = self.turn = threading.Lock()  # the slow one keeps a turn that nobody waits for
            turn.acquire()
        try:
            return self.application(environ, start_response)
        finally:
            turn.release()
