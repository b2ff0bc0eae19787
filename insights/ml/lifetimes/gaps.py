"""When the next purchase will come: gaps between purchases, a customer's few shrunk to everybody's."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtr, ndtri

from insights.ml.lifetimes.histories import Histories, PurchaseDays

# A customer's own spread counts as much as everybody's after so many gaps.
SPREAD_GAPS = 4.0
LEAST_SPREAD = 0.1
FARTHEST = 3.0  # standard deviations


@dataclass(frozen=True)
class OwnGaps:
    """(n,) per customer: how many gaps, the mean of their logarithms and the sum of squares around it; the median."""

    count: np.ndarray
    mean: np.ndarray
    squares: np.ndarray
    median: np.ndarray

    @classmethod
    def of(cls, days: PurchaseDays, known: Histories) -> Self:
        """days: purchases of (at least) these customers up to the moment the histories are of."""
        same = days.customer_id[1:] == days.customer_id[:-1]
        gaps = (days.day[1:] - days.day[:-1])[same].astype(float)
        owner = days.customer_id[1:][same]
        place = np.minimum(np.searchsorted(known.customer_id, owner), max(len(known) - 1, 0))
        asked = known.customer_id[place] == owner if len(known) else np.zeros(0, bool)
        gaps, place = gaps[asked], place[asked]
        logs, size = np.log(gaps), len(known)
        count = np.bincount(place, minlength=size).astype(float)
        mean = np.bincount(place, logs, minlength=size) / np.maximum(count, 1)
        squares = np.bincount(place, (logs - mean[place]) ** 2, minlength=size)
        return cls(count, mean, squares, _medians(place, gaps, size))


@dataclass(frozen=True)
class GapModel:
    """Logarithms of gaps are normal around each customer's mean, and the means around everybody's.

    Empirical Bayes with closed forms (Efron and Morris 1973): `centre` and `between` are mean and variance of
    customers' means, `within` the variance around them.
    """

    centre: float
    between: float
    within: float

    @classmethod
    def fit(cls, own: OwnGaps) -> Self:
        some = own.count > 0
        if not some.any():
            return cls(float(np.log(90.0)), 1.0, 0.5)
        spare = np.maximum(own.count - 1, 0).sum()
        within = float(own.squares.sum() / spare) if spare > 0 else 0.5
        within = max(within, LEAST_SPREAD**2)
        count, mean = own.count[some], own.mean[some]
        weight = count / (count + 2)
        centre = float(np.average(mean, weights=weight))
        noise = float(np.average(within / count, weights=weight))
        between = max(float(np.average((mean - centre) ** 2, weights=weight)) - noise, 0.01)
        return cls(centre, between, within)

    def of(self, own: OwnGaps) -> tuple[np.ndarray, np.ndarray]:
        """(n,) mean and standard deviation of the logarithm of each customer's next gap."""
        shrunk = own.count / (own.count + self.within / self.between)
        mean = self.centre + shrunk * (own.mean - self.centre)
        spread = (own.squares + SPREAD_GAPS * self.within) / (
            np.maximum(own.count - 1, 0) + SPREAD_GAPS
        )
        unsure = self.between * (1 - shrunk)
        return mean, np.sqrt(np.maximum(spread + unsure, LEAST_SPREAD**2))

    def _after(self, own: OwnGaps, silence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same, for who has been silent: a silence far beyond all gaps says that the next one is unlike them."""
        mean, spread = self.of(own)
        return mean, np.maximum(spread, (np.log(np.maximum(silence, 0.5)) - mean) / FARTHEST)

    def within_days(
        self, own: OwnGaps, silence: np.ndarray, days: float | np.ndarray
    ) -> np.ndarray:
        """(n,) chance that who is still there buys within the next `days`, after so many days of silence."""
        mean, spread = self._after(own, silence)
        left = _left(mean, spread, silence)
        later = _left(mean, spread, silence + days)
        return np.clip(1 - later / left, 0.0, 1.0)

    def wait(self, own: OwnGaps, silence: np.ndarray, share: float | np.ndarray) -> np.ndarray:
        """(n,) days from now until this share of such customers who come again have come."""
        mean, spread = self._after(own, silence)
        left = _left(mean, spread, silence) * (1 - share)
        total = np.exp(mean - spread * ndtri(np.maximum(left, 1e-300)))
        return np.maximum(total - silence, 0.0)

    def place(self, own: OwnGaps, silence: np.ndarray, waited: np.ndarray) -> np.ndarray:
        """(n,) what share of such customers would have come until then: the inverse of `wait`."""
        return self.within_days(own, silence, waited)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def _left(mean: np.ndarray, spread: np.ndarray, silence: np.ndarray) -> np.ndarray:
    """Chance that a gap is longer than the silence so far."""
    return ndtr((mean - np.log(np.maximum(silence, 0.5))) / spread)


def _medians(place: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """(size,) median of the values at each place; NaN where there is none."""
    medians = np.full(size, np.nan)
    order = np.lexsort((values, place))
    place, values = place[order], values[order]
    places, starts, counts = np.unique(place, return_index=True, return_counts=True)
    low, high = values[starts + (counts - 1) // 2], values[starts + counts // 2]
    medians[places] = (low + high) / 2
    return medians
