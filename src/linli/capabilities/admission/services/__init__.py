"""Writes of admission: one verb, one function, one transaction, one fact."""

from linli.capabilities.admission.services.agreements import Bargain, agree, settle
from linli.capabilities.admission.services.applications import (
    Wish,
    admit,
    apply,
    close_notice,
    object_,
    redraft,
    refuse,
    send_back,
    submit,
    uphold,
    withdraw,
)
from linli.capabilities.admission.services.comments import comment, reply
from linli.capabilities.admission.services.demands import (
    accept,
    decline,
    deliver,
    hold,
    issue,
    recall,
    uphold_refusal,
)
from linli.capabilities.admission.services.gate import Asking, Turned, pass_
from linli.capabilities.admission.services.lists import expire, resume, revoke, seed, suspend

__all__ = [
    "Asking",
    "Bargain",
    "Turned",
    "Wish",
    "accept",
    "admit",
    "agree",
    "apply",
    "close_notice",
    "comment",
    "decline",
    "deliver",
    "expire",
    "hold",
    "issue",
    "object_",
    "pass_",
    "recall",
    "redraft",
    "refuse",
    "reply",
    "resume",
    "revoke",
    "seed",
    "send_back",
    "settle",
    "submit",
    "suspend",
    "uphold",
    "uphold_refusal",
    "withdraw",
]
