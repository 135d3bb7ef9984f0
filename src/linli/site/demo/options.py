"""What a demonstration city is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 60
MATTERS = 6_000


@dataclass(frozen=True, slots=True)
class Options:
    """How large, from which seed, as of which day; `communities` makes a tiny city of so many."""

    scale: float = 1.0
    seed: int = 1
    today: date | None = None
    communities: int = 0
    lively: int = 40

    @property
    def now(self) -> datetime:
        """The moment up to which things have happened: half past ten of `today`, else the present minute."""
        if self.today is not None:
            return datetime.combine(self.today, time(10, 30), SHANGHAI)
        return datetime.now(SHANGHAI).replace(second=0, microsecond=0)

    @property
    def first_day(self) -> date:
        """The first of the sixty days."""
        return self.now.date() - timedelta(days=DAYS)

    @property
    def matters(self) -> int:
        """How many matters there will be."""
        whole = self.communities * 20 if self.communities else MATTERS
        return max(1, round(whole * self.scale))
