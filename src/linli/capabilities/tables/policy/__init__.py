"""What a pack says about tables: the catalogue of cloud ledgers, what is entered in them, forms sent out. Pure."""

from linli.capabilities.tables.policy.forms import FormsPolicy
from linli.capabilities.tables.policy.ledgers import (
    Also,
    Asked,
    EntryField,
    EntryKind,
    Ledger,
    LedgerColumn,
    LedgersPolicy,
    OnMap,
    Reduction,
)

__all__ = [
    "Also",
    "Asked",
    "EntryField",
    "EntryKind",
    "FormsPolicy",
    "Ledger",
    "LedgerColumn",
    "LedgersPolicy",
    "OnMap",
    "Reduction",
]
