"""What a list is narrowed to: its tab, its conditions, its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.rules import key_of
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import of_post
from linli.capabilities.matters.suggest import query_tokens
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, level_of

SEARCH_MOST = 2000
_WIDE = frozenset({Level.PROVINCE, Level.CITY, Level.DISTRICT})
_NUMBER = re.compile(r"(?=\D*\d)[A-Za-z0-9-]{5,40}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; every field is one query parameter."""

    show: str = "open"  # open | todo | offered | overdue | soon | waiting | mine | closed | all
    state: str = ""
    group: str = ""
    code: str = ""
    channel: str = ""
    unit: int | None = None
    area: int | None = None
    q: str = ""
    since: date | None = None
    until: date | None = None
    on_time: str = ""  # yes | no | any: it was judged at all
    satisfied: str = ""  # yes | no | any: it was rated at all
    again: str = ""  # yes: done in more than one round
    loose: str = ""  # grid: at the place itself, on no grid below it | community | unit: in none
    sort: str = "new"  # new | due

    def query(self, **changes: Any) -> str:
        """The filter as a query string."""
        names = [f for f in self.__dataclass_fields__]
        values = {n: changes.get(n, getattr(self, n)) for n in names}
        blank = Filters()
        return urlencode(
            {n: v for n, v in values.items() if v != getattr(blank, n) and v is not None}
        )


def shown(act: Act, rows: QuerySet[Matter], f: Filters, now: datetime) -> QuerySet[Matter]:
    """The rows of a tab."""
    is_open = Q(closed__isnull=True)
    arms: dict[str, Q] = {
        "open": is_open,
        "todo": is_open & Q(unit=act.unit) & of_post(act) & ~Q(state="waiting"),
        "mine": is_open & Q(assignee=act.actor),
        "waiting": Q(state="waiting"),
        "verify": Q(state="handled"),
        "overdue": is_open & Q(next_due__lt=now),
        "soon": is_open & Q(next_due__gte=now, next_due__lt=now + timedelta(days=1)),
        "closed": Q(closed__isnull=False),
        "late": Q(on_time=False),
        "undone": is_open & Q(handled__isnull=True, due__lt=now),
    }
    return rows.filter(arms[f.show]) if f.show in arms else rows


def narrowed(act: Act, rows: QuerySet[Matter], f: Filters) -> QuerySet[Matter]:
    """Rows under every condition besides the tab; also what figures are counted over."""
    exact = {"state": f.state, "code": f.code, "channel": f.channel, "unit": f.unit}
    rows = rows.filter(**{k: v for k, v in exact.items() if v})
    if f.group:
        rows = rows.filter(code__in=codes_in(f.group))
    if f.since:
        rows = rows.filter(opened__gte=_midnight(f.since))
    if f.until:
        rows = rows.filter(opened__lt=_midnight(f.until + timedelta(days=1)))
    if f.on_time:
        rows = rows.filter(_JUDGED[f.on_time])
    if f.again:
        rows = rows.filter(round__gt=1)
    return _searched(act, _rated(_placed(rows, f), f.satisfied), f.q.strip())


_JUDGED = {"yes": Q(on_time=True), "no": Q(on_time=False), "any": Q(on_time__isnull=False)}


_NOWHERE = {"community": Q(community__isnull=True), "unit": Q(unit__isnull=True)}


def _placed(rows: QuerySet[Matter], f: Filters) -> QuerySet[Matter]:
    if f.loose in _NOWHERE:
        rows = rows.filter(_NOWHERE[f.loose])
    if f.area and f.loose == "grid":
        return rows.filter(area=f.area)
    if f.area:
        span = places.span(f.area)
        return rows.filter(area__gte=span.lo, area__lt=span.hi)
    return rows


def _rated(rows: QuerySet[Matter], satisfied: str) -> QuerySet[Matter]:
    if not satisfied:
        return rows
    good = [g.value for g in names().policy.ratings.grades if g.satisfied]
    rows = rows.filter(rating__isnull=False)
    if satisfied == "any":
        return rows
    return rows.filter(rating__in=good) if satisfied == "yes" else rows.exclude(rating__in=good)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def codes_in(group: str) -> list[str]:
    """The codes of a group's entries."""
    policy = names().policy
    both: Iterable[Any] = (*policy.items, *policy.classes)
    return [e.code for e in both if e.group == group]


def _searched(act: Act, rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    """By our number, by the hotline's number, or by words.

    Up to a street the words are a filter on the list's own index; for a district or a city the word index is asked
    through one function that applies the scope itself, for the newest two thousand that hold them all.
    """
    if not words:
        return rows
    key = key_of(words)
    if key is not None:
        return rows.filter(pk=key)
    if _NUMBER.fullmatch(words):
        return rows.filter(external=words)
    wanted = query_tokens(words)
    if not wanted:
        return rows.none()
    if not any(level_of(span.lo) in _WIDE for span in act.spans):
        return rows.filter(tokens__contains=wanted)
    return rows.filter(pk__in=RawSQL("SELECT matters_search(%s, %s)", [wanted, SEARCH_MOST]))
