"""Every number of the figures and of the map opens its rows: as many as it says."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter
from linli.kernel.acts import system_act, under
from tests.town import Town

from .test_desk import entered, lamp

LINK = re.compile(r'<a[^>]*href="/desk/matters/\?([^"]*)"[^>]*>(.*?)</a>', re.S)
TAG = re.compile(r"<[^>]+>")
SHARE = re.compile(r"(\d+) / \d+ 件")


def opened(client: Client, query: str) -> int:
    """How many rows a list has, all its pages together."""
    found, after = 0, ""
    while True:
        page = client.get(f"/desk/matters/?{query}{after}").content.decode()
        found += page.count('name="pick"')
        more = re.search(r'after=([^"&]+)" rel="next"', page)
        if not more:
            return found
        after = f"&after={more[1]}"


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number of a page that leads to a list: its query and what it says (a share says its numerator)."""
    found = []
    for query, inner in LINK.findall(page):
        words = " ".join(TAG.sub(" ", inner).split())
        share, plain = SHARE.search(words), re.findall(r"\d+", words)
        if share or len(plain) == 1:
            found.append((unescape(query), int(share[1] if share else plain[0])))
    return found


def a_month(town: Town) -> None:
    """Matters of several kinds and places: handled in time and late, rated well and badly, reworked, overdue."""
    chen, wu, system = town.act("chen"), town.act("wu"), system_act()
    for n in range(3):
        lamp(town, f"新报的第{n}件")
    for n, grade in enumerate((5, 2)):
        done = services.accept(chen, lamp(town, f"办好的第{n}件"))
        done = services.handle(chen, done, outcome="修了")
        done = services.verify(town.act("lin"), done)
        done = services.close(town.act("lin"), done)
        services.rate(town.act("wang"), done, value=grade, words="说一句")
    again = services.handle(chen, services.accept(chen, lamp(town, "重办的")), outcome="修了")
    services.rework(town.act("lin"), again, reason="还是不亮")
    services.accept(wu, lamp(town, "在街道的", area="东街道"))
    lamp(town, "在社区的", area="甲社区")
    late = services.accept(chen, lamp(town, "超期的"))
    with under(system):
        past = system.at - timedelta(days=1)
        Matter.objects.filter(pk=late.pk).update(due=past, next_due=past)
        first = Matter.objects.filter(closed__isnull=False).order_by("pk").first()
        Matter.objects.filter(pk=first.pk if first else 0).update(on_time=False)


@pytest.mark.row("R106")
@pytest.mark.parametrize("by", ["class", "unit", "area", "channel"])
def test_every_number_of_the_figures_opens_as_many_rows(town: Town, by: str) -> None:
    a_month(town)
    street = entered(town, "wu")
    found = numbers(street.get(f"/desk/figures/?by={by}").content.decode())
    assert len(found) > 15
    assert [(q, n, opened(street, q)) for q, n in found if opened(street, q) != n] == []


def test_every_number_of_the_promises_opens_as_many_rows(town: Town) -> None:
    a_month(town)
    street = entered(town, "wu")
    found = numbers(street.get("/desk/figures/promises/").content.decode())
    assert found and [(q, n) for q, n in found if opened(street, q) != n] == []


def test_other_conditions_in_the_address_do_not_part_figures_from_rows(town: Town) -> None:
    a_month(town)
    street = entered(town, "wu")
    found = numbers(street.get("/desk/figures/?unit=1&q=灯&state=closed").content.decode())
    assert [(q, n) for q, n in found if opened(street, q) != n] == []


@pytest.mark.parametrize("asked", ["", "?show=overdue", "?group=07"])
def test_every_number_beside_the_map_opens_as_many_rows(town: Town, asked: str) -> None:
    a_month(town)
    street = entered(town, "wu")
    page = street.get(f"/desk/map/{asked}").content.decode()
    found = numbers(page)
    assert found or asked == "?group=07"
    assert [(q, n, opened(street, q)) for q, n in found if opened(street, q) != n] == []


def test_the_table_beside_the_map_follows_its_filter(town: Town) -> None:
    a_month(town)
    page = entered(town, "wu").get("/desk/map/?show=overdue").content.decode()
    assert [n for _q, n in numbers(page)] == [1, 1]


def test_a_grid_beside_the_map_opens_its_page(town: Town) -> None:
    lamp(town, area="甲社区第一网格")
    chen = entered(town, "chen")
    grid = re.search(r'href="(/desk/grids/[^"]+)"', chen.get("/desk/map/").content.decode())
    assert grid and "甲社区第一网格" in chen.get(grid[1]).content.decode()
