"""Whether more customers would help: the champion's learner on parts of the training data, on the rows judged on.

Nothing is chosen by it. It says what a company can expect of more data, and whether a sample was large enough.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from insights.ml.evaluation import Candidate, paired_gain
from insights.ml.learners.fitting import fit_calibrated, log_losses
from insights.ml.snapshots import Snapshot

SHARES = (1 / 8, 1 / 4, 1 / 2)
# With fewer nothing would be learnt at all (see churn).
LEAST_CUSTOMERS, LEAST_OF_EACH = 100, 20
SEED = 42
# Within so many standard errors lies a mean with 95 % certainty.
NORMAL = 1.96
# Of the loss: a gain that people would notice.
NOTICED = 0.01


def learning_curve(
    candidate: Candidate, train: Snapshot, test: Snapshot, whole: np.ndarray
) -> dict[str, Any]:
    """Log loss on `test` with an eighth, a quarter, half and all of the customers of `train`.

    whole (n,): what the candidate, fitted to all of `train`, has said of `test`. Parts are drawn by customer and each
    holds the smaller ones; those with too little to learn from are left out. `points`: customers, log_loss,
    interval; `gain`: how much less the loss is with all than with half, with its interval (pairs of the same rows),
    and what that means for `more` customers (helps, flat, unsure; too_few without a half to compare with).
    """
    losses = {}
    for chosen in drawn_parts(train.groups):
        part = train.rows(np.isin(train.groups, chosen))
        if _enough(part):
            said = fit_calibrated(candidate.build, part).chance(test.frame)
            losses[len(chosen)] = log_losses(test.y, said)
    if not losses:
        return too_few(candidate.name, len(np.unique(train.groups)))
    losses[len(np.unique(train.groups))] = log_losses(test.y, whole)
    return told(candidate.name, "log_loss", losses)


def drawn_parts(customers: np.ndarray) -> Iterator[np.ndarray]:
    """An eighth, a quarter and half of the customers, each holding those before."""
    shuffled = np.random.default_rng(SEED).permutation(np.unique(customers))
    for share in SHARES:
        yield shuffled[: int(share * len(shuffled))]


def told(
    learner: str,
    metric: str,
    measured: dict[int, np.ndarray],
    noticed: float = NOTICED,
    higher_is_better: bool = False,
) -> dict[str, Any]:
    """measured: of the same rows, by the number of customers learnt from, the largest last.

    noticed: of the measure, a gain that people would notice.
    """
    half, full = list(measured.values())[-2:]
    mean, error = paired_gain(full, half) if higher_is_better else paired_gain(half, full)
    low, high = mean - NORMAL * error, mean + NORMAL * error
    return {
        "learner": learner,
        "points": [_point(customers, metric, values) for customers, values in measured.items()],
        "gain": {metric: mean, "interval": [low, high]},
        "more": _meaning(mean, low, high, noticed * float(full.mean())),
    }


def too_few(learner: str, customers: int) -> dict[str, Any]:
    """Of half of them nothing could be learnt, and so there is nothing to compare with."""
    return {"learner": learner, "points": [], "customers": customers, "more": "too_few"}


def _enough(part: Snapshot) -> bool:
    few = min(part.customers(0), part.customers(1))
    return len(np.unique(part.groups)) >= LEAST_CUSTOMERS and few >= LEAST_OF_EACH


def _point(customers: int, metric: str, values: np.ndarray) -> dict[str, Any]:
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
    interval = [mean - NORMAL * error, mean + NORMAL * error]
    return {"customers": customers, metric: mean, "interval": interval}


def _meaning(gain: float, low: float, high: float, noticed: float) -> str:
    if low > 0 and gain >= noticed:
        return "helps"
    return "flat" if high < 2 * noticed else "unsure"
