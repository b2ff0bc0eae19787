"""Random forest: trained by scikit-learn, scored from plain node arrays."""

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.ensemble import RandomForestClassifier

from insights.ml.encoding import Encoder

TREES = 200
SMALLEST_SHARE = 0.005
# A tree that sees more rows costs more and, as one of two hundred, tells hardly more.
MOST_ROWS_A_TREE = 15_000
ROWS_AT_ONCE = 4096
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
        trees = [tree.tree_ for tree in model.estimators_]
        sizes = np.array([tree.node_count for tree in trees])
        self.roots_ = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        self.feature_ = np.concatenate([tree.feature for tree in trees]).astype(int)
        self.threshold_ = np.concatenate([tree.threshold for tree in trees])
        self.left_ = np.concatenate(
            [t.children_left + r for t, r in zip(trees, self.roots_, strict=True)]
        )
        self.right_ = np.concatenate(
            [t.children_right + r for t, r in zip(trees, self.roots_, strict=True)]
        )
        counts = np.concatenate([tree.value[:, 0, :] for tree in trees])
        self.share_ = counts[:, 1] / counts.sum(axis=1)
        self._follow_paths()

    def _follow_paths(self) -> None:
        """(nodes, families): the credit collected on the way from the root to each node."""
        families = self.encoder_.family_index
        self.credit_ = np.zeros((len(self.feature_), len(self.families)))
        # Within a tree a parent always stands before its children.
        for node in np.flatnonzero(self.feature_ >= 0):
            for child in (self.left_[node], self.right_[node]):
                self.credit_[child] = self.credit_[node]
                self.credit_[child, families[self.feature_[node]]] += (
                    self.share_[child] - self.share_[node]
                )
        self.base_ = float(self.share_[self.roots_].mean())

    @property
    def families(self) -> list[str]:
        return self.encoder_.columns.families

    def _leaves(self, design: np.ndarray) -> np.ndarray:
        """(n, trees) the leaf that each row ends in."""
        nodes = np.tile(self.roots_, (len(design), 1))
        rows = np.arange(len(design))[:, None]
        while True:
            feature = self.feature_[nodes]
            inner = feature >= 0
            if not inner.any():
                return nodes
            goes_left = design[rows, np.maximum(feature, 0)] <= self.threshold_[nodes]
            nodes = np.where(
                inner, np.where(goes_left, self.left_[nodes], self.right_[nodes]), nodes
            )

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        design = self._design(frame)
        shares = np.empty(len(design))
        for start in range(0, len(design), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            shares[part] = self.share_[self._leaves(design[part])].mean(axis=1)
        return shares

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return logit(np.clip(raw, NARROWEST, 1 - NARROWEST))

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        design = self._design(frame)
        credit = np.zeros((len(design), len(self.families)))
        for start in range(0, len(design), ROWS_AT_ONCE):
            leaves = self._leaves(design[start : start + ROWS_AT_ONCE])
            for tree in range(leaves.shape[1]):
                credit[start : start + ROWS_AT_ONCE] += self.credit_[leaves[:, tree]]
        return credit / len(self.roots_), self.base_

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.encoder_.state()
        nodes = {"roots": self.roots_, "feature": self.feature_, "threshold": self.threshold_}
        nodes |= {"left": self.left_, "right": self.right_, "share": self.share_}
        return {"encoder": meta}, {**arrays, **nodes}

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.encoder_ = Encoder.from_state(meta["encoder"], arrays)
        learner.roots_, learner.feature_, learner.threshold_ = (
            arrays["roots"], arrays["feature"], arrays["threshold"],
        )  # fmt: skip
        learner.left_, learner.right_, learner.share_ = (
            arrays["left"],
            arrays["right"],
            arrays["share"],
        )
        learner._follow_paths()
        return learner
