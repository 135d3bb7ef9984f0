"""One server and one worker kept running until somebody ends them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import click

# Threads of one server process. They carry requests to one lane (linli.site.turns), so more make no page dearer; while three
# slow uploads are under way the fourth still answers everybody else.
THREADS = 4
LOOK_SECONDS = 0.2
MEND_SECONDS = 1.0
SHORT_LIFE = 60.0
LONGEST_PAUSE = 30.0
# Seconds a request or a job may still take once an ending was asked for; then it is ended by force. A server process
# that is told while it still loads would otherwise never hear of it, and the whole would wait for it for ever.
REQUEST_PATIENCE = 5
PATIENCE = 10.0
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PAGES = "linli.site.wsgi:application"


def granian(host: str, port: int, workers: int, target: str = PAGES) -> list[str]:
    """The command that serves an application on a port."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(THREADS),
        "--workers-kill-timeout",
        str(REQUEST_PATIENCE),
        "--no-ws",
        "--log-level",
        "warning",
        target,
    ]


def keep(
    server: list[str], worker: list[str] | None, *, mend: Callable[[], object] = lambda: None
) -> int:
    """Run a server, and beside it a worker that is started anew whenever it ends; returns the exit code.

    `mend` is called every second. SIGTERM, Ctrl-C and a terminal that closes end both within `PATIENCE` seconds,
    which is code 0.
    """
    told: list[int] = []
    for number in ENDINGS:  # before anything runs that would be left behind
        signal.signal(number, lambda number, _frame: told.append(number))
    serving = _spawn(server)
    helper = _Helper(worker) if worker else None
    threading.Thread(target=_mending, args=(mend,), daemon=True).start()
    try:
        while not told and _lives(serving):
            if helper:
                helper.look()
    finally:
        _end([serving, *([helper.process] if helper else [])])
    return 0 if told or serving.returncode == 0 else abs(serving.returncode or 1)


def _mending(mend: Callable[[], object]) -> None:
    while True:
        with suppress(Exception):  # what cannot be mended now is tried again, and logged by itself
            mend()
        time.sleep(MEND_SECONDS)


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


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    """End all of them, by force those that do not listen, and whoever they left behind."""
    for process in running:
        process.terminate()
    until = time.monotonic() + PATIENCE
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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
