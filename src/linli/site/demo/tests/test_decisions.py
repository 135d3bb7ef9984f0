"""The application to be decided: its time ends after the moment at which the city is built, whatever the hour."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linli.capabilities.admission.selectors.lists import section
from linli.site.demo import decisions
from linli.site.demo.demands import Stage
from tests.town import Town

FRIDAY, MONDAY = date(2026, 3, 20), date(2026, 3, 23)


@pytest.mark.parametrize(("hour", "day"), [(9, FRIDAY), (16, FRIDAY), (19, MONDAY), (23, MONDAY)])
def test_it_is_never_late_when_the_city_is_built(town: Town, hour: int, day: date) -> None:
    now = datetime(2026, 3, 20, hour, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    options: Any = SimpleNamespace(now=now)
    nobody: Any = None
    stage, term = Stage(nobody, options, Random(1)), section().terms.decide.term
    ends = decisions._ends(stage, term, decisions._before(stage, term, now))
    assert ends > now and ends.date() == day


@pytest.mark.parametrize("day", [(2026, 2, 28), (2026, 5, 8), (2026, 10, 12), (2026, 11, 24)])
def test_what_waits_for_its_meeting_has_days_left_and_its_notice_is_over(
    town: Town, day: tuple[int, int, int]
) -> None:
    now = datetime(*day, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    options: Any = SimpleNamespace(now=now)
    nobody: Any = None
    stage, terms = Stage(nobody, options, Random(1)), section().terms
    days = decisions.waiting(stage)
    assert decisions._ends(stage, terms.notice.term, days - 1) < now
    assert decisions._ends(stage, terms.decide.term, days) > now
