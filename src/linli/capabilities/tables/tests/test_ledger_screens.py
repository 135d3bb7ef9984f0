"""A ledger whose rows are counted as they are shown: a whole city's opens like a street's."""

from __future__ import annotations

import pytest

from linli.capabilities.registry.tests import test_desk_choosing as choosing
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.selectors.ledgers import Asked
from linli.kernel.acts import under
from tests.town import Town

pytestmark = pytest.mark.django_db
city = choosing.city


def test_communities_are_counted_a_screen_at_a_time(city: Town) -> None:
    with under(city.act("feng")) as act:
        view = ledgers.view(act, "L01")
        assert view is not None
        first = ledgers.sheet(act, view, Asked())
        onward = ledgers.sheet(act, view, Asked(), first.more)
        printed = ledgers.sheet(act, view, Asked(), size=60)
    keys = [line.key for line in (*first.lines, *onward.lines)]
    assert len(first.lines) == len(onward.lines) == 15 and keys == sorted(set(keys))
    assert len(printed.lines) == 60
