"""Any past day can be asked: who lived here, and what was written of somebody then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.capabilities.registry.models import Past, Person, Residence
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places

SEALED = frozenset({"document", "document_index", "phone", "phone_index"})


def stays_on(act: Act, area: int, day: date) -> QuerySet[Residence]:
    """The residences that held in an area on a day; the last day of a stay is not counted."""
    span = places.span(area)
    return Residence.objects.filter(
        within(act),
        Q(since__isnull=True) | Q(since__lte=day),
        Q(until__isnull=True) | Q(until__gt=day),
        area_id__gte=span.lo,
        area_id__lt=span.hi,
    )


def residents_on(act: Act, area: int, day: date, *, lives: bool = True) -> QuerySet[Person]:
    """Who lived in an area on a day (`lives` false: who belonged there on any ground), each once, in one statement.

    Names and values are today's; those of the day are told by `as_on`. Unordered: over a city an order by key would
    walk all people to find fifty. A death ends the stays, so nobody is among them who was dead by then.
    """
    return Person.objects.filter(pk__in=_of(act, area, day, lives).values("person_id"))


def counted_on(act: Act, area: int, day: date, *, lives: bool = True) -> int:
    """How many people lived in an area on a day; people themselves are not read."""
    found = _of(act, area, day, lives).aggregate(people=Count("person_id", distinct=True))
    return int(found["people"] or 0)


def _of(act: Act, area: int, day: date, lives: bool) -> QuerySet[Residence]:
    stays = stays_on(act, area, day)
    return stays.filter(lives=True) if lives else stays


def as_on(act: Act, person: Person, day: date) -> dict[str, Any]:
    """The plain values of somebody as they stood at the end of a day, from the former values kept by trigger.

    Sealed values are left out: which of them changed is told by the history, what they were by the vault alone.
    """
    names = [field.attname for field in Person._meta.concrete_fields]
    values = {name: getattr(person, name) for name in names if name not in SEALED}
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    later = Past.objects.filter(table="registry_person", row=person.pk, at__gte=end)
    for past in later.order_by("-id"):
        values |= {name: old for name, old in past.before.items() if name in values}
    for name in ("born", "died"):
        if isinstance(values[name], str):
            values[name] = date.fromisoformat(values[name])
    return values
