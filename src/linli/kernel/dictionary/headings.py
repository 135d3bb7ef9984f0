"""Headings of files and titles of elements: which element is meant, and which sounds like another (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from linli.kernel.dictionary.shapes import Element
from linli.ui.spoken import Spoken

WHY = {
    "same": Spoken("名称相同"),
    "english": Spoken("英文名称相同"),
    "code": Spoken("代码相同"),
    "plain": Spoken("去掉括号和修饰后名称相同"),
    "within": Spoken("名称里含有“%(name)s”"),
    "like": Spoken("名称相近“%(name)s”"),
}
SURE = 0.9  # from here on a heading is taken without asking
LIKE = 0.75  # from here on two names of one record set are too near to be two elements
OFFERED = 5
_KEPT = 4000  # headings whose matches are remembered
_REMARK = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,3}[.、)]|[一二三四五六七八九十]{1,3}[.、]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[*★☆※#\s]+)+"
)
_BRACKETS = str.maketrans("", "", "()（）[]【】〔〕")
_INSIDE = re.compile(r"[(（]([^()（）]{4,})[)）]$")
_TRIM = re.compile(r"[\s*★☆※:：;；,，。、_\-—/\\|\"“”'·.]+")
# Words that are added to a name without changing what is meant.
_EMPTY = re.compile(r"(?:个人|人员|居民|本人|成员|基本|相关|信息|情况|登记|填写|具体|详细|的)")
# The number of a paper other than the identity card: known by its whole name or not at all.
_PAPER = re.compile(r"(?<!身份)(?:证|卡|证书|证明|执照)(?:号码?|编号)$")
# 证件号码 is somebody's identity card behind a person or a word that only praises it, else the number of that paper.
_NAMED = re.compile(r"(?P<before>.+)证件(?:号码?|编号)$")
_PERSON = re.compile(
    r"(?:身份|有效|法定|合法|主要|人|员|者|主|生|民|童|老人|对象|家属|亲属|父亲?|母亲?|父母|配偶"
    r"|妻子?|丈夫|子女?|儿子?|女儿?|户口?|的|及|和|与|[.、/])$"
)
# People after whom a paper of their own is called: 残疾人证, 老年人证, 志愿者证.
_CARRIERS = re.compile(r"(?:残疾人|残障人|老年人|军人|志愿者|劳动者|党员|团员|会员|义工|记者)$")
_CALLED = re.compile(r"[(（\[【〔](?:(?!身份)[^)）\]】〕])*?证(?:号码?|编号)?[)）\]】〕]\s*$")
# What is somebody else's is no value of the person whom a row is about.
_THEIRS = re.compile(r"^(?:家长|父亲|母亲|父母|配偶|妻子|丈夫|子女|儿子|女儿)")


@dataclass(frozen=True, slots=True)
class Match:
    """An element that a heading may mean: how surely (0..1) and why, in the reader's words."""

    element: Element
    score: float
    why: str


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """One spelling of a heading: half width, lower case, no numbering, blanks or stars."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return _TRIM.sub("", _NUMBERING.sub("", plain))


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """A heading without remarks in brackets and words that add nothing; never empty where something stood."""
    unremarked = _unremarked(text)
    return _EMPTY.sub("", unremarked) or unremarked or normal(text)


def _unremarked(text: str) -> str:
    return normal(_REMARK.sub("", unicodedata.normalize("NFKC", text)))


def alike(one: str, other: str) -> float:
    """How alike two spellings are, 0..1: shared characters and pairs of neighbours (Dice)."""
    left, right = _grams(one), _grams(other)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


@lru_cache(maxsize=20_000)
def _grams(text: str) -> frozenset[str]:
    return frozenset(text) | {text[i : i + 2] for i in range(len(text) - 1)}


class Index:
    """Elements by every spelling of their names; made once per pack."""

    def __init__(self, elements: Iterable[Element]) -> None:
        self.elements = tuple(elements)
        self._exact: dict[str, list[tuple[Element, str]]] = {}
        self._bare: dict[str, list[Element]] = {}
        self._met: dict[str, tuple[Match, ...]] = {}  # headings looked up before
        for element in self.elements:
            for name in element.names:
                self._put(normal(name), element, "same")
                self._bare.setdefault(bare(name), []).append(element)
            self._put(normal(element.english), element, "english")
            for code in (element.code, element.number):
                self._put(normal(code), element, "code")

    def _put(self, key: str, element: Element, why: str) -> None:
        here = self._exact.setdefault(key, [])
        if all(known is not element for known, _why in here):
            here.append((element, why))

    def look_up(self, heading: str, sets: Iterable[str] | None = None) -> list[Match]:
        """The elements that a heading may mean, the likeliest first; `sets` narrows the record sets."""
        key, plain = normal(heading), bare(heading)
        if not key:
            return []
        wanted = None if sets is None else set(sets)
        best: dict[str, Match] = {}
        for match in self._known(heading, key, plain):
            element = match.element
            if wanted is not None and element.record_set not in wanted:
                continue
            if element.code not in best or best[element.code].score < match.score:
                best[element.code] = match
        return sorted(best.values(), key=_order)[:OFFERED]

    def _known(self, heading: str, key: str, plain: str) -> tuple[Match, ...]:
        """All matches of a heading; those of short ones are remembered."""
        met = self._met.get(heading)
        if met is None:
            met = tuple(self._matches(heading, key, plain))
            if len(heading) < 60 and len(self._met) < _KEPT:
                self._met[heading] = met
        return met

    def _bracketed(self, key: str, plain: str) -> Iterator[Match]:
        """Names read through their brackets – 村（居）委会 –, or named within them where nothing else is."""
        if key == (through := key.translate(_BRACKETS)):
            return
        for element, _why in self._exact.get(through, ()):
            yield Match(element, 0.97, WHY["plain"])
        inside = _INSIDE.search(key)
        if inside and plain not in self._bare:
            for element, _why in self._exact.get(inside[1], ()):
                yield Match(element, 0.88, WHY["within"] % {"name": inside[1]})

    def _matches(self, heading: str, key: str, plain: str) -> Iterator[Match]:
        for element, why in self._exact.get(key, ()):
            yield Match(element, 1.0, WHY[why])
        paper = of_a_paper(heading)
        yield from self._bracketed(key, plain)
        for element in self._bare.get(plain, ()):
            if not (paper and element.kind == "id_number"):
                yield Match(element, 0.95, WHY["plain"])
        for element in () if paper else self.elements:
            for name in element.names:
                found = _near(plain, bare(name))
                if found:
                    score, why = found
                    yield Match(element, score, WHY[why] % {"name": name})


def of_a_paper(heading: str) -> bool:
    """Whether a heading asks for the number of a certificate or a card that is not the identity card."""
    plain = bare(heading)
    if _CALLED.search(unicodedata.normalize("NFKC", heading)):
        return True
    named = _NAMED.fullmatch(_unremarked(heading))
    if named:
        before = named["before"]
        return bool(_CARRIERS.search(before) or not _PERSON.search(before)) and bool(bare(before))
    return bool(_PAPER.search(plain)) and plain not in ("证号", "证号码")


def _near(plain: str, name: str) -> tuple[float, str] | None:
    if _THEIRS.match(plain) and not _THEIRS.match(name):
        return None
    if len(name) > 1 and plain.endswith(name):
        return round(0.6 + 0.25 * len(name) / len(plain), 3), "within"
    score = alike(plain, name)
    return (round(score * 0.85, 3), "like") if score >= 0.6 else None


def _order(match: Match) -> tuple[float, int, str]:
    return -match.score, len(match.element.title), match.element.code


def too_near(one: Element, other: Element) -> str:
    """The name of `other` under which `one` exists already; empty where they are two things.

    Within one record set names may not meet or nearly meet; across record sets only titles may not.
    """
    if other.code in one.apart_from or one.code in other.apart_from:
        return ""
    if one.record_set != other.record_set:
        return other.title if normal(one.title) == normal(other.title) else ""
    if normal(one.english) == normal(other.english):
        return other.english
    for mine in one.names:
        for theirs in other.names:
            if bare(mine) == bare(theirs):
                return theirs
    return other.title if alike(bare(one.title), bare(other.title)) >= LIKE else ""
