"""Command line of matters: the clock's turn, the hotline's files."""

from __future__ import annotations

from pathlib import Path

import click

from linli.capabilities.matters import workbook
from linli.capabilities.matters.selectors import hotline as reads
from linli.capabilities.matters.services import hotline as orders
from linli.capabilities.matters.services import watch
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.policy import current

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("matters")
def matters() -> None:
    """诉求：时钟。"""


@matters.command("tick")
@click.option("--most", default=watch.MOST, show_default=True, help="一次最多看多少件")
def tick(most: int) -> None:
    """Turn the clock once: warnings, escalations, what settles itself, new deadlines."""
    done = watch.tick(system_act(policy=current().id), most)
    click.echo(
        f"看了 {done.looked} 件：预警 {done.warned}，上报 {done.escalated}，"
        f"自动结案 {done.settled}，重新计时 {done.recounted}，出错 {done.failed}。"
    )
    if done.failed:
        raise SystemExit(1)


@click.group("hotline")
def hotline() -> None:
    """12345 工单：导入、回复。"""


@hotline.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只看会导入什么")
def import_(file: Path, dry_run: bool) -> None:
    """Import a workbook of work orders; a second time makes nothing new."""
    try:
        with under(system_act(policy=current().id, channel="hotline")) as act:
            found = orders.reading_of(act, file.read_bytes())
            for bad in found.bad:
                click.echo(f"第 {bad.line} 行未采用：{bad.why}")
            if dry_run:
                click.echo(f"可导入 {len(found.orders)} 件，未采用 {len(found.bad)} 行。")
                return
            done = orders.take_in(act, found.orders)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for line, why in done.failed:
        click.echo(f"第 {line} 行未采用：{why}")
    refused = len(found.bad) + len(done.failed)
    click.echo(f"新建 {done.made} 件，已有 {done.known} 件，未采用 {refused} 行。")


@hotline.command("replies")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def replies(out: Path) -> None:
    """Write the answers of finished work orders that were not answered before, and note them as sent."""
    with under(system_act(policy=current().id)) as act:
        found = reads.to_reply(act)
        header, rows = reads.replies(found)
        for matter in found:
            orders.hotline_reply(act, matter)
        if found:  # written before the notes are committed, so that no answer is noted and lost
            out.write_bytes(workbook.write(header, rows, "回复"))
    click.echo(f"已写出 {len(found)} 件：{out}" if found else "没有待回复的工单。")


COMMANDS = (matters, hotline)
