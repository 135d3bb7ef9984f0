"""Proposals for every field of a region: by its headings, by what stands in it, by what was decided before (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from linli.capabilities.tables.mapping import kinds
from linli.capabilities.tables.mapping.adding import summed
from linli.capabilities.tables.mapping.among import Among, siblings
from linli.capabilities.tables.mapping.counting import count_of
from linli.capabilities.tables.mapping.doubts import vague
from linli.capabilities.tables.mapping.evidence import like, offered, spelt, weigh
from linli.capabilities.tables.mapping.meaning import WHY, Mapped, Meaning
from linli.capabilities.tables.mapping.names import (
    ADDRESSES,
    asks_whether,
    canonical,
    former,
    neutral,
    other,
    part_of,
    role_of,
    variants,
    without_subject,
)
from linli.capabilities.tables.mapping.remarks import REMARK, remarked
from linli.capabilities.tables.mapping.statistics import counts_places, figure, statistics
from linli.capabilities.tables.reading.lists import number_column
from linli.capabilities.tables.reading.shapes import Field, Region, Shape
from linli.kernel.dictionary.headings import WHY as HEADED
from linli.kernel.dictionary.headings import Index, Match, bare, normal
from linli.kernel.dictionary.rules import spellings
from linli.kernel.dictionary.shapes import CodeTable, Element, Kind

_SPECIAL = re.compile(r"军人|优抚|救助|困难|特殊|重点|残疾|儿童|老人|老年|帮扶|低保")


@dataclass(frozen=True, slots=True)
class Words:
    """What proposals are made from: the dictionary, the day, and what a department confirmed before."""

    index: Index
    tables: Mapping[str, CodeTable]
    today: date
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def tags(self) -> Mapping[str, str]:
        """Tag by every spelling of its name."""
        table = self.tables.get("tag")
        return (
            {} if table is None else {normal(word): code for word, code in spellings(table).items()}
        )

    def table(self, element: Element) -> CodeTable | None:
        """The code table of an element."""
        return self.tables.get(element.table) if element.table else None


def remembered_key(kind: str, path: tuple[str, ...]) -> str:
    """Under what a decision about a heading is remembered: what the rows are, and the path of headings."""
    return f"{kind}|{'/'.join(normal(each) for each in path)}"


def propose(region: Region, words: Words) -> Mapped:
    """What a region's rows are and what each of its fields means."""
    if region.shape is Shape.STATISTICS:
        return statistics(region, words.index, words.tags)
    title = region.title + region.section
    exact = [_exact(each.path, title, words.index) for each in region.fields]
    kind, lead = kinds.judge(region.title, region.section, exact)
    places = counts_places(region, exact, words.tags)
    support = sum(
        any(m.score >= 0.95 and m.element.record_set in kind.sets for m in matches)
        for matches in exact
    )
    if places:
        kind, lead, support = kinds.BY_CODE["area"], 1.0, len(region.fields)
    work = _Work(region, words, kind, lead, support, places)
    among = Among(words.index.elements, kind.code)
    meanings = among.unique(
        among.whose([work.one(at, each) for at, each in enumerate(region.fields)])
    )
    recalled = [work.recalled(each) for each in meanings]
    known = {each.code: each for each in words.index.elements}
    return Mapped(region, kind.code, tuple(summed(recalled, known)))


def _exact(path: tuple[str, ...], title: str, index: Index) -> list[Match]:
    """What a heading may mean for telling what the rows are: by itself, or without whom the list is about."""
    heading = path[-1]
    somebody = [group for group in path[:-1] if other(group) and not neutral(group)]
    if somebody:
        return index.look_up(canonical(somebody[-1]) + heading)
    found = index.look_up(heading)
    if found and found[0].score >= 0.95:
        return found
    plain = without_subject(heading, title)
    return index.look_up(plain) if plain else found


