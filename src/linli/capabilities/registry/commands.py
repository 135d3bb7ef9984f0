"""Command line of the registry: made-up people, imports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from linli.capabilities.registry import synthetic
from linli.capabilities.registry.reading import figures
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import imports, returning, statistics
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.policy import current

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


def _plan_shown(plan: Any) -> None:
    """The columns as recognised, for whoever starts the import."""
    for each in plan.columns:
        element = dictionary.elements().get(each.element)
        meant = element.label if element else "（不导入）"
        click.echo(
            f"  {each.heading or f'第{each.at + 1}列'} → {meant}  {each.warning or each.why}"
        )
    for warning in plan.warnings:
        click.echo(f"注意：{warning}")


def _report(total: Mapping[str, int]) -> None:
    """What an import did, in words."""
    for name, title in COUNTED.items():
        if total.get(name):
            click.echo(f"{title}：{total[name]}")
    for name, count in sorted(total.items(), key=lambda each: -each[1]):
        if name.startswith("why:"):
            click.echo(f"  {reads.words_of(name[4:])} {count} 行")


COUNTED = {
    "rows": "读到的行",
    "new": "新登记的人",
    "met": "已在库的人",
    "changed": "更新的人",
    "linked": "没有证件号码、认出的",
    "probable": "没有证件号码、待人判定的",
    "moved": "换了住处的",
    "conflicts": "待裁定的值",
    "homes": "新登记的房屋",
    "homes_met": "已在册的房屋",
    "buildings": "新登记的楼栋",
    "organisations": "新登记的单位",
    "organisations_met": "已在册的单位",
    "holdings": "新登记的任职",
    "holdings_met": "已在册的任职",
    "households": "新登记的户",
    "flawed": "部分内容未采用的行",
    "refused": "未导入的行",
}


@registry.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="数据来源的代码或名称")
@click.option("--area", help="导入到哪个区域（代码）；不写为全市")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="数据截止哪一天")
@click.option("--refused", type=FILE, help="把未导入的行连同原因写到这个 .xlsx 或 .csv")
@click.option("--hands", type=click.IntRange(0, 8), help="分几路同时导入；不写由行数决定")
@click.option("--dry-run", is_flag=True, help="只试算，不写入")
def import_(
    file: Path,
    source: str,
    area: str | None,
    as_of: datetime | None,
    refused: Path | None,
    hands: int | None,
    dry_run: bool,
) -> None:
    """Import a department's file; the same command after a break goes on where it was."""
    act = system_act(policy=current().id, channel="job")
    try:
        place = places.by_code(area).id if area else _city()
        with under(act):
            found = imports.source_of(source)
            plan = imports.propose(found, file)
        _plan_shown(plan)
        day = as_of.date() if as_of else None
        if dry_run:
            _tried(act, found, file, plan, place, day)
            return
        batch = imports.begin(act, source=found, file=file, plan=plan, area=place, as_of=day)
        with _bar() as tell:
            imports.run(act, batch, file, crew=hands, tell=tell)
        _report(batch.counts.get("total", {}))
        if refused:
            _gave_back(act, batch, refused)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _gave_back(act: Act, batch: Any, file: Path) -> None:
    """The rows that did not get in, beside why; nothing is written when all did."""
    with under(act), suppress(Refusal):
        kind = file.suffix.lower().lstrip(".")
        content = returning.refused(act, batch, reason="命令行导入", kind=kind)
        file.write_bytes(content)


def _city() -> int:
    """The widest area of this installation below a province."""
    known = places.at_level(Level.CITY) or places.children(None)
    if not known:
        raise click.ClickException("还没有行政区划，请先导入。")
    return known[0].id


class _Tried(Exception):
    """Ends a trial."""


def _tried(act: Act, source: Any, file: Path, plan: Any, place: int, day: date | None) -> None:
    with suppress(_Tried), under(act):
        batch = imports.begin(act, source=source, file=file, plan=plan, area=place, as_of=day)
        with _bar() as tell:
            total = imports.rehearse(act, batch, file, tell=tell)
        click.echo("试算，没有写入：")
        _report(total)
        raise _Tried


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar where somebody looks; quiet in a log."""
    with Progress(disable=not sys.stderr.isatty(), console=Console(stderr=True)) as progress:
        task = progress.add_task("导入", total=None)

        def tell(done: int, about: int) -> None:
            progress.update(task, completed=done, total=max(done, about))

        yield tell


COMMANDS = (registry,)
