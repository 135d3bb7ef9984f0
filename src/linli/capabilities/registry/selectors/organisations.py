"""Reads of organisations: the directory, one of them with its history, who holds posts today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Assessment,
    Holding,
    Organisation,
    Station,
    Succession,
)
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.selectors.sight import inside, within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.choosing import LISTED
from linli.kernel.places.models import Area
from linli.kernel.places.rules import ROOT
from linli.ui.choosing import Choosing
from linli.ui.manifest import Hit

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the directory is narrowed by; `ended`: old ones too; `party`: `yes` covered by a Party organisation, `no` not."""

    q: str = ""
    kinds: tuple[str, ...] = ()
    label: str = ""
    registered: str = ""
    state: str = ""
    party: str = ""
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
    """Organisations in sight by number; a search finds old names too and says what became of them (two statements)."""
    keys = _keys(filters, after or 0, size + 1)
    known = Organisation.objects.filter(_sight(act)).select_related("area").in_bulk(keys[:size])
    shown = [known[key] for key in keys[:size] if key in known]
    became = _became([each.pk for each in shown if each.until is not None])
    lines = [Line(each, became.get(each.pk)) for each in shown]
    return Directory(lines, keys[size - 1] if len(keys) > size else None)


def _keys(filters: Filters, after: int, most: int) -> list[int]:
    """The keys of a page, from the narrow function that applies the scope itself."""
    asked = "".join(filters.q.split())
    whole = ROOT if filters.area is None else places.span(filters.area)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM registry_directory(%s, %s::text[], %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                asked,
                list(filters.kinds) or None,
                filters.label,
                filters.registered,
                filters.state,
                filters.party,
                filters.ended or bool(asked),
                whole.lo,
                whole.hi,
                after,
                most,
            ],
        )
        return [int(key) for (key,) in cursor.fetchall()]


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


def founded(organisation: Organisation) -> date | None:
    """Since when a body is there, under whatever name it began; none where that is not known."""
    since, key, seen = organisation.since, organisation.pk, set[int]()
    while key not in seen:
        seen.add(key)
        told = Succession.objects.filter(after=key, kind=Succession.Kind.RENAME)
        before = told.values_list("before", "before__since").first()
        if before is None:
            return since
        key, since = before
    return since


def find(act: Act, pk: int) -> Organisation | None:
    """One organisation in sight."""
    rows = Organisation.objects.filter(_sight(act))
    return rows.select_related("area", "parent", "competent").filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Page:
    """One organisation with what belongs to it, today and before; `guests` are in its house or have joined it."""

    organisation: Organisation
    holdings: list[Holding]
    former: list[Holding]
    stations: list[Station]
    guests: list[Station]
    branches: list[Organisation]
    before: list[Succession]
    after: list[Succession]
    judged: dict[tuple[str, int], Assessment]


def page(act: Act, organisation: Organisation, day: date) -> Page:
    """All that a page shows of one organisation on a day (five statements)."""
    holdings = list(
        Holding.objects.filter(organisation=organisation)
        .select_related("delegate_of")
        .order_by("-since", "pk")
    )
    held = [each for each in holdings if rules.Term(each.since, each.until).covers(day)]
    stations = _stations(organisation, day)
    pairs = Succession.objects.filter(Q(after=organisation) | Q(before=organisation))
    told = list(pairs.select_related("before", "after").order_by("on"))
    own = [each for each in stations if each.organisation_id == organisation.pk]
    return Page(
        organisation,
        held,
        [each for each in holdings if each.until is not None and each.until <= day],
        own,
        [each for each in stations if each.host_id == organisation.pk],
        list(Organisation.objects.filter(present(), parent=organisation).order_by("pk")),
        [each for each in told if each.after_id == organisation.pk],
        [each for each in told if each.before_id == organisation.pk],
        _judged([each.pk for each in held], [each.pk for each in own]),
    )


def _stations(organisation: Organisation, day: date) -> list[Station]:
    """Where it is at work, and who is at work in its house."""
    either = Q(organisation=organisation) | Q(host=organisation)
    rows = Station.objects.filter(present(day), either)
    return list(rows.select_related("organisation", "host", "area", "building", "estate"))


def judged(subject: Holding | Station) -> dict[int, Assessment]:
    """The latest assessment of one holder or station, by its key."""
    if isinstance(subject, Holding):
        return {key: each for (_of, key), each in _judged([subject.pk], []).items()}
    return {key: each for (_of, key), each in _judged([], [subject.pk]).items()}


