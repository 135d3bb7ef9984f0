"""Cloud ledgers: live views over what is recorded once, a community's own, paper, export, former values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.selectors import looking
from linli.capabilities.registry.services import corrections
from linli.capabilities.tables.models import LedgerEdition
from linli.capabilities.tables.policy import LedgersPolicy
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.selectors.ledgers import Asked
from linli.capabilities.tables.services import ledgers as services
from linli.kernel.acts import Act, Denied, Refusal, Span, under
from linli.kernel.acts.models import Fact
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.policy import current
from tests import families
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


def entered(town: Town, who: str) -> Client:
    """A browser in which somebody of the cast has signed in."""
    client = Client()
    session, act = client.session, town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    client.cookies["linli"] = str(session.session_key)
    return client


def opened(act: Act, key: str, asked: Asked | None = None) -> ledgers.Sheet:
    with under(act):
        view = ledgers.view(act, key)
        assert view is not None
        return ledgers.sheet(act, view, asked or Asked())


def firsts(sheet: ledgers.Sheet) -> list[str]:
    return [line.cells[0] for line in sheet.lines]


@pytest.mark.row("R093")
def test_thirty_ledgers_have_a_source_or_say_why_not(town: Town) -> None:
    policy = current().section(LedgersPolicy)
    assert [each.code for each in policy.ledgers] == [f"L{n:02d}" for n in range(1, 31)]
    for each in policy.ledgers:
        if each.record_set:
            known = offers.offered(each.record_set)
            asked = [column.element for column in each.columns if column.element]
            asked += [c.element for group in each.conditions for c in group]
            assert set(asked) <= set(known), each.code
        else:
            assert each.why and each.headings, each.code
    lacking = [each.code for each in policy.ledgers if each.record_set is None]
    assert set(lacking) <= {"L02", "L04", "L21", "L22", "L23"}  # the gate keeps these
    assert (policy.paper.before.booklets, policy.paper.after.booklets) == (60, 50)


@pytest.mark.row("R093")
def test_what_is_spared_is_counted_in_columns(town: Town) -> None:
    act = town.act("he", AT)
    with under(act):
        found = ledgers.ledgers(act)
    assert found.columns == sum(each.width for each in current().section(LedgersPolicy).ledgers)
    assert found.different < found.recorded < found.columns


@pytest.mark.row("R092")
def test_every_ledger_opens_and_its_rows_are_live(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("he", AT)
    with under(act):
        views = ledgers.ledgers(act).views
    for view in views:
        if view.live:
            opened(act, view.key)
    assert firsts(opened(act, "L12")) == ["刘秀英"]
    with under(act):
        person = Person.objects.get(pk=folk["liu"].pk)
        corrections.correct(act, person, changes={"name": "刘秀莲"}, source="window")
    assert firsts(opened(act, "L12")) == ["刘秀莲"]


@pytest.mark.row("R092")
def test_one_fact_stands_in_every_ledger_it_belongs_to(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("he", AT)
    with under(act):
        elders = Query("person", ("person.name", "residence.address")).also(
            (Condition("person.age", Op.LEAST, ("80",)),)
        )
        made = services.make(act, title="高龄老人", query=elders)
        person = Person.objects.get(pk=folk["liu"].pk)
        corrections.correct(act, person, changes={"phone": "13911112222"}, source="window")
    with_phone = Asked(columns=("person.name", "person.phone"))
    for key in ("L12", f"own-{made.pk}"):
        assert opened(act, key, with_phone).lines[0].cells[1] == "139****2222"


def test_clerks_see_no_sensitive_ledger_rows_and_others_not_theirs(
    town: Town, folk: dict[str, Person]
) -> None:
    assert firsts(opened(town.act("chen", AT), "L12")) == []
    assert firsts(opened(town.act("zhou", AT), "L12")) == []
    with under(town.act("wang", AT)) as act:
        view = ledgers.view(act, "L12")
        assert view is not None and not view.may_open(act)


def test_what_a_reader_adds_goes_into_the_address_and_back(
    town: Town, folk: dict[str, Person]
) -> None:
    act = town.act("he", AT)
    with under(act):
        view = ledgers.view(act, "set-person")
        assert view is not None
        groups = (
            (Condition("person.age", Op.LEAST, ("80",)), Condition("person.sex", Op.IS, ("1",))),
        )
        asked = Asked(
            groups, "张", ("person.name", "person.sex"), "-person.age", None, date(2026, 5, 1)
        )
        assert ledgers.asked_of(act, view, parse_qs(ledgers.query_string(asked))) == asked
        with pytest.raises(Refusal, check=lambda e: e.code == "sealed"):
            ledgers.asked_of(act, view, {"f": ["person.document~is~320205198504120240"]})
        with pytest.raises(Refusal):
            ledgers.asked_of(act, view, {"f": ["matter.title~is~x"]})


@pytest.mark.row("R092")
def test_an_own_ledger_is_versioned_and_shared(town: Town, folk: dict[str, Person]) -> None:
    chen, lin, zhou = town.act("chen", AT), town.act("lin", AT), town.act("zhou", AT)
    query = Query("person", ("person.name", "person.phone"))
    with under(chen):
        made = services.make(chen, title="全部居民", query=query)
    with under(lin):
        assert f"own-{made.pk}" in [view.key for view in ledgers.own(lin)]
        changed = query.with_(elements=("person.name",))
        services.change(lin, ledger=made.pk, title="居民名册", query=changed, was=1)
    with under(chen):
        with pytest.raises(Refusal, check=lambda e: e.code == "changed"):
            services.change(chen, ledger=made.pk, title="又改", query=query, was=1)
        assert [each.version for each in ledgers.editions(chen, made.pk)] == [2, 1]
        view = ledgers.view(chen, f"own-{made.pk}")
        assert view is not None
        assert (view.title, len(view.heads), view.version) == ("居民名册", 1, 2)
    with under(zhou):
        assert ledgers.view(zhou, f"own-{made.pk}") is None
        assert not LedgerEdition.objects.filter(ledger=made.pk).exists()
        with pytest.raises(Refusal, check=lambda e: e.code == "gone"):
            services.end(zhou, ledger=made.pk, reason="不用了")
    # Whoever stands on a grid of the community reads it, and only their own rows.
    sun = town.act("sun", AT)
    with under(sun):
        assert ledgers.view(sun, f"own-{made.pk}") is not None
    assert "李建国" not in firsts(opened(sun, f"own-{made.pk}"))


def test_a_ledger_needs_a_name_columns_and_permission(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    query = Query("person", ("person.name",))
    with under(chen):
        services.make(chen, title="名册", query=query)
        for title, asked, code in (
            ("名册", query, "twice"),
            ("名", query, "title"),
            ("空的", query.with_(elements=()), "columns"),
        ):
            with pytest.raises(Refusal) as refused:
                services.make(chen, title=title, query=asked)
            assert refused.value.code == code
    with under(town.act("sun", AT)) as sun, pytest.raises(Denied):
        services.make(sun, title="网格员的", query=query)


@pytest.mark.row("R092")
def test_an_export_is_an_act_of_which_everybody_in_it_is_told(
    town: Town, folk: dict[str, Person]
) -> None:
    client = entered(town, "he")
    answer = client.post("/desk/ledgers/L12/export/", {"reason": "上报民政", "format": "csv"})
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    assert "刘秀英" in text
    assert "上报民政" in text
    with under(town.act("he")) as act:
        fact = Fact.objects.filter(verb="tables.export_ledger").latest("id")
        assert fact.data["taken"] == [folk["liu"].pk]
        assert fact.data["record_set"] == "person"
        assert "刘秀英" not in str(fact.data)
        assert act.actor == fact.actor
    assert (
        client.post("/desk/ledgers/L12/export/", {"reason": "", "format": "csv"}).status_code == 422
    )
    everybody = entered(town, "chen").post(
        "/desk/ledgers/set-person/export/", {"reason": "核对名册", "format": "csv"}
    )
    assert everybody.status_code == 200
    with under(town.act("wang")) as wang:
        told = looking.own_looks(wang)
    assert any(look.verb == "tables.export_ledger" and look.reason == "核对名册" for look in told)


@pytest.mark.row("R092")
def test_the_pages_of_a_ledger(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "he")
    page = client.get("/desk/ledgers/")
    assert page.status_code == 200
    assert "集体三资" in page.content.decode()
    assert "刘秀英" in client.get("/desk/ledgers/L12/").content.decode()
    for each in current().section(LedgersPolicy).ledgers:
        if each.record_set is None:  # of what nobody records yet the page says why
            assert str(each.why) in client.get(f"/desk/ledgers/{each.code}/").content.decode()
    row = client.get(f"/desk/ledgers/L12/row/{folk['liu'].pk}/").content.decode()
    assert "低保审批" in row
    assert f"/desk/residents/{folk['liu'].pk}/" in row
    paper = client.get("/desk/ledgers/L12/print/").content.decode()
    assert "审核人" in paper and "刘秀英" in paper and "甲社区" in paper
    assert client.get("/desk/ledgers/L77/").status_code == 404
    counts = client.get("/desk/ledgers/counts/?key=L12&key=L77").content.decode()
    assert 'id="n-L12"' in counts and "L77" not in counts


def test_a_filter_is_built_by_clicking(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "he")
    chosen = client.get("/desk/ledgers/set-person/filter/")
    assert "element=person.age" in chosen.content.decode()
    form = client.get("/desk/ledgers/set-person/filter/?element=person.age")
    assert "至少" in form.content.decode()
    sent = client.post(
        "/desk/ledgers/set-person/filter/",
        {"element": "person.age", "op": "least", "value": "80", "query": ""},
    )
    assert sent.status_code == 303
    assert sent.url == "/desk/ledgers/set-person/?f=person.age~least~80"  # type: ignore[attr-defined]
    shown = client.get(sent.url).content.decode()  # type: ignore[attr-defined]
    assert "刘秀英" in shown and "张伟" not in shown and "年龄至少 80" in shown
    both = client.post(
        "/desk/ledgers/set-person/filter/",
        {
            "element": "person.sex",
            "op": "is",
            "value": "1",
            "either": "on",
            "query": "f=person.age~least~80",
        },
    )
    joined = client.get(both.url).content.decode()  # type: ignore[attr-defined]
    assert "刘秀英" in joined and "张伟" in joined and "王小梅" not in joined
    bad = client.post(
        "/desk/ledgers/set-person/filter/", {"element": "person.age", "op": "least", "query": ""}
    )
    assert bad.status_code == 422


def test_saving_from_the_screen_and_ending(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "chen")
    query = "f=person.age~least~80&cols=person-name.person-age"
    saved = client.post("/desk/ledgers/set-person/save/", {"title": "八旬老人名册", "query": query})
    assert saved.status_code == 303
    page = client.get(saved.url).content.decode()  # type: ignore[attr-defined]
    assert "刘秀英" in page and "八旬老人名册" in page
    key = saved.url.rstrip("/").rsplit("/", 1)[-1]  # type: ignore[attr-defined]
    assert "第 1 版" in client.get(f"/desk/ledgers/{key}/editions/").content.decode()
    again = client.post(
        f"/desk/ledgers/{key}/save/",
        {"title": "八旬老人名册", "query": "cols=person-name", "was": "1"},
    )
    assert again.status_code == 303
    assert "第 2 版" in client.get(f"/desk/ledgers/{key}/editions/").content.decode()
    assert client.post(f"/desk/ledgers/{key}/end/", {"reason": "合并了"}).status_code == 303
    gone = client.get(f"/desk/ledgers/{key}/", follow=True)
    assert "已经停用" in gone.content.decode()
    back = client.post(f"/desk/ledgers/{key}/restore/")
    assert back.status_code == 303
    assert "刘秀英" not in client.get("/desk/ledgers/").content.decode()
    assert "八旬老人名册" in client.get(f"/desk/ledgers/{key}/").content.decode()
    assert client.post(f"/desk/ledgers/{key}/restore/").status_code == 422  # it stands already


def test_a_page_asks_few_statements(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("he", AT)
    opened(act, "L10")
    with under(act), CaptureQueriesContext(connection) as said:
        view = ledgers.view(act, "L10")
        assert view is not None
        ledgers.sheet(act, view, Asked())
        ledgers.counted(act, view)
    assert len(said) <= 8


@pytest.mark.row("R092")
def test_of_a_whole_city_the_rows_stand_as_they_lie(town: Town, folk: dict[str, Person]) -> None:
    near = town.act("he", AT)
    city = places.at_level(Level.CITY)[0]
    far = near.on(spans=(Span(city.pk, city.hi),))
    sheet = opened(far, "L10")
    assert sheet.wide and not sheet.sortable and not sheet.tired
    assert "person.age" in opened(near, "L10").sortable
    assert set(firsts(sheet)) >= set(firsts(opened(near, "L10")))
    by_age = Asked(sort="-person.age")
    assert firsts(opened(far, "set-person", by_age)) == firsts(opened(far, "set-person"))


def test_a_statement_that_takes_too_long_is_ended_and_the_page_goes_on(town: Town) -> None:
    with under(town.act("he", AT)), connection.cursor() as cursor:
        with pytest.raises(OperationalError), ledgers.patient("20ms"):
            cursor.execute("SELECT pg_sleep(30)")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() != ("20ms",), "what comes after has its usual time"


@pytest.mark.row("R005")
def test_the_roster_of_a_committee_is_a_ledger(town: Town, folk: dict[str, Person]) -> None:
    act = town.act("chen", timezone.now() + timedelta(days=1))
    columns = (
        "holding.name",
        "holding.post",
        "holding.term",
        "holding.part_time",
        "holding.organisation",
    )
    kind = (Condition("organisation.kind", Op.IS, ("residents_committee",)),)
    with under(act):
        made = services.make(act, title="居委会成员", query=Query("holding", columns, (kind,)))
    (line,) = opened(act, f"own-{made.pk}").lines
    assert line.cells == ("何主任", "主任", "7", "否", "甲社区居民委员会")
    (facts,) = opened(act, "L01").lines
    heads: dict[str, Any] = {
        head.element: cell for head, cell in zip(opened(act, "L01").heads, facts.cells, strict=True)
    }
    assert heads["area.committee"] == "1"


def test_columns_are_chosen(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "he")
    page = client.get("/desk/ledgers/L12/columns/").content.decode()
    assert 'value="person.phone"' in page
    sent = client.get(
        "/desk/ledgers/L12/columns/", {"columns": ["person.name", "person.sex"], "query": ""}
    )
    assert sent.status_code == 303
    assert "女性" in client.get(sent.url).content.decode()  # type: ignore[attr-defined]


def test_a_whole_city_is_narrowed_to_a_district_a_street_or_a_community_found_by_name(
    town: Town, folk: dict[str, Person]
) -> None:
    client = entered(town, "feng")
    page = client.get("/desk/ledgers/L10/").content.decode()
    district, street = town.area("甲区"), town.area("东街道")
    assert f'<option value="{district.pk}"' in page and 'name="place_find"' in page
    deeper = client.get("/desk/ledgers/L10/", {"area": street.pk}).content.decode()
    assert f'<option value="{street.pk}" selected' in deeper
    assert f'<option value="{town.area("甲社区").pk}"' in deeper
    led = client.get("/desk/ledgers/L10/", {"place": "甲社区", "sort": "person.name"})
    assert led.status_code == 302
    asked = parse_qs(led["Location"].partition("?")[2])
    assert asked["area"] == [str(town.area("甲社区").pk)] and asked["sort"] == ["person.name"]
    lost = client.get("/desk/ledgers/L10/", {"place": "没有这个地方"})
    assert lost.status_code == 200 and "没有找到" in lost.content.decode()
    assert 'name="place_find"' not in entered(town, "he").get("/desk/ledgers/L10/").content.decode()


def test_a_condition_on_an_area_takes_a_street(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "feng")
    street = town.area("东街道")
    sent = {"element": "residence.street", "op": "is", "value": street.code, "query": ""}
    led = client.post("/desk/ledgers/L10/filter/", sent)
    assert led.status_code == 303, led.content.decode()
    assert street.name in client.get(led["Location"]).content.decode()
