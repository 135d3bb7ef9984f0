"""Which days are worked: the week, and what the yearly notices change about it. Pure."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate, compress
from pathlib import Path
from types import MappingProxyType
from typing import Any

FIRST = date(1990, 1, 1)  # a Monday, so that the week can be laid out by repetition
LAST = date(2069, 12, 31)
_LO, _HI = FIRST.toordinal(), LAST.toordinal() + 1
_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
# The notice for next year has moved days from 29 December on (2018-12-29, 2022-12-31); leave some room.
_LENT_TO_NEXT_YEAR = (12, 25)
SHIPPED = Path(__file__).parent / "data" / "cn_holidays.csv"


class NoticeError(ValueError):
    """A holiday file that cannot be a notice, in the words of who loads it."""


@dataclass(frozen=True, slots=True)
class Special:
    """A day that a notice makes a day off 放假 or a worked day 上班."""

    is_off: bool
    name: str
    notice_year: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """Warning: the result touches a year whose notice is not loaded, so only its weekends are known."""

    year: int

    @property
    def words(self) -> str:
        """The warning in Chinese."""
        return f"{self.year}年放假安排尚未载入，暂按周末休息推算，公布后可能变动。"


@dataclass(frozen=True, slots=True)
class Notice:
    """One yearly notice, whole, as it stood from the day it was announced."""

    year: int
    announced: date
    days: Mapping[date, Special]
    source: str = ""

    @classmethod
    def from_json(cls, path: str | Path, announced: date | None = None) -> Notice:
        """Read a file of the holiday-cn layout (`year`, `papers`, `days: [{date, name, isOffDay}]`).

        `announced` defaults to 1 December of the year before. NoticeError says what is wrong with the file.
        """
        try:
            raw = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise NoticeError(f"读不到文件：{path}") from error
        except ValueError as error:
            raise NoticeError("文件不是有效的 JSON。") from error
        if not isinstance(raw, dict) or not isinstance(raw.get("days"), list) or not raw["days"]:
            raise NoticeError("文件里没有放假日期（缺少 days）。")
        year = raw.get("year")
        if type(year) is not int or not FIRST.year < year < LAST.year:
            raise NoticeError("文件没有写明年份，或年份超出可计算的范围。")
        papers = raw.get("papers") or []
        source = " ".join(str(paper) for paper in papers) if isinstance(papers, list) else ""
        return cls(year, announced or date(year - 1, 12, 1), _read_days(year, raw["days"]), source)


def _read_days(year: int, rows: list[Any]) -> Mapping[date, Special]:
    days: dict[date, Special] = {}
    for number, row in enumerate(rows, 1):
        try:
            day, is_off, name = date.fromisoformat(row["date"]), row["isOffDay"], row["name"]
        except (KeyError, TypeError, ValueError) as error:
            raise NoticeError(f"第{number}个日期不完整或格式不对。") from error
        if not isinstance(is_off, bool) or not isinstance(name, str):
            raise NoticeError(f"第{number}个日期（{day}）没有写清是放假还是上班。")
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise NoticeError(f"{day} 不属于{year}年的安排（只可含上一年12月）。")
        special = Special(is_off, name, year)
        if days.setdefault(day, special).is_off != is_off:
            raise NoticeError(f"{day} 出现两次且互相矛盾。")
    return MappingProxyType(days)


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """The notices 2018–2026 that come with Linli, oldest first (source and papers: data/README.md)."""
    found: dict[tuple[date, int], dict[date, Special]] = {}
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["notice_year"])
            days = found.setdefault((date.fromisoformat(row["announced"]), year), {})
            special = Special(row["is_off"] == "1", row["name"], year)
            days[date.fromisoformat(row["date"])] = special
    return tuple(
        Notice(year, announced, MappingProxyType(days), "holiday-cn")
        for (announced, year), days in sorted(found.items())
    )


class Days:
    """An immutable calendar, 1990–2069: weekends are off and notices say otherwise.

    Equal calendars have equal `fingerprint`s; a stored deadline may keep it to know what it was computed with.
    """

    __slots__ = ("_before", "_flags", "_working", "exceptions", "fingerprint", "published")

    def __init__(self, exceptions: Mapping[date, Special], published: Iterable[int]) -> None:
        self.exceptions: Mapping[date, Special] = MappingProxyType(dict(exceptions))
        self.published = frozenset(published)
        flags = bytearray((_WEEK * ((_HI - _LO) // 7 + 1))[: _HI - _LO])
        for day, special in self.exceptions.items():
            flags[_offset(day.toordinal())] = not special.is_off
        self._flags = bytes(flags)
        self._before = list(accumulate(flags, initial=0))
        self._working = list(compress(range(_LO, _HI), flags))
        self.fingerprint = self._digest()

    @classmethod
    def of(cls, notices: Iterable[Notice], as_known_on: date | None = None) -> Days:
        """The calendar that notices make: of each year the one announced last (up to `as_known_on`)."""
        known = [n for n in notices if as_known_on is None or n.announced <= as_known_on]
        latest = {n.year: n for n in sorted(known, key=lambda n: n.announced)}
        exceptions: dict[date, Special] = {}
        for notice in sorted(latest.values(), key=lambda n: n.announced):
            exceptions.update(notice.days)
        return cls(exceptions, latest)

    @classmethod
    def from_json(cls, path: str | Path) -> Days:
        """The calendar of one notice file alone (NoticeError when it cannot be read)."""
        return cls.of([Notice.from_json(path)])

    @classmethod
    def shipped(cls, as_known_on: date | None = None) -> Days:
        """The calendar of the notices that come with Linli."""
        return _shipped(as_known_on)

    def _digest(self) -> str:
        lines = [
            f"{day}{int(s.is_off)}{s.name}{s.notice_year}"
            for day, s in sorted(self.exceptions.items())
        ]
        text = "\n".join([str(sorted(self.published)), *lines])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        return self._flags[_offset(day.toordinal())] == 1

    def working_in(self, first: date, last: date) -> int:
        """How many working days lie in [first, last]."""
        return self.before(last.toordinal() + 1) - self.before(first.toordinal())

    def before(self, ordinal: int) -> int:
        """How many working days of the calendar lie before a day (ordinal)."""
        return self._before[_offset(ordinal)]

    def nth(self, index: int) -> int:
        """The ordinal of the working day with that index, counted from 0."""
        if 0 <= index < len(self._working):
            return self._working[index]
        raise ValueError("期限超出可计算的范围（1990—2069年）。")

    def warnings(self, first: date, last: date) -> tuple[Unpublished, ...]:
        """The years that [first, last] touches and whose notice is not loaded.

        The last week of December belongs to the next year's notice too.
        """
        end = last.year + ((last.month, last.day) >= _LENT_TO_NEXT_YEAR)
        years = range(first.year, end + 1)
        return tuple(Unpublished(year) for year in years if year not in self.published)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Days) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"<Days {self.fingerprint}: {sorted(self.published)}>"


def _offset(ordinal: int) -> int:
    if _LO <= ordinal < _HI:
        return ordinal - _LO
    raise ValueError("日期超出可计算的范围（1990—2069年）。")


@cache
def _shipped(as_known_on: date | None) -> Days:
    return Days.of(shipped_notices(), as_known_on)


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that another calendar counts differently."""

    date: date
    was_working: bool
    is_working: bool
    name: str


def difference(old: Days, new: Days) -> tuple[ChangedDay, ...]:
    """The days that two calendars count differently, in order."""
    touched = sorted(old.exceptions.keys() | new.exceptions.keys())
    return tuple(
        ChangedDay(day, was, now, (new.exceptions.get(day) or old.exceptions[day]).name)
        for day in touched
        if (was := old.is_working(day)) != (now := new.is_working(day))
    )
