"""A category learned from labelled messages: character runs, topics and one linear table.

Two linear machines are learned and added, so that judging costs one: a support vector machine on
the runs, and one on runs and topics scaled by their log odds (Wang and Manning 2012, NB-SVM).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from linli.capabilities.matters.suggest.features import Features, clipped, seen_share
from linli.capabilities.matters.suggest.grams import Alphabet, Floats
from linli.capabilities.matters.suggest.text import Suggestion

FORMAT = 1
OPENING = 60  # characters of a long text that are also learned alone, as if they were its title
_BATCH = 1_000
_TRIAL = 4_000  # messages enough to measure confidence on
_SHARPNESS = tuple(np.geomspace(0.25, 8.0, 21))
_ARRAYS = ("vocabulary", "rarity", "word_codes", "word_topics", "topic_rarity")

Linear = tuple[Floats, Floats]


def _with_openings(texts: list[str], labels: list[str]) -> tuple[list[str], list[str]]:
    pairs = list(zip(texts, labels, strict=True))
    pairs += [(text[:OPENING], label) for text, label in pairs if len(text) > 2 * OPENING]
    return [text for text, _ in pairs], [label for _, label in pairs]


def _learning() -> Any:
    """Met only by who learns: it takes 2.5 s and 90 MB to load, and every process of the house would pay."""
    return import_module("sklearn.svm")


def _shares(scores: Floats) -> Floats:
    """Scores of each row as positive shares that add to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _one_against_rest(
    rows: sparse.csr_matrix, own: np.ndarray, weight: float, c: float, seed: int
) -> tuple[Floats, float]:
    machine = _learning().LinearSVC(C=c, class_weight={True: weight, False: 1.0}, random_state=seed)
    machine.fit(rows, own)
    return machine.coef_[0], float(machine.intercept_[0])


def _balanced(rows: sparse.csr_matrix, marks: np.ndarray, codes: list[str], seed: int) -> Linear:
    found = [
        _one_against_rest(
            rows, marks == code, len(marks) / (len(codes) * sum(marks == code)), 0.3, seed
        )
        for code in codes
    ]
    return np.stack([w for w, _ in found], axis=1), np.array([b for _, b in found])


def _log_odds(rows: sparse.csr_matrix, marks: np.ndarray, codes: list[str], seed: int) -> Linear:
    tables, offsets = [], []
    for code in codes:
        own = marks == code
        odds = np.log(seen_share(rows, own)) - np.log(seen_share(rows, ~own))
        table, offset = _one_against_rest(rows.multiply(odds).tocsr(), own, 1.0, 0.5, seed)
        tables.append(table * odds)
        offsets.append(offset)
    return np.stack(tables, axis=1), np.array(offsets)


def _levelled(rows: sparse.csr_matrix, linear: Linear) -> Linear:
    """The same machine with scores of mean 0 and spread 1 on its own rows, so that two add up."""
    scores = rows @ linear[0] + linear[1]
    spread = float(scores.std()) or 1.0
    return linear[0] / spread, (linear[1] - scores.mean()) / spread


