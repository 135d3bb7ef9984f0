"""A category learned from labelled messages: characters, topics and one linear table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.special import softmax
from sklearn.svm import LinearSVC

from linli.capabilities.matters.suggest.grams import (
    LONGEST,
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
TOPIC_WEIGHT = 0.5
_BATCH = 2_000
