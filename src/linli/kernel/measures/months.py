"""Months, as indicators count them."""

from __future__ import annotations

from datetime import date

MONTHS = 6


def months(last: date, count: int = MONTHS) -> list[date]:
    """The first days of the last months, oldest first."""
    found = [last.replace(day=1)]
    while len(found) < count:
        found.insert(0, _before(found[0]))
    return found


def after(first: date) -> date:
    """The first day of the next month."""
    return date(first.year + (first.month == 12), first.month % 12 + 1, 1)


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def month_of(text: str) -> date | None:
    """A month as an address says it, `2026-11`; None for anything else."""
    year, dash, month = text.partition("-")
    if not (dash and year.isascii() and year.isdigit() and len(year) == 4):
        return None
    found = int(month) if month.isascii() and month.isdigit() and len(month) == 2 else 0
    return date(int(year), found, 1) if 1 <= found <= 12 and int(year) > 1999 else None
