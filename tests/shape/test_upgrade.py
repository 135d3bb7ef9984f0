"""An installation that is not up to date: every command says what to run, and `make run` brings an older city up to date."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linli.kernel.policy import load
from linli.site import cluster
from tests import database

COMMANDS = (
    ("serve", "--port", "1"),
    ("worker", "--once"),
    ("demo", "build", "--city", "wuxi", "--if-absent"),
    ("policy", "apply", "wuxi"),
    ("audit", "verify"),
)
OLDER = "0" * 64
BOOTSTRAP = Path(__file__).resolve().parents[2] / "setup/bootstrap.py"


@pytest.fixture(scope="module")
def bare(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database without a single table."""
    yield from _database(django_db_blocker, None)


@pytest.fixture
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A city as it stands."""
    yield from _database(django_db_blocker, database.template())


def _database(blocker: Any, template: str | None) -> Iterator[str]:
    name = database.fresh_name("o")
    with blocker.unblock():
        database.create(name, template)
    yield name
    database.drop(name)


def _said(name: str, *command: str) -> tuple[int, str]:
    env = {**os.environ, "LINLI_DEMO": "1", "DJANGO_SETTINGS_MODULE": "linli.site.settings"}
    env |= {"DATABASE_URL": cluster.address("app", name)}
    env |= {"LINLI_OWNER_URL": cluster.address("owner", name)}
    call = [sys.executable, "-m", *command]
    done = subprocess.run(call, env=env, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_without_tables_the_command_says_what_to_run(bare: str, command: tuple[str, ...]) -> None:
    code, said = _said(bare, "linli.site.cli", *command)
    assert code == 1 and "linli migrate" in said, said
    assert "Traceback" not in said


def test_an_older_city_goes_on_through_the_door_of_make_run(town: str) -> None:
    os.environ["LINLI_ROLE"] = "owner"
    try:
        for app, to in (("tables", "zero"), ("files", "0001")):
            code, said = _said(town, "django", "migrate", app, to)
            assert code == 0, said
    finally:
        del os.environ["LINLI_ROLE"]
    with psycopg.connect(cluster.address("owner", town)) as owner:
        old = "body - 'dictionary' - 'ledgers' - 'admission'"
        owner.execute(
            "INSERT INTO policy_version (code, hash, body, applied_by, note)"
            f" SELECT code, '{OLDER}', {old}, applied_by, note FROM policy_version"
        )
    assert _said(town, "linli.site.cli", "migrate")[0] == 0
    code, said = _said(town, "linli.site.cli", "serve", "--port", "1")
    assert code == 1 and "linli policy apply wuxi" in said and "Traceback" not in said, said
    code, said = _said(town, "linli.site.cli", "demo", "build", "--city", "wuxi", "--if-absent")
    assert code == 0 and "第 3 版已生效" in said and "演示城市已在" in said, said
    code, said = _said(town, "linli.site.cli", "doctor")
    assert "政策包 wuxi 第 3 版有效" in said and "数据表是最新的" in said, said
    with psycopg.connect(cluster.address("owner", town)) as owner:
        rows = owner.execute("SELECT hash FROM policy_version ORDER BY id DESC").fetchall()
    assert rows[:2] == [(load("wuxi").hash,), (OLDER,)]
    door = BOOTSTRAP.read_text("utf-8")
    steps = ['"migrate"', '"demo", "build", "--city", "wuxi", "--if-absent"', '"serve", *']
    assert [door.index(each) for each in steps] == sorted(door.index(each) for each in steps)
