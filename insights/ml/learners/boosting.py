"""Gradient boosting: small trees one after the other, trained by scikit-learn, scored from plain node arrays."""

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from insights.ml.encoding import Encoder
from insights.ml.learners.trees import Trees

# Small and slow: with its defaults boosting learns the noise of a few thousand customers.
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "max_bins": 63,
    "early_stopping": False,
}
LEAVES, FEWER_LEAVES = 8, 4
ROUNDS, FEWEST_ROUNDS, ROWS_A_ROUND = 150, 60, 30
SMALLEST_SHARE = 0.005


def rounds(rows: int) -> int:
    return int(np.clip(rows / ROWS_A_ROUND, FEWEST_ROUNDS, ROUNDS))


def smallest_leaf(rows: int) -> int:
    return int(np.clip(SMALLEST_SHARE * rows, 10, 50))


class Boosting:
    """Friedman (2001), with histograms (Ke et al. 2017). Its scale are log-odds: a sum over the trees.

    Reasons follow each row down its paths, as a forest's do, so they add up exactly.
    """

    name = "boosting"
    choices: ClassVar[tuple[dict[str, Any], ...]] = ({"leaves": LEAVES}, {"leaves": FEWER_LEAVES})

    def __init__(self, random_state: int = 42, leaves: int = LEAVES):
        self.random_state = random_state
        self.leaves = leaves

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.encoder_ = Encoder.learn(frame)
        self.estimator_ = self._train(self._design(frame), y.astype(int))
        self._take(self.estimator_)
        self._follow()
        return self

    def _train(self, design: np.ndarray, y: np.ndarray) -> Any:
        model = HistGradientBoostingClassifier(
            max_iter=rounds(len(y)),
            max_leaf_nodes=self.leaves,
            min_samples_leaf=smallest_leaf(len(y)),
            random_state=self.random_state,
            **SETTINGS,
        )
        # Threads that wait for each other on a busy machine take a hundred times what they save.
        with threadpool_limits(1, user_api="openmp"):
            return model.fit(design, y)

    def _design(self, frame: pd.DataFrame) -> np.ndarray:
        return self.encoder_.design(frame)

    def _take(self, model: Any) -> None:
        """The library keeps its trees in structured arrays; what a node says on average is worked out from below."""
        self.offset_ = float(np.ravel(model._baseline_prediction)[0])
        self.trees_ = Trees.joined([_arrays(of_round[0].nodes) for of_round in model._predictors])

    def _follow(self) -> None:
        self.trees_.follow(self.encoder_.family_index, len(self.families))

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self.offset_ + self.trees_.sum(self._design(frame))

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        credit = len(self.trees_.roots) * self.trees_.mean_credit(self._design(frame))
        return credit, self.offset_ + float(self.trees_.base.sum())

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        return {"encoder": meta, "offset": self.offset_}, {**arrays, **self.trees_.state()}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        learner.offset_, learner.trees_ = meta["offset"], Trees(arrays)
        learner._follow()
        return learner


def _arrays(nodes: np.ndarray) -> dict[str, np.ndarray]:
    """One tree of the library as arrays of our own."""
    leaf = nodes["is_leaf"].astype(bool)
    left, right = (np.where(leaf, 0, nodes[side]).astype(int) for side in ("left", "right"))
    tree = {
        "feature": np.where(leaf, -1, nodes["feature_idx"]).astype(int),
        "threshold": np.where(leaf, 0.0, nodes["num_threshold"]),
        "left": left,
        "right": right,
        "value": nodes["value"].astype(float),
    }
    return averaged(tree, nodes["count"].astype(float))


def averaged(tree: dict[str, np.ndarray], count: np.ndarray) -> dict[str, np.ndarray]:
    """The tree with what its inner nodes say on average; count (nodes,): training rows of each."""
    value = tree["value"]
    for node in np.flatnonzero(tree["feature"] >= 0)[::-1]:  # children stand behind their parent
        sides = [tree["left"][node], tree["right"][node]]
        value[node] = np.average(value[sides], weights=count[sides])
    return tree
