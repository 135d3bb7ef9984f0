"""One condition as SQL: an expression about a column, its values as parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.offers.conditions import Condition, Op, day_of
from linli.kernel.dictionary.offers.known import Offered
from linli.kernel.dictionary.offers.shapes import Column
from linli.kernel.dictionary.rules import Unreadable, read
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import lookups
from linli.ui.spoken import Spoken

Name = Callable[[Any], str]  # a value → the placeholder that stands for it
_SIGNS = {Op.LEAST: ">=", Op.MOST: "<=", Op.BEFORE: "<", Op.AFTER: ">"}


def typed(element: Element, text: str, day: date) -> Any:
    """A condition's value as the column holds it; a Refusal in the user's words where it cannot be read."""
    if element.kind is Kind.DATE:
        said = day_of(text, day)
        if said is not None:
            return said
    if element.kind is Kind.AREA:
        return _area(element, text)
    table = selectors.table_of(element)
    found = read(element, text, table, today=day)
    if isinstance(found, Unreadable):
        message = Spoken("“%(title)s”的条件：%(why)s") % {
            "title": element.label,
            "why": found.reason,
        }
        raise Refusal(message, field=element.code, code=found.code)
    return text if found is None else found


def _area(element: Element, text: str) -> Area:
    try:
        return places.by_code(text)
    except (Area.DoesNotExist, ValueError):
        message = Spoken("没有代码为 %(code)s 的区域。") % {"code": text}
        raise Refusal(message, field=element.code, code="area") from None


def asked(offered: Offered, condition: Condition, name: Name, day: date, sql: str) -> str:
    """A condition on one column as SQL; `sql` is the column's expression, already filled in."""
    column, op = offered.column, condition.op
    if op not in offered.operators:
        message = Spoken("“%(title)s”不能这样筛选。") % {"title": offered.element.label}
        raise Refusal(message, field=condition.element, code="operator")
    if column.sealed:
        return _sealed(offered, condition, name, sql)
    values = [typed(offered.element, text, day) for text in condition.values]
    if column.level or offered.element.kind is Kind.AREA:
        return _within(sql, op, values, name)
    if column.text:
        values = [_spelled(value) for value in values]
    return _compared(sql, op, values, name, numeric=_numeric(offered.element, column))


def _numeric(element: Element, column: Column) -> bool:
    ordered = (Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)
    return element.kind in ordered and not column.text


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _compared(sql: str, op: Op, values: Sequence[Any], name: Name, *, numeric: bool) -> str:
    if op in (Op.EMPTY, Op.FILLED):
        empty = f"{sql} IS NULL" if numeric else f"coalesce({sql}, '') = ''"
        return empty if op is Op.EMPTY else f"NOT ({empty})"
    if op in (Op.IS, Op.NOT):
        same = f"{sql} = ANY({name(list(values))})"
        return same if op is Op.IS else f"({same}) IS NOT TRUE"
    if op is Op.BETWEEN:
        return f"({sql} >= {name(values[0])} AND {sql} <= {name(values[1])})"
    if op is Op.HAS:
        return f"position({name(str(values[0]))} in {sql}) > 0"
    return f"{sql} {_SIGNS[op]} {name(values[0])}"


def _within(sql: str, op: Op, areas: Sequence[Area], name: Name) -> str:
    if op in (Op.EMPTY, Op.FILLED):
        return f"{sql} IS {'NOT ' if op is Op.FILLED else ''}NULL"
    arms = [f"({sql} >= {name(a.pk)} AND {sql} < {name(a.hi)})" for a in areas]
    inside = f"({' OR '.join(arms)})"
    return inside if op is Op.IS else f"({inside}) IS NOT TRUE"


def _sealed(offered: Offered, condition: Condition, name: Name, sql: str) -> str:
    column = offered.column
    if condition.op in (Op.EMPTY, Op.FILLED):
        return f"{sql} IS {'NOT ' if condition.op is Op.FILLED else ''}NULL"
    if not column.index:
        message = Spoken("“%(title)s”不能这样筛选。") % {"title": offered.element.label}
        raise Refusal(message, field=condition.element, code="operator")
    wanted = [each for text in condition.values for each in lookups(column.sealed, text)]
    return f"{column.index} = ANY({name(wanted)})"
