"""What hangs on areas: the tables that every app's manifest names, and the parcels that a room can hand over by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from linli.kernel.acts import Act, Span
from linli.ui.manifest import Hangs, Room

from .models import Area
from .rezoning import Blueprint


def hangs() -> list[Hangs]:
    """Every table whose rows follow their area, rooms first: what a verb of theirs reads lies below."""
    rooms = [each for each in apps.get_app_configs() if isinstance(each, Room)]
    return [each for room in reversed(rooms) for each in room.hangs]


def stays() -> dict[str, str]:
    """Columns that name areas and do not follow them, as ``table.column``, with the reason."""
    rooms = [each for each in apps.get_app_configs() if isinstance(each, Room)]
    return {name: why for room in rooms for name, why in room.stays.items()}


def attached(spans: Sequence[Span]) -> dict[str, int]:
    """How many rows in sight hang on intervals, by what they are called; empty tables are left out."""
    found: dict[str, int] = {}
    for each in hangs():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {each.table} t,"
                " unnest(%s::bigint[], %s::bigint[]) AS s(lo, hi)"
                f" WHERE t.{each.column} >= s.lo AND t.{each.column} < s.hi",
                [[span.lo for span in spans], [span.hi for span in spans]],
            )
            count = int(cursor.fetchone()[0])
        if count:
            found[str(each.title or each.table)] = count
    return found


@dataclass(frozen=True, slots=True)
class Parcels:
    """How a room finds things of an area by name and carries them to another.

    ``find(area, names)`` gives ids and the names that it did not find; ``carry(ids, to)`` moves them with all that is
    theirs and says how many rows it wrote.
    """

    find: Callable[[Area, Sequence[str]], tuple[list[int], list[str]]]
    carry: Callable[[Sequence[int], Area], int]


_offered: list[Parcels] = []
Foreteller = Callable[[Act, Blueprint], list[str]]
_foretelling: list[Foreteller] = []


def offer(parcels: Parcels) -> None:
    """Let rezoning orders name things that a room knows (estates), besides grids."""
    _offered.append(parcels)


def find(area: Area, names: Sequence[str]) -> tuple[list[tuple[Parcels, list[int]]], list[str]]:
    """The named things of an area by the room that knows them, and the names that nobody knows."""
    found, left = [], list(names)
    for each in _offered:
        ids, left = each.find(area, left) if left else ([], left)
        if ids:
            found.append((each, ids))
    return found, left


def foretell(teller: Foreteller) -> None:
    """Let a room say what a plan comes to in its own terms (households, staff), before it is approved."""
    _foretelling.append(teller)


def foretold(act: Act, drawn: Blueprint) -> list[str]:
    """What every room says of a plan, a line for each area that changes."""
    return [line for each in _foretelling for line in each(act, drawn)]
