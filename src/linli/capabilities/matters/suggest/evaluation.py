"""How well categories are learned: macro-F1 on messages that the classifier has not seen."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from linli.capabilities.matters.suggest.classifier import Classifier
from linli.capabilities.matters.suggest.text import plain

PARTS = 5
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one label was judged."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """Result of one judging; `confusion[label][judged]` counts messages."""

    macro_f1: float
    per_class: dict[str, Figures]
    confusion: dict[str, dict[str, int]]
    n_train: int
    n_test: int
    seconds: float
    judged_per_s: float
    unseen: int  # of n_test: not word for word in the training part
    left_out: tuple[str, ...]  # labels with fewer than two messages, not judged

    def as_json(self) -> dict[str, Any]:
        """Plain values for a --json answer."""
        return asdict(self)


def held_out(labels: Sequence[str], *, seed: int = 0, parts: int = PARTS) -> list[bool]:
    """Mark one part in `parts` of each label's rows (rounded, at least one of two), by the seed.

    Stratified; the split was fixed before any figure was seen: seed 0.
    """
    draw = np.random.default_rng(seed)
    marks = np.array(labels)
    held = np.zeros(len(marks), dtype=bool)
    for label in sorted(set(labels)):
        rows = draw.permutation(np.flatnonzero(marks == label))
        held[rows[: max(1, round(len(rows) / parts))] if len(rows) > 1 else []] = True
    return [bool(mark) for mark in held]


def _figures(label: str, pairs: Counter[Pair]) -> Figures:
    hit = pairs[label, label]
    told = sum(n for (_, judged), n in pairs.items() if judged == label)
    real = sum(n for (true, _), n in pairs.items() if true == label)
    precision, recall = hit / told if told else 0.0, hit / real if real else 0.0
    f1 = 2 * hit / (told + real) if told + real else 0.0
    return Figures(round(precision, 4), round(recall, 4), f1, real)


def evaluate(
    rows: Sequence[Pair], learn_rows: Sequence[Pair] | None = None, *, seed: int = 0
) -> Report:
    """Judge (text, label) rows: a held-out fifth, or all of them after learning from `learn_rows`.

    Macro-F1 is the mean over the labels met in the judged rows. ValueError without two labels.
    """
    began = time.perf_counter()
    rows = [(text, label) for text, label in rows if label and plain(text)]
    counts = Counter(label for _, label in rows)
    lone = () if learn_rows is not None else tuple(sorted(k for k, n in counts.items() if n < 2))
    rows = [row for row in rows if row[1] not in lone]
    if learn_rows is None:
        held = held_out([label for _, label in rows], seed=seed)
        learn = [row for row, out in zip(rows, held, strict=True) if not out]
        rows = [row for row, out in zip(rows, held, strict=True) if out]
    else:
        learn = [(text, label) for text, label in learn_rows if label and plain(text)]
    model = Classifier.fit([t for t, _ in learn], [k for _, k in learn], seed=seed)
    asked = time.perf_counter()
    judged = model.predict_many([text for text, _ in rows])
    answered = time.perf_counter()
    pairs = Counter(zip([label for _, label in rows], judged, strict=True))
    labels = sorted({label for _, label in rows})
    per_class = {label: _figures(label, pairs) for label in labels}
    seen = {plain(text) for text, _ in learn}
    return Report(
        macro_f1=sum(f.f1 for f in per_class.values()) / max(len(labels), 1),
        per_class=per_class,
        confusion={k: {j: n for (t, j), n in sorted(pairs.items()) if t == k} for k in labels},
        n_train=len(learn),
        n_test=len(rows),
        seconds=round(answered - began, 3),
        judged_per_s=round(len(rows) / max(answered - asked, 1e-9), 1),
        unseen=sum(plain(text) not in seen for text, _ in rows),
        left_out=lone,
    )
