"""Areas by words: which community, street or district an address names, and the grid where its door is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from linli.kernel.acts.act import Span
from linli.ui.manifest import Room

from . import addresses, rules, selectors
from .addresses import Names
from .models import Area
from .rules import ROOT, Level

SAID = (Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)
_kept: dict[str, tuple[int, Names]] = {}


@dataclass(frozen=True, slots=True)
class Match:
    """An area found in a text and the words that named it."""

    area: Area
    words: tuple[str, ...]
    weight: int

    @property
    def reason(self) -> str:
        """The words that led there, for people: 东亭街道、春城社区."""
        return gettext("、").join(self.words)


def _names() -> Names:
    tree = selectors.tree()
    kept = _kept.get("")
    if kept is None or kept[0] != tree.stamp:
        named = (
            addresses.Named(each.id, Level(each.level), each.name, each.parent_id)
            for level in SAID
            for each in selectors.at_level(level)
        )
        kept = _kept[""] = (tree.stamp, Names(named))
    return kept[1]


def elsewhere(text: str) -> str:
    """The other city in which an address lies (北京市朝阳区……); empty when it names none."""
    return _names().elsewhere(text)


def find(text: str, within: Span | None = None, limit: int = 5) -> list[Match]:
    """The present areas that a text names, best first, at most ``limit``; empty when none or of another city."""
    here = within or Span(0, ROOT.hi)
    if elsewhere(text):
        return []
    found = _names().find(text, here.lo, here.hi)[:limit]
    return [Match(selectors.area(each.area), each.words, each.weight) for each in found]


@cache
def _doors() -> tuple[Callable[[int, int, str], int | None], ...]:
    rooms = (each for each in apps.get_app_configs() if isinstance(each, Room))
    return tuple(import_string(name) for room in rooms for name in room.doors)


def finer(area: int | None, address: str) -> int | None:
    """The finest area known for an address inside an area (None: the whole city), by the doors that rooms know.

    The area itself when no room knows the door, or when it is a grid already.
    """
    if not address.strip() or (area is not None and rules.enclosing(area, Level.GRID)):
        return area
    here = Span(0, ROOT.hi) if area is None else rules.span_of(area)
    known = (reader(here.lo, here.hi, address) for reader in _doors())
    return next((each for each in known if each is not None), area)
