"""Writes of admission: one verb, one function, one transaction, one fact."""

from linli.capabilities.admission.services.agreements import Bargain, agree, settle
from linli.capabilities.admission.services.gate import Asking, Turned, pass_
from linli.capabilities.admission.services.lists import expire, resume, revoke, seed, suspend

__all__ = [
    "Asking",
    "Bargain",
    "Turned",
    "agree",
    "expire",
    "pass_",
    "resume",
    "revoke",
    "seed",
    "settle",
    "suspend",
]
