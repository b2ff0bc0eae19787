"""Learners for yes-or-no questions: trained with the best library for each, scored from plain arrays.

Every learner has the same face:
- `fit(frame, y, groups)`: feature frame (n rows), labels (n,) in {0, 1}, customer of each row (n,). Rows of
  one customer never stand on both sides of an inner split.
- `raw(frame)` -> (n,): the learner's own additive scale; `logit(raw)` -> log-odds, monotone in raw.
- `contributions(frame)` -> ((n, families), base): sums with the base to raw, per reason family.
- `families`: the reason codes of the columns of that matrix.
- `choices`, where it has several settings worth a try: what its class takes by name, the usual ones first (see
  fitting).
- `state()` / `from_state()`: JSON-able values and plain arrays; `raw` uses nothing else.
"""

from importlib import import_module
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

LEARNERS = {
    "rfm_logistic": "insights.ml.learners.linear:RfmLogistic",
    "logistic": "insights.ml.learners.linear:SplineLogistic",
    "forest": "insights.ml.learners.forest:Forest",
    "ebm": "insights.ml.learners.additive:AdditiveBoosting",
    "boosting": "insights.ml.learners.boosting:Boosting",
    "lightgbm": "insights.ml.learners.lightgbm:LightGbm",
    "lifetime": "insights.ml.learners.lifetime:Lifetime",
    "svm": "insights.ml.learners.svm:SupportVectors",
    "keras": "insights.ml.deep.tabular:TabularNetwork",
    "blend": "insights.ml.learners.blend:Blend",
    "story": "insights.ml.deep.story_churn:StoryLearner",
}


class Learner(Protocol):
    name: str

    @property
    def families(self) -> list[str]: ...

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self: ...

    def raw(self, frame: pd.DataFrame) -> np.ndarray: ...

    def logit(self, raw: np.ndarray) -> np.ndarray: ...

    def contributions(self, frame: pd.DataFrame) -> tuple[np.ndarray, float]: ...

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]: ...

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self: ...


def learner_class(name: str) -> Any:
    module, _, attribute = LEARNERS[name].partition(":")
    return getattr(import_module(module), attribute)


def group_sums(values: np.ndarray, index: np.ndarray, size: int) -> np.ndarray:
    """Sum the columns of values (n, m) that share an index (m,) -> (n, size)."""
    summed = np.zeros((len(values), size))
    for column, place in enumerate(index):
        summed[:, place] += values[:, column]
    return summed


def held_out_groups(groups: np.ndarray, share: float, random_state: int) -> np.ndarray:
    """(n,) bool: the rows of a random `share` of the customers."""
    names = np.unique(groups)
    generator = np.random.default_rng(random_state)
    chosen = generator.choice(names, max(1, int(len(names) * share)), replace=False)
    return np.isin(groups, chosen)


def customer_folds(groups: np.ndarray, folds: int, random_state: int) -> list[np.ndarray]:
    """`folds` masks (n,) bool that part the customers, and with them the rows, at random."""
    names, place = np.unique(groups, return_inverse=True)
    part = np.random.default_rng(random_state).permutation(len(names)) % folds
    return [part[place] == number for number in range(folds)]
