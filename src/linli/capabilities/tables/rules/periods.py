"""Periods of a round: what the next one is called, and when it begins (pure)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_SHAPES = (
    ("month", re.compile(r"^\s*(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*月?(?:份)?\s*$")),
    ("quarter", re.compile(r"^\s*(\d{4})\s*年?\s*第?\s*([一二三四1234])\s*季度\s*$")),
    ("half", re.compile(r"^\s*(\d{4})\s*年?\s*([上下])半年\s*$")),
    ("year", re.compile(r"^\s*(\d{4})\s*年?(?:度)?\s*$")),
)
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its kind, year, and which of the year's (from 1)."""

    kind: str
    year: int
    number: int

    @classmethod
    def of(cls, text: str) -> Self | None:
        """A period as it is written; None where it cannot be told."""
        for kind, shape in _SHAPES:
            found = shape.match(text)
            if found is None:
                continue
            number = _number(kind, found[2]) if kind != "year" else 1
            return cls(kind, int(found[1]), number) if 1 <= number <= _most(kind) else None
        return None

    @property
    def words(self) -> str:
        """As it is written."""
        if self.kind == "month":
            return f"{self.year}年{self.number}月"
        if self.kind == "quarter":
            return f"{self.year}年第{_QUARTERS[self.number - 1]}季度"
        if self.kind == "half":
            return f"{self.year}年{'上下'[self.number - 1]}半年"
        return f"{self.year}年"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def next(self) -> Period:
        """The one after it."""
        if self.number < _most(self.kind):
            return Period(self.kind, self.year, self.number + 1)
        return Period(self.kind, self.year + 1, 1)


def _most(kind: str) -> int:
    return 12 // MONTHS[kind]


def _number(kind: str, text: str) -> int:
    if kind == "quarter" and text in _QUARTERS:
        return _QUARTERS.index(text) + 1
    if kind == "half":
        return "上下".index(text) + 1
    return int(text)


def later(moment: datetime, kind: str) -> datetime:
    """The same day of the month one period later, or the month's last where it is shorter."""
    months = moment.year * 12 + moment.month - 1 + MONTHS[kind]
    year, month = divmod(months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
