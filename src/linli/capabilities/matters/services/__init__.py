"""Verbs of matters, one function each; `intake` begins a life, the rest carry it on."""

from linli.capabilities.matters.services import exports as exports
from linli.capabilities.matters.services import hotline as hotline
from linli.capabilities.matters.services import watch as watch
from linli.capabilities.matters.services.hands import (
    accept_transfer,
    assign,
    decline_transfer,
    escalate,
    send_down,
    transfer,
)
from linli.capabilities.matters.services.intake import Intake, receipt_code, report, visitor_key
from linli.capabilities.matters.services.life import (
    accept,
    close,
    handle,
    merge,
    reach,
    reclassify,
    refuse,
    rework,
    verify,
)
from linli.capabilities.matters.services.talk import (
    answer,
    ask,
    contact,
    follow,
    message,
    rate,
    reopen,
    urge,
    withdraw,
)
from linli.capabilities.matters.services.time import (
    ask_extension,
    decide_extension,
    explain_delay,
    recount,
)

__all__ = [
    "Intake",
    "accept",
    "accept_transfer",
    "answer",
    "ask",
    "ask_extension",
    "assign",
    "close",
    "contact",
    "decide_extension",
    "decline_transfer",
    "escalate",
    "explain_delay",
    "follow",
    "handle",
    "merge",
    "message",
    "rate",
    "reach",
    "receipt_code",
    "reclassify",
    "recount",
    "refuse",
    "reopen",
    "report",
    "rework",
    "send_down",
    "transfer",
    "urge",
    "verify",
    "visitor_key",
    "withdraw",
]
