"""What is asked of the rows of an offer: elements, conditions of two levels, a day, an order; kept as JSON (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from linli.kernel.acts import Refusal, Span
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.dictionary.shapes import Op as Op
from linli.ui.spoken import Spoken

ORDERED = frozenset({Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.PERIOD})
WORDED = frozenset({Kind.TEXT, Kind.NAME, Kind.ADDRESS})
BARE = (Op.EMPTY, Op.FILLED)
VALUES_MOST, CONDITIONS_MOST, TEXT_MOST = 20_000, 40, 200
_RELATIVE = re.compile(r"([+-])([0-9]{1,4})d")


def operators(kind: Kind, *, sealed: bool = False) -> tuple[Op, ...]:
    """What may be asked of a value of a kind; of a sealed one only whether it is some value, or is there."""
    if sealed:
        return (Op.IS, *BARE)
    if kind is Kind.DATE:
        return (Op.BETWEEN, Op.BEFORE, Op.AFTER, Op.LEAST, Op.MOST, Op.IS, *BARE)
    if kind in ORDERED:
        return (Op.LEAST, Op.MOST, Op.BETWEEN, Op.IS, Op.NOT, *BARE)
    if kind in WORDED:
        return (Op.HAS, Op.IS, Op.NOT, *BARE)
    return (Op.IS, Op.NOT, *BARE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one element; values as they are written: codes, ISO days, area codes, plain texts.

    Days may be said from the day asked for: `today`, `-30d`, `month` and `year` (their first day).
    """

    element: str
    op: Op
    values: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As kept."""
        return {"element": self.element, "op": self.op.value, "values": list(self.values)}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again; a Refusal where it says nothing."""
        try:
            op = Op(str(raw["op"]))
            values = tuple(str(each)[:TEXT_MOST] for each in raw.get("values", ()))
            found = cls(str(raw["element"]), op, values)
        except (KeyError, TypeError, ValueError):
            raise Refusal(Spoken("这个条件读不懂，请重新选择。"), code="condition") from None
        found.check()
        return found

    def check(self) -> None:
        """Refuse a condition that lacks its values."""
        least = 0 if self.op in BARE else 2 if self.op is Op.BETWEEN else 1
        most = {0: 0, 2: 2}.get(least, VALUES_MOST if self.op in (Op.IS, Op.NOT) else 1)
        if not least <= len(self.values) <= most or any(not each.strip() for each in self.values):
            raise Refusal(Spoken("条件缺少内容，请补全。"), field=self.element, code="values")


Group = tuple[Condition, ...]


def is_(element: str, *values: str) -> Group:
    """The commonest condition: an element is one of some values."""
    return (Condition(element, Op.IS, values),)


def checked(groups: Iterable[Group]) -> None:
    """Refuse conditions that are too many or lack their values."""
    held = [each for group in groups for each in group]
    if len(held) > CONDITIONS_MOST:
        raise Refusal(
            Spoken("条件太多，最多 %(n)s 个。") % {"n": CONDITIONS_MOST}, code="conditions"
        )
    for each in held:
        each.check()


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows of a record set, and which of their elements.

    `conditions` are groups of which all must hold; of a group's conditions one is enough. `spans` narrows the areas
    (empty: all in sight); `on` asks for a past day; `sort` names elements, `-` before one that falls; `most` ends it.
    `text` is looked for in what the rows are called.
    """

    record_set: str
    elements: tuple[str, ...] = ()
    conditions: tuple[Group, ...] = ()
    spans: tuple[Span, ...] = ()
    on: date | None = None
    sort: tuple[str, ...] = ()
    most: int | None = None
    text: str = ""

    def with_(self, **changes: Any) -> Query:
        """The same question with some parts changed."""
        return replace(self, **changes)

    def also(self, *groups: Group) -> Query:
        """The same question narrowed by more conditions."""
        return replace(self, conditions=(*self.conditions, *groups))

    def as_json(self) -> dict[str, Any]:
        """As kept in a row or a job."""
        return {
            "record_set": self.record_set,
            "elements": list(self.elements),
            "conditions": [[each.as_json() for each in group] for group in self.conditions],
            "spans": [[span.lo, span.hi] for span in self.spans],
            "on": self.on.isoformat() if self.on else None,
            "sort": list(self.sort),
            "most": self.most,
            "text": self.text,
        }

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again."""
        return cls(
            record_set=str(raw["record_set"]),
            elements=tuple(str(each) for each in raw.get("elements", ())),
            conditions=groups_of(raw.get("conditions", ())),
            spans=tuple(Span(int(lo), int(hi)) for lo, hi in raw.get("spans", ())),
            on=date.fromisoformat(raw["on"]) if raw.get("on") else None,
            sort=tuple(str(each) for each in raw.get("sort", ())),
            most=raw.get("most"),
            text=str(raw.get("text", "")),
        )


def groups_of(raw: Iterable[Iterable[Mapping[str, Any]]]) -> tuple[Group, ...]:
    """Conditions as kept, read again; a Refusal where one says nothing."""
    groups = tuple(tuple(Condition.of(each) for each in group) for group in raw)
    found = tuple(group for group in groups if group)
    checked(found)
    return found


def day_of(text: str, day: date) -> date | None:
    """A day said from another: `today`, `-30d`, `month`, `year`; None where it is no such word."""
    word = text.strip().lower()
    if word == "today":
        return day
    if word in ("month", "year"):
        return day.replace(day=1, **({"month": 1} if word == "year" else {}))
    found = _RELATIVE.fullmatch(word)
    if found is None:
        return None
    return day + timedelta(days=int(f"{found[1]}{found[2]}"))
