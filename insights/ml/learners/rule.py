"""The plain rule: sort customers by one thing that anybody would look at."""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from insights.ml.encoding import Encoder

# A level starts with this many customers at the overall rate, so that a handful cannot shout.
PRIOR = 20.0


class SingleColumnRule:
    """The chance along one column: a logistic curve on the logarithm of a number, or the rate of each
    level of a category. Of several allowed columns, the most telling one.

    Only ever a yardstick: it is never served, so it has no state to save.
    """

    name = "rule"

    def __init__(self, allowed: tuple[str, ...] | None = None):
        self.allowed = allowed

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.encoder_ = Encoder.learn(frame, self.allowed)
        self.rate_ = float((y.sum() + 0.5) / (len(y) + 1))
        design = self.encoder_.design(frame)
        best_loss = np.inf
        self.part_, self.weights_, self.offset_ = (
            np.array([], int),
            np.array([]),
            float(logit(self.rate_)),
        )
        for column in range(len(self.encoder_.columns.names)):
            part = np.flatnonzero(self.encoder_.source == column)
            weights, offset = self._curve(design[:, part], y, column)
            z = design[:, part] @ weights + offset
            loss = float(np.mean(np.logaddexp(0, np.where(y == 1, -z, z))))
            if loss < best_loss:
                best_loss, self.part_, self.weights_, self.offset_ = loss, part, weights, offset
        return self

    def _curve(self, design: np.ndarray, y: np.ndarray, column: int) -> tuple[np.ndarray, float]:
        if column >= len(self.encoder_.columns.numbers):
            hits, counts = y @ design, design.sum(axis=0)
            return logit((hits + PRIOR * self.rate_) / (counts + PRIOR)), 0.0
        model = LogisticRegression(C=1.0, max_iter=500).fit(design, y)
        return model.coef_[0], float(model.intercept_[0])

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self.encoder_.design(frame)[:, self.part_] @ self.weights_ + self.offset_

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw
