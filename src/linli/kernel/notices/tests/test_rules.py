"""Quiet hours and second tries."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.notices.kinds import Kind, declare, filled, kind_of
from linli.kernel.notices.rules import TRIES_MOST, is_quiet, retry_at, send_at

OPENS, CLOSES = time(21, 30), time(8, 0)
ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "urgent", "sent"),
    [
        (at(2, 12), False, at(2, 12)),
        (at(2, 21, 29), False, at(2, 21, 29)),
        (at(2, 21, 30), False, at(3, 8)),
        (at(2, 23, 59), False, at(3, 8)),
        (at(3, 0), False, at(3, 8)),
        (at(3, 7, 59), False, at(3, 8)),
        (at(3, 8), False, at(3, 8)),
        (at(31, 22), False, datetime(2026, 4, 1, 8, tzinfo=ZONE)),
        (at(2, 23), True, at(2, 23)),
    ],
)
def test_messages_wait_for_the_morning(now: datetime, urgent: bool, sent: datetime) -> None:
    assert send_at(now, OPENS, CLOSES, urgent=urgent) == sent


def test_quiet_hours_within_one_day_and_none() -> None:
    assert is_quiet(time(13), time(12), time(14))
    assert not is_quiet(time(14), time(12), time(14))
    assert not is_quiet(time(3), time(8), time(8))
    assert send_at(at(2, 13), time(12), time(14), urgent=False) == at(2, 14)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.times(), st.times())
def test_nothing_is_sent_in_quiet_hours_nor_held_over_a_day(
    now: datetime, opens: time, closes: time
) -> None:
    local = now.replace(tzinfo=ZONE)
    opens, closes = opens.replace(microsecond=0), closes.replace(microsecond=0)
    sent = send_at(local, opens, closes, urgent=False)
    assert local <= sent <= local + timedelta(days=1)
    assert not is_quiet(sent.time(), opens, closes)


def test_tries_grow_further_apart_and_end() -> None:
    now = at(2, 12)
    waits = [retry_at(now, tries) for tries in range(1, TRIES_MOST)]
    minutes = [int((w - now).total_seconds() // 60) for w in waits if w]
    assert minutes == [1, 4, 16, 64, 256]
    assert retry_at(now, TRIES_MOST) is None


def test_a_text_message_may_not_name_anybody() -> None:
    with pytest.raises(ValueError, match="name"):
        declare(Kind("test.bad", "x", "%(name)s", sms="%(name)s 您好"))
    assert kind_of("test.bad").body == ""


def test_missing_parameters_read_as_a_dash() -> None:
    assert filled("%(number)s 已办结", {}) == "— 已办结"
    assert filled("%(due)s 前办好", {"due": "2026-11-24"}) == "2026年11月24日 前办好"
    assert filled("%(due)s 前完成", {"due": "2026-11-24T09:30"}) == "11月24日 09:30 前完成"
    assert filled("%(due)s", {"due": "周五"}) == "周五"
    with translation.override("en"):
        assert filled("%(due)s", {"due": "2026-11-24"}) == "24 Nov 2026"
    assert filled("进度 100%", {}) == "进度 100%"
    assert filled("%(n)s", {"n": "<b>"}) == "<b>"
