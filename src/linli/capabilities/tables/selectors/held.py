"""What is held, as forms ask for it: rows and counts of every room's offers, under the reader's scope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from linli.capabilities.tables.rules.addresses import PARTS, PROVINCES, parts_of
from linli.kernel.acts import Act, Span
from linli.kernel.dictionary import offers
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import Group
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

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
    ("holding", "residence.community"): "organisation.community",
    ("visit", "residence.address"): "visit.address",
    ("visit", "residence.grid"): "visit.grid",
    ("visit", "person.name"): "visit.head",
    ("visit", "person.phone"): "household.head_phone",
    ("area", "residence.community"): "area.name",
    ("area", "residence.street"): "area.street",
    ("area", "residence.district"): "area.district",
}
# Whoever is registered elsewhere has that place instead of an address here.
_SPARE = {
    "residence.registered_address": "person.registered_place",
    "residence.registered_area": "person.registered_place",
}
# Parts of an address are the names above the community it lies in; what is left is the address itself.
_LIES = {
    "residence.address": "residence.community",
    "residence.registered_address": "residence.registered_area",
}
OWN = "own:"  # before the key of a column that only the form asks
_ASKED = re.compile(
    r"\[([a-z]+\.[a-z]+|age|sex|residence|tag|kind|use|class|estate|building|source|group|matter)"
    r"(>=|<=|<|=)([^\]]+)\]"
)
_COUNT = re.compile(r"^(count|rate)\.(person|household|home|building|estate)((?:\[[^\]]*\])*)$")
# Figures of a community as the counts that they are of a grid of it.
_OF_A_GRID: Mapping[str, str] = {
    "area.households": "count.household",
    "area.registered": "count.person[residence=registered]",
    "area.living": "count.person[residence.lives=true]",
    "area.floating": "count.person[residence.lives=true][residence=floating]",
    "area.elders": "count.person[residence.lives=true][age>=60]",
    "area.minors": "count.person[residence.lives=true][age<18]",
    "area.estates": "count.estate",
    "area.buildings": "count.building",
    "area.homes": "count.home",
}
_ELEMENTS = {
    "sex": "person.sex",
    "residence": "residence.kind",
    "tag": "tag.code",
    "age": "person.age",
    "kind": "organisation.kind",
    "use": "home.use",
    "class": "facility.code",
    "estate": "estate.kind",
    "building": "building.kind",
    "source": "matter.source",
    "group": "matter.group",
    "matter": "matter.class",
}


@dataclass(frozen=True, slots=True)
class _Ask:
    """How an element that a form asks is read: under which code, which part of it, by counting, or from answers."""

    code: str = ""
    part: str = ""
    count: str = ""
    own: str = ""


class Held:
    """What may be read of some areas, for filling forms; protected values in clear only for a filling that leaves a fact.

    `own`: what was answered to columns that only the form asks, by column and record.
    """

    def __init__(
        self,
        act: Act,
        areas: Area | Sequence[Area],
        *,
        clear: bool = False,
        own: Mapping[str, Mapping[int, str]] | None = None,
    ) -> None:
        self.act, self.clear = act, clear
        self.areas = (areas,) if isinstance(areas, Area) else tuple(areas)
        self.spans = tuple(places.span(each) for each in self.areas)
        self.own = own or {}
        self._readable: dict[str, frozenset[str]] = {}

    def holds(self, record_set: str, element: str) -> bool:
        """Whether the rows of a record set tell an element."""
        if element.startswith(OWN):
            return True
        ask = self._asked(record_set, element)
        if ask.count:
            return record_set == "area" or (record_set, ask.count) == ("building", "count.home")
        if ask.part and ask.part not in PARTS and ask.code != "tag.code":
            return False
        return ask.code in self._known(record_set)

    def _known(self, record_set: str) -> frozenset[str]:
        if record_set not in self._readable:
            known = record_set in offers.known()
            found = offers.readable(self.act, record_set) if known else []
            grid = {"residence.grid"} if record_set == "area" else set()
            self._readable[record_set] = frozenset(each.element.code for each in found) | grid
        return self._readable[record_set]

    def _asked(self, record_set: str, element: str) -> _Ask:
        if element.startswith(OWN):
            return _Ask(own=element.removeprefix(OWN))
        if _COUNT.match(element):
            return _Ask(count=element)
        code, _sign, part = element.partition("#")
        if part in PARTS and part != "detail":
            code = _LIES.get(code, code)
        elif part == "detail":
            part = ""
        own = _ALIAS.get((record_set, code), code)
        if own == "residence.community" and f"{record_set}.community" in self._known(record_set):
            own = f"{record_set}.community"
        return _Ask(own, part)

    def query(
        self, record_set: str, elements: Sequence[str] = (), groups: Sequence[Group] = ()
    ) -> Query:
        """Which rows fill a form."""
        return Query(record_set, tuple(elements), tuple(groups), self.spans)

    def rows(
        self, record_set: str, elements: Sequence[str], groups: Sequence[Group] = ()
    ) -> Iterator[Sequence[object]]:
        """The rows, each with the values of the elements in their order; areas by their names."""
        for _key, row in self.records(record_set, elements, groups):
            yield row

    def records(
        self, record_set: str, elements: Sequence[str], groups: Sequence[Group] = ()
    ) -> Iterator[tuple[int, Sequence[object]]]:
        """The rows with the key of the record that each tells."""
        asks = [self._asked(record_set, each) for each in elements]
        for batch in self._batches(record_set, asks, groups):
            columns = [self._column(record_set, ask, batch, groups) for ask in asks]
            yield from zip(batch.keys, zip(*columns, strict=True), strict=True)

    def _batches(
        self, record_set: str, asks: Sequence[_Ask], groups: Sequence[Group]
    ) -> Iterator[offers.Batch]:
        if record_set == "area" and any(ask.code == "residence.grid" for ask in asks):
            yield self._grids(asks)
            return
        wanted = [ask.code for ask in asks if ask.code]
        wanted += [_SPARE[code] for code in wanted if _SPARE.get(code) in self._known(record_set)]
        if any(ask.count for ask in asks) and record_set == "building":
            wanted.append("building.address")
        query = self.query(record_set, tuple(dict.fromkeys(wanted)), groups)
        verb = offers.offer(self.act, record_set).clear
        clear = self.clear and bool(verb) and self.act.may(verb)
        yield from offers.read(self.act, query, clear=clear)

    def _grids(self, asks: Sequence[_Ask]) -> offers.Batch:
        """Grids as rows of a list of areas; figures of whole communities are not theirs."""
        grids = [grid for area in self.areas for grid in _grids_of(area)]
        values: dict[str, list[object]] = {
            ask.code: [None] * len(grids) for ask in asks if ask.code and ask.part == ""
        }
        values["residence.grid"] = [grid.pk for grid in grids]
        for code in ("residence.community", "residence.street", "residence.district"):
            values[code] = [grid.pk for grid in grids]
        return offers.Batch([grid.pk for grid in grids], values)

    def _column(
        self, record_set: str, ask: _Ask, batch: offers.Batch, groups: Sequence[Group]
    ) -> list[object]:
        if ask.own:
            answers = self.own.get(ask.own, {})
            return [answers.get(key) for key in batch.keys]
        if ask.count:
            return self._counts(record_set, ask.count, batch)
        if ask.part in PARTS:
            return _parts(batch, ask.code, ask.part)
        if ask.code in batch.masked:  # a name with stars in it is no answer
            return [None] * len(batch.keys)
        values = _whole(batch, ask.code)
        if ask.part:
            return [ask.part in (value or ()) for value in values]  # type: ignore[operator]
        if ask.code == "tag.code":
            return _about(values, groups)
        if dictionary.element(ask.code).kind is Kind.AREA:
            return [_area(value) if isinstance(value, int) else value for value in values]
        return values

    def _counts(self, record_set: str, what: str, batch: offers.Batch) -> list[object]:
        if record_set == "building":
            return [self._homes[each] for each in batch.values["building.address"]]
        return [self._told(what, (places.span(key),)) for key in batch.keys]

    @cached_property
    def _homes(self) -> Counter[object]:
        """Homes by the address of their building."""
        found: Counter[object] = Counter()
        for batch in offers.read(self.act, self.query("home", ("building.address",))):
            found.update(batch.values["building.address"])
        return found

    def count(self, what: str, area: str | Sequence[str] = "") -> int | float | None:
        """A count such as count.person[sex=1] or area.households, in parts of the areas that are named."""
        spans = self._named(area)
        return self._told(what, spans) if spans else None

    def _told(self, what: str, spans: Sequence[Span]) -> int | float | None:
        if what.startswith("area."):
            grids = all(places.area(span.lo).level == Level.GRID for span in spans)
            if not grids or what not in _OF_A_GRID:
                return self._figure(what, spans)
            what = _OF_A_GRID[what]
        found = _COUNT.match(what)
        if found is None:
            return None
        groups = [_condition(*each) for each in _ASKED.findall(found[3])]
        if found[1] == "count":
            return self._counted(found[2], groups, spans)
        whole = self._counted(found[2], [], spans)
        return round(100 * self._counted(found[2], groups, spans) / whole, 2) if whole else None

    def _counted(self, record_set: str, groups: list[Group], spans: Sequence[Span]) -> int:
        return offers.count(self.act, Query(record_set, (), tuple(groups), tuple(spans)), 2_000_000)

    def _figure(self, what: str, spans: Sequence[Span]) -> int | float | None:
        rows = offers.read(self.act, Query("area", (what,), (), tuple(spans)))
        values = [value for batch in rows for value in batch.values[what] if value is not None]
        numbers = all(isinstance(value, int | float | Decimal) for value in values)
        if not values or not numbers or len(values) > 1 and what.endswith("_rate"):
            return None
        return float(values[0]) if what.endswith("_rate") else int(sum(values))

    def _named(self, names: str | Sequence[str]) -> tuple[Span, ...]:
        """The parts of the areas that are named; the areas themselves for no name."""
        if not names:
            return self.spans
        below = [each for area in self.areas for each in (area, *places.descendants(area))]
        wanted = [names] if isinstance(names, str) else names
        found = [_called(below, name) for name in wanted]
        known = tuple(places.span(each) for each in found if each is not None)
        return known if len(known) == len(found) else ()


def element_of(record_set: str, element: str, part: str = "") -> str:
    """The element that a record set holds for what a column asks; a part of an address is an element of its own."""
    if element == "residence.address" and part in ("district", "street", "community"):
        return f"residence.{part}"
    return _ALIAS.get((record_set, element), element)


def _whole(batch: offers.Batch, code: str) -> list[object]:
    """A column; where it holds nothing, what else answers the same question."""
    values: list[object] = batch.values[code]
    spare = batch.values.get(_SPARE.get(code, ""))
    if spare is None:
        return values
    return [other if own in (None, "") else own for own, other in zip(values, spare, strict=True)]


def _about(values: list[object], groups: Sequence[Group]) -> list[object]:
    """Of somebody's tags only those that the list is about, where it names some."""
    asked = (each for group in groups for each in group)
    about = {
        value
        for each in asked
        if each.element == "tag.code" and each.op is Op.IS
        for value in each.values
    }
    if not about:
        return values
    return [[t for t in tags if t in about] if isinstance(tags, list) else tags for tags in values]


