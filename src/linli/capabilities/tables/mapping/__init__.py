"""What each field of a form means: an element of the dictionary, a count, or nothing; how surely and why (pure)."""

from linli.capabilities.tables.mapping.meaning import SURE, TAKEN, Mapped, Meaning
from linli.capabilities.tables.mapping.proposing import Words, propose, remembered_key

__all__ = ["SURE", "TAKEN", "Mapped", "Meaning", "Words", "propose", "remembered_key"]
