"""The few statements of every act, planned once for each connection.

Planning a statement behind the walls takes PostgreSQL longer than running it: 1.1 ms against 0.3 ms for one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

THRESHOLD = 2  # what is said a third time on one connection is kept planned


def run(
    sql: str, values: Sequence[Any] | Mapping[str, Any], *, binary: bool = False
) -> tuple[int, list[tuple[Any, ...]]]:
    """Run one fixed statement in the open transaction; returns how many rows it met, and those it returned.

    The text must be one of few: what differs from call to call goes into `values`. `binary` brings times and numbers
    faster; not for columns of JSON, which the mapper wants as text.
    """
    here = connections[
        DEFAULT_DB_ALIAS
    ]  # asked once: the usual proxy looks its thread up for every word
    if here.queries_logged:
        with here.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount, cursor.fetchall() if cursor.description else []
    here.validate_no_broken_transaction()
    here.ensure_connection()
    link = here.connection
    if link.prepare_threshold is None:
        link.prepare_threshold = THRESHOLD
    with here.wrap_database_errors, psycopg.Cursor(link) as planned:
        planned.execute(sql, values, binary=binary)
        told = planned.pgresult is not None and planned.pgresult.nfields
        return planned.rowcount, planned.fetchall() if told else []
