"""Reads of the area tree, from memory: areas are few and change rarely.

Every process keeps one tree. At most every ``PLACES_STAMP_SECONDS`` (setting, 2 by default) it asks
the database whether areas have changed; whoever changes areas in this process calls ``forget``.
Areas handed out are shared between requests: read them, do not write them.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from linli.kernel.acts.act import Span

from . import rules
from .datum import WGS84, convert
from .models import Area, AreaStamp
from .rules import Level


@dataclass(frozen=True, slots=True)
class Tree:
    """All areas at one stamp, with the ways into them."""

    stamp: int
    by_id: dict[int, Area]
    by_code: dict[str, Area]
    children: dict[int | None, list[Area]]
    levels: dict[str, list[Area]]


@dataclass(slots=True)
class _Kept:
    tree: Tree | None = None
    database: str = ""
    looked: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept = _Kept()


def _stamp() -> int:
    return AreaStamp.objects.values_list("stamp", flat=True).first() or 0


def _grow(stamp: int, areas: Iterable[Area]) -> Tree:
    tree = Tree(stamp, {}, {}, defaultdict(list), defaultdict(list))
    for each in areas:
        tree.by_id[each.id] = each
        if each.until is None:
            tree.by_code[each.code] = each
            tree.children[each.parent_id].append(each)
            tree.levels[each.level].append(each)
    return tree


def tree() -> Tree:
    """The areas as they stand, read anew only when their stamp has changed."""
    kept, patience = _kept.tree, getattr(settings, "PLACES_STAMP_SECONDS", 2.0)
    database, now = str(connection.settings_dict["NAME"]), time.monotonic()
    if kept is not None and _kept.database == database and now - _kept.looked < patience:
        return kept
    with _kept.lock:
        stamp = _stamp()
        if _kept.tree is None or _kept.tree.stamp != stamp or _kept.database != database:
            _kept.tree = _grow(stamp, Area.objects.defer("boundary").order_by("id"))
        _kept.database, _kept.looked = database, now
        return _kept.tree


def forget() -> None:
    """Drop what this process remembers of areas; the next read asks the database."""
    _kept.tree = None


def area(area_id: int) -> Area:
    """The area with this number, ended ones included; raises Area.DoesNotExist."""
    try:
        return tree().by_id[area_id]
    except KeyError:
        raise Area.DoesNotExist(f"no area {area_id}") from None


def by_code(code: str) -> Area:
    """The present area with a code (short national codes are padded); raises Area.DoesNotExist."""
    try:
        return tree().by_code[rules.canonical(code)]
    except KeyError:
        raise Area.DoesNotExist(f"no area with code {code}") from None


def ancestors(place: Area | int) -> list[Area]:
    """The areas above, widest first, the area itself left out."""
    areas, found = tree().by_id, list[Area]()
    here = place if isinstance(place, Area) else area(place)
    while here.parent_id is not None:
        here = areas[here.parent_id]
        found.append(here)
    return found[::-1]


def children(place: Area | int | None) -> list[Area]:
    """The present areas straight below one, in order of number; of None: the topmost areas."""
    return tree().children.get(place.id if isinstance(place, Area) else place, [])


def descendants(place: Area | int, level: Level | None = None) -> list[Area]:
    """The present areas inside one (itself left out), of one level or of all, in order."""
    here = span(place)
    pool = tree().by_id.values() if level is None else tree().levels.get(level, [])
    return [each for each in pool if here.lo < each.id < here.hi and each.until is None]


def at_level(level: Level) -> list[Area]:
    """The present areas of one level, in order of number."""
    return tree().levels.get(level, [])


def span(place: Area | int) -> Span:
    """The interval of an area, by arithmetic."""
    return place.span if isinstance(place, Area) else rules.span_of(place)


def community_of(area_id: int) -> int | None:
    """The ``lo`` of the community around a number, by mask; None above community level."""
    return rules.enclosing(area_id, Level.COMMUNITY)


def street_of(area_id: int) -> int | None:
    """The ``lo`` of the street around a number, by mask; None above street level."""
    return rules.enclosing(area_id, Level.STREET)


def grid_of(area_id: int) -> int | None:
    """The ``lo`` of the grid around a number, by mask; None above grid level."""
    return rules.enclosing(area_id, Level.GRID)


def centre(place: Area | None) -> tuple[float, float] | None:
    """The middle of an area in WGS-84, as every map of ours reads positions; none where it is not known."""
    if place is None or place.lon is None or place.lat is None:
        return None
    return convert(place.lon, place.lat, place.datum or WGS84, WGS84)


def near_name(place: Area | int) -> str:
    """A grid's name with its community's, since every community has a 第一网格; another area's own name."""
    here = tree().by_id.get(place if isinstance(place, int) else place.pk)
    if here is None:
        return place.name if isinstance(place, Area) else ""
    above = tree().by_id.get(here.parent_id or 0) if here.level == Level.GRID else None
    if above is None or here.name.startswith(above.short_name):
        return here.name
    return f"{above.short_name}{here.name}"


def path_name(place: Area | int, below: Level | None = Level.CITY, sep: str = "") -> str:
    """The names down to an area in short form, starting under ``below``: 锡山区东亭街道春城社区."""
    here = place if isinstance(place, Area) else area(place)
    chain = [*ancestors(here), here]
    if below is not None:
        depth = rules.LEVELS.index(below)
        chain = [each for each in chain if rules.LEVELS.index(Level(each.level)) > depth] or [here]
    return sep.join(each.short_name for each in chain)
