"""Layers of the desk's map: what is entered in ledgers and has a place, kind by kind (R095)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Entry
from linli.capabilities.tables.policy import EntryKind, OnMap
from linli.capabilities.tables.selectors import entries
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers, selectors
from linli.ui.manifest import Layer, Spot

LATE = _("已过结束日期")


def layers(act: Act) -> Iterator[Layer]:
    """Kinds of entries that stand on the map, for whoever reads ledgers."""
    if act.spans and act.may(LEDGERS.code):
        for kind in entries.kinds().values():
            if kind.map is not None:
                yield _layer(act, kind, kind.map)


def _layer(act: Act, kind: EntryKind, shown: OnMap) -> Layer:
    today, title = timezone.localdate(act.at), entries.title_of(kind.code)
    rows = standing(act, kind, shown, today)
    placed = rows.filter(body__has_key="at")
    return Layer(
        code=kind.code,
        title=title,
        label=_t("%(what)s在哪里") % {"what": title},
        legend=_legend(kind, shown),
        spots=lambda most: [
            spot(kind, row, today) for row in placed.order_by("-day", "-id")[:most]
        ],
        count=lambda most: placed[:most].count(),
        lost=lambda most: rows.exclude(body__has_key="at")[:most].count(),
        whole=reverse("tables:ledger", args=[f"set-{kind.code}"]),
    )


def standing(act: Act, kind: EntryKind, shown: OnMap, today: date) -> QuerySet[Entry]:
    """Entries in sight that are not over, or have been for a short while."""
    here = Q(pk__in=[])
    for span in act.spans:
        here |= Q(area__gte=span.lo, area__lt=span.hi)
    rows = Entry.objects.filter(here, kind=kind.code, struck=False)
    if shown.days is None:
        return rows
    fresh = Q(day__gt=today - timedelta(days=shown.days))
    if shown.state is None:
        return rows.filter(fresh)
    over = Q(**{f"body__{entries.key_of(shown.state)}__in": list(shown.closed)})
    return rows.filter(fresh | ~over)


def spots_of(act: Act, row: Entry) -> list[Spot]:
    """One entry for a map: nothing where it does not stand on one."""
    kind = entries.kinds()[row.kind]
    known = kind.map is not None and entries.point_of(row.body) is not None
    return [spot(kind, row, timezone.localdate(act.at))] if known else []


def spot(kind: EntryKind, row: Entry, today: date) -> Spot:
    """An entry as it stands on a map; its kind is one that does."""
    lon, lat = entries.point_of(row.body) or (0.0, 0.0)
    place = _said(row.body, kind.map.at) if kind.map else ""
    state, tone = _state(kind.map, row.body, today) if kind.map else ("", "info")
    return Spot(
        lon=lon,
        lat=lat,
        title=_said(row.body, kind.name),
        href=reverse("tables:entry", args=[row.pk]),
        text=" · ".join(filter(None, (row.day.isoformat(), place))),
        state=state,
        tone=tone,
    )


def _state(shown: OnMap, body: dict[str, Any], today: date) -> tuple[str, str]:
    """How an entry stands in words, and its tone; one that should be over by now is late."""
    if shown.state is None:
        return "", "info"
    code = str(body.get(entries.key_of(shown.state), ""))
    until = str(body.get(entries.key_of(shown.until), "")) if shown.until else ""
    if until and until < today.isoformat() and code not in shown.closed:
        return str(LATE), "warn"
    return _said(body, shown.state), shown.tones.get(code, "info")


def _said(body: dict[str, Any], element: str) -> str:
    return offers.shown(selectors.element(element), body.get(entries.key_of(element), ""))


def _legend(kind: EntryKind, shown: OnMap) -> tuple[tuple[Any, str], ...]:
    if shown.state is None:
        return ((entries.title_of(kind.code), "info"),)
    choices = selectors.choices(selectors.element(shown.state).table or "")
    told: list[tuple[Any, str]] = [(title, shown.tones.get(c, "info")) for c, title in choices]
    return (*told, (LATE, "warn")) if shown.until else tuple(told)
