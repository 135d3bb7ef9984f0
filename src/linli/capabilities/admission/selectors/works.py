"""Work on the burden as pages read it: by kind with its progress, coverage, hours by group, use of systems, money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from linli.capabilities.admission.models import (
    Demand,
    Hours,
    ItemVersion,
    Payment,
    Placement,
    Step,
    Usage,
    Work,
)
from linli.capabilities.admission.rules.works import share
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.selectors.sight import inside, mine, within
from linli.kernel.acts import Act
from linli.kernel.files import selectors as files
from linli.kernel.measures import months
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

PAGE = 50
USED_MONTHS = 3
INSIDE = ("appraisal", "campaign")


def _sight(act: Act) -> Q:
    found = mine(act) | Q(kind__in=INSIDE)
    return found | Q(pk__in=Step.objects.filter(mine(act, "unit_id", "owner_id")).values("work"))


def listed(act: Act, kind: str, after: int | None = None) -> list[Work]:
    """Works of a kind in sight with how many steps are done, newest first, one more than a page."""
    rows = Work.objects.filter(_sight(act), kind=kind).select_related("unit", "area")
    if after:
        rows = rows.filter(pk__lt=after)
    told = rows.annotate(n=Count("steps"), did=Count("steps", filter=Q(steps__done__isnull=False)))
    return list(told.order_by("-id")[: PAGE + 1])


def one(act: Act, pk: int) -> Work | None:
    """One work in sight."""
    return Work.objects.filter(_sight(act), pk=pk).select_related("unit", "area").first()


def steps(work: Work) -> list[Step]:
    """The steps of a work in the scope in force, what is open first."""
    rows = work.steps.select_related("area", "unit")
    return list(rows.order_by("done", "due", "id")[:400])


def step(pk: int) -> Step | None:
    """One step in the scope in force."""
    return Step.objects.select_related("work", "area", "unit").filter(pk=pk).first()


def evidence(steps: Iterable[Step]) -> dict[int, tuple[str, str]]:
    """What was handed in with steps that were read: the name of the file and where it opens, by step (one statement)."""
    found = files.of("admission.step", [each.pk for each in steps])
    told = {f.owner_id: files.shown(f.pk, f.name, f.media_type) for f in found}
    return {key: (one["name"], one["href"]) for key, one in told.items()}


def coverage(act: Act) -> tuple[int, int]:
    """How many of the streets in sight have joined hands with their communities, of how many (R061)."""
    streets = [a for a in places.at_level(Level.STREET) if act.sees(a.pk)]
    rows = Work.objects.filter(within(act), kind="interaction", state=Work.State.CLOSED)
    return rows.values("area").distinct().count(), len(streets)


@dataclass(frozen=True, slots=True)
class Spent:
    """Hours of a month by group, and the share of administrative work in hundredths (R091)."""

    groups: Mapping[str, Decimal]
    hours: Decimal
    share: Decimal | None


def spent(act: Act, first: date, area: Area | None = None) -> Spent:
    """What hours in sight went to in a month (one statement)."""
    rows = _hours(act, first, area).values("group").annotate(n=Sum("hours"))
    return _spent((row["group"], row["n"]) for row in rows)


def _hours(act: Act, first: date, area: Area | None) -> QuerySet[Hours]:
    last = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    rows = Hours.objects.filter(within(act) | Q(account=act.actor), day__gte=first, day__lt=last)
    return rows.filter(inside(area)) if area is not None else rows


def _spent(told: Iterable[tuple[str, Decimal]]) -> Spent:
    groups = dict(told)
    heavy = {g.code for g in section().time_log.groups if g.administrative}
    whole = sum(groups.values(), Decimal(0))
    part = sum((n for code, n in groups.items() if code in heavy), Decimal(0))
    return Spent(groups, whole, share(part, whole))


def spent_by_community(act: Act, first: date) -> list[tuple[int, Spent]]:
    """The same of each community that logged, the most administrative first (one statement)."""
    rows = _hours(act, first, None).values("area", "group").annotate(n=Sum("hours"))
    held: dict[int, list[tuple[str, Decimal]]] = {}
    for row in rows:
        held.setdefault(row["area"], []).append((row["group"], row["n"]))
    found = [(area, _spent(told)) for area, told in held.items()]
    return sorted(found, key=lambda each: (-(each[1].share or 0), each[0]))


def own_hours(act: Act, day: date) -> list[Hours]:
    """What the actor logged for a day."""
    return list(Hours.objects.filter(account=act.actor, day=day).order_by("id"))


@dataclass(frozen=True, slots=True)
class Used:
    """One system of the communities in sight: how many have it, how it was used lately, what became events (R100)."""

    title: str
    communities: int
    key: int
    times: int
    found: int
    handed: int

    @property
    def idle(self) -> bool:
        """Built and not used."""
        return not self.times


def systems(act: Act, today: date) -> list[Used]:
    """Systems standing in sight by title, idle ones first (two statements)."""
    standing = Placement.objects.filter(mine(act), kind="system", until__isnull=True)
    first = months(today, USED_MONTHS)[0]
    sums = {name: Sum(name) for name in ("times", "found", "handed")}
    used: dict[str, Any] = {
        row["placement__title"]: row
        for row in Usage.objects.filter(within(act), month__gte=first)
        .values("placement__title")
        .annotate(**sums)
    }
    found: list[tuple[str, int, set[int]]] = []
    for title, key, area in standing.values_list("title", "id", "area").order_by("title", "id"):
        if found and found[-1][0] == title:
            found[-1][2].add(area)
        else:
            found.append((title, key, {area}))
    rows = []
    for title, key, areas in found:
        told = used.get(title, {})
        lately = {name: int(told.get(name) or 0) for name in sums}
        rows.append(Used(title, len(areas), key, **lately))
    return sorted(rows, key=lambda each: (each.times, each.title))


def usages(act: Act, today: date, most: int = 20_000) -> list[Usage]:
    """How the systems in sight were used in the last twelve months, newest first (one statement)."""
    rows = Usage.objects.filter(within(act), month__gte=months(today, 12)[0])
    rows = rows.select_related("placement", "area").order_by("-month", "placement__title", "area")
    return list(rows[:most])


@dataclass(frozen=True, slots=True)
class Funded:
    """A funded item in a community this year: what it is worth, how often it was delivered, what was paid (R073)."""

    item: int
    code: str
    title: str
    area: int
    yearly: Decimal
    delivered: int
    paid: Decimal

    @property
    def left(self) -> Decimal:
        """What is still owed."""
        return max(Decimal(0), self.yearly - self.paid)


def funded(act: Act, year: int, most: int = 300) -> list[Funded]:
    """Funded items that were delivered this year in sight, what is owed first (three statements)."""
    done = Demand.objects.filter(
        mine(act), state=Demand.State.DELIVERED, delivered__year=year, ticket__item__isnull=False
    )
    counted = done.values("ticket__item", "area").annotate(n=Count("id"))
    keys = {row["ticket__item"] for row in counted}
    said: dict[int, ItemVersion] = {}
    versions = ItemVersion.objects.filter(item__in=keys).select_related("item")
    for version in versions.order_by("number"):
        said[version.item_id] = version
    paid = {
        (row["item"], row["area"]): row["n"]
        for row in Payment.objects.filter(mine(act), item__in=keys, year=year)
        .values("item", "area")
        .annotate(n=Sum("amount"))
    }
    rows = [
        Funded(
            item,
            said[item].item.code,
            said[item].title,
            row["area"],
            said[item].yearly,
            row["n"],
            paid.get((item, row["area"]), Decimal(0)),
        )
        for row in counted
        if said[item := row["ticket__item"]].yearly
    ]
    return sorted(rows, key=lambda each: (-each.left, each.code, each.area))[:most]
