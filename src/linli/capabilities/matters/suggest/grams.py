"""Runs of one to four characters, counted with numpy for many texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LONGEST = 4
_BITS = 15
_MOST_CHARACTERS = (1 << _BITS) - 1
_START, _END = "\x02", "\x03"


def _points(texts: Sequence[str]) -> tuple[Codes, Codes]:
    """Code points of all texts in one row, each between its start and end mark, and each one's text."""
    marked = [f"{_START}{text}{_END}" for text in texts]
    joined = "".join(marked).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, dtype="<u4").astype(np.int64)
    lengths = np.fromiter(map(len, marked), dtype=np.int64, count=len(marked))
    return points, np.repeat(np.arange(len(texts), dtype=np.int64), lengths)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters that a vocabulary knows; anything else breaks a run."""

    ids: Codes  # by code point; 0 = unknown

    @classmethod
    def of(cls, texts: Sequence[str], extra: str = "") -> Alphabet:
        """Every character of the texts, the most frequent first where there are too many."""
        found, counts = np.unique(_points(texts)[0], return_counts=True)
        kept = found[np.argsort(-counts, kind="stable")][: _MOST_CHARACTERS - len(set(extra))]
        letters = np.union1d(kept, np.array([ord(c) for c in extra], dtype=np.int64))
        return cls.from_letters(letters)

    @classmethod
    def from_letters(cls, letters: Codes) -> Alphabet:
        """The alphabet of these code points, numbered in their order."""
        ids = np.zeros(0x110000, dtype=np.int64)
        ids[letters] = np.arange(1, len(letters) + 1)
        return cls(ids)

    @property
    def letters(self) -> Codes:
        """Known code points in order."""
        return np.flatnonzero(self.ids).astype(np.int64)

    def code(self, word: str) -> int:
        """The number of one run of at most four known characters; 0 where one is unknown."""
        code = 0
        for character in word:
            known = int(self.ids[ord(character)])
            if not known:
                return 0
            code = code << _BITS | known
        return code

    def runs(self, texts: Sequence[str], longest: int) -> list[tuple[Codes, Codes]]:
        """For each length from one: (codes, text numbers) of every run inside a text."""
        points, owner = _points(texts)
        ids = self.ids[points]
        codes, good = ids, ids > 0
        out = [(codes[good], owner[good])]
        for length in range(2, longest + 1):
            tail = length - 1
            codes = (codes[:-1] << _BITS) | ids[tail:]
            good = good[:-1] & (ids[tail:] > 0) & (owner[: len(codes)] == owner[tail:])
            out.append((codes[good], owner[: len(codes)][good]))
        return out


def _found(vocabulary: Codes, codes: Codes) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Places of the codes in a sorted vocabulary, and which are really there."""
    places = np.searchsorted(vocabulary, codes)
    places[places == len(vocabulary)] = 0
    return places, vocabulary[places] == codes


def counted(columns: Codes, owners: Codes, shape: tuple[int, int]) -> sparse.csr_matrix:
    """How often each column occurs in each text, as a float csr matrix."""
    ones = np.ones(len(columns), dtype=np.float64)
    return sparse.coo_matrix((ones, (owners, columns)), shape=shape).tocsr()


def weighed(counts: sparse.csr_matrix, rarity: Floats) -> sparse.csr_matrix:
    """Counts → (1 + log count) × rarity, each row of length one."""
    out = counts.copy()
    out.data = (1.0 + np.log(out.data)) * rarity[out.indices]
    lengths = np.sqrt(np.asarray(out.multiply(out).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    out.data /= np.repeat(lengths, np.diff(out.indptr))
    return out


def rarity_of(counts: sparse.csr_matrix) -> Floats:
    """Smoothed inverse document frequency of each column."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    weights: Floats = np.log((1 + counts.shape[0]) / (1 + seen)) + 1.0
    return weights


def vocabulary_of(
    runs: Sequence[tuple[Codes, Codes]], texts: int, *, least: int, most: int
) -> Codes:
    """Runs that at least `least` texts share, at most `most` of them (the widest shared), sorted."""
    kept, spread = [], []
    for codes, owners in runs:
        known, inverse = np.unique(codes, return_inverse=True)
        pairs = np.unique(inverse.astype(np.int64) * texts + owners)
        shared = np.bincount(pairs // texts, minlength=len(known))
        kept.append(known[shared >= least])
        spread.append(shared[shared >= least])
    codes, shared = np.concatenate(kept), np.concatenate(spread)
    if len(codes) > most:
        codes = codes[np.argsort(-shared, kind="stable")[:most]]
    return np.sort(codes)


def matched(
    vocabulary: Codes, runs: Sequence[tuple[Codes, Codes]], texts: int
) -> sparse.csr_matrix:
    """Counts (texts × vocabulary) of the runs that the vocabulary holds."""
    columns, owners = [], []
    for codes, owner in runs:
        # neighbours in order are found in cached memory: twice as fast as any order
        order = np.argsort(codes)
        codes, owner = codes[order], owner[order]
        places, there = _found(vocabulary, codes)
        columns.append(places[there])
        owners.append(owner[there])
    shape = (texts, len(vocabulary))
    return counted(np.concatenate(columns), np.concatenate(owners), shape)


def word_table(alphabet: Alphabet, words: Mapping[str, Sequence[int]]) -> tuple[Codes, Codes]:
    """Sorted codes of words (cut to four characters) with the group number of each."""
    pairs = {
        (alphabet.code(word[:LONGEST]), group) for word, groups in words.items() for group in groups
    }
    ordered = np.array(sorted(pair for pair in pairs if pair[0]), dtype=np.int64).reshape(-1, 2)
    return ordered[:, 0], ordered[:, 1]


def grouped(
    table: tuple[Codes, Codes], runs: Sequence[tuple[Codes, Codes]], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """Counts (texts × groups) of the words that occur."""
    codes, groups = table
    vocabulary, first = np.unique(codes, return_index=True)
    hits = matched(vocabulary, runs, shape[0])
    last = np.append(first[1:], len(codes))
    rows = np.repeat(np.arange(len(vocabulary)), last - first)
    link = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, groups)), shape=(len(vocabulary), shape[1])
    )
    return (hits @ link).tocsr()
