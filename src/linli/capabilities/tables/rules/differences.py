"""What changed from one edition of a form to the next: records that came, went or say something else (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

_ROW_NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The rows of one list of an edition: what they are, its columns (key and label), the texts of each record."""

    at: int
    title: str
    record_set: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def as_json(self) -> dict[str, Any]:
        """As kept."""
        return {
            "at": self.at,
            "title": self.title,
            "record_set": self.record_set,
            "columns": [list(each) for each in self.columns],
            "rows": [[key, list(texts)] for key, texts in self.rows],
        }

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """As kept, read again."""
        return cls(
            at=int(raw["at"]),
            title=str(raw["title"]),
            record_set=str(raw["record_set"]),
            columns=tuple((str(key), str(label)) for key, label in raw["columns"]),
            rows=tuple((int(key), tuple(map(str, texts))) for key, texts in raw["rows"]),
        )


@dataclass(frozen=True, slots=True)
class Turned:
    """One cell that says something else: its column's label, what stood there, what stands there now."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One record that came, went or changed; `name` is its first text, `cells` what changed."""

    record: int
    name: str
    cells: tuple[Turned, ...] = ()


@dataclass(slots=True)
class Difference:
    """What changed in one list of a form; columns are those that both editions have."""

    title: str
    record_set: str
    came: list[Moved] = field(default_factory=list)
    went: list[Moved] = field(default_factory=list)
    changed: list[Moved] = field(default_factory=list)
    columns_came: tuple[str, ...] = ()
    columns_went: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not (
            self.came or self.went or self.changed or self.columns_came or self.columns_went
        )


def differences(before: Sequence[Frozen], now: Sequence[Frozen]) -> list[Difference]:
    """List by list in the order of the newer edition; a list that only one of them has came or went as a whole."""
    earlier = {(each.at, each.record_set): each for each in before}
    found = []
    for each in now:
        former = earlier.pop((each.at, each.record_set), None)
        found.append(_between(former or _none(each), each))
    return [*found, *(_between(each, _none(each)) for each in earlier.values())]


def _none(like: Frozen) -> Frozen:
    return Frozen(like.at, like.title, like.record_set, like.columns, ())


def _between(before: Frozen, now: Frozen) -> Difference:
    made = Difference(now.title or before.title, now.record_set)
    labels = dict(now.columns)
    made.columns_came = tuple(labels[key] for key in labels.keys() - dict(before.columns).keys())
    made.columns_went = tuple(t for key, t in before.columns if key not in labels)
    was, is_ = _by_record(before), _by_record(now)
    for record, texts in is_.items():
        if record not in was:
            made.came.append(Moved(record, _name(texts)))
        elif cells := tuple(_turned(was[record], texts, labels)):
            made.changed.append(Moved(record, _name(texts), cells))
    made.went = [Moved(record, _name(was[record])) for record in was if record not in is_]
    return made


def _by_record(frozen: Frozen) -> dict[int, dict[str, str]]:
    keys = [key for key, _label in frozen.columns]
    return {record: dict(zip(keys, texts, strict=True)) for record, texts in frozen.rows}


def _turned(
    was: Mapping[str, str], now: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[Turned]:
    for key in labels:
        numbering = labels[key] == _ROW_NUMBER
        if key in was and not numbering and was[key] != now[key]:
            yield Turned(labels[key], was[key], now[key])


def _name(texts: Mapping[str, str]) -> str:
    return next((text for text in texts.values() if text and not text.isdigit()), "")
