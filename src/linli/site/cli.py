"""`linli`: the command line; every app adds its own commands by a `commands.py`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import django
from django.apps import apps
from django.db import ProgrammingError

from linli.kernel.policy.pack import NoSuchSection
from linli.kernel.policy.versions import NoPolicy
from linli.site import cluster
from linli.site.doctor import examine, unready

OWNERS = {"migrate", "makemigrations", "setup"}


@click.group()
def linli() -> None:
    """邻里：城市社区治理与服务的开放平台。"""


def _collect() -> None:
    for config in apps.get_app_configs():
        name = f"{config.name}.commands"
        if config.name.startswith("linli.") and find_spec(name):
            for command in import_module(name).COMMANDS:
                linli.add_command(command)


def main() -> None:
    """Start what is needed, set Django up, run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    if OWNERS & set(sys.argv[1:2]):
        os.environ["LINLI_ROLE"] = "owner"
    try:
        if not os.environ.get("DATABASE_URL"):
            cluster.ensure()
        django.setup()
    except Exception as error:
        _told(error)
    _collect()
    try:
        linli(prog_name="linli")
    except (ProgrammingError, NoPolicy, NoSuchSection) as error:
        if not (told := unready()):
            raise
        click.echo(told, err=True)
        raise SystemExit(1) from error


def _told(error: Exception) -> None:
    """Nothing can run: the doctor says why, other commands point to it."""
    if sys.argv[1:2] == ["doctor"]:
        examine(error)
    elif isinstance(error, cluster.ClusterError | PermissionError):
        click.echo(f"{error}\n运行 linli doctor 看怎么解决。", err=True)
    else:
        raise error
    raise SystemExit(1)


if __name__ == "__main__":
    main()
