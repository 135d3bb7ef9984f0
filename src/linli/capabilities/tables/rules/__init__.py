"""Pure decisions of tables."""

from linli.capabilities.tables.rules.plan import (
    Column,
    Part,
    Plan,
    Way,
    alike,
    asks_numbers,
    needless,
    share,
)

__all__ = ["Column", "Part", "Plan", "Way", "alike", "asks_numbers", "needless", "share"]
