"""Command line of admission: the first lists."""

from __future__ import annotations

import click

from linli.capabilities.admission import services
from linli.kernel.acts import Refusal, system_act
from linli.kernel.policy import current


@click.group("admission")
def admission() -> None:
    """准入：建立目录。"""


@admission.command("seed")
def seed() -> None:
    """Write the items of the pack that are not there yet; those that exist stay as they are."""
    try:
        count = services.seed(system_act(policy=current().id))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"新建 {count} 项。")


@admission.command("weigh")
def weigh() -> None:
    """Count the burden of every community and month anew."""
    count = services.weigh(system_act(policy=current().id))
    click.echo(f"算好 {count} 行。")


COMMANDS: tuple[click.Command, ...] = (admission,)
