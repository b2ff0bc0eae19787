"""A linear model on what the optional English sentence encoder makes of a message."""

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.ml.storage import Unusable
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.encoder import PACKAGE, encoder, installed


class Sentences:
    """Logistic regression on sentence vectors. A vector is a mean over tokens, so the score is a sum over them; what
    a token brings depends on the words around it."""

    name = "sentences"
    choices: ClassVar[tuple[dict[str, Any], ...]] = ({"strength": 30.0}, {"strength": 5.0})

    def __init__(self, random_state: int = 42, strength: float = 30.0):
        self.random_state = random_state
        self.strength = strength

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self:
        model = LogisticRegression(C=self.strength, max_iter=300, random_state=self.random_state)
        model.fit(_vectors(corpus), y)
        weights, offsets = model.coef_.T.astype(float), model.intercept_.astype(float)
        if classes == 2:
            weights, offsets = np.hstack([-weights, weights]) / 2, np.repeat(offsets, 2) / 2
            offsets[0] = -offsets[0]
        self.weights_, self.offsets_ = weights, offsets
        return self

    def raw(self, corpus: Corpus) -> np.ndarray:
        return _vectors(corpus) @ self.weights_ + self.offsets_

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        pieces, brought = encoder().tokens(plain_text)
        worth, base = brought @ (self.weights_ @ towards), float(self.offsets_ @ towards)
        shares = np.zeros(len(plain_text))
        if not pieces:
            return shares, base + float(worth.sum())
        for (_, start, end), own in zip(pieces, worth, strict=True):
            shares[start:end] += own / (end - start)
        return shares, base

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"encoder": PACKAGE}, {"weights": self.weights_, "offsets": self.offsets_}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        """Raises Unusable where the encoder has been taken away since."""
        if not installed():
            raise Unusable(f"the model reads with {meta['encoder']}, which is not installed")
        learner = cls()
        learner.weights_, learner.offsets_ = arrays["weights"], arrays["offsets"]
        return learner


def _vectors(corpus: Corpus) -> np.ndarray:
    return corpus.per_text("sentences", lambda texts: encoder().vectors(texts))
