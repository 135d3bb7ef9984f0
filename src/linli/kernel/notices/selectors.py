"""Reads of notices: one's own inbox and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, prepared, reading
from linli.kernel.notices.models import Mailbox, Notice, Preference

INBOX = reading("notices.own", title=_("查看消息"))
PAGE = 30
_UNREAD = "SELECT count(*) FROM notices_notice WHERE account = %s AND read_at IS NULL"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the inbox, newest first; `next` is the key after which the next page begins."""

    rows: list[Notice]
    next: int | None


def mine(act: Act) -> QuerySet[Notice]:
    """One's own notices."""
    return Notice.objects.filter(account=act.actor) if act.signed_in else Notice.objects.none()


def unread_count(act: Act) -> int:
    """How many notices one has not read (one statement; none for a guest)."""
    if not act.signed_in:
        return 0
    _met, rows = prepared.run(_UNREAD, [act.actor])
    return int(rows[0][0])


def inbox(
    act: Act, *, before: int | None = None, unread: bool = False, size: int = PAGE
) -> InboxPage:
    """A page of one's inbox by keyset (one statement)."""
    rows = mine(act).order_by("-id")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    more = len(found) > size
    return InboxPage(found[:size], found[size - 1].pk if more else None)


def one(act: Act, pk: int) -> Notice | None:
    """One notice of one's own."""
    return mine(act).filter(pk=pk).first()


def preferences(act: Act) -> dict[str, Preference]:
    """What one chose, by kind."""
    return {p.kind: p for p in Preference.objects.filter(account=act.actor)}


def mailbox(act: Act) -> Mailbox | None:
    """Where one wants e-mail."""
    return Mailbox.objects.filter(account=act.actor).first()
