"""How far bodies have come on a checklist of stages: each of them, and counted place by place (R023)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from linli.capabilities.registry.models import Assessment, Organisation
from linli.capabilities.registry.policy import Checklist, Judged, Stage
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import present
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import LEVELS, Level, enclosing

UNJUDGED, BELOW, BEHIND = "unjudged", "below", "behind"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one body has come by its latest year judged; behind: less than what was due by now."""

    pk: int
    area: int
    code: str
    behind: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How many bodies of a place there are, how many at each stage, how many behind."""

    area: Area
    whole: int
    at: Counter[str]
    behind: int


def checklist_of(kind: str, day: date) -> Checklist | None:
    """The list in force by which bodies of a kind are judged."""
    lists = kinds.section().checklists_of(Judged.ORGANISATION, day)
    return next((each for each in lists if kind in each.kinds), None)


def years(organisation: Organisation, checklist: Checklist) -> list[Assessment]:
    """Every year that a body was judged, the latest first."""
    rows = Assessment.objects.filter(organisation=organisation, checklist=checklist.code)
    return list(rows.order_by("-year"))


def standings(act: Act, area: Area, checklist: Checklist, day: date) -> list[Standing]:
    """Each body of an area that a checklist judges, by its key (two statements)."""
    here = within(act) & inside(area)
    told = Assessment.objects.filter(
        here, Q(organisation__isnull=False), checklist=checklist.code, year__lte=day.year
    )
    met = dict(told.order_by("year").values_list("organisation", "met"))
    bodies = Organisation.objects.filter(here, present(day), kind__in=checklist.kinds)
    due = checklist.due(day.year)
    return [
        _standing(pk, lo, met.get(pk), checklist, due)
        for pk, lo in bodies.order_by("pk").values_list("pk", "area")
    ]


def _standing(
    pk: int, lo: int, met: list[str] | None, checklist: Checklist, due: Stage | None
) -> Standing:
    reached = checklist.reached(met) if met is not None else None
    code = reached.code if reached else UNJUDGED if met is None else BELOW
    behind = due is not None and (reached is None or reached.year < due.year)
    return Standing(pk, lo, code, behind)


def by_place(act: Act, area: Area, checklist: Checklist, day: date) -> list[Place]:
    """Place by place: the streets of a city or district, the communities of a street."""
    level = Level(area.level)
    wide = LEVELS.index(level) < LEVELS.index(Level.STREET)
    below = Level.STREET if wide else Level.COMMUNITY
    grouped: dict[int, list[Standing]] = {}
    for each in standings(act, area, checklist, day):
        grouped.setdefault(enclosing(each.area, below) or area.pk, []).append(each)
    return [_place(places.area(lo), rows) for lo, rows in sorted(grouped.items())]


def _place(area: Area, rows: list[Standing]) -> Place:
    return Place(area, len(rows), Counter(r.code for r in rows), sum(r.behind for r in rows))


def page(
    act: Act,
    area: Area,
    checklist: Checklist,
    day: date,
    at: str,
    *,
    after: int | None = None,
) -> tuple[list[tuple[Organisation, Assessment | None, Standing]], int | None]:
    """The bodies behind a number, page by page: at a stage, behind, or all."""
    every = standings(act, area, checklist, day)
    wanted = [
        s
        for s in every
        if s.pk > (after or 0) and (not at or s.code == at or (at == BEHIND and s.behind))
    ]
    shown = wanted[:PAGE]
    keys = [each.pk for each in shown]
    known = Organisation.objects.select_related("area").in_bulk(keys)
    told = Assessment.objects.filter(
        organisation__in=keys, checklist=checklist.code, year__lte=day.year
    )
    latest = {each.organisation_id: each for each in told.order_by("year")}
    rows = [(known[s.pk], latest.get(s.pk), s) for s in shown if s.pk in known]
    return rows, keys[-1] if len(wanted) > PAGE else None
