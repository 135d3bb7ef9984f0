"""Matters counted by month and place, so that a sheet of figures costs the same in any city (R096).

What moves marks its month and place (`stale`), and so does what the clock finds late; once a minute those alone are
counted anew (`recount`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from linli.capabilities.matters.selectors.names import names
from linli.kernel.acts import EVERYWHERE, Act, crossing

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('matters:tallies', 0))"
_MONTH = "date_trunc('month', m.opened AT TIME ZONE 'Asia/Shanghai')::date"
_MARK = f"""
INSERT INTO matters_uncounted (area_id, month)
SELECT DISTINCT coalesce(m.community, m.area_id), {_MONTH} FROM matters_matter m WHERE m.id = ANY(%s)
"""
_TAKE = """
WITH taken AS (DELETE FROM matters_uncounted RETURNING area_id, month)
SELECT area_id, month FROM taken GROUP BY area_id, month
"""
_WANTED = "unnest(%(areas)s::bigint[], %(months)s::date[]) AS d (area, month)"
_FORGET = (
    f"DELETE FROM matters_tally t USING {_WANTED} WHERE t.area_id = d.area AND t.month = d.month"
)
_INSIDE = """
 AND m.opened >= d.month::timestamp AT TIME ZONE 'Asia/Shanghai'
 AND m.opened < (d.month + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
"""
# Two arms, so that each has its index: those of a community, and those that lie above one.
_SOME = f"""
SELECT d.area, d.month, m.* FROM {_WANTED} JOIN matters_matter m ON m.community = d.area {_INSIDE}
UNION ALL
SELECT d.area, d.month, m.* FROM {_WANTED}
JOIN matters_matter m ON m.community IS NULL AND m.area_id = d.area {_INSIDE}
"""
_ALL = (
    f"SELECT coalesce(m.community, m.area_id) AS area, {_MONTH} AS month, m.* FROM matters_matter m"
)
_COUNT = """
INSERT INTO matters_tally (area_id, month, unit_id, restricted,
    received, judged, in_time, rated, satisfied, reopened, overdue)
SELECT area, month, unit_id, restricted, count(*), count(on_time),
    count(*) FILTER (WHERE on_time), count(rating),
    count(*) FILTER (WHERE rating = ANY(%(good)s::smallint[])), count(*) FILTER (WHERE round > 1),
    count(*) FILTER (WHERE closed IS NULL AND handled IS NULL AND due < %(at)s)
FROM ({rows}) AS m GROUP BY 1, 2, 3, 4
"""


def stale(keys: Collection[int]) -> None:
    """Mark the months and places of some matters as to be counted anew, part of a listener or of the clock."""
    with crossing(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_MARK, [list(keys)])


def recount(act: Act, *, whole: bool = False) -> int:
    """Count what is marked, or everything; returns how many rows were counted, one for each month, place and unit."""
    given: dict[str, Any] = {
        "good": [g.value for g in names().policy.ratings.grades if g.satisfied],
        "at": act.at,
    }
    with crossing(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(_TAKE)
        marked = cursor.fetchall()
        if whole:
            cursor.execute("DELETE FROM matters_tally")
        elif not marked:
            return 0
        else:
            given["areas"], given["months"] = (list(column) for column in zip(*marked, strict=True))
            cursor.execute(_FORGET, given)
        cursor.execute(_COUNT.format(rows=_ALL if whole else _SOME), given)
        return int(cursor.rowcount)
