"""A monotone correction of a learner's log-odds, fitted on customers the learner had not seen."""

from typing import Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit

STEEPEST = 5.0
FLATTEST = 0.05


class Platt:
    """p = expit(slope·z + offset) with slope > 0 (Platt 1999): never reorders customers.

    Platt's smoothed targets and the bounds on the slope keep it sane on small samples.
    """

    def __init__(self, slope: float = 1.0, offset: float = 0.0):
        self.slope = slope
        self.offset = offset

    @classmethod
    def fit(cls, z: np.ndarray, y: np.ndarray) -> Self:
        """z (n,) log-odds, y (n,) in {0, 1}; the learner must not have been trained on these rows."""
        positives, negatives = y.sum(), len(y) - y.sum()
        target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))

        def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
            line = theta[0] * z + theta[1]
            value = -np.mean(target * log_expit(line) + (1 - target) * log_expit(-line))
            residual = expit(line) - target
            return value, np.array([np.mean(residual * z), np.mean(residual)])

        bounds = [(FLATTEST, STEEPEST), (None, None)]
        best = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
        return cls(float(best.x[0]), float(best.x[1]))

    def line(self, z: np.ndarray) -> np.ndarray:
        """The corrected log-odds."""
        return self.slope * np.asarray(z, float) + self.offset

    def __call__(self, z: np.ndarray) -> np.ndarray:
        return expit(self.line(z))
