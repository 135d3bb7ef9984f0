"""Query codes of paper receipts: the same intake token always gives the same code."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from linli.capabilities.matters.services.intake import visitor_key

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read for another
LENGTH = 8


def code_of(token: UUID) -> str:
    """The query code that belongs to an intake token; a second click prints the same one."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"receipt:" + token.bytes, hashlib.sha256)
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest.digest()[:LENGTH])


def printed(token: UUID | None, visitor: UUID | None) -> str:
    """The code on a matter's receipt; empty when it was given another one."""
    if token is None or visitor is None:
        return ""
    code = code_of(token)
    return code if visitor_key(code) == visitor else ""
