"""Where people with sensitive marks live, house by house, for whoever may see the marks (R095)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from linli.capabilities.registry.models import Mark, Residence
from linli.capabilities.registry.selectors.sight import within
from linli.capabilities.registry.selectors.telling import policy, tag_choices
from linli.capabilities.registry.verbs import SENSITIVE
from linli.kernel.acts import Act

MOST = 2000


@dataclass(slots=True)
class House:
    """A building on the map with how many people of each mark live there; nobody's name."""

    area: int
    address: str
    lon: float
    lat: float
    marks: Counter[str] = field(default_factory=Counter)


def marks_of(act: Act) -> dict[str, str]:
    """The sensitive marks that the actor may see, by code."""
    if not (act.sensitive and act.may(SENSITIVE.code)):
        return {}
    kept = {tag.code for tag in policy().tags if tag.is_sensitive}
    return {code: t for code, t in tag_choices(act.roles, sensitive=True) if code in kept}


def _lived_in(act: Act) -> QuerySet[Residence]:
    """Present residences in sight, in a building on the map, of people with such a mark."""
    known = marks_of(act)
    if not known:
        return Residence.objects.none()
    shown = Mark.objects.filter(within(act), code__in=list(known), until__isnull=True)
    return Residence.objects.filter(
        within(act),
        until__isnull=True,
        lives=True,
        home__building__lon__isnull=False,
        person__marks__in=shown,
    )


def count(act: Act) -> int:
    """In how many houses in sight somebody with such a mark lives."""
    return _lived_in(act).values("home__building").distinct()[:MOST].count()


def houses(act: Act) -> list[House]:
    """The houses in sight in which somebody with such a mark lives (one statement)."""
    rows = (
        _lived_in(act)
        .values_list(
            "home__building",
            "home__building__area",
            "home__building__address",
            "home__building__lon",
            "home__building__lat",
            "person__marks__code",
        )
        .annotate(many=Count("person", distinct=True))
        .order_by("home__building")
    )
    found: dict[int, House] = {}
    for key, area, address, lon, lat, code, many in rows[: MOST * 4]:
        house = found.setdefault(key, House(area, address, lon, lat))
        house.marks[code] += many
    return list(found.values())[:MOST]
