"""How long something may take: terms 时限, office hours 办公时间, warning shares. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

MICRO = 1_000_000
HOUR = 3600 * MICRO
_TERM = re.compile(r"(\d+(?:\.\d+)?)\s*(WD|WH|H|D)", re.IGNORECASE)


class Unit(StrEnum):
    """Units of a term."""

    WORKING_DAY = "WD"
    WORKING_HOUR = "WH"
    HOUR = "H"
    DAY = "D"


_WORDS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.HOUR: "小时",
    Unit.DAY: "日",
}
_PARTS = ("amount", "unit")
_WHOLE = frozenset({Unit.WORKING_DAY, Unit.DAY})


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of one unit, written "5WD" (working days), "4WH" (working hours), "24H", "30D" (natural days)."""

    amount: float
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        whole = float(self.amount).is_integer()
        if whole:
            object.__setattr__(self, "amount", int(self.amount))
        elif self.unit in _WHOLE:
            raise ValueError(f"{self.unit}须为整数；不足一日的时限请用工作小时（WH）。")
        if not 0 <= self.amount <= 20_000:
            raise ValueError("时限须在0到20000之间。")

    @classmethod
    def parse(cls, text: object) -> Term:
        """Read "5WD", "3.5WH", "24H" or "30D", or a pack's amount and unit.

        ValueError says what is wrong.
        """
        if isinstance(text, Term):
            return text
        given = text if isinstance(text, Mapping) else {k: getattr(text, k, None) for k in _PARTS}
        amount, unit = given.get("amount"), given.get("unit")
        if isinstance(amount, int | float) and unit in list(Unit):
            return cls(amount, Unit(unit))
        found = _TERM.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"时限“{text}”写法不对，应如 5WD、4WH、24H、30D。")
        term = cls(float(found[1]), Unit(found[2].upper()))
        if not term.amount:
            raise ValueError("时限须大于零。")
        return term

    @property
    def counts_days(self) -> bool:
        """Whether the unit counts whole days."""
        return self.unit in _WHOLE

    @property
    def words(self) -> str:
        """The term in Chinese, as a community worker says it."""
        return f"{self.amount:g}{_WORDS[self.unit]}"

    def __str__(self) -> str:
        return f"{self.amount:g}{self.unit}"


TermText = Annotated[Term, BeforeValidator(Term.parse), PlainSerializer(str, return_type=str)]


@dataclass(frozen=True, slots=True)
class Office:
    """Office hours of a working day, in order and apart.

    Terms in days end when the office closes on their last day (民法典第二百零三条第二款). What comes after `late_after`
    or on a day off counts as received on the next working day (a local rule). None: only what comes after closing,
    and only for working hours. `status` "default" marks hours that nobody has confirmed yet.
    """

    spans: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))
    late_after: time | None = None
    status: str = "default"

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(b <= a for a, b in zip(edges, edges[1:], strict=False)):
            raise ValueError("办公时间须按先后填写，不得重叠。")

    @property
    def closes(self) -> time:
        """When the office closes."""
        return self.spans[-1][1]

    @property
    def total(self) -> int:
        """Office time of a working day in microseconds."""
        return self.within(self.closes)

    def within(self, at: time) -> int:
        """Office time of a working day gone by at that time, in microseconds."""
        now, gone = _micro(at), 0
        for opens, closes in self.spans:
            lo, hi = _micro(opens), _micro(closes)
            gone += max(0, min(now, hi) - lo)
        return gone

    def when(self, gone: int) -> int:
        """The microsecond of the day at which that much office time has gone by, the earliest one."""
        for opens, closes in self.spans:
            lo, hi = _micro(opens), _micro(closes)
            if gone <= hi - lo:
                return lo + gone
            gone -= hi - lo
        raise ValueError("超出当日办公时间。")


def _micro(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * MICRO + at.microsecond


OFFICE = Office()


@dataclass(frozen=True, slots=True)
class Warn:
    """Shares of the term after which a clock turns yellow and red (a default: 0.7 and 0.9)."""

    yellow: float = 0.7
    red: float = 0.9

    def __post_init__(self) -> None:
        if not 0 < self.yellow <= self.red <= 1:
            raise ValueError("预警比例须满足 0＜黄≤红≤1。")
