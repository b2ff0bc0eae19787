"""A learner with its calibration, and what its twins said about customers they had not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from insights.ml.calibration import Platt
from insights.ml.evaluation import NotEnoughData
from insights.ml.learners import customer_folds
from insights.ml.snapshots import Snapshot

# Two halves are enough to calibrate on large tables; small ones can afford to train on more.
FOLDS, FOLDS_LARGE, LARGE = 3, 2, 15_000
SEED = 42


@dataclass
class Fitted:
    """`unseen` (n,): calibrated log-odds of the training rows, each from a twin that had not seen its customer."""

    learner: Any
    calibration: Platt
    unseen: np.ndarray

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
    z = np.zeros(len(snapshot))
    for unseen in folds_of(snapshot):
        seen = snapshot.rows(~unseen)
        twin = build().fit(seen.frame, seen.y, seen.groups)
        z[unseen] = twin.logit(twin.raw(snapshot.frame[unseen]))
    learner = build().fit(snapshot.frame, snapshot.y, snapshot.groups)
    calibration = Platt.fit(z, snapshot.y)
    return Fitted(learner, calibration, calibration.line(z))


def folds_of(snapshot: Snapshot) -> list[np.ndarray]:
    return customer_folds(snapshot.groups, FOLDS_LARGE if len(snapshot) > LARGE else FOLDS, SEED)
