"""Titles of the pack in force, by code, and names of places as people nearby say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property

from linli.capabilities.matters.policy import MattersPolicy
from linli.kernel.places import selectors as places
from linli.kernel.policy import current


class Names:
    """Titles of a pack's entries and states, by code, for rows of any version."""

    def __init__(self) -> None:
        self.pack = current()

    @cached_property
    def policy(self) -> MattersPolicy:
        """The section in force."""
        return self.pack.section(MattersPolicy)

    @cached_property
    def entries(self) -> dict[str, str]:
        """Titles by code."""
        both: Iterable[Any] = (*self.policy.items, *self.policy.classes)
        return {e.code: e.title for e in both}

    @cached_property
    def states(self) -> dict[str, str]:
        """State titles by code."""
        return {code: state.title for code, state in self.policy.flow.states.items()}


_names: dict[int, Names] = {}


def names() -> Names:
    """Titles of the pack in force, kept in memory."""
    version = current().id
    if version not in _names:
        _names.clear()
        _names[version] = Names()
    return _names[version]


def area_name(area_id: int) -> str:
    """The name of an area as people nearby say it; a grid's with its community's."""
    return places.near_name(area_id)
