"""Matters for the box on top of the desk: by number, hotline number or words."""

from __future__ import annotations

from linli.capabilities.matters.selectors.filters import Filters
from linli.capabilities.matters.selectors.lists import listed
from linli.kernel.acts import Act
from linli.ui.manifest import Hit


def matters(act: Act, text: str, most: int) -> list[Hit]:
    """The newest matters in sight that answer to a number or to words."""
    page = listed(act, Filters(show="all", q=text), size=most)
    return [
        Hit(row.number, row.title, " · ".join((row.number, str(row.state_title), row.area)))
        for row in page.rows
    ]
