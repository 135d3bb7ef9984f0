"""A confirmed batch runs to its end: in slices that are whole or not at all, taken up again where it was broken off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch
from linli.capabilities.registry.reading import Table, open_table
from linli.capabilities.registry.reading.elements import HOLDINGS, ORGANISATIONS
from linli.capabilities.registry.services.imports import (
    bodies,
    hands,
    holders,
    matching,
    merging,
    rowwise,
    slicing,
)
from linli.capabilities.registry.services.imports.feeding import LANES, Feed, size
from linli.capabilities.registry.services.imports.opening import score, seen
from linli.capabilities.registry.services.imports.slicing import PARTS, Job, Slice
from linli.kernel.acts import Act, Refusal, action, note, permit, under, verbs

Tell = Callable[[int, int], None]
_BATCHES = 7_116_011
GROWN = 0.5
WAYS = {ORGANISATIONS: bodies.WAY, HOLDINGS: holders.WAY}
RUNS = frozenset({Batch.State.CHECKED, Batch.State.RUNNING, Batch.State.FAILED})


class _Undone(Exception):
    """Ends a rehearsal: everything is taken back."""


def _quiet(_done: int, _all: int) -> None:
    """Tells nobody."""


@contextmanager
def _alone(batch: int) -> Iterator[None]:
    """One import of a batch at a time; a killed one lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = '30s'")
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_BATCHES, batch % 2**31])
        held = bool(cursor.fetchone()[0])
    if not held:
        raise Refusal(_("这一批正在导入，请等它结束。"), code="running")
    hands.gone(batch)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_BATCHES, batch % 2**31])
            cursor.execute("RESET statement_timeout; RESET lock_timeout")


def run(
    act: Act,
    batch: Batch,
    file: Path,
    *,
    crew: int | None = None,
    tell: Tell = _quiet,
) -> Batch:
    """Import a confirmed batch from its file; the same call after a break goes on where it was.

    `crew`: how many hands; None lets the size decide, 0 works on the caller's own connection.
    """
    permit(act, verbs()["registry.import"], batch)
    with _alone(batch.pk):
        _start(act, batch, file)
        try:
            _slices(act, batch, file, crew, tell)
        except Refusal:
            _failed(act, batch)
            raise
        finish(act, batch)
    return batch


def rehearse(act: Act, batch: Batch, file: Path, *, tell: Tell = _quiet) -> dict[str, Any]:
    """The counts that an import would give; nothing is written."""
    counts: dict[str, Any] = {}
    with suppress(_Undone), transaction.atomic():
        with under(act):
            connection.cursor().execute("SET LOCAL statement_timeout = 0")
            Batch.objects.filter(pk=batch.pk).update(counts={}, progress=0)
        _slices(act, batch, file, 0, tell)
        with under(act):
            counts = Batch.objects.values_list("counts", flat=True).get(pk=batch.pk)
        raise _Undone
    return dict(counts["total"]) if counts else {}


def _start(act: Act, batch: Batch, file: Path) -> None:
    with under(act):
        batch.refresh_from_db()
        if batch.state not in RUNS:
            raise Refusal(_("这一批已经结束或还没有确认。"), code="state")
        if seen(file) != batch.digest:
            raise Refusal(_("这不是确认时的那个文件，请重新导入。"), field="file", code="other")
        batch.state = Batch.State.RUNNING
        batch.save(update_fields=["state"])


def _failed(act: Act, batch: Batch) -> None:
    with under(act):
        Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).update(
            state=Batch.State.FAILED
        )


@dataclass(slots=True)
class _Course:
    """How far it is, and whether somebody called it off."""

    act: Act
    batch: int
    tell: Tell
    about: int
    done: int = 0
    learnt: int = 0  # rows done when the planner was last told how the tables look

    def count(self, rows: int) -> None:
        """Tell of more rows done."""
        self.done += rows
        self.tell(min(self.done, self.about), self.about)

    def learn(self) -> None:
        """Tell the planner, once the registry may have grown by half since it was told last."""
        fresh = self.done - self.learnt
        if fresh and fresh >= GROWN * merging.people():
            with under(self.act):
                merging.learn()
            self.learnt = self.done

    def check(self) -> None:
        """Stop when the batch was cancelled."""
        with under(self.act):
            state = Batch.objects.values_list("state", flat=True).get(pk=self.batch)
        if state == Batch.State.CANCELLED:
            raise Refusal(_("这一批已取消；已导入的部分保留。"), code="cancelled")


