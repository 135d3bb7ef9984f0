"""The facts in sight: narrowed, filtered, opened, and the chain over them."""

from __future__ import annotations

from datetime import date

import psycopg
from django.test import Client

from linli.kernel.access import selectors, services
from linli.kernel.access.forms import AuditFilter
from linli.kernel.access.hats import person
from linli.kernel.access.selectors import FactWanted
from linli.kernel.access.tests.test_staffing import enter
from linli.kernel.acts import system_act, under
from linli.kernel.acts.conveyor import seal
from linli.kernel.acts.models import Fact, Seal
from linli.kernel.vault.services import reveal
from linli.site import cluster
from tests.town import Town

DAY = date(2026, 3, 2)


def _leave(town: Town) -> None:
    """Two facts in 甲社区, one in 乙社区."""
    for key in ("sun", "qian", "zhou"):
        with under(system_act()) as act:
            services.dismiss(act, town.account(key).appointments.get(), until=DAY)


def test_only_facts_of_ones_area(town: Town) -> None:
    _leave(town)
    with under(town.act("he").on(verbs=frozenset({"*"}))) as act:
        rows = selectors.facts(act, FactWanted(verb="access.dismiss")).rows
        hidden = selectors.fact_opened(act, rows[0].fact.pk + 1)
    assert {r.place for r in rows} == {"甲社区第一网格", "甲社区第二网格"}
    assert hidden is None
    with under(town.act("feng")) as act:
        assert len(selectors.facts(act, FactWanted(verb="access.dismiss")).rows) == 3


def test_the_database_keeps_other_facts_even_without_the_filter(town: Town) -> None:
    _leave(town)
    with under(town.act("he")):
        assert Fact.objects.filter(verb="access.dismiss").count() == 2


def test_filters_and_pages(town: Town) -> None:
    _leave(town)
    with under(town.act("feng")) as act:
        first = selectors.facts(act, FactWanted(verb="access.dismiss"), size=2)
        rest = selectors.facts(act, FactWanted(verb="access.dismiss", before=first.next), size=2)
        assert (len(first.rows), len(rest.rows), rest.next) == (2, 1, None)
        held = first.rows[0].fact
        same = FactWanted(kind="access.appointment", subject=str(held.subject_id))
        assert [r.fact.pk for r in selectors.facts(act, same).rows] == [held.pk]
        assert first.rows[0].about == f"任职 {held.subject_id}"
        assert selectors.facts(act, FactWanted(day=date(2020, 1, 1))).rows == []
        assert selectors.facts(act, FactWanted(actor=-1)).rows == []


def test_the_pages_open(town: Town, client: Client) -> None:
    _leave(town)
    seal()
    enter(client, town, "feng")
    page = client.get("/desk/audit/?verb=access.dismiss").content.decode()
    assert "免职" in page and "封存到第" in page
    assert '<option value="access.account">账号</option>' in page and "matters.matter" not in page
    with under(system_act()):
        fact = Fact.objects.filter(verb="access.dismiss").latest("pk")
    opened = client.get(f"/desk/audit/{fact.pk}/").content.decode()
    assert "重新算过，与封存时一致" in opened
    assert client.get("/desk/audit/999999999/").status_code == 404
    for bad in (
        "day=never",
        "subject=<x>",
        "kind=no.such",
        "kind=matters.matter&subject=99-0000001-1",
        "before=abc",
        "verb=no.such",
        "login=%00",
        "before=" + "9" * 30,
    ):
        assert client.get(f"/desk/audit/?{bad}").status_code == 200, bad


def test_kept_words_are_shown_and_checked(town: Town) -> None:
    with under(town.act("feng")) as act:
        reveal(act, town.account("wang"), field="phone", reason="回访核对")
        row = selectors.facts(act, FactWanted(verb="vault.reveal")).rows[0]
        opened = selectors.fact_opened(act, row.fact.pk)
    assert opened is not None and opened.words_hold
    assert opened.words == [("用途或原因", "回访核对")]


def test_a_subject_may_have_the_longest_key_of_an_area() -> None:
    sent = {"subject": str(2**62 - 1)}
    form = AuditFilter(sent, verbs=[], kinds=[])
    assert form.is_valid() and form.cleaned_data["subject"] == sent["subject"]
    assert not AuditFilter({"subject": "9" * 20}, verbs=[], kinds=[]).is_valid()


def test_what_was_looked_at_and_taken_out_stands_apart_with_its_reason(
    town: Town, client: Client
) -> None:
    _leave(town)
    with under(town.act("feng")) as act:
        reveal(act, town.account("wang"), field="phone", reason="回访核对")
    enter(client, town, "feng")
    page = client.get("/desk/audit/?show=reveals").content.decode()
    assert "回访核对" in page and "免职</a>" not in page
    assert "免职</a>" in client.get("/desk/audit/?show=nonsense").content.decode()


def test_the_filter_keeps_the_tab_and_a_tab_keeps_the_filter(town: Town, client: Client) -> None:
    enter(client, town, "feng")
    page = client.get("/desk/audit/?show=exports&login=feng&verb=access.hire").content.decode()
    assert '<input type="hidden" name="show" value="exports">' in page
    assert "?login=feng&amp;show=reveals" in page and 'href="?login=feng"' in page
    assert 'href="?show=exports">清空' in page


def test_the_newest_links_are_counted_anew_on_the_page(
    own_town: Town, own_database: str, client: Client
) -> None:
    _leave(own_town)
    seal()
    enter(client, own_town, "feng")
    assert "环环相扣" in client.get("/desk/audit/?check=1").content.decode()
    with under(system_act()):
        last = Seal.objects.latest("seq")
    changed = f"UPDATE acts_seal SET hash = '\\x00' WHERE seq = {last.seq}"
    with psycopg.connect(cluster.address("owner", own_database)) as owner:
        owner.execute(changed)
    page = client.get("/desk/audit/?check=1").content.decode()
    assert "有 1 处对不上" in page and f"第 {last.seq} 环" in page


def test_a_department_s_post_is_told_by_the_department(town: Town) -> None:
    who = person(town.account("zheng").pk)
    head = person(town.account("he").pk)
    assert who is not None and who.hats[0].label.startswith("市政和园林局 · ")
    assert head is not None and head.hats[0].label.startswith("甲社区 · ")
