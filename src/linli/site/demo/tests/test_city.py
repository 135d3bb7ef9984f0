"""The demonstration city: whole, consistent, the same for the same seed, and told as the services would."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from linli.capabilities.admission.models import Demand, Ticket
from linli.capabilities.matters import clocks, selectors, services
from linli.capabilities.matters.forms.window import SAMPLE_ID
from linli.capabilities.matters.models import Matter, PublicMatter
from linli.capabilities.registry.models import Bond, Conflict, Organisation, Person
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account, Unit
from linli.kernel.acts import Refusal, conveyor, system_act, under
from linli.kernel.acts.models import Fact, Seal
from linli.kernel.flow import load
from linli.kernel.notices.models import Notice
from linli.kernel.places import locating
from linli.kernel.places.models import Area
from linli.kernel.tasks.models import Task
from linli.kernel.vault.fields import matching
from linli.kernel.vault.uscc import read
from linli.site.demo import city, registry, writing
from linli.site.demo.lives import Life
from linli.site.demo.options import Options
from linli.site.demo.people import CAST, Hand
from tests import database
from tests.town import Town

TODAY = date(2026, 3, 20)
TINY = Options(communities=6, today=TODAY, seed=3)
SH = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def bare(own_database: str, tmp_path: Path, settings: Any) -> str:
    """A database with tables and pack, without the town."""
    settings.MEDIA_ROOT = tmp_path
    city.clear()
    with under(system_act()):
        Area.objects.filter(source="town").update(until=TODAY)
    return own_database


def test_two_builds_from_one_seed_are_equal_and_another_differs(bare: str) -> None:
    digests = []
    for options in (TINY, TINY, Options(communities=6, today=TODAY, seed=4)):
        city.clear()
        with under(system_act()) as act:
            city.build(act, options)
            digests.append((writing.digest(), registry.digest()))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.row("R101", "R104", "R107")
def test_the_city_holds_together(bare: str) -> None:
    with under(system_act()) as act:
        built = city.build(act, TINY)
        with pytest.raises(Refusal):
            city.build(act, TINY)
    assert built.matters == 120
    with under(system_act()):
        assert {"closed", "handling", "reported", "waiting"} <= set(built.states)
        _places_are_right()
        _clocks_are_right()
        shown = PublicMatter.objects.count()
        assert shown == Matter.objects.filter(restricted=False, duplicate_of=None).count()
        assert Task.objects.filter(done_at=None).count() >= 3
        promised = Notice.objects.filter(kind="matters.accepted")
        assert promised and not promised.filter(params__due="")
        assert Seal.objects.count() == Fact.objects.count() - 1  # the batch's own fact comes after
    assert list(conveyor.broken_links()) == []
    assert conveyor.drain() > 0
    with under(system_act()):
        cast = {a.demo: a.pk for a in Account.objects.exclude(demo="")}
    assert set(CAST) <= set(cast)
    assert built.registered > 150
    _the_registry_knows_them(cast["resident"])
    _the_resident_finds_her_matters(cast["resident"])


@pytest.mark.row("R102")
def test_the_window_knows_the_elder_by_her_id_number(
    bare: str, client: Client, settings: Any
) -> None:
    settings.DEMO = True
    with under(system_act()) as act:
        city.build(act, TINY)
        clerk = Account.objects.get(demo="clerk")
    session = client.session
    session.update({"account": clerk.pk, "second": True})
    session.save()
    assert SAMPLE_ID in client.get("/desk/window/").content.decode()
    page = client.post("/desk/window/", {"part": "who", "who": SAMPLE_ID}).content.decode()
    assert "以前登记过" in page and "沈*" in page
    form = {"part": "refresh", "code": "elder-allowance"}
    source = re.search(r'name="source" value="(\d+)"', page)
    assert source is not None
    page = client.post("/desk/window/", {**form, "source": source[1]}).content.decode()
    assert "交过，可以沿用" in page


def _places_are_right() -> None:
    for matter in Matter.objects.exclude(lon=None)[:40]:
        assert matter.lon is not None and matter.lat is not None
        found = locating.locate(matter.lon, matter.lat).area
        assert found is not None and matter.area_id in (found.pk, found.parent_id)


def _clocks_are_right() -> None:
    for matter in Matter.objects.order_by("id")[:60]:
        due, next_due, on_time = matter.due, matter.next_due, matter.on_time
        clocks.set_clocks(matter, load(matter.position), matter.changed)
        assert (matter.due, matter.next_due, matter.on_time) == (due, next_due, on_time)


def _the_registry_knows_them(resident: int) -> None:
    with under(system_act()):
        star = Person.objects.get(account_id=resident)
        assert star.name == Account.objects.get(pk=resident).name
        assert star.bonds_to.filter(kind="guardian").exists(), "she guards a child"
        elder = Person.objects.get(matching(Person, "document", SAMPLE_ID))
        assert elder.residences.filter(until=None).exists()
        assert Person.objects.filter(document__isnull=True).count() < Person.objects.count() / 10
        children = Bond.objects.filter(kind="guardian").values("person").distinct().count()
        assert children > 5
        for committee in Organisation.objects.filter(kind__endswith="s_committee", uscc__gt=""):
            assert read(committee.uscc).is_self_governing
            assert committee.holdings.filter(post="director", term__gt=0).count() == 1
        assert Conflict.objects.filter(state="open").exists()


def _the_resident_finds_her_matters(account: int) -> None:
    act = act_for(account, at=TINY.now)
    with under(act):
        mine = selectors.latest_mine(act, 20)
        assert len(mine) >= 5
        found = selectors.find(act, mine[-1].number)
        assert found is not None
        verbs = [line.verb for line in selectors.detail(act, found, public=True).lines]
    assert verbs[0] == "matters.report"


@pytest.mark.row("R064", "R065", "R069", "R076")
def test_a_departments_form_is_refused_admitted_nearly_filled_and_taken(bare: str) -> None:
    with under(system_act()) as act:
        city.build(act, TINY)
        made = Round.objects.select_related("ticket").get()
        turned = Ticket.objects.filter(kind="table", passed=False, title=made.title)
        assert [ticket.clause for ticket in turned] == ["unknown_item"]
        assert made.ticket.item is not None and made.ticket.item.versions.count() == 1
        sheets = list(Sheet.objects.filter(round=made))
        assert len(sheets) == TINY.communities
        cells, known = sum(s.cells for s in sheets), sum(s.known for s in sheets)
        assert cells and known / cells >= 0.85, f"{known} of {cells}"
        assert {s.state for s in sheets} >= {"filling", "accepted"}
        closed = Gap.objects.filter(sheet__round=made).exclude(state=Gap.State.OPEN)
        assert closed.exists(), "what was asked on a visit is answered"
        assert Demand.objects.filter(ticket=made.ticket, state="delivered").exists()


def test_a_told_life_is_what_the_services_would_have_made(own_town: Town) -> None:
    """The same steps through the services and in memory leave the same row."""
    first = datetime(2026, 3, 2, 9, tzinfo=SH)
    moments = [first + timedelta(hours=h) for h in range(1, 20)]
    matter = _reported(own_town, first)
    twin = _reported(own_town, first)
    who = {key: _hand(own_town, key) for key in ("chen", "lin", "gao", "he", "wang")}
    life = Life(twin, own_town.act("wang", first), who["wang"], moments[-1])
    urban = own_town.unit("urban").pk
    _served(own_town, matter, moments, urban)
    _told(life, who, moments, urban)
    with under(system_act()):
        made = Matter.objects.get(pk=matter.pk)
        facts = list(
            Fact.objects.filter(subject_type="matters.matter", subject_id=matter.pk)
            .order_by("id")
            .values_list("verb", "at", "actor")
        )
    for field in Matter._meta.concrete_fields:
        if field.name not in ("id", "tokens", "look", "told"):
            assert getattr(life.matter, field.attname) == getattr(made, field.attname), field.name
    assert [(t.verb, t.at, t.hand.account) for t in life.traces] == facts


def _served(own_town: Town, matter: Matter, moments: list[datetime], urban: int) -> None:
    def act(key: str, step: int) -> Any:
        return own_town.act(key, moments[step])

    services.accept(act("chen", 0), matter)
    services.ask(act("chen", 1), matter, reason="几号楼？")
    services.answer(act("wang", 2), matter, body="三号楼")
    services.transfer(act("chen", 3), matter, to=urban, reason="执法", post="department_worker")
    services.accept_transfer(act("gao", 4), matter)
    services.ask_extension(act("gao", 5), matter, amount=3, reason="等配件")
    services.decide_extension(act("he", 6), matter, granted=True, words="同意")
    services.handle(act("gao", 7), matter, outcome="办了")
    services.rework(act("chen", 8), matter, reason="不彻底")
    services.handle(act("gao", 9), matter, outcome="又办了")
    services.verify(act("chen", 10), matter)
    services.close(act("lin", 11), matter, words="好")
    services.rate(act("wang", 12), matter, value=4, solved=True)


def _told(life: Life, who: dict[str, Hand], moments: list[datetime], urban: int) -> None:
    life.accept(who["chen"], moments[0])
    life.ask(who["chen"], moments[1], "几号楼？")
    life.answer(who["wang"], moments[2], "三号楼")
    life.offer("transfer", who["chen"], moments[3], urban, "department_worker", "执法")
    life.accept_transfer(who["gao"], moments[4])
    life.ask_extension(who["gao"], moments[5], 3, "等配件")
    life.grant_extension(who["he"], moments[6], "同意")
    life.handle(who["gao"], moments[7], "办了")
    life.rework(who["chen"], moments[8], "不彻底")
    life.handle(who["gao"], moments[9], "又办了")
    life.verify(who["chen"], moments[10], "")
    life.close(who["lin"], moments[11], "好")
    life.rate(who["wang"], moments[12], 4, "")
    life.settle()


def _reported(town: Town, at: datetime) -> Matter:
    intake = services.Intake(
        code="0601",
        title="楼道堆物",
        area=town.area("甲社区").pk,
        reporter=town.account("wang").pk,
    )
    return services.report(town.act("wang", at), intake=intake)


def _hand(town: Town, key: str) -> Hand:
    act = town.act(key)
    role = next(iter(act.roles))
    return Hand(act.actor, act.name, role, act.hat, act.post, act.unit)


def test_clearing_leaves_divisions_and_the_system(bare: str) -> None:
    with under(system_act()) as act:
        city.build(act, TINY)
    city.clear()
    with under(system_act()):
        assert not Matter.objects.exists() and not Unit.objects.exists()
        assert list(Account.objects.values_list("pk", flat=True)) == [1]
        assert Area.objects.filter(level="community", until=None).count() == 6


def test_clearing_is_refused_outside_the_demo(own_database: str) -> None:
    with pytest.raises(RuntimeError, match="演示模式"):
        database.run(["demo", "reset"], own_database, LINLI_DEMO="0")
