"""Command line of the bench."""

from __future__ import annotations

import json

import click

from linli.site.bench import ledgers as bench_ledgers
from linli.site.bench import matters as bench_matters
from linli.site.bench import registry as bench_registry
from linli.site.bench import tables as bench_tables


@click.group()
def bench() -> None:
    """测速：与裸视图同场比较。"""


@bench.command("matters")
@click.option(
    "--rows", default=100_000, show_default=True, help="how many matters lie in the table"
)
@click.option("--seconds", default=5.0, show_default=True, help="how long each load runs")
@click.option("--json", "as_json", is_flag=True)
def matters_(rows: int, seconds: float, as_json: bool) -> None:
    """Create, list, deepest page, detail over HTTP as scoped users; bare views in the same server."""
    found = bench_matters.bench(rows, seconds, lambda line: click.echo(line, err=as_json))
    if as_json:
        click.echo(json.dumps(found))
        return
    for name in ("create", "list50", "deep", "detail", "bare", "ratio"):
        click.echo(f"{name:8} {found[name]}")


@bench.command("registry")
@click.option("--people", default=100_000, show_default=True, help="how many people are imported")
@click.option("--book", is_flag=True, help="from an .xlsx instead of a .csv")
@click.option("--json", "as_json", is_flag=True)
def registry_(people: int, book: bool, as_json: bool) -> None:
    """Import, linkage, import again, search; a bare COPY into the same tables in the same run."""
    suffix = ".xlsx" if book else ".csv"
    found = bench_registry.bench(people, lambda line: click.echo(line, err=as_json), suffix)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


@bench.command("tables")
@click.option("--rows", default=100_000, show_default=True, help="how many rows are filled in")
@click.option("--json", "as_json", is_flag=True)
def tables_(rows: int, as_json: bool) -> None:
    """Fill a form of 30 columns; the same values written with openpyxl alone in the same run."""
    found = bench_tables.bench(rows, lambda line: click.echo(line, err=as_json))
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


@bench.command("ledgers")
@click.option("--people", default=200_000, show_default=True, help="how many people the city has")
@click.option("--explain", is_flag=True, help="show how the slow ones are read")
@click.option("--keep", is_flag=True, help="leave the stage standing; the next run measures on it")
@click.option("--json", "as_json", is_flag=True)
def ledgers_(people: int, explain: bool, keep: bool, as_json: bool) -> None:
    """Open every ledger of the largest community; read many columns of 100,000 people."""
    found = bench_ledgers.bench(
        people, lambda line: click.echo(line, err=as_json), explain=explain, keep=keep
    )
    if as_json:
        click.echo(json.dumps(found))
        return
    for whose, plans in found.pop("plans").items():
        for key, plan in plans.items():
            click.echo("\n".join([f"{whose} {key}:", *plan]))
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


COMMANDS = (bench,)
