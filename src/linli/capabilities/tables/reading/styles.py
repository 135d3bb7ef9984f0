"""What the styles of a workbook say of its cells: days, texts, locked or not; and numbers as a person sees them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from linli.capabilities.tables.reading.marks import attributes
from linli.capabilities.tables.reading.shapes import Look

_DAYS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_FORMATS = {0: "General", 1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 49: "@"}
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)/?>")
_XFS = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.S)
_XF = re.compile(rb"<(?:\w+:)?xf\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?xf>)", re.S)
_PROTECTION = re.compile(rb"<(?:\w+:)?protection\b([^>]*)/?>")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_EPOCH = datetime(1899, 12, 30)


def looks(styles: bytes) -> dict[int, Look]:
    """How each style of a workbook looks, by its number."""
    formats = dict(_FORMATS)
    for found in _FORMAT.finditer(styles):
        said = attributes(found[1])
        if said.get("numFmtId", "").isdigit():
            formats[int(said["numFmtId"])] = said.get("formatCode", "General")
    whole = _XFS.search(styles)
    if whole is None:
        return {}
    return {at: _look(each, formats) for at, each in enumerate(_XF.finditer(whole[1]))}


def _look(found: re.Match[bytes], formats: dict[int, str]) -> Look:
    said = attributes(found[1])
    number = int(said.get("numFmtId", "0") or 0)
    form = formats.get(number, "yyyy/m/d" if number in _DAYS else "General")
    protection = _PROTECTION.search(found[2] or b"")
    locked = attributes(protection[1]).get("locked", "1") if protection else "1"
    return Look(form, number in _DAYS or _is_day(form), form == "@", locked not in ("0", "false"))


def _is_day(form: str) -> bool:
    bare = _QUOTED.sub("", form).lower()
    return "y" in bare or ("d" in bare and "m" in bare)


def shown(value: str, look: Look) -> str:
    """A number as a person sees it: days as ISO dates, whole numbers without a point."""
    try:
        amount = float(value)
    except ValueError:
        return value
    if look.day and 0 < amount < 2_958_466:
        return (_EPOCH + timedelta(days=amount)).date().isoformat()
    if amount.is_integer() and abs(amount) < 1e15:
        return str(int(amount))
    return value


def serial(day: date) -> int:
    """The number that stands for a day in a spreadsheet."""
    return (datetime(day.year, day.month, day.day) - _EPOCH).days
