"""Who holds which post, since when, and which grids have nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from linli.kernel.access import offices
from linli.kernel.access.hats import tables
from linli.kernel.access.models import Appointment, Unit
from linli.kernel.acts import Act, Span
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

PAGE = 50
OFFERED = 300
GRID_HEAD, GRID_WORKER = "grid_head", "grid_worker"
GRID_POSTS = (GRID_WORKER, GRID_HEAD)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of appointments by place; `next` is the key after which the next page begins."""

    rows: list[Appointment]
    next: str


def _in_sight(act: Act, column: str = "area_id") -> Q:
    """The areas of the actor, and for a department its own unit; nothing else."""
    sight = Q(pk__in=[])
    for span in act.spans:
        sight |= Q(**{f"{column}__gte": span.lo, f"{column}__lt": span.hi})
    return sight


def _appointments(act: Act, day: date) -> QuerySet[Appointment]:
    sight = _in_sight(act)
    if act.unit is not None:
        sight |= Q(unit_id=act.unit)
    in_force = Q(until__isnull=True) | Q(until__gte=day)
    return Appointment.objects.filter(sight).filter(in_force)


def people(
    act: Act, day: date, *, post: str = "", q: str = "", after: str = "", size: int = PAGE
) -> PeoplePage:
    """Appointments in sight that have not ended, by place (one statement)."""
    rows = _appointments(act, day).select_related("account", "unit", "area")
    if post:
        rows = rows.filter(post=post)
    if q:
        rows = rows.filter(Q(account__name__icontains=q) | Q(account__login__iexact=q))
    area, _dot, last = after.partition(".")
    if area.isdecimal() and last.isdecimal():
        rows = rows.filter(Q(area_id__gt=int(area)) | Q(area_id=int(area), pk__gt=int(last)))
    found = list(rows.order_by("area_id", "pk")[: size + 1])
    shown = found[:size]
    end = f"{shown[-1].area_id}.{shown[-1].pk}" if len(found) > size else ""
    return PeoplePage(shown, end)


def appointment_in_sight(act: Act, pk: int, day: date) -> Appointment | None:
    """One appointment that the actor may see."""
    rows = _appointments(act, day).select_related("account", "unit", "area")
    return rows.filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many hold a grid's posts; the rule is one head and at least one worker (R129)."""

    heads: int = 0
    workers: int = 0
    full_time: int = 0

    @property
    def lacks_head(self) -> bool:
        """Whether the grid has no head."""
        return self.heads == 0

    @property
    def lacks_worker(self) -> bool:
        """Whether the grid has no worker."""
        return self.workers == 0

    @property
    def vacant(self) -> bool:
        """Whether a post that the rule asks for is empty."""
        return self.lacks_head or self.lacks_worker


def _holding(act: Act, day: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(_in_sight(act), post__in=GRID_POSTS)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def grid_staffing(act: Act, day: date) -> dict[int, Staffing]:
    """Heads, workers and full-time workers by grid in sight; a grid without anybody is left out (one statement)."""
    worker = Q(post=GRID_WORKER)
    rows = _holding(act, day).values("area_id").order_by()
    found = rows.annotate(
        n_heads=Count("id", filter=~worker),
        n_workers=Count("id", filter=worker),
        n_full_time=Count("id", filter=worker & Q(full_time=True)),
    )
    return {
        row["area_id"]: Staffing(row["n_heads"], row["n_workers"], row["n_full_time"])
        for row in found
    }


def vacancies(act: Act, day: date) -> list[tuple[Area, Staffing]]:
    """Grids in sight that lack a head or a worker today, with what they have (R129; one statement)."""
    held = grid_staffing(act, day)
    here = [a for a in places.at_level(Level.GRID) if act.sees(a.pk) and a.until is None]
    found = [(area, held.get(area.pk, Staffing())) for area in here]
    return [(area, staffing) for area, staffing in found if staffing.vacant]


def grid_staff(act: Act, day: date, grids: Iterable[int]) -> list[Appointment]:
    """Who holds the posts of some grids today: heads first, then by how long they have (one statement)."""
    rows = _holding(act, day).filter(area_id__in=list(grids)).select_related("account", "unit")
    return list(rows.order_by("area_id", "post", "since", "pk"))


def posts_offered(act: Act) -> list[tuple[str, str]]:
    """The posts of the pack, by code and title."""
    return [(p.code, p.title) for p in tables()[1].values()]


def areas_in_sight(act: Act) -> list[Area]:
    """Areas to offer in a form: the actor's own and those below, as many as a list can hold."""
    seen = [a for a in places.tree().by_id.values() if act.sees(a.pk) and a.until is None]
    return seen[:OFFERED]


def units_in_sight(act: Act) -> list[Unit]:
    """Units whose seat lies in sight, as many as a list can hold."""
    return [u for u in offices.units() if act.sees(u.area_id)][:OFFERED]


def find_area(act: Act, words: str) -> Area | None:
    """The one area in sight with that code or name; None when there is none or several."""
    words = words.strip()
    names = [
        a
        for a in places.tree().by_id.values()
        if a.until is None and act.sees(a.pk) and words in (a.code, a.name, a.full_name)
    ]
    coded = [a for a in names if a.code == words]
    found = coded or names
    return found[0] if len(found) == 1 else None


def find_unit(act: Act, words: str) -> Unit | None:
    """The one unit with that code or name that reaches into the actor's areas; None otherwise."""
    words = words.strip()
    found = [u for u in offices.units() if words in (u.code, u.name) and _reaches(act, u)]
    return found[0] if len(found) == 1 else None


def _reaches(act: Act, unit: Unit) -> bool:
    whole = places.span(unit.area_id)
    return any(Span(s.lo, s.hi).covers(whole) or whole.covers(s) for s in act.spans)
