"""What one person of the registry has reported, as far as the actor may see it."""

from __future__ import annotations

from django.db.models import Q

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors.lists import Row, listed_rows
from linli.capabilities.matters.selectors.sight import in_sight
from linli.capabilities.registry.selectors import window
from linli.kernel.acts import Act
from linli.kernel.vault.fields import matching

MOST = 10


def reported_by(act: Act, person: int) -> list[Row] | None:
    """The newest matters of a person in sight: by account or by ID number; None when nobody is in sight."""
    found = window.by_key(act, person)
    if found is None:
        return None
    same = Q(pk__in=[])
    if found.account is not None:
        same |= Q(reporter=found.account)
    if found.document is not None:
        same |= matching(Matter, "id_number", found.document.open())
    rows = in_sight(act).filter(same).order_by("-id")[:MOST]
    return listed_rows(rows, act.at, MOST)
