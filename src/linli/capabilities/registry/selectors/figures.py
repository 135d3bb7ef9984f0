"""Totals of organisations: counted, never typed (R001–R008, R024, R030, R031, R214–R222)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Building,
    Holding,
    Household,
    Organisation,
    Residence,
    Station,
)
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.rules.organisations import Average
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import present
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

GUIDANCE = "party_station"
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
    """How many committees there are by type and how many members they have, on a day (R001–R005)."""
    found = []
    for type_ in rules.TYPES:
        codes = kinds.committees(type_)
        here = Organisation.objects.filter(within(act) & inside(area), present(day), kind__in=codes)
        held = Holding.objects.filter(present(day), organisation__in=here.values("pk")).aggregate(
            members=Count("pk"),
            part_time=Count("pk", filter=Q(part_time=True)),
            women=Count("pk", filter=Q(sex="2")),
            party=Count("pk", filter=Q(political__in=("01", "02"))),
        )
        called = tuple(kinds.title(code) for code in codes)
        found.append(Committees(type_, called, here.count(), **held))
    return found


def _by_community(act: Act, area: Area, type_: str, day: date) -> dict[int, str]:
    """The communities of an area that have a committee of a type that day, with its kind."""
    rows = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.committees(type_)
    )
    pairs = rows.values_list("area", "kind")
    return {places.community_of(lo) or lo: kind for lo, kind in pairs}


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


def averages(act: Act, area: Area, types: tuple[str, ...], day: date) -> Averages:
    """Average size of the communities of one type; asked for both types together it refuses (R008)."""
    try:
        type_ = rules.one_type(types)
    except rules.Unfit as unfit:
        raise Refusal(MIXED, field="type", code="mixed") from unfit
    here = _by_community(act, area, type_, day)
    households, residents = _households(act, area, day), _residents(act, area, day)
    return Averages(
        type_,
        Average(sum(households[lo] for lo in here), len(here)),
        Average(sum(residents[lo] for lo in here), len(here)),
    )


@dataclass(frozen=True, slots=True)
class Sized:
    """A community against the norm of its kind: how many households, which bounds, `small` or `large`."""

    area: Area
    households: int
    low: int
    high: int
    verdict: str


def sizes(act: Act, area: Area, day: date) -> list[Sized]:
    """Communities outside the norm in force that day, smallest first (R006)."""
    households, found = _households(act, area, day), []
    for type_ in rules.TYPES:
        for lo, kind in _by_community(act, area, type_, day).items():
            norm = kinds.section().committee_size(kind, day)
            verdict = rules.judged(households[lo], norm.low, norm.high) if norm else ""
            if norm is not None and verdict:
                place = places.area(lo)
                found.append(Sized(place, households[lo], norm.low, norm.high, verdict))
    return sorted(found, key=lambda each: (each.households, each.area.pk))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a whole are covered, and which are not."""

    covered: int
    missing: tuple[Area | Building | Organisation, ...]

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
    seated = Organisation.objects.filter(within(act) & inside(area), present(day), kind__in=codes)
    stations = Station.objects.filter(
        within(act) & inside(area), present(day), organisation__kind__in=codes
    )
    areas = set(seated.values_list("area", flat=True)) | set(
        stations.values_list("area", flat=True)
    )
    buildings = stations.filter(building__isnull=False).values_list("building", flat=True)
    return areas, {each for each in buildings if each is not None}


def guidance_stations(act: Act, area: Area, day: date) -> Coverage:
    """Streets with a Party guidance station, and those without (R024: one for each street)."""
    at_work, _buildings = _at_work(act, area, [GUIDANCE], day)
    streets = [each for each in [area, *places.descendants(area)] if each.level == Level.STREET]
    streets = [each for each in streets if act.sees(each.pk)]
    with_one = {places.street_of(lo) for lo in at_work}
    missing = tuple(each for each in streets if each.pk not in with_one)
    return Coverage(len(streets) - len(missing), missing)


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


def without_party(act: Act, area: Area, day: date) -> Coverage:
    """New economic and social organisations that no Party organisation covers, alone or joint (R031)."""
    rows = Organisation.objects.filter(
        within(act) & inside(area), present(day), kind__in=kinds.covered()
    )
    covering = Organisation.objects.filter(present(day), kind__in=kinds.of_family(Family.PARTY))
    alive = set(covering.values_list("pk", flat=True))
    missing = tuple(each for each in rows.order_by("pk") if each.more.get("party") not in alive)
    return Coverage(rows.count() - len(missing), missing)


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
