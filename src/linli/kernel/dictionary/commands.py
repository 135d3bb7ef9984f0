"""Command line of the dictionary: list its elements, find what a heading means, see what sounds alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from linli.kernel.acts import system_act, under
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.headings import SURE, Match
from linli.kernel.policy.versions import NoPolicy


@click.group()
def dictionary() -> None:
    """数据字典：数据元、代码表、表头辨认。"""


def _drawn(table: Table) -> None:
    Console().print(table)


@dictionary.command("list")
@click.option("--set", "record_set", metavar="SET", help="Only one record set.")
@click.option("--tables", "coded", is_flag=True, help="List the code tables instead.")
def list_(record_set: str | None, coded: bool) -> None:
    """Print the elements in force, or the code tables."""
    drawn = Table(header_style="bold")
    with _book():
        if coded:
            _columns(drawn, "代码", "名称", "依据", "状态", "项数")
            for one in selectors.tables().values():
                drawn.add_row(one.code, one.title, one.standard, one.status, str(len(one.entries)))
        else:
            _columns(drawn, "编号", "代码", "名称", "类型", "代码表", "敏感程度", "别名")
            for each in selectors.elements(record_set).values():
                names = "、".join(each.synonyms)
                row = (each.number, each.code, each.title, each.kind, each.table, each.sensitivity)
                drawn.add_row(*row, names)
    _drawn(drawn)


@dictionary.command()
@click.argument("heading")
@click.option("--set", "record_sets", multiple=True, help="Only these record sets.")
def find(heading: str, record_sets: tuple[str, ...]) -> None:
    """Print which elements a heading of a file may mean; exit 1 when none."""
    with _book():
        _matches(selectors.look_up(heading, record_sets or None))


@dictionary.command()
@click.argument("title")
@click.argument("synonyms", nargs=-1)
def similar(title: str, synonyms: tuple[str, ...]) -> None:
    """Print elements that a new field of that name would say again; exit 1 when there are any."""
    with _book():
        found = selectors.similar(title, synonyms)
    if not found:
        click.echo("没有相近的数据元，可以新增。")
        return
    _matches(found)
    raise SystemExit(1 if found[0].score >= SURE else 0)


@contextmanager
def _book() -> Iterator[None]:
    """Read under the dictionary in force; say clearly where no pack has been applied."""
    try:
        with under(system_act()):
            yield
    except NoPolicy as error:
        raise click.ClickException(str(error)) from None


def _columns(drawn: Table, *titles: str) -> None:
    for title in titles:
        drawn.add_column(title, overflow="fold")


def _matches(found: list[Match]) -> None:
    if not found:
        click.echo("没有认出这个表头。")
        raise SystemExit(1)
    drawn = Table(header_style="bold")
    _columns(drawn, "把握", "代码", "名称", "原因")
    for match in found:
        drawn.add_row(f"{match.score:.2f}", match.element.code, match.element.title, str(match.why))
    _drawn(drawn)


COMMANDS = (dictionary,)
