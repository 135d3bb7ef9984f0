"""What a division table would change: added, renamed, re-coded, ended; told apart before anything.

An area is the same area when code and name agree; else when name and parent agree (re-coded); else
when the code agrees (renamed). An area missing from the table has ended only where the table is
whole: it speaks of that level nearby (in the same city for districts, in the same district for
streets and communities) and has the row of the parent too, or it was read as all there is below a
root. So a table of one new street ends nothing. Pure: no Django, no database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from . import rules
from .divisions import Division, Refused, Table
from .rules import Level

T = TypeVar("T")
MOVED = "上级变了：请按区划调整办理，这里只改代码和名称"
Ref = int | str  # an existing area's id, or the code of one that is being added


@dataclass(frozen=True, slots=True)
class Known:
    """A present area, as far as comparing needs it."""

    id: int
    code: str
    name: str
    level: Level
    parent: int | None


@dataclass(frozen=True, slots=True)
class Added:
    """A new area; ``parent`` is an id, the code of another new one, or None for a topmost one."""

    row: Division
    parent: Ref | None


@dataclass(frozen=True, slots=True)
class Change:
    """An existing area and the row that it becomes."""

    known: Known
    row: Division


@dataclass(slots=True)
class Plan:
    """All that a table would change, and what of it is refused."""

    added: list[Added] = field(default_factory=list)
    renamed: list[Change] = field(default_factory=list)
    recoded: list[Change] = field(default_factory=list)
    adopted: list[tuple[Known, Ref]] = field(default_factory=list)
    removed: list[Known] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    moves: list[Change] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, as kept in the fact."""
        lists = ("added", "renamed", "recoded", "adopted", "removed", "refused")
        return {name: len(getattr(self, name)) for name in lists} | {"unchanged": self.unchanged}

    @property
    def changes(self) -> bool:
        """Whether applying it would write anything."""
        return any((self.added, self.renamed, self.recoded, self.adopted, self.removed))


_ANCHOR = {
    Level.CITY: Level.PROVINCE,
    Level.DISTRICT: Level.CITY,
    Level.STREET: Level.DISTRICT,
    Level.COMMUNITY: Level.DISTRICT,
    Level.GRID: Level.COMMUNITY,
}


def _anchor(level: Level, below: int) -> int | None:
    around = _ANCHOR.get(level)
    return None if around is None else (rules.enclosing(below, around) or below)


