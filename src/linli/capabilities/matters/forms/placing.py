"""Where it is, as residents tell it: a point, an address, or a community chosen step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.places import finding, locating, selectors
from linli.kernel.places.datum import GCJ02, WGS84, convert
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

OUTSIDE = _("这个位置不在本市范围内，请在地图上重新点选，或改填本市的地址。")
NOWHERE = _("请告诉我们在哪里：在地图上点一下，写地址（带上街道或社区名），或选社区。")
BROAD = _("只认出“%(area)s”，请再选一下街道和社区。")
SEVERAL = _("不止一个地方叫这个名字：%(areas)s。请写上街道或社区全名，或在下面选社区。")
VAGUE = _("这个地址里认不出是哪个街道或社区。请在地图上点一下，或在下面选社区。")
SURE = (Level.GRID, Level.COMMUNITY, Level.STREET)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The finest area known, where it was said to be (WGS-84), and what it was told by."""

    area: Area
    lon: float | None = None
    lat: float | None = None
    how: str = ""

    @property
    def words(self) -> str:
        """The names from the district down to the community."""
        return place_words(self.area.id)

    @property
    def grid(self) -> str:
        """The name of the grid, where that is known."""
        return self.area.short_name if self.area.level == Level.GRID else ""

    @property
    def view(self) -> str:
        """Where a map looks to see it: west,south,east,north or longitude,latitude in WGS-84; empty where not known."""
        return view_of(self.area)

    @property
    def street(self) -> str:
        """The code of the street around it."""
        return _code_at(self.area, Level.STREET)

    @property
    def community(self) -> str:
        """The code of the community around it; empty where only a street is known."""
        return _code_at(self.area, Level.COMMUNITY)


def _code_at(area: Area, level: Level) -> str:
    chain = (area, *selectors.ancestors(area))
    return next((each.code for each in chain if each.level == level), "")


def view_of(area: Area) -> str:
    """The box of the nearest area upwards that has an outline, or the middle of one that has only that."""
    for each in (area, *reversed(selectors.ancestors(area))):
        corners = ((each.west, each.south), (each.east, each.north))
        for points in (corners, ((each.lon, each.lat),)):
            known = [(x, y) for x, y in points if x is not None and y is not None]
            if len(known) == len(points):
                moved = [convert(x, y, each.datum or WGS84, WGS84) for x, y in known]
                return ",".join(f"{value:.5f}" for point in moved for value in point)
    return ""


def place_words(area: int) -> str:
    """The names from the district down to the community of an area."""
    return selectors.path_name(selectors.community_of(area) or area)


def located(lon: float, lat: float, datum: str = WGS84) -> Area | None:
    """The finest area around a position; None where no outlines are kept. Refusal outside the city."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Refusal(OUTSIDE, field="address", code="outside")
    for level in SURE:
        if (
            area := locating.locate(lon, lat, datum=datum, level=level, reach_m=0).area
        ) is not None:
            return area
    for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT, Level.CITY):
        if (area := locating.locate(lon, lat, datum=datum, level=level).area) is not None:
            return area
    if any(locating.locators(level) for level in (Level.CITY, Level.DISTRICT, Level.COMMUNITY)):
        raise Refusal(OUTSIDE, field="address", code="outside")
    return None


def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """A position from a map of another reference system, in WGS-84."""
    return convert(lon, lat, datum if datum == GCJ02 else WGS84, WGS84)


def _picked(code: str) -> Area | None:
    try:
        return selectors.by_code(code) if code else None
    except Area.DoesNotExist:
        raise Refusal(_("请在列表里选一个社区。"), field="address", code="area") from None


def _finer(area: Area | None, address: str) -> Area | None:
    """The grid in which the door stands, where it is known; otherwise what was given."""
    known = finding.finer(area.pk if area is not None else None, address)
    return selectors.area(known) if known is not None else None


def _is_sure(area: Area | None) -> bool:
    return area is not None and Level(area.level) in SURE


def choose(
    *, lon: float | None, lat: float | None, address: str = "", picked: str = "", datum: str = WGS84
) -> Chosen:
    """The place meant: the point first, then the address's words, then what was picked.

    `picked` is the code of a community, street or district. Refusal at `address` in the user's words when nothing
    sure is left: outside the city, only a district, or nothing at all.
    """
    hand = _picked(picked)
    named = finding.told(address, near=hand)
    told = named.area
    if lon is not None and lat is not None:
        lon, lat = to_wgs84(lon, lat, datum)
        area = located(lon, lat)
        if area is not None and _is_sure(area):
            return Chosen(_finer(area, address) or area, lon, lat, "point")
        sure = next((a for a in (hand, told) if _is_sure(a)), None)
        if sure is not None:
            return Chosen(sure, lon, lat, "point")
        return _broad(area, address, named.several)
    if finding.elsewhere(
        address
    ):  # whatever is picked: the chooser begins with one's own community
        raise Refusal(OUTSIDE, field="address", code="outside")
    if named.whole:
        return _broad(None, address, named.several)
    inside = hand is not None and told is not None and told.id <= hand.id < told.hi
    best = told if _is_sure(told) and not inside else hand or told  # picked more finely than said
    how = "picked" if _is_sure(hand) and not _is_sure(told) else "address"
    area = _finer(best, address)
    if area is not None and _is_sure(area):
        return Chosen(area, how=how)
    return _broad(best, address, named.several)


def _broad(area: Area | None, address: str, several: tuple[Area, ...]) -> Chosen:
    if several:
        words = SEVERAL % {"areas": finding.listed(several)}
        raise Refusal(words, field="address", code="several")
    if area is not None:
        raise Refusal(BROAD % {"area": area.short_name}, field="address", code="broad")
    raise Refusal(VAGUE if address.strip() else NOWHERE, field="address", code="nowhere")


@dataclass(frozen=True, slots=True)
class Rung:
    """One select of the chooser: its name, words, areas, and the chosen code."""

    name: str
    label: str
    areas: list[Area]
    chosen: str


def rungs(picked: str) -> list[Rung]:
    """The selects from district down to community around what was picked (a code, maybe empty)."""
    try:
        here = selectors.by_code(picked) if picked else None
    except Area.DoesNotExist:
        here = None
    chain = [*selectors.ancestors(here), here] if here is not None else []
    by_level = {a.level: a for a in chain}
    found = []
    areas = selectors.at_level(Level.DISTRICT)
    labels = {
        Level.DISTRICT: _("区"),
        Level.STREET: _("街道（镇）"),
        Level.COMMUNITY: _("社区（村）"),
    }
    for level, below in (
        (Level.DISTRICT, Level.STREET),
        (Level.STREET, Level.COMMUNITY),
        (Level.COMMUNITY, None),
    ):
        chosen = by_level.get(level)
        found.append(Rung(level.value, str(labels[level]), areas, chosen.code if chosen else ""))
        if chosen is None or below is None:
            break
        areas = [a for a in selectors.children(chosen) if a.level == below]
    return found
