"""Maximum likelihood for models whose parameters are all positive."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

# Beyond these the data say nothing about a parameter any more: the fit has run away.
LOW, HIGH = np.log(1e-4), np.log(1e4)
EDGE = 0.5
# How strongly a fit that ran away is held to the middle of what is usual, in its second try.
HOLD = 0.05


@dataclass(frozen=True)
class Fit:
    """Parameters, log-likelihood, and whether the data alone could not settle them."""

    params: np.ndarray
    log_likelihood: float
    degenerate: bool


def maximise(
    log_likelihood: Callable[[np.ndarray], float], start: np.ndarray, weight: float
) -> Fit:
    """The most likely positive parameters (k,), searched in their logarithms.

    `weight`: how many customers the likelihood is a sum over. Where the search runs to the edge of what is
    sensible, it is done again with a mild pull towards `start`, and the fit is called degenerate.
    """
    free = _search(log_likelihood, start, weight, 0.0)
    runaway = (free <= LOW + EDGE) | (free >= HIGH - EDGE)
    if not runaway.any() and np.isfinite(log_likelihood(np.exp(free))):
        return Fit(np.exp(free), float(log_likelihood(np.exp(free))), False)
    held = _search(log_likelihood, start, weight, HOLD)
    return Fit(np.exp(held), float(log_likelihood(np.exp(held))), True)


def _search(
    log_likelihood: Callable[[np.ndarray], float], start: np.ndarray, weight: float, hold: float
) -> np.ndarray:
    centre = np.log(start)

    def loss(logs: np.ndarray) -> float:
        value = -log_likelihood(np.exp(logs)) / weight
        pull = hold * float(np.mean((logs - centre) ** 2))
        return value + pull if np.isfinite(value) else 1e6

    bounds = [(LOW, HIGH)] * len(start)
    rough, fine = {"maxiter": 100, "ftol": 1e-9}, {"maxiter": 25, "ftol": 1e-12}
    near = minimize(loss, centre, method="L-BFGS-B", bounds=bounds, options=rough)
    if ((near.x <= LOW + EDGE) | (near.x >= HIGH - EDGE)).any():
        return near.x
    # Forward differences stop a little short of the top; central ones go the rest of the way.
    best = minimize(loss, near.x, method="L-BFGS-B", jac="3-point", bounds=bounds, options=fine)
    return best.x


def counted(*columns: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The different rows of some columns, and how many customers share each."""
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return list(rows.T), counts.astype(float)
