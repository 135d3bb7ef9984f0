"""Places in words: the parts of an address, and the areas that a text names.

Grammar after GB/T 23705: administrative areas, then road or estate, then door, building, unit,
room. Pure: no Django, no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import rules
from .rules import Level

READ = 500  # characters; an address stands at the start, and a long story must cost no more
_HAN = r"[\u4e00-\u9fff]"
_COUNT = r"[0-9A-Za-z甲乙丙丁一二三四五六七八九十]{1,4}"
_ROAD = re.compile(rf"({_HAN}{{1,8}}?(?:大道|路(?![灯口面边上段牙旁])|街(?!道)|巷|弄|胡同))")
_DOOR = re.compile(r"(\d{1,5}(?:[-之]\d{1,4})?)\s*号(?!楼|幢|栋|院)")
_WORD = rf"(?:{_HAN}|[0-9A-Za-z]){{1,10}}?"
_ESTATE = re.compile(
    rf"({_WORD}(?:小区|花园|新村|家园|公寓|花苑|佳苑|雅苑|名苑|新城|广场|大厦|公馆|华庭|名都))"
)
_COURT = re.compile(rf"({_WORD}(?:苑|府|里|坊|园))(?={_COUNT}\s*(?:号楼|幢|栋|座|#|单元))")
_BUILDING = re.compile(rf"({_COUNT})\s*(?:号楼|幢|栋|座|号院|#)")
_UNIT = re.compile(rf"({_COUNT})\s*单元")
_ROOM = re.compile(r"(\d{2,5})\s*室|(?:单元|幢|栋|楼)\s*(\d{2,5})(?!\d|号|单元)")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address as found; what was not said is empty."""

    road: str = ""
    door: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


