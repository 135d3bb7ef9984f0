"""Totals of organisations: counted, never typed (R001–R008, R024, R030, R031, R214–R222)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Assessment,
    Building,
    Estate,
    Holding,
    Household,
    Organisation,
    Residence,
    Station,
)
from linli.capabilities.registry.policy import Checklist, Family, Judged
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.rules.organisations import Average
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import present
from linli.capabilities.registry.selectors.places import SELF_GOVERNED
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

GOVERNS, INCUBATED = "governs", "incubated"
MIXED = _("城市社区和农村社区不能混在一起平均，请选一类。")


@dataclass(frozen=True, slots=True)
class Committees:
    """Committees of one national type in an area on a day, with their members."""

    type: str
    called: tuple[str, ...]
    count: int
    members: int
    part_time: int
    women: int
    party: int

    @property
    def average(self) -> Average:
        """Members per committee."""
        return Average(self.members, self.count)


def committees(act: Act, area: Area, day: date) -> list[Committees]:
    """How many committees there are by type and how many members they have, on a day (R001–R005; two statements)."""
    by_type = {type_: kinds.committees(type_) for type_ in rules.TYPES}
    here = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.committees()
    )
    counted = dict(here.values_list("kind").annotate(n=Count("pk")).order_by())
    held = Holding.objects.filter(present(day), organisation__in=here.values("pk"))
    reserve = held.exclude(post__in=kinds.beside()).values("organisation__kind").order_by()
    rows = reserve.annotate(
        members=Count("pk"),
        n_part_time=Count("pk", filter=Q(part_time=True)),
        women=Count("pk", filter=Q(sex="2")),
        party=Count("pk", filter=Q(political__in=("01", "02"))),
    )
    told: dict[str, Mapping[str, Any]] = {row["organisation__kind"]: row for row in rows}
    return [_committees(type_, codes, counted, told) for type_, codes in by_type.items()]


def _committees(
    type_: str, codes: list[str], counted: Mapping[str, int], told: Mapping[str, Mapping[str, Any]]
) -> Committees:
    def total(name: str) -> int:
        return sum(told[code][name] for code in codes if code in told)

    return Committees(
        type_,
        tuple(kinds.title(code) for code in codes),
        sum(counted.get(code, 0) for code in codes),
        total("members"),
        total("n_part_time"),
        total("women"),
        total("party"),
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What averages and sizes are counted from: committees' kinds, households and residents by community."""

    kinds: dict[int, str]
    households: Counter[int]
    residents: Counter[int]

    def of(self, type_: str) -> dict[int, str]:
        """The communities that have a committee of a type, with its kind."""
        codes = kinds.committees(type_)
        return {lo: kind for lo, kind in self.kinds.items() if kind in codes}


def ground(act: Act, area: Area, day: date) -> Ground:
    """Count an area's communities once for all that is asked of them (three statements)."""
    rows = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.committees()
    )
    found = {places.community_of(lo) or lo: kind for lo, kind in rows.values_list("area", "kind")}
    return Ground(found, _households(act, area, day), _residents(act, area, day))


def _households(act: Act, area: Area, day: date) -> Counter[int]:
    rows = Household.objects.filter(within(act) & inside(area), present(day))
    found: Counter[int] = Counter()
    for lo, count in rows.values_list("area").annotate(n=Count("pk")).order_by():
        found[places.community_of(lo) or lo] += count
    return found


def _residents(act: Act, area: Area, day: date) -> Counter[int]:
    rows = Residence.objects.filter(within(act) & inside(area), present(day), lives=True)
    found: Counter[int] = Counter()
    for lo, count in rows.values_list("area").annotate(n=Count("person", distinct=True)).order_by():
        found[places.community_of(lo) or lo] += count
    return found


@dataclass(frozen=True, slots=True)
class Averages:
    """Households and residents per community of one type; the denominator stands beside each (R008)."""

    type: str
    households: Average
    residents: Average


def averages(types: tuple[str, ...], counted: Ground) -> Averages:
    """Average size of the communities of one type; asked for both types together it refuses (R008)."""
    try:
        type_ = rules.one_type(types)
    except rules.Unfit as unfit:
        raise Refusal(MIXED, field="type", code="mixed") from unfit
    here = counted.of(type_)
    return Averages(
        type_,
        Average(sum(counted.households[lo] for lo in here), len(here)),
        Average(sum(counted.residents[lo] for lo in here), len(here)),
    )


@dataclass(frozen=True, slots=True)
class Sized:
    """A community against the norm of its kind: how many households, which bounds, `small` or `large`."""

    area: Area
    households: int
    low: int
    high: int
    verdict: str


