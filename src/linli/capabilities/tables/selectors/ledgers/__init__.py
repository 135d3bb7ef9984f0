"""Cloud ledgers: the catalogue with a community's own, one ledger as a view, its rows, its history."""

from linli.capabilities.tables.selectors.ledgers.asked import Asked, asked_of, query_string
from linli.capabilities.tables.selectors.ledgers.catalogue import (
    Head,
    Ledgers,
    View,
    editions,
    ended,
    free_sets,
    ledgers,
    own,
    view,
)
from linli.capabilities.tables.selectors.ledgers.rows import (
    PRINT_MOST,
    Attached,
    Line,
    Sheet,
    attached,
    counted,
    detail,
    narrowed,
    patient,
    printed,
    sheet,
)

__all__ = [
    "PRINT_MOST",
    "Asked",
    "Attached",
    "Head",
    "Ledgers",
    "Line",
    "Sheet",
    "View",
    "asked_of",
    "attached",
    "counted",
    "detail",
    "editions",
    "ended",
    "free_sets",
    "ledgers",
    "narrowed",
    "own",
    "patient",
    "printed",
    "query_string",
    "sheet",
    "view",
]
