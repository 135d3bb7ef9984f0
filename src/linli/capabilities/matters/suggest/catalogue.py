"""Categories suggested from the catalogue's own words, before anything has been learned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from linli.capabilities.matters.suggest.sayings import in_catalogue_words, standard
from linli.capabilities.matters.suggest.text import Suggestion, plain

KEYWORD, TITLE, CONDITION = 3.0, 2.0, 0.5
MEANT = 0.6  # what a phrase implies weighs less than the word itself
_BLIND = frozenset(" 的了是在有和就都也不我你他她它们这那吗呢啊吧，。！？、；：,.!?;:")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An event class or service item as its pack words it."""

    code: str
    title: str
    group: str = ""
    condition: str = ""
    keywords: tuple[str, ...] = ()


class Suggester(Protocol):
    """Anything that suggests categories for a text."""

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """At most `most` codes, the likeliest first."""
        ...


def _pairs(text: str) -> set[str]:
    found = (text[at : at + 2] for at in range(len(text) - 1))
    return {pair for pair in found if not _BLIND & set(pair)}


class CatalogueSuggester:
    """Scores a text by the keywords it holds whole, and by bigrams shared with the entry's words."""

    def __init__(self, classes: Sequence[CatalogueEntry]) -> None:
        """Weigh each word by how few entries use it."""
        self._codes = [entry.code for entry in classes]
        self._keywords = [{standard(plain(w)) for w in e.keywords if plain(w)} for e in classes]
        self._pairs: list[dict[str, float]] = [self._told(entry) for entry in classes]
        self._uses = Counter(word for words in self._keywords for word in words)
        spread = Counter(pair for pairs in self._pairs for pair in pairs)
        self._rare = {p: math.log(1 + len(classes) / n) for p, n in spread.items()}

    @staticmethod
    def _told(entry: CatalogueEntry) -> dict[str, float]:
        told = dict.fromkeys(_pairs(plain(entry.condition)), CONDITION)
        for word in entry.keywords:
            told |= dict.fromkeys(_pairs(standard(plain(word))), 1.0)
        return told | dict.fromkeys(_pairs(plain(entry.title)), TITLE)

    def _score(self, at: int, text: str, pairs: set[str]) -> float:
        keys: float = sum(
            KEYWORD * math.pow(len(w), 0.9) / self._uses[w] for w in self._keywords[at] if w in text
        )
        told = self._pairs[at]
        return keys + sum(told[pair] * self._rare[pair] for pair in pairs & told.keys()) / 2

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """At most `most` codes that share a word with the text; none when nothing is shared."""
        text = standard(plain(text))
        meant = in_catalogue_words(text)
        said, implied = _pairs(text), _pairs(meant)
        scores = [
            self._score(at, text, said) + MEANT * self._score(at, meant, implied)
            for at in range(len(self._codes))
        ]
        best = sorted(range(len(scores)), key=lambda at: (-scores[at], self._codes[at]))[:most]
        whole = sum(scores) + KEYWORD  # a single weak hit is not a certainty
        return [Suggestion(self._codes[i], round(scores[i] / whole, 4)) for i in best if scores[i]]


def from_catalogue(classes: Sequence[CatalogueEntry]) -> CatalogueSuggester:
    """A suggester that needs no training data."""
    return CatalogueSuggester(classes)


@dataclass(frozen=True, slots=True)
class Blend:
    """Two suggesters as one: shares of belief are added, the learned one's by its weight."""

    catalogue: Suggester
    learned: Suggester
    weight: float = 0.6

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """At most `most` codes known to either, the likeliest first."""
        shares: dict[str, float] = {}
        for source, weight in ((self.catalogue, 1 - self.weight), (self.learned, self.weight)):
            for found in source.suggest(text, max(most, 5)):
                shares[found.code] = shares.get(found.code, 0.0) + weight * found.confidence
        best = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        return [Suggestion(code, round(share, 4)) for code, share in best]


def blend(catalogue: Suggester, learned: Suggester | None, weight: float = 0.6) -> Suggester:
    """The catalogue's and the learned suggestions together; the catalogue's alone at first."""
    return Blend(catalogue, learned, weight) if learned is not None else catalogue
