"""What is held, as forms ask for it: rows and counts of every room's offers, under the reader's scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from linli.kernel.acts import Act, Span
from linli.kernel.dictionary import offers
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import Group
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area

# What other record sets call the same thing.
_ALIAS: Mapping[tuple[str, str], str] = {
    ("household", "residence.address"): "home.address",
    ("household", "residence.registered_address"): "home.address",
    ("home", "residence.address"): "home.address",
    ("home", "residence.estate"): "estate.name",
    ("home", "residence.building"): "building.name",
    ("home", "residence.unit"): "home.unit_no",
    ("home", "residence.room"): "home.room",
    ("building", "residence.estate"): "estate.name",
    ("building", "residence.building"): "building.name",
    ("organisation", "residence.community"): "organisation.community",
    ("visit", "residence.address"): "visit.address",
    ("visit", "residence.grid"): "visit.grid",
    ("visit", "person.name"): "visit.head",
    ("area", "residence.community"): "area.name",
    ("area", "residence.street"): "area.street",
    ("area", "residence.district"): "area.district",
}
# Whoever is registered elsewhere has that place instead of an address here.
_SPARE = {"residence.registered_address": "person.registered_place"}
_PARTS = {
    "district": "residence.district",
    "street": "residence.street",
    "community": "residence.community",
}
_ASKED = re.compile(r"\[(age|sex|residence|tag)(>=|<=|<|=)([^\]]+)\]")
_COUNT = re.compile(r"^(count|rate)\.(person|household|home)((?:\[[^\]]*\])*)$")
_ELEMENTS = {
    "sex": "person.sex",
    "residence": "residence.kind",
    "tag": "tag.code",
    "age": "person.age",
}


class Held:
    """What may be read of one area, for filling forms; protected values in clear only for a filling that leaves a fact."""

    def __init__(
        self,
        act: Act,
        area: Area,
        conditions: Mapping[str, tuple[Group, ...]],
        *,
        clear: bool = False,
    ) -> None:
        self.act, self.area, self.conditions, self.clear = act, area, conditions, clear
        self.span = places.span(area)
        self._readable: dict[str, frozenset[str]] = {}

    def holds(self, record_set: str, element: str) -> bool:
        """Whether the rows of a record set tell an element."""
        code, _sign, part = element.partition("#")
        if part in _PARTS and code == "residence.address":
            code = _PARTS[part]
        elif part and code != "tag.code":
            return False
        return self._own(record_set, code) in self._known(record_set)

    def _known(self, record_set: str) -> frozenset[str]:
        if record_set not in self._readable:
            known = record_set in offers.known()
            found = offers.readable(self.act, record_set) if known else []
            self._readable[record_set] = frozenset(each.element.code for each in found)
        return self._readable[record_set]

    def _own(self, record_set: str, code: str) -> str:
        return _ALIAS.get((record_set, code), code)

    def query(self, record_set: str, elements: Sequence[str] = ()) -> Query:
        """Which rows fill a form."""
        groups = self.conditions.get(record_set, ())
        return Query(record_set, tuple(elements), groups, (self.span,))

    def rows(self, record_set: str, elements: Sequence[str]) -> Iterator[Sequence[object]]:
        """The rows, each with the values of the elements in their order; areas by their names."""
        asked = [self._asked(record_set, each) for each in elements]
        wanted = tuple(dict.fromkeys(code for code, _part in asked))
        spare = [_SPARE[code] for code in wanted if _SPARE.get(code) in self._known(record_set)]
        query = self.query(record_set, tuple(dict.fromkeys([*wanted, *spare])))
        clear = self.clear and bool(offers.offer(self.act, record_set).clear)
        for batch in offers.read(self.act, query, clear=clear):
            columns = [self._column(code, part, _whole(batch, code)) for code, part in asked]
            yield from zip(*columns, strict=True)

    def _asked(self, record_set: str, element: str) -> tuple[str, str]:
        code, _sign, part = element.partition("#")
        if part in _PARTS:
            return _PARTS[part], ""
        return self._own(record_set, code), part

    def _column(self, code: str, part: str, values: list[object]) -> list[object]:
        if part:
            return [part in (value or ()) for value in values]  # type: ignore[operator]
        if dictionary.element(code).kind is Kind.AREA:
            return [_area(value) if isinstance(value, int) else value for value in values]
        return values

    def count(self, what: str, area: str = "") -> int | float | None:
        """A count such as count.person[sex=1] or area.households, in a part of the area that is named."""
        span = self._part(area)
        if span is None:
            return None
        if what.startswith("area."):
            return self._figure(what, span)
        found = _COUNT.match(what)
        if found is None:
            return None
        groups = [_condition(*each) for each in _ASKED.findall(found[3])]
        if found[1] == "count":
            return self._counted(found[2], groups, span)
        whole = self._counted(found[2], [], span)
        return round(100 * self._counted(found[2], groups, span) / whole, 2) if whole else None

    def _counted(self, record_set: str, groups: list[Group], span: Span) -> int:
        return offers.count(self.act, Query(record_set, (), tuple(groups), (span,)), 2_000_000)

    def _figure(self, what: str, span: Span) -> int | float | None:
        rows = offers.read(self.act, Query("area", (what,), (), (span,)))
        values = [value for batch in rows for value in batch.values[what] if value is not None]
        if not values or len(values) > 1 and what.endswith("_rate"):
            return None
        return float(values[0]) if what.endswith("_rate") else int(sum(values))

    def _part(self, name: str) -> Span | None:
        if not name:
            return self.span
        below = [self.area, *places.descendants(self.area)]
        found = [each for each in below if _same(each.name, name)]
        return places.span(found[0]) if found else None


def _whole(batch: offers.Batch, code: str) -> list[object]:
    """A column; where it holds nothing, what else answers the same question."""
    values: list[object] = batch.values[code]
    spare = batch.values.get(_SPARE.get(code, ""))
    if spare is None:
        return values
    return [other if own in (None, "") else own for own, other in zip(values, spare, strict=True)]


@lru_cache(maxsize=4096)
def _area(area: int) -> str:
    return places.near_name(area)


def _same(own: str, asked: str) -> bool:
    ending = re.compile(r"(居民委员会|居委会|村民委员会|村委会|社区居委会|社区|街道办事处|街道)$")
    return own == asked or ending.sub("", own).removesuffix("社区") == ending.sub(
        "", asked
    ).removesuffix("社区")


def _condition(name: str, sign: str, value: str) -> Group:
    ops: Mapping[str, Callable[[], tuple[Op, str]]] = {
        ">=": lambda: (Op.LEAST, value),
        "<=": lambda: (Op.MOST, value),
        "<": lambda: (Op.MOST, str(int(value) - 1)),
        "=": lambda: (Op.IS, value),
    }
    op, told = ops[sign]()
    return (Condition(_ELEMENTS[name], op, tuple(told.split("|"))),)


def groups_of(count: str) -> tuple[Group, ...]:
    """The conditions of a count as those of a query."""
    return tuple(_condition(*each) for each in _ASKED.findall(count))
