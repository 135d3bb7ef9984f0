"""Machine clients: a bearer key stands for an account under one hat."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q

from linli.kernel.access.hats import Hat, Person, person
from linli.kernel.access.models import ApiToken

PREFIX = "linli_"
_NOTED = timedelta(minutes=1)


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def bearer(header: str) -> str:
    """The key in an `Authorization` header; empty when it holds none."""
    scheme, _space, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def holder_of(key: str, now: datetime) -> tuple[Person, Hat | None] | None:
    """Who stands behind a key that is valid now, with its hat; None otherwise, also when the post has ended."""
    found = ApiToken.objects.filter(digest=digest_of(key), revoked=None, expires__gt=now).first()
    if found is None or (who := person(found.account_id)) is None:
        return None
    hat = next((h for h in who.hats if h.id == found.hat_id), None)
    if found.hat_id is not None and hat is None:
        return None
    stale = ApiToken.objects.filter(pk=found.pk)
    stale.filter(Q(used=None) | Q(used__lt=now - _NOTED)).update(used=now)
    return who, hat