def sizes(counted: Ground, day: date) -> list[Sized]:
    """Communities outside the norm in force that day, smallest first (R006)."""
    found = []
    for lo, kind in counted.kinds.items():
        sized = measured(lo, kind, counted.households[lo], day)
        if sized is not None and sized.verdict:
            found.append(sized)
    return sorted(found, key=lambda each: (each.households, each.area.pk))


def measured(community: int, kind: str, households: int, day: date) -> Sized | None:
    """A community of so many households against the norm in force for its kind; none where nothing is said."""
    norm = kinds.section().committee_size(kind, day)
    if norm is None:
        return None
    verdict = rules.judged(households, norm.low, norm.high)
    return Sized(places.area(community), households, norm.low, norm.high, verdict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a whole are covered, and which are not."""

    covered: int
    missing: tuple[Area | Building | Estate | Organisation, ...]

    @property
    def whole(self) -> int:
        """How many there are."""
        return self.covered + len(self.missing)

    @property
    def share(self) -> float | None:
        """The share covered, in hundredths with one digit; none of nothing."""
        return round(100 * self.covered / self.whole, 1) if self.whole else None


def _at_work(act: Act, area: Area, codes: list[str], day: date) -> tuple[set[int], set[int]]:
    """Areas and buildings where organisations of some kinds are seated or stationed."""
    areas, buildings = set(), set()
    for _kind, lo, building in _seats(act, area, codes, day):
        areas.add(lo)
        if building is not None:
            buildings.add(building)
    return areas, buildings


def _seats(
    act: Act, area: Area, codes: list[str], day: date
) -> Iterable[tuple[str, int, int | None]]:
    """Kind, area and building wherever organisations of some kinds are seated or stationed (one statement)."""
    here = within(act) & inside(area)
    seated = Organisation.objects.filter(here, present(day), kind__in=codes).order_by()
    stations = Station.objects.filter(here, present(day), organisation__kind__in=codes).order_by()
    nowhere = Value(None, output_field=BigIntegerField(null=True))
    return seated.values_list("kind", "area", nowhere).union(
        stations.values_list("organisation__kind", "area", "building"), all=True
    )


def per_street(act: Act, area: Area, day: date) -> list[tuple[str, Coverage]]:
    """Streets with and without each kind of body that every street is to have (R024, R219, R222; one statement)."""
    codes = [each.code for each in kinds.section().organisation_kinds if each.per_street]
    seen: dict[str, set[int | None]] = {code: set() for code in codes}
    for code, lo, _building in _seats(act, area, codes, day):
        seen[code].add(places.street_of(lo))
    streets = [each for each in [area, *places.descendants(area)] if each.level == Level.STREET]
    streets = [each for each in streets if act.sees(each.pk)]
    found = []
    for code in codes:
        missing = tuple(each for each in streets if each.pk not in seen[code])
        found.append((code, Coverage(len(streets) - len(missing), missing)))
    return found


def branches_on_grids(act: Act, area: Area, day: date) -> Coverage:
    """Grids that a Party organisation is attached to, and those without (R030)."""
    at_work, _buildings = _at_work(act, area, kinds.of_family(Family.PARTY), day)
    grids = [each for each in places.descendants(area, Level.GRID) if act.sees(each.pk)]
    with_one = {places.grid_of(lo) for lo in at_work}
    missing = tuple(each for each in grids if each.pk not in with_one)
    return Coverage(len(grids) - len(missing), missing)


def branches_on_buildings(act: Act, area: Area, day: date) -> Coverage:
    """Buildings with a Party group of their own, and those without (R030)."""
    _areas, at_work = _at_work(act, area, kinds.of_family(Family.PARTY), day)
    rows = Building.objects.filter(within(act) & inside(area), present(day)).order_by("pk")
    buildings = list(rows.only("pk", "name", "address", "area"))
    missing = tuple(each for each in buildings if each.pk not in at_work)
    return Coverage(len(buildings) - len(missing), missing)


def governed(act: Act, area: Area, day: date) -> Coverage:
    """Courtyards, villages and villagers' groups with a body of their own, and those without (R020; two statements)."""
    here = within(act) & inside(area)
    estates = Estate.objects.filter(here, present(day), kind__in=SELF_GOVERNED).order_by("pk")
    stations = Station.objects.filter(here, present(day), kind=GOVERNS, estate__isnull=False)
    with_one = set(stations.values_list("estate", flat=True))
    every = list(estates)
    missing = tuple(each for each in every if each.pk not in with_one)
    return Coverage(len(every) - len(missing), missing)


def without_party(act: Act, area: Area, day: date) -> Coverage:
    """New economic and social organisations that no Party organisation covers, alone or joint (R031)."""
    covering = Organisation.objects.filter(
        present(day),
        kind__in=kinds.of_family(Family.PARTY),
        pk=Cast(KeyTextTransform("party", OuterRef("more")), BigIntegerField()),
    )
    rows = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.covered()
    )
    asked = list(rows.annotate(is_covered=Exists(covering)).order_by("pk"))
    missing = tuple(each for each in asked if not each.is_covered)
    return Coverage(len(asked) - len(missing), missing)


