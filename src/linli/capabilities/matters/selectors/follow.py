"""What listeners need to know of a batch of matters, in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.capabilities.matters.models import Follower, Matter, PublicMatter
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.public import projected
from linli.kernel.access.models import Appointment

_TASKS = {
    "reported": "matters.accept",
    "handling": "matters.handle",
    "handled": "matters.verify",
    "verified": "matters.close",
}
_PUBLIC_FIELDS = [
    "closed",
    "code",
    "kind",
    "state",
    "community",
    "lon",
    "lat",
    "marks",
    "on_time",
    "rating",
]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a matter stands for those around it: the task that is open and for whom."""

    matter: Matter
    state: str
    task: str
    unit: int | None
    post: str
    account: int | None
    due: datetime | None

    @property
    def id(self) -> int:
        """The matter's key."""
        return self.matter.pk

    @property
    def area(self) -> int:
        """The matter's area key."""
        return self.matter.area_id

    @property
    def title(self) -> str:
        """What the task says."""
        return self.matter.title

    @property
    def emergency(self) -> bool:
        """Whether it goes before everything else."""
        return self.matter.emergency


def situations(keys: Iterable[int]) -> dict[int, Situation]:
    """The situation of each matter (one statement)."""
    titles = names().states
    rows = Matter.objects.filter(pk__in=list(keys)).defer("tokens", "answers", "route")
    return {m.pk: _situation(m, titles.get(m.state, m.state)) for m in rows}


def _situation(m: Matter, state: str) -> Situation:
    if m.offered_unit_id is not None and m.closed is None:
        return Situation(
            m, state, "matters.accept_transfer", m.offered_unit_id, m.offered_post, None, m.next_due
        )
    task = _TASKS.get(m.state, "")
    if m.state == "handled":
        return Situation(m, state, task, None, "", None, m.next_due)
    owner = m.assignee_id if m.state == "handling" else None
    return Situation(m, state, task, m.unit_id, m.post, owner, m.next_due)


def watchers_of(s: Situation, *, everyone: bool) -> list[int]:
    """The resident behind a matter, and with `everyone` the neighbours who joined."""
    found = [s.matter.reporter_id] if s.matter.reporter_id else []
    if everyone:
        rows = Follower.objects.filter(matter_id=s.id)
        found += list(rows.values_list("account_id", flat=True))
    return found


def helpers_of(s: Situation) -> list[int]:
    """Whoever handles it: the assignee, else everybody of the holding unit's post."""
    if s.matter.assignee_id:
        return [s.matter.assignee_id]
    if s.matter.unit_id is None:
        return []
    rows = Appointment.objects.filter(unit_id=s.matter.unit_id, until__isnull=True)
    if s.matter.post:
        rows = rows.filter(post=s.matter.post)
    return list(rows.values_list("account_id", flat=True)[:50])


def project(keys: Iterable[int]) -> int:
    """Write the public projection of some matters anew; restricted ones are never shown. Returns how many."""
    wanted = list(keys)
    rows = Matter.objects.filter(pk__in=wanted, restricted=False, duplicate_of__isnull=True)
    shown = [projected(m) for m in rows]
    hidden = set(wanted) - {p.matter for p in shown}
    PublicMatter.objects.filter(pk__in=hidden).delete()
    PublicMatter.objects.bulk_create(
        shown,
        update_conflicts=True,
        unique_fields=["matter"],
        update_fields=_PUBLIC_FIELDS,
    )
    return len(shown)
