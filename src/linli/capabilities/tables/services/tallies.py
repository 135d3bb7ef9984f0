"""Entries counted by month and community, so that a sheet of figures costs the same in any city (R096)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from linli.capabilities.tables.models import Entry, EntryEdition
from linli.kernel.acts import EVERYWHERE, crossing
from linli.kernel.places.rules import WIDTH, Level, enclosing

# Who writes of one community at once waits for the other, so that nobody's entry is left out.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('tables:tally:' || %(area)s, 0))"
_ALL_AT_ONCE = "LOCK TABLE tables_entrytally IN EXCLUSIVE MODE"
_MONTH = "date_trunc('month', e.day)::date"
# What cannot be read as a number counts as an entry and tells no hours.
_HOURS = r"CASE WHEN e.body->>'hours' ~ '^[0-9]{1,6}([.][0-9]{1,6})?$' THEN (e.body->>'hours')::float ELSE 0 END"
_COMMUNITY = (
    f"CASE WHEN e.area_id & (-{WIDTH[Level.COMMUNITY]})::bigint & {WIDTH[Level.STREET] - 1}::bigint <> 0"
    f" THEN e.area_id & (-{WIDTH[Level.COMMUNITY]})::bigint ELSE e.area_id END"
)
_COUNT = """
INSERT INTO tables_entrytally (area_id, kind, month, number, hours)
SELECT {area}, e.kind, {month}, count(*), sum({hours}) FROM tables_entry e
WHERE NOT e.struck {which} GROUP BY 1, 2, 3
"""
_SOME = """
AND e.area_id >= %(area)s AND e.area_id < %(hi)s AND e.kind = %(kind)s
AND date_trunc('month', e.day)::date = ANY(%(months)s)
"""
_FORGET = """
DELETE FROM tables_entrytally WHERE area_id = %(area)s AND kind = %(kind)s AND month = ANY(%(months)s)
"""


def kept(entry: Entry) -> None:
    """Count anew the months that the editions of an entry name, in its community; part of writing it."""
    days = EntryEdition.objects.filter(entry=entry).values_list("day", flat=True)
    community = enclosing(entry.area_id, Level.COMMUNITY)
    area = community or entry.area_id
    given: dict[str, Any] = {
        "area": area,
        "hi": area + (WIDTH[Level.COMMUNITY] if community else 1),
        "kind": entry.kind,
        "months": sorted({day.replace(day=1) for day in days}),
    }
    with crossing(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, given)
        cursor.execute(_FORGET, given)
        cursor.execute(
            _COUNT.format(area="%(area)s", month=_MONTH, hours=_HOURS, which=_SOME), given
        )


def recount() -> int:
    """Count every entry anew; returns how many rows, one for each community, kind and month."""
    with crossing(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_ALL_AT_ONCE)
        cursor.execute("DELETE FROM tables_entrytally")
        cursor.execute(_COUNT.format(area=_COMMUNITY, month=_MONTH, hours=_HOURS, which=""))
        return int(cursor.rowcount)
