"""Reads of tasks: what is mine to do, by person, unit and area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from linli.kernel.acts import Act
from linli.kernel.tasks import kinds
from linli.kernel.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open tasks, how many of them late, due today (not late), and without a due time."""

    open: int
    overdue: int
    today: int
    undated: int


def mine(act: Act) -> Q:
    """The arms of the actor: given to me, or to nobody yet and to my post in my unit or area, where I may open it."""
    if not act.signed_in:
        return Q(pk__in=[])
    arms = Q(account=act.actor)
    free = Q(account__isnull=True) & (Q(post="") | Q(post=act.post))
    if act.unit is not None:
        arms |= free & Q(unit=act.unit)
    may_open = Q(post=act.post) | ~Q(kind__in=kinds.closed(act))
    for span in act.spans:
        in_span = Q(area__gte=span.lo, area__lt=span.hi)
        own_unit = (
            Q(unit__isnull=True) if act.unit is None else Q(unit__isnull=True) | Q(unit=act.unit)
        )
        arms |= free & in_span & own_unit & may_open
    return arms


def open_for(act: Act) -> QuerySet[Task]:
    """What the actor has to do: earliest due first, then by weight."""
    return Task.objects.filter(mine(act), done_at__isnull=True).order_by(
        F("due").asc(nulls_last=True), "-weight", "id"
    )


def _midnight(act: Act) -> datetime:
    day = timezone.localtime(act.at).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def overdue(act: Act) -> QuerySet[Task]:
    """Open tasks whose due time has passed."""
    return open_for(act).filter(due__lt=act.at)


def due_today(act: Act) -> QuerySet[Task]:
    """Open tasks that fall due before midnight and are not late yet."""
    return open_for(act).filter(due__gte=act.at, due__lt=_midnight(act))


def counts(act: Act) -> Counts:
    """The figures of the day in one statement; each opens the list of the same name."""
    found = Task.objects.filter(mine(act), done_at__isnull=True).aggregate(
        open=Count("id"),
        overdue=Count("id", filter=Q(due__lt=act.at)),
        today=Count("id", filter=Q(due__gte=act.at, due__lt=_midnight(act))),
        undated=Count("id", filter=Q(due__isnull=True)),
    )
    return Counts(**found)


def about(subject_type: str, subject_id: int) -> QuerySet[Task]:
    """Tasks about one row that the caller was allowed to read, open first."""
    return Task.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by(
        F("done_at").asc(nulls_first=True), "id"
    )
