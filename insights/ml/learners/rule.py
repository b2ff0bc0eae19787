"""The plain rule: sort customers by one thing that anybody would look at."""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import logit

from insights.ml.encoding import Columns

BINS = 20
# Each group starts with this many customers at the overall rate, so that a handful cannot shout.
PRIOR = 20.0


class SingleColumnRule:
    """The rate seen in each twentieth (or level) of one column; of several columns, the most telling.

    Only ever a yardstick: it is never served, so it has no state to save.
    """

    name = "rule"

    def __init__(self, allowed: tuple[str, ...] | None = None):
        self.allowed = allowed

    def fit(self, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self:
        self.columns_ = Columns.learn(frame, self.allowed)
        matrix = self.columns_.matrix(frame)
        self.rate_ = float((y.sum() + 0.5) / (len(y) + 1))
        best_loss = np.inf
        self.column_, self.cuts_, self.table_ = None, np.array([]), np.array([self.rate_])
        for index, name in enumerate(self.columns_.names):
            cuts = self._cuts(name, matrix[:, index])
            table = self._table(self._bins(matrix[:, index], cuts), y, len(cuts) + 2)
            p = table[self._bins(matrix[:, index], cuts)]
            loss = -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))
            if loss < best_loss:
                best_loss, self.column_, self.cuts_, self.table_ = loss, index, cuts, table
        return self

    def _cuts(self, name: str, values: np.ndarray) -> np.ndarray:
        if name in self.columns_.levels:
            return np.arange(len(self.columns_.levels[name])) + 0.5
        known = values[~np.isnan(values)]
        return np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else known

    @staticmethod
    def _bins(values: np.ndarray, cuts: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(values), 0, np.searchsorted(cuts, values, side="right") + 1)

    def _table(self, bins: np.ndarray, y: np.ndarray, size: int) -> np.ndarray:
        counts = np.bincount(bins, minlength=size)
        hits = np.bincount(bins, weights=y, minlength=size)
        return (hits + PRIOR * self.rate_) / (counts + PRIOR)

    def raw(self, frame: pd.DataFrame) -> np.ndarray:
        if self.column_ is None:
            return np.full(len(frame), logit(self.rate_))
        values = self.columns_.matrix(frame)[:, self.column_]
        return logit(self.table_[self._bins(values, self.cuts_)])

    def logit(self, raw: np.ndarray) -> np.ndarray:
        return raw
