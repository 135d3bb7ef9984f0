"""Departments' files: counted rightly, told twice once, broken off and taken up, two at once, bad rows, wrong source."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection

from linli.capabilities.registry import synthetic
from linli.capabilities.registry.models import (
    Batch,
    BatchRow,
    Conflict,
    Household,
    Person,
    Residence,
    Source,
)
from linli.capabilities.registry.services import imports, returning
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.site import cluster
from tests.town import Town

ID, NAME, PHONE = "公民身份号码", "姓名", "联系电话"


def _made(people: int, seed: int = 5) -> synthetic.Made:
    known = [
        synthetic.Place(each.code, each.name, each.parent.name if each.parent else "")
        for each in places.at_level(Level.COMMUNITY)
    ]
    return synthetic.make(people, seed, synthetic.read_names(None), known * 1)


def _file(folder: Path, made: synthetic.Made, name: str = "人口.csv") -> Path:
    file = folder / name
    synthetic.write(made.rows, file)
    return file


def _source(code: str = "police", rank: int = 10) -> Source:
    return Source.objects.get_or_create(code=code, defaults={"title": code, "rank": rank})[0]


def _begun(file: Path, code: str = "police", rank: int = 10) -> Batch:
    act = system_act()
    with under(act):
        source = _source(code, rank)
        plan = imports.propose(source, file)
    city = places.children(None)[0].id
    return imports.begin(act, source=source, file=file, plan=plan, area=city)


def _run(file: Path, code: str = "police", rank: int = 10, crew: int = 0) -> dict[str, int]:
    batch = imports.run(system_act(), _begun(file, code, rank), file, crew=crew)
    return dict(batch.counts["total"])


def _state() -> dict[str, int]:
    with under(system_act()):
        return {
            "people": Person.objects.count(),
            "residences": Residence.objects.count(),
            "households": Household.objects.count(),
            "rows": BatchRow.objects.count(),
            "conflicts": Conflict.objects.count(),
        }


def _expected(made: synthetic.Made, what: str) -> int:
    main = made.truth.filter(pl.col("kind") != "copy")
    return main.filter(pl.col("expect") == what).height


def test_every_row_is_accounted_for(town: Town, tmp_path: Path) -> None:
    made = _made(3000)
    before = _state()
    counts = _run(_file(tmp_path, made))
    after = _state()
    assert counts["rows"] == len(made.rows)
    assert counts["refused"] == _expected(made, "refused")
    assert counts["flawed"] == _expected(made, "flawed")
    assert counts["new"] + counts["met"] + counts["refused"] + counts.get("probable", 0) == len(
        made.rows
    )
    assert after["people"] - before["people"] == counts["new"]
    assert after["residences"] - before["residences"] == counts["residences"]
    assert Fact.objects.filter(verb="registry.import").count() == 1


def test_the_same_file_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    file = _file(tmp_path, _made(2000))
    first = _run(file)
    before = _state()
    again = _run(file)
    after = _state()
    assert again.get("new", 0) == again.get("changed", 0) == again.get("moved", 0) == 0
    assert again.get("conflicts", 0) == again.get("residences", 0) == 0
    assert again["refused"] == first["refused"]
    assert {k: v for k, v in after.items() if k != "rows"} == {
        k: v for k, v in before.items() if k != "rows"
    }


def test_a_trial_counts_the_same_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    file = _file(tmp_path, _made(1500))
    batch = _begun(file)
    before = _state()
    tried = imports.rehearse(system_act(), batch, file)
    assert _state() == before
    done = imports.run(system_act(), batch, file, crew=0).counts["total"]
    assert tried == done


def test_precedence_decides_and_what_it_cannot_is_asked(town: Town, tmp_path: Path) -> None:
    made = _made(600)
    clean = made.rows.filter((made.truth["dirt"] == "") & (made.truth["kind"] != "copy")).head(60)
    base = synthetic.Made(clean, made.truth)
    _run(_file(tmp_path, base, "一.csv"), "police", 10)
    worded = clean.with_columns(pl.lit("丧偶").alias("婚姻状况"))
    weaker = _run(_file(tmp_path, synthetic.Made(worded, made.truth), "二.csv"), "weak", 60)
    assert weaker.get("changed", 0) == 0 and weaker["values_keep"] > 0
    renamed = clean.with_columns((pl.col(NAME) + "鑫").alias(NAME))
    against = _run(_file(tmp_path, synthetic.Made(renamed, made.truth), "三.csv"), "weak", 60)
    assert against["conflicts"] == 60, "a weaker source contradicting an ID-backed name is asked"
    equal = _run(_file(tmp_path, synthetic.Made(worded, made.truth), "四.csv"), "peer", 50)
    assert equal["conflicts"] == weaker["values_keep"]
    stronger = _run(_file(tmp_path, synthetic.Made(worded, made.truth), "五.csv"), "first", 5)
    assert stronger["changed"] == weaker["values_keep"]
    with under(system_act()):
        batch = Batch.objects.get(source__code="first")
        assert Person.objects.filter(sources__marital=batch.pk).count() == stronger["changed"]


def test_forty_bad_rows_in_a_hundred(town: Town, tmp_path: Path) -> None:
    made = _made(2000)
    bad = pl.int_range(pl.len()) % 5 < 2
    rows = made.rows.with_columns(
        pl.when(bad).then(pl.lit("32020519850412002?")).otherwise(pl.col(ID)).alias(ID)
    )
    file = _file(tmp_path, synthetic.Made(rows, made.truth))
    batch = imports.run(system_act(), _begun(file), file, crew=0)
    counts = batch.counts["total"]
    assert counts["refused"] >= len(rows) * 2 // 5
    assert counts["new"] > len(rows) // 2
    back = pl.read_csv(_returned(batch), infer_schema=False, skip_rows=1).filter(
        pl.col("原表行号").cast(pl.Int64).is_in(_refused_lines(batch))
    )
    assert back.height == counts["refused"]
    assert back["未导入原因"].str.contains("身份证号").sum() >= len(rows) * 2 // 5
    assert back["姓名"].drop_nulls().len() > 0 and "原表行号" in back.columns


def _returned(batch: Batch) -> bytes:
    with under(system_act()):
        return returning.refused(system_act(), batch, reason="退回更正", kind="csv")


def _refused_lines(batch: Batch) -> list[int]:
    with under(system_act()):
        rows = BatchRow.objects.filter(batch=batch, state="refused")
        return list(rows.values_list("line", flat=True))


def test_a_file_of_another_department_is_told(town: Town, tmp_path: Path) -> None:
    known = imports.profiles.known()
    own, other = sorted(known)[:2]
    file = tmp_path / "别的部门.csv"
    heads = known[other].headings
    file.write_text(",".join(heads) + "\n" + ",".join("甲乙" for _ in heads) + "\n")
    with under(system_act()):
        plan = imports.propose(imports.source_of(own), file)
        mine = imports.propose(imports.source_of(other), file)
    assert any(known[other].title in warning for warning in plan.warnings)
    assert not any("更像" in warning for warning in mine.warnings)


def test_another_file_is_not_taken_for_the_confirmed_one(town: Town, tmp_path: Path) -> None:
    file = _file(tmp_path, _made(200))
    batch = _begun(file)
    file.write_text(file.read_text() + "x\n")
    with pytest.raises(Refusal):
        imports.run(system_act(), batch, file, crew=0)


def test_no_number_leaves_in_clear(town: Town, tmp_path: Path) -> None:
    made = _made(400)
    _run(_file(tmp_path, made))
    numbers = set(made.rows[ID].drop_nulls()) | set(made.rows[PHONE].drop_nulls())
    with connection.cursor() as cursor:
        for table in ("registry_batch", "registry_batchrow", "registry_conflict", "acts_fact"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (row,) in cursor.fetchall():
                assert not any(number in row for number in numbers if len(number) >= 11), table


# ── real processes, real commits ──────────────────────────────────────────────────────────────


def _command(database: str, *words: str) -> subprocess.Popen[str]:
    env = {
        **os.environ,
        "DATABASE_URL": cluster.address("app", database),
        "LINLI_OWNER_URL": cluster.address("owner", database),
    }
    command = [sys.executable, "-m", "linli.site.cli", "registry", "import", *words]
    return subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _ended(process: subprocess.Popen[str]) -> str:
    out, _err = process.communicate(timeout=240)
    assert process.returncode == 0, out
    return out


def _progress(code: str) -> Sequence[Any]:
    with under(system_act()):
        return list(Batch.objects.filter(source__code=code).values_list("progress", "state"))


@pytest.mark.parametrize("hands", ["0", "2"])
def test_killed_in_the_middle_and_taken_up_again(
    own_town: Town, own_database: str, tmp_path: Path, hands: str
) -> None:
    people = 16_000
    file = _file(tmp_path, _made(people))
    with under(system_act()):
        _source("police")
    whole = imports.rehearse(system_act(), _begun(file), file)
    words = (str(file), "--source", "police", "--hands", hands)
    process = _command(own_database, *words)
    until = time.monotonic() + 120
    while not any(done for done, _state_ in _progress("police")) and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    (done, state), *others = _progress("police")
    assert not others and state == Batch.State.RUNNING and 0 < done < people
    _ended(_command(own_database, *words))
    with under(system_act()):
        batch = Batch.objects.get(source__code="police")
    assert batch.state == Batch.State.DONE
    plain = {name: count for name, count in whole.items() if not name.startswith("values")}
    assert {name: batch.counts["total"].get(name, 0) for name in plain} == plain


def test_two_people_importing_at_once(own_town: Town, own_database: str, tmp_path: Path) -> None:
    made = _made(6000)
    file = _file(tmp_path, made)
    with under(system_act()):
        _source("police"), _source("civil", 20)
    before = _state()
    both = [_command(own_database, str(file), "--source", code) for code in ("police", "civil")]
    for process in both:
        _ended(process)
    after = _state()
    with under(system_act()):
        one, two = Batch.objects.filter(source__code__in=("police", "civil"))
    assert one.state == two.state == Batch.State.DONE
    assert after["people"] - before["people"] == (
        one.counts["total"].get("new", 0) + two.counts["total"].get("new", 0)
    )
    numbered = made.rows.filter(
        made.rows[ID].is_not_null() & (made.truth["expect"] != "refused")
    ).height
    without = one.counts["total"].get("too_little", 0)
    assert after["people"] - before["people"] - numbered < 0.005 * numbered + without
