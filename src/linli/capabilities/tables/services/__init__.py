"""What people do with forms: fill one from what is known; send one through the gate, answer what nobody knows, confirm it."""

from linli.capabilities.tables.services import ledgers
from linli.capabilities.tables.services.answers import answer, keep, reopen
from linli.capabilities.tables.services.cards import fill_cards
from linli.capabilities.tables.services.editions import freeze, take
from linli.capabilities.tables.services.filling import fill
from linli.capabilities.tables.services.gaps import count, opened
from linli.capabilities.tables.services.handing import handed
from linli.capabilities.tables.services.mending import mend
from linli.capabilities.tables.services.nothing import Reported, report_none
from linli.capabilities.tables.services.periods import next_, repeat
from linli.capabilities.tables.services.receiving import (
    Mark,
    accept,
    hand_back,
    open_,
    remind,
    unaccept,
)
from linli.capabilities.tables.services.rounds import Call, issue, sign

__all__ = [
    "Call",
    "Mark",
    "Reported",
    "accept",
    "answer",
    "count",
    "fill",
    "fill_cards",
    "freeze",
    "hand_back",
    "handed",
    "issue",
    "keep",
    "ledgers",
    "mend",
    "next_",
    "open_",
    "opened",
    "remind",
    "reopen",
    "repeat",
    "report_none",
    "sign",
    "take",
    "unaccept",
]
