"""A query and a value in the reader's words: 年龄至少 80 岁，并且人员标签是“独居老人”或“空巢老人”。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.offers.conditions import Condition, Group, Op, Query, day_of
from linli.kernel.dictionary.offers.known import known
from linli.kernel.dictionary.rules import YES
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area

FEW = 5


def words(query: Query) -> str:
    """A query as a sentence part: of what, where, on which day, under which conditions."""
    found = known().get(query.record_set)
    parts = [str(found.title) if found else query.record_set]
    if query.spans:
        names = [places.near_name(span.lo) for span in query.spans[:FEW]]
        parts.append(_t("、").join(name for name in names if name))
    if query.on:
        parts.append(_t("%(day)s 当天") % {"day": query.on.isoformat()})
    if query.conditions:
        parts.append(conditions_said(query.conditions))
    if query.text:
        parts.append(_t("含“%(text)s”") % {"text": query.text})
    return _t("：").join([parts[0], _t("；").join(parts[1:])]) if parts[1:] else parts[0]


def conditions_said(groups: Iterable[Group]) -> str:
    """The conditions alone."""
    said = []
    for group in groups:
        arms = [condition_said(each) for each in group]
        joined = _t(" 或 ").join(arms)
        said.append(_t("（%(either)s）") % {"either": joined} if len(arms) > 1 else joined)
    return _t("，并且").join(said)


def condition_said(condition: Condition) -> str:
    """One condition."""
    element = selectors.elements().get(condition.element)
    title = element.label if element else condition.element
    values = [_value(element, text) for text in condition.values[:FEW]]
    joined = _t(" 或 ").join(_t("“%(value)s”") % {"value": value} for value in values)
    if len(condition.values) > FEW:
        joined = _t("%(values)s 等 %(n)s 个") % {"values": joined, "n": len(condition.values)}
    said: dict[str, Any] = {
        "title": title,
        "values": joined,
        "first": values[0] if values else "",
        "last": values[-1] if values else "",
    }
    return _template(condition.op) % said


def _template(op: Op) -> str:
    return {
        Op.IS: _t("%(title)s是%(values)s"),
        Op.NOT: _t("%(title)s不是%(values)s"),
        Op.BETWEEN: _t("%(title)s从 %(first)s 到 %(last)s"),
        Op.LEAST: _t("%(title)s至少 %(first)s"),
        Op.MOST: _t("%(title)s至多 %(first)s"),
        Op.BEFORE: _t("%(title)s早于 %(first)s"),
        Op.AFTER: _t("%(title)s晚于 %(first)s"),
        Op.HAS: _t("%(title)s含“%(first)s”"),
        Op.EMPTY: _t("%(title)s没有填"),
        Op.FILLED: _t("%(title)s已填"),
    }[op]


def operator_titles() -> list[tuple[Op, str]]:
    """What can be asked, for a form."""
    return [
        (Op.IS, _t("是")),
        (Op.NOT, _t("不是")),
        (Op.HAS, _t("含")),
        (Op.LEAST, _t("至少")),
        (Op.MOST, _t("至多")),
        (Op.BETWEEN, _t("从……到……")),
        (Op.BEFORE, _t("早于")),
        (Op.AFTER, _t("晚于")),
        (Op.EMPTY, _t("没有填")),
        (Op.FILLED, _t("已填")),
    ]


def _value(element: Element | None, text: str) -> str:
    if element is None:
        return text
    if element.kind is Kind.CODE:
        return selectors.title_of(element.table, text)
    if element.kind is Kind.BOOLEAN:
        return _t("是") if text in YES else _t("否")
    if element.kind is Kind.AREA:
        return _area(text)
    if element.kind in (Kind.ID_NUMBER, Kind.PHONE):
        return _t("（保密）")
    return _day(text) if element.kind is Kind.DATE else text


def _area(code: str) -> str:
    try:
        return places.near_name(places.by_code(code))
    except (Area.DoesNotExist, ValueError):
        return code


def _day(text: str) -> str:
    word = text.strip().lower()
    named = {"today": _t("当天"), "month": _t("本月初"), "year": _t("今年初")}
    if word in named:
        return named[word]
    if day_of(word, date(2000, 1, 1)) is None:
        return text
    days = int(word[:-1])
    return _t("%(n)s 天前") % {"n": -days} if days < 0 else _t("%(n)s 天后") % {"n": days}


def shown(element: Element, value: Any) -> str:
    """A value as people read it: codes by their titles, days in full, areas by name, several one after another."""
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple):
        return _t("、").join(shown(element, each) for each in value)
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    if element.kind is Kind.CODE:
        return selectors.title_of(element.table, str(value))
    if element.kind is Kind.AREA:
        return places.near_name(int(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
