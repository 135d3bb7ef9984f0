"""Objections, those that wait first."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.capabilities.registry.models import Objection
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act


def raised(key: int) -> Objection | None:
    """One objection in the scope in force."""
    return Objection.objects.filter(pk=key).first()


def waiting(act: Act) -> QuerySet[Objection]:
    """The open objections in the actor's areas, oldest first."""
    rows = Objection.objects.filter(within(act), state=Objection.State.OPEN)
    return rows.select_related("person").order_by("id")
