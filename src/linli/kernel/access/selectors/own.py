"""What a person sees of their own account, and the cast of the demo."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from linli.kernel.access.models import Account, SavedFilter
from linli.kernel.access.sessions import Session
from linli.kernel.acts import Act


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


def saved_filters(act: Act, page: str) -> list[SavedFilter]:
    """The filters one keeps for a page, in order of name."""
    return list(SavedFilter.objects.filter(account_id=act.actor, page=page).order_by("name")[:30])
