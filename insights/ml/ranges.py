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

    Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) within groups. Where many spend nothing the
    range begins at zero and ends where eight of ten lie below.
    """

    places: np.ndarray
    lows: np.ndarray
    highs: np.ndarray

    @classmethod
    def fit(cls, expected: np.ndarray, actual: np.ndarray) -> Self:
        """Both (n,): expectations made before, and what came."""
        mean = np.maximum(expected, 1e-6)
        order = np.argsort(mean, kind="stable")
        groups = np.array_split(order, int(np.clip(len(order) // GROUP, 1, MOST_GROUPS)))
        rows = [_spread(actual[rows] / mean[rows]) for rows in groups if len(rows)]
        places = [float(np.log(mean[rows]).mean()) for rows in groups if len(rows)]
        lows, highs = np.array(rows).T
        return cls(np.array(places), lows, highs)

    def around(self, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) low and high ends; what is expected lies between them."""
        mean = np.maximum(expected, 1e-6)
        place = np.log(mean)
        low = np.interp(place, self.places, self.lows) * mean
        high = np.interp(place, self.places, self.highs) * mean
        return np.minimum(low, expected), np.maximum(high, expected)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name).tolist() for name in self.__dataclass_fields__}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        return cls(*(np.array(state[name], float) for name in cls.__dataclass_fields__))


def coverage(low: np.ndarray, high: np.ndarray, actual: np.ndarray) -> float:
    """Share of outcomes inside their range, a cent's rounding aside."""
    return float(np.mean((actual >= low - 0.005) & (actual <= high + 0.005)))


def _spread(ratio: np.ndarray) -> tuple[float, float]:
    """Low and high quantile of outcome over expectation, with the correction for few customers."""
    ordered = np.sort(ratio)
    n = len(ordered)
    none = float(np.mean(ordered <= 0))
    tail = (1 - COVERAGE) / 2
    below = max(0.0, tail - none * tail / (1 - COVERAGE))
    low = ordered[max(int(np.floor(below * (n + 1))) - 1, 0)] if n >= LEAST else ordered[0]
    place = int(np.ceil((below + COVERAGE) * (n + 1))) - 1
    high = ordered[min(place, n - 1)] if n >= LEAST else ordered[-1]
    return float(0.0 if none > below else low), float(high)
