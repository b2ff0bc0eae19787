"""Ranges around expected amounts, measured on what became of earlier expectations."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import logit

from insights.ml.calibration import Platt

COVERAGE = 0.8
TAIL = (1 - COVERAGE) / 2
# Customers who spent, per group of like expectation; each group has its own spread.
GROUP, MOST_GROUPS = 150, 20
# Chances to order at all need as many outcomes of each kind to be corrected one by one.
LEAST_OF_EACH = 20
# Between these shares of the outcomes a spread is interpolated.
STEPS = 100
LEAST_CHANCE = 0.01


@dataclass(frozen=True)
class Ranges:
    """Two parts: how likely a customer is to spend anything, and how what those who do spend lies about what was
    expected of them.

    buying: corrects the log-odds of spending anything. Per group of like expectation: its place (mean logarithm of
    the amount expected of who spends), how many spent, and the quantiles (groups, STEPS + 1) of the outcome as a
    share of that amount. Between groups they are interpolated.

    Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) of a whole distribution (Chernozhukov et al. 2021):
    a customer's range ends at the shares of outcomes that leave their own chance of nothing its place. Who spends
    nothing in fewer than one of ten cases has a range that begins above zero; with more it begins at zero, and ends
    where eight of ten lie below. It promises its share only where the next window is like the one it was learnt on;
    what lies between windows is the `drift` of their levels, which the range has to hold too.
    """

    buying: Platt
    places: np.ndarray
    sizes: np.ndarray
    quantiles: np.ndarray

    @classmethod
    def fit(
        cls, expected: np.ndarray, actual: np.ndarray, odds: np.ndarray, drift: float = 1.0
    ) -> Self:
        """All (n,): expectations made before, at the level that turned out right, what came, and the log-odds,
        said before, that anything would.

        drift: the factor by which the level of a whole window is usually missed; it is as likely to be missed
        upwards as downwards.
        """
        spent = actual > 0
        buying = _corrected(odds, spent)
        amount = _amount(expected, buying(odds))
        order = np.flatnonzero(spent)[np.argsort(amount[spent], kind="stable")]
        groups = np.array_split(order, int(np.clip(len(order) // GROUP, 1, MOST_GROUPS)))
        places = [float(np.log(amount[rows]).mean()) if len(rows) else 0.0 for rows in groups]
        spreads = [_spread(actual[rows] / amount[rows], drift) for rows in groups]
        sizes = np.array([len(rows) for rows in groups], float)
        return cls(buying, np.array(places), sizes, np.array(spreads))

    def around(self, expected: np.ndarray, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) low and high ends; what is expected lies between them."""
        chance = np.maximum(self.buying(odds), LEAST_CHANCE)
        amount, none = _amount(expected, chance), 1 - chance
        sure = none < TAIL
        below = (TAIL - none) / chance
        above = np.where(sure, 1 - TAIL - none, COVERAGE - none) / chance
        low = np.where(sure, self._share(amount, below, -1), 0.0) * amount
        high = np.where(above > 0, self._share(amount, above, 1), 0.0) * amount
        return np.minimum(low, expected), np.maximum(high, expected)

    def claimed(self, odds: np.ndarray) -> np.ndarray:
        """(n,) the share of outcomes that each range promises to hold: eight of ten, and more where nothing at all
        is likelier than that, since no range that holds nothing can be narrower."""
        return np.maximum(COVERAGE, 1 - self.buying(odds))

    def _share(self, amount: np.ndarray, level: np.ndarray, outwards: int) -> np.ndarray:
        """(n,) of the amount, the quantile at each customer's level. outwards: the next outcome is counted as one
        more than those that are known, which takes the low end (-1) down and the high end (1) up by its rank."""
        last = len(self.places) - 1
        after = np.clip(np.searchsorted(self.places, np.log(amount)), min(1, last), last)
        before = np.maximum(after - 1, 0)
        span = np.where(after > before, self.places[after] - self.places[before], 1.0)
        weight = np.clip((np.log(amount) - self.places[before]) / np.maximum(span, 1e-12), 0, 1)
        here, there = (self._quantile(group, level, outwards) for group in (before, after))
        return (1 - weight) * here + weight * there

    def _quantile(self, group: np.ndarray, level: np.ndarray, outwards: int) -> np.ndarray:
        n = np.maximum(self.sizes[group], 1.0)
        ranked = (level * (n + 1) - (outwards < 0)) / n
        place = np.clip(ranked, 0, 1) * STEPS
        step = np.minimum(place.astype(int), STEPS - 1)
        rest = place - step
        return (1 - rest) * self.quantiles[group, step] + rest * self.quantiles[group, step + 1]

    def state(self) -> dict[str, Any]:
        return {
            "slope": self.buying.slope,
            "offset": self.buying.offset,
            "places": self.places.tolist(),
            "sizes": self.sizes.tolist(),
            "quantiles": self.quantiles.tolist(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        arrays = (np.array(state[name], float) for name in ("places", "sizes", "quantiles"))
        return cls(Platt(state["slope"], state["offset"]), *arrays)


def coverage(low: np.ndarray, high: np.ndarray, actual: np.ndarray) -> float:
    """Share of outcomes inside their range, a cent's rounding aside."""
    return float(np.mean((actual >= low - 0.005) & (actual <= high + 0.005)))


def _corrected(odds: np.ndarray, spent: np.ndarray) -> Platt:
    """With few who did, or few who did not, everybody's chance is the share of all."""
    if min(spent.sum(), (~spent).sum()) >= LEAST_OF_EACH:
        return Platt.fit(odds, spent.astype(float))
    return Platt(0.0, float(logit((spent.sum() + 1) / (len(spent) + 2))))


def _amount(expected: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(n,) what is to be expected of who spends anything."""
    return np.maximum(expected, 1e-6) / np.maximum(chance, LEAST_CHANCE)


def _spread(ratio: np.ndarray, drift: float) -> np.ndarray:
    """(STEPS + 1,) quantiles of outcome over expectation.

    The level may be missed either way: half of the next outcomes are thought `drift` times as high, half as low.
    """
    if not len(ratio):
        return np.zeros(STEPS + 1)
    return np.quantile(np.concatenate([ratio * drift, ratio / drift]), np.linspace(0, 1, STEPS + 1))
