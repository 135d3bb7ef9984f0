"""A row's key as a browser sends it, and the addresses that lead from one page of rows to the next."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

LARGEST = 2**63 - 1  # areas have keys of nineteen digits


def key_of(text: str) -> int | None:
    """A row's key; None for whatever is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0
    return number if 0 < number <= LARGEST else None


def pager(asked: Mapping[str, object], after: object, following: object) -> dict[str, str | None]:
    """What `ui.pager` takes: what is asked goes on; `after` is where this page began, `following` where the next does."""
    kept = {name: value for name, value in asked.items() if value not in (None, "")}
    return {
        "next_href": f"?{urlencode({**kept, 'after': following})}" if following else None,
        "first_href": f"?{urlencode(kept)}" if after else None,
    }
