"""What the built-in wordings say a message is about, which have learnt nothing from this company."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from insights.ml.voice import polarity, reasons
from insights.ml.voice.finding import Boundaries
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.script import folded, understood

CODES = (*reasons.INTENTS, reasons.OTHER)
# Where a reason stands that a company has added itself: the wordings know nothing of it.
OWN = len(CODES)
# No wording is surer than that; nor is their absence.
LEAST_LEFT = 0.05


class Wordings:
    """Logarithms of the reader's chances of the labels: that of the reason it gives, and what is left of it for each
    of the others. The plain rule of reasons, and what a blend starts from where few messages are labelled."""

    name = "wordings"

    def __init__(self, labels: Sequence[str], random_state: int = 42):
        self.labels = tuple(labels)
        self.columns = [CODES.index(one) if one in CODES else OWN for one in labels]

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        """Nothing is learnt here."""
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        return corpus.per_text("wordings", _log_chances)[:, self.columns]

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """The way from a message without any wording, spread evenly over the wordings of the reason given."""
        base = float(_logs_of("")[self.columns] @ towards)
        score = float(_logs_of(plain_text)[self.columns] @ towards)
        plain = understood(folded(plain_text))
        boundaries = Boundaries(plain)
        code, _ = _said(plain, boundaries, plain_text)
        shares = np.zeros(len(plain_text))
        for start, end in reasons.places(plain, boundaries, code):
            shares[start:end] = 1.0
        if not shares.any():
            return shares, score
        return shares * (score - base) / shares.sum(), base

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"labels": list(self.labels)}, {}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        return cls(meta["labels"])


def _log_chances(texts: Sequence[str]) -> np.ndarray:
    return np.array([_logs_of(text) for text in texts]).reshape(-1, OWN + 1)


def _logs_of(text: str) -> np.ndarray:
    plain = understood(folded(text))
    code, chance = _said(plain, Boundaries(plain), text)
    left = max(1 - chance, LEAST_LEFT)
    logs = np.full(OWN + 1, np.log(left / OWN))
    logs[CODES.index(code)] = np.log(1 - left)
    return logs


def _said(plain: str, boundaries: Boundaries, text: str) -> tuple[str, float]:
    mood = polarity.squashed(polarity.mood(text, plain, boundaries, []).score)
    return reasons.intent(plain, boundaries, mood)
