"""What people do with forms: fill one from what is already known."""

from linli.capabilities.tables.services.filling import fill

__all__ = ["fill"]
