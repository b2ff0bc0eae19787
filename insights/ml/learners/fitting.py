"""A learner with its calibration, and what its twins said about customers they had not seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from insights.ml.calibration import Platt
from insights.ml.evaluation import NotEnoughData, paired_gain
from insights.ml.learners import customer_folds
from insights.ml.snapshots import Snapshot

# Two halves are enough to calibrate on large tables; small ones can afford to train on more.
FOLDS, FOLDS_LARGE, LARGE = 3, 2, 15_000
SEED = 42
# Fewer rows do not tell settings apart, more tell them apart no better.
LEAST_ROWS_TUNING, MOST_ROWS_TUNING = 3_000, 6_000
# So many customers of each outcome, and every twin meets both.
LEAST_OF_EACH = 30


@dataclass
class Fitted:
    """`unseen` (n,): calibrated log-odds of the training rows, each from a twin that had not seen its customer;
    `settings`: those of the learner's `choices` that did best there."""

    learner: Any
    calibration: Platt
    unseen: np.ndarray
    settings: dict[str, Any] = field(default_factory=dict)

    def chance(self, frame: pd.DataFrame) -> np.ndarray:
        return self.calibration(self.learner.logit(self.learner.raw(frame)))

    def log_odds(self, frame: pd.DataFrame) -> np.ndarray:
        return self.calibration.line(self.learner.logit(self.learner.raw(frame)))

    def losses(self, y: np.ndarray) -> np.ndarray:
        """(n,) log loss of each training row, unseen: what candidates are chosen by."""
        return log_losses(y, expit(self.unseen))


def log_losses(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.where(y == 1, np.log(clipped), np.log(1 - clipped))


def fit_calibrated(build: Callable[[], Any], snapshot: Snapshot) -> Fitted:
    """The learner on all rows, and the calibration that its twins earned on customers they had not seen.

    Cross-fitting by customer (every customer's outcome counts once) rather than one held-out part: the
    share who leave in one part strays by more than the calibration corrects. Raises NotEnoughData where all
    have the same outcome (one_outcome_only).
    """
    left = int(snapshot.y.sum())
    if left in (0, len(snapshot)):
        facts = {"needed": 1, "left": left, "stayed": len(snapshot) - left}
        raise NotEnoughData("one_outcome_only", facts)
    settings = tuned(build, snapshot)
    build = partial(build, **settings)
    z = _unseen(build, snapshot)
    learner = build().fit(snapshot.frame, snapshot.y, snapshot.groups)
    calibration = Platt.fit(z, snapshot.y)
    return Fitted(learner, calibration, calibration.line(z), settings)


def tuned(build: Callable[[], Any], snapshot: Snapshot) -> dict[str, Any]:
    """Which of the learner's `choices` its twins do best with, on customers they had not seen.

    The first of them stays unless another is better by more than one standard error of the difference: a handful of
    settings that do equally well would otherwise take turns. Tried on as many customers as tell them apart.
    """
    choices: tuple[dict[str, Any], ...] = getattr(build, "choices", ({},))
    if len(choices) < 2 or len(snapshot) < LEAST_ROWS_TUNING:
        return {}
    tried = _sampled(snapshot)
    if min(tried.customers(0), tried.customers(1)) < LEAST_OF_EACH:
        return choices[0]
    losses = []
    for settings in choices:
        z = _unseen(partial(build, **settings), tried)
        losses.append(log_losses(tried.y, Platt.fit(z, tried.y)(z)))
    best = int(np.argmin([loss.mean() for loss in losses]))
    gain, error = paired_gain(losses[0], losses[best])
    return choices[best] if gain > error else choices[0]


def _unseen(build: Callable[[], Any], snapshot: Snapshot) -> np.ndarray:
    """(n,) log-odds of each row from a twin that had not seen its customer."""
    z = np.zeros(len(snapshot))
    for unseen in folds_of(snapshot):
        seen = snapshot.rows(~unseen)
        twin = build().fit(seen.frame, seen.y, seen.groups)
        z[unseen] = twin.logit(twin.raw(snapshot.frame[unseen]))
    return z


def _sampled(snapshot: Snapshot) -> Snapshot:
    customers = np.unique(snapshot.groups)
    most = int(len(customers) * MOST_ROWS_TUNING / len(snapshot))
    if most >= len(customers):
        return snapshot
    drawn = np.random.default_rng(SEED).choice(customers, most, replace=False)
    return snapshot.rows(np.isin(snapshot.groups, drawn))


def folds_of(snapshot: Snapshot) -> list[np.ndarray]:
    return customer_folds(snapshot.groups, FOLDS_LARGE if len(snapshot) > LARGE else FOLDS, SEED)
