"""The plain rules that a learnt model has to beat. Only ever a yardstick: never served, so without a state."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.reading import LABELS


class Lexicon:
    """What the reader says who has learnt nothing from this company; its levels are learnt outside."""

    name = "rule"

    def __init__(self, labels: Sequence[str]):
        self.columns = [LABELS.index(one) for one in labels]

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        return corpus.moods()[:, self.columns]


class Shares:
    """How many messages are of each class, whatever they say."""

    name = "rule"

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        self.shares_ = np.log(np.bincount(y, minlength=classes) + 1.0)
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        return np.tile(self.shares_, (len(corpus), 1))
