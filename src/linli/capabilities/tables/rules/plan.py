"""What a form asks, as it was confirmed: for each list, card or table on it what every column means (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

OWN_MOST = 40


class Way(StrEnum):
    """Where a column's values come from: what is held, a count, a sum of other columns, the row's number, one text for
    all, its filler, nowhere.
    """

    KNOWN = "known"
    COUNTED = "counted"
    ADDED = "added"
    NUMBER = "number"
    CONSTANT = "constant"
    OWN = "own"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a form: its headings, what it means, whether a gap in it is asked, why an ID number is needed.

    `part` names a part of the element (of an address, a tag); `text` is the constant; `settled` tells that a person
    confirmed it; `offers` are other elements that it may mean; `adds` the places of the columns whose sum it is.
    """

    key: str
    path: tuple[str, ...]
    way: Way = Way.BLANK
    element: str = ""
    part: str = ""
    asked: bool = True
    reason: str = ""
    confidence: float = 0.0
    why: str = ""
    text: str = ""
    settled: bool = False
    offers: tuple[str, ...] = ()
    adds: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """Its headings as one text."""
        return "/".join(self.path)

    @property
    def fillable(self) -> bool:
        """Whether a blank in it becomes a gap."""
        return self.asked and self.way in (Way.KNOWN, Way.OWN)

    def as_json(self) -> dict[str, Any]:
        """As kept."""
        return {
            "key": self.key,
            "path": list(self.path),
            "way": self.way.value,
            "element": self.element,
            "part": self.part,
            "asked": self.asked,
            "reason": self.reason,
            "confidence": round(self.confidence, 3),
            "why": self.why,
            "text": self.text,
            "settled": self.settled,
            "offers": list(self.offers),
            "adds": list(self.adds),
        }

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again."""
        return cls(
            key=str(raw["key"]),
            path=tuple(str(each) for each in raw["path"]),
            way=Way(raw["way"]),
            element=str(raw.get("element", "")),
            part=str(raw.get("part", "")),
            asked=bool(raw.get("asked", True)),
            reason=str(raw.get("reason", "")),
            confidence=float(raw.get("confidence", 0)),
            why=str(raw.get("why", "")),
            text=str(raw.get("text", "")),
            settled=bool(raw.get("settled", False)),
            offers=tuple(str(each) for each in raw.get("offers", ())),
            adds=tuple(int(each) for each in raw.get("adds", ())),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One list, card or table of a form: what its rows are, which of them, its columns, the lines of statistics.

    `at` is its place among the regions of the file, and `columns` stand in the order of that region's fields.
    `conditions` are groups as `kernel.dictionary.offers` keeps them; `shape` is list, card or statistics.
    """

    at: int
    sheet: str
    title: str
    shape: str
    record_set: str
    columns: tuple[Column, ...]
    conditions: tuple[Any, ...] = ()
    lines: tuple[Column, ...] = ()

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements it reads, each once."""
        return tuple(
            dict.fromkeys(c.element for c in self.columns if c.way is Way.KNOWN and c.element)
        )

    @property
    def fillable(self) -> tuple[Column, ...]:
        """The columns whose blanks are asked for, one for each element."""
        if self.shape != "list":
            return ()
        seen: dict[str, Column] = {}
        for column in self.columns:
            if column.fillable:
                seen.setdefault(column.element or column.key, column)
        return tuple(seen.values())

    def as_json(self) -> dict[str, Any]:
        """As kept."""
        return {
            "at": self.at,
            "sheet": self.sheet,
            "title": self.title,
            "shape": self.shape,
            "record_set": self.record_set,
            "conditions": list(self.conditions),
            "columns": [each.as_json() for each in self.columns],
            "lines": [each.as_json() for each in self.lines],
        }

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again."""
        return cls(
            at=int(raw["at"]),
            sheet=str(raw["sheet"]),
            title=str(raw["title"]),
            shape=str(raw["shape"]),
            record_set=str(raw["record_set"]),
            columns=tuple(Column.of(each) for each in raw["columns"]),
            conditions=tuple(raw.get("conditions", ())),
            lines=tuple(Column.of(each) for each in raw.get("lines", ())),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole form asks."""

    parts: tuple[Part, ...] = ()

    @property
    def columns(self) -> Iterator[Column]:
        """Every column of every part, and every line of statistics."""
        return (each for part in self.parts for each in (*part.columns, *part.lines))

    @property
    def lists(self) -> tuple[Part, ...]:
        """The parts with a row for each record; cards and statistics have none."""
        return tuple(each for each in self.parts if each.shape == "list" and each.record_set)

    def column(self, key: str) -> Column | None:
        """One column or line by its key."""
        return next((each for each in self.columns if each.key == key), None)

    @property
    def fields(self) -> tuple[str, ...]:
        """What the gate is told that communities are asked for: elements, and own columns by their heading."""
        asked = (c.element or c.label for c in self.columns if c.way in (Way.KNOWN, Way.OWN))
        return tuple(dict.fromkeys(each[:60] for each in asked))

    def with_(self, changed: Mapping[str, Column]) -> Plan:
        """The same with some columns changed, by key."""
        parts = tuple(
            replace(
                part,
                columns=tuple(changed.get(c.key, c) for c in part.columns),
                lines=tuple(changed.get(c.key, c) for c in part.lines),
            )
            for part in self.parts
        )
        return Plan(parts)

    def as_json(self) -> dict[str, Any]:
        """As kept."""
        return {"parts": [part.as_json() for part in self.parts]}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again."""
        return cls(tuple(Part.of(each) for each in raw.get("parts", ())))


def needless(plan: Plan) -> list[Column]:
    """Columns that ask ID numbers without saying why they are needed."""
    return [c for c in plan.columns if asks_numbers(c) and len(c.reason.strip()) < 2]


def asks_numbers(column: Column) -> bool:
    """Whether a column is filled with ID numbers, somebody's own or a relative's."""
    return column.way is Way.KNOWN and column.element.endswith("document")


def numbers(plan: Plan) -> list[Column]:
    """Columns that ask ID numbers, with the reason that was given."""
    return [c for c in plan.columns if asks_numbers(c)]


def share(known: int, cells: int) -> float:
    """The share of values that nobody had to be asked for; 1 where nothing is asked."""
    return known / cells if cells else 1.0


def alike(fields: Iterable[str], others: Iterable[str]) -> float:
    """The share of a form's fields that another asks already."""
    mine, theirs = set(fields), set(others)
    return len(mine & theirs) / len(mine) if mine else 0.0
