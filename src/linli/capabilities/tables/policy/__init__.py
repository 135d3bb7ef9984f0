"""What a pack says about tables: the catalogue of cloud ledgers. Pure."""

from linli.capabilities.tables.policy.ledgers import (
    Asked,
    Ledger,
    LedgerColumn,
    LedgersPolicy,
    Reduction,
)

__all__ = ["Asked", "Ledger", "LedgerColumn", "LedgersPolicy", "Reduction"]