def _parts(batch: offers.Batch, code: str, part: str) -> list[object]:
    """One part of each row's address: by the areas it lies in, else as its words say it."""
    spare = batch.values.get(_SPARE.get(code, ""), [None] * len(batch.keys))
    return [
        _above(area, part) if isinstance(area, int) else parts_of(str(text or "")).get(part)
        for area, text in zip(batch.values[code], spare, strict=True)
    ]


@lru_cache(maxsize=4096)
def _area(area: int) -> str:
    return places.near_name(area)


@lru_cache(maxsize=8192)
def _above(area: int, part: str) -> str | None:
    """The name of the province, city, district, street or community that an area lies in."""
    here = places.area(area)
    if part == "province":
        return PROVINCES.get(here.code[:2])
    chain = (*places.ancestors(here), here)
    return next((str(each.name) for each in chain if each.level == part), None)


def _grids_of(area: Area) -> list[Area]:
    return [area] if area.level == Level.GRID else places.descendants(area, Level.GRID)


_ENDING = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|社区|街道办事处|街道|镇|乡)$"
)
_RUNGS = (
    (re.compile(r"(居民委员会|居委会|村民委员会|村委会|社区|村)$"), Level.COMMUNITY),
    (re.compile(r"(街道办事处|街道|镇|乡)$"), Level.STREET),
    (re.compile(r"网格$"), Level.GRID),
)


def _called(areas: Sequence[Area], name: str) -> Area | None:
    """The one area that a name means, whichever ending it is written with; None where it means several or none."""
    rung = next((level for pattern, level in _RUNGS if pattern.search(name)), None)
    stem = _ENDING.sub("", name)
    found = [
        each
        for each in areas
        if each.name == name
        or _ENDING.sub("", each.name) == stem
        and (rung is None or each.level == rung)
    ]
    exact = [each for each in found if each.name == name]
    chosen = exact or found
    return chosen[0] if len(chosen) == 1 else None


def _condition(name: str, sign: str, value: str) -> Group:
    ops: Mapping[str, Callable[[], tuple[Op, str]]] = {
        ">=": lambda: (Op.LEAST, value),
        "<=": lambda: (Op.MOST, value),
        "<": lambda: (Op.MOST, str(int(value) - 1)),
        "=": lambda: (Op.IS, value),
    }
    op, told = ops[sign]()
    return (Condition(_ELEMENTS.get(name, name), op, tuple(told.split("|"))),)


def groups_of(count: str) -> tuple[Group, ...]:
    """The conditions of a count as those of a query."""
    return tuple(_condition(*each) for each in _ASKED.findall(count))
