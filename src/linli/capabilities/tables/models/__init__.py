"""Tables of the room."""

from linli.capabilities.tables.models.ledgers import Ledger, LedgerEdition

__all__ = ["Ledger", "LedgerEdition"]
