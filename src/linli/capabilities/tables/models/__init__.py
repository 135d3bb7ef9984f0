"""Tables of the room."""

from linli.capabilities.tables.models.entries import Entry, EntryEdition, EntryTally
from linli.capabilities.tables.models.ledgers import Ledger, LedgerEdition
from linli.capabilities.tables.models.rounds import Edition, Form, Gap, Memory, Round, Sheet

__all__ = [
    "Edition",
    "Entry",
    "EntryEdition",
    "EntryTally",
    "Form",
    "Gap",
    "Ledger",
    "LedgerEdition",
    "Memory",
    "Round",
    "Sheet",
]
