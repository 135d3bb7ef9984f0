"""Long lists come page by page: every row on exactly one page, in order, and the last page ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from linli.capabilities.registry.models import Building, Holding, Home, Organisation, Statistic
from linli.capabilities.registry.selectors import organisations, places, statistics
from linli.capabilities.registry.tests.desk import entered, text_of
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as areas
from tests import families
from tests.town import Town

ACT, DAY = system_act(), date(2026, 6, 1)


@pytest.fixture
def here(town: Town) -> Town:
    families.settle()
    areas.forget()
    return town


def walked(ask: Callable[[int | None], tuple[list[Any], int | None]]) -> list[Any]:
    """Every row of a list, page after page."""
    rows, after = ask(None)
    for _page in range(100):
        if after is None:
            return rows
        more, after = ask(after)
        rows = rows + more
    raise AssertionError("the list does not end")


def _raised(town: Town, how_many: int) -> None:
    """Buildings of 乙社区 with a home each, filed in no grid."""
    area = town.area("乙社区").pk
    named = [f"{n}幢" for n in range(1, how_many + 1)]
    made = [Building(area_id=area, name=n, address=n, address_key=f"乙{n}") for n in named]
    Building.objects.bulk_create(made)
    Home.objects.bulk_create(
        Home(area_id=area, building=each, unit_no="1", room="101") for each in made
    )


def _told(client: Any, address: str) -> list[str]:
    """The first cells of a list, page after page, as its pager leads."""
    found: list[str] = []
    at = address
    for _page in range(20):
        page = client.get(at).content.decode()
        found += re.findall(r'class="main"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
        onward = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        if onward is None:
            return found
        at = address + onward[1].replace("&amp;", "&")
    raise AssertionError("the list does not end")


def test_buildings_of_an_area_in_order_of_number(here: Town) -> None:
    with under(ACT):
        _raised(here, 23)
        area = here.area("乙社区")
        found = walked(lambda after: places.buildings_in(ACT, area, after=after, size=4))
    names = [each.name for each in found]
    assert names == sorted([f"{n}幢" for n in range(1, 24)] + ["3幢"], key=lambda n: (len(n), n))
    assert len({each.pk for each in found}) == 24
    assert all(each.n_homes == 1 for each in found)


@pytest.mark.row("R123")
def test_the_desk_lists_all_buildings_and_all_strays(here: Town) -> None:
    with under(ACT):
        _raised(here, 120)
        code = here.area("乙社区").code
    client = entered(here, "wu")
    buildings = _told(client, f"/desk/elements/{code}/buildings/")
    assert len(buildings) == 121
    strays = _told(client, f"/desk/coverage/{code}/")
    assert len(strays) == 121
    for wrong in ("x", "9-1", "1-x", "2-99999999999999999999"):
        assert client.get(f"/desk/coverage/{code}/?after={wrong}").status_code == 200


@pytest.mark.row("R032", "R033")
def test_the_reserve_list_is_narrowed_before_it_is_cut(here: Town) -> None:
    with under(ACT):
        body = Organisation.objects.filter(area=here.area("甲社区")).first()
        assert body is not None
        Holding.objects.bulk_create(
            Holding(
                area_id=body.area_id, organisation=body, post="reserve", name=f"后备{n}",
                since=date(2025, 1, 1), more={"born": 1960 if n < 30 else 1998},
            )
            for n in range(40)
        )  # fmt: skip

        def page(after: int | None, **asked: Any) -> tuple[list[Any], int | None]:
            return organisations.reserve(ACT, DAY, after=after, size=7, **asked)

        everybody = walked(page)
        young = walked(lambda after: page(after, oldest=35))
    assert len(everybody) == len({each.holding.pk for each in everybody}) == 40
    assert [each.holding.name for each in young] == [f"后备{n}" for n in range(30, 40)]


@pytest.mark.row("R009")
def test_figures_newest_first_page_by_page(here: Town) -> None:
    city, now = here.area("试验市"), datetime(2026, 1, 1, tzinfo=UTC)
    with under(ACT):
        Statistic.objects.bulk_create(
            Statistic(
                area=city, code=code, period=str(year), value=Decimal(1), unit="人",
                as_of=date(year, 12, 31), document=f"公报{which}", since=now,
            )
            for year in range(2001, 2012)
            for code in ("population", "households", "wages")
            for which in (1, 2)
        )  # fmt: skip
        found = walked(lambda after: statistics.listed(ACT, after=after, size=5)[:2])
        one = walked(lambda after: statistics.listed(ACT, "wages", after=after, size=5)[:2])
    keys = [(-each.as_of.toordinal(), each.code, each.pk) for each in found]
    assert len(keys) == 66 and keys == sorted(keys)
    assert len(one) == 22
    assert text_of(entered(here, "chen").get("/desk/statistics/?code=wages")).count("公报1") == 11
