"""Gradient boosting of amounts: trained by scikit-learn, scored from plain node arrays."""

from typing import Any, Self

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

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
ROWS_AT_ONCE = 4096
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
        trees = [tree.nodes for stage in model._predictors for tree in stage]
        sizes = np.array([len(tree) for tree in trees], int)
        self.base_ = float(np.ravel(model._baseline_prediction)[0])
        self.roots_ = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        nodes = np.concatenate(trees)
        offset = np.repeat(self.roots_, sizes)
        leaf = nodes["is_leaf"].astype(bool)
        self.feature_ = np.where(leaf, -1, nodes["feature_idx"].astype(int))
        self.threshold_ = nodes["num_threshold"].astype(float)
        self.missing_left_ = nodes["missing_go_to_left"].astype(bool)
        self.left_ = nodes["left"].astype(int) + offset
        self.right_ = nodes["right"].astype(int) + offset
        self.value_ = nodes["value"].astype(float)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(n,) the target on its own scale: an amount, or a chance."""
        raw = np.empty(len(x))
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            raw[part] = self.base_ + self.value_[self._leaves(x[part])].sum(axis=1)
        return np.maximum(LINKS[self.target](raw), 0.0)

    def _leaves(self, x: np.ndarray) -> np.ndarray:
        """(n, trees) the leaf that each row ends in."""
        nodes = np.tile(self.roots_, len(x))
        rows = np.repeat(np.arange(len(x)), len(self.roots_))
        going = np.arange(len(nodes))
        while True:
            here = nodes[going]
            inner = self.feature_[here] >= 0
            # Small trees end early in most places: only what goes on is looked at again.
            going, here = going[inner], here[inner]
            if not len(going):
                return nodes.reshape(len(x), -1)
            values = x[rows[going], self.feature_[here]]
            left = values <= self.threshold_[here]
            left |= np.isnan(values) & self.missing_left_[here]
            nodes[going] = np.where(left, self.left_[here], self.right_[here])

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        names = ("roots", "feature", "threshold", "missing_left", "left", "right", "value")
        arrays = {name: getattr(self, f"{name}_") for name in names}
        return {"target": self.target, "base": self.base_}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        trees = cls(meta["target"])
        trees.base_ = meta["base"]
        trees.roots_, trees.feature_ = arrays["roots"], arrays["feature"]
        trees.threshold_, trees.missing_left_ = arrays["threshold"], arrays["missing_left"]
        trees.left_, trees.right_, trees.value_ = arrays["left"], arrays["right"], arrays["value"]
        return trees
