"""Dates written in Chinese numerals: 一九八五年四月十二日, 二〇二五年十二月三十一日 (pure)."""

from __future__ import annotations

import re

_DIGITS = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_TEN = "十"
_DATE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)


def chinese_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date in Chinese numerals; none where it is not one."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year = int("".join(str(_DIGITS[mark]) for mark in found[1]))
    return year, _small(found[2]), _small(found[3])


def _small(text: str) -> int:
    """A numeral below a hundred; 0 for one that is not well formed."""
    tens, ten, units = text.partition(_TEN)
    if len(tens) > 1 or len(units) > 1 or _TEN in units:
        return 0
    if not ten:
        return _DIGITS[tens]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0)
