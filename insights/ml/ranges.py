"""Ranges around expected amounts, measured on what became of earlier expectations."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

COVERAGE = 0.8
# Customers per group of like expectation; each group has its own spread.
GROUP, MOST_GROUPS = 150, 20
# With this few customers the range is as wide as ever it was.
LEAST = 10


@dataclass(frozen=True)
class Ranges:
    """Per group of like expectation: its place (mean logarithm), and the outcome's quantiles as shares of what
    was expected. Between groups they are interpolated.

    Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) within groups (Mondrian). It promises its share
    only where the next window is like the one it was learnt on; what lies between windows is the `drift` of their
    levels, which the range has to hold too. Where many spend nothing the range begins at zero and ends where eight
    of ten lie below.
    """

    places: np.ndarray
    lows: np.ndarray
    highs: np.ndarray

    @classmethod
    def fit(cls, expected: np.ndarray, actual: np.ndarray, drift: float = 1.0) -> Self:
        """Both (n,): expectations made before, at the level that turned out right, and what came.

        drift: the factor by which the level of a whole window is usually missed; it is as likely to be missed
        upwards as downwards.
        """
        mean = np.maximum(expected, 1e-6)
        order = np.argsort(mean, kind="stable")
        groups = np.array_split(order, int(np.clip(len(order) // GROUP, 1, MOST_GROUPS)))
        rows = [_spread(actual[rows] / mean[rows], drift) for rows in groups if len(rows)]
        places = [float(np.log(mean[rows]).mean()) for rows in groups if len(rows)]
        lows, highs = np.array(rows).T
        return cls(np.array(places), lows, highs)

    def around(self, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) low and high ends; what is expected lies between them."""
        mean = np.maximum(expected, 1e-6)
        place = np.log(mean)
        low = np.interp(place, self.places, self.lows) * mean
        high = np.interp(place, self.places, self.highs) * mean
        # Beside a group whose ranges begin at zero, so many spend nothing that zero has to be inside.
        after, last = np.searchsorted(self.places, place), len(self.places) - 1
        begins = np.minimum(self.lows[np.maximum(after - 1, 0)], self.lows[np.minimum(after, last)])
        low = np.where(begins > 0, low, 0.0)
        return np.minimum(low, expected), np.maximum(high, expected)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name).tolist() for name in self.__dataclass_fields__}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        return cls(*(np.array(state[name], float) for name in cls.__dataclass_fields__))


def coverage(low: np.ndarray, high: np.ndarray, actual: np.ndarray) -> float:
    """Share of outcomes inside their range, a cent's rounding aside."""
    return float(np.mean((actual >= low - 0.005) & (actual <= high + 0.005)))


def _spread(ratio: np.ndarray, drift: float) -> tuple[float, float]:
    """Low and high quantile of outcome over expectation, with the correction for few customers.

    The level may be missed either way: half of the next outcomes are thought `drift` times as high, half as low.
    """
    ordered = np.sort(np.concatenate([ratio * drift, ratio / drift]))
    n = len(ratio)
    none = float(np.mean(ratio <= 0))
    tail = (1 - COVERAGE) / 2
    below = max(0.0, tail - none * tail / (1 - COVERAGE))
    if n < LEAST:
        return float(0.0 if none > below else ordered[0]), float(ordered[-1])
    low = ordered[max(2 * int(np.floor(below * (n + 1))) - 2, 0)]
    if none > below:
        low, below = 0.0, 0.0
    high = ordered[min(2 * int(np.ceil((below + COVERAGE) * (n + 1))), 2 * n) - 1]
    return float(low), float(high)
