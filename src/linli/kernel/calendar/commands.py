"""Command line of the calendar: see a year, try and load a notice."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from linli.kernel.acts import system_act, under
from linli.kernel.calendar.days import Days, Notice, NoticeError, difference
from linli.kernel.calendar.deadline import SHANGHAI
from linli.kernel.calendar.recount import moved, open_deadlines
from linli.kernel.calendar.selectors import calendar as in_force
from linli.kernel.calendar.selectors import notices
from linli.kernel.calendar.services import load as take


@click.group()
def calendar() -> None:
    """日历：工作日与放假安排。"""


@calendar.command()
@click.argument("year", type=click.IntRange(1990, 2069))
def show(year: int) -> None:
    """Print the days of a year that differ from the plain week."""
    with under(system_act()):
        days = in_force()
    for day, special in sorted(days.exceptions.items()):
        if day.year == year:
            click.echo(f"{day} {'放假' if special.is_off else '上班'} {special.name}")
    if year not in days.published:
        click.echo(f"⚠ {year}年放假安排尚未载入，只按周末推算。")
    click.echo(f"{year}年共{days.working_in(date(year, 1, 1), date(year, 12, 31))}个工作日。")


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--announced", type=click.DateTime(["%Y-%m-%d"]), help="通知公布日期，默认今天。")
@click.option("--dry-run", is_flag=True, help="只看影响，不载入。")
def load(file: Path, announced: datetime | None, dry_run: bool) -> None:
    """Load a notice file; print which days and which open deadlines it changes."""
    today = datetime.now(SHANGHAI).date()
    try:
        notice = Notice.from_json(file, announced.date() if announced else today)
    except NoticeError as error:
        raise click.ClickException(str(error)) from error
    act = system_act()
    with under(act):
        new = Days.of([*notices(), notice])
        _report(in_force(), new)
        if not dry_run:
            take(act, notice)
    if dry_run:
        click.echo("试算完毕，没有载入。")
    else:
        click.echo(f"已载入{notice.year}年放假安排，共{len(notice.days)}天。")


def _report(old: Days, new: Days) -> None:
    changed = difference(old, new)
    for day in changed:
        click.echo(f"{day.date} {day.name} {_kind(day.was_working)} → {_kind(day.is_working)}")
    count = 0
    for each in moved(open_deadlines(), new):
        count += 1
        click.echo(f"{each.label} {_clock(each.before)} → {_clock(each.after)}")
    click.echo(f"变动{len(changed)}天，影响未办结时限{count}个。")


def _kind(working: bool) -> str:
    return "上班" if working else "休息"


def _clock(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "停表中"


COMMANDS = (calendar,)
