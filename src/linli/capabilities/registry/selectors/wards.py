"""A guardian's children: whose file a resident may open besides their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.rules.people import born_between
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.dossier import Dossier, opened
from linli.kernel.acts import EVERYWHERE, Act, crossing

_WARDS = "SELECT registry_wards(%s)"


def guarded_by(act: Act) -> list[int]:
    """The minors whose guardian is signed in, the eldest first."""
    day = timezone.localdate(act.at)
    _first, grown = born_between(kinds.section().ages.majority, None, day)
    with connection.cursor() as cursor:
        cursor.execute(_WARDS, [grown])
        return [key for (key,) in cursor.fetchall()]


def wards(act: Act) -> list[Person]:
    """The children whose file a guardian may open."""
    keys = guarded_by(act)
    if not keys:
        return []
    with crossing(EVERYWHERE, restricted=False):
        return list(Person.objects.filter(pk__in=keys).order_by("born", "id"))


@contextmanager
def as_guardian(act: Act, child: int) -> Iterator[Dossier | None]:
    """A child's file, wherever it lies, while the block runs; nothing for whoever is not its guardian.

    The wall opens after the bond was found, and everything read inside is of this one child.
    """
    if child not in guarded_by(act):
        yield None
        return
    with crossing(EVERYWHERE):
        yield opened(act, child)
