"""One matter in and out of its table, in statements written once.

Composing the same three statements anew took half the time of a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from types import NoneType
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models

from linli.capabilities.matters.models import Matter
from linli.kernel.acts import prepared

_AS_IT_IS = {str, int, float, bool, NoneType, datetime, UUID}
Field = Any  # models.Field[Any, Any], which only type checkers know how to subscribe
_FIELDS: tuple[Field, ...] = tuple(Matter._meta.concrete_fields)
_BY_NAME: dict[str, Field] = {field.name: field for field in _FIELDS}
_PLAIN = frozenset(
    field.name
    for field in _FIELDS
    if not hasattr(field, "from_db_value") and type(field).pre_save is models.Field.pre_save
)
_TABLE = Matter._meta.db_table
_COLUMNS = ", ".join(f'"{field.column}"' for field in _FIELDS)
_HELD = f"SELECT {_COLUMNS} FROM {_TABLE} WHERE id = %s FOR UPDATE"


def held(key: int) -> Matter | None:
    """The row of a matter, held until the transaction ends; None when it is out of sight."""
    _met, rows = prepared.run(_HELD, [key])
    if not rows:
        return None
    return Matter.opened_from(rows[0])


def insert(matter: Matter) -> bool:
    """A new row; what is empty is left out. False when its token has made a row before: nothing is written then."""
    given = [(field.name, _value(matter, field)) for field in _FIELDS]
    kept = [(name, value) for name, value in given if value is not None]
    names, values = tuple(name for name, _v in kept), [value for _n, value in kept]
    _met, rows = prepared.run(_inserting(names), values)
    if not rows:
        return False
    matter.pk = rows[0][0]
    matter._state.adding, matter._state.db = False, connection.alias
    return True


def update(matter: Matter, names: Iterable[str]) -> None:
    """Write some fields of a row. DatabaseError when it is gone."""
    changed = tuple(names)
    if not changed:
        return
    values = [_value(matter, _BY_NAME[name]) for name in changed]
    met, _rows = prepared.run(_updating(changed), [*values, matter.pk])
    if not met:
        raise DatabaseError("the matter to be written is not there")


@lru_cache(maxsize=256)
def _inserting(names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{_BY_NAME[name].column}"' for name in names)
    marks = ", ".join(_mark(_BY_NAME[name]) for name in names)
    once = "ON CONFLICT (token) DO NOTHING"  # spares the savepoint that a refused row would need
    return f"INSERT INTO {_TABLE} ({columns}) VALUES ({marks}) {once} RETURNING id"


@lru_cache(maxsize=256)
def _updating(names: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{f.column}" = {_mark(f)}' for f in map(_BY_NAME.__getitem__, names))
    return f"UPDATE {_TABLE} SET {changes} WHERE id = %s"


def _mark(field: Field) -> str:
    """As the mapper writes it: a list is cast, which cuts its words to the column's length."""
    listed = isinstance(field, ArrayField)
    return f"%s::{field.db_type(connection)}" if listed else "%s"


def _value(matter: Matter, field: Field) -> Any:
    value = matter.__dict__.get(field.attname)
    if type(value) in _AS_IT_IS and field.name in _PLAIN:
        return value
    return field.get_db_prep_save(field.pre_save(matter, False), connection)
