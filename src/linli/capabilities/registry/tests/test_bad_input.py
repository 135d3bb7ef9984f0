"""What the desk answers to days, years, names and numbers of posts, stations and organisations that cannot be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.registry.models import Holding, Organisation, Station
from linli.capabilities.registry.tests.test_bodies import add, desk, done, named, text
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as tree
from tests.families import settle
from tests.town import Town


@pytest.fixture(autouse=True)
def _settled(town: Town) -> None:
    tree.forget()
    settle()


def refused(client: Client, path: str, **sent: object) -> str:
    """The page that comes back, with what was typed still in it."""
    answer = client.post(path, sent)
    assert answer.status_code == 422, (path, answer.get("Location"))
    page = answer.content.decode()
    for typed in sent.values():
        assert str(typed) in page, typed
    return page


@pytest.mark.row("R025", "R028", "R034")
def test_a_post_asks_for_a_name_and_a_day_that_can_be(town: Town) -> None:
    client = desk(town, "chen")
    hold = f"/desk/organisations/{named('甲社区党总支').pk}/hold/"
    post = {"post": "part_time_member"}
    long = refused(client, hold, **post, name="某" * 90)
    assert "最多 60 个字" in long and "请找到任职的人" not in long, (
        "a name that is too long is a name"
    )
    assert "姓名里不能有数字" in refused(client, hold, **post, name="钱兼职2")
    ahead = timezone.localdate() + timedelta(days=40)
    assert "日期还没有到" in refused(client, hold, **post, name="钱兼职", since=ahead.isoformat())
    english = client.post(
        hold, {**post, "name": "钱兼职", "since": ahead}, headers={"Accept-Language": "en"}
    ).content.decode()
    assert "日期还没有到" not in english


@pytest.mark.row("R032")
def test_the_reserve_is_born_by_now_and_its_filter_says_what_it_cannot_read(town: Town) -> None:
    client = desk(town, "chen")
    hold = f"/desk/organisations/{named('甲社区党总支').pk}/hold/"
    amend = done(client, hold, post="reserve", name="后备甲")
    refused(client, amend, born="2099")
    done(client, amend, born="１９９０")
    age = timezone.localdate().year - 1990
    listed = "/desk/organisations/reserve/"
    assert "后备甲" not in text(client, listed, oldest="２０")
    assert "后备甲" in text(client, listed, oldest=str(age))
    for wrong in ("年轻", "-3"):
        page = text(client, listed, oldest=wrong)
        assert "没有按年龄筛选" in page and f'value="{wrong}"' in page


@pytest.mark.row("R218")
def test_nobody_stands_in_a_base_before_it_began_or_leaves_before_coming(town: Town) -> None:
    client = desk(town, "chen")
    base = add(client, town, "incubator", "甲孵化园")
    done(client, f"{base}change/", since="2026-02-01")
    home = add(client, town, "community_organisation", "甲合唱团")
    stands = {"kind": "incubated", "host": base.split("/")[-2]}
    assert "早于开始" in refused(client, f"{home}station/", **stands, since="2025-01-01")
    ahead = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert "日期还没有到" in refused(client, f"{home}station/", **stands, since=ahead)
    done(client, f"{home}station/", **stands, since="2026-03-01")
    with under(system_act()):
        station = Station.objects.get(host=named("甲孵化园"))
    end = f"/desk/organisations/{named('甲合唱团').pk}/stations/{station.pk}/end/"
    page = refused(client, end, on="2026-02-20")
    assert "结束日期早于开始日期" in page and 'id="id_on_error"' in page, "it stands at the field"
    assert "2026-03-01" in refused(client, f"{home}end/", on="2026-02-20")
    done(client, f"{home}end/", on="2026-03-02")


@pytest.mark.row("R215", "R217")
def test_the_latest_year_s_check_counts_and_an_ended_organisation_has_none(town: Town) -> None:
    client = desk(town, "chen")
    home = add(client, town, "community_organisation", "甲书法社")
    year = timezone.localdate().year
    done(client, f"{home}check/", year=year - 1, passed="yes")
    done(client, f"{home}check/", year=year - 2, passed="no")
    assert _state("甲书法社") == "active", (
        "an older year is told afterwards and changes nothing today"
    )
    done(client, f"{home}end/", on=timezone.localdate().isoformat())
    answer = client.post(f"{home}check/", {"year": year, "passed": "yes"})
    assert answer.status_code == 422 and "已终止" in answer.content.decode()


def _state(name: str) -> str:
    with under(system_act()):
        return str(Organisation.objects.get(name=name, until__isnull=True).state)


@pytest.mark.row("R215")
def test_an_organisation_neither_begins_tomorrow_nor_ends_before_its_posts(town: Town) -> None:
    client = desk(town, "chen")
    home = add(client, town, "volunteer_team", "甲志愿队")
    ahead = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "日期还没有到" in refused(client, f"{home}change/", since=ahead)
    order = {"since": "2026-02-01", "valid_until": "2026-01-01"}
    done(client, f"{home}change/", since="2026-02-01")
    renamed = refused(client, f"{home}rename/", name="甲志愿服务队", on="2026-01-01")
    assert "日期早于开始的日期" in renamed
    assert "有效期早于成立日期" in refused(client, f"{home}change/", **order)
    done(client, f"{home}hold/", post="person_in_charge", name="王小五", since="2026-03-01")
    assert "2026-03-01" in refused(client, f"{home}end/", on="2020-01-01")
    with under(system_act()):
        held = Holding.objects.get(name="王小五")
    assert (held.since, held.until) == (date(2026, 3, 1), None)
    post = f"{home}posts/{held.pk}/end/"
    assert 'id="id_on_error"' in refused(client, post, on="2026-02-01")
