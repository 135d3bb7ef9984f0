"""Choosing an area, in a village or in a city of thousands of communities."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.choosing import Choosing
from linli.ui.keys import key_of
from linli.ui.manifest import Hit

FINE = (Level.COMMUNITY, Level.GRID)
ANY = (Level.CITY, Level.DISTRICT, Level.STREET, *FINE)
LISTED = 200  # a longer list is searched instead of scrolled
Offered = list[tuple[Any, Any]] | Choosing


def own(act: Act) -> list[Area]:
    """The areas of the actor's hats."""
    return [found for span in act.spans if (found := places.tree().by_id.get(span.lo)) is not None]


def named(act: Act, text: str) -> Area | None:
    """The area that an address names by its key; None where it says nothing, 404 where none is in sight by that key."""
    if not text.strip():
        return None
    key = key_of(text)
    found = None if key is None else places.tree().by_id.get(key)
    if found is None or not act.sees(found.pk):
        raise Http404(gettext("没有这个区域，或不在您的范围内。"))
    return found


def _in_sight(act: Act, levels: Collection[Level]) -> list[Area]:
    found: dict[int, Area] = {}
    for top in own(act):
        for each in (top, *places.descendants(top)):
            if each.level in levels:
                found[each.pk] = each
    return list(found.values())


def offered(
    act: Act,
    levels: Collection[Level] = FINE,
    *,
    blank: Any = None,
    without: Collection[int] = (),
) -> Offered:
    """The areas of some levels in sight: a list while it is short, else what finds them by name."""
    found = [each for each in _in_sight(act, levels) if each.pk not in without]
    if len(found) > LISTED:
        return _search(lambda: found)
    listed: list[tuple[Any, Any]] = [(each.pk, places.near_name(each)) for each in found]
    return listed if blank is None else [("", blank), *listed]


def finder(act: Act, levels: Collection[Level] = ANY) -> Choosing:
    """What finds the areas of some levels in sight by name; none is read before it is asked."""
    return _search(lambda: _in_sight(act, levels))


def _search(areas: Callable[[], Sequence[Area]]) -> Choosing:
    def find(text: str, most: int) -> list[Hit]:
        wanted = "".join(text.split())
        ranked = sorted(
            (
                (rank, at, each)
                for at, each in enumerate(areas())
                if (rank := _rank(each, wanted)) < 9
            ),
            key=lambda row: row[:2],
        )
        return [_hit(each) for _r, _at, each in ranked[:most]]

    def one(key: int) -> Hit | None:
        return next((_hit(each) for each in areas() if each.pk == key), None)

    return Choosing(find, one, _("社区或网格的名称；写街道名称，就列出它的社区"), sure=True)


def _rank(area: Area, text: str) -> int:
    """How well an area is meant: its own name, its code, or what it lies in; 9 when it is not."""
    if text in (area.name, area.code):
        return 0
    if area.name.startswith(text):
        return 1
    if text in area.name or text in places.near_name(area):
        return 2
    above = places.tree().by_id.get(area.parent_id or 0)
    if above is None or area.level == Level.GRID:
        return 3 if above is not None and text in above.name else 9
    return 3 if text in above.name or text in f"{above.name}{area.name}" else 9


def _hit(area: Area) -> Hit:
    above = "".join(each.name for each in places.ancestors(area)[-2:])
    return Hit(area.pk, area.name, above)


def steps(act: Act, chosen: int | None = None) -> list[tuple[int, str]]:
    """What a list may be narrowed to, step by step: the areas below one's own, and below the chosen one in its place."""
    tree = places.tree().by_id
    way: set[int | None] = set()
    if chosen in tree and act.sees(chosen):
        way = {chosen, *(each.pk for each in places.ancestors(chosen))}
    return [
        (area.pk, "　" * depth + area.name)
        for top in own(act)
        for area, depth in _below(top, way, 0)
    ]


def _below(area: Area, way: Collection[int | None], depth: int) -> Iterator[tuple[Area, int]]:
    for each in places.children(area):
        yield each, depth
        if each.pk in way:
            yield from _below(each, way, depth + 1)
