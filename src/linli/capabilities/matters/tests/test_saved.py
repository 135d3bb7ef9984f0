"""Saved filters: another name, another order, away; only one's own, and without a script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.kernel.access.models import SavedFilter
from linli.kernel.access.selectors import saved_filters
from linli.kernel.access.services import save_filter
from linli.kernel.acts import under
from tests.town import Town

from .test_desk import entered

PAGE = "matters:list"


def three(town: Town) -> list[int]:
    act = town.act("chen")
    names = ("我的超期", "等补充的", "12345 来的")
    return [save_filter(act, page=PAGE, name=n, query="show=overdue").pk for n in names]


def order(town: Town, who: str = "chen") -> list[str]:
    act = town.act(who)
    with under(act):
        return [row.name for row in saved_filters(act, PAGE)]


def change(client: Client, key: int, deed: str, **more: str) -> int:
    return client.post("/desk/saved/", {"filter": key, "do": deed, **more}).status_code


def test_a_new_one_stands_last_and_each_can_be_moved(town: Town) -> None:
    first, second, third = three(town)
    chen = entered(town, "chen")
    assert order(town) == ["我的超期", "等补充的", "12345 来的"]
    assert change(chen, third, "up") == 303
    assert order(town) == ["我的超期", "12345 来的", "等补充的"]
    assert change(chen, first, "down") == 303
    assert change(chen, first, "up") == 303 and change(chen, first, "up") == 303
    assert order(town) == ["我的超期", "12345 来的", "等补充的"]
    page = chen.get("/desk/matters/?show=open").content.decode()
    shown = re.findall(r'class="saved-item"[^>]*>([^<]+)<', page)
    assert shown == order(town) and 'href="/desk/saved/"' in page
    assert change(chen, second, "drop") == 303 and len(order(town)) == 2


def test_another_name_but_no_two_alike(town: Town) -> None:
    first, second, _third = three(town)
    chen = entered(town, "chen")
    assert change(chen, first, "rename", name="  要催的 ") == 303
    assert order(town)[0] == "要催的"
    answer = chen.post("/desk/saved/", {"filter": second, "do": "rename", "name": "要催的"})
    words = answer.content.decode()
    assert answer.status_code == 422 and "已经有一个筛选叫这个名字" in words
    assert words.count('value="要催的"') == 2, "what was typed is kept"
    assert change(chen, second, "rename", name=" ") == 422
    assert order(town) == ["要催的", "等补充的", "12345 来的"]


@pytest.mark.parametrize("deed", ["rename", "up", "down", "drop"])
def test_nobody_changes_another_s(town: Town, deed: str) -> None:
    first = three(town)[0]
    change(entered(town, "lin"), first, deed, name="改了")
    assert order(town)[0] == "我的超期" and order(town, "lin") == []
    with under(town.act("chen")):
        assert SavedFilter.objects.filter(pk=first).exists()


def test_the_page_needs_no_script(town: Town) -> None:
    three(town)
    page = entered(town, "chen").get("/desk/saved/").content.decode()
    assert page.count('value="rename"') == 3 and page.count('method="post"') >= 3
    assert "还没有常用筛选" in entered(town, "lin").get("/desk/saved/").content.decode()
