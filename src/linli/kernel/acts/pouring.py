"""Many rows at once: COPY into a staging table, then one INSERT that every wall still judges row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from linli.kernel.acts.scope import current, tell

# Values of these fields go to PostgreSQL as they are; preparing each of them anew would take most of the time.
_PLAIN = (
    models.BigAutoField,
    models.BigIntegerField,
    models.IntegerField,
    models.BooleanField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.FloatField,
    models.CharField,
    models.TextField,
    models.DateField,
    models.DateTimeField,
    models.UUIDField,
    models.ForeignKey,
)
Reader = Callable[[models.Model], Any]


def pour(rows: Sequence[models.Model], *, signed: str = "") -> int:
    """Insert rows of one model by COPY, inside a transaction; returns how many.

    All rows leave out the same columns (a key the table draws, a default of the table). `signed` names the column of
    the account in whose name each row is written: the wall is told it row by row.
    """
    if not rows:
        return 0
    fields = _given(rows[0])
    table = rows[0]._meta.db_table
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    chosen = ", ".join(names)
    told = [
        _told(name) if field.name == signed else name
        for field, name in zip(fields, names, strict=True)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE pouring AS SELECT {chosen} FROM {quote(table)} WITH NO DATA"
        )
        with cursor.copy(f"COPY pouring ({chosen}) FROM STDIN") as copy:
            readers = [_reader(field) for field in fields]
            for row in rows:
                copy.write_row([read(row) for read in readers])
        cursor.execute(
            f"INSERT INTO {quote(table)} ({chosen}) SELECT {', '.join(told)} FROM pouring"
        )
        cursor.execute("DROP TABLE pouring")
    act = current()
    if signed and act is not None:
        tell(act)
    return len(rows)


def _told(name: str) -> str:
    """The column, said to the wall in the same breath: a volatile function runs once for each row."""
    return f"set_config('linli.account', {name}::text, true)::bigint"


def _given(row: models.Model) -> list[models.Field[Any, Any]]:
    """The fields that rows bring along."""
    return [
        field
        for field in row._meta.concrete_fields
        if not isinstance(row.__dict__.get(field.attname), DatabaseDefault)
        and not (field.primary_key and row.pk is None)
    ]


def _reader(field: models.Field[Any, Any]) -> Reader:
    dated = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if type(field) in _PLAIN and not dated:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
