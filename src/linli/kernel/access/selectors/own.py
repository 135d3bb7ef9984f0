"""What a person sees of their own account, and the cast of the demo."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from linli.kernel.access.models import Account, SavedFilter
from linli.kernel.access.sessions import Session
from linli.kernel.acts import Act, prepared

_SAVED = """
SELECT id, name, query FROM access_savedfilter WHERE account_id = %s AND page = %s
ORDER BY place, name LIMIT 30
"""


def own_sessions(act: Act) -> QuerySet[Session]:
    """One's live sessions, the latest first."""
    live = Session.objects.filter(account=act.actor, expire_date__gt=timezone.now())
    return live.order_by("-touched")


def demo_cast(roles: tuple[str, ...]) -> dict[str, Account]:
    """The first account of each demo role (one statement)."""
    found: dict[str, Account] = {}
    for account in Account.objects.filter(demo__in=roles, active=True).order_by("pk"):
        found.setdefault(account.demo, account)
    return found


class Saved(NamedTuple):
    """A filter somebody keeps."""

    pk: int
    name: str
    query: str


def saved_pages(act: Act) -> list[str]:
    """The pages one keeps filters for."""
    kept = SavedFilter.objects.filter(account=act.actor)
    return sorted(kept.values_list("page", flat=True).distinct())


def saved_filters(act: Act, page: str) -> list[Saved]:
    """The filters one keeps for a page, in one's own order (plain SQL: it is read with every list)."""
    _met, rows = prepared.run(_SAVED, [act.actor, page])
    return [Saved(*row) for row in rows]
