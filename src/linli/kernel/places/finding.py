"""Areas by words: which community, street or district an address names."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from linli.kernel.acts.act import Span

from . import addresses, selectors
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
