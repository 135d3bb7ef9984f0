"""What `linli serve` keeps running: the worker comes back, one signal ends everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
