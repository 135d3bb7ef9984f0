"""What of a text a classifier looks at: shared character runs, and topics of public affairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from linli.capabilities.matters.suggest.grams import (
    Alphabet,
    Codes,
    Floats,
    grouped,
    matched,
    rarity_of,
    vocabulary_of,
    weighed,
    word_table,
)
from linli.capabilities.matters.suggest.text import plain
from linli.capabilities.matters.suggest.topics import TOPICS

HEAD, TAIL = 500, 150
LEAST, MOST = 2, 200_000
LONG = 120  # mean characters above which runs of four bring nothing but size
TOPIC_WEIGHT = 0.5


def clipped(text: str) -> str:
    """Plain text; of a very long one its beginning and its end, where the wish is stated."""
    text = plain(text)
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + text[-TAIL:]


def topic_words() -> dict[str, list[int]]:
    """Each topic word with the numbers of its topics."""
    words: dict[str, list[int]] = {}
    for number, listed in enumerate(TOPICS.values()):
        for word in listed.lower().split():
            words.setdefault(word, []).append(number)
    return words


@dataclass(frozen=True, slots=True)
class Features:
    """A learned vocabulary with its weights; turns texts into rows."""

    alphabet: Alphabet
    longest: int
    vocabulary: Codes
    rarity: Floats
    word_codes: Codes
    word_topics: Codes
    topic_rarity: Floats

    @classmethod
    def learn(cls, texts: Sequence[str]) -> tuple[Features, sparse.csr_matrix, sparse.csr_matrix]:
        """Vocabulary of clipped texts, and their own rows (runs, topics)."""
        words = topic_words()
        alphabet = Alphabet.of(texts, "".join(words))
        longest = 4 if sum(map(len, texts)) <= LONG * len(texts) else 3
        runs = alphabet.runs(texts, longest)
        vocabulary = vocabulary_of(runs, len(texts), least=LEAST, most=MOST)
        counts = matched(vocabulary, runs, len(texts))
        codes, numbers = word_table(alphabet, words)
        topics = grouped((codes, numbers), runs, (len(texts), len(TOPICS)))
        self = cls(
            alphabet, longest, vocabulary, rarity_of(counts), codes, numbers, rarity_of(topics)
        )
        return self, weighed(counts, self.rarity), self._topics(topics)

    def rows(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Rows (runs, topics) of clipped texts."""
        runs = self.alphabet.runs(texts, self.longest)
        shape = (len(texts), len(self.topic_rarity))
        topics = grouped((self.word_codes, self.word_topics), runs, shape)
        counts = matched(self.vocabulary, runs, len(texts))
        return weighed(counts, self.rarity), self._topics(topics)

    def _topics(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        return (weighed(counts, self.topic_rarity) * TOPIC_WEIGHT).tocsr()


def seen_share(rows: sparse.csr_matrix, chosen: np.ndarray) -> Floats:
    """Smoothed share of each column among the chosen rows."""
    seen = np.bincount(rows[chosen].indices, minlength=rows.shape[1]) + 1.0
    share: Floats = seen / seen.sum()
    return share
