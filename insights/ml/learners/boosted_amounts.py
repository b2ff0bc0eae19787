"""Gradient boosting of amounts: trained by scikit-learn, scored from plain node arrays."""

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
        from sklearn._loss.loss import HalfTweedieLoss
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        settings = {**SETTINGS, "random_state": self.random_state}
        # Threads that wait for each other on a busy machine take a hundred times what they save.
        with threadpool_limits(1, user_api="openmp"):
            if self.target == "chance":
                model = HistGradientBoostingClassifier(**settings).fit(x, y > 0)
            elif self.target == "tweedie":
                loss = HalfTweedieLoss(power=TWEEDIE_POWER)
                model = HistGradientBoostingRegressor(loss=loss, **settings).fit(x, y)
            elif self.target == "amount":
                paid = y > 0
                model = HistGradientBoostingRegressor(**settings).fit(x[paid], np.log(y[paid]))
            else:
                model = HistGradientBoostingRegressor(**settings).fit(x, np.log1p(y))
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
