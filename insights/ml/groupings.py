"""Three ways to put customers into groups, and how much a grouping tells about what they do next."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import pandas as pd

from insights.ml.axes import Axes
from insights.ml.clusters import fit_clusters
from insights.ml.evaluation import Candidate, Judged, areas, bootstrap_intervals
from insights.ml.segments_rfm import SEGMENTS, Rfm
from insights.ml.tables import Tables

# Share of the differences in next-window spend (on a log scale) that the segments account for.
GRADES = (("A", 0.2), ("B", 0.1), ("C", 0.0))


@dataclass(frozen=True)
class Window:
    """Feature rows of buyers as of a moment; spent (n,): what each spent in the window after it."""

    as_of: datetime
    frame: pd.DataFrame
    spent: np.ndarray


class Grouping(Protocol):
    """A way to put customers into groups: learnt from feature rows, then applied to others."""

    def fit(self, frame: pd.DataFrame) -> "Grouping | None": ...

    def groups(self, frame: pd.DataFrame) -> np.ndarray: ...


class RfmNames:
    """The plain rule: the eight names."""

    def fit(self, frame: pd.DataFrame) -> "RfmNames":
        self.rfm_ = Rfm.fit(frame)
        return self

    def groups(self, frame: pd.DataFrame) -> np.ndarray:
        names = self.rfm_.assign(frame)["segment"]
        return names.map({name: i for i, name in enumerate(SEGMENTS)}).to_numpy()


class BehaviourGroups:
    """k-means on standardised behaviour; None when customers differ in too little to be grouped.

    ``rather``: the number of groups that people know, kept while no other is clearly better.
    """

    def __init__(self, rather: int | None = None, random_state: int = 42):
        self.rather = rather
        self.random_state = random_state

    def fit(self, frame: pd.DataFrame) -> "BehaviourGroups | None":
        clusters = fit_clusters(frame, random_state=self.random_state, rather=self.rather)
        if clusters is None:
            return None
        self.clusters_ = clusters
        return self

    def groups(self, frame: pd.DataFrame) -> np.ndarray:
        return self.clusters_.assign(frame)


class StoryGroups(BehaviourGroups):
    """k-means on where a network places customers by their whole stories (see insights.ml.axes), which it is told
    first."""

    tables: Tables
    horizon_days: int

    def reads(self, tables: Tables, horizon_days: int) -> None:
        self.tables, self.horizon_days = tables, horizon_days

    def fit(self, frame: pd.DataFrame) -> "StoryGroups | None":
        axes = Axes.learn(frame, self.tables, self.horizon_days)
        clusters = fit_clusters(
            axes.placed(frame, self.tables), None, self.random_state, self.rather, axes
        )
        if clusters is None:
            return None
        self.clusters_ = clusters
        return self

    def groups(self, frame: pd.DataFrame) -> np.ndarray:
        return self.clusters_.assign(self.clusters_.placed(frame, self.tables))


def judge(candidate: Candidate, grouping: Grouping, earlier: Window, test: Window) -> Judged:
    started = time.perf_counter()
    before, after = grouping.groups(earlier.frame), grouping.groups(test.frame)
    money, bought = _log_money(earlier.spent), (earlier.spent > 0).astype(float)
    expected, chance = _expected(before, money, after), _expected(before, bought, after)
    real = _log_money(test.spent)
    plain = np.full(len(real), money.mean())
    arrays = (real, expected, plain, chance)
    return Judged(
        candidate.name,
        metrics=_tell(*arrays),
        interval=bootstrap_intervals(_tell, *arrays),
        losses=(real - expected) ** 2,
        glass_box=candidate.glass_box,
        baseline=candidate.baseline,
        seconds=time.perf_counter() - started,
        extra={"groups": len(np.unique(after))},
    )


def _log_money(spent: np.ndarray) -> np.ndarray:
    """log(1 + money): one giant order must not decide which grouping is better."""
    return np.log1p(np.maximum(spent, 0))


def _expected(before: np.ndarray, outcome: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Each group's mean outcome in the earlier window; everybody's where a group was empty then."""
    size = int(max(before.max(), after.max())) + 1
    count = np.bincount(before, minlength=size)
    total = np.bincount(before, weights=outcome, minlength=size)
    mean = np.where(count > 0, total / np.maximum(count, 1), outcome.mean())
    return mean[after]


def _tell(
    real: np.ndarray, expected: np.ndarray, plain: np.ndarray, chance: np.ndarray
) -> dict[str, float]:
    """spend_explained: the share of squared error that knowing the group takes away from one mean for all.

    purchase_auc: how well the group's share of buyers ranks who bought; NaN when all or none did.
    """
    bought = real > 0
    tells = bought.any() and not bought.all()
    explained = 1 - ((real - expected) ** 2).sum() / ((real - plain) ** 2).sum()
    return {
        "spend_explained": float(explained),
        "purchase_auc": areas(bought, chance)[0] if tells else float("nan"),
    }


def grade(rule: Judged) -> str:
    """D when the segments may well say nothing about the next window."""
    if rule.interval["spend_explained"][0] <= 0:
        return "D"
    return next(letter for letter, least in GRADES if rule.metrics["spend_explained"] >= least)
