"""What every page may read: who asks, under which hat, and how many messages wait."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject

from linli.kernel.acts import Act
from linli.kernel.notices import selectors as notices


def _unread(act: Act | None) -> int:
    return notices.unread_count(act) if act is not None and act.signed_in else 0


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page; unread messages are counted only when the bell is drawn."""
    act: Act | None = getattr(request, "act", None)
    who = getattr(request, "person", None)
    hat = next((h for h in who.hats if act and h.id == act.hat), None) if who else None
    return {
        "act": act,
        "place": hat.label if hat else "",
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),  # one mask for a page
        "unread": SimpleLazyObject(lambda: _unread(act)),
    }
