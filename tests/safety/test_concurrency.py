"""Real parallel connections, real kills: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import psycopg.conninfo
import pytest
from django.db import connection
from django.utils import timezone

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter, PublicMatter
from linli.kernel.acts import Refusal, conveyor, system_act, under
from linli.kernel.acts.models import Fact, Seal, Stuck
from linli.kernel.notices.models import Notice
from linli.kernel.tasks.models import Task
from linli.site import cluster
from tests.safety.conftest import guest, report
from tests.town import Town

ROOT = Path(__file__).resolve().parents[2]
TITLE = "楼道灯不亮了请来看看"


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run calls in threads with a connection each, all starting together; results, or what was raised."""
    gate, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(60)
            found[place] = call()
        except Exception as error:
            found[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "it waits for somebody"
    return found


def lamp(town: Town, **more: Any) -> Matter:
    act = town.act("wang", timezone.now() - timedelta(hours=2))
    return report(town, act, TITLE, "甲社区第一网格", **more)


def matters() -> int:
    with under(system_act()):
        return Matter.objects.count()


def one_wins(found: list[Any], words: str) -> None:
    """Exactly one call went through; every other was told why in plain words."""
    lost = [f for f in found if isinstance(f, Exception)]
    assert len(lost) == len(found) - 1, found
    for error in lost:
        assert isinstance(error, Refusal), repr(error)
        assert words in str(error), str(error)


def facts_of(matter: Matter, verb: str) -> int:
    with under(system_act()):
        return Fact.objects.filter(
            subject_type="matters.matter", subject_id=matter.pk, verb=verb
        ).count()


@pytest.mark.parametrize("who", ["wang", "guest", "chen", "zhou"])
def test_a_double_click_makes_one_matter(own_town: Town, who: str) -> None:
    token, area = uuid4(), own_town.area("甲社区").pk
    act = guest(own_town, timezone.now()) if who == "guest" else own_town.act(who)
    reporter = act.actor if who == "wang" else None

    def send() -> Matter:
        code = services.receipt_code() if who == "guest" else ""
        intake = services.Intake(
            code="0901", title=TITLE, area=area, reporter=reporter, token=token
        )
        return services.report(act, intake=intake, query_code=code)

    found = at_once([send] * 4)
    assert not [f for f in found if isinstance(f, Exception)], found
    assert len({m.pk for m in found}) == 1 and matters() == 1


def test_a_token_used_for_other_words_gives_nothing_away(own_town: Town) -> None:
    token = uuid4()
    lamp(own_town, token=token)
    with pytest.raises(Refusal, match="刷新"):
        report(own_town, own_town.act("li"), "别的事情", "甲社区第一网格", token=token)


def test_the_last_query_code_of_a_double_click_opens_it(own_town: Town) -> None:
    token, act = uuid4(), guest(own_town, timezone.now())
    for code in ("AAAA2222", "BBBB3333"):
        report(own_town, act, TITLE, "甲社区", token=token, query_code=code)
    with under(act.on(key=services.visitor_key("BBBB3333"))):
        assert Matter.objects.count() == 1


def test_two_clerks_accept_and_one_is_told_the_state(own_town: Town) -> None:
    matter = lamp(own_town, code="0601")
    acts = [own_town.act(who) for who in ("chen", "lin")]
    found = at_once([partial(services.accept, act, matter) for act in acts])
    one_wins(found, "办理中")
    assert facts_of(matter, "matters.accept") == 1


def test_accept_against_withdraw(own_town: Town) -> None:
    sun, wang = own_town.act("sun"), own_town.act("wang")
    for _round in range(4):
        matter = lamp(own_town)
        at_once([partial(services.accept, sun, matter), partial(services.withdraw, wang, matter)])
        with under(system_act()):
            state = Matter.objects.get(pk=matter.pk).state
        told = facts_of(matter, "matters.withdraw")
        assert (state == "withdrawn") == (told == 1), "the row and its facts tell the same"


def test_a_transfer_is_accepted_once(own_town: Town) -> None:
    matter = lamp(own_town, code="0601")
    chen, gao = own_town.act("chen"), own_town.act("gao")
    services.accept(chen, matter)
    services.transfer(chen, matter, to=own_town.unit("urban").pk, reason="请执法")
    found = at_once([lambda: services.accept_transfer(gao, matter)] * 3)
    assert sum(not isinstance(f, Exception) for f in found) == 1, found
    assert all(isinstance(f, Refusal | Matter) for f in found), found
    assert facts_of(matter, "matters.accept_transfer") == 1


def closed(town: Town) -> Matter:
    matter = services.accept(town.act("sun"), lamp(town))
    matter = services.handle(town.act("sun"), matter, outcome="换了灯泡")
    matter = services.verify(town.act("chen"), matter)
    return services.close(town.act("chen"), matter)


def test_one_rates_once(own_town: Town) -> None:
    matter, wang = closed(own_town), own_town.act("wang")
    found = at_once([lambda: services.rate(wang, matter, value=5)] * 3)
    assert sum(not isinstance(f, Exception) for f in found) == 1, found
    assert all(isinstance(f, Refusal | Matter) for f in found), found
    assert facts_of(matter, "matters.rate") == 1


def test_sixteen_reports_are_all_there_with_seals_without_gaps(own_town: Town) -> None:
    act = own_town.act("wang")
    found = at_once([lambda: [report(own_town, act, TITLE, "甲社区") for _n in range(3)]] * 16)
    numbers = [m.number for batch in found for m in batch]
    assert len(set(numbers)) == 48 == matters()
    at_once([conveyor.drain] * 3)
    conveyor.drain()
    whole_and_once(48)


def whole_and_once(reported: int) -> None:
    """Every fact sealed without a gap, every follow-up there once."""
    with under(system_act()):
        seqs = list(Seal.objects.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, Fact.objects.count() + 1))
        assert Stuck.objects.count() == 0
        tasks = Counter(Task.objects.values_list("subject_id", flat=True))
        assert len(tasks) == reported and set(tasks.values()) == {1}
        assert PublicMatter.objects.count() == reported
    assert list(conveyor.broken_links()) == []


