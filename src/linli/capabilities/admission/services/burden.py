"""The burden of a month, counted set by set from what was sent and held (R080, R090, R098)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Demand
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.rows import waiting
from linli.kernel.acts import EVERYWHERE, Act, action, crossing, note

_OLD = "DELETE FROM admission_weight w WHERE {months} AND {areas}"
# What comes down as a meeting or an inspection is counted once, by the occasion.
_NEW = """
WITH sent AS (
    SELECT w.area_id, {month} AS month, unit_id, fields, known, hours,
        cardinality(fields) AS n, coalesce(cells, 0) AS cells,
        state = 'declined' AS no,
        kind IN ('table', 'ledger') AND state <> 'declined' AS sheet,
        kind IN ('meeting', 'inspection', 'contest') AS called,
        CASE WHEN cells > 0 THEN least(coalesce(by_hand, cells - known), cells)
            ELSE coalesce(by_hand, cardinality(fields)) END AS typed
    FROM admission_demand w
    WHERE state IN ('received', 'accepted', 'delivered', 'declined')
        AND issued IS NOT NULL AND {demands} AND {areas}
), parts AS (
    SELECT area_id, month, unit_id,
        count(*) FILTER (WHERE NOT no AND NOT called) AS times,
        count(*) FILTER (WHERE sheet) AS tables,
        sum(n) FILTER (WHERE sheet) AS fields,
        sum(CASE WHEN cells > 0 THEN ceil(n * typed::numeric / cells) ELSE typed END)
            FILTER (WHERE sheet) AS by_hand,
        sum(cells) FILTER (WHERE sheet) AS cells,
        sum(known) FILTER (WHERE sheet AND cells > 0) AS known,
        sum(CASE WHEN hours = 0 AND cells > 0 THEN round(typed * %(seconds)s / 3600.0, 1)
            ELSE hours END) FILTER (WHERE NOT no AND NOT called) AS hours,
        0 AS meetings, 0 AS inspections, 0 AS contests,
        count(*) FILTER (WHERE no) AS declined
    FROM sent GROUP BY 1, 2, 3
    UNION ALL
    SELECT area_id, date_trunc('month', day)::date, unit_id, count(*), 0, 0, 0, 0, 0,
        sum(hours * people), count(*) FILTER (WHERE kind = 'meeting'),
        count(*) FILTER (WHERE kind = 'inspection'), count(*) FILTER (WHERE kind = 'contest'), 0
    FROM admission_occasion w
    WHERE state IN ('planned', 'held') AND {days} AND {areas}
    GROUP BY 1, 2, 3
), twice AS (
    SELECT area_id, month, count(*) AS n FROM (
        SELECT area_id, month FROM sent, unnest(fields) AS field
        WHERE sheet GROUP BY area_id, month, field HAVING count(DISTINCT unit_id) > 1
    ) f GROUP BY 1, 2
)
INSERT INTO admission_weight (area_id, month, unit_id, times, tables, fields, by_hand, cells,
    known, hours, meetings, inspections, contests, declined, duplicates)
SELECT p.area_id, p.month, p.unit_id, sum(p.times), sum(p.tables), coalesce(sum(p.fields), 0),
    coalesce(sum(p.by_hand), 0), coalesce(sum(p.cells), 0), coalesce(sum(p.known), 0),
    coalesce(sum(p.hours), 0), sum(p.meetings), sum(p.inspections), sum(p.contests),
    sum(p.declined), CASE WHEN grouping(p.unit_id) = 1 THEN coalesce(max(t.n), 0) ELSE 0 END
FROM parts p LEFT JOIN twice t USING (area_id, month)
GROUP BY GROUPING SETS ((p.area_id, p.month, p.unit_id), (p.area_id, p.month))
"""
_SINCE = "issued >= %(first)s::timestamp AT TIME ZONE 'Asia/Shanghai'"
_MONTH = "date_trunc('month', issued AT TIME ZONE 'Asia/Shanghai')::date"


@action("admission.weigh", title=_("计算负担指数"), codes=())
def weigh(act: Act, *, months: Collection[date] | None = None) -> int:
    """Count the burden of every community anew, of some months or of all; returns how many rows there are."""
    count = recount(act, months=months)
    note(rows=count)
    return count


def recount(
    act: Act, *, areas: Collection[int] | None = None, months: Collection[date] | None = None
) -> int:
    """Count some communities and months anew, part of a listener; returns how many rows there are."""
    waiting("weigh")
    params: dict[str, Any] = {
        "areas": None if areas is None else sorted(areas),
        "months": None if months is None else sorted(months),
        "first": None if months is None else min(months, default=None),
        "seconds": section().typing.seconds,
    }
    told = "w.area_id = ANY(%(areas)s)" if areas is not None else "true"
    parts = {
        "areas": told,
        "month": _MONTH,
        "months": _within("w.month", months),
        "demands": _within(_MONTH, months, _SINCE),
        "days": _within("date_trunc('month', day)::date", months, "day >= %(first)s"),
    }
    with crossing(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_OLD.format_map(parts), params)
        cursor.execute(_NEW.format_map(parts), params)
        return int(cursor.rowcount)


def _within(column: str, months: Collection[date] | None, first: str = "") -> str:
    if months is None:
        return "true"
    wanted = f"{column} = ANY(%(months)s)"
    return f"{wanted} AND {first}" if first else wanted


def prefilled(act: Act, *, demand: int, cells: int, known: int) -> None:
    """Keep how much of a table stood there before anybody was asked; the first count speaks, part of a listener."""
    with crossing(EVERYWHERE):
        found = Demand.objects.filter(pk=demand, cells__isnull=True)
        found.update(cells=cells, known=max(0, min(known, cells)))
