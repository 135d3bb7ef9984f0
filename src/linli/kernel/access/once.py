"""A request sent again does nothing twice: its key is taken first, its answer kept beside it.

The key's row and the work commit together. A second request with the same key waits on the unique index for the first
to commit, then gives the first one's answer back; when the first was undone, the second does the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Once
from linli.kernel.acts import Act, Refusal
from linli.kernel.acts.record import canonical

KEPT = timedelta(days=30)
_TAKE = """
INSERT INTO access_once (account, key, digest, status, body, at) VALUES (%s, %s, %s, 0, '{}', %s)
ON CONFLICT (account, key) DO NOTHING RETURNING id
"""
Answer = tuple[int, dict[str, Any]]


def digest(*parts: Any) -> str:
    """One digest of what a request asks for."""
    return hashlib.sha256(canonical(list(parts)).encode()).hexdigest()


def once(act: Act, key: UUID | None, asked: str, work: Callable[[], Answer]) -> Answer:
    """Do the work unless the same request was answered before; Refusal `key-reused` when the key was another's."""
    if key is None:
        return work()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [act.actor, key, asked, act.at])
        taken = cursor.fetchone()
    if taken is None:
        return _again(act, key, asked)
    status, body = work()
    Once.objects.filter(pk=taken[0]).update(status=status, body=body)
    return status, body


def _again(act: Act, key: UUID, asked: str) -> Answer:
    kept = Once.objects.filter(account=act.actor, key=key).first()
    if kept is None or kept.digest != asked:
        raise Refusal(
            _("这个编号（Idempotency-Key）已经用于另一个请求，请换一个。"), code="key-reused"
        )
    return 200, kept.body


def forget_old(now: datetime) -> int:
    """Drop answers older than thirty days; returns how many went."""
    return Once.objects.filter(at__lt=now - KEPT).delete()[0]


def own_key(act: Act, key: UUID | None) -> UUID | None:
    """A row's token behind a caller's key: two callers who choose the same key do not meet."""
    return uuid5(key, str(act.actor)) if key else None