@dataclass(frozen=True, slots=True)
class SocialCounts:
    """Social organisations by class, kind and way of entry on a day."""

    total: int
    by_label: dict[str, int]
    by_kind: dict[str, int]
    by_entry: dict[str, int]


def social(act: Act, area: Area, day: date) -> SocialCounts:
    """Social organisations counted by priority class, kind, registered or filed (R214, R215, R220, R222)."""
    rows = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.of_family(Family.SOCIAL)
    )
    found = list(rows.values_list("kind", "labels", "registered"))
    return SocialCounts(
        len(found),
        dict(Counter(label for _kind, labels, _entry in found for label in labels)),
        dict(Counter(kind for kind, _labels, _entry in found)),
        dict(Counter(entry for _kind, _labels, entry in found)),
    )


def growth(act: Act, area: Area, day: date, before: date) -> tuple[int, int]:
    """Social organisations on a day and on an earlier one (R214: growth)."""
    return social(act, area, day).total, social(act, area, before).total


@dataclass(frozen=True, slots=True)
class Incubation:
    """Organisations that were taken into a base: still inside, what they were granted, which are at work today."""

    inside: int
    granted: int
    survival: Coverage


def incubation(act: Act, area: Area, day: date) -> Incubation:
    """Who was taken in until a day, and who of them is still at work then (R216: entry, support, exit, survival)."""
    rows = Station.objects.filter(
        within(act) & inside(area), Q(since__isnull=True) | Q(since__lte=day), kind=INCUBATED
    )
    told = list(rows.select_related("organisation").order_by("organisation_id", "pk"))
    bodies = {each.organisation_id: each.organisation for each in told}
    ended = [one for one in bodies.values() if one.until is not None and one.until <= day]
    open_ = {each.organisation_id for each in told if each.until is None or each.until > day}
    granted = sum(int(each.more.get("grant") or 0) for each in told)
    survival = Coverage(len(bodies) - len(ended), tuple(ended))
    return Incubation(len(open_), granted, survival)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many of those judged by a checklist in a year meet every item, of how many there are."""

    checklist: Checklist
    year: int
    met: int
    judged: int
    whole: int

    @property
    def share(self) -> float | None:
        """The share that meets it, in hundredths with one digit; none of nothing."""
        return round(100 * self.met / self.whole, 1) if self.whole else None


def judgement(act: Act, area: Area, checklist: Checklist, day: date) -> Judgement:
    """The share that meets a checklist, by the latest year judged; who was not judged does not meet it (R021, R126, R016)."""
    here = within(act) & inside(area)
    latest = Assessment.objects.filter(here, checklist=checklist.code, year__lte=day.year)
    by_subject: dict[int, Assessment] = {}
    for each in latest.order_by("year", "pk"):
        by_subject[_subject(each)] = each
    subjects = _subjects(here, act, area, checklist, day)
    told = [by_subject[key] for key in subjects if key in by_subject]
    met = sum(checklist.meets(each.met) for each in told)
    year = max((each.year for each in told), default=day.year)
    return Judgement(checklist, year, met, len(told), len(subjects))


def _subject(row: Assessment) -> int:
    return row.holding_id or row.station_id or row.organisation_id or row.area_id


def _subjects(here: Q, act: Act, area: Area, checklist: Checklist, day: date) -> set[int]:
    """Who or what a checklist judges in an area on a day."""
    if checklist.of is Judged.GRID:
        return {each.pk for each in places.descendants(area, Level.GRID) if act.sees(each.pk)}
    if checklist.of is Judged.STATION:
        stations = Station.objects.filter(here, present(day), kind__in=checklist.stations)
        return set(stations.values_list("pk", flat=True))
    if checklist.of is Judged.ORGANISATION:
        bodies = Organisation.objects.filter(here, present(day), kind__in=checklist.kinds)
        return set(bodies.values_list("pk", flat=True))
    held = Holding.objects.filter(here, present(day), post__in=checklist.posts)
    if checklist.topmost:
        held = held.filter(organisation__parent__isnull=True)
    return set(held.values_list("pk", flat=True))
