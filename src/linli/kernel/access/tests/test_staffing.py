"""Appointing, dismissing, hiring: within one's own area and never above oneself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.kernel.access import selectors, services
from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account, Appointment
from linli.kernel.acts import Denied, Refusal, under
from tests.town import Town

TODAY = date(2026, 3, 2)


def enter(client: Client, town: Town, key: str) -> Client:
    """Enter as somebody of the cast by the demo's door."""
    Account.objects.filter(demo=key).update(demo="clerk")
    client.post("/signin/demo/", {"role": "clerk"})
    Account.objects.filter(demo="clerk").update(demo=key)
    return client


@pytest.fixture
def newcomer(town: Town) -> Account:
    """Somebody with an account and no post."""
    return Account.objects.create(kind="staff", login="xin", name="辛格", demo="xin")


def give(town: Town, who: str, to: Account, **values: Any) -> Appointment:
    """Let somebody of the cast appoint."""
    act = town.act(who)
    defaults = {
        "unit": town.unit("jia"),
        "area": town.area("甲社区第二网格"),
        "post": "grid_worker",
        "since": TODAY,
    }
    with under(act):
        return services.appoint(act, to, **{**defaults, **values})


def test_a_head_appoints_within_the_community(town: Town, newcomer: Account) -> None:
    give(town, "he", newcomer)
    act = act_for(newcomer.pk)
    assert act.post == "grid_worker" and act.sees(town.area("甲社区第二网格").pk)


@pytest.mark.parametrize(
    ("who", "unit", "area", "post", "field"),
    [
        ("he", "yi", "乙社区", "clerk", "area"),
        ("he", "jia", "甲社区", "grid_worker", "area"),
        ("he", "jia", "甲社区", "community_head", "post"),
        ("he", "jia", "甲社区", "no_such_post", "post"),
        ("he", "municipal", "甲社区", "department_worker", "area"),
        ("he", "jia", "东街道", "street_worker", "area"),
        ("feng", "command", "试验市", "duty_head", "post"),
    ],
)
def test_a_hat_beyond_ones_own_is_refused(
    town: Town, newcomer: Account, who: str, unit: str, area: str, post: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        give(town, who, newcomer, unit=town.unit(unit), area=town.area(area), post=post)
    assert refused.value.field == field
    assert not newcomer.appointments.exists()


def test_the_city_appoints_a_department_worker(town: Town, newcomer: Account) -> None:
    values = {"unit": town.unit("municipal"), "area": town.area("试验市")}
    give(town, "feng", newcomer, post="department_worker", **values)
    assert act_for(newcomer.pk).unit == town.unit("municipal").pk


def test_nobody_appoints_oneself_or_twice(town: Town, newcomer: Account) -> None:
    with pytest.raises(Refusal):
        give(town, "he", town.account("he"))
    give(town, "he", newcomer)
    with pytest.raises(Refusal):
        give(town, "he", newcomer)


def test_a_clerk_may_not_appoint(town: Town, newcomer: Account) -> None:
    with pytest.raises(Denied):
        give(town, "chen", newcomer)


def test_dismissal_counts_the_last_day(town: Town, newcomer: Account) -> None:
    held = give(town, "he", newcomer, since=timezone.localdate() - timedelta(days=9))
    act = town.act("he")
    services.dismiss(act, held, until=timezone.localdate())
    assert act_for(newcomer.pk).post == "grid_worker"
    services.dismiss(act, held, until=timezone.localdate() - timedelta(days=1))
    assert act_for(newcomer.pk).post == ""


def test_dismissal_elsewhere_or_of_oneself_is_refused(town: Town) -> None:
    act = town.act("he")
    with pytest.raises(Denied):
        services.dismiss(act, town.account("zhou").appointments.get(), until=TODAY)
    with pytest.raises(Refusal):
        services.dismiss(act, town.account("he").appointments.get(), until=TODAY)


def test_the_list_shows_ones_own_area_only(town: Town) -> None:
    with under(town.act("he")) as act:
        names = {row.account.name for row in selectors.people(act, TODAY).rows}
    assert names == {"陈静", "林芳", "何主任", "孙强", "钱进"}
    with under(town.act("feng")) as act:
        first = selectors.people(act, TODAY, size=4)
        rest = selectors.people(act, TODAY, after=first.next, size=20)
        everyone = selectors.people(act, TODAY, size=100)
    assert [r.pk for r in first.rows + rest.rows] == [r.pk for r in everyone.rows]


@pytest.mark.row("R129")
def test_a_grid_lacking_a_head_or_a_worker_is_shown(
    town: Town, newcomer: Account, client: Client
) -> None:
    act, tomorrow = town.act("he"), TODAY + timedelta(days=1)
    first, second = town.area("甲社区第一网格"), town.area("甲社区第二网格")
    give(town, "he", newcomer, area=first, post="grid_head")
    assert [a.pk for a, _held in selectors.vacancies(act, TODAY)] == [second.pk]
    services.dismiss(act, town.account("qian").appointments.get(), until=TODAY)
    ((area, held),) = selectors.vacancies(act, tomorrow)
    assert area.pk == second.pk and held.lacks_head and held.lacks_worker
    elsewhere = [a.pk for a, _held in selectors.vacancies(town.act("zhou"), tomorrow)]
    assert second.pk not in elsewhere
    enter(client, town, "he")
    page = client.get("/desk/people/").content.decode()
    assert "有 1 个网格缺人" in page and "缺网格员" in page


def test_a_head_walks_from_hiring_to_dismissing(town: Town, client: Client) -> None:
    enter(client, town, "he")
    assert "孙强" in client.get("/desk/people/").content.decode()
    weak = client.post("/desk/people/hire/", {"login": "xin", "name": "辛格", "password": "short"})
    assert weak.status_code == 422 and "辛格" in weak.content.decode()
    sent = {"login": "xin", "name": "辛格", "password": "Neues-Wort-1"}
    hired = client.post("/desk/people/hire/", sent)
    assert hired.status_code == 302
    assert client.post("/desk/people/hire/", sent).status_code == 422
    assert 'value="xin"' in client.get(hired["Location"]).content.decode()
    values = {
        "login": "xin",
        "post": "grid_worker",
        "unit": "甲社区居委会",
        "area": "甲社区第一网格",
        "since": "2026-03-01",
        "full_time": "on",
    }
    for wrong in (
        {"login": "nobody"},
        {"unit": "乙社区居委会"},
        {"area": "乙社区"},
        {"since": "x"},
    ):
        page = client.post("/desk/people/appoint/", {**values, **wrong})
        assert page.status_code == 422, wrong
    assert client.post("/desk/people/appoint/", values).status_code == 302
    held = Appointment.objects.get(account__login="xin")
    assert "辛格" in client.get("/desk/people/?q=xin").content.decode()
    address = f"/desk/people/{held.pk}/dismiss/"
    assert client.post(address, {"until": "2026-02-01"}).status_code == 422
    assert client.post(address, {"until": "2030-03-02"}).status_code == 302
    stranger = town.account("zhou").appointments.get()
    assert client.get(f"/desk/people/{stranger.pk}/dismiss/").status_code == 404


@pytest.mark.parametrize("key", ["chen", "sun", "zheng", "wang"])
def test_others_are_kept_out(town: Town, client: Client, key: str) -> None:
    enter(client, town, key)
    for page in ("people/", "people/hire/", "people/appoint/", "audit/", "audit/1/"):
        assert client.get(f"/desk/{page}").status_code == 403, page
        assert client.post(f"/desk/{page}", {}).status_code == 403, page
