"""A worker that is killed in the middle of an export: it is noticed, said, and the file is written all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from linli.capabilities.matters import services as matters
from linli.capabilities.matters.services import exports as rows
from linli.kernel.acts import conveyor, queue, under
from linli.kernel.files import exports
from linli.kernel.files.jobs import written
from linli.kernel.files.models import Export
from linli.site import cluster
from tests.town import Town

SENT = {"query": "show=all", "reason": "年度归档", "format": "csv"}


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)


def owner() -> psycopg.Connection[tuple[object, ...]]:
    """The owner in the town's own database."""
    return psycopg.connect(cluster.address("owner", str(connection.settings_dict["NAME"])))


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the house, a process of its own, on the town's own database."""
    name = str(connection.settings_dict["NAME"])
    env = {**os.environ, "DATABASE_URL": cluster.address("app", name)}
    env |= {"LINLI_OWNER_URL": cluster.address("owner", name)}
    env |= {"LINLI_MEDIA": str(settings.MEDIA_ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "linli.site.cli", "worker"], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    """The clerk asks for an export that is big enough for the queue: her browser, the address of its page."""
    monkeypatch.setattr(rows, "DIRECT_MOST", 0)
    monkeypatch.setattr(exports, "SETTLED", timedelta())
    intake = matters.Intake(code="0901", title="楼道灯坏了", area=town.area("甲社区").pk)
    matters.report(town.act("wang"), intake=intake)
    client, act = Client(), town.act("chen")
    session = client.session
    session.update({"account": act.actor, "hat": act.hat, "second": True})
    session.save()
    answer = client.post("/desk/matters/export/", SENT)
    assert answer.status_code == 303
    return client, answer["Location"]


def state(town: Town) -> str:
    """How the only export stands in its row."""
    with under(town.act("chen")):
        return str(Export.objects.get().state)


def doing() -> bool:
    """Whether a worker has the job in its hands and its rows are being read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AND EXISTS (SELECT FROM"
            " procrastinate_jobs WHERE task_name = 'files.write_export' AND status = 'doing')"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.row("R128")
def test_an_export_outlives_the_worker_that_was_killed_over_it(
    own_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    chen, page = asked(own_town, monkeypatch)
    with owner() as held:
        held.execute("LOCK TABLE matters_matter IN ACCESS EXCLUSIVE MODE")
        with worker() as first:
            until(doing)
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
    assert state(own_town) == "waiting"
    with owner() as later:
        later.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 min'")
    told = chen.get(page).content.decode()
    assert "后台任务现在没有运行" in told and "linli worker" in told
    with worker():
        until(lambda: state(own_town) == "ready")
    assert "下载" in chen.get(page).content.decode()


def test_an_export_that_kills_every_worker_is_given_up_and_asked_for_again(
    own_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    chen, page = asked(own_town, monkeypatch)
    act = own_town.act("chen")
    with owner() as beside:
        beside.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert "重新生成" in chen.get(page).content.decode(), "no job is left that would write it"
    with under(act):
        made = Export.objects.get()
    assert written(made.pk, act.actor, act.hat, died=exports.TRIES_MOST) == 0
    assert state(own_town) == "failed"
    conveyor.drain()
    assert "导出没有完成" in chen.get("/desk/notices/").content.decode()
    assert chen.post(f"{page}again/").status_code == 303
    assert state(own_town) == "waiting" and queue.waits(exports.WRITING, "export", made.pk)
    assert chen.post(f"{page}again/").status_code == 422, "it is being written"
    assert written(made.pk, act.actor, act.hat) == 1
    assert "下载" in chen.get(page).content.decode()


def test_jobs_of_dead_workers_are_taken_up_until_it_is_they_that_kill(own_town: Town) -> None:
    with owner() as beside:
        beside.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock)"
            " VALUES ('house', 'a', 'doing', 0, NULL), ('house', 'b', 'doing', 9, NULL),"
            " ('house', 'c', 'doing', 0, 'c'), ('house', 'c', 'todo', 0, 'c')"
        )
    assert queue.take_up() == 3
    with owner() as beside:
        found = beside.execute(
            "SELECT task_name, status::text FROM procrastinate_jobs"
            " WHERE task_name < 'd' ORDER BY id"
        ).fetchall()
    assert found == [("a", "todo"), ("b", "failed"), ("c", "failed"), ("c", "todo")]
    assert queue.take_up() == 0
    with owner() as beside:
        beside.execute("UPDATE procrastinate_events SET at = at - interval '20 days'")
    queue.forget_old()
    with owner() as beside:
        left = beside.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name < 'd'")
        assert {row[0] for row in left.fetchall()} == {"todo"}
