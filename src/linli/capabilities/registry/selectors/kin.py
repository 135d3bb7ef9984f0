"""For whom a resident may ask for something: themselves, the children they guard, the grown-ups of their household."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from linli.capabilities.registry.models import Household, Person, Residence
from linli.capabilities.registry.rules.people import needs_guardian
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.wards import guarded_by
from linli.kernel.acts import EVERYWHERE, Act, crossing
from linli.kernel.places import selectors as places

SELF, WARD, MEMBER = "self", "ward", "member"


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody for whom one may ask, in one community where they belong now."""

    person: int
    name: str
    relation: str
    community: int


def kin(act: Act, *, household: bool = False) -> list[Kin]:
    """Whom the account may ask for, oneself first; nobody while it is tied to no person.

    `household`: grown-ups of the same family household too. Somebody else's child is asked for by its guardian alone.
    """
    own = Person.objects.filter(account=act.actor, died__isnull=True).first() if act.actor else None
    if own is None:
        return []
    wards = set(guarded_by(act))
    asked = Q(person=own.pk) | Q(person__in=wards)
    if household:
        asked |= Q(household__in=_families(own))
    with crossing(EVERYWHERE, restricted=False):
        rows = Residence.objects.filter(asked, until__isnull=True, person__died__isnull=True)
        found = list(rows.select_related("person").order_by("person__born", "-lives", "id"))
    day, majority = timezone.localdate(act.at), kinds.section().ages.majority
    made: dict[tuple[int, int], Kin] = {}
    for row in found:
        person, community = row.person, places.community_of(row.area_id)
        relation = SELF if person.pk == own.pk else WARD if person.pk in wards else MEMBER
        minor = needs_guardian(person.born, day, majority)
        if community is not None and not (relation == MEMBER and minor):
            key = (person.pk, community)
            made.setdefault(key, Kin(person.pk, person.name, relation, community))
    order = (SELF, WARD, MEMBER)
    return sorted(made.values(), key=lambda each: order.index(each.relation))


def _families(own: Person) -> list[int]:
    """The family households that somebody belongs to now; a dormitory is none."""
    rows = Residence.objects.filter(
        person=own, until__isnull=True, household__kind=Household.Kind.FAMILY
    )
    return list(rows.values_list("household_id", flat=True))
