"""Counted tries: of a phone, an address, a name, a query number."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.db import connection
from django.utils.translation import ngettext

from linli.kernel.access.models import Throttle
from linli.kernel.acts import Refusal

_COUNT = """
INSERT INTO access_throttle (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN access_throttle.until < %(now)s THEN 1 ELSE access_throttle.count + 1 END,
    until = CASE WHEN access_throttle.until < %(now)s THEN %(until)s ELSE access_throttle.until END
RETURNING count, until
"""


def throttle(key: str, *, most: int, window: timedelta, now: datetime) -> None:
    """Count a try under a key; refuse when there were more than `most` (超过) within the window."""
    count, until = _counted(key, window, now)
    if count > most:
        minutes = max(1, ceil((until - now).total_seconds() / 60))
        said = ngettext(
            "试的次数太多了，请过 %(n)s 分钟再试。",
            "试的次数太多了，请过 %(n)s 分钟再试。",
            minutes,
        )
        raise Refusal(said % {"n": minutes}, code="throttled")


def counted(key: str, window: timedelta, now: datetime) -> int:
    """Count a try under a key within a window; returns how many there were."""
    return _counted(key, window, now)[0]


def _counted(key: str, window: timedelta, now: datetime) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key[:120], "now": now, "until": now + window})
        count, until = cursor.fetchone()
    return int(count), until


def forgive(key: str) -> None:
    """Forget the counted tries of a key."""
    Throttle.objects.filter(pk=key[:120]).delete()
