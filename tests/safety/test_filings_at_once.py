"""Two of a district file one secretary at the same moment, over real connections: one records, the other is told."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from linli.capabilities.registry.models import Filing, Holding
from linli.capabilities.registry.services import filings, organisations, posts
from linli.capabilities.registry.tests.organisers import organisers
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from tests.safety.conftest import forget_all
from tests.safety.test_concurrency import at_once, one_wins
from tests.town import Town

pytestmark = pytest.mark.row("R026")


@pytest.fixture
def held(own_town: Town) -> Holding:
    forget_all()
    organisers()
    act = system_act()
    with under(act):
        body = organisations.add_organisation(
            act, area=own_town.area("甲社区").pk, kind="party_general_branch", name="甲党总支"
        )
        return posts.hold(act, body, post="secretary", name="何书记", since=date(2024, 1, 1))


def test_two_file_one_secretary_once(own_town: Town, held: Holding) -> None:
    ding = own_town.act("ding")
    with under(ding):
        row = Filing.objects.get()
    found = at_once([partial(filings.file, ding, row, number=f"{n}号") for n in range(4)])
    one_wins(found, "已经备案")
    with under(system_act()):
        assert Fact.objects.filter(verb="registry.file_post").count() == 1
        assert Filing.objects.get().number in {f"{n}号" for n in range(4)}


def test_one_files_while_another_ends_the_post(own_town: Town, held: Holding) -> None:
    ding, he = own_town.act("ding"), own_town.act("he")
    with under(ding):
        row = Filing.objects.get()
    at_once(
        [
            partial(filings.file, ding, row, number="1号"),
            partial(posts.unhold, he, held, on=date(2025, 1, 1)),
            partial(posts.unhold, he, held, on=date(2025, 1, 1)),
        ]
    )
    with under(system_act()):
        rows = list(Filing.objects.order_by("pk").values_list("about", "state"))
    ended_after = [("appointed", "filed"), ("ended", "waiting")]
    filed_as_ended = [("ended", "filed")]
    assert rows in (ended_after, filed_as_ended, [("ended", "waiting")]), rows
