"""Logistic regression on splines: a smooth curve per number, one step per category level."""

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy.interpolate import BSpline
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import SplineTransformer

from insights.ml.encoding import Encoder
from insights.ml.learners import group_sums

KNOTS = 5
DEGREE = 3
BASIS = KNOTS + DEGREE - 1
# How far the data may pull a curve away from flat (C of scikit-learn).
STRENGTH, WEAKER, STRONGER = 0.03, 0.1, 0.01


class SplineLogistic:
    """Additive in log-odds, so its reasons are exact. Cubic B-splines with knots at quantiles
    (Eilers & Marx 1996), ridge penalty, constant beyond the range seen in training."""

    name = "logistic"
    allowed: ClassVar[tuple[str, ...] | None] = None
    choices: ClassVar[tuple[dict[str, Any], ...]] = (
        {"strength": STRENGTH},
        {"strength": WEAKER},
        {"strength": STRONGER},
    )

    def __init__(self, random_state: int = 42, strength: float = STRENGTH):
        self.random_state = random_state
        self.strength = strength

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.encoder_ = Encoder.learn(frame, self.allowed)
        numbers, flags = self.encoder_.parts(frame)
        basis, self.knots_ = self._learn_basis(numbers)
        design = np.hstack([basis, flags])
        model = LogisticRegression(C=self.strength, max_iter=1000, random_state=self.random_state)
        model.fit(design, y)
        self.estimator_ = model
        self.weights_ = model.coef_[0].astype(float)
        # Centred, so that the base is a typical customer and a reason is a difference from one.
        self.means_ = design.mean(axis=0)
        self.base_ = float(model.intercept_[0] + self.means_ @ self.weights_)
        return self

    @staticmethod
    def _learn_basis(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not numbers.shape[1]:
            return numbers, np.zeros((0, 0))
        splines = SplineTransformer(
            KNOTS, degree=DEGREE, knots="quantile", extrapolation="constant"
        )
        # Where quantiles coincide (mostly zeros) knots must still increase strictly.
        base = np.quantile(numbers, np.linspace(0, 1, KNOTS), axis=0)
        base = np.maximum.accumulate(base + 1e-3 * np.arange(KNOTS)[:, None], axis=0)
        splines.set_params(knots=base)
        matrix = splines.fit_transform(numbers)
        return matrix, np.array([spline.t for spline in splines.bsplines_])

    def _design(self, frame: pd.DataFrame) -> np.ndarray:
        numbers, flags = self.encoder_.parts(frame)
        columns = [_basis(numbers[:, index], knots) for index, knots in enumerate(self.knots_)]
        return np.hstack([*columns, flags])

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        terms, base = self.contributions(frame)
        return base + terms.sum(axis=1)

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        numbers, flags = self.encoder_.parts(frame)
        terms = np.empty((len(frame), numbers.shape[1] + flags.shape[1]))
        places = np.split(np.arange(len(self.weights_)), [BASIS * len(self.knots_)])
        # Where a customer stands on a curve: a seventh of the work of its basis, and the same sum.
        for column, knots in enumerate(self.knots_):
            own = places[0][column * BASIS : (column + 1) * BASIS]
            curve = BSpline(knots, self.weights_[own], DEGREE)
            centre = self.means_[own] @ self.weights_[own]
            terms[:, column] = curve(_inside(numbers[:, column], knots)) - centre
        steps = places[1]
        terms[:, numbers.shape[1] :] = (flags - self.means_[steps]) * self.weights_[steps]
        return group_sums(terms, self.encoder_.family_index, len(self.families)), self.base_

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        own = {"knots": self.knots_, "weights": self.weights_, "means": self.means_}
        return {"encoder": meta, "base": self.base_}, {**arrays, **own}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        learner.knots_, learner.weights_ = arrays["knots"], arrays["weights"]
        learner.means_, learner.base_ = arrays["means"], meta["base"]
        return learner


class RfmLogistic(SplineLogistic):
    """The same on recency, frequency and money alone: what the textbooks begin with (Hughes 1994)."""

    name = "rfm_logistic"
    allowed = ("recency_days", "orders_all", "orders_365", "spend_all", "spend_365")


def _basis(values: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """(n, BASIS) B-splines, held constant outside the first and last inner knot."""
    return BSpline.design_matrix(_inside(values, knots), knots, DEGREE).toarray()


def _inside(values: np.ndarray, knots: np.ndarray) -> np.ndarray:
    return np.clip(values, knots[DEGREE], knots[-DEGREE - 1])
