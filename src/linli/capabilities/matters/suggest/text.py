"""Residents' writing brought to one form before it is compared or learned from."""

import re
import unicodedata
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """One width, one case, no white space: what two spellings of the same words share."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).lower())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category code that a text may belong to; confidence from 0 to 1."""

    code: str
    confidence: float
