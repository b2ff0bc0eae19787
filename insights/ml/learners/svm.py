"""Support vector machine with a Gaussian kernel: trained by scikit-learn on a sample, scored from its vectors."""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.svm import SVC

from insights.ml.encoding import Encoder
from insights.ml.learners.sharing import sampled_shares

# Training grows with the square of the rows, scoring with the vectors kept.
MOST_ROWS, LEAST_OF_EACH = 2_000, 100
STRENGTH, WIDTH = 0.5, 0.3
ROWS_AT_ONCE = 2_048
ORDERS = 2


class SupportVectors:
    """Cortes & Vapnik (1995). Its scale is the signed distance from the border; Platt's curve, fitted outside on
    customers it had not seen, makes chances of it. It is no sum, so its reasons are sampled Shapley values."""

    name = "svm"

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        rows = self._sample(y)
        self.encoder_ = Encoder.learn(frame)
        design = self.encoder_.design(frame)
        self.typical_ = design.mean(axis=0)
        self.gamma_ = WIDTH / max(1, design.shape[1])
        model = SVC(C=STRENGTH, gamma=self.gamma_).fit(design[rows], y[rows].astype(int))
        self.estimator_ = model
        self.vectors_ = np.asarray(model.support_vectors_, float)
        self.weights_ = np.asarray(model.dual_coef_[0], float)
        self.offset_ = float(model.intercept_[0])
        return self

    def _sample(self, y: np.ndarray) -> np.ndarray:
        """The same share of those who left and of those who stayed, but never too few of either to tell them apart."""
        if len(y) <= MOST_ROWS:
            return np.arange(len(y))
        generator, share = np.random.default_rng(self.random_state), MOST_ROWS / len(y)
        drawn = []
        for outcome in (0, 1):
            rows = np.flatnonzero(y == outcome)
            count = min(len(rows), max(LEAST_OF_EACH, round(share * len(rows))))
            drawn.append(generator.choice(rows, count, replace=False))
        return np.sort(np.concatenate(drawn))

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def _forward(self, design: np.ndarray) -> np.ndarray:
        own = (self.vectors_**2).sum(axis=1)
        said = np.empty(len(design))
        for start in range(0, len(design), ROWS_AT_ONCE):
            part = design[start : start + ROWS_AT_ONCE]
            apart = (part**2).sum(axis=1)[:, None] + own - 2 * part @ self.vectors_.T
            said[start : start + len(part)] = np.exp(-self.gamma_ * apart) @ self.weights_
        return said + self.offset_

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self._forward(self.encoder_.design(frame))

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        return sampled_shares(
            self._forward,
            self.encoder_.design(frame),
            self.typical_,
            self.encoder_.family_index,
            len(self.families),
            ORDERS,
            self.random_state,
        )

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        own = {"vectors": self.vectors_, "weights": self.weights_, "typical": self.typical_}
        return {"encoder": meta, "offset": self.offset_, "gamma": self.gamma_}, {**arrays, **own}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        learner.offset_, learner.gamma_ = meta["offset"], meta["gamma"]
        learner.vectors_, learner.weights_ = arrays["vectors"], arrays["weights"]
        learner.typical_ = arrays["typical"]
        return learner
