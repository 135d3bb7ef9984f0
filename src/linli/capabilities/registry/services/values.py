"""Values of a person that may be entered or corrected, and who says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Person, Source
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.rules.people import ID_CARD, Identity, may_register
from linli.capabilities.registry.rules.precedence import UNKNOWN_RANK, Said
from linli.kernel.acts import Refusal
from linli.kernel.policy import current

IDENTITY = ("name", "sex", "born", "document_kind", "document")
PLAIN = frozenset(
    {
        "phone",
        "former_name",
        "pinyin",
        "ethnic",
        "native_place",
        "marital",
        "education",
        "political",
        "employment",
        "workplace",
    }
)
MORE = "more:"
_SAID = "SELECT id, source, rank, as_of FROM registry_said(%s)"


def known_field(name: str) -> bool:
    """Whether a value of this name may be entered: a column, or a city's own (`more:<key>`)."""
    return name in PLAIN or name in IDENTITY or (name.startswith(MORE) and len(name) > len(MORE))


def get(person: Person, name: str) -> Any:
    """A value by its name."""
    if name.startswith(MORE):
        return person.more.get(name.removeprefix(MORE))
    return getattr(person, name)


def put(person: Person, given: Mapping[str, Any]) -> None:
    """Set further values of a person; identity is not among them."""
    for name, value in given.items():
        if not known_field(name) or name in IDENTITY:
            raise Refusal(_("这一项不能填写。"), field=name, code="unknown-field")
        _set(person, name, value)


def _set(person: Person, name: str, value: Any) -> None:
    if name.startswith(MORE):
        person.more = {**person.more, name.removeprefix(MORE): value}
    else:
        setattr(person, name, value)


def same(person: Person, name: str, value: Any) -> bool:
    """Whether a value is held already."""
    held = get(person, name)
    if hasattr(held, "open"):
        return bool(held.open() == value)
    return (held or "") == (value or "")


def empty(person: Person, name: str) -> bool:
    """Whether nothing is held."""
    return get(person, name) in (None, "")


def change(person: Person, name: str, value: Any, batch: int) -> None:
    """Set one value and who says it."""
    _set(person, name, value if value != "" or name not in ("phone", "document") else None)
    person.sources = {**person.sources, name: batch}


def columns(names: Iterable[str]) -> list[str]:
    """The columns to be written for some values; a sealed one is written with its index."""
    found = {"more" if name.startswith(MORE) else name for name in names}
    found |= {f"{name}_index" for name in found & {"phone", "document"}}
    return sorted(found | {"sources", "changed"})


def clear(value: Any) -> str:
    """A value as text, to be sealed beside a conflict."""
    if value is None:
        return ""
    return value.open() if hasattr(value, "open") else str(value)


def checked_identity(person: Person, changes: Mapping[str, Any], today: Any) -> dict[str, Any]:
    """The changed identity as a whole, so that number, birth and sex agree; returns what differs."""
    touched = {name: changes[name] for name in IDENTITY if name in changes}
    if not touched:
        return {}
    whole = {name: touched.get(name, get(person, name)) for name in IDENTITY}
    number = clear(whole["document"])
    card = whole["document_kind"] == ID_CARD and "document" in touched
    asked = Identity(
        name=whole["name"],
        kind=whole["document_kind"],
        number=number,
        born=touched.get("born") if card else whole["born"],
        sex=touched.get("sex", "") if card else whole["sex"],
    )
    proper = may_register(asked, today)
    found = dict(
        zip(
            IDENTITY,
            (proper.name, proper.sex, proper.born, proper.kind, proper.number),
            strict=True,
        )
    )
    return {name: value for name, value in found.items() if not same(person, name, value)}


@dataclass(frozen=True, slots=True)
class Voice:
    """A batch's source and day; its rank depends on the element."""

    source: str
    rank: int
    day: date

    def on(self, name: str) -> Said:
        """What it weighs for one value of a person."""
        return self.on_element(element_of(name))

    def on_element(self, element: str) -> Said:
        """What it weighs for an element: the pack's rank for it, else the source's own."""
        entry = current().section(RegistryPolicy).source_by_code.get(self.source)
        return Said(entry.rank_of(element) if entry else self.rank, self.day)


def element_of(name: str) -> str:
    """The element of the dictionary behind a person's column."""
    return f"person.{name.removeprefix(MORE)}"


# Where a residence lies is held as a home; its end and its household have elements of their own.
_ELSEWHERE = {
    "residence.address": "home",
    "residence.until": "until",
    "household.kind": "household_kind",
    "home.use": "use",
    "tag.code": "tag",
}


def rank(source: Source) -> int:
    """What a source weighs by and large: as the pack says, else as it was set up here."""
    entry = current().section(RegistryPolicy).source_by_code.get(source.code)
    return entry.rank if entry else source.rank


def ranks() -> dict[str, dict[str, int]]:
    """What the pack's sources weigh by value: `*` by and large, and where they know better or worse."""
    found = {}
    for entry in current().section(RegistryPolicy).sources:
        own = {"*": entry.rank}
        for element, number in entry.ranks.items():
            record_set, _dot, key = element.partition(".")
            if record_set == "person":
                own |= {key: number, f"{MORE}{key}": number}
            elif element in _ELSEWHERE:
                own[_ELSEWHERE[element]] = number
        found[entry.code] = own
    return found


def voices(batches: Iterable[int | None]) -> dict[int, Voice]:
    """Who speaks through some batches, wherever they lie."""
    wanted = sorted({batch for batch in batches if batch})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [wanted])
        return {key: Voice(code, rank, day) for key, code, rank, day in cursor.fetchall()}


def said(voice: Voice | None, name: str) -> Said:
    """What a voice weighs for a value; nobody's word weighs least."""
    return voice.on(name) if voice else Said(UNKNOWN_RANK)
