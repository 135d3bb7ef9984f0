"""How a clock is told: in working days for offices, as the wall clock runs for the rest; never a share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linli.kernel.calendar import SHANGHAI, Days, Term, Unit
from linli.kernel.calendar.labels import late_words, left_words

DAYS = Days.shipped()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due", "now", "unit", "said"),
    [
        ("2025-03-06 17:00", "2025-03-06 18:00", Unit.WORKING_DAY, "超期不到 1 个工作日"),
        ("2025-03-06 17:00", "2025-03-07 09:00", Unit.WORKING_DAY, "超期 1 个工作日"),
        ("2025-03-07 17:00", "2025-03-09 12:00", Unit.WORKING_DAY, "超期不到 1 个工作日"),
        ("2025-03-07 17:00", "2025-03-10 09:00", Unit.WORKING_HOUR, "超期 1 个工作日"),
        ("2025-09-30 17:00", "2025-10-09 09:00", Unit.WORKING_DAY, "超期 1 个工作日"),
        ("2025-03-06 17:00", "2025-03-06 17:30", Unit.HOUR, "刚刚超期"),
        ("2025-03-07 17:00", "2025-03-08 01:00", Unit.HOUR, "超期 8 小时"),
        ("2025-03-07 17:00", "2025-03-10 16:00", Unit.HOUR, "超期 2 天"),
    ],
)
def test_how_late(due: str, now: str, unit: Unit, said: str) -> None:
    assert late_words(at(due), at(now), DAYS, unit) == said
    assert late_words(at(due).astimezone(UTC), at(now).astimezone(UTC), DAYS, unit) == said


@pytest.mark.parametrize(
    ("amount", "unit", "due", "now", "said"),
    [
        (2, Unit.WORKING_DAY, "2025-03-07 17:00", "2025-03-05 10:00", "还剩 2个工作日"),
        (2, Unit.WORKING_DAY, "2025-03-10 17:00", "2025-03-07 10:00", "还剩 1个工作日"),
        (1, Unit.WORKING_DAY, "2025-03-07 17:00", "2025-03-07 10:00", "今天到期"),
        (3, Unit.WORKING_DAY, None, "2025-03-07 10:00", "还剩 3个工作日"),
        (4, Unit.DAY, "2025-03-11 23:59", "2025-03-07 10:00", "还剩 4日"),
        (3.517, Unit.WORKING_HOUR, "2025-03-07 17:00", "2025-03-07 10:00", "还剩 3.5个工作小时"),
        (20, Unit.HOUR, "2025-03-08 06:00", "2025-03-07 10:00", "还剩 20小时"),
        (0.4, Unit.HOUR, "2025-03-07 10:24", "2025-03-07 10:00", "还剩不到 1 小时"),
    ],
)
def test_what_is_left(amount: float, unit: Unit, due: str | None, now: str, said: str) -> None:
    assert left_words(Term(amount, unit), at(due) if due else None, at(now), DAYS) == said
