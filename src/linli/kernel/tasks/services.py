"""Writes of tasks: add, finish, hand on. They are part of the verb or listener that calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.tasks.models import Task


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is to be done, about which row, by whom (a person, or a post in a unit or area), until when.

    `title` is the row's own name, as somebody wrote it; what is to be done with it says the kind, in the reader's language.
    """

    kind: str
    subject_type: str
    subject_id: int
    area: int
    title: str = ""
    post: str = ""
    unit: int | None = None
    account: int | None = None
    due: datetime | None = None
    household: int | None = None
    weight: int = 0


def about(subject: models.Model) -> tuple[str, int]:
    """Type and id of a row, as tasks name it."""
    return subject._meta.label_lower, int(subject.pk)


def add(
    act: Act,
    subject: models.Model,
    *,
    kind: str,
    title: str,
    area: int,
    post: str = "",
    unit: int | None = None,
    account: int | None = None,
    due: datetime | None = None,
    household: int | None = None,
    weight: int = 0,
) -> bool:
    """Add a task unless the same one is open; tells whether it is new."""
    subject_type, subject_id = about(subject)
    todo = ToDo(
        kind,
        subject_type,
        subject_id,
        area,
        title,
        post,
        unit,
        account,
        due,
        household,
        weight,
    )
    return add_many(act, [todo]) == 1


def add_many(act: Act, todos: Sequence[ToDo]) -> int:
    """Add tasks, leaving out those that are open already (one statement per 1,000); returns how many are new."""
    rows = [
        Task(
            area=t.area,
            post=t.post,
            unit=t.unit,
            account=t.account,
            kind=t.kind,
            subject_type=t.subject_type,
            subject_id=t.subject_id,
            title=t.title[:200],
            due=t.due,
            created=act.at,
            household=t.household,
            weight=t.weight,
        )
        for t in todos
    ]
    if not rows:
        return 0
    # A task may fall to another area or unit than the actor's.
    with crossing(EVERYWHERE):
        before = _open_count(todos)
        Task.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
        return _open_count(todos) - before


def _open_count(todos: Sequence[ToDo]) -> int:
    return Task.objects.filter(
        done_at__isnull=True,
        subject_type__in={t.subject_type for t in todos},
        subject_id__in={t.subject_id for t in todos},
    ).count()


def finish(act: Act, subject: models.Model, kind: str | None = None) -> int:
    """Finish the open tasks about a row, of one kind or of all; returns how many there were."""
    return finish_many(act, *about(subject), [kind] if kind else None)


def finish_many(
    act: Act,
    subject_type: str,
    subject_ids: int | Iterable[int],
    kinds: Iterable[str] | None = None,
) -> int:
    """Finish the open tasks about some rows in one statement; returns how many there were."""
    ids = [subject_ids] if isinstance(subject_ids, int) else list(subject_ids)
    found = Task.objects.filter(subject_type=subject_type, subject_id__in=ids, done_at__isnull=True)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    with crossing(EVERYWHERE):
        return found.update(done_at=act.at, done_by=act.actor)


def reschedule(act: Act, subject: models.Model, due: datetime | None) -> int:
    """Move the due time of the open tasks about a row; returns how many there were."""
    subject_type, subject_id = about(subject)
    with crossing(EVERYWHERE):
        return Task.objects.filter(
            subject_type=subject_type, subject_id=subject_id, done_at__isnull=True
        ).update(due=due)


@action("tasks.hand", title=_("交办"))
def hand(act: Act, task: Task, *, account: int | None) -> Task:
    """Give an open task to one person, or back to everyone who holds its post."""
    locked = Task.objects.select_for_update().filter(pk=task.pk, done_at__isnull=True).first()
    if locked is None:
        raise Refusal(_("这项待办已经办完了，不用再交办。"), code="done")
    note(was_account=locked.account, account=account, kind=locked.kind)
    locked.account = account
    locked.save(update_fields=["account"])
    task.account = account
    return locked
