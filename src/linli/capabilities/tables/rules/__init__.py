"""Pure decisions of tables."""

from linli.capabilities.tables.rules.plan import Column, Part, Plan, Way, needless, share

__all__ = ["Column", "Part", "Plan", "Way", "needless", "share"]
