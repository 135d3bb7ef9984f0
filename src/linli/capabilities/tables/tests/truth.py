"""What the registry holds, read from its tables one by one, so that each filled cell can be judged against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from linli.capabilities.registry.models import (
    Bond,
    Home,
    Mark,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.tables.mapping import Mapped, Meaning
from linli.capabilities.tables.reading import Shape
from linli.capabilities.tables.rules.addresses import PROVINCES
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.rules import spellings
from linli.kernel.places import selectors as places

LEVELS = ("district", "street", "community", "grid", "city")


def door(home: Home | None) -> str:
    """A home's address."""
    if home is None:
        return ""
    unit = f"{home.unit_no}单元" if home.unit_no else ""
    return f"{home.building.address}{unit}{home.room}"


def above(area: int, level: str) -> str:
    """The name of what an area lies in."""
    here = places.area(area)
    if level == "province":
        return PROVINCES[here.code[:2]]
    chain = [*places.ancestors(here), here]
    return next((str(each.name) for each in chain if each.level == level), "")


class Someone:
    """A person and what hangs on them, each read by itself."""

    def __init__(self, person: Person, today: date) -> None:
        self.person, self.today = person, today
        open_ = Residence.objects.filter(person=person, until__isnull=True)
        rows = list(open_.select_related("home__building__estate", "household__head"))
        self.here = next((row for row in rows if row.lives), rows[0])
        self.registered = next((row for row in rows if row.kind == "registered"), None)

    @property
    def home(self) -> Home | None:
        return self.here.home

    @property
    def owner(self) -> Person | None:
        tie = Tie.objects.filter(home=self.home, kind="owner").order_by("pk").first()
        return tie.person if tie else None

    def bond(self, kind: str) -> Person | None:
        found = Bond.objects.filter(person=self.person, kind=kind).order_by("pk").first()
        return found.other if found else None

    @property
    def spouse(self) -> Person | None:
        if found := self.bond("spouse"):
            return found
        mine = self.here.relation[:1]
        theirs = {"0": "1", "1": "0"}.get(mine, "-")
        rows = Residence.objects.filter(
            household=self.here.household, until__isnull=True, relation__startswith=theirs
        )
        row = rows.exclude(person=self.person).first() if self.here.household else None
        return row.person if row else None

    @property
    def age(self) -> int:
        born = self.person.born or self.today
        return (
            self.today.year
            - born.year
            - ((self.today.month, self.today.day) < (born.month, born.day))
        )

    @property
    def tags(self) -> list[str]:
        held = Mark.objects.filter(person=self.person, since__lte=self.today)
        return [m.code for m in held if m.until is None or m.until >= self.today]

    @property
    def size(self) -> int:
        rows = Residence.objects.filter(household=self.here.household, until__isnull=True)
        return rows.values("person").distinct().count()


def opened(value: Any) -> str:
    """A protected value."""
    return value.open() if value else ""


def of(someone: Person | None, name: str) -> str:
    """A value of somebody who may not be there."""
    if someone is None:
        return ""
    value = getattr(someone, name)
    return opened(value) if name in ("document", "phone") else str(value or "")


def _home(name: str) -> Callable[[Someone], Any]:
    return lambda s: getattr(s.home, name) if s.home else ""


def _own(name: str) -> Callable[[Someone], Any]:
    return lambda s: getattr(s.person, name)


PLAIN = ("name", "former_name", "sex", "born", "document_kind", "ethnic", "marital", "education",
    "employment", "political", "workplace", "native_place", "died")  # fmt: skip
