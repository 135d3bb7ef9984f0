"""Decisions about matters: values in, a value or a refusal out."""

from __future__ import annotations

from datetime import datetime

_DIGITS = "0123456789"


def _check_digit(digits: str) -> str:
    """Damm-free and simple: weighted sum modulo 10 with weights 3 and 1 catches every single slip."""
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits), 1))
    return str(-total % 10)


def number_of(key: int | None, opened: datetime) -> str:
    """The number people read: two digits of the year, the running number, a check digit (26-0001234-5)."""
    if key is None:
        return ""
    body = f"{opened.year % 100:02d}{key:07d}"
    return f"{body[:2]}-{body[2:]}-{_check_digit(body)}"


def key_of(number: str) -> int | None:
    """The row behind a number as somebody typed it; None when it cannot be one."""
    digits = "".join(_plain(c) for c in number)
    if len(digits) < 10 or _check_digit(digits[:-1]) != digits[-1]:
        return None
    return int(digits[2:-1])


def _plain(char: str) -> str:
    if "０" <= char <= "９":
        return _DIGITS[ord(char) - ord("０")]
    return char if char in _DIGITS else ""
