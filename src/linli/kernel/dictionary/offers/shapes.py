"""How a room says what it offers: from which rows, by which elements, under which verbs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from linli.kernel.acts import Act
from linli.ui.manifest import Words


@dataclass(frozen=True, slots=True)
class Said:
    """Who says a value: the source's title, the day it speaks of, when it came, through which batch."""

    title: str
    as_of: date | None = None
    at: datetime | None = None
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Former values of a row: when and by whom they were replaced, each with its title and what stood there."""

    at: datetime
    who: str
    title: str
    before: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """How one element is read: an expression over the offer's aliases, and the joins that it needs.

    `said` is the expression of the row's source map and `field` its name there. A value of which a row may hold
    several (`many`) is asked by `holds`, an EXISTS with `{test}` about `value`. `sealed` is the vault's kind, `place`
    its table and column, `index` the blind index beside it. `picks`: it decides which of several rows stands for the
    record, and is asked of `{r}`. `level` widens an area to that level. `text`: kept as text, whatever its kind.
    `formula` says how a computed value comes about. `refers` names an element of another record set: the value is a
    list of keys there, each said by that element as far as the reader may see it; what is no key stands as written.
    """

    sql: str
    joins: tuple[str, ...] = ()
    said: str = ""
    field: str = ""
    many: bool = False
    holds: str = ""
    value: str = ""
    sealed: str = ""
    place: str = ""
    index: str = ""
    picks: bool = False
    level: str = ""
    text: bool = False
    sort: str = ""
    asked: bool = True
    formula: Words = ""
    refers: str = ""
    turn: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """In which row the elements of a record set stand: its alias, source map, what only a city keeps, its past.

    `past` is the table's name in the registry of former values (`memory` of the offer), so that a past day is
    answered by what stood there then.
    """

    alias: str
    joins: tuple[str, ...] = ()
    said: str = ""
    more: str = ""
    past: str = ""
    picks: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """One more table beside the base: its clause, and what must stand before it."""

    sql: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One record set of a room: rows that others may read by element.

    Expressions are SQL with named parameters; `%(day)s` is the day asked for, `{scope[x.area_id]}` the areas in sight
    of the query, `{sight[x.area_id]}` all areas of the reader, `{r}` the alias of the row that is picked. `pick` leaves
    one row for each record, `{picks}` being what the query asks of it. `order` is the order of the rows where none is
    asked; it ends with the key.

    `needs`, `takes`, `clear`, `sensitive`: the verbs for reading, for taking rows out, for protected values in clear,
    for sensitive elements (of record sets named in `walled` the wall itself hides the rows). `subject`
    names the ids in the fact of a taking (`people`: each can be told). `opens` is the page of one row. `unit` is the
    column of the unit whose row it is: an actor without areas, of a department say, reads those of the own unit.
    `hides` tells which of some values of an element the reader's post is not shown, by title: rows that have no other
    are missing. `screen` is how many rows one screen shows where each is counted when it is shown; 0: as many as of any other.
    """

    record_set: str
    title: Words
    needs: str
    base: str
    key: str
    area: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)
    joins: Mapping[str, Join] = field(default_factory=dict)
    where: str = "true"
    pick: str = ""
    order: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    takes: str = ""
    clear: str = ""
    sensitive: str = ""
    walled: frozenset[str] = frozenset()
    unit: str = ""
    screen: int = 0
    subject: str = ""
    opens: str = ""
    name: str = ""
    memory: str = ""
    params: Callable[[Act], Mapping[str, Any]] | None = None
    says: Callable[[Collection[int]], Mapping[int, Said]] | None = None
    history: Callable[[Act, int], list[Change]] | None = None
    hides: Callable[[Act, str, Sequence[str]], list[str]] | None = None
    files: tuple[str, ...] = ()
    note: Words = ""

    @property
    def remembers(self) -> str:
        """What a past day shows: `values` as they stood then, `rows` that stood then with today's values, or nothing."""
        dated = any(each in self.where + self.base for each in ("%(end)s", "%(day)s"))
        return "values" if self.memory else "rows" if dated else ""
