"""How many statements a page asks: what it needs itself, without transactions and without the looks of a process at its memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Whether there is a newer pack, map or list of units is asked once in a while, by whichever page comes first.
STAMPS = ('FROM "policy_version"', 'FROM "places_areastamp"', "max(id) FROM access_unit")
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that the block asks; the list is filled when it ends."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield found
    found += [
        sql
        for query in seen.captured_queries
        if not (sql := query["sql"]).startswith(TRANSACTION)
        and not any(stamp in sql for stamp in STAMPS)
    ]