@dataclass(frozen=True, slots=True)
class Classifier:
    """Learned categories; `fit` makes one, `suggest` and `predict_many` ask it."""

    codes: tuple[str, ...]
    features: Features
    run_table: Floats  # runs × codes
    topic_table: Floats  # topics × codes
    offsets: Floats
    sharpness: float = 1.0

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], *, seed: int = 0) -> Classifier:
        """Learn from texts and their labels; the same input and seed give the same classifier.

        ValueError where there is nothing to learn: no text, or a single label.
        """
        plains, marks = [clipped(text) for text in texts], list(labels)
        if len(plains) != len(marks):
            raise ValueError(f"{len(plains)} texts but {len(marks)} labels")
        if len(set(marks)) < 2:
            raise ValueError("at least two different labels are needed")
        return cls._fit(plains, marks, seed)._sharpened(plains, marks, seed)

    @classmethod
    def _fit(cls, texts: list[str], labels: list[str], seed: int) -> Classifier:
        texts, labels = _with_openings(texts, labels)
        marks, codes = np.array(labels), sorted(set(labels))
        features, runs, topics = Features.learn(texts)
        both = sparse.hstack([runs, topics]).tocsr()
        plain_table, plain_offset = _levelled(runs, _balanced(runs, marks, codes, seed))
        odds_table, odds_offset = _levelled(both, _log_odds(both, marks, codes, seed))
        width = runs.shape[1]
        return cls(
            tuple(codes),
            features,
            (plain_table + odds_table[:width]).astype(np.float32),
            odds_table[width:].astype(np.float32),
            (plain_offset + odds_offset).astype(np.float32),
        )

    def _sharpened(self, texts: list[str], labels: list[str], seed: int) -> Classifier:
        """Confidence measured on a fifth that a second machine did not see; default when few."""
        order = np.random.default_rng(seed).permutation(len(texts))[:_TRIAL]
        held, kept = order[: len(order) // 5], order[len(order) // 5 :]
        if len(held) < 40 or len({labels[i] for i in kept}) < len(self.codes):
            return self
        trial = Classifier._fit([texts[i] for i in kept], [labels[i] for i in kept], seed)
        scores = trial._scores([texts[i] for i in held])
        right = np.array([self.codes.index(labels[i]) for i in held])
        loss = [
            -np.log(_shares(scores * k)[np.arange(len(held)), right] + 1e-9).mean()
            for k in _SHARPNESS
        ]
        best = float(_SHARPNESS[int(np.argmin(loss))])
        return Classifier(
            self.codes, self.features, self.run_table, self.topic_table, self.offsets, best
        )

    def _scores(self, plains: Sequence[str]) -> Floats:
        out = []
        for start in range(0, len(plains), _BATCH):
            runs, topics = self.features.rows(plains[start : start + _BATCH])
            out.append(runs @ self.run_table + topics @ self.topic_table + self.offsets)
        return np.concatenate(out) if out else np.zeros((0, len(self.codes)))

    def confidences(self, texts: Sequence[str]) -> Floats:
        """Shares of belief (texts × codes), each row adding to one."""
        plains = [clipped(text) for text in texts]
        return _shares(self._scores(plains) * self.sharpness)

    def predict_many(self, texts: Sequence[str]) -> list[str]:
        """The most likely code of each text."""
        return [self.codes[i] for i in self._scores([clipped(t) for t in texts]).argmax(axis=1)]

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """At most `most` codes, the likeliest first; none for an empty text."""
        if not clipped(text):
            return []
        shares = self.confidences([text])[0]
        best = np.argsort(-shares, kind="stable")[:most]
        return [Suggestion(self.codes[i], round(float(shares[i]), 4)) for i in best]

    def save(self, path: Path | str) -> None:
        """Write plain arrays and JSON into one npz file; nothing in it can run."""
        head = {
            "format": FORMAT,
            "codes": self.codes,
            "longest": self.features.longest,
            "sharpness": self.sharpness,
        }
        arrays: dict[str, Any] = {name: getattr(self.features, name) for name in _ARRAYS}
        arrays |= {name: getattr(self, name) for name in ("run_table", "topic_table", "offsets")}
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file,
                head=np.array(json.dumps(head, ensure_ascii=False)),
                letters=self.features.alphabet.letters,
                **arrays,
            )

    @classmethod
    def load(cls, path: Path | str) -> Classifier:
        """Read what `save` wrote; ValueError for any other file."""
        try:
            with np.load(Path(path), allow_pickle=False) as kept:
                held = {name: kept[name] for name in kept.files}
            head = json.loads(str(held["head"]))
            if head["format"] != FORMAT:
                raise ValueError(f"format {head['format']} is not {FORMAT}")
            features = Features(
                Alphabet.from_letters(held["letters"]),
                int(head["longest"]),
                **{name: held[name] for name in _ARRAYS},
            )
            tables = (held["run_table"], held["topic_table"], held["offsets"])
            return cls(tuple(head["codes"]), features, *tables, float(head["sharpness"]))
        except (KeyError, TypeError, zipfile.BadZipFile, EOFError) as trouble:
            raise ValueError(f"not a saved classifier: {trouble!r}") from trouble
