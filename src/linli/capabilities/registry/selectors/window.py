"""Whom the window already knows: name, phone and home of somebody in sight, so that nothing is asked twice (R102)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linli.capabilities.registry.models import Person, Residence
from linli.capabilities.registry.selectors.sight import within
from linli.capabilities.registry.verbs import READ as READ
from linli.kernel.acts import Act
from linli.kernel.vault.fields import matching
from linli.kernel.vault.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of the registry at the window; protected values stay sealed."""

    id: int
    name: str
    phone: Sealed | None
    document: Sealed | None
    account: int | None
    address: str
    area: int | None


def by_document(act: Act, number: str) -> Resident | None:
    """The person of an ID number, if in sight."""
    return _one(act, Person.objects.filter(matching(Person, "document", number)))


def by_phone(act: Act, phone: str) -> Resident | None:
    """The person of a phone, if in sight and nobody else there shares it."""
    return _one(act, Person.objects.filter(matching(Person, "phone", phone)))


def by_key(act: Act, key: int) -> Resident | None:
    """The person of a key, if in sight."""
    return _one(act, Person.objects.filter(pk=key))


def _one(act: Act, rows: QuerySet[Person]) -> Resident | None:
    found = list(rows.filter(died__isnull=True).order_by("id")[:2])
    if len(found) != 1:
        return None
    person = found[0]
    stay = (
        Residence.objects.filter(within(act), Q(person=person, until__isnull=True))
        .select_related("home__building")
        .order_by("-lives", "-id")
        .first()
    )
    address = f"{stay.home.building.address}{stay.home}" if stay and stay.home else ""
    return Resident(
        id=person.pk,
        name=person.name,
        phone=person.phone,
        document=person.document,
        account=person.account_id,
        address=address,
        area=stay.area_id if stay else None,
    )
