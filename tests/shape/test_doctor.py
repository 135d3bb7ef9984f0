"""Broken installations: the doctor names what is broken and how to mend it, whatever else still stands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from linli.kernel.vault import keyfile
from linli.site import cluster
from linli.site.doctor import base, machine
from tests import database


@pytest.fixture(scope="module")
def tidy(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A town in which nothing waits for the worker. Whoever breaks something in it mends it again."""
    name = database.fresh_name("o")
    with django_db_blocker.unblock():
        database.create(name, database.template())
    try:
        database.run(["worker", "--once"], name)
        yield name
    finally:
        database.drop(name)


@pytest.fixture
def house(tidy: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation on that town, with keys and folders of its own."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    keys = state / "vault.json"
    shutil.copy(settings.KEYS, keys)
    keys.chmod(0o600)
    return {
        "LINLI_STATE": str(state),
        "LINLI_KEYS": str(keys),
        "DATABASE_URL": cluster.address("app", tidy),
        "LINLI_OWNER_URL": cluster.address("owner", tidy),
    }


def asked(env: dict[str, str], **more: str) -> tuple[int, str]:
    """What the doctor says, and its exit code."""
    whole = {k: v for k, v in {**os.environ, **env, **more}.items() if v}
    done = subprocess.run(
        [sys.executable, "-m", "linli.site.cli", "doctor"],
        env=whole,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def told(answer: tuple[int, str], what: str, mend: str, mark: str = "✗") -> None:
    """The doctor marks it, says it, and says how to mend it in the next line."""
    code, said = answer
    assert code == (1 if mark == "✗" else 0), said
    lines = said.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith(mark) and what in line), None)
    assert at is not None, said
    assert lines[at + 1].startswith("    → ") and mend in lines[at + 1], said


@contextmanager
def broken(env: dict[str, str], *statements: str, mend: tuple[str, ...]) -> Iterator[None]:
    """Something broken in the database while the doctor looks, whole again afterwards."""
    with psycopg.connect(env["LINLI_OWNER_URL"], autocommit=True) as link:
        for statement in statements:
            link.execute(statement.encode())
        try:
            yield
        finally:
            for statement in mend:
                link.execute(statement.encode())


AWAKE = "INSERT INTO procrastinate_workers DEFAULT VALUES"
ASLEEP = "DELETE FROM procrastinate_workers"
LONG_AGO = "UPDATE acts_fact SET at = at - interval '1 day'", "SELECT 1"
NOT_LONG_AGO = ("UPDATE acts_fact SET at = at + interval '1 day'",)


def test_a_sound_house(house: dict[str, str]) -> None:
    with broken(house, AWAKE, mend=(ASLEEP,)):
        code, said = asked(house)
    assert code == 0, said
    assert [n for n in said.splitlines() if n.startswith(("✗", "!")) and "放假" not in n] == []


def test_the_worker_is_asleep(house: dict[str, str]) -> None:
    told(asked(house), "后台任务没有在运行", "linli worker", "!")
    unsealed = "CREATE TABLE kept AS TABLE acts_seal", "DELETE FROM acts_seal"
    sealed = "INSERT INTO acts_seal TABLE kept", "DROP TABLE kept"
    with broken(house, *unsealed, mend=sealed), broken(house, *LONG_AGO, mend=NOT_LONG_AGO):
        told(asked(house), "分钟还没有处理", "linli worker")


def test_the_city_of_an_older_programme_lacks_somebody(house: dict[str, str]) -> None:
    told(asked(house, LINLI_DEMO="1"), "缺少这些身份：居民、网格员", "linli demo reset", "!")
    code, said = asked(house)
    assert code == 0 and "缺少这些身份" not in said, said


def test_the_keys_of_the_vault_are_lost(house: dict[str, str]) -> None:
    Path(house["LINLI_KEYS"]).unlink()
    told(asked(house), "保险柜的密钥用不了", "不要新建")


def test_the_keys_of_the_vault_are_of_another_house(house: dict[str, str]) -> None:
    Path(house["LINLI_KEYS"]).unlink()
    keyfile.create(Path(house["LINLI_KEYS"]))
    told(asked(house), "密钥打不开已有的数据：access_account.phone", "从备份取回密钥文件")


def test_the_keys_of_the_vault_are_open_or_damaged(house: dict[str, str]) -> None:
    keys = Path(house["LINLI_KEYS"])
    keys.chmod(0o644)
    told(asked(house), "保险柜的密钥用不了", f"chmod 600 {keys}")
    keys.chmod(0o600)
    keys.write_text(json.dumps({"seal": []}))
    told(asked(house), "保险柜的密钥用不了", "从备份取回密钥文件")


def test_the_secret_is_open_or_empty(house: dict[str, str]) -> None:
    secret = Path(house["LINLI_STATE"]) / "secret.key"
    secret.write_text("not so secret")
    secret.chmod(0o644)
    told(asked(house), "密钥文件别人也能读：secret.key", f"chmod 600 {secret}")
    secret.chmod(0o600)
    secret.write_text("")
    told(asked(house), "密钥文件是空的：secret.key", "自动生成新的")


