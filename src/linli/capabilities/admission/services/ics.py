"""Occasions as a calendar file, for whoever is called to them (R081, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _t
from icalendar import Calendar, Event

from linli.capabilities.admission.models import Occasion
from linli.kernel.acts import Act
from linli.ui.spoken import said

GONE = (Occasion.State.MERGED, Occasion.State.CANCELLED)


def ics(act: Act, rows: Iterable[Occasion], *, host: str) -> bytes:
    """A file that every calendar reads; what was merged or cancelled takes itself away there."""
    made = Calendar()
    made.add("prodid", "-//linli//admission//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", _t("会议和检查"))
    for row in rows:
        made.add_component(_event(act, row, host))
    return bytes(made.to_ical())


def _event(act: Act, row: Occasion, host: str) -> Event:
    event = Event()
    event.add("uid", f"occasion-{row.pk}@{host}")
    event.add("dtstamp", act.at)
    event.add("dtstart", row.day)
    event.add("dtend", row.day + timedelta(days=1))
    event.add("summary", f"{row.get_kind_display()} · {row.title}")
    if row.place:
        event.add("location", row.place)
    told = _t("%(unit)s → %(place)s，每个社区 %(people)s 人，%(hours)s 小时")
    values = {
        "unit": said(row.unit.name),
        "place": row.area.name,
        "people": row.people,
        "hours": row.hours,
    }
    event.add("description", told % values)
    event.add("status", "CANCELLED" if row.state in GONE else _status(row))
    return event


def _status(row: Occasion) -> str:
    """What still waits at the street is not settled."""
    return "TENTATIVE" if row.state == Occasion.State.WAITING else "CONFIRMED"
