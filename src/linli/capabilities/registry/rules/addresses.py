"""One spelling for an address, and the building, unit and room that it names.

太湖花园12幢1单元201室, 太湖花园 12-1-201, 太湖花园12号楼1单元201 and 太湖花园十二栋1-201 are one door. Grammar after
GB/T 23705: areas, road or estate, then building, unit, room. Pure: no Django, no clock.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from linli.kernel.places.addresses import after_areas

READ = 200
_DIGITS = "零一二三四五六七八九"
_HAN_NUMBER = "〇零一二两三四五六七八九十百"
_NUM = rf"(?:[0-9]{{1,4}}[A-Za-z]?|[A-Za-z][0-9]{{0,3}}|[甲乙丙丁]|[{_HAN_NUMBER}]{{1,4}})"
_ROOM = r"(?:[0-9]{1,5}[A-Za-z]?|[A-Za-z][0-9]{1,4})(?:-[0-9]{1,2})?"
_END = r"(?:室|户|房|号房|号室)?"
_FLOOR = rf"(?:{_NUM}(?:楼|层))?"
_BUILDING = r"(?:号楼|号幢|号栋|#楼|#幢|#栋|#|幢楼|幢|栋|座|号院)"
_STROKE = r"(?:-)?"

_WORDS = re.compile(
    rf"(?P<place>.*?)(?P<building>{_NUM}){_BUILDING}{_STROKE}"
    rf"(?:(?P<unit>{_NUM})(?:单元|门|梯|-))?{_FLOOR}(?P<room>{_ROOM})?{_END}"
)
_DOOR = re.compile(
    rf"(?P<place>.*?)(?P<building>[0-9]{{1,4}}(?:[-之][0-9]{{1,3}})?[A-Za-z]?)号{_STROKE}"
    rf"(?:(?P<unit>{_NUM})(?:单元|门|梯|-))?{_FLOOR}(?P<room>{_ROOM})?{_END}"
)
_STROKES = re.compile(
    r"(?P<place>(?:.*?[^0-9A-Za-z-])?)(?P<building>[0-9]{1,4}[A-Za-z]?|[A-Za-z])-"
    rf"(?:(?P<unit>[0-9]{{1,2}}[A-Za-z]?|[甲乙丙丁])(?:-|单元))?(?P<room>[0-9]{{2,5}}[A-Za-z]?){_END}"
)
_ROOM_ONLY = re.compile(rf"(?P<place>.*?)(?P<room>{_ROOM})(?:室|房)")
_ORNAMENT = re.compile(r"[\s,，.。;；、:：'\"“”‘’_/\\]+")
_ASIDE = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_DASH = re.compile(r"[‐‑‒–—―−－~～]+")
_HALT = re.compile(r"号楼|单元|[#幢栋座室户号]|[0-9](?![0-9A-Za-z号])")
_HALTS = 6  # of an endless text only its end is tried
_BY_ROAD = re.compile(r"(?:大道|路|街|巷|弄|胡同|[组队庄湾里]|(?<!新)村|支路|号)$")


@dataclass(frozen=True, slots=True)
class Door:
    """Where a door is: the estate or road, the building, the unit, the room; what was not said is empty."""

    place: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def building_key(self) -> str:
        """The building in its one spelling: 太湖花园12幢, 春雷路8号."""
        return f"{self.place}{self.building}"

    @property
    def key(self) -> str:
        """The door in its one spelling: 太湖花园12幢1单元201."""
        unit = f"{self.unit}单元" if self.unit else ""
        return f"{self.building_key}{unit}{self.room}"

    @property
    def floor(self) -> int | None:
        """The floor that a room's number says: 201 is on 2, 1203 on 12; None when it says none."""
        digits = re.match(r"\d+", self.room)
        if digits is None or not 3 <= len(digits[0]) <= 5:
            return None
        return int(digits[0][:-2])


def number_of(words: str) -> str:
    """A number as digits: 十二 → 12, 二十 → 20, 一百零三 → 103; digits lose leading zeros, letters stay."""
    if re.fullmatch(rf"[{_HAN_NUMBER}]+", words):
        return str(_spoken(words.replace("〇", "零").replace("两", "二")))
    return (words.lstrip("0") or "0").upper() if words[:1].isdigit() else words.upper()


def _spoken(words: str) -> int:
    if not {"十", "百"} & set(words):
        return int("".join(str(_DIGITS.index(each)) for each in words))
    total, digit = 0, 0
    for each in words:
        if each in "十百":
            total += (digit or 1) * (10 if each == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.index(each)
    return total + digit


def plain(text: str) -> str:
    """A text in half width, without blanks, punctuation and asides, one stroke for all dashes."""
    short = unicodedata.normalize("NFKC", text[:READ])
    return _DASH.sub("-", _ORNAMENT.sub("", _ASIDE.sub("", short)))


def parse(text: str) -> Door:
    """The door that an address names; the areas before it (省市区街道社区) are left out."""
    rest = after_areas(plain(text))
    for pattern in (_WORDS, _STROKES, _DOOR):
        found = pattern.fullmatch(rest)
        if found is not None:
            return _door(found, by_stroke=pattern is _STROKES, by_door=pattern is _DOOR)
    found = _ROOM_ONLY.fullmatch(rest)
    if found is not None:
        return Door(place=found["place"], room=number_of(found["room"]))
    return Door(place=rest)


def building_in(text: str) -> Door | None:
    """The first thing that an address says up to a building, whatever follows: 太湖花园3号楼门口, …西侧的路灯."""
    short = plain(text)
    halts = [found.end() for found in _HALT.finditer(short)][-_HALTS:]
    for end in (len(short), *reversed(halts)):
        door = parse(short[:end])
        if door.place and door.building:
            return door
    return None


def _door(found: re.Match[str], *, by_stroke: bool, by_door: bool) -> Door:
    place, number = found["place"], number_of(found["building"])
    road = bool(_BY_ROAD.search(place))
    title = "号" if road and (by_door or by_stroke) else "幢"
    door = Door(
        place=_place(place),
        building=number + title,
        unit=number_of(found["unit"]) if found["unit"] else "",
        room=found["room"].upper() if found["room"] else "",
    )
    return _split(door) if by_door and not door.room else door


def _split(door: Door) -> Door:
    """太湖花园12-201号 is building 12, room 201, where the place is no road."""
    number, stroke, room = door.building.rstrip("号幢").partition("-")
    if not stroke or door.building.endswith("号") or len(room) < 3:
        return door
    return replace(door, building=f"{number}幢", room=room)


def _place(text: str) -> str:
    """A road's or estate's name with its own numbers in digits: 春雷路08号 → 春雷路8号."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", text.removesuffix("-"))


def address_key(text: str) -> str:
    """The one spelling of an address by which rows from outside are matched; empty for an empty text."""
    return parse(text).key


def building_key(text: str) -> str:
    """The one spelling of the building that an address names."""
    return parse(text).building_key


def building_name(text: str) -> str:
    """A building's own name in its one spelling: 十二栋, 12号楼 and 12# are 12幢; other names stay as they are."""
    door = parse(text)
    return door.building if door.building and not door.place and not door.room else text.strip()


def unit_name(text: str) -> str:
    """A unit's number in its one spelling: 一单元, 01 and 1 are 1."""
    bare = re.sub(r"(单元|门|梯)$", "", plain(text))
    return number_of(bare) if bare else ""


def room_name(text: str) -> str:
    """A room's number in its one spelling: 201室 and 201 are 201."""
    return re.sub(r"(号?室|户|号?房)$", "", plain(text)).upper()