def _unique(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    pool = list(items)
    seen = Counter(key(each) for each in pool)
    return {key(each): each for each in pool if seen[key(each)] == 1}


class _Comparison:
    """One pass down the levels; ``refs`` says which area each code of the table is."""

    def __init__(self, known: Sequence[Known], table: Table) -> None:
        self.plan = Plan(refused=list(table.refused))
        self.by_code = {each.code: each for each in known}
        self.levels: dict[Level, list[Known]] = defaultdict(list)
        for each in known:
            self.levels[each.level].append(each)
        self.refs: dict[str, Ref] = {}
        self.parents: dict[str, Ref | None] = {}
        self.gone: set[int] = set()
        self.met: set[int] = set()
        self.whole = bool(table.root)

    def parent(self, row: Division) -> tuple[Ref | None, str]:
        """The parent of a row, or why it has none."""
        if row.parent in self.refs:
            return self.refs[row.parent], ""
        existing = self.by_code.get(row.parent)
        if existing is not None and existing.id not in self.gone:
            return existing.id, ""
        if row.level in (Level.PROVINCE, Level.CITY):
            return None, ""
        return None, f"上级 {row.parent or '（空）'} 不在现有区域和这批文件里"

    def level(self, level: Level, rows: Sequence[Division]) -> None:
        """Match the rows of one level, whose parents are all known by now."""
        fit = []
        for row in rows:
            self.parents[row.code], reason = self.parent(row)
            if reason:
                self.plan.refused.append(Refused(row.code, row.name, reason))
            else:
                fit.append(row)
        left = {each.id: each for each in self.levels[level]}
        rest = self.same(fit, left)
        rest = self.recoded(rest, left)
        rest = self.renamed(rest, left)
        for row in rest:
            self.refs[row.code] = row.code
            self.plan.added.append(Added(row, self.parents[row.code]))
        self.ended(level, fit, left)

    def same(self, rows: Sequence[Division], left: dict[int, Known]) -> list[Division]:
        rest = []
        for row in rows:
            known = self.by_code.get(row.code)
            if known is not None and known.id in left and known.name == row.name:
                self.plan.unchanged += 1
                self.matched(known, row, left)
            else:
                rest.append(row)
        return rest

    def recoded(self, rows: Sequence[Division], left: dict[int, Known]) -> list[Division]:
        present = _unique(left.values(), lambda e: (e.parent, rules.short_name(e.name)))
        coming = _unique(rows, lambda e: (self.parents[e.code], rules.short_name(e.name)))
        rest = []
        for row in rows:
            key = (self.parents[row.code], rules.short_name(row.name))
            known = present.get(key)
            if key in coming and known is not None and known.code != row.code:
                self.plan.recoded.append(Change(known, row))
                self.matched(known, row, left)
            else:
                rest.append(row)
        return rest

    def renamed(self, rows: Sequence[Division], left: dict[int, Known]) -> list[Division]:
        rest = []
        for row in rows:
            known = self.by_code.get(row.code)
            if known is not None and known.id in left:
                self.plan.renamed.append(Change(known, row))
                self.matched(known, row, left)
            else:
                rest.append(row)
        return rest

    def matched(self, known: Known, row: Division, left: dict[int, Known]) -> None:
        del left[known.id]
        self.met.add(known.id)
        self.refs[row.code] = known.id
        above = self.parents[row.code]
        if above is None or above == known.parent:
            return
        if known.parent is None:
            self.plan.adopted.append((known, above))
        else:
            self.plan.moves.append(Change(known, row))
            self.plan.refused.append(Refused(row.code, row.name, MOVED))

    def ended(self, level: Level, rows: Sequence[Division], left: dict[int, Known]) -> None:
        told = {
            _anchor(level, above)
            for row in rows
            if isinstance(above := self.parents[row.code], int)
        }
        unclear = {each.code for each in self.plan.refused}
        for known in left.values():
            if known.code in unclear:
                continue
            whole = self.whole or known.parent in self.met
            if known.parent in self.gone or (whole and _anchor(level, known.id) in told):
                self.gone.add(known.id)
                self.plan.removed.append(known)


def _district(code: str) -> str:
    return code[:6]


def _hold(plan: Plan) -> None:
    """A community gone here and new there, of one name in one district, has moved: neither ended nor added.

    It is moved by a rezoning, with all that hangs on it; until then it and the areas around it stand.
    """
    level = Level.COMMUNITY
    gone = _unique(
        (each for each in plan.removed if each.level == level),
        lambda e: (_district(e.code), rules.short_name(e.name)),
    )
    coming = _unique(
        (each for each in plan.added if each.row.level == level),
        lambda e: (_district(e.row.code), rules.short_name(e.row.name)),
    )
    pairs = [(gone[key], coming[key].row) for key in gone.keys() & coming.keys()]
    if not pairs:
        return
    rows = {row.code for _known, row in pairs}
    plan.added = [each for each in plan.added if each.row.code not in rows]
    spans = [rules.span_of(known.id) for known, _row in pairs]
    plan.removed = [
        each
        for each in plan.removed
        if not any(each.id in span or span.lo in rules.span_of(each.id) for span in spans)
    ]
    for known, row in sorted(pairs, key=lambda pair: pair[1].code):
        plan.moves.append(Change(known, row))
        plan.refused.append(Refused(row.code, row.name, MOVED))


def compare(known: Sequence[Known], table: Table) -> Plan:
    """What the table changes of the present areas; once applied, nothing more."""
    comparison = _Comparison(known, table)
    rows: dict[Level, list[Division]] = defaultdict(list)
    for row in table.rows:
        rows[row.level].append(row)
    for level in rules.LEVELS:
        comparison.level(level, rows[level])
    _hold(comparison.plan)
    return comparison.plan
