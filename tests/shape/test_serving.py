"""What `linli serve` keeps running: the worker comes back, one signal ends everything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linli.site import cluster

PROGRAM = """
import sys
from linli.site.serving import keep
born = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
here = sys.argv[1]
sys.exit(keep([sys.executable, "-c", born, here + "/server"], [sys.executable, "-c", born, here + "/worker"]))
"""


def _until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def _born(file: Path) -> list[int]:
    return [int(n) for n in file.read_text().split()] if file.exists() else []


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_worker_that_dies_comes_back_and_one_signal_ends_all(
    tmp_path: Path, ending: signal.Signals
) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stderr=subprocess.PIPE, text=True
    )
    served, worked = tmp_path / "server", tmp_path / "worker"
    _until(lambda: bool(_born(served) and _born(worked)))
    os.kill(_born(worked)[0], signal.SIGKILL)
    _until(lambda: len(_born(worked)) == 2)
    keeper.send_signal(ending)
    said = keeper.communicate(timeout=30)[1]
    assert keeper.returncode == 0, said
    assert "后台任务意外停止" in said
    assert len(_born(served)) == 1, "the server itself was left alone"
    assert all(_gone(pid) for pid in (*_born(served), *_born(worked)))


BORN_DEAF = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
print(os.getpid(), file=open(sys.argv[1], "a"))
time.sleep(60)
"""
DEAF = """
import signal, sys
from linli.site import serving
serving.PATIENCE = 2.0
def mend():
    open(sys.argv[2] + "/mending", "w").close()
    signal.pause()
born = [sys.executable, "-c", sys.argv[1]]
server, worker = ([*born, f"{sys.argv[2]}/{name}"] for name in ("server", "worker"))
sys.exit(serving.keep(server, worker, mend=mend))
"""


def test_those_that_do_not_listen_and_their_children_are_ended_by_force(tmp_path: Path) -> None:
    keeper = subprocess.Popen([sys.executable, "-c", DEAF, BORN_DEAF, str(tmp_path)])
    files = tmp_path / "server", tmp_path / "worker"
    _until(lambda: all(len(_born(file)) == 2 for file in files))
    _until((tmp_path / "mending").exists)
    keeper.terminate()
    assert keeper.wait(timeout=30) == 0
    _until(lambda: all(_gone(pid) for file in files for pid in _born(file)))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(n) for n in listed.read_text().split()] if listed.exists() else []


def _answering(keeper: int) -> list[int]:
    """The processes that answer requests: children of the server, which is a child of the keeper."""
    return [pid for server in _children(keeper) for pid in _children(server)]


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


SLOW = """
import time
time.sleep(%(loading)s)
def application(environ, start):
    start("200 OK", [("Content-Length", "2")])
    until = time.monotonic() + 60
    while environ["PATH_INFO"] == "/busy" and time.monotonic() < until:
        pass
    if environ["PATH_INFO"] == "/slow":
        time.sleep(60)
    return [b"ok"]
"""
SERVE = """
import sys
from linli.site.serving import granian, keep
sys.exit(keep(granian("127.0.0.1", int(sys.argv[1]), 2, "slow:application"), None))
"""
HALF = "Content-Length: 9000\r\n"


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Callable[[int], tuple[subprocess.Popen[bytes], int]]]:
    """Serve a small application that loads for so many seconds: its keeper and its port."""
    kept: list[subprocess.Popen[bytes]] = []

    def served(loading: int) -> tuple[subprocess.Popen[bytes], int]:
        (tmp_path / "slow.py").write_text(SLOW % {"loading": loading})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        paths = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
        command = [sys.executable, "-c", SERVE, str(port)]
        kept.append(subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}))
        _until(lambda: len(_answering(kept[-1].pid)) == 2)
        return kept[-1], port

    yield served
    for keeper in kept:
        for pid in [*_answering(keeper.pid), *_children(keeper.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        keeper.kill()
        keeper.wait()


def test_a_server_that_is_told_while_it_loads_ends(slow: Any) -> None:
    keeper, _port = slow(40)
    processes = _answering(keeper.pid)
    keeper.terminate()
    assert keeper.wait(timeout=30) == 0
    assert all(_gone(pid) for pid in processes)


def test_a_server_ends_under_open_connections_and_busy_threads(slow: Any) -> None:
    keeper, port = slow(0)
    processes = _answering(keeper.pid)
    _until(lambda: _listens(port))
    with ExitStack() as held:

        def opened(path: str, more: str = "") -> socket.socket:
            link = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            link.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
            return link

        for _each in range(4):
            assert b"200" in opened("/").recv(100), "answered, and kept open"
        for _each in range(3):
            opened("/", HALF)
            opened("/slow")
            opened("/busy")
        keeper.terminate()
        assert keeper.wait(timeout=40) == 0
    assert all(_gone(pid) for pid in processes)


def test_a_server_that_ends_by_itself_ends_the_whole_with_its_code(tmp_path: Path) -> None:
    code = """
import sys
from linli.site.serving import keep
sys.exit(keep([sys.executable, "-c", "raise SystemExit(3)"],
    [sys.executable, "-c", "import time; time.sleep(60)"]))
"""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], timeout=40, check=False)
    assert done.returncode == 3
    assert time.monotonic() - began < 30, "the worker was ended too"


def test_a_killed_database_is_started_again_and_a_stopped_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_STATE", str(tmp_path / "state"))
    for name in ("DATABASE_URL", "LINLI_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    assert not cluster.revive(), "nothing was ever here"
    first = cluster.ensure().pid
    try:
        assert not cluster.revive(), "it lives"
        os.kill(first, signal.SIGKILL)
        _until(lambda: not cluster.status().running)
        assert cluster.revive()
        assert cluster.status().pid not in (0, first)
        psycopg.connect(cluster.address()).close()
        cluster.stop()
        assert not cluster.revive() and not cluster.status().running
    finally:
        cluster.remove()
