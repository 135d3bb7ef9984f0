"""`linli demo`: build the demonstration city, or clear it and build it anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from linli.kernel import policy
from linli.kernel.acts import Refusal, system_act, under
from linli.site.demo import city
from linli.site.demo.options import Options
from linli.site.doctor import base

CITIES = ("wuxi",)


@click.group()
def demo() -> None:
    """The demonstration city: real divisions, made-up people and matters."""


def _options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--city", "place", type=click.Choice(CITIES), default="wuxi"),
        click.option(
            "--scale",
            type=click.FloatRange(min=0, min_open=True),
            default=1.0,
            help="1 is about 6,000 matters",
        ),
        click.option("--seed", default=1, help="the same seed gives the same city"),
        click.option(
            "--today", type=click.DateTime(["%Y-%m-%d"]), help="the day the sixty days lead up to"
        ),
        click.option(
            "--communities", type=click.IntRange(min=0), default=0, help="a tiny city of so many"
        ),
    ):
        command = option(command)
    return command


@contextmanager
def _bar() -> Iterator[city.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("演示城市", total=None)

        def tell(what: str, done: int, whole: int) -> None:
            bar.update(task, description=f"演示城市 {what}", completed=done, total=whole)

        yield tell


def _build(options: Options) -> None:
    began = time.perf_counter()
    try:
        with _bar() as tell, under(system_act()) as act:
            built = city.build(act, options, tell)
    except Refusal as refusal:
        raise click.ClickException(f"{refusal} 要重建请用 --force。") from None
    click.echo(
        f"演示城市已建好（{time.perf_counter() - began:.0f} 秒）：{built.matters} 件诉求、"
        f"{built.facts} 条记录、{built.people} 个账号、{built.registered} 名登记人口。演示数据，均为虚构。"
    )


def _made(scale: float, seed: int, today: datetime | None, communities: int) -> Options:
    return Options(scale, seed, today.date() if today else None, communities)


def _ready(place: str) -> None:
    """Tables must be there; the demonstration follows the pack that this programme ships, whatever was in force."""
    for finding in base.migrations():
        if finding.level == "bad":
            raise click.ClickException(f"{finding.what}\n→ {finding.mend}")
    try:
        pack = policy.current()
        behind = pack.code == place and pack.hash != policy.load(place).hash
    except policy.NoPolicy:
        behind = True
    if behind:
        with under(system_act()) as act:
            row = policy.apply(place, act, note="演示城市")
        click.echo(f"政策包 {row.code} 第 {row.pk} 版已生效。")


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise click.ClickException("只在演示模式下可以清空：请先设 LINLI_DEMO=1。")


@demo.command()
@_options
@click.option("--force", is_flag=True, help="clear what stands there first (demo mode only)")
@click.option("--if-absent", is_flag=True, help="do nothing when a city stands there")
def build(
    place: str,
    scale: float,
    seed: int,
    today: datetime | None,
    communities: int,
    force: bool,
    if_absent: bool,
) -> None:
    """Build the city into this installation's database; one that stands there is brought up to date."""
    _ready(place)
    with under(system_act()):
        there = city.present()
    if there and if_absent:
        click.echo("演示城市已在。要按新程序重建，运行 linli demo reset（会清空）。")
        for found in base.cast():
            if found.level != "ok":
                click.echo(f"! {found.what}")
        return
    if there and force:
        _only_in_demo()
        city.clear()
    _build(_made(scale, seed, today, communities))


@demo.command()
@_options
def reset(place: str, scale: float, seed: int, today: datetime | None, communities: int) -> None:
    """Clear the city and build it anew (demo mode only)."""
    _only_in_demo()
    _ready(place)
    city.clear()
    _build(_made(scale, seed, today, communities))


COMMANDS = (demo,)
