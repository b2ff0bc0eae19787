"""Do customers who speak of a topic leave more often than others like them? A comparison, not a proof of cause."""

from dataclasses import dataclass

import numpy as np

FEWEST = 20  # customers with the topic, for whom others alike are found
BANDS = 4


@dataclass(frozen=True)
class Effect:
    """Share who left among ``customers`` with the topic, and among others standardised to them; the difference with
    a 95 % interval. All 0 to 1."""

    customers: int
    share: float
    others: float
    difference: float
    low: float
    high: float


def effect(
    spoke: np.ndarray, left: np.ndarray, recency: np.ndarray, frequency: np.ndarray
) -> Effect | None:
    """Of one topic; each array has a row per customer.

    Direct standardisation: within bands of days since the last order and of the number of orders (quarters of all)
    the shares are compared, each band weighing as much as it holds customers with the topic. Bands without others
    tell nothing and are left out. The variance is that of binomial shares with Agresti's two more of each.
    """
    strata = bands(recency) * BANDS + bands(frequency)
    weight = share = others = variance = 0.0
    for stratum in np.unique(strata):
        inside = strata == stratum
        mine, theirs = inside & spoke, inside & ~spoke
        n, m = int(mine.sum()), int(theirs.sum())
        if not n or not m:
            continue
        p, q = float(left[mine].mean()), float(left[theirs].mean())
        weight, share, others = weight + n, share + n * p, others + n * q
        variance += n**2 * (_variance(p, n) + _variance(q, m))
    if weight < FEWEST:
        return None
    difference, error = (share - others) / weight, float(np.sqrt(variance)) / weight
    return Effect(
        int(weight), share / weight, others / weight, difference,
        difference - 1.96 * error, difference + 1.96 * error,
    )  # fmt: skip


def bands(values: np.ndarray) -> np.ndarray:
    edges = np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1]) if len(values) else []
    return np.searchsorted(edges, values, side="right")


def _variance(share: float, n: int) -> float:
    steadied = (share * n + 1) / (n + 2)
    return steadied * (1 - steadied) / n
