"""What people do with forms and ledgers: fill one from what is already known, keep a ledger of their own."""

from linli.capabilities.tables.services import ledgers
from linli.capabilities.tables.services.filling import fill

__all__ = ["fill", "ledgers"]
