"""What waits for a person: probable matches and values in conflict, both sides told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from linli.capabilities.registry.models import (
    Batch,
    BatchRow,
    Conflict,
    Home,
    Organisation,
    Person,
    Residence,
)
from linli.capabilities.registry.selectors.imports.files import Kept, Page, in_sight, kept_row
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.vault.masking import masked


@dataclass(frozen=True, slots=True)
class Probable:
    """A row that probably met somebody: both sides, what differs, how sure."""

    row: Kept
    person: Person | None
    batch: Batch
    pairs: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def percent(self) -> int:
        """How sure, in hundredths."""
        return round(100 * (self.row.score or 0))


def probable_rows(act: Act, found: Batch | None = None) -> QuerySet[BatchRow]:
    """Rows that wait for a person to say who they are."""
    waiting = BatchRow.objects.filter(state="probable", decided__isnull=True)
    if found is not None:
        return waiting.filter(batch=found)
    return waiting.filter(batch__in=Batch.objects.filter(in_sight(act)).values("pk"))


def probable(act: Act, after: int | None = None, size: int = 20) -> Page:
    """Probable matches, oldest first, each beside the person it probably is."""
    waiting = probable_rows(act).select_related("batch__source").order_by("pk")
    if after:
        waiting = waiting.filter(pk__gt=after)
    found = list(waiting[: size + 1])
    people = Person.objects.in_bulk([row.candidate for row in found if row.candidate])
    shown = [_probable(row, people.get(row.candidate or 0)) for row in found[:size]]
    return Page(shown, found[size - 1].pk if len(found) > size else None, "", bool(after))


def probable_row(act: Act, pk: int) -> BatchRow | None:
    """One row that waits."""
    return probable_rows(act).select_related("batch").filter(pk=pk).first()


def _probable(row: BatchRow, person: Person | None) -> Probable:
    kept = kept_row(row)
    by_element = {
        each["element"]: each["heading"]
        for each in row.batch.plan.get("columns", [])
        if each["element"]
    }
    pairs = []
    for code, heading in by_element.items():
        offered, held = kept.cells.get(heading, ""), _held(person, code)
        if offered or held:
            pairs.append((heading, held, _hidden(code, offered)))
    return Probable(kept, person, row.batch, tuple(pairs))


def _held(person: Person | None, code: str) -> str:
    if person is None or not code.startswith("person."):
        return ""
    element = dictionary.elements().get(code)
    value = getattr(person, element.column, None) if element and element.column else None
    return shown(code, value)


def shown(code: str, value: Any) -> str:
    """A held value as people read it: titles for codes, numbers and phones masked."""
    if value in (None, ""):
        return ""
    clear = value.open() if hasattr(value, "open") else str(value)
    element = dictionary.elements().get(code)
    if element is not None and element.table:
        return dictionary.title_of(element.table, clear)
    return _hidden(code, clear)


def _hidden(code: str, value: str) -> str:
    kind = {"person.document": "id_number", "person.phone": "phone"}.get(code)
    return masked(kind, value) if kind and value else value


@dataclass(frozen=True, slots=True)
class Dispute:
    """One value in conflict: of whom, what each side says, who said so and when."""

    conflict: Conflict
    who: str
    person: int | None
    holder: Person | None
    title: str
    held: str
    offered: str
    protected: bool


def disputes(act: Act, after: int | None = None, size: int = 20) -> Page:
    """Values in conflict, oldest first (at most five statements)."""
    waiting = _disputes(act).order_by("pk")
    if after:
        waiting = waiting.filter(pk__gt=after)
    found = list(waiting[: size + 1])
    shown_ = _told(found[:size])
    return Page(shown_, found[size - 1].pk if len(found) > size else None, "", bool(after))


def _disputes(act: Act) -> QuerySet[Conflict]:
    rows_ = Conflict.objects.filter(within(act), state=Conflict.State.OPEN)
    return rows_.select_related(
        "batch__source", "batch__account", "held_batch__source", "held_batch__account", "area"
    )


def dispute(act: Act, pk: int) -> Dispute | None:
    """One value in conflict."""
    found = _disputes(act).filter(pk=pk).first()
    return _told([found])[0] if found is not None else None


def _told(found: list[Conflict]) -> list[Dispute]:
    of = {name: [c.row for c in found if c.record_set == name] for name in ("person", "residence")}
    stays = Residence.objects.select_related("person").in_bulk(of["residence"])
    people = {p.pk: p for p in Person.objects.filter(pk__in=of["person"])} if of["person"] else {}
    homes = _homes([c for c in found if c.field == "home"])
    bodies = Organisation.objects.in_bulk([c.row for c in found if c.record_set == "organisation"])
    names = {key: each.name for key, each in bodies.items()}
    return [_dispute(each, people, stays, homes, names) for each in found]


def _homes(found: list[Conflict]) -> dict[str, str]:
    texts = {v.open() for each in found for v in (each.held, each.offered) if v is not None}
    keys = [int(text) for text in texts if text.isdigit()]
    rows_ = Home.objects.filter(pk__in=keys).select_related("building") if keys else ()
    return {str(home.pk): f"{home.building.address} {home}" for home in rows_}


def _dispute(
    each: Conflict,
    people: dict[int, Person],
    stays: dict[int, Residence],
    homes: dict[str, str],
    bodies: dict[int, str],
) -> Dispute:
    stay = stays.get(each.row) if each.record_set == "residence" else None
    person = stay.person if stay is not None else None
    if each.record_set == "person":
        person = people.get(each.row)
    body = bodies.get(each.row, "") if each.record_set == "organisation" else ""
    element = dictionary.element_of(each.record_set, each.field)
    code = element.code if element is not None else f"{each.record_set}.{each.field}"
    held, offered = (
        "" if value is None else homes.get(value.open()) or shown(code, value)
        for value in (each.held, each.offered)
    )
    return Dispute(
        each,
        person.name if person is not None else body,
        person.pk if person is not None else None,
        person,
        element.label if element is not None else each.field,
        held,
        offered,
        each.field in ("phone", "document"),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a person to decide; of one import also how often a person kept the held value against it."""

    probable: int
    conflicts: int
    kept: int = 0


def waiting(act: Act, found: Batch | None = None) -> Waiting:
    """How much waits, in sight or of one import (two statements)."""
    open_ = Q(state=Conflict.State.OPEN)
    if found is None:
        conflicts = Conflict.objects.filter(within(act), open_)
        return Waiting(probable_rows(act).count(), conflicts.count())
    of_it = Conflict.objects.filter(batch=found)
    n = of_it.aggregate(
        open=Count("pk", filter=open_ & within(act)),
        kept=Count("pk", filter=Q(state=Conflict.State.KEPT)),
    )
    return Waiting(probable_rows(act, found).count(), n["open"], n["kept"])


def titles(kept: Iterable[tuple[Conflict, str, str]]) -> list[tuple[Conflict, str]]:
    """What each value in conflict is called."""
    found = []
    for each, _offered, _held_value in kept:
        element = dictionary.element_of(each.record_set, each.field)
        found.append((each, element.label if element is not None else each.field))
    return found
