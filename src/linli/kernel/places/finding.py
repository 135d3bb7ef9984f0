"""Areas by words: which community, street or district an address names, and the grid where its door is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from linli.kernel.acts.act import Act, Span
from linli.ui.manifest import Room

from . import addresses, rules, selectors
from .addresses import Names
from .models import Area
from .rules import ROOT, Level

SAID = (Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)
FINE = (Level.COMMUNITY, Level.GRID)
_kept: dict[str, tuple[selectors.Tree, Names]] = {}


@dataclass(frozen=True, slots=True)
class Match:
    """An area found in a text and the words that named it."""

    area: Area
    words: tuple[str, ...]
    weight: int

    @property
    def whole(self) -> bool:
        """Whether an area's whole name stands there (梅园社区), and not its stem alone (梅园公寓)."""
        return self.weight > sum(map(len, self.words))

    @property
    def reason(self) -> str:
        """The words that led there, for people: 东亭街道、春城社区."""
        return gettext("、").join(self.words)


@dataclass(frozen=True, slots=True)
class Told:
    """What an address means: the area; or, when it could mean several alike, none, and which they are.

    `whole` says that it has the whole name of the several, so that what is none of them cannot be meant.
    """

    area: Area | None
    several: tuple[Area, ...] = ()
    whole: bool = False


def _names() -> Names:
    tree = selectors.tree()
    kept = _kept.get("")
    if kept is None or kept[0] is not tree:
        named = (
            addresses.Named(each.id, Level(each.level), each.name, each.parent_id)
            for level in SAID
            for each in selectors.at_level(level)
        )
        kept = _kept[""] = (tree, Names(named))
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


def _door(here: Span, address: str) -> int | None:
    known = (reader(here.lo, here.hi, address) for reader in _doors())
    return next((each for each in known if each is not None), None)


@cache
def _stands() -> tuple[Callable[[Act, str], tuple[float, float] | None], ...]:
    rooms = (each for each in apps.get_app_configs() if isinstance(each, Room))
    return tuple(import_string(name) for room in rooms for name in room.stands)


def standing(act: Act, address: str) -> tuple[float, float] | None:
    """Where what an address names stands (WGS-84), by what rooms know of it and the actor may see."""
    known = (reader(act, address) for reader in _stands()) if address.strip() else ()
    return next((each for each in known if each is not None), None)


def finer(area: int | None, address: str) -> int | None:
    """The finest area known for an address inside an area (None: the whole city), by the doors that rooms know.

    The area itself when no room knows the door, or when it is a grid already.
    """
    if not address.strip() or (area is not None and rules.enclosing(area, Level.GRID)):
        return area
    here = Span(0, ROOT.hi) if area is None else rules.span_of(area)
    known = _door(here, address)
    return area if known is None else known


def told(address: str, within: Span | None = None, near: Area | None = None) -> Told:
    """The one area that an address means: by a whole name, else by its door, else by the stem of one name alone.

    Communities share names, and estates are called like communities that they do not lie in: where several are named
    alike, the one around or inside `near` is meant; without it none is, and `several` says between which. An address
    that names no area says nothing against `near` where that is a community: doors are not all known.
    """
    found = find(address, within) if address.strip() else []
    best = [each for each in found if each.weight == found[0].weight]
    best = [each for each in best if not any(_around(each.area, o.area) for o in best)]
    if len(best) == 1 and best[0].whole:
        return Told(best[0].area)
    if not best and near is not None and Level(near.level) in FINE:
        return Told(None)
    if not elsewhere(address) and (door := _door(within or Span(0, ROOT.hi), address)) is not None:
        return Told(selectors.area(door))
    if len(best) > 1 and near is not None:
        best = [each for each in best if _related(each.area, near)] or best
    if len(best) == 1:
        return Told(best[0].area)
    return Told(None, tuple(each.area for each in best), any(each.whole for each in best))


def _around(area: Area, other: Area) -> bool:
    return area.pk != other.pk and area.span.covers(other.span)


def _related(area: Area, other: Area) -> bool:
    return area.span.covers(other.span) or other.span.covers(area.span)


def listed(areas: Sequence[Area], most: int = 4) -> str:
    """Some areas by their names from the district down, for a sentence."""
    names = gettext("、").join(selectors.path_name(each) for each in areas[:most])
    return names if len(areas) <= most else gettext("%(names)s等") % {"names": names}
