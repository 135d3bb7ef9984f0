"""The burden index: counted from what was sent, held and set up, month by month, never typed (R080, R090, R098)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from linli.capabilities.admission.models import Demand, Occasion, Placement
from linli.capabilities.admission.rules import Growth, Load, duplicates, growth
from linli.capabilities.admission.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places.models import Area

MONTHS = 6
SENT = (
    Demand.State.RECEIVED,
    Demand.State.ACCEPTED,
    Demand.State.DELIVERED,
    Demand.State.DECLINED,
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an area: its load, what grew under another name since the month before."""

    first: date
    load: Load
    grew: list[Growth]


@dataclass(slots=True)
class _Tally:
    tables: int = 0
    fields: int = 0
    by_hand: int = 0
    declined: int = 0
    hours: Decimal = Decimal(0)
    kinds: Counter[str] = field(default_factory=Counter)
    asked: dict[int, list[tuple[int, list[str]]]] = field(default_factory=lambda: defaultdict(list))


def months(last: date, count: int = MONTHS) -> list[date]:
    """The first days of the last months, oldest first."""
    found = [last.replace(day=1)]
    while len(found) < count:
        year, month = found[0].year, found[0].month
        found.insert(0, date(year - (month == 1), (month - 2) % 12 + 1, 1))
    return found


def _after(first: date) -> date:
    return date(first.year + (first.month == 12), first.month % 12 + 1, 1)


def _arm(act: Act, area: Area | None) -> Q:
    return within(act) & inside(area) if area is not None else within(act)


def _demands(
    act: Act, area: Area | None, first: date
) -> Iterable[tuple[date, int, int, str, str, list[str], int | None, Decimal]]:
    rows = Demand.objects.filter(_arm(act, area), issued__date__gte=first, state__in=SENT)
    names = ("area_id", "unit_id", "kind", "state", "fields", "by_hand", "hours")
    for issued, *rest in rows.values_list("issued__date", *names):
        yield issued, *rest


def index(act: Act, last: date, area: Area | None = None, count: int = MONTHS) -> list[Month]:
    """The months of an area, or of all the actor's; three statements."""
    firsts = months(last, count)
    tallies = {first: _Tally() for first in firsts}
    for day, place, unit, kind, state, fields, by_hand, hours in _demands(act, area, firsts[0]):
        tally = tallies.get(day.replace(day=1))
        if tally is None:
            continue
        if state == Demand.State.DECLINED:
            tally.declined += 1
            continue
        if kind in ("table", "ledger"):
            tally.tables += 1
            tally.fields += len(fields)
            tally.by_hand += len(fields) if by_hand is None else by_hand
            tally.asked[place].append((unit, fields))
        tally.hours += hours
    held = Occasion.objects.filter(_arm(act, area), day__gte=firsts[0]).exclude(
        state__in=(Occasion.State.MERGED, Occasion.State.CANCELLED)
    )
    for day, kind, hours, people in held.values_list("day", "kind", "hours", "people"):
        tally = tallies.get(day.replace(day=1))
        if tally is not None:
            tally.kinds[kind] += 1
            tally.hours += hours * people
    systems = list(
        Placement.objects.filter(_arm(act, area), kind=Placement.Kind.SYSTEM).values_list(
            "since", "until"
        )
    )
    return _told(firsts, tallies, systems)


def _told(
    firsts: list[date], tallies: dict[date, _Tally], systems: list[tuple[date, date | None]]
) -> list[Month]:
    found: list[Month] = []
    for first in firsts:
        tally, after = tallies[first], _after(first)
        load = Load(
            tables=tally.tables,
            fields=tally.fields,
            by_hand=tally.by_hand,
            hours=tally.hours,
            duplicates=sum(len(duplicates(asked)) for asked in tally.asked.values()),
            meetings=tally.kinds["meeting"],
            inspections=tally.kinds["inspection"],
            contests=tally.kinds["contest"],
            systems=sum(s < after and (u is None or u >= first) for s, u in systems),
            declined=tally.declined,
        )
        found.append(Month(first, load, growth(found[-1].load, load) if found else []))
    return found


def causes(act: Act, first: date, area: Area | None = None) -> list[tuple[int, int, Decimal]]:
    """Who causes it in a month: unit, how often, hours; most hours first (two statements)."""
    after = _after(first)
    times: Counter[int] = Counter()
    hours: dict[int, Decimal] = defaultdict(Decimal)
    sent = Demand.objects.filter(
        _arm(act, area), issued__date__gte=first, issued__date__lt=after, state__in=SENT
    ).exclude(state=Demand.State.DECLINED)
    for unit, each in sent.values_list("unit_id", "hours"):
        times[unit] += 1
        hours[unit] += each
    held = Occasion.objects.filter(_arm(act, area), day__gte=first, day__lt=after).exclude(
        state__in=(Occasion.State.MERGED, Occasion.State.CANCELLED)
    )
    for unit, each, people in held.values_list("unit_id", "hours", "people"):
        times[unit] += 1
        hours[unit] += each * people
    return sorted(((u, times[u], hours[u]) for u in times), key=lambda row: (-row[2], row[0]))
