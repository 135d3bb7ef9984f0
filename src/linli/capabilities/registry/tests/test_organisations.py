"""Organisations: registered once, renamed and merged without losing the old name, counted by query."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.capabilities.registry.models import Building, Estate, Holding, Organisation, Succession
from linli.capabilities.registry.selectors import figures, organisations
from linli.capabilities.registry.selectors.organisations import Filters
from linli.capabilities.registry.services import organisations as services
from linli.capabilities.registry.services import posts
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.vault import uscc
from tests import families
from tests.town import Town

ACT = system_act()
TODAY = timezone.localdate()
SINCE = date(2020, 1, 1)


@pytest.fixture
def here(town: Town) -> Town:
    places.forget()
    return town


def _credit(type_: str, number: int) -> str:
    return uscc.compose(type_, "320205", f"MD{number:06d}")


def _add(area: Area, kind: str, name: str, **values: Any) -> Organisation:
    values.setdefault("since", SINCE)
    return services.add_organisation(ACT, area=area.pk, kind=kind, name=name, **values)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"name": " "}, "name"),
        ({"uscc": "91350100M000100Y44"}, "uscc"),
        ({"uscc": "91350100M000100Y43"}, "uscc"),  # a company's code on a committee
        ({"kind": "company", "uscc": _credit("54", 1)}, "uscc"),
        ({"parent_id": 999999}, "parent_id"),
        ({"area": 5}, "area"),
    ],
)
def test_wrong_values_are_refused_at_their_field(
    here: Town, given: dict[str, Any], field: str
) -> None:
    values = {"area": here.area("甲社区").pk, "kind": "residents_committee", "name": "甲居委会"}
    with under(ACT):
        with pytest.raises(Refusal) as refused:
            services.add_organisation(ACT, **{**values, **given})
        assert refused.value.field == field
        assert not Organisation.objects.filter(name="甲居委会").exists()


@pytest.mark.row("R001")
def test_a_code_belongs_to_one_organisation(here: Town) -> None:
    one, other = here.area("甲社区"), here.area("乙社区")
    code = _credit("54", 7)
    with under(ACT):
        _add(one, "residents_committee", "甲社区居民委员会", uscc=code.lower())
        with pytest.raises(Refusal, match="已经登记"):
            _add(other, "residents_committee", "乙社区居民委员会", uscc=code)
        with pytest.raises(Refusal, match="同名"):
            _add(one, "residents_committee", "甲社区居民委员会")
        fact = Fact.objects.filter(verb="registry.organisation.add").latest("id")
        assert fact.data == {"kind": "residents_committee"}


def test_an_old_name_leads_to_the_new_one(here: Town) -> None:
    city = here.area("试验市")
    with under(ACT):
        bureau = _add(city, "agency", "市经信委")
        estate = Estate.objects.create(area=here.area("甲社区"), name="x", authority=bureau)
        services.rename(ACT, bureau, name="市经信局", on=date(2024, 1, 1), basis="机构改革")
        services.rename(ACT, bureau, name="市工信局", on=date(2025, 1, 1))
        assert estate.authority_id == bureau.pk and bureau.since == date(2025, 1, 1)
        found = organisations.directory(ACT, Filters(q="经信")).rows
        assert [(line.organisation.name, line.now and line.now.name) for line in found] == [
            ("市经信委", "市工信局"),
            ("市经信局", "市工信局"),
        ]
        page = organisations.page(ACT, bureau, TODAY)
        assert [each.before.name for each in page.before] == ["市经信局"]
        with pytest.raises(Refusal, match="相同"):
            services.rename(ACT, bureau, name="市工信局")
        assert [x.organisation.name for x in organisations.directory(ACT, Filters()).rows] == [
            "市工信局"
        ]


def test_a_merger_hands_over_what_the_old_ones_did(here: Town) -> None:
    one = here.area("甲社区")
    with under(ACT):
        old, older = (_add(one, "property_company", name) for name in ("安居物业", "乐居物业"))
        new = _add(one, "property_company", "新居物业")
        estate = Estate.objects.create(area=one, name="春江花园", property_company=old)
        branch = _add(one, "party_branch", "安居支部", parent_id=older.pk)
        served = posts.station(ACT, old, kind="service", area=here.area("乙社区").pk, since=SINCE)
        held = posts.hold(ACT, old, post="project_manager", name="甲某", since=SINCE)
        with pytest.raises(Refusal, match="下级"):
            services.end_organisation(ACT, older)
        services.succeed(ACT, [old, older], after=[new.pk], kind="merge", on=date(2025, 6, 1))
        for row in (estate, branch, served, held, old):
            row.refresh_from_db()
        assert estate.property_company_id == new.pk and branch.parent_id == new.pk
        assert served.until == held.until == old.until == date(2025, 6, 1)
        found = organisations.directory(ACT, Filters(q="乐居")).rows
        assert found[0].now == new
        with pytest.raises(Refusal, match="已终止"):
            services.change_organisation(ACT, old, changes={"place": "x"})


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(1, 0, "merge"), (2, 2, "merge"), (1, 1, "split"), (2, 2, "split"), (1, 1, "rename")],
)
def test_impossible_successions_are_refused(here: Town, before: int, after: int, kind: str) -> None:
    one = here.area("甲社区")
    with under(ACT):
        olds = [_add(one, "company", f"旧{n}") for n in range(before)]
        news = [_add(one, "company", f"新{n}") for n in range(after)]
        with pytest.raises(Refusal):
            services.succeed(ACT, olds, after=[each.pk for each in news], kind=kind)
        assert not Succession.objects.exists()


@pytest.mark.row("R005", "R028")
def test_posts_are_held_one_at_a_time_where_they_are_single(here: Town) -> None:
    one = here.area("甲社区")
    with under(ACT):
        committee = _add(one, "residents_committee", "甲居委会")
        first = posts.hold(
            ACT, committee, post="director", name="何主任", since=SINCE, term=7, sex="1"
        )
        with pytest.raises(Refusal, match="何主任"):
            posts.hold(ACT, committee, post="director", name="林主任", since=date(2024, 1, 1))
        with pytest.raises(Refusal, match="没有这个职务"):
            posts.hold(ACT, committee, post="secretary", name="何主任")
        posts.unhold(ACT, first, on=date(2024, 1, 1))
        posts.hold(ACT, committee, post="director", name="林主任", since=date(2024, 1, 1))
        company = _add(one, "company", "某公司")
        joint = _add(one, "big_committee_community", "甲社区大党委")
        held = posts.hold(
            ACT, joint, post="part_time_member", name="周某", part_time=True,
            delegate_of=company.pk,
        )  # fmt: skip
        with pytest.raises(Refusal, match="已任这个职务"):
            posts.hold(ACT, joint, post="part_time_member", name="周某")
        page = organisations.page(ACT, committee, TODAY)
        assert [each.name for each in page.holdings] == ["林主任"]
        assert [each.name for each in page.former] == ["何主任"]
        then = organisations.page(ACT, committee, date(2022, 1, 1))
        assert [each.name for each in then.holdings] == ["何主任"]
        assert held.part_time and held.delegate_of == company
        with pytest.raises(Refusal, match="早于"):
            posts.unhold(ACT, held, on=SINCE)
        with pytest.raises(Refusal, match="还没有到"):
            posts.unhold(ACT, held, on=TODAY + timedelta(days=30))


def _committees(here: Town) -> None:
    """Two urban committees with three members each, one rural with two, in three communities."""
    rows = (("甲社区", "residents_committee", 3), ("乙社区", "residents_committee", 3))
    for place, kind, members in (*rows, ("丙社区", "villagers_committee", 2)):
        committee = _add(here.area(place), kind, f"{place}委员会")
        for n in range(members):
            posts.hold(
                ACT, committee, post="member", name=f"委员{chr(0x4E00 + n)}", since=SINCE, sex="2"
            )


@pytest.mark.row("R001", "R002", "R003", "R005")
def test_totals_of_committees_are_queries(here: Town) -> None:
    with under(ACT):
        _committees(here)
        _add(here.area("甲社区"), "residents_group", "第一居民小组")
        urban, rural = figures.committees(ACT, here.area("试验市"), TODAY)
        assert (urban.count, urban.members, urban.average.value) == (2, 6, 3.0)
        assert (rural.count, rural.members, rural.women) == (1, 2, 2)
        assert urban.called == ("居民委员会",)
        before = figures.committees(ACT, here.area("试验市"), SINCE - timedelta(days=1))
        assert [each.count for each in before] == [0, 0] and before[0].average.value is None


@pytest.mark.row("R006", "R008")
def test_averages_never_mix_urban_and_rural(here: Town) -> None:
    families.settle()
    with under(ACT):
        _committees(here)
        counted = figures.ground(ACT, here.area("试验市"), TODAY)
        urban = figures.averages(("urban",), counted)
        assert (urban.households.total, urban.households.count) == (3, 2)
        assert urban.residents.total == 6
        rural = figures.averages(("rural",), counted)
        assert (rural.households.value, rural.residents.value) == (1.0, 1.0)
        for types in (("urban", "rural"), (), ("quasi",)):
            with pytest.raises(Refusal, match="混在一起"):
                figures.averages(types, counted)
        outside = figures.sizes(counted, TODAY)
        assert {(each.area.name, each.verdict) for each in outside} == {
            ("甲社区", "small"), ("乙社区", "small"), ("丙社区", "small"),
        }  # fmt: skip


@pytest.mark.row("R024", "R030", "R031")
def test_party_coverage_lists_what_is_missing(here: Town) -> None:
    city, first = here.area("试验市"), here.area("甲社区第一网格")
    with under(ACT):
        _add(here.area("东街道"), "party_station", "东街道党建指导站")
        stations = dict(figures.per_street(ACT, city, TODAY))["party_station"]
        assert (stations.covered, stations.whole, stations.share) == (1, 2, 50.0)
        assert [str(each) for each in stations.missing] == ["西街道"]
        branch = _add(here.area("甲社区"), "party_joint_branch", "甲联合支部")
        posts.station(ACT, branch, kind="attached", area=first.pk)
        with pytest.raises(Refusal, match="已经登记"):
            posts.station(ACT, branch, kind="attached", area=first.pk)
        grids = figures.branches_on_grids(ACT, city, TODAY)
        assert [str(each) for each in grids.missing] == ["甲社区第二网格"]
        building = Building.objects.create(area=first, name="1幢", address="x1幢", address_key="x")
        assert figures.branches_on_buildings(ACT, city, TODAY).share == 0.0
        posts.station(ACT, branch, kind="attached", building=building.pk)
        assert figures.branches_on_buildings(ACT, city, TODAY).share == 100.0
        one, two = (_add(first, "company", name) for name in ("某科技公司", "某商贸公司"))
        services.cover(ACT, one, by=branch.pk)
        assert [str(each) for each in figures.without_party(ACT, city, TODAY).missing] == [two.name]
        with pytest.raises(Refusal, match="党组织"):
            services.cover(ACT, two, by=one.pk)
        services.end_organisation(ACT, branch)
        assert len(figures.without_party(ACT, city, TODAY).missing) == 2


@pytest.mark.row("R214", "R215", "R217", "R220", "R221", "R222")
def test_social_organisations_are_counted_by_class(here: Town) -> None:
    one, street = here.area("甲社区"), here.area("东街道")
    with under(ACT):
        _add(one, "social_service", "某服务社", registered="registered", labels=["charity"])
        _add(one, "social_work_agency", "某社工所", registered="registered", uscc=_credit("52", 5))
        filed = services.file_social(ACT, area=street.pk, name="春江合唱队", head_name="王某")
        counted = figures.social(ACT, here.area("试验市"), TODAY)
        assert counted.total == 3
        assert counted.by_entry == {"registered": 2, "filed": 1}
        assert counted.by_label == {"charity": 1} and counted.by_kind["social_work_agency"] == 1
        services.check_yearly(ACT, filed, year=TODAY.year, passed=False)
        listed = organisations.directory(ACT, Filters(state="abnormal")).rows
        assert [line.organisation for line in listed] == [filed]
        services.check_yearly(ACT, filed, year=TODAY.year, passed=True)
        assert filed.more["checks"] == {str(TODAY.year): True}
        assert not organisations.directory(ACT, Filters(state="abnormal")).rows
        assert figures.growth(ACT, here.area("试验市"), TODAY, SINCE) == (3, 2)
        with pytest.raises(Refusal, match="同名"):
            services.file_social(ACT, area=street.pk, name="春江合唱队", head_name="李某")


@pytest.mark.row("R216")
def test_who_was_incubated_and_who_is_still_at_work(here: Town) -> None:
    one = here.area("甲社区")
    with under(ACT):
        base = _add(one, "incubator", "甲孵化园")
        stays, left, gone = (_add(one, "social_service", f"服务社{n}") for n in range(3))
        for body, grant in ((stays, "20000"), (left, "0"), (gone, None)):
            posts.station(
                ACT, body, kind="incubated", host=base.pk, since=date(2021, 1, 1),
                answers={"grant": grant},
            )  # fmt: skip
        posts.unstation(ACT, left.stations.get(), on=date(2023, 1, 1))
        services.end_organisation(ACT, gone, on=date(2024, 1, 1))
        counted = figures.incubation(ACT, here.area("试验市"), TODAY)
        assert (counted.inside, counted.granted) == (1, 20000)
        assert (counted.survival.covered, counted.survival.whole) == (2, 3)
        assert counted.survival.missing == (gone,)
        before = figures.incubation(ACT, here.area("试验市"), date(2022, 1, 1))
        assert (before.inside, before.survival.share) == (3, 100.0)


def test_no_organisation_begins_tomorrow(here: Town) -> None:
    with under(ACT), pytest.raises(Refusal, match="还没有到") as refused:
        _add(here.area("甲社区"), "company", "某公司", since=TODAY + timedelta(days=1))
    assert refused.value.field == "since"


def test_no_year_before_an_organisation_began_is_checked(here: Town) -> None:
    with under(ACT):
        team = _add(here.area("甲社区"), "community_organisation", "合唱队", since=SINCE)
        with pytest.raises(Refusal, match="2020 年才开始") as refused:
            services.check_yearly(ACT, team, year=2019, passed=True)
        assert refused.value.field == "year" and "checks" not in team.more
        services.check_yearly(ACT, team, year=2020, passed=True)
        services.rename(ACT, team, name="春江合唱队", on=date(2024, 1, 1))
        services.rename(ACT, team, name="大江合唱队", on=date(2025, 1, 1))
        assert organisations.founded(team) == SINCE
        services.check_yearly(ACT, team, year=2022, passed=True)
        posts.hold(ACT, team, post="person_in_charge", name="王某", since=date(2021, 1, 1))
        with pytest.raises(Refusal, match="2020-01-01才成立") as refused:
            posts.hold(ACT, team, post="person_in_charge", name="李某", since=date(2019, 1, 1))
        assert refused.value.field == "since"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0510-82700000", "0510-82700000"),
        ("０５１０－８２７０００００转8", "0510-82700000转8"),
        ("12345；82700000", "12345、82700000"),
        ("400-820-8820", "400-820-8820"),
        ("", ""),
    ],
)
def test_public_phones_are_numbers(here: Town, typed: str, kept: str) -> None:
    one = here.area("甲社区")
    with under(ACT):
        assert _add(one, "company", "某公司", public_phone=typed).public_phone == kept
        for wrong in ("abc", "12", "82700000号王某", "1234567890123456"):
            with pytest.raises(Refusal, match="电话只填号码") as refused:
                services.file_social(
                    ACT, area=one.pk, name="合唱队", head_name="王某", public_phone=wrong
                )
            assert refused.value.field == "public_phone"


@pytest.mark.row("R016")
def test_a_stationed_unit_is_seen_where_it_stands(here: Town) -> None:
    chen, zhou = (here.act(key).on(verbs=frozenset({"registry.*"})) for key in ("chen", "zhou"))
    with under(ACT):
        school = _add(here.area("丙社区"), "school", "试验小学")
        posts.station(ACT, school, kind="resident", area=here.area("甲社区").pk)
    with under(chen):
        assert [x.organisation.name for x in organisations.directory(chen, Filters()).rows] == [
            "试验小学"
        ]
        assert organisations.find(chen, school.pk) is not None
        found = organisations.stationed(chen, here.area("甲社区"), TODAY)
        assert [each.organisation.name for each in found] == ["试验小学"]
    with under(zhou):
        assert not organisations.directory(zhou, Filters()).rows
        assert organisations.find(zhou, school.pk) is None
        with pytest.raises(Refusal, match="管理范围"):
            services.add_organisation(zhou, area=here.area("甲社区").pk, kind="company", name="x")


def test_pages_follow_each_other_by_key(here: Town) -> None:
    one = here.area("甲社区")
    with under(ACT):
        for n in range(5):
            _add(one, "company", f"公司{n}")
        seen, after = [], None
        while True:
            page = organisations.directory(ACT, Filters(), after=after, size=2)
            seen += [line.organisation.name for line in page.rows]
            after = page.next
            if after is None:
                break
        assert seen == [f"公司{n}" for n in range(5)]


def test_what_ends_takes_its_posts_along(here: Town) -> None:
    with under(ACT):
        company = _add(here.area("甲社区"), "company", "某公司")
        posts.hold(ACT, company, post="contact", name="某人", since=SINCE)
        services.end_organisation(ACT, company)
        assert not Holding.objects.filter(until__isnull=True).exists()
        with pytest.raises(Refusal, match="已终止"):
            posts.hold(ACT, company, post="contact", name="某人")
        with pytest.raises(Refusal, match="已终止"):
            services.end_organisation(ACT, company)


def _many(area: int) -> None:
    """More than a walk along the keys looks at; one name stands at the very end, one in the middle."""
    rows = [
        Organisation(area_id=area, kind="company", name=f"恒通商贸{n}号店") for n in range(3100)
    ]
    rows[1500].name, rows[-1].name = "独一份修表铺", "末尾独一份书屋"
    Organisation.objects.bulk_create(rows)


def test_a_rare_name_beyond_the_first_walk_is_found_in_the_city(town: Town) -> None:
    with under(system_act()):
        _many(town.area("甲社区").pk)
    with under(town.act("feng")) as city:
        found = organisations.directory(city, Filters(q="独一份"))
    assert [line.organisation.name for line in found.rows] == ["独一份修表铺", "末尾独一份书屋"]