def _judged(
    holdings: Collection[int], stations: Collection[int]
) -> dict[tuple[str, int], Assessment]:
    """The latest assessment of each holder and station, by what it judges and the key."""
    if not holdings and not stations:
        return {}
    rows = Assessment.objects.filter(Q(holding__in=holdings) | Q(station__in=stations))
    found = {}
    for each in rows.order_by("year", "pk"):
        key = ("holding", each.holding_id) if each.holding_id else ("station", each.station_id or 0)
        found[key] = each
    return found


def stationed(act: Act, area: Area, day: date) -> list[Station]:
    """Units at work in an area that are not of it: 驻区单位 and attached branches (R016)."""
    rows = Station.objects.filter(within(act) & inside(area), present(day))
    return list(rows.select_related("organisation", "area", "building").order_by("kind", "pk"))


def holdings(organisation: Organisation, day: date) -> list[Holding]:
    """The posts of an organisation that have not ended by a day."""
    left = Q(until__isnull=True) | Q(until__gt=day)
    return list(Holding.objects.filter(left, organisation=organisation))


def stations(organisation: Organisation) -> list[Station]:
    """Where an organisation is at work besides its own area."""
    either = Q(organisation=organisation) | Q(host=organisation)
    rows = Station.objects.filter(either, until__isnull=True)
    return list(rows.select_related("area", "organisation"))


@dataclass(frozen=True, slots=True)
class Reserve:
    """One of the reserve list, with age and education as far as they are known (R032, R033)."""

    holding: Holding
    age: int | None
    education: str


def reserve(
    act: Act,
    day: date,
    *,
    oldest: int | None = None,
    education: str = "",
    after: int | None = None,
    size: int = LISTED,
) -> tuple[list[Reserve], int | None]:
    """A page of the reserve list in sight, up to an age, of a schooling or higher; and the next page's key."""
    rows = Holding.objects.filter(within(act), present(day), post="reserve")
    last = Holding.objects.filter(pk=after or 0).first()
    if last is not None:
        rows = rows.filter(Q(area__gt=last.area_id) | Q(area=last.area_id, pk__gt=last.pk))
    rows = rows.select_related("organisation", "area", "person").order_by("area", "pk")
    lines = (_reserve(each, day) for each in rows.iterator(size + 1))
    found = list(islice((x for x in lines if _fits(x, oldest, education)), size + 1))
    return found[:size], found[size - 1].holding.pk if len(found) > size else None


def _reserve(held: Holding, day: date) -> Reserve:
    who = held.person
    born = who.born.year if who and who.born else held.more.get("born")
    schooled = (who.education if who else "") or held.more.get("education", "")
    return Reserve(held, day.year - born if born else None, schooled)


def _fits(line: Reserve, oldest: int | None, education: str) -> bool:
    """What is unknown fits no bound."""
    young = oldest is None or (line.age is not None and line.age <= oldest)
    return young and (not education or "0" < line.education[:1] <= education[:1])


def choices(
    act: Act, kinds: Collection[str], *, blank: str | None = None, without: int | None = None
) -> list[tuple[Any, str]] | Choosing:
    """Present organisations of some kinds in sight: a list while it is short, else what finds them by name."""
    asked = Filters(kinds=tuple(kinds))
    keys = _keys(asked, 0, LISTED + 2) if kinds else []
    if len(keys) > LISTED + 1:
        return _choosing(act, asked, without)
    keys = [key for key in keys if key != without]
    rows = Organisation.objects.filter(_sight(act), pk__in=keys).order_by("pk")
    listed: list[tuple[Any, str]] = list(rows.values_list("pk", "name"))
    return listed if blank is None else [("", blank), *listed]


def _choosing(act: Act, asked: Filters, without: int | None) -> Choosing:
    def hits(rows: Iterable[Organisation]) -> list[Hit]:
        return [Hit(o.pk, o.name, o.area.name) for o in rows if o.pk != without]

    def find(text: str, most: int) -> list[Hit]:
        # A former name is found too, but only who is there today can be chosen.
        found = directory(act, replace(asked, q=text), size=most + 1).rows
        return hits(row.organisation for row in found if row.organisation.until is None)[:most]

    def one(key: int) -> Hit | None:
        known = Organisation.objects.filter(_sight(act), pk=key, kind__in=asked.kinds)
        return next(iter(hits(known.filter(present()).select_related("area"))), None)

    return Choosing(find, one, _("名称里的几个字，或统一社会信用代码"), sure=True)
