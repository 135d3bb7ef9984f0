"""Where a home stood before: its moves, who made them and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _t

from linli.capabilities.registry.models import Building, Home
from linli.capabilities.registry.selectors.dossier import names_of
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact, Words
from linli.kernel.places import selectors as areas

VERBS = ("registry.places.move_home", "registry.places.move_home_back")
MOST = 20


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a home; `open` when it is the last and can still be undone."""

    fact: int
    at: datetime
    who: str
    reason: str
    before: str
    after: str
    back: bool
    open: bool


def moves(act: Act, home: Home) -> list[Move]:
    """The moves of a home, the newest first; four statements."""
    rows = Fact.objects.filter(subject_type="registry.home", subject_id=home.pk, verb__in=VERBS)
    facts = list(rows.order_by("-id")[:MOST])
    if not facts:
        return []
    reasons = dict(
        Words.objects.filter(fact__in=facts, name="reason").values_list("fact_id", "body")
    )
    names = names_of({fact.actor for fact in facts})
    buildings = Building.objects.in_bulk(
        {fact.data[end][1] for fact in facts for end in ("from", "to")}
    )

    def said(end: list[int]) -> str:
        area, building = end
        known = buildings.get(building)
        told = {"building": known.address if known else "", "area": areas.near_name(area)}
        return _t("%(building)s（%(area)s）") % told

    return [
        Move(
            fact=fact.pk,
            at=fact.at,
            who=names.get(fact.actor, ""),
            reason=reasons.get(fact.pk, ""),
            before=said(fact.data["from"]),
            after=said(fact.data["to"]),
            back=fact.verb == VERBS[1],
            open=fact is facts[0] and fact.verb == VERBS[0],
        )
        for fact in facts
    ]
