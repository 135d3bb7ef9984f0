"""Command line of the house: set up, serve, work, check."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import cast

import click
from django.core.management import call_command
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.django_connector import DjangoConnector

from linli.kernel.acts.conveyor import BATCH, NEAR, SWEEPS, drain, turn
from linli.kernel.acts.queue import take_up
from linli.site import cluster
from linli.site import doctor as clinic
from linli.site.bench.commands import bench
from linli.site.demo.commands import COMMANDS as DEMOS
from linli.site.reference import reference
from linli.site.replay.commands import COMMANDS as REPLAYS
from linli.site.rows import rows
from linli.site.serving import granian, keep
from linli.site.templates_check import broken_templates
from linli.site.words.checks import problems as unsaid
from linli.site.words.commands import words

JOBS_SECONDS = 10.0
# Seconds between two turns of the belt. A turn costs much the same for one fact and for a hundred, so it lets some gather.
PAUSE = 0.3


@click.command()
def migrate() -> None:
    """Bring the tables up to date (as owner); on another server, let the application's role in first."""
    if os.environ.get("DATABASE_URL"):
        cluster.prepare(cluster.address("owner"), cluster.address("app"))
    call_command("migrate", interactive=False, verbosity=1)


@click.command()
@click.argument("labels", nargs=-1)
@click.option("--check", is_flag=True, help="only tell whether something is missing")
def makemigrations(labels: tuple[str, ...], check: bool) -> None:
    """Write migrations for changed models."""
    call_command("makemigrations", *labels, check_changes=check, dry_run=check)


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--workers", default=2)
@click.option("--with-worker/--without-worker", default=True, help="also run the background worker")
def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve the pages (Granian, WSGI), with the worker beside it."""
    _ready()
    helper = [sys.executable, "-m", "linli.site.cli", "worker"] if with_worker else None
    click.echo("邻里正在启动……")
    raise SystemExit(keep(granian(host, port, workers), helper, mend=_Watch(host, port)))


class _Watch:
    """Looked at every second: says the address once it can be opened, and brings the own database back."""

    def __init__(self, host: str, port: int) -> None:
        self.address, self.opened = (host, port), False

    def __call__(self) -> None:
        if not self.opened:
            with suppress(OSError), socket.create_connection(self.address, 1):
                self.opened = True
                click.echo("邻里已启动：http://{}:{}/".format(*self.address))
        cluster.revive()


@click.command()
@click.option("--once", is_flag=True, help="turn the belt until nothing moves, then stop")
def worker(once: bool) -> None:
    """Seal and deliver facts, and run jobs."""
    _ready()
    if once:
        click.echo(drain())
        return
    stopping = threading.Event()
    belt = threading.Thread(target=_belt, args=(stopping,), daemon=True)
    belt.start()
    try:
        # Django's own connector cannot wait for notices of new jobs, and the worker would stop.
        connector = cast(DjangoConnector, queue.connector).get_worker_connector()
        with queue.replace_connector(connector) as listening:
            listening.run_worker(
                name="linli", wait=True, install_signal_handlers=True, concurrency=2
            )
    finally:
        stopping.set()
        belt.join(timeout=10)


def _ready() -> None:
    if told := clinic.unready():
        raise click.ClickException(told)


class _Often:
    """True once in so many seconds, the first time at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.last = seconds, float("-inf")

    def __call__(self) -> bool:
        due = time.monotonic() - self.last > self.seconds
        self.last = time.monotonic() if due else self.last
        return due


def _belt(stopping: threading.Event) -> None:
    sweeps, jobs = [(_Often(each), reach) for each, reach in SWEEPS], _Often(JOBS_SECONDS)
    while not stopping.is_set():
        try:
            due = [reach for often, reach in sweeps if often()]
            moved = turn(due[0] if due else NEAR)
            if jobs() and (found := take_up()):
                click.echo(f"接着做 {found} 项中断的后台任务。")
        except Exception as error:  # a server that restarts must not end the worker
            click.echo(f"传送带暂停：{error}", err=True)
            moved = 0
            time.sleep(1)
        if moved < BATCH:
            stopping.wait(PAUSE)


@click.command()
def check() -> None:
    """Check templates, packs and words; exit 1 when something is broken."""
    broken = [*broken_templates(), *unsaid()]
    for line in broken:
        click.echo(f"✗ {line}")
    if broken:
        raise SystemExit(1)
    click.echo("模板可编译，英文齐全。")


@click.command()
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it."""
    if not clinic.examine():
        raise SystemExit(1)


COMMANDS = (
    migrate,
    makemigrations,
    serve,
    worker,
    check,
    words,
    doctor,
    reference,
    bench,
    rows,
    *DEMOS,
    *REPLAYS,
)
