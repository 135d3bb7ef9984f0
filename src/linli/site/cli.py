"""`linli`: the command line; every app adds its own commands by a `commands.py`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import django
from django.apps import apps

from linli.site import cluster

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
    if not os.environ.get("DATABASE_URL"):
        cluster.ensure()
    django.setup()
    _collect()
    linli(prog_name="linli")


if __name__ == "__main__":
    main()
