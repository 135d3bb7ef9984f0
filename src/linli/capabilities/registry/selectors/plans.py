"""What a change of communities would come to before it is approved: households, staff and facilities against the norm (R007)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Estate, Facility, Holding, Household, Residence
from linli.capabilities.registry.policy.places import CommitteeSize
from linli.capabilities.registry.rules.organisations import judged
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import present
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.access.selectors import grid_staffing
from linli.kernel.acts import Act, Span
from linli.kernel.places import hanging
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rezoning import Blueprint
from linli.kernel.places.rules import Level, kind_of

Ref = int | str


@dataclass(frozen=True, slots=True)
class Load:
    """What a community has to carry, and with whom and what."""

    households: int = 0
    residents: int = 0
    staff: int = 0
    facilities: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(*(a + b for a, b in zip(self.figures, other.figures, strict=True)))

    def __sub__(self, other: Load) -> Load:
        return Load(*(a - b for a, b in zip(self.figures, other.figures, strict=True)))

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """The four counts."""
        return self.households, self.residents, self.staff, self.facilities

    @property
    def per_worker(self) -> float | None:
        """Households for each member of the committee and each grid worker; none without staff."""
        return round(self.households / self.staff, 1) if self.staff else None

    @property
    def per_thousand(self) -> float | None:
        """Facilities for a thousand households; none without households."""
        return round(1000 * self.facilities / self.households, 1) if self.households else None


@dataclass(frozen=True, slots=True)
class Flow:
    """What leaves one community for another, which may be still to be made."""

    source: int
    to: Ref
    load: Load


@dataclass(frozen=True, slots=True)
class Weighed:
    """A community before and after; `norm` is the size in force for its kind."""

    name: str
    before: Load
    after: Load
    norm: CommitteeSize | None
    ends: bool = False

    def verdict(self, load: Load) -> str:
        """Whether so many households are `small` or `large`, or within the norm (empty)."""
        return judged(load.households, self.norm.low, self.norm.high) if self.norm else ""

    @property
    def changes(self) -> bool:
        """Whether anything of it changes."""
        return self.before != self.after or self.ends


Counts = dict[int, Load]


def counted(act: Act, top: Area, day: date) -> Counts:
    """What stands on each area's own number inside an area (five statements)."""
    found: dict[int, Load] = defaultdict(Load)
    here = within(act) & inside(top) & present(day)
    for name, rows in (
        ("households", Household.objects.filter(here)),
        ("residents", Residence.objects.filter(here, lives=True)),
        ("staff", Holding.objects.filter(here, _members())),
        ("facilities", Facility.objects.filter(here)),
    ):
        for lo, n in rows.values_list("area").annotate(n=Count("pk")).order_by():
            found[lo] += replace(Load(), **{name: n})
    for lo, staffing in grid_staffing(act, day).items():
        if top.pk <= lo < top.hi:
            found[lo] += Load(staff=staffing.heads + staffing.workers)
    return found


def _members() -> Q:
    """Members of committees; reserves and whoever keeps in touch from outside are none."""
    committee = Q(organisation__kind__in=kinds.committees())
    return committee & ~Q(post__in=kinds.beside())


def _inside(counts: Counts, span: Span) -> Load:
    return sum((load for lo, load in counts.items() if lo in span), Load())


def estates_load(act: Act, estates: Iterable[int], day: date) -> dict[int, Load]:
    """Households and residents of some estates (two statements)."""
    ids = list(estates)
    found: dict[int, Load] = defaultdict(Load)
    here = within(act) & present(day) & Q(home__building__estate__in=ids)
    households = Household.objects.filter(here).values_list("home__building__estate")
    for pk, n in households.annotate(n=Count("pk")).order_by():
        found[pk] += Load(households=n)
    residents = Residence.objects.filter(here, lives=True).values_list("home__building__estate")
    for pk, n in residents.annotate(n=Count("pk")).order_by():
        found[pk] += Load(residents=n)
    return found


def weigh(
    top: Area,
    counts: Counts,
    flows: Sequence[Flow],
    day: date,
    *,
    fresh: dict[str, tuple[str, str]] | None = None,
    ended: Iterable[int] = (),
) -> list[Weighed]:
    """Every community of an area before and after some flows; new ones (key → name, kind) begin with nothing."""
    gone, found = set(ended), []
    communities = [each for each in [top, *places.descendants(top)] if each.level == "community"]
    for each in communities:
        before = _inside(counts, each.span)
        after = before + _net(flows, each.pk)
        norm = _norm(each.kind, day)
        found.append(Weighed(each.name, before, after, norm, each.pk in gone))
    for key, (name, kind) in (fresh or {}).items():
        found.append(Weighed(name, Load(), _net(flows, key), _norm(kind, day)))
    return found


def _net(flows: Sequence[Flow], ref: Ref) -> Load:
    total = Load()
    for flow in flows:
        if flow.source != flow.to:
            total = total + flow.load if flow.to == ref else total
            total = total - flow.load if flow.source == ref else total
    return total


