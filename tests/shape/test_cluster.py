"""The launcher against real servers, each in a den of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from linli.site import cluster
from linli.site.cluster import den as dens

CHILD = "from linli.site import cluster; print(cluster.ensure().pid)"


@contextmanager
def _den(folder: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINLI_STATE", str(folder))
        for name in ("DATABASE_URL", "LINLI_OWNER_URL"):
            patch.delenv(name, raising=False)
        yield folder
        cluster.remove()
        assert not dens.den().card_path.exists()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A den that nobody used, removed with its server afterwards."""
    with _den(tmp_path / "state") as folder:
        yield folder


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One den shared by the tests that leave it as good as they found it."""
    with _den(tmp_path_factory.mktemp("den") / "state") as folder:
        yield folder


def _child() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def test_starts_is_adopted_and_stops(state: Path) -> None:
    address = cluster.address()
    assert not cluster.status().running, "an address must not start a server"
    first = cluster.ensure()
    assert cluster.address() == address
    again = cluster.ensure()
    assert again == first and first.pid == cluster.status().pid
    with psycopg.connect(cluster.address()) as link:
        assert link.execute("SELECT current_user").fetchone() == ("linli_app",)
    assert cluster.stop() and not cluster.status().running
    assert not cluster.stop()
    assert cluster.ensure().pid != first.pid


def test_two_processes_at_once_get_one_server(fresh: Path) -> None:
    children = [_child() for _ in range(3)]
    pids = {child.communicate(timeout=120)[0].strip() for child in children}
    assert [child.returncode for child in children] == [0, 0, 0]
    assert pids == {str(cluster.ensure().pid)}


def test_killed_while_writing_loses_nothing_acknowledged(state: Path) -> None:
    pid = cluster.ensure().pid
    with psycopg.connect(cluster.address("owner"), autocommit=True) as link:
        link.execute("CREATE TABLE kept (n int)")
    acknowledged: list[int] = []

    def write() -> None:
        try:
            with psycopg.connect(cluster.address(), autocommit=True) as link:
                for n in range(1_000_000):
                    link.execute("INSERT INTO kept VALUES (%s)", (n,))
                    acknowledged.append(n)
        except psycopg.OperationalError:
            return

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 200:
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    assert cluster.ensure().pid != pid
    writer.join(timeout=30)
    with psycopg.connect(cluster.address()) as link:
        found = {row[0] for row in link.execute("SELECT n FROM kept")}
    assert len(acknowledged) >= 200
    assert set(acknowledged) <= found
    # One row may have been written whose acknowledgement the kill cut off; no more.
    assert len(found - set(acknowledged)) <= 1


def test_a_stranger_with_the_old_number_does_not_block_the_start(state: Path) -> None:
    place = cluster.ensure()
    assert place.data
    pid_file = place.data / "postmaster.pid"
    text = pid_file.read_text()
    os.kill(place.pid, signal.SIGKILL)
    pid_file.write_text(text.replace(str(place.pid), str(os.getppid()), 1))
    assert cluster.ensure().pid not in (place.pid, os.getppid())


def test_files_are_private_and_nothing_listens_on_a_port(state: Path) -> None:
    running = cluster.ensure()
    assert running.data and running.socket
    place = dens.den()
    assert place.card_path.stat().st_mode & 0o777 == 0o600
    for folder in (running.data, running.socket):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == place.uid != 0
    assert len(os.fsencode(running.socket / dens.SOCKET_NAME)) < 100
    with psycopg.connect(cluster.address("root")) as link:
        assert link.execute("SHOW listen_addresses").fetchone() == ("",)
        assert link.execute("SHOW synchronous_commit").fetchone() == ("on",)
    wrong = cluster.address().replace("linli_app:", "linli_app:no")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_chinese_is_text_and_sorts_alike_everywhere(state: Path) -> None:
    cluster.ensure()
    with psycopg.connect(cluster.address("owner"), autocommit=True) as link:
        link.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        row = link.execute(
            "SELECT getdatabaseencoding(), lower('ÀÉ'), cardinality(show_trgm('路灯不亮')) > 0"
        ).fetchone()
    assert row == ("UTF8", "àé", True)


def test_the_application_writes_rows_but_no_definitions_and_bypasses_nothing(state: Path) -> None:
    cluster.ensure()
    with psycopg.connect(cluster.address("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE walled (area bigint, id serial)")
        owner.execute("INSERT INTO walled VALUES (1), (2)")
        owner.execute("ALTER TABLE walled ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY one ON walled USING (area = 1)")
    with psycopg.connect(cluster.address(), autocommit=True) as app:
        assert app.execute("SELECT area FROM walled").fetchall() == [(1,)]
        app.execute("INSERT INTO walled VALUES (1)")
        app.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT area FROM walled")
        app.execute("SET row_security = on")
        for forbidden in (
            "INSERT INTO walled VALUES (2)",
            "CREATE TABLE mine (n int)",
            "ALTER TABLE walled DISABLE ROW LEVEL SECURITY",
            "TRUNCATE walled",
            "SET ROLE linli_owner",
            "ALTER ROLE linli_app BYPASSRLS",
            "CREATE DATABASE mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
        assert cluster.weaknesses(app, "linli_app") == []


def test_a_new_database_is_born_with_the_applications_privileges(state: Path) -> None:
    cluster.ensure()
    with psycopg.connect(cluster.address("owner"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE fresh")
    with psycopg.connect(cluster.address("owner", "fresh"), autocommit=True) as owner:
        owner.execute("CREATE TABLE rows (n serial)")
    with psycopg.connect(cluster.address("app", "fresh"), autocommit=True) as app:
        app.execute("INSERT INTO rows DEFAULT VALUES")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (n int)")


def test_prepares_another_server_and_refuses_a_role_that_could_bypass(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.ensure()
    query = cluster.address("root", "town").split("@", 1)[1]
    owner, app = f"postgresql://boss:b@{query}", f"postgresql://web:w@{query}"
    with psycopg.connect(cluster.address("root", "postgres"), autocommit=True) as link:
        link.execute("CREATE ROLE boss LOGIN PASSWORD 'b'")
        link.execute("CREATE DATABASE town OWNER boss")
        with pytest.raises(cluster.ClusterError, match="CREATE ROLE"):
            cluster.prepare(owner, app)
        link.execute("CREATE ROLE web LOGIN PASSWORD 'w'")
        with psycopg.connect(owner, autocommit=True) as boss:
            boss.execute("CREATE TABLE older (n serial)")
        cluster.prepare(owner, app)
        cluster.prepare(owner, app)
        monkeypatch.setenv("DATABASE_URL", app)
        monkeypatch.setenv("LINLI_OWNER_URL", owner)
        assert not cluster.ensure().embedded
        assert cluster.parts(cluster.address("owner", "other"))["NAME"] == "other"
        with psycopg.connect(cluster.address()) as web:
            web.execute("INSERT INTO older DEFAULT VALUES")
        link.execute("ALTER ROLE web BYPASSRLS")
        with pytest.raises(cluster.ClusterError, match="may bypass policies"):
            cluster.prepare(owner, app)


def test_a_grant_taken_away_on_purpose_stays_away(state: Path) -> None:
    cluster.ensure()
    with psycopg.connect(cluster.address("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE facts (n int)")
        owner.execute("REVOKE UPDATE, DELETE ON facts FROM linli_app")
    cluster.prepare(cluster.address("owner"), cluster.address())
    with psycopg.connect(cluster.address(), autocommit=True) as app:
        app.execute("INSERT INTO facts VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE facts SET n = 2")


def test_a_clone_made_anew_at_the_same_path_finds_no_old_rows(fresh: Path) -> None:
    cluster.ensure()
    with psycopg.connect(cluster.address("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE former (n int)")
    cluster.stop()
    shutil.rmtree(fresh)
    cluster.ensure()
    with psycopg.connect(cluster.address("owner")) as owner:
        assert owner.execute("SELECT to_regclass('former')").fetchone() == (None,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as another user")
def test_an_ordinary_user_runs_it_in_the_checkout(tmp_path: Path) -> None:
    package = Path(cluster.__file__).parents[3]
    home = Path(f"/tmp/linli-ordinary-{os.getpid()}")
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    program = (
        "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        f"os.environ['LINLI_STATE'] = {str(home / ('deep' * 20) / 'state')!r};"
        "from linli.site import cluster; import psycopg; c = cluster.ensure();"
        "psycopg.connect(cluster.address()).close(); print(c.data, c.socket);"
        "cluster.stop(); cluster.remove()"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"import linli.site.cluster; {program}"],
            env={**os.environ, "PYTHONPATH": str(package)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        data, socket = done.stdout.split()
        assert data.startswith(str(home)) and socket.startswith("/tmp/linli-65534-")
    finally:
        shutil.rmtree(home)