PERSON: Mapping[str, Callable[[Someone], Any]] = {
    **{f"person.{name}": _own(name) for name in PLAIN},
    "person.document": lambda s: opened(s.person.document),
    "person.phone": lambda s: opened(s.person.phone),
    "person.age": lambda s: s.age,
    "person.dead": lambda s: s.person.died is not None,
    "residence.kind": lambda s: s.here.kind,
    "residence.lives": lambda s: s.here.lives,
    "residence.apart": lambda s: s.here.kind == "registered" and not s.here.lives,
    "residence.relation": lambda s: s.here.relation,
    "residence.since": lambda s: s.here.since,
    "residence.until": lambda s: s.here.until,
    "residence.address": lambda s: door(s.home) if s.here.lives else "",
    "residence.registered_address": lambda s: door(s.registered.home) if s.registered else "",
    "residence.estate": lambda s: str(s.home.building.estate or "") if s.home else "",
    "residence.building": lambda s: s.home.building.name if s.home else "",
    "residence.unit": _home("unit_no"),
    "residence.room": _home("room"),
    **{
        f"residence.{level}": (lambda s, level=level: above(s.here.area_id, level))  # type: ignore[misc]
        for level in LEVELS
    },
    "residence.grid": lambda s: places.near_name(s.here.area_id),
    "household.number": lambda s: s.here.household.number if s.here.household else "",
    "household.kind": lambda s: s.here.household.kind if s.here.household else "",
    "household.head_name": lambda s: of(
        s.here.household.head if s.here.household else None, "name"
    ),
    "household.head_document": lambda s: of(
        s.here.household.head if s.here.household else None, "document"
    ),
    "household.head_phone": lambda s: of(
        s.here.household.head if s.here.household else None, "phone"
    ),
    "household.size": lambda s: s.size,
    "home.use": _home("use"),
    "home.size": _home("size"),
    "tag.code": lambda s: s.tags,
    "tie.name": lambda s: of(s.owner, "name"),
    "tie.document": lambda s: of(s.owner, "document"),
    "tie.phone": lambda s: of(s.owner, "phone"),
    "bond.guardian_name": lambda s: of(s.bond("guardian"), "name"),
    "bond.guardian_document": lambda s: of(s.bond("guardian"), "document"),
    "bond.guardian_phone": lambda s: of(s.bond("guardian"), "phone"),
    "bond.emergency_name": lambda s: of(s.bond("emergency"), "name"),
    "bond.spouse_name": lambda s: of(s.spouse, "name"),
}


def part(someone: Someone, element: str, name: str) -> Any:
    """A part of an address, or whether somebody has a tag."""
    if element == "tag.code":
        return name in someone.tags
    row = someone.here if element == "residence.address" else someone.registered
    if name == "detail":
        return PERSON[element](someone)
    return above(row.area_id, name) if row else ""


def agrees(element: str, cell: Any, value: Any) -> bool:
    """Whether what stands in a cell says a value: codes by any of their names, days by their digits."""
    said = str(cell).strip()
    if isinstance(value, bool):
        return said in (("是", "1", "有") if value else ("否", "0", "无"))
    if isinstance(value, date):
        digits = re.sub(r"\D", "", said)
        return (
            len(digits) >= 4
            and value.strftime("%Y%m%d").startswith(digits)
            or said == str((value - date(1899, 12, 30)).days)
        )
    if isinstance(value, list):
        table = selectors.table_of(selectors.element(element))
        known = spellings(table) if table else {}
        return bool(value) and {known.get(each, each) for each in said.split("、")} <= set(value)
    table = selectors.table_of(selectors.element(element))
    if table is not None:
        known = spellings(table)
        return str(value) in (said, known.get(said), known.get(said.casefold()))
    if isinstance(value, (int, float)) or re.fullmatch(r"-?[0-9]+\.[0-9]+", str(value)):
        return float(said) == float(value)
    return said == str(value)


def wrong(file: Path, mapped: list[Mapped], today: date, judged: list[int]) -> Iterator[str]:
    """Every cell of lists of people that says something else than the registry, or that nothing here can judge."""
    book = openpyxl.load_workbook(file)
    people = {opened(p.document): p for p in Person.objects.all() if p.document}
    for each in mapped:
        if each.kind != "person" or each.region.shape is not Shape.LIST:
            continue
        sheet = book[each.region.sheet]
        by = {m.element: m.field.box.left for m in each.meanings if m.sure}
        if "person.document" not in by:
            continue
        for row in range(each.region.body[0], sheet.max_row + 1):
            person = people.get(str(sheet.cell(row, by["person.document"]).value))
            if person is None:
                continue
            for meaning in each.meanings:
                cell = sheet.cell(row, meaning.field.box.left).value
                if meaning.sure and meaning.element != "#" and cell not in (None, ""):
                    judged[0] += 1
                    yield from _judged(Someone(person, today), meaning, cell)


def _judged(someone: Someone, meaning: Meaning, cell: Any) -> Iterator[str]:
    element = meaning.element
    value = part(someone, element, meaning.part) if meaning.part else None
    if not meaning.part:
        tell = PERSON.get(element)
        if tell is None:
            yield f"{meaning.field.label}: nothing here knows {element}"
            return
        value = tell(someone)
    if not agrees(element, cell, value):
        yield f"{someone.person.name} {meaning.field.label} ({element}): {cell!r}, held {value!r}"
