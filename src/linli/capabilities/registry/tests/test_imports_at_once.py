"""Several people import at the same moment, each on a connection of their own: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import polars as pl
import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from linli.capabilities.registry import jobs, synthetic
from linli.capabilities.registry.models import Batch, Building, Home, Household, Person, Residence
from linli.capabilities.registry.services import imports
from linli.capabilities.registry.services.imports import receiving, shelf
from linli.capabilities.registry.tests.importing import DAY, card, written
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from tests.town import Town

ID = "公民身份号码"
Answer = Batch | Refusal


@contextmanager
def _own_connection() -> Iterator[None]:
    """A thread's connection, closed with it."""
    try:
        yield
    finally:
        connections["default"].close()


def at_once(*what: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment; what each returned, or why it was refused."""
    gate = Barrier(len(what))

    def one(do: Callable[[], Any]) -> Any:
        with _own_connection():
            gate.wait(30)
            try:
                return do()
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(len(what)) as pool:
        return list(pool.map(one, what))


def bring(act: Act, file: Path, source: str, area: int, crew: int = 0) -> Batch:
    """What `linli registry import` does, as somebody."""
    with under(act):
        found = imports.source_of(source)
        plan = imports.propose(found, file)
        batch = imports.begin(act, source=found, file=file, plan=plan, area=area, as_of=DAY)
    return imports.run(act, batch, file, crew=crew)


def made(people: int) -> synthetic.Made:
    known = [
        synthetic.Place(each.code, each.name, each.parent.name if each.parent else "")
        for each in places.at_level(Level.COMMUNITY)
        if each.name in ("甲社区", "乙社区")
    ]
    return synthetic.make(people, 11, synthetic.read_names(None), known)


def files(folder: Path, whole: synthetic.Made) -> tuple[Path, Path, pl.DataFrame]:
    """Two files with a third of their rows in common, in another order; and all rows with a right number."""
    right = (whole.truth["expect"] != "refused") & whole.rows[ID].is_not_null()
    rows = whole.rows.filter(right & (whole.truth["kind"] != "copy")).unique(
        ID, keep="first", maintain_order=True
    )
    third = len(rows) // 3
    one, two = folder / "甲.csv", folder / "乙.csv"
    synthetic.write(rows[: 2 * third], one)
    synthetic.write(rows[third:].reverse(), two)
    return one, two, rows


def twice(table: str, columns: str) -> int:
    """How many things stand in a table more than once."""
    with under(system_act()), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE until IS NULL GROUP BY {columns}"
            " HAVING count(*) > 1) x"
        )
        return int(cursor.fetchone()[0])


def state() -> dict[str, int]:
    tables: Sequence[Any] = (Person, Residence, Household, Home, Building)
    with under(system_act()):
        return {each.__name__: each._default_manager.count() for each in tables}


def imported() -> dict[int, int]:
    """What the facts say: how many new people by whom."""
    with under(system_act()):
        facts = Fact.objects.filter(verb="registry.import")
        return dict(facts.values_list("actor", "data__new"))


def since(before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in state().items()}


@pytest.mark.row("R012")
@pytest.mark.parametrize("crew", [0, 2])
def test_two_people_with_different_files(own_town: Town, tmp_path: Path, crew: int) -> None:
    one, two, rows = files(tmp_path, made(3000))
    street = own_town.area("东街道").pk
    before = state()
    wu, feng = own_town.act("wu"), own_town.act("feng")
    answers = at_once(
        lambda: bring(wu, one, "police", street, crew),
        lambda: bring(feng, two, "civil", street, crew),
    )
    assert all(isinstance(each, Batch) for each in answers), answers
    totals = [each.counts["total"] for each in answers]
    for total, file in zip(totals, (one, two), strict=True):
        assert total["rows"] == len(pl.read_csv(file, infer_schema=False))
        assert total["rows"] == total["new"] + total.get("met", 0) + total.get("refused", 0)
        assert total.get("refused", 0) == 0, total
    grown = since(before)
    assert grown["Person"] == len(rows) == sum(total["new"] for total in totals)
    assert grown["Residence"] == sum(total["residences"] for total in totals)
    assert sum(total.get("met", 0) for total in totals) == sum(t["rows"] for t in totals) - len(
        rows
    )
    assert twice("registry_home", "building_id, unit_no, room") == 0
    assert twice("registry_building", "area_id >> 28, address_key") == 0
    assert twice("registry_residence", "person_id, kind") == 0
    assert twice("registry_household", "area_id, number, home_id") == 0
    assert imported() == {
        act.actor: total["new"] for act, total in zip((wu, feng), totals, strict=True)
    }


def test_one_after_the_other_gives_the_same(own_town: Town, tmp_path: Path) -> None:
    """What two at once make of two files is what one after the other makes of them."""
    one, two, rows = files(tmp_path, made(900))
    street = own_town.area("东街道").pk
    before = state()
    wu = own_town.act("wu")
    bring(wu, one, "police", street), bring(wu, two, "civil", street)
    alone = since(before)
    assert alone["Person"] == len(rows)
    again = at_once(
        lambda: bring(wu, one, "police", street), lambda: bring(wu, two, "civil", street)
    )
    assert since(before) == alone, "told again, at once, nothing is added"
    assert [each.counts["total"].get("new", 0) for each in again] == [0, 0]


def test_two_people_with_the_same_file_and_source(own_town: Town, tmp_path: Path) -> None:
    """One of them imports it, the other is told so; it is never in the registry twice."""
    file, _two, rows = files(tmp_path, made(1500))
    street = own_town.area("东街道").pk
    before = state()
    acts = [own_town.act(who) for who in ("wu", "feng")]
    answers: list[Answer] = at_once(*(partial(bring, act, file, "police", street) for act in acts))
    with under(system_act()):
        batches = list(Batch.objects.filter(source__code="police"))
    whole = len(pl.read_csv(file, infer_schema=False))
    assert since(before)["Person"] == whole
    assert [each.state for each in batches] == [Batch.State.DONE]
    done = [each for each in answers if isinstance(each, Batch)]
    refused = [each for each in answers if isinstance(each, Refusal)]
    assert len(done) == 1 and done[0].counts["total"]["new"] == whole
    assert len(refused) == 1 and refused[0].code in ("running", "state"), refused
    assert len(imported()) == 1


def test_the_same_person_where_neither_sees_the_other(own_town: Town, tmp_path: Path) -> None:
    """Two communities bring the same number at once: one file, and the other row says why it did not get in."""
    heads = ("姓名", ID, "所属社区")
    numbers = [card(at, date(1970, 1, 2)) for at in range(801, 821)]
    acts = {"甲社区": own_town.act("chen"), "乙社区": own_town.act("zhou")}
    brought = {
        name: written(tmp_path, heads, *(("周小明", each, name) for each in numbers), name=name)
        for name in acts
    }
    brought = {name: file.rename(file.with_suffix(".csv")) for name, file in brought.items()}
    before = state()
    answers = at_once(
        *(
            lambda name=name, act=act: bring(act, brought[name], "civil", own_town.area(name).pk)
            for name, act in acts.items()
        )
    )
    totals = [each.counts["total"] for each in answers]
    assert since(before)["Person"] == 20 == sum(total.get("new", 0) for total in totals)
    assert sum(total.get("why:person.document:elsewhere", 0) for total in totals) == 20
    assert [total["rows"] for total in totals] == [20, 20]


# ── at the desk ───────────────────────────────────────────────────────────────────────────────


def _client(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def _upload(client: Client, area: int, source: str, content: bytes) -> str:
    given = {
        "source": source,
        "area": area,
        "as_of": "2026-05-01",
        "file": SimpleUploadedFile("名单.csv", content, "text/csv"),
    }
    answer = client.post("/desk/registry/imports/new/", given)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    return answer["Location"]


@pytest.fixture
def _files_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "MEDIA_ROOT", str(tmp_path / "media"))
    for job in (jobs.import_rows, jobs.import_trial):
        monkeypatch.setattr(job, "defer", lambda **_given: None)


@pytest.mark.usefixtures("_files_apart")
def test_the_same_file_uploaded_twice_at_once_is_one_import(own_town: Town) -> None:
    content = f"姓名,{ID},所属社区\n周小明,{card(831)},甲社区\n".encode()
    area = own_town.area("甲社区").pk
    clients = [_client(own_town, who) for who in ("chen", "lin")]
    pages = at_once(*(partial(_upload, each, area, "civil", content) for each in clients))
    assert pages[0] == pages[1], "both are sent to the one import that waits"
    with under(system_act()):
        assert Batch.objects.filter(source__code="civil").count() == 1


@pytest.mark.usefixtures("_files_apart")
def test_nobody_takes_away_the_file_of_another(own_town: Town) -> None:
    """The same file for two communities: the first to finish leaves the other's in its place."""
    content = f"姓名,{ID}\n周小明,{card(841)}\n".encode()
    at = {"chen": "甲社区", "zhou": "乙社区"}
    pages = {
        who: _upload(_client(own_town, who), own_town.area(area).pk, "civil", content)
        for who, area in at.items()
    }
    assert len(set(pages.values())) == 2
    keys = {who: int(page.rstrip("/").rsplit("/", 1)[-1]) for who, page in pages.items()}
    for who in ("chen", "zhou"):
        client = _client(own_town, who)
        client.post(f"{pages[who]}columns/", {})
        assert client.post(f"{pages[who]}start/").status_code == 303
        assert jobs.imported(own_town.act(who, channel="job"), keys[who]) == "done"
        with under(system_act()):
            batch = Batch.objects.get(pk=keys[who])
        assert not shelf.there(receiving.waits(batch))
    with under(system_act()):
        refused = Batch.objects.get(pk=keys["zhou"]).counts["total"]
    assert refused.get("why:person.document:elsewhere") == 1
