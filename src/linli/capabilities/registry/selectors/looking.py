"""What leaves a trace: who looked at a person and why, and which steps can still be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from linli.capabilities.registry.models import Bond, Mark, Person
from linli.capabilities.registry.selectors.dossier import names_of
from linli.capabilities.registry.selectors.sight import concerns
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact, Words
from linli.kernel.places.selectors import near_name

LOOKS, UNDOABLE_MOST = 50, 5
UNDO = "registry.undo"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw a protected value, or took the row out of the house, and why."""

    at: datetime
    verb: str
    field: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can still be undone as a whole."""

    fact: int
    verb: str
    at: datetime
    who: str
    mine: bool  # done on ground of one's own: what another community did, only that one undoes
    place: str


def undoable(act: Act, found: Person, verbs: Collection[str]) -> list[Deed]:
    """What was done to somebody by these verbs and was not undone yet, newest first; two statements."""
    asked = Fact.objects.filter(verb__in=[*verbs, UNDO])
    own = asked.filter(subject_type="registry.person", subject_id=found.pk)
    ended = {"person": found, "until__isnull": False}
    marks, bonds = Mark.objects.filter(**ended), Bond.objects.filter(**ended)
    rest = (
        asked.filter(subject_type="registry.mark", subject_id__in=marks.values("id")),
        asked.filter(subject_type="registry.bond", subject_id__in=bonds.values("id")),
    )
    facts = list(own.union(*rest).order_by("-id")[: 4 * UNDOABLE_MOST])
    undone = {fact.data.get("undone") for fact in facts if fact.verb == UNDO}
    open_ = [f for f in facts if f.verb != UNDO and "deed" in f.data and f.pk not in undone]
    shown = open_[:UNDOABLE_MOST]
    names = names_of({fact.actor for fact in shown})
    return [
        Deed(f.pk, f.verb, f.at, names.get(f.actor, ""), concerns(act, f.area), near_name(f.area))
        for f in shown
    ]


def looks(act: Act, found: Person) -> list[Look]:
    """Who saw what of a person in clear, and why, as far as the actor may read it."""
    shown = Fact.objects.filter(
        subject_type="registry.person", subject_id=found.pk, verb="vault.reveal"
    )
    taken = Fact.objects.filter(verb="registry.export", data__people__contains=found.pk)
    elsewhere = Fact.objects.filter(data__has_key="taken", data__taken__contains=found.pk)
    facts = list(shown.union(taken, elsewhere).order_by("-id")[:LOOKS])
    if not facts:
        return []
    words = Words.objects.filter(fact__in=facts, name="reason").values_list("fact_id", "body")
    reasons, names = dict(words), names_of({f.actor for f in facts})
    return [
        Look(f.at, f.verb, f.data.get("field", ""), names.get(f.actor, ""), reasons.get(f.pk, ""))
        for f in facts
    ]


_LOOKED = "SELECT at, verb, field, who, reason FROM registry_looked()"


def own_looks(act: Act) -> list[Look]:
    """Who saw what of the signed-in resident in clear or took it out in a list, and why, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED)
        return [Look(*row) for row in cursor.fetchall()]
