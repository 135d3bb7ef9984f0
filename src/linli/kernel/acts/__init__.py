"""Acts 行为: who did what.

One declared verb gives the permission, the transaction and the fact. A fact is one append-only row: audit line,
timeline entry and event at once. A worker seals committed facts into the hash chain and hands them to listeners.
"""

from linli.kernel.acts.act import EVERYWHERE, GUEST, SYSTEM, Act, Denied, Refusal, Span, system_act
from linli.kernel.acts.scope import crossing, current, holding, under
from linli.kernel.acts.verbs import Verb, action, guard_with, listens, note, permit, reading, verbs

__all__ = [
    "EVERYWHERE",
    "GUEST",
    "SYSTEM",
    "Act",
    "Denied",
    "Refusal",
    "Span",
    "Verb",
    "action",
    "crossing",
    "current",
    "guard_with",
    "holding",
    "listens",
    "note",
    "permit",
    "reading",
    "system_act",
    "under",
    "verbs",
]
