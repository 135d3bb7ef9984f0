"""`linli replay`: real files through the real services."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from linli.site.replay import messages as said
from linli.site.replay import requests as asked

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Tell = Callable[[int, int], None]


@click.group()
def replay() -> None:
    """Feed real files through the services, in a throw-away database."""


@contextmanager
def _bar(title: str, *, quiet: bool) -> Iterator[Tell]:
    columns = (*Progress.get_default_columns()[:1], BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=quiet) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def _show(figures: dict[str, Any], words: dict[str, str]) -> None:
    for key, title in words.items():
        if key in figures:
            click.echo(f"{title}：{figures[key]}")
    for reason, count in figures["refused_reasons"].items():
        click.echo(f"  未收 {count} 件：{reason}")


def _print(figures: dict[str, Any], words: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, default=str))
    else:
        _show(figures, words)


@replay.command("messages")
@click.argument("file", type=FILE)
@click.option(
    "--learn-from", type=FILE, help="learn the categories from this file, judge on all of FILE"
)
@click.option("--limit", type=click.IntRange(min=1), help="only so many rows")
@click.option("--seed", default=0, help="of the held-out fifth and of who sends what")
@click.option("--json", "as_json", is_flag=True, help="figures as one JSON object")
def messages(
    file: Path, learn_from: Path | None, limit: int | None, seed: int, as_json: bool
) -> None:
    """Residents' messages (CSV, gz, xlsx) through the intake of the residents' form."""
    try:
        with _bar("留言", quiet=as_json) as tell:
            figures = said.replay(file, learn_from=learn_from, limit=limit, seed=seed, tell=tell)
    except said.BadFile as error:
        raise click.ClickException(str(error)) from None
    words = {
        "accepted": "收下",
        "refused": "未收",
        "unlabelled": "其中没有标签",
        "lookalikes": "提示过相似诉求",
        "macro_f1": "类别推荐宏平均 F1",
        "n_train": "学习条数",
        "n_test": "评判条数",
        "per_s": "每秒",
    }
    _print(figures, words, as_json=as_json)


@replay.command("requests")
@click.argument("file", type=FILE)
@click.option("--limit", type=click.IntRange(min=1), help="only so many rows")
@click.option("--json", "as_json", is_flag=True, help="figures as one JSON object")
def requests(file: Path, limit: int | None, as_json: bool) -> None:
    """A city's request log (311 layout) with its own open, target and close times."""
    try:
        with _bar("工单", quiet=as_json) as tell:
            figures = asked.replay(file, limit=limit, tell=tell)
    except asked.BadFile as error:
        raise click.ClickException(str(error)) from None
    words = {
        "rows": "行数",
        "accepted": "收下",
        "refused": "未收",
        "closed": "已办结",
        "open": "仍未办结",
        "without_target": "没有时限",
        "with_target": "有时限且已办结",
        "on_time_equal": "按时与否和文件一致",
        "overdue": "超期",
        "closed_before_opened": "办结早于登记（按办结时间登记）",
        "per_s": "每秒",
    }
    _print(figures, words, as_json=as_json)


COMMANDS = (replay,)
