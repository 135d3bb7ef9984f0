"""Where another room has a page for a demand: a form that came down is filled and handed in on its sheet."""

from __future__ import annotations

from collections.abc import Callable

from linli.kernel.acts import Act

Finder = Callable[[Act, int], str]
_FINDERS: list[Finder] = []


def worked_on(find: Finder) -> Finder:
    """Register how a room finds its page for a demand; an empty address where it has none."""
    _FINDERS.append(find)
    return find


def page_of(act: Act, demand: int) -> str:
    """The address of the page on which a demand is worked on; empty where it is answered here alone."""
    return next((href for find in _FINDERS if (href := find(act, demand))), "")
