"""Gradient boosting of amounts: trained by scikit-learn, scored from plain node arrays."""

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

from insights.ml.learners.trees import Trees

# Small steps and small trees: on a few thousand customers default boosting learns noise.
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.03,
    "max_iter": 150,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 30,
    "l2_regularization": 5.0,
    "early_stopping": False,
}
TWEEDIE_POWER = 1.5
TARGETS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tweedie": np.asarray,
    "chance": lambda y: (y > 0).astype(float),
    "amount": np.log,
    "log": np.log1p,
}
LINKS = {"tweedie": np.exp, "chance": expit, "amount": np.exp, "log": np.expm1}


class BoostedTrees:
    """Histogram gradient boosting (Friedman 2001; Ke et al. 2017) for one of four targets:

    - tweedie: an amount that is often zero (Tweedie deviance, power 1.5)
    - chance: whether the amount is above zero
    - amount: exp of the mean logarithm of an amount above zero
    - log: exp of the mean logarithm of one plus the amount, less one
    """

    def __init__(self, target: str, random_state: int = 42):
        self.target = target
        self.random_state = random_state

    def fit(self, x: np.ndarray, y: np.ndarray) -> Self:
        """x (n, m) with NaN where nothing is known; y (n,) amounts, not below zero."""
        from sklearn._loss.loss import HalfBinomialLoss, HalfTweedieLoss
        from sklearn.ensemble import HistGradientBoostingRegressor

        # A classifier would ask for both outcomes; where everybody pays, the chance is simply one.
        losses = {"tweedie": HalfTweedieLoss(power=TWEEDIE_POWER), "chance": HalfBinomialLoss()}
        loss = losses.get(self.target, "squared_error")
        if self.target == "amount":
            x, y = x[y > 0], y[y > 0]
        model = HistGradientBoostingRegressor(loss=loss, random_state=self.random_state, **SETTINGS)
        # Threads that wait for each other on a busy machine take a hundred times what they save.
        with threadpool_limits(1, user_api="openmp"):
            model.fit(x, TARGETS[self.target](y))
        self.estimator_ = model
        self._take(model)
        return self

    def _take(self, model: Any) -> None:
        self.base_ = float(np.ravel(model._baseline_prediction)[0])
        self.trees_ = Trees.joined(
            [_arrays(tree.nodes) for stage in model._predictors for tree in stage]
        )

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(n,) the target on its own scale: an amount, or a chance."""
        return np.maximum(LINKS[self.target](self.base_ + self.trees_.sum(x)), 0.0)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"target": self.target, "base": self.base_}, self.trees_.state()

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        boosted = cls(meta["target"])
        boosted.base_, boosted.trees_ = meta["base"], Trees(arrays)
        return boosted


def _arrays(nodes: np.ndarray) -> dict[str, np.ndarray]:
    """One tree of the library as arrays of our own."""
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, -1, nodes["feature_idx"].astype(int)),
        "threshold": nodes["num_threshold"].astype(float),
        "missing_left": nodes["missing_go_to_left"].astype(bool),
        "left": nodes["left"].astype(int),
        "right": nodes["right"].astype(int),
        "value": nodes["value"].astype(float),
    }
