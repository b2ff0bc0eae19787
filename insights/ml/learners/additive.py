"""Explainable boosting machine: a shape per feature, learnt by cyclic boosting, read like a table."""

import warnings
from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml.encoding import Columns
from insights.ml.learners import group_sums, held_out_groups

# Small steps and large leaves: on a few thousand customers default boosting learns noise.
SETTINGS: dict[str, Any] = {
    "interactions": 0,
    "max_bins": 64,
    "learning_rate": 0.05,
    "max_rounds": 600,
    "min_samples_leaf": 20,
    "early_stopping_rounds": 50,
}
BAGS = 4
HELD_OUT = 0.15


class AdditiveBoosting:
    """Generalised additive model with boosted bin scores (Lou, Caruana & Gehrke 2012; InterpretML 2019).

    Bags are drawn by customer: a customer seen at several moments never stops the boosting of the bag
    that trains on them. Scored from bin edges and bin scores alone; reasons are exact.
    """

    name = "ebm"

    def __init__(self, random_state: int = 42):
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        from interpret.glassbox import ExplainableBoostingClassifier

        self.columns_ = Columns.learn(frame)
        matrix = self.columns_.matrix(frame)
        kinds = [
            "nominal" if name in self.columns_.levels else "continuous"
            for name in self.columns_.names
        ]
        bags = np.stack(
            [
                np.where(held_out_groups(groups, HELD_OUT, self.random_state + bag), -1, 1)
                for bag in range(BAGS)
            ],
            axis=1,
        ).astype(np.int8)
        model = ExplainableBoostingClassifier(
            feature_types=kinds,
            outer_bags=BAGS,
            n_jobs=1,
            random_state=self.random_state,
            **SETTINGS,
        )
        with warnings.catch_warnings():
            # The library's own plots leave missing values out; these scores do not come from its plots.
            warnings.filterwarnings("ignore", message="Missing values detected")
            self.estimator_ = model.fit(self._input(matrix), y.astype(int), bags=bags)
        self._take(model)
        return self

    def _input(self, matrix: np.ndarray) -> pd.DataFrame:
        frame = pd.DataFrame(matrix, columns=self.columns_.names)
        for name in self.columns_.levels:
            frame[name] = frame[name].astype(int).astype(str)
        return frame

    def _take(self, model: Any) -> None:
        """Bin edges and scores out of the library's own structures: slot 0 missing, then one per bin."""
        self.base_ = float(np.ravel(model.intercept_)[0])
        self.cuts_, self.scores_ = [], []
        assert [tuple(term) for term in model.term_features_] == [
            (index,) for index in range(len(self.columns_.names))
        ], "the additive model must have exactly one term per feature"
        for index, name in enumerate(self.columns_.names):
            bins, scores = model.bins_[index][0], np.asarray(model.term_scores_[index], float)
            if name in self.columns_.levels:
                by_code = [
                    scores[bins.get(str(code), -1)]
                    for code in range(len(self.columns_.levels[name]))
                ]
                bins, scores = np.arange(len(by_code) - 1) + 0.5, np.array([0.0, *by_code])
            else:
                scores = scores[:-1]
            self.cuts_.append(np.asarray(bins, float))
            self.scores_.append(scores)

    @property
    def families(self) -> list[str]:
        return self.columns_.families

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        terms, base = self.contributions(frame)
        return base + terms.sum(axis=1)

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
        matrix = self.columns_.matrix(frame)
        terms = np.empty_like(matrix)
        for index, (cuts, scores) in enumerate(zip(self.cuts_, self.scores_, strict=True)):
            values = matrix[:, index]
            place = np.searchsorted(cuts, values, side="right") + 1
            terms[:, index] = scores[np.where(np.isnan(values), 0, place)]
        return group_sums(terms, self.columns_.family_index, len(self.families)), self.base_

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {
            "cuts": np.concatenate([*self.cuts_, np.zeros(0)]),
            "scores": np.concatenate([*self.scores_, np.zeros(0)]),
            "cut_counts": np.array([len(cuts) for cuts in self.cuts_], int),
            "score_counts": np.array([len(scores) for scores in self.scores_], int),
        }
        return {"columns": self.columns_.state(), "base": self.base_}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learner = cls()
        learner.columns_, learner.base_ = Columns.from_state(meta["columns"]), meta["base"]
        learner.cuts_ = np.split(arrays["cuts"], np.cumsum(arrays["cut_counts"]))[:-1]
        learner.scores_ = np.split(arrays["scores"], np.cumsum(arrays["score_counts"]))[:-1]
        return learner
