"""Command line of the registry: made-up people, imports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from linli.capabilities.registry import synthetic
from linli.capabilities.registry.reading import figures
from linli.capabilities.registry.services import statistics
from linli.kernel.acts import system_act
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level

FILE = click.Path(dir_okay=False, path_type=Path)
NAMES = Path("../shared/data/names")


@click.group("registry")
def registry() -> None:
    """基础库：合成人口、部门数据导入。"""


def _places() -> list[synthetic.Place]:
    """The communities of this installation; without any, a dozen made-up ones."""
    known = [
        synthetic.Place(each.code, each.name, each.parent.name if each.parent else "")
        for each in places.at_level(Level.COMMUNITY)
    ]
    return known or [
        synthetic.Place(f"3202050010{n:02d}", f"试验{n}社区居委会", "试验街道")
        for n in range(1, 13)
    ]


@registry.command("synth")
@click.option("--people", required=True, type=click.IntRange(1), help="多少人")
@click.option("--out", required=True, type=FILE, help=".csv 或 .xlsx")
@click.option("--seed", required=True, type=int, help="同一个数得到同样的文件")
@click.option("--truth", type=FILE, help="另写一份真值：每行是谁、哪里有错")
@click.option("--names", type=click.Path(file_okay=False, path_type=Path), default=NAMES)
def synth(people: int, out: Path, seed: int, truth: Path | None, names: Path) -> None:
    """Write a file of believable people who do not exist."""
    made = synthetic.make(people, seed, synthetic.read_names(names), _places())
    try:
        synthetic.write(made.rows, out)
    except ValueError as error:
        raise click.ClickException("一张工作表放不下这么多行，请写 .csv，或减少人数。") from error
    if truth:
        made.truth.write_csv(truth)
    click.echo(f"已写出 {len(made.rows)} 行：{out}（合成数据，不是真人）")


@registry.command("statistics")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def statistics_(file: Path) -> None:
    """Take dated figures from a CSV: area, indicator, period, value, as of, document."""
    try:
        lines = figures.read_figures(file)
    except ValueError as error:
        raise click.ClickException(f"{file.name}：{error}") from error
    good = [each for each in lines if not each.fault]
    taken = statistics.record(
        system_act(),
        [statistics.Figure(value=e.value, as_of=e.as_of, **_said(e.values)) for e in good],
    )
    refused = {each.line: each.fault for each in lines if each.fault}
    refused |= {good[at - 1].line: reason for at, reason in taken.refused}
    click.echo(f"新增 {taken.added}，更正 {taken.corrected}，不变 {taken.same}。")
    for line, reason in sorted(refused.items()):
        click.echo(f"  第 {line} 行未采用：{reason}")
    if refused:
        raise SystemExit(1)


def _said(values: Mapping[str, str]) -> dict[str, str]:
    """The words of a line, without the number and the day; a line that says no status was found."""
    said = {name: value for name, value in values.items() if name not in ("value", "as_of")}
    return {**said, "status": values.get("status") or "found"}


COMMANDS = (registry,)
