"""A form that was just recognised as a plan: what is proposed for each column, what a unit settled before (pure)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from linli.capabilities.tables.mapping.adding import SUM
from linli.capabilities.tables.mapping.meaning import SURE, TAKEN, Mapped, Meaning
from linli.capabilities.tables.mapping.proposing import remembered_key
from linli.capabilities.tables.reading import Shape
from linli.capabilities.tables.rules.plan import Column, Part, Plan, Way, asks_numbers
from linli.ui.spoken import Spoken

FORMULA, HIDDEN = Spoken("表里有公式，自己会算"), Spoken("隐藏的列，不填")
TITLE = Spoken("这一列写着每行的名称")
_WAYS = {"#": Way.NUMBER, SUM: Way.ADDED}
_LINES = frozenset({"line", "total"})


class Mark(StrEnum):
    """How a heading stands in the picture: confirmed, or proposed more or less surely, or left out on purpose."""

    DONE = "done"
    APART = "apart"
    SURE = "sure"
    LIKELY = "likely"
    UNKNOWN = "unknown"


def mark_of(column: Column) -> Mark:
    """How a column stands."""
    if column.settled:
        return Mark.APART if column.way in (Way.OWN, Way.BLANK) else Mark.DONE
    if column.way is Way.BLANK:
        return Mark.UNKNOWN
    unreasoned = asks_numbers(column) and not column.reason
    return Mark.SURE if column.confidence >= SURE and not unreasoned else Mark.LIKELY


@dataclass(frozen=True, slots=True)
class Settled:
    """How far a plan is: columns, those confirmed, those that are sure and wait."""

    all: int
    done: int
    sure: int

    @property
    def whole(self) -> bool:
        """Whether nothing waits."""
        return self.done == self.all


def settled(plan: Plan) -> Settled:
    """How far a plan is."""
    marks = Counter(mark_of(each) for each in plan.columns)
    done = marks[Mark.DONE] + marks[Mark.APART]
    return Settled(marks.total(), done, marks[Mark.SURE])


def memory_key(kind: str, path: tuple[str, ...]) -> str:
    """Under what a decision is kept: the mapping's key, shortened where a heading is a whole sentence."""
    key = remembered_key(kind, path)
    return (
        key if len(key) <= 160 else f"{key[:120]}#{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    )


def plan_of(
    mapped: Sequence[Mapped],
    kept: Mapping[str, Mapping[str, Any]],
    conditions: Mapping[int, tuple[Any, ...]],
) -> Plan:
    """What is proposed for a form; `kept` are a unit's decisions by `memory_key`, `conditions` whom each part is about."""
    return Plan(
        tuple(_part(at, each, kept, conditions.get(at, ())) for at, each in enumerate(mapped))
    )


def _part(
    at: int, mapped: Mapped, kept: Mapping[str, Mapping[str, Any]], conditions: tuple[Any, ...]
) -> Part:
    region = mapped.region
    columns = [_column(f"p{at}c{n}", each) for n, each in enumerate(mapped.meanings)]
    lines = [_column(f"p{at}r{n}", each) for n, each in enumerate(mapped.lines)]
    return Part(
        at,
        region.sheet,
        (region.title or region.section)[:120],
        region.shape.value,
        mapped.kind if region.shape is not Shape.STATISTICS or mapped.kind == "area" else "",
        tuple(_recalled(each, mapped.kind, kept) for each in columns),
        conditions,
        tuple(_recalled(each, mapped.kind, kept) for each in lines),
    )


def _column(key: str, each: Meaning) -> Column:
    way, element = _way(each)
    field = each.field
    made = Column(
        key,
        tuple(part[:60] for part in field.path),
        way,
        element,
        each.part,
        element != "person.name",
        "",
        each.confidence if way is not Way.BLANK else 0.0,
        each.why,
        offers=tuple(code for code in each.offers if code != element)[:5],
        adds=each.adds,
    )
    if field.formula or field.hidden:
        words = FORMULA if field.formula else HIDDEN
        return replace(made, way=Way.BLANK, element="", settled=True, why=str(words))
    if each.element in _LINES:
        return replace(made, way=Way.BLANK, element=each.element, settled=True, why=str(TITLE))
    return made


def _way(each: Meaning) -> tuple[Way, str]:
    element = each.element
    if element in _WAYS:
        return _WAYS[element], ""
    if each.confidence < TAKEN:
        return Way.BLANK, ""
    if element == "area" or element.partition(".")[0] in ("count", "rate"):
        return Way.COUNTED, element
    return (Way.KNOWN, element) if "." in element else (Way.BLANK, "")


def _recalled(column: Column, kind: str, kept: Mapping[str, Mapping[str, Any]]) -> Column:
    """What the unit decided before for such a heading, to be looked at once more."""
    before = kept.get(memory_key(kind, column.path))
    if before is None or column.settled:
        return column
    return replace(
        column,
        way=Way(before["way"]),
        element=str(before.get("element", "")),
        part=str(before.get("part", "")),
        text=str(before.get("text", "")),
        asked=bool(before.get("asked", True)),
        reason=str(before.get("reason", "")),
        confidence=1.0,
        why=str(_KEPT),
        settled=Way(before["way"]) is Way.BLANK,
    )


_KEPT = Spoken("本单位以前确认过")


def remembered(plan: Plan) -> dict[str, dict[str, Any]]:
    """What of a confirmed plan is kept for look-alikes, by key."""
    found: dict[str, dict[str, Any]] = {}
    for part in plan.parts:
        kind = part.record_set or "count"
        for each in (*part.columns, *part.lines):
            if each.settled and each.element not in _LINES and each.way not in _WAYS.values():
                found[memory_key(kind, each.path)] = {
                    "way": each.way.value, "element": each.element, "part": each.part,
                    "text": each.text, "asked": each.asked, "reason": each.reason,
                }  # fmt: skip
    return found


def fingerprint(plan: Plan) -> str:
    """What tells two copies of one form: its parts and their headings, whatever stands in the cells."""
    told = [
        f"{part.shape}|{'|'.join(each.label for each in (*part.columns, *part.lines))}"
        for part in plan.parts
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def again(plan: Plan, before: Plan) -> Plan:
    """A form seen before, with everything settled as it was last time."""
    known = {each.key: each for each in before.columns}
    parts = {part.at: part for part in before.parts}
    made = plan.with_({key: each for key, each in known.items() if each.settled})
    return Plan(
        tuple(
            replace(part, conditions=parts[part.at].conditions) if part.at in parts else part
            for part in made.parts
        )
    )
