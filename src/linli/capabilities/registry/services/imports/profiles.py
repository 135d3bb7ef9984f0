"""The departments' profiles of the pack: which sources there are, how strong each is, what their files are headed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def declared(name: str) -> dict[str, Any] | None:
    """A source of the pack by code or title, as values for a row."""
    return None


def codes() -> Sequence[str]:
    """Codes of the sources that the pack declares."""
    return ()


def headings() -> Mapping[str, tuple[str, Sequence[str]]]:
    """Title and headings of every profile, by its code."""
    return {}