@dataclass(slots=True)
class _Work:
    """One region being mapped."""

    region: Region
    words: Words
    kind: kinds.RowKind
    lead: float
    support: int
    places: str = ""  # each row is a community or a grid, the other columns are counts of it

    def one(self, at: int, each: Field) -> Meaning:
        """One field by its headings and by what stands in it."""
        if self._numbers(at, each):
            return Meaning(each, "#", 1.0, str(WHY["number"]))
        element, part = part_of(each.path)
        if element and self.kind.code in ("person", "household", "home"):
            return Meaning(each, element, 0.92, str(WHY["part"]), part)
        if count := self._count(each):
            return Meaning(each, count, 0.92, str(WHY["count"]))
        judged = (
            self._judged(each, self._matches(each)) or self._tagged(each) or self._by_values(each)
        )
        if judged.confidence < LIKELY and (chosen := self._by_choices(each)):
            return chosen
        return self._group_word(judged)

    def _numbers(self, at: int, each: Field) -> bool:
        """Whether a column only counts the rows; 编号 beside 序号 is the number of what stands in them."""
        if normal(each.path[-1]) != "编号":
            return number_column(each.path)
        counted = any(normal(one.path[-1]) in ("序号", "序") for one in self.region.fields)
        return not counted and (at == 0 or number_column(each.path))

    def _group_word(self, each: Meaning) -> Meaning:
        """A class of people in a list of special groups is more likely a tag than the ground of residence."""
        title = self.region.title + self.region.section
        if each.element == "residence.kind" and not each.sure and _SPECIAL.search(title):
            return replace(each, element="tag.code", confidence=0.75, why=str(WHY["vague"]))
        return each

    def _count(self, each: Field) -> str:
        if self.places == "community" and (asked := figure(each.path, self.words.index)):
            return asked
        if self.kind.code not in ("building", "area"):
            return ""
        if not (self.places or each.unit or _COUNTED.search(normal(each.path[-1]))):
            return ""
        homes = self.kind.code == "building"
        count = count_of(each.path, self.words.tags, homes, each.unit)
        return count if count != "total" else ""

    def _matches(self, each: Field) -> list[tuple[Match, float, str]]:
        """Matches with what their score is multiplied by, and a reason of our own."""
        path = each.path
        groups = [group for group in path[:-1] if not (neutral(group) or self._own(group))]
        found = self._together(path)
        for group in groups:
            found += [
                (match, 1.0, "")
                for match in self._look(canonical(group) + path[-1])
                if match.score >= 0.9
            ]
            found += [
                (match, 1.0, str(WHY["family"] % {"group": group}))
                for match in self._family(group, path[-1])
            ]
        share = (
            (0.97 if found else 1.0)
            if not groups
            else 0.45
            if any(map(other, groups))
            else 0.97
            if other(path[-1])
            else 0.65
        )
        found += [(match, share, "") for match in self._look(path[-1])]
        if not groups:
            found += self._loose(path[-1])
        return found

    def _own(self, group: str) -> bool:
        """Whether a group names whom the list is about, as its title does."""
        word = bare(group)
        return len(word) > 1 and word in normal(self.region.title) and not other(group)

    def _together(self, path: tuple[str, ...]) -> list[tuple[Match, float, str]]:
        """Matches of a heading with a group that adds nothing by itself: 类别 under 残疾 is 残疾类别."""
        return [
            (match, 1.0, "")
            for group in path[:-1]
            if neutral(group)
            for match in self._look(group + path[-1])
            if match.score >= 0.99
        ]

    def _loose(self, leaf: str) -> list[tuple[Match, float, str]]:
        """Matches without whom the list is about, and of the first of two things asked in one column."""
        plain = without_subject(leaf, self.region.title + self.region.section)
        found = (
            [(match, 0.95, "") for match in self._look(plain) if match.score >= 0.95]
            if plain
            else []
        )
        found += [
            (match, 0.95, "")
            for said in variants(leaf)
            for match in self._look(said)
            if match.score >= 0.99
        ]
        role, asked = role_of(leaf)
        if role:
            why = str(WHY["family"] % {"group": role})
            found += [(match, 1.0, why) for match in self._family(role, asked)]
        if normal(leaf) in ADDRESSES and self.kind.code in _PLACES:
            found += [(match, 1.0, "") for match in self._look(_PLACES[self.kind.code])]
        first = normal(_TWO.split(unicodedata.normalize("NFKC", leaf))[0])
        if first and first != normal(leaf):
            found += [(match, 0.85, "") for match in self._look(first) if match.score >= 0.95]
        return found

    def _look(self, text: str) -> list[Match]:
        matches = self.words.index.look_up(text, self.kind.sets)
        own = self.kind.called.get(bare(text))
        if own and not any(match.element.code == own for match in matches):
            called = [each for each in self.words.index.elements if each.code == own]
            matches = [*(Match(each, 0.96, HEADED["plain"]) for each in called), *matches]
        return [match for match in matches if self._may(match.element)]

    def _may(self, element: Element) -> bool:
        """Whether rows of this kind may have an element; where a dwelling lies is asked of people and homes only."""
        if element.code in self.kind.never:
            return False
        placed = element.kind is Kind.AREA or element.code == "residence.estate"
        return placed or element.record_set != "residence" or self.kind.code in _DWELL

    def _family(self, group: str, leaf: str) -> list[Match]:
        """Elements of the person whom a group names, where the leaf asks a name, a number or a phone."""
        named = [
            m
            for m in self._look(canonical(group)) + self._look(canonical(group) + "姓名")
            if m.score >= 0.95 and m.element.kind is Kind.NAME
        ]
        asked = {
            m.element.kind
            for m in self.words.index.look_up(leaf, ("person", "holding", "organisation"))
            if m.score >= 0.95
        }
        return [
            Match(each, 0.97, "")
            for match in named[:1]
            for each in siblings(self.words.index.elements, match.element)
            if each.kind in asked & {Kind.NAME, Kind.ID_NUMBER, Kind.PHONE}
        ]

    def _judged(self, each: Field, found: list[tuple[Match, float, str]]) -> Meaning | None:
        if not found:
            return None
        ranked = sorted(
            found, key=lambda one: (-one[0].score * one[1], self._place(one[0].element))
        )
        best: Meaning | None = None
        for match, share, why in ranked[:4]:
            made = self._weighed(each, match, share, why)
            if best is None or made.confidence > best.confidence + 0.02:
                best = made
        offers = tuple(dict.fromkeys(match.element.code for match, _s, _w in ranked))
        if best is None or best.confidence < 0.45:
            return None
        return replace(best, offers=offers)

    def _place(self, element: Element) -> int:
        return self.kind.sets.index(element.record_set)

    def _weighed(self, each: Field, match: Match, share: float, why: str) -> Meaning:
        element = match.element
        table = self.words.table(element)
        weight = weigh(element, each, table, self.words.today)
        confidence = min(0.99, match.score * share * weight)
        said = why or str(match.why)
        if weight < 0.9:
            said = str(WHY["unlike"] % {"title": element.title})
        if match.score < 0.9:
            doubt = 0.6 if other(each.path[-1]) or former(each.path[-1]) else 0.88
            confidence = min(confidence, 0.85) * doubt
        elif asks_whether(each.path[-1]) and element.kind is not Kind.BOOLEAN:
            confidence = min(confidence, 0.85) * 0.88
        elif self.support < 2 and len(self.region.fields) > 3 or remarked(each, element):
            confidence = min(confidence, 0.85)
        elif element.code == "residence.relation" and _TO_OTHERS.search(each.path[-1]):
            confidence, said = min(confidence, 0.8), str(WHY["whose"])
        elif element.code == "household.size" and normal(each.path[-1]) in _COUNTS:
            confidence, said = min(confidence, 0.8), str(WHY["vague"])
        elif vague(self, each, element) and weight <= 1.0 and confidence > 0.8:
            confidence, said = 0.8, str(WHY["vague"])
        return Meaning(each, element.code, round(confidence, 3), said)

    def _tagged(self, each: Field) -> Meaning | None:
        plain = REMARK.sub("", unicodedata.normalize("NFKC", each.path[-1]))
        word = re.sub(r"^(是否|是不是|有无)(为|属于|纳入|享受|列为|列入|系|是)?", "", normal(plain))
        tag = next(
            (
                self.words.tags[one]
                for one in (word, *(word + end for end in _CALLED))
                if one in self.words.tags
            ),
            "",
        )
        if (
            not tag
            or not asks_whether(each.path[-1])
            or self.kind.code not in ("person", "household")
        ):
            return None
        return Meaning(each, "tag.code", 0.92, str(WHY["tag"] % {"title": each.path[-1]}), tag)

    def _by_values(self, each: Field) -> Meaning:
        code = like(each)
        if code and code.partition(".")[0] in self.kind.sets and not offered(each):
            title = next(one.title for one in self.words.index.elements if one.code == code)
            return Meaning(each, code, 0.7, str(WHY["values"] % {"title": title}))
        return Meaning(each, why=str(WHY["none"]))

    def _by_choices(self, each: Field) -> Meaning | None:
        """The one element of the rows whose codes are what may be chosen: □独居 □空巢 is 居住状态."""
        choices = offered(each)
        if len(choices) < _FEW or asks_whether(each.path[-1]):
            return None
        fits = [
            element
            for element in self.words.index.elements
            if element.kind is Kind.CODE
            and element.record_set in self.kind.sets
            and self._may(element)
            and spelt(choices, self.words.table(element)) >= _MOSTLY * len(choices)
        ]
        if len(fits) != 1:
            return None
        why = str(WHY["values"] % {"title": fits[0].title})
        return Meaning(each, fits[0].code, 0.8, why, offers=(fits[0].code,))

    def recalled(self, each: Meaning) -> Meaning:
        """What the department decided before for such a heading comes first."""
        code = self.words.kept.get(remembered_key(self.kind.code, each.field.path))
        if code is None or each.element == "#":
            return each
        return replace(each, element=code, confidence=1.0 if code else 0.0, why=str(WHY["kept"]))


LIKELY, _FEW, _MOSTLY = (
    0.8,
    3,
    0.7,
)  # below it choices are looked at, at least so many, so many of them known
_COUNTED = re.compile(r"数量?$|人口|率$|比例?$|[户套]$|[男女]性?$|以上|以下|[0-9]岁$")
_DWELL = ("person", "household", "home", "building", "visit")
# What is kept is how somebody stands to the head of the household.
_TO_OTHERS = re.compile(r"申请人|房主|本人|其他人员|承租人|老人|儿童|患者|对象")
# How many people there are: of a household only where the rows say so.
_COUNTS = frozenset({"人口数", "人数", "在册人数"})
# Where the rows of a kind are, by the title that the dictionary has for it.
_PLACES = {
    "organisation": "单位地址", "estate": "小区地址", "building": "楼栋地址", "facility": "部件位置", "home": "房屋地址",
}  # fmt: skip
_TWO = re.compile(r"[及和与、/]|以及")
_CALLED = ("对象", "人员", "居民", "户", "家庭", "老人", "患者")
