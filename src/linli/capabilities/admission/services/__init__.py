"""Writes of admission: one verb, one function, one transaction, one fact."""

from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.services import exports  # noqa: F401  (the worker writes them)
from linli.capabilities.admission.services.agreements import Bargain, agree, settle
from linli.capabilities.admission.services.applications import (
    Wish,
    admit,
    apply,
    close_notice,
    earliest,
    object_,
    redraft,
    refuse,
    send_back,
    submit,
    uphold,
    withdraw,
)
from linli.capabilities.admission.services.burden import prefilled, recount, weigh
from linli.capabilities.admission.services.certificates import (
    Wanted,
    certify,
    key_of,
    stamp,
    void,
)
from linli.capabilities.admission.services.comments import comment, reply
from linli.capabilities.admission.services.demands import (
    accept,
    decline,
    deliver,
    divide,
    hold,
    issue,
    join,
    recall,
    reconsider,
    uphold_refusal,
)
from linli.capabilities.admission.services.gate import Asking, Turned, instead_of, pass_
from linli.capabilities.admission.services.hours import handed, log_hours, pay, use_system
from linli.capabilities.admission.services.ics import ics
from linli.capabilities.admission.services.importing import Given, Trial, import_list, tried
from linli.capabilities.admission.services.lists import expire, resume, revoke, seed, suspend
from linli.capabilities.admission.services.occasions import (
    Calling,
    Held,
    held_,
    merge,
    schedule,
)
from linli.capabilities.admission.services.registers import (
    Standing,
    clearing_day,
    place,
    plan_clearing,
    unplace,
)
from linli.capabilities.admission.services.requests import (
    Requested,
    answer_request,
    refuse_request,
    request_certificate,
    withdraw_request,
)
from linli.capabilities.admission.services.works import begin, conclude, fill, propose, recur

__all__ = [
    "ics",
    "clearing_day",
    "plan_clearing",
    "Requested",
    "answer_request",
    "refuse_request",
    "request_certificate",
    "withdraw_request",
    "reconsider",
    "Given",
    "Trial",
    "import_list",
    "tried",
    "begin",
    "conclude",
    "fill",
    "propose",
    "recur",
    "log_hours",
    "pay",
    "use_system",
    "Asking",
    "Bargain",
    "Calling",
    "Held",
    "Standing",
    "Stopped",
    "Turned",
    "Wanted",
    "Wish",
    "accept",
    "admit",
    "agree",
    "apply",
    "certify",
    "close_notice",
    "comment",
    "earliest",
    "decline",
    "deliver",
    "divide",
    "expire",
    "handed",
    "held_",
    "hold",
    "instead_of",
    "issue",
    "join",
    "key_of",
    "merge",
    "object_",
    "pass_",
    "place",
    "prefilled",
    "recall",
    "recount",
    "redraft",
    "refuse",
    "reply",
    "resume",
    "revoke",
    "schedule",
    "seed",
    "send_back",
    "settle",
    "stamp",
    "submit",
    "suspend",
    "unplace",
    "uphold",
    "uphold_refusal",
    "void",
    "weigh",
    "withdraw",
]
