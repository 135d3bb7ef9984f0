"""`linli words`: collect what people read, and refuse what has no English."""

from __future__ import annotations

import click

from linli.site.words.catalogues import ENGLISH, compile_all, read, renewed, write
from linli.site.words.checks import problems
from linli.site.words.sources import sentences


@click.group()
def words() -> None:
    """What people read: Chinese in the source, English in one catalogue."""


@words.command()
def extract() -> None:
    """Collect every sentence of code, templates and packs into the English catalogue, and compile."""
    catalogue = renewed(read(ENGLISH), sentences())
    write(ENGLISH, catalogue)
    empty = sum(1 for m in catalogue if m.id and not (m.string and all(m.string)))
    click.echo(f"{len(catalogue)} sentences, {empty} without English")
    compile_all()


@words.command("compile")
def compile_() -> None:
    """Compile the catalogues, as set-up does."""
    for language, count in compile_all():
        click.echo(f"{language}: {count}")


@words.command()
def check() -> None:
    """List what is wrong with the words; exit 1 when anything is."""
    found = list(problems())
    for line in found:
        click.echo(f"✗ {line}")
    if found:
        raise SystemExit(1)
    click.echo("English is complete.")