def _norm(kind: str, day: date) -> CommitteeSize | None:
    if kind not in ("urban", "rural"):
        kind = "urban"
    codes = kinds.committees(kind)
    return kinds.section().committee_size(codes[0], day) if codes else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that can go to another community: a grid or an estate, by its key."""

    key: str
    name: str
    community: int
    load: Load
    grid: int | None = None


def pieces(act: Act, top: Area, counts: Counts, day: date) -> list[Piece]:
    """The grids of an area, and the estates with people in them (three statements)."""
    grids = [
        Piece(
            f"g{each.pk}",
            each.name,
            places.community_of(each.pk) or each.pk,
            _inside(counts, each.span),
        )
        for each in places.descendants(top, Level.GRID)
    ]
    rows = Estate.objects.filter(within(act) & inside(top), until__isnull=True)
    estates = list(rows.order_by("area", "name"))
    loads = estates_load(act, [each.pk for each in estates], day)
    return grids + [
        Piece(
            f"e{e.pk}",
            e.name,
            places.community_of(e.area_id) or e.area_id,
            loads[e.pk],
            places.grid_of(e.area_id),
        )
        for e in estates
    ]


def flows_of(chosen: dict[str, int], known: Iterable[Piece]) -> list[Flow]:
    """The flows that choices come to; an estate whose grid goes is counted with its grid."""
    return [
        Flow(each.community, chosen[each.key], each.load)
        for each in known
        if chosen.get(each.key, each.community) != each.community and f"g{each.grid}" not in chosen
    ]


def foreseen(act: Act, drawn: Blueprint, day: date) -> list[Weighed]:
    """What a rezoning's blueprint comes to, community by community; those that do not change are left out."""
    top = _around(drawn)
    if top is None:
        return []
    counts = counted(act, top, day)
    flows = _blueprint_flows(act, drawn, counts, day)
    fresh = {
        each.key: (each.name, each.kind or kind_of(each.code))
        for each in drawn.fresh
        if each.level == Level.COMMUNITY and each.old is None
    }
    ended = [lo for lo, _to in drawn.dissolved]
    found = weigh(top, counts, flows, day, fresh=fresh, ended=ended)
    return [each for each in found if each.changes]


def _around(drawn: Blueprint) -> Area | None:
    """The smallest area around all that a blueprint touches."""
    refs: list[Ref] = [ref for pair in (*drawn.moved, *drawn.dissolved) for ref in pair]
    refs += [ref for to, area, _names in drawn.parcels for ref in (to, area)]
    touched = [ref for ref in refs if isinstance(ref, int)]
    touched += [e.under for e in drawn.fresh if isinstance(e.under, int)]
    chains = [[each.pk for each in [*places.ancestors(lo), places.area(lo)]] for lo in touched]
    common = [pk for pk in chains[0] if all(pk in chain for chain in chains)] if chains else []
    return places.area(common[-1]) if common else None


def _blueprint_flows(act: Act, drawn: Blueprint, counts: Counts, day: date) -> list[Flow]:
    """Parcels and grids by where they go; what is left of a dissolved community goes last."""
    under: dict[str, Ref] = {each.key: each.under for each in drawn.fresh}
    flows: list[Flow] = []
    for to, area, names in drawn.parcels:
        found, _strange = hanging.find(places.area(area), names)
        ids = [pk for _parcels, keys in found for pk in keys]
        load = sum(estates_load(act, ids, day).values(), Load())
        flows.append(Flow(area, _community(to), load))
    for lo, key in drawn.moved:
        source = places.community_of(lo)
        if source is not None and source != lo:
            flows.append(Flow(source, _community(under[key]), _inside(counts, places.span(lo))))
    for lo, to in drawn.dissolved:
        if places.community_of(lo) == lo:
            left = _inside(counts, places.span(lo)) + _net(flows, lo)
            flows.append(Flow(lo, _community(to), left))
    return flows


def _community(ref: Ref) -> Ref:
    return (places.community_of(ref) or ref) if isinstance(ref, int) else ref


_TOLD: tuple[tuple[Any, Callable[[Load], object]], ...] = (
    (_("户"), lambda load: load.households),
    (_("人"), lambda load: load.residents),
    (_("工作人员"), lambda load: load.staff),
    (_("每名工作人员户数"), lambda load: load.per_worker),
    (_("每千户设施"), lambda load: load.per_thousand),
)
VERDICTS = {"small": _("偏小"), "large": _("偏大"), "": _("在标准内")}


def told(act: Act, drawn: Blueprint) -> list[str]:
    """The same in lines, for whoever applies a plan by command."""
    day = timezone.localdate(act.at)
    lines = []
    for each in foreseen(act, drawn, day):
        parts = [
            _t("%(what)s %(before)s → %(after)s")
            % {"what": title, "before": _or(of(each.before)), "after": _or(of(each.after))}
            for title, of in _TOLD
        ]
        if each.norm is not None and not each.ends:
            said: dict[str, Any] = {"low": each.norm.low, "high": each.norm.high}
            said["verdict"] = VERDICTS[each.verdict(each.after)]
            parts.append(_t("标准 %(low)s–%(high)s 户，%(verdict)s") % said)
        lines.append(_t("%(name)s：%(what)s") % {"name": each.name, "what": _t("，").join(parts)})
    return lines


def _or(figure: object) -> object:
    return "—" if figure is None else figure