def test_the_tables_are_old_or_too_new(house: dict[str, str]) -> None:
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('acts', '9_later', now())"
    older = "UPDATE django_migrations SET app = '-calendar' WHERE app = 'calendar'"
    with broken(house, newer, mend=("DELETE FROM django_migrations WHERE name = '9_later'",)):
        told(asked(house), "数据库比程序新，程序不认识这些变更：acts.9_later", "请装回")
    back = "UPDATE django_migrations SET app = 'calendar' WHERE app = '-calendar'"
    with broken(house, older, mend=(back,)):
        told(asked(house), "项数据表变更没有执行", "linli migrate")


def test_there_are_no_tables_at_all(house: dict[str, str]) -> None:
    name = database.fresh_name("o")
    database.create(name)
    try:
        empty = {"DATABASE_URL": cluster.address("app", name)}
        answer = asked(house, **empty, LINLI_OWNER_URL=cluster.address("owner", name))
    finally:
        database.drop(name)
    told(answer, "项数据表变更没有执行", "linli migrate")
    told(answer, "检查“policy”没有完成", "linli migrate")


def test_the_server_is_down(house: dict[str, str], tmp_path: Path) -> None:
    nowhere = f"postgresql://linli_app:x@/linli?host={tmp_path}"
    answer = asked(house, DATABASE_URL=nowhere)
    told(answer, "数据库连接不上：应用角色", "DATABASE_URL")
    told(answer, "检查“migrations”没有完成", "先让数据库连得上")


def test_the_address_of_the_owner_is_missing(house: dict[str, str]) -> None:
    told(asked(house, LINLI_OWNER_URL=""), "LINLI_OWNER_URL", "LINLI_OWNER_URL")


def test_the_address_is_no_address(house: dict[str, str]) -> None:
    told(asked(house, DATABASE_URL="postgresql://a@[/x"), "程序没有完整加载", "数据库")


def test_the_application_has_the_owners_role(house: dict[str, str]) -> None:
    answer = asked(house, DATABASE_URL=house["LINLI_OWNER_URL"])
    told(answer, "应用角色可能绕过行级权限：it owns tables", "数据库管理员")


def test_no_policy_is_in_force(house: dict[str, str]) -> None:
    away = "ALTER TABLE policy_version RENAME TO kept", "CREATE TABLE policy_version (LIKE kept)"
    back = "DROP TABLE policy_version", "ALTER TABLE kept RENAME TO policy_version"
    with broken(house, *away, mend=back):
        told(asked(house), "还没有政策包生效", "linli policy apply")


def test_the_pack_was_changed_and_not_applied(house: dict[str, str]) -> None:
    other = (
        "INSERT INTO policy_version (code, hash, body, applied_by, note)"
        f" SELECT code, '{'0' * 64}', body, 1, '' FROM policy_version ORDER BY id DESC LIMIT 1",
        "ALTER TABLE policy_version DISABLE TRIGGER USER",
    )
    same = (
        f"DELETE FROM policy_version WHERE hash = '{'0' * 64}'",
        "ALTER TABLE policy_version ENABLE TRIGGER USER",
    )
    with broken(house, *other, mend=same):
        told(asked(house), "政策包 wuxi 的文件改过", "linli policy apply wuxi", "!")


def test_the_folder_of_uploads_is_gone_or_shut(house: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shut, gone = str(tmp_path / "file/media"), str(tmp_path / "gone")
    told(asked(house, LINLI_MEDIA=shut), f"文件夹不能写入：{shut}", "LINLI_MEDIA")
    named = (
        "INSERT INTO files_file (owner_type, owner_id, area, by, purpose, name, media_type, size,"
        f" digest) VALUES ('x', 1, 0, 1, 'x', 'a.jpg', 'image/jpeg', 1, '{'ab' * 32}')"
    )
    with broken(house, named, mend=("DELETE FROM files_file WHERE owner_type = 'x'",)):
        told(asked(house, LINLI_MEDIA=gone), f"有 1 个不在 {gone}", "从备份恢复")


def test_the_time_zone(house: dict[str, str]) -> None:
    told(asked(house, LINLI_TZ="Mars/Base"), "不认识的时区：Mars/Base", "Asia/Shanghai")
    told(asked(house, LINLI_TZ="UTC"), "时区是 UTC，不是北京时间", "Asia/Shanghai", "!")


def test_the_clocks_differ() -> None:
    finding = base._together(31.2)
    assert (finding.level, "31 秒" in finding.what, "对时" in finding.mend) == ("bad", True, True)
    assert base._together(0.1).level == "ok"


def test_what_setup_makes_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "UI", tmp_path)
    found = next(machine.files())
    assert found.level == "bad" and "htmx.min.js" in found.what and "make setup" in found.mend
