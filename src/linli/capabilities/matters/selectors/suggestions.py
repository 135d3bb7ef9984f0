"""Categories suggested for a text, from the pack in force and, where one was learned, a model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from linli.capabilities.matters.policy import EventClass, ServiceItem
from linli.capabilities.matters.rules import Entry, entry_of
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.suggest import (
    CatalogueEntry,
    Classifier,
    Suggester,
    blend,
    from_catalogue,
)
from linli.kernel.policy import current

MODEL = "categories.model"
_kept: dict[tuple[int, str, float], Suggester] = {}


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that may be meant, with its words and how sure we are (0 to 1)."""

    code: str
    title: str
    hint: str
    emergency: bool
    kind: str
    share: float


def _told(entry: Entry) -> CatalogueEntry:
    condition = entry.summary if isinstance(entry, ServiceItem) else entry.filing_condition
    return CatalogueEntry(entry.code, entry.title, entry.group, condition, entry.keywords)


def _model() -> tuple[Path, float]:
    path = Path(settings.STATE) / MODEL
    return path, path.stat().st_mtime if path.exists() else 0.0


def _built(kind: str, path: Path, learned: bool) -> Suggester:
    policy = names().policy
    open_ones: list[Entry] = []
    if kind in ("all", "event"):
        open_ones += [c for c in policy.classes if c.open]
    if kind in ("all", "item"):
        open_ones += [i for i in policy.items if i.open]
    own = from_catalogue([_told(entry) for entry in open_ones])
    if not learned or kind == "item":
        return own
    try:
        model = Classifier.load(path)
    except (ValueError, OSError):
        return own
    known = {entry.code for entry in open_ones}
    return blend(own, model) if known & set(model.codes) else own


def suggester(kind: str = "all") -> Suggester:
    """The suggester of the pack in force (`all`, `event` or `item`), kept until pack or model change."""
    path, stamp = _model()
    key = (current().id, kind, stamp)
    if key not in _kept:
        for old in [k for k in _kept if k[0] != key[0] or k[2] != stamp]:
            del _kept[old]
        _kept[key] = _built(kind, path, stamp > 0)
    return _kept[key]


def guesses(text: str, most: int = 3, kind: str = "all") -> list[Guess]:
    """The likeliest open categories for a text, best first; none for an empty text."""
    if not text.strip():
        return []
    policy = names().policy
    found = []
    for each in suggester(kind).suggest(text, most + 2):
        entry = entry_of(policy, each.code)
        if entry is not None and entry.open:
            found.append(guess_of(entry, each.confidence))
    return found[:most]


def guess_of(entry: Entry, share: float = 1.0) -> Guess:
    """A category as a card shows it."""
    event = isinstance(entry, EventClass)
    return Guess(
        entry.code,
        entry.title,
        entry.filing_condition if isinstance(entry, EventClass) else entry.summary,
        isinstance(entry, EventClass) and entry.emergency,
        "event" if event else "item",
        share,
    )