def normal(text: str) -> str:
    """The start of a text with full-width digits and letters made plain and blanks dropped."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:READ]))


# An address that begins with a province or with a city and what lies in it; a market (超市, 夜市) is no city.
_CITY = rf"{_HAN}{{2,7}}?(?<![超菜夜花集城都闹早])(?:市|自治州|地区)"
_PROVINCE = rf"{_HAN}{{2,7}}?(?:省|自治区|特别行政区)"
_LIES_IN = rf"{_HAN}{{1,8}}?(?:(?<![小社园景片校厂院])区|县|旗|市|镇|乡|街道)"
_FAR = re.compile(rf"(?:中国)?(?:{_PROVINCE}({_CITY})|({_CITY})(?={_LIES_IN}))")


def _first(pattern: re.Pattern[str], text: str) -> tuple[str, int]:
    found = pattern.search(text)
    if found is None:
        return "", 0
    return next(group for group in found.groups() if group), found.end()


def after_areas(text: str) -> str:
    """The text behind the last administrative area: 锡山区东亭街道春雷路8号 → 春雷路8号."""
    areas = list(re.finditer(rf"{_HAN}{{1,9}}?(?:省|市(?!场)|街道|镇|乡|社区|村委会|居委会)", text))
    text = text[areas[-1].end() :] if areas else text
    return re.sub(rf"^{_HAN}{{1,4}}?(?<!小)[区县](?={_HAN})", "", text)


def parse(text: str) -> Address:
    """The road, door, estate, building, unit and room that an address names."""
    rest = after_areas(normal(text))
    road, end = _first(_ROAD, rest)
    door, door_end = _first(_DOOR, rest[end:]) if road else _first(_DOOR, rest)
    end += door_end
    estate, estate_end = _first(_ESTATE, rest[end:])
    if not estate:
        estate, estate_end = _first(_COURT, rest[end:])
    tail = rest[end + estate_end :]
    return Address(
        road=road,
        door=door,
        estate=estate,
        building=_first(_BUILDING, tail)[0],
        unit=_first(_UNIT, tail)[0],
        room=_first(_ROOM, tail)[0],
    )


@dataclass(frozen=True, slots=True)
class Named:
    """An area as far as finding it by words needs it."""

    id: int
    level: Level
    name: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """An area that a text names, the words that named it, and how strongly (more is better)."""

    area: int
    words: tuple[str, ...]
    weight: int


_STEM = re.compile(r"(社区|村|街道|镇|乡|区|县|市)$")
_ROADLIKE = re.compile(r"(?:大道|路|街(?!道)|巷|弄|桥|公园|广场|医院|学校|小学|中学)")
LONGEST = 16


@dataclass(frozen=True, slots=True)
class _Key:
    area: int
    strong: bool


class Names:
    """An index of area names: every word of a text is looked up once, so it takes microseconds."""

    def __init__(self, areas: Iterable[Named]) -> None:
        self.areas = {each.id: each for each in areas}
        self._whole = {each.name for each in self.areas.values()}
        self._keys: dict[str, list[_Key]] = defaultdict(list)
        for each in self.areas.values():
            short = rules.short_name(each.name)
            stem = _STEM.sub("", short)
            for word in {each.name, short}:
                self._keys[word].append(_Key(each.id, True))
            if stem not in (each.name, short) and len(stem) >= 2:
                self._keys[stem].append(_Key(each.id, False))
        self._lengths = sorted({len(word) for word in self._keys if len(word) <= LONGEST})

    def _chain(self, area: int) -> Iterator[Named]:
        here: int | None = area
        while here is not None and here in self.areas:
            yield self.areas[here]
            here = self.areas[here].parent

    def _spoken(self, text: str) -> list[tuple[int, int, _Key]]:
        """Every place in the text where a name stands: from, to and whose."""
        return [
            (start, start + length, key)
            for start in range(len(text))
            for length in self._lengths
            for key in self._keys.get(text[start : start + length], ())
            if key.strong or not _ROADLIKE.match(text, start + length)
        ]

    def _hits(self, text: str) -> dict[int, tuple[bool, str]]:
        """For each area named: whether by its whole name, and the longest word that did.

        A word inside a longer one is no name of its own (东亭 in 东亭街道).
        """
        spoken = self._spoken(text)
        words = {(start, stop, key.strong) for start, stop, key in spoken}
        hits: dict[int, tuple[bool, str]] = {}
        for start, stop, key in spoken:
            if any(
                a <= start and stop <= b and b - a > stop - start and whole >= key.strong
                for a, b, whole in words
            ):
                continue
            word = text[start:stop]
            hits[key.area] = max(hits.get(key.area, (False, "")), (key.strong, word))
        return hits

    def elsewhere(self, text: str) -> str:
        """The city with which an address begins when it is none of ours; empty otherwise."""
        found = _FAR.match(normal(text))
        if found is None:
            return ""
        city = str(found.group(1) or found.group(2))
        ours = any(city[start:] in self._whole for start in range(len(city)))
        return "" if ours else city

    def find(self, text: str, lo: int = 0, hi: int = rules.ROOT.hi) -> list[Found]:
        """The areas inside ``[lo, hi)`` that a text names, best first; empty when it names none.

        Longer words count more, whole names twice; names of the areas above add up. An area is
        left out when the text names another area of a level above it.
        """
        plain = normal(text)
        hits = self._hits(plain)
        told = {self.areas[each].level for each, (strong, _w) in hits.items() if strong}
        found = []
        for each in hits:
            chain = list(self._chain(each))
            agreed = [part for part in chain if part.id in hits]
            strongly = {part.level for part in agreed if hits[part.id][0]}
            above = {part.level for part in chain[1:]}
            if lo <= each < hi and not (told & above) - strongly:
                words = tuple(dict.fromkeys(hits[part.id][1] for part in reversed(agreed)))
                spoken = {hits[part.id][1]: hits[part.id][0] for part in agreed}
                weight = sum(len(word) * (2 if whole else 1) for word, whole in spoken.items())
                found.append(Found(each, words, weight))
        depth = {each: len(list(self._chain(each))) for each in hits}
        return sorted(found, key=lambda each: (-each.weight, -depth[each.area], each.area))
