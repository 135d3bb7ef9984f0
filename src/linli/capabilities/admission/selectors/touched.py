"""Which months of which communities facts speak of: where something came down, was answered or held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from linli.capabilities.admission.models import Demand, Occasion

DEMANDS = ("admission.decline", "admission.reconsider", "admission.deliver")
TICKETS = ("admission.demand", "admission.issue", "admission.recall")
OCCASIONS = ("admission.schedule", "admission.held", "admission.merge")


def touched(facts: Sequence[Any]) -> tuple[set[int], set[date]]:
    """Communities and first days of months whose burden the facts may have changed (three statements)."""
    demands, tickets, occasions = _told(facts)
    sent = Demand.objects.filter(Q(pk__in=demands) | Q(ticket__in=tickets))
    areas: set[int] = set()
    months: set[date] = set()
    for area, issued, ticket in sent.values_list("area_id", "issued", "ticket_id"):
        areas.add(area)
        tickets.add(ticket)
        if issued is not None:
            months.add(timezone.localdate(issued).replace(day=1))
    called = Occasion.objects.filter(Q(pk__in=occasions) | Q(ticket__in=tickets))
    for area, day in called.values_list("area_id", "day"):
        areas.add(area)
        months.add(day.replace(day=1))
    return (areas, months) if months else (set(), set())


def _told(facts: Sequence[Any]) -> tuple[set[int], set[int], set[int]]:
    demands = {f.subject_id for f in facts if f.verb in DEMANDS}
    demands |= {int(f.data["demand"]) for f in facts if "demand" in f.data}
    tickets = {f.subject_id for f in facts if f.verb in TICKETS and f.subject_id}
    tickets |= {int(f.data["ticket"]) for f in facts if f.verb == "admission.demand"}
    occasions = {f.subject_id for f in facts if f.verb == "admission.held"}
    for fact in facts:
        if fact.verb in OCCASIONS:
            occasions |= {int(key) for key in fact.data.get("occasions", ())}
    return demands, tickets, occasions
