"""Batches of files with how far they are, and rows kept beside the registry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Batch,
    BatchRow,
)
from linli.capabilities.registry.reading import REASONS
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.reasons import REASONS as VALUES

SIZE = 50
LOCKS = 7_116_011  # the space of the lock that a running import holds
STATES = {
    "open": (Batch.State.READ, Batch.State.CHECKED, Batch.State.RUNNING, Batch.State.FAILED),
    "done": (Batch.State.DONE,),
    "all": tuple(Batch.State),
}


def in_sight(act: Act) -> Q:
    """Batches of the actor's areas, and a department's own wherever they lie."""
    mine = act.unit is not None and act.unit_sight
    return within(act) | Q(unit=act.unit) if mine else within(act)


def _files(act: Act) -> QuerySet[Batch]:
    """Batches that came as files, in sight; what was entered by hand is not among them."""
    return Batch.objects.filter(in_sight(act)).exclude(name="").select_related("source", "area")


@dataclass(slots=True)
class Page:
    """Rows of one page, and the key after which the next begins."""

    rows: list[Any]
    after: int | None = None
    base: str = ""
    later: bool = False

    @property
    def next_href(self) -> str | None:
        """The next page."""
        return f"?{self.base}&after={self.after}" if self.after else None

    @property
    def first_href(self) -> str | None:
        """The first page, from a later one."""
        return f"?{self.base}" if self.later else None


def _paged(rows: Iterable[Any], base: str, after: int | None) -> Page:
    found = list(rows)
    more = found[SIZE - 1].pk if len(found) > SIZE else None
    return Page(found[:SIZE], more, base, bool(after))


def batches(act: Act, show: str = "all", after: int | None = None) -> Page:
    """Imports, newest first."""
    rows = _files(act).filter(state__in=STATES.get(show, STATES["all"])).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    return _paged(rows[: SIZE + 1], f"show={show}", after)


def batch(act: Act, pk: int) -> Batch | None:
    """One import in sight."""
    return _files(act).select_related("account").filter(pk=pk).first()


def is_running(pk: int) -> bool:
    """Whether some process holds the batch this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s AND objsubid = 2 AND granted)",
            [LOCKS, pk % 2**31],
        )
        return bool(cursor.fetchone()[0])


def before(found: Batch) -> Batch | None:
    """The same file of the same source, imported already."""
    rows = Batch.objects.filter(
        source_id=found.source_id, digest=found.digest, state=Batch.State.DONE
    )
    return rows.exclude(pk=found.pk).order_by("-pk").first()


def words_of(reason: str) -> str:
    """A reason as people read it: the column and what is wrong."""
    code, _sep, why = reason.partition(":")
    if not why:
        code, why = "", reason
    element = dictionary.elements().get(code)
    words = REASONS.get(why) or VALUES.get(why)
    said = str(words) if words is not None else why
    if element is None:
        return said
    return str(_("%(name)s：%(what)s") % {"name": element.label, "what": said})


@dataclass(frozen=True, slots=True)
class Kept:
    """A row kept beside the registry: its line, its cells by heading, why it is there."""

    pk: int
    line: int
    state: str
    reasons: tuple[str, ...]
    cells: dict[str, str]
    candidate: int | None = None
    score: float | None = None


def kept_row(row: BatchRow) -> Kept:
    """A row with its cells in clear."""
    cells = json.loads(row.values.open()) if row.values is not None else {}
    words = tuple(words_of(reason) for reason in row.reasons)
    return Kept(row.pk, row.line, row.state, words, cells, row.candidate, row.score)


def rows(found: Batch, states: Sequence[str], after: int = 0, size: int = SIZE) -> Page:
    """Rows of an import that were refused, flawed or probably met somebody, by line; only lines and reasons."""
    kept = (
        BatchRow.objects.filter(batch=found, state__in=states, line__gt=after)
        .defer("values")
        .order_by("line")[: size + 1]
    )
    listed = [
        Kept(row.pk, row.line, row.state, tuple(words_of(each) for each in row.reasons), {})
        for row in kept
    ]
    more = listed[size - 1].line if len(listed) > size else None
    return Page(listed[:size], more, f"state={','.join(states)}", bool(after))


def refused(found: Batch, states: Sequence[str] = ("refused", "flawed")) -> Iterable[Kept]:
    """Every kept row with its cells in clear, for the file that goes back; ask `services` first."""
    kept = BatchRow.objects.filter(batch=found, state__in=states).order_by("line")
    for row in kept.iterator(1000):
        yield kept_row(row)
