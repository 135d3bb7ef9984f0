"""Reads of organisations: the directory, one of them with its history, who holds posts today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from linli.capabilities.registry.models import Holding, Organisation, Station, Succession
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places.models import Area

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the directory is narrowed by; `ended`: old ones too."""

    q: str = ""
    kinds: tuple[str, ...] = ()
    label: str = ""
    registered: str = ""
    state: str = ""
    area: int | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of the directory; `now` is what it is called today when it was found by an old name."""

    organisation: Organisation
    now: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the directory; `next` is the key after which the next page begins."""

    rows: list[Line]
    next: int | None


def present(day: date | None = None) -> Q:
    """Rows in force today, or on a day."""
    if day is None:
        return Q(until__isnull=True)
    begun = Q(since__isnull=True) | Q(since__lte=day)
    return begun & (Q(until__isnull=True) | Q(until__gt=day))


def _sight(act: Act) -> Q:
    """One's own areas, and whoever is stationed there."""
    stationed = Station.objects.filter(within(act), until__isnull=True)
    return within(act) | Q(pk__in=stationed.values("organisation"))


def directory(
    act: Act, filters: Filters, *, after: int | None = None, size: int = PAGE
) -> Directory:
    """Organisations in sight by number; a search finds old names too and says what became of them."""
    rows = _filtered(Organisation.objects.filter(_sight(act)).select_related("area"), filters)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: size + 1])
    shown = found[:size]
    became = _became([each.pk for each in shown if each.until is not None])
    lines = [Line(each, became.get(each.pk)) for each in shown]
    return Directory(lines, shown[-1].pk if len(found) > size else None)


def _filtered(rows: QuerySet[Organisation], filters: Filters) -> QuerySet[Organisation]:
    asked = "".join(filters.q.split())
    if asked:
        by_code = Q(uscc=asked.upper()) | Q(number=asked)
        rows = rows.filter(Q(name__contains=asked) | Q(short_name__contains=asked) | by_code)
    elif not filters.ended:
        rows = rows.filter(until__isnull=True)
    if filters.kinds:
        rows = rows.filter(kind__in=filters.kinds)
    if filters.label:
        rows = rows.filter(labels__contains=[filters.label])
    for column in ("registered", "state"):
        if value := getattr(filters, column):
            rows = rows.filter(**{column: value})
    if filters.area is not None:
        rows = rows.filter(inside(Area.objects.get(pk=filters.area)))
    return rows


def _after(ids: Collection[int]) -> dict[int, set[int]]:
    """Successors, step by step, of some organisations."""
    after: dict[int, set[int]] = defaultdict(set)
    wave = set(ids)
    while wave:
        pairs = Succession.objects.filter(before__in=wave).values_list("before", "after")
        fresh = {(one, two) for one, two in pairs if two not in after.get(one, ())}
        for one, two in fresh:
            after[one].add(two)
        wave = {two for _one, two in fresh}
    return after


def _became(ids: Collection[int]) -> dict[int, Organisation]:
    """What ended organisations are today: the last of the chain that is still at work."""
    if not ids:
        return {}
    after = _after(ids)
    chains = {each: rules.chain(each, after) for each in ids}
    known = Organisation.objects.in_bulk({pk for chain in chains.values() for pk in chain})
    found = {}
    for each, chain in chains.items():
        alive = [known[pk] for pk in chain if pk in known and known[pk].until is None]
        if alive:
            found[each] = alive[-1]
    return found


def find(act: Act, pk: int) -> Organisation | None:
    """One organisation in sight."""
    rows = Organisation.objects.filter(_sight(act))
    return rows.select_related("area", "parent", "competent").filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Page:
    """One organisation with what belongs to it, today and before."""

    organisation: Organisation
    holdings: list[Holding]
    former: list[Holding]
    stations: list[Station]
    branches: list[Organisation]
    before: list[Succession]
    after: list[Succession]


def page(act: Act, organisation: Organisation, day: date) -> Page:
    """All that a page shows of one organisation on a day (seven statements)."""
    holdings = list(
        Holding.objects.filter(organisation=organisation)
        .select_related("delegate_of")
        .order_by("-since", "pk")
    )
    held = [each for each in holdings if rules.Term(each.since, each.until).covers(day)]
    stations = Station.objects.filter(present(day), organisation=organisation)
    return Page(
        organisation,
        held,
        [each for each in holdings if each.until is not None and each.until <= day],
        list(stations.select_related("area", "building").order_by("pk")),
        list(Organisation.objects.filter(present(), parent=organisation).order_by("pk")),
        list(Succession.objects.filter(after=organisation).select_related("before").order_by("on")),
        list(Succession.objects.filter(before=organisation).select_related("after").order_by("on")),
    )


def stationed(act: Act, area: Area, day: date) -> list[Station]:
    """Units at work in an area that are not of it: 驻区单位 and attached branches (R016)."""
    rows = Station.objects.filter(within(act) & inside(area), present(day))
    return list(rows.select_related("organisation", "area", "building").order_by("kind", "pk"))


def holdings(organisation: Organisation) -> list[Holding]:
    """The posts of an organisation that nobody has ended."""
    return list(Holding.objects.filter(organisation=organisation, until__isnull=True))


def stations(organisation: Organisation) -> list[Station]:
    """Where an organisation is at work besides its own area."""
    rows = Station.objects.filter(organisation=organisation, until__isnull=True)
    return list(rows.select_related("area"))
