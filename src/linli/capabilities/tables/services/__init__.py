"""What people do with forms: fill one from what is known; send one through the gate, answer what nobody knows, confirm it."""

from linli.capabilities.tables.services import ledgers
from linli.capabilities.tables.services.cards import fill_cards
from linli.capabilities.tables.services.editions import freeze, take
from linli.capabilities.tables.services.filling import fill
from linli.capabilities.tables.services.gaps import answer, count, opened
from linli.capabilities.tables.services.rounds import Call, accept, hand_back, issue, sign

__all__ = [
    "Call",
    "accept",
    "answer",
    "count",
    "fill",
    "fill_cards",
    "freeze",
    "hand_back",
    "issue",
    "ledgers",
    "opened",
    "sign",
    "take",
]