def accepted(town: Town, many: int) -> list[Matter]:
    sun = town.act("sun")
    return [services.accept(sun, lamp(town)) for _n in range(many)]


def told_once(made: list[Matter]) -> None:
    with under(system_act()):
        told = Counter(
            Notice.objects.filter(kind="matters.accepted").values_list("subject_id", flat=True)
        )
        tasks = Counter(Task.objects.filter(done_at=None).values_list("subject_id", flat=True))
    assert told == dict.fromkeys((m.pk for m in made), 1)
    assert tasks == dict.fromkeys((m.pk for m in made), 1)


def test_two_belts_deliver_each_fact_once(own_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made = accepted(own_town, 12)
    monkeypatch.setattr(conveyor, "BATCH", 3)
    at_once([lambda: [conveyor.seal(3) + conveyor.carry(3) for _n in range(12)]] * 3)
    conveyor.drain()
    told_once(made)


def worker(database: str, *arguments: str) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "LINLI_OWNER_URL": cluster.address("owner", database),
    }
    command = [sys.executable, "-c", _BELT, *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE)


_BELT = """
import django; django.setup()
from linli.kernel.acts import conveyor
print("ready", flush=True)
while True:
    conveyor.seal(2); conveyor.carry(2)
"""


def test_a_worker_killed_in_a_batch_loses_and_repeats_nothing(
    own_database: str, own_town: Town
) -> None:
    chance = random.Random(7)
    made: list[Matter] = []
    for _round in range(3):
        made += accepted(own_town, 6)
        belt = worker(own_database)
        assert belt.stdout is not None
        assert belt.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.01, 0.15))
        os.kill(belt.pid, signal.SIGKILL)
        belt.wait()
    conveyor.drain()
    told_once(made)
    with under(system_act()):
        assert PublicMatter.objects.count() == len(made)
    assert list(conveyor.broken_links()) == []


def test_a_server_killed_between_save_and_notice_tells_later(own_town: Town) -> None:
    made = accepted(own_town, 1)  # the request ends here: committed, nobody told yet
    with under(system_act()):
        assert Notice.objects.count() == 0
    conveyor.drain()
    told_once(made)


_WRITER = """
import django, sys; django.setup()
from tests.town import Town
from tests.safety.conftest import report
town = Town(); act = town.act("wang")
while True:
    print(report(town, act, "断电时也不能丢", "甲社区").pk, flush=True)
"""


_PREPARE = """
import os, sys
from django.core.management import call_command
import django; django.setup()
call_command("migrate", interactive=False, verbosity=0)
from linli.kernel.policy import apply
from tests import town
apply("wuxi", None)
from django.conf import settings
from django.db import connection
from linli.site import cluster
connection.close()
connection.settings_dict |= settings.DATABASES["default"] | {"USER": "linli_app", "PASSWORD": sys.argv[1]}
town.build()
"""


@pytest.fixture
def own_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A database server of this test's own; gives the environment of processes that use it."""
    for name in ("DATABASE_URL", "LINLI_OWNER_URL", "LINLI_ROLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LINLI_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    cluster.ensure()
    try:
        password = psycopg.conninfo.conninfo_to_dict(cluster.address("app"))["password"]
        done = subprocess.run(
            [sys.executable, "-c", _PREPARE, str(password)],
            env={**os.environ, "LINLI_ROLE": "owner"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield dict(os.environ)
    finally:
        cluster.remove()


def writing(env: dict[str, str], said: Path) -> subprocess.Popen[bytes]:
    """A process that reports matters until its server is gone, and tells each one that was answered."""
    with said.open("wb") as told:
        return subprocess.Popen([sys.executable, "-c", _WRITER], env=env, stdout=told)


def keys_in(said: Path) -> set[int]:
    return {int(line) for line in said.read_text().splitlines()}


def test_every_acknowledged_matter_outlives_a_killed_server(
    own_cluster: dict[str, str], tmp_path: Path
) -> None:
    """kill -9 of the database server under two writers: what was answered is there, with its fact."""
    said = [tmp_path / "one", tmp_path / "two"]
    writers = [writing(own_cluster, each) for each in said]
    until = time.monotonic() + 120
    while min(len(keys_in(each)) for each in said) < 8:
        assert time.monotonic() < until, "the writers do not write"
        assert [w.poll() for w in writers] == [None, None], "a writer ended before its time"
        time.sleep(0.05)
    os.kill(cluster.status().pid, signal.SIGKILL)
    assert all(w.wait(120) for w in writers), "a writer must notice that its server is gone"
    acknowledged = set().union(*map(keys_in, said))
    cluster.ensure()
    with psycopg.connect(cluster.address("root")) as link:
        there = {row[0] for row in link.execute("SELECT id FROM matters_matter").fetchall()}
        facts = link.execute("SELECT subject_id FROM acts_fact WHERE verb = 'matters.report'")
        told = {row[0] for row in facts.fetchall()}
    assert len(acknowledged) >= 16 and acknowledged <= there
    assert told == there, "a matter and its fact live or die together"
