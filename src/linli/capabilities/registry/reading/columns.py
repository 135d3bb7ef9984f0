"""Which column holds what: by heading, by what stands in it, or as a person confirmed it for an earlier file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from linli.capabilities.registry.reading.table import Table
from linli.kernel.dictionary.headings import SURE, Match, normal
from linli.ui.spoken import Spoken

TAKEN = 0.66  # below, a heading is only offered
FEW = 3  # values from which on a column can be judged by them
SETS = ("person", "residence", "household", "home")
LookUp = Callable[[str], Sequence[Match]]
# What values look like: element, pattern, the share of filled cells that must fit.
PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("person.document", r"^[0-9０-９]{17}[0-9０-９Xxｘ]$|^[0-9]{15}$", 0.6),
    ("person.phone", r"^(\+?86[- ]?)?1[3-9][0-9]{9}$", 0.6),
    ("person.sex", r"^(男|女|男性|女性)$", 0.9),
)
WORDS = {
    "pattern": Spoken("列里的内容像“%(title)s”"),
    "layout": Spoken("上次确认过"),
    "twice": Spoken("“%(title)s”有两列，用了填得更全的一列"),
    "unlike": Spoken("列名是“%(title)s”，内容却不像，请核对"),
    "unknown": Spoken("没有认出这一列，不导入"),
    "no_name": Spoken("没有找到“姓名”列。"),
    "no_key": Spoken("没有证件号码列，将按姓名、出生日期、住址、电话比对。"),
    "other": Spoken("这份表的列更像“%(title)s”的数据，请确认没有选错来源。"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, the element it is taken for, how surely and why."""

    at: int
    heading: str
    element: str = ""
    score: float = 0.0
    why: str = ""
    warning: str = ""
    filled: float = 0.0
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file will be read, for a person to confirm; `blocked` says why it cannot be as it is."""

    columns: tuple[Column, ...]
    data: int
    signature: str
    sheet: str = ""
    warnings: tuple[str, ...] = ()
    blocked: str = ""

    @property
    def used(self) -> dict[str, str]:
        """Name of the frame's column by element."""
        return {each.element: f"c{each.at}" for each in self.columns if each.element}

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept with its batch."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Plan:
        """A kept plan."""
        columns = tuple(
            Column(**{**each, "offers": tuple(each.get("offers", ()))}) for each in kept["columns"]
        )
        rest = {name: kept[name] for name in ("data", "signature", "sheet", "blocked")}
        return cls(columns=columns, warnings=tuple(kept["warnings"]), **rest)

    def chosen(self, elements: Mapping[int, str]) -> Plan:
        """The plan with columns as a person set them: element by number of column, empty for unused."""
        columns = tuple(
            replace(each, element=elements[each.at], score=1.0, warning="")
            if each.at in elements
            else each
            for each in self.columns
        )
        return _finished(replace(self, columns=columns, warnings=(), blocked=""))


def signature_of(names: Iterable[str]) -> str:
    """What a layout is remembered by: its headings in their order."""
    return hashlib.sha256("|".join(normal(name) for name in names).encode()).hexdigest()


def plan(table: Table, look_up: LookUp, layout: Sequence[str] | None = None) -> Plan:
    """The plan of a table; `layout` is the elements that a person confirmed for the same headings."""
    names = table.heading.names
    columns = []
    for at, name in enumerate(names):
        values = table.sample[f"c{at}"].drop_nulls()
        filled = len(values) / max(1, len(table.sample))
        if layout is not None and at < len(layout):
            columns.append(_remembered(at, name, layout[at], filled))
        else:
            columns.append(_recognised(at, name, look_up(name), values, filled))
    columns = _once(columns)
    found = Plan(tuple(columns), table.heading.data, signature_of(names), table.sheet)
    return _finished(found)


def _remembered(at: int, name: str, element: str, filled: float) -> Column:
    return Column(at, name, element, 1.0, str(WORDS["layout"]) if element else "", "", filled)


def _recognised(
    at: int, name: str, matches: Sequence[Match], values: pl.Series, filled: float
) -> Column:
    offers = tuple(match.element.code for match in matches[:5])
    best = matches[0] if matches else None
    found = Column(at, name, filled=filled, offers=offers)
    if best is not None and best.score >= TAKEN:
        found = replace(found, element=best.element.code, score=best.score, why=str(best.why))
    like = _looks_like(values)
    if like and like != found.element:
        return _by_values(found, like)
    if (
        found.element in {element for element, _p, _s in PATTERNS[:2]}
        and len(values) >= FEW
        and not like
    ):
        title = best.element.title if best else found.element
        found = replace(found, warning=WORDS["unlike"] % {"title": title})
    if not found.element and name:
        found = replace(found, warning=WORDS["unknown"])
    return found


def _by_values(found: Column, like: str) -> Column:
    """A column whose values speak: they win over a weak heading; a guardian's number stays the guardian's."""
    if found.score >= SURE or (found.element and not found.element.startswith("person.")):
        return found
    if any(offer.endswith(like.split(".")[1]) and offer != like for offer in found.offers):
        return found
    words = WORDS["pattern"] % {"title": like}
    return replace(found, element=like, score=0.7, why=str(words), warning="")


def _looks_like(values: pl.Series) -> str:
    if len(values) < FEW:
        return ""
    for element, pattern, share in PATTERNS:
        fits = values.str.replace_all(r"[\s'-]", "").str.contains(pattern).mean()
        if fits is not None and float(fits) >= share:  # type: ignore[arg-type]
            return element
    return ""


def _once(columns: Sequence[Column]) -> list[Column]:
    """Each element from one column: the surer, then the better filled."""
    best: dict[str, Column] = {}
    for each in columns:
        rival = best.get(each.element)
        if rival is None or (each.score, each.filled) > (rival.score, rival.filled):
            best[each.element] = each
    return [
        each
        if not each.element or best[each.element] is each
        else replace(
            each, element="", warning=WORDS["twice"] % {"title": best[each.element].heading}
        )
        for each in columns
    ]


def _finished(found: Plan) -> Plan:
    """The plan with what is missing said."""
    warnings, used = list(found.warnings), found.used
    blocked = "" if "person.name" in used else str(WORDS["no_name"])
    if "person.document" not in used:
        warnings.append(str(WORDS["no_key"]))
    return replace(found, warnings=tuple(dict.fromkeys(warnings)), blocked=blocked)


def likeness(names: Iterable[str], profile: Iterable[str]) -> float:
    """How well headings fit a profile's (0..1): the share of the profile's headings that are there."""
    there = {normal(name) for name in names if name}
    wanted = {normal(name) for name in profile if name}
    return len(there & wanted) / len(wanted) if wanted else 0.0


def other_source(found: Plan, own: str, profiles: Mapping[str, tuple[str, Sequence[str]]]) -> Plan:
    """The plan with a warning when its headings fit another department's profile clearly better.

    `profiles`: title and headings by code of the profile.
    """
    names = [each.heading for each in found.columns]
    scores = {code: likeness(names, heads) for code, (_title, heads) in profiles.items()}
    if not scores:
        return found
    best = max(scores, key=lambda code: scores[code])
    if best == own or scores[best] < 0.5 or scores[best] < scores.get(own, 0.0) + 0.25:
        return found
    words = str(WORDS["other"] % {"title": profiles[best][0]})
    return replace(found, warnings=(words, *found.warnings))
