"""Random forest: trained by scikit-learn, scored from plain node arrays."""

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.ensemble import RandomForestClassifier

from insights.ml.encoding import Encoder
from insights.ml.learners.trees import Trees

TREES = 200
SMALLEST_SHARE = 0.005
# A tree that sees more rows costs more and, as one of two hundred, tells hardly more.
MOST_ROWS_A_TREE = 15_000
NARROWEST = 1e-4


class Forest:
    """Breiman (2001). Its scale is the mean leaf share; reasons follow each row down its paths, each split
    credited with the change of the share it brings (Saabas 2014), so they add up exactly."""

    name = "forest"

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.encoder_ = Encoder.learn(frame)
        smallest = int(np.clip(SMALLEST_SHARE * len(frame), 10, 50))
        model = RandomForestClassifier(
            TREES,
            min_samples_leaf=smallest,
            max_features=0.15,
            max_samples=min(len(frame), MOST_ROWS_A_TREE),
            n_jobs=2,
            random_state=self.random_state,
        )
        # scikit-learn compares float32; thresholds are kept in double, so the input is rounded as there.
        self.estimator_ = model.fit(self._design(frame), y.astype(int))
        self._take(model)
        return self

    def _design(self, frame: pd.DataFrame) -> np.ndarray:
        return self.encoder_.design(frame).astype(np.float32)

    def _take(self, model: RandomForestClassifier) -> None:
        self.trees_ = Trees.joined([_arrays(tree.tree_) for tree in model.estimators_])
        self._follow()

    def _follow(self) -> None:
        self.trees_.follow(self.encoder_.family_index, len(self.families))

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        return self.trees_.mean(self._design(frame))

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return logit(np.clip(raw, NARROWEST, 1 - NARROWEST))

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        return self.trees_.mean_credit(self._design(frame)), float(self.trees_.base.mean())

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        return {"encoder": meta}, {**arrays, **self.trees_.state()}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        # Forests of before the other tree learners kept the same values under another name.
        learner.trees_ = Trees(
            arrays if "value" in arrays else {**arrays, "value": arrays["share"]}
        )
        learner._follow()
        return learner


def _arrays(tree: Any) -> dict[str, np.ndarray]:
    """One tree of the library as arrays of our own; a node says the share of its rows that left."""
    counts = tree.value[:, 0, :]
    return {
        "feature": np.maximum(tree.feature, -1).astype(int),
        "threshold": tree.threshold,
        "left": np.maximum(tree.children_left, 0),
        "right": np.maximum(tree.children_right, 0),
        "value": counts[:, 1] / counts.sum(axis=1),
    }
