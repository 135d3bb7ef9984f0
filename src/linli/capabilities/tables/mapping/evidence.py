"""What stands in or is offered for a field speaks for or against a meaning: values, drop-down lists, hints (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from linli.capabilities.tables.reading.shapes import Field
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.rules import NO, YES, Unreadable, read, spellings
from linli.kernel.dictionary.shapes import CodeTable, Element, Kind

_MASKED = re.compile(r"[*＊×]{2,}|^\[.*\]$|^x{3,}$", re.I)
_HINTED = re.compile(r"^[^/,，;；]{1,14}(?:/[^/,，;；]{1,14})+$")
_NAMED = re.compile(r"[(（\[【]([^()（）\[\]]*/[^()（）\[\]]*)[)）\]】]\s*$")
_OPEN = (Kind.TEXT, Kind.ADDRESS, Kind.AREA)
_STRICT = (Kind.ID_NUMBER, Kind.PHONE, Kind.DATE, Kind.USCC)
PATTERNS = (
    ("person.document", re.compile(r"^[0-9]{17}[0-9Xx]$|^[0-9]{15}$")),
    ("person.phone", re.compile(r"^(\+?86[- ]?)?1[3-9][0-9]{9}$")),
    ("person.sex", re.compile(r"^[男女]性?$")),
    ("organisation.uscc", re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$")),
)


def offered(field: Field) -> tuple[str, ...]:
    """What may be chosen: a drop-down list, boxes to tick, or choices named in a hint."""
    if field.choices:
        return field.choices
    named = _NAMED.search(field.path[-1])
    hint = re.sub(
        r"^(如|例如|例)[:：]?\s*|等$", "", field.hint.strip() or (named[1] if named else "")
    )
    return tuple(part.strip() for part in hint.split("/")) if _HINTED.match(hint) else ()


def weigh(element: Element, field: Field, table: CodeTable | None, today: date) -> float:
    """How what stands in a field changes a proposal: below 1 against it, above 1 for it."""
    choices = offered(field)
    if choices:
        return _choices(element, choices, table, today)
    values = [each for each in field.values if not _MASKED.search(each)]
    if not values or element.kind in _OPEN:
        return 1.0
    fit = _share(element, values, table, today)
    if fit >= 0.6:
        return 1.05
    return 0.6 if len(values) >= 2 or element.kind in _STRICT else 0.85


def _choices(
    element: Element, choices: tuple[str, ...], table: CodeTable | None, today: date
) -> float:
    if element.kind is Kind.BOOLEAN:
        return 1.05 if all(each.casefold() in YES | NO for each in choices) else 0.6
    if element.kind is Kind.CODE:
        fit = _share(element, choices, table, today)
        return 1.08 if fit >= 0.7 else 0.9 if fit >= 0.3 else 0.6
    return (
        0.6
        if element.kind in _STRICT and all(len(each) < 8 for each in choices) and not _days(choices)
        else 1.0
    )


def _days(choices: tuple[str, ...]) -> bool:
    return any("YYYY" in each.upper() or each.isdigit() for each in choices)


def _share(
    element: Element, texts: tuple[str, ...] | list[str], table: CodeTable | None, today: date
) -> float:
    """How many texts can be read as the element; right numbers with a wrong check digit count as well."""
    good = 0
    for text in texts:
        found = read(element, text, table, today=today)
        good += not isinstance(found, Unreadable) and found is not None or _nearly(element, text)
    return good / len(texts)


def _nearly(element: Element, text: str) -> bool:
    shapes: Mapping[Kind, re.Pattern[str]] = {
        Kind.ID_NUMBER: PATTERNS[0][1],
        Kind.PHONE: PATTERNS[1][1],
        Kind.DATE: re.compile(r"^[0-9]{4}[-./年]?[0-9]{1,2}"),
        Kind.USCC: PATTERNS[3][1],
    }
    shape = shapes.get(element.kind)
    return bool(shape and shape.match(text.strip().lstrip("'")))


def spelt(choices: tuple[str, ...], table: CodeTable | None) -> int:
    """How many choices are names of a code table."""
    known = {normal(word) for word in spellings(table)} if table else set()
    return sum(normal(each) in known for each in choices)


def like(field: Field) -> str:
    """The element that the values of a field look like; empty where they say nothing."""
    values = [each for each in field.values if not _MASKED.search(each)]
    if len(values) < 2:
        return ""
    for code, pattern in PATTERNS:
        if sum(bool(pattern.match(each.replace(" ", ""))) for each in values) >= 0.7 * len(values):
            return code
    return ""
