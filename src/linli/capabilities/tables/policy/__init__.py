"""What a pack says about tables: the catalogue of cloud ledgers, what is entered in them. Pure."""

from linli.capabilities.tables.policy.ledgers import (
    Also,
    Asked,
    EntryField,
    EntryKind,
    Ledger,
    LedgerColumn,
    LedgersPolicy,
    Reduction,
)

__all__ = [
    "Also",
    "Asked",
    "EntryField",
    "EntryKind",
    "Ledger",
    "LedgerColumn",
    "LedgersPolicy",
    "Reduction",
]
