"""What the word lists and rules say of a message, which have learnt nothing from this company."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from insights.ml.voice import polarity
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.moods import SQUASHED, column, mood_of, parts_of
from insights.ml.voice.reading import LABELS

# No word list is surer than that.
LEAST_CHANCE = 1e-4


class Lexicon:
    """Logarithms of the reader's chances of LABELS. The plain rule of sentiment, and what a blend starts from where
    few messages are labelled; its weight and levels are learnt outside."""

    name = "lexicon"

    def __init__(self, labels: Sequence[str], random_state: int = 42):
        self.labels = tuple(labels)
        self.columns = [LABELS.index(one) for one in labels]

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        """Nothing is learnt here."""
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        told = parts_of(corpus)[:, [column("score"), column("conflict")]]
        chances = [polarity.chances(score / SQUASHED, conflict) for score, conflict in told]
        return _log(np.reshape(chances, (-1, len(LABELS))))[:, self.columns]

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """The score's way from that of a message without any such words, shared out by the words' weights."""
        said = mood_of(plain_text)
        base = float(_log(polarity.chances(0.0))[self.columns] @ towards)
        score = float(_logs_of(said)[self.columns] @ towards)
        shares = np.zeros(len(plain_text))
        hits = [hit for hit in said.hits if hit.weight and hit.end > hit.start]
        whole = sum(hit.weight for hit in hits)
        if abs(whole) < 1e-6:
            return shares, score
        for hit in hits:
            shares[hit.start : hit.end] += (
                (score - base) * hit.weight / whole / (hit.end - hit.start)
            )
        return shares, base

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"labels": list(self.labels)}, {}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        return cls(meta["labels"])


def _logs_of(said: polarity.Mood) -> np.ndarray:
    return _log(polarity.chances(polarity.squashed(said.score), said.conflict))


def _log(chances: Sequence[float] | np.ndarray) -> np.ndarray:
    return np.log(np.maximum(chances, LEAST_CHANCE))
