"""Pure decisions of tables."""

from linli.capabilities.tables.rules.answers import How, Said, said
from linli.capabilities.tables.rules.periods import Period
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

__all__ = [
    "Column",
    "How",
    "Part",
    "Period",
    "Plan",
    "Said",
    "Way",
    "alike",
    "asks_numbers",
    "needless",
    "said",
    "share",
]
