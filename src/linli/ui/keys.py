"""A row's key as a browser sends it."""

from __future__ import annotations

LARGEST = 2**63 - 1  # areas have keys of nineteen digits


def key_of(text: str) -> int | None:
    """A row's key; None for whatever is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0
    return number if 0 < number <= LARGEST else None
