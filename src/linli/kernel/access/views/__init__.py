"""Entrances of access: signing in, one's own account, people, facts."""

from linli.kernel.access.views.audit import audit, audit_fact
from linli.kernel.access.views.own import account, hat, preferences, signout
from linli.kernel.access.views.people import appoint, dismiss, hire, people
from linli.kernel.access.views.saved import saved
from linli.kernel.access.views.signing import demo, second, signin, staff

__all__ = [
    "account",
    "appoint",
    "audit",
    "audit_fact",
    "demo",
    "dismiss",
    "hat",
    "hire",
    "people",
    "preferences",
    "saved",
    "second",
    "signin",
    "signout",
    "staff",
]
