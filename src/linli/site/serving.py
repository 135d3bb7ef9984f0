"""One server and one worker kept running until somebody ends them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

import click

# Threads of one server process, by the bench: with four a matter's page waits a third longer, one would let a slow
# upload hold up everybody else.
THREADS = 2
LOOK_SECONDS = 1.0
SHORT_LIFE = 60.0
LONGEST_PAUSE = 30.0
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def keep(
    server: list[str], worker: list[str] | None, *, mend: Callable[[], object] = lambda: None
) -> int:
    """Run a server, and beside it a worker that is started anew whenever it ends; returns the exit code.

    `mend` is called every second. SIGTERM, Ctrl-C and a terminal that closes end both, which is code 0.
    """
    told: list[int] = []
    serving = _spawn(server)
    helper = _Helper(worker) if worker else None

    def end(number: int, _frame: object) -> None:
        told.append(number)
        serving.terminate()

    for number in ENDINGS:
        signal.signal(number, end)
    try:
        while _lives(serving):
            if not told:
                with suppress(
                    Exception
                ):  # what cannot be mended now is tried again, and logged by itself
                    mend()
                if helper:
                    helper.look()
    finally:
        if helper:
            helper.end()
    return 0 if told or serving.returncode == 0 else abs(serving.returncode or 1)


class _Helper:
    """A process that is started anew when it ends, more slowly when it ends soon."""

    def __init__(self, command: list[str]) -> None:
        self.command, self.pause, self.again = command, 0.5, 0.0
        self._start()

    def _start(self) -> None:
        self.process, self.born, self.again = _spawn(self.command), time.monotonic(), 0.0

    def look(self) -> None:
        """Start it again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if not self.again:
            lived = now - self.born
            self.pause = 0.5 if lived > SHORT_LIFE else min(self.pause * 2, LONGEST_PAUSE)
            self.again = now + self.pause
            click.echo(f"后台任务意外停止，{self.pause:.0f} 秒后重新启动。", err=True)
        elif now >= self.again:
            self._start()

    def end(self) -> None:
        """End it, by force when it does not listen."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _lives(process: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(LOOK_SECONDS)
    return process.returncode is None


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    # In a group of its own: a Ctrl-C reaches us alone, and we end it in order.
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        process_group=0,
    )
