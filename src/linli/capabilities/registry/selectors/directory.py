"""The public directory: whom to turn to in a community, with public numbers only (R001, R214)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from linli.capabilities.registry.selectors import kinds
from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import Span
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import ROOT, Level

MOST = 200
FEW = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation that is open to residents."""

    name: str
    kind: str
    area: Area
    place: str
    phone: str
    serves: str


def entries(within: Area | None, asked: str = "", most: int = MOST) -> list[Entry]:
    """Open organisations of an area, or of everywhere by a part of the name (one statement)."""
    span = within.span if within else ROOT
    words = "".join(asked.split())[:40]
    if within is None and len(words) < 2:
        return []
    return [_entry(row) for row in _rows(span, words, most)]


def _rows(span: Span, asked: str, most: int) -> list[tuple[str, ...]]:
    opened = [each.code for each in kinds.section().organisation_kinds if each.open]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area, kind, name, place, phone, serves FROM registry_public(%s, %s, %s, %s, %s)",
            [opened, span.lo, span.hi, asked, most],
        )
        return list(cursor.fetchall())


def _entry(row: tuple[str, ...]) -> Entry:
    area, kind, name, place, phone, serves = row
    return Entry(name, kinds.title(kind), places.area(int(area)), place, phone, serves)


def communities(asked: str) -> list[Area]:
    """Present communities whose name holds what was typed, a few (no statement)."""
    words = "".join(asked.split())
    if not words:
        return []
    return [each for each in places.at_level(Level.COMMUNITY) if words in each.full_name][:FEW]


def offices_of(community: Area) -> list[Unit]:
    """The committee's office and the street's, whose numbers are on the door."""
    street = places.street_of(community.pk)
    found = (
        offices.unit_over(community.pk, offices.COMMITTEE),
        offices.unit_over(street, offices.STREET_OFFICE),
    )
    return [each for each in found if each is not None]