def _slices(act: Act, batch: Batch, file: Path, crew: int | None, tell: Tell) -> None:
    job = slicing.job_of(act, batch.pk)
    table = job.plan.opened(open_table(file, score, sheet=job.plan.sheet))
    if (way := WAYS.get(job.plan.record_set)) is not None:
        _one_by_one(job, way, table, tell)
        return
    wanted = hands.count(table.about) if crew is None else crew
    with under(act):
        kept = Batch.objects.values_list("counts", flat=True).get(pk=batch.pk)
    # A batch that was broken off goes on with the slices that it began with; cut otherwise, it is told from the start.
    kept = kept if "lanes" in kept else {}
    how = {"lanes": LANES if wanted else 1, "slice": size(table.about), **kept}
    with under(act):
        Batch.objects.filter(pk=batch.pk).update(counts=how, total=table.about)
    done = {key: int(each[0]) for key, each in kept.get("done", {}).items()}
    course = _Course(act, batch.pk, tell, table.about)
    feed = Feed(job, table, int(how["lanes"]), int(how["slice"]))
    begun = time.perf_counter()
    if wanted:
        _by_hands(feed, done, course, wanted)
    else:
        _inline(feed, done, course)
    between = time.perf_counter()
    _later(job, feed, done, course)
    took = {
        "numbered": between - begun,
        "later": time.perf_counter() - between,
        "later_rows": sum(len(each) for each in (*feed.repeated, *feed.unnumbered)),
    }
    _took(act, batch, took)


def _one_by_one(job: Job, way: rowwise.Way, table: Table, tell: Tell) -> None:
    """A file of organisations or of who holds their posts: short, so one after the other."""
    with under(job.act):
        row = Batch.objects.filter(pk=job.batch)
        kept = row.values_list("counts", flat=True).get()
        row.update(total=table.about)
    course = _Course(job.act, job.batch, tell, table.about)
    done = int(kept.get("done", {}).get(way.key, [0])[0])
    rowwise.take_all(job, way, table, done, course.count, course.check)


def _took(act: Act, batch: Batch, took: dict[str, float]) -> None:
    """Keep how long this run took: rows with a number, and those that had to wait."""
    with under(act):
        counts = Batch.objects.values_list("counts", flat=True).get(pk=batch.pk)
        seconds = {name: round(value, 3) for name, value in took.items()}
        Batch.objects.filter(pk=batch.pk).update(counts={**counts, "seconds": seconds})


def _by_hands(feed: Feed, done: dict[str, int], course: _Course, wanted: int) -> None:
    last = str(feed.lanes - 1)
    with hands.hands(wanted, feed.job) as crew:
        for part in feed.slices():
            if part.number > done.get(part.key, 0):
                crew.give(part)
            else:
                course.count(len(part.rows))
            if part.key != last:
                continue
            # The first slice is in before the second begins: then something is known of the tables.
            course.count(crew.rest() if part.number == 1 else crew.room())
            course.check()
            course.learn()
        course.count(crew.rest())


def _inline(feed: Feed, done: dict[str, int], course: _Course) -> None:
    for part in feed.slices():
        if part.number > done.get(part.key, 0):
            slicing.take(feed.job, part)
        course.count(len(part.rows))
        course.check()
        course.learn()


def _later(job: Job, feed: Feed, done: dict[str, int], course: _Course) -> None:
    """What had to wait: numbers met again in the file, then rows without a number."""
    every = tuple(range(PARTS))
    course.learn()
    for key, frames, take in (
        ("repeated", feed.repeated, slicing.take),
        ("unnumbered", feed.unnumbered, matching.take),
    ):
        if not frames:
            continue
        rows = pl.concat(frames)
        for number, at in enumerate(range(0, len(rows), feed.size), 1):
            part = rows[at : at + feed.size]
            if number > done.get(key, 0):
                take(job, Slice(key, number, every, part, int(part["line"][-1])))
            course.count(len(part))
            course.check()


@action("registry.import", title=_("导入部门数据"))
def finish(act: Act, batch: Batch) -> Batch:
    """Close a batch whose rows are all in; its one fact holds the counts."""
    batch.refresh_from_db()
    total = batch.counts.get("total", {})
    note(
        source=batch.source.code,
        **{name: count for name, count in total.items() if not name.startswith("why:")},
    )
    batch.state, batch.finished = Batch.State.DONE, timezone.now()
    batch.progress = batch.total = int(total.get("rows", 0))
    batch.save(update_fields=["state", "finished", "progress", "total"])
    return batch


@action("registry.import_cancel", title=_("取消导入"))
def cancel(act: Act, batch: Batch) -> Batch:
    """Call off a batch; what is already in stays, with its source named."""
    batch.refresh_from_db()
    if batch.state == Batch.State.DONE:
        raise Refusal(_("这一批已经导入完了。"), code="state")
    batch.state, batch.finished = Batch.State.CANCELLED, timezone.now()
    batch.save(update_fields=["state", "finished"])
    return batch
